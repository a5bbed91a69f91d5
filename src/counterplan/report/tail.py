"""The tail: what the one period says that stands for all the years after the horizon."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.plan.plan import Plan
from counterplan.report.standing import Standing

FAR = 0.05  # further than this from the last planned period, a reader is warned
WATCHED = ("household consumption", "investment", "output", "imports", "exports")


@dataclass(frozen=True)
class Tail:
    """All the years after the horizon, as one.

    Attributes
    ----------
    share
        Its share of the plan's value to the mandate; nan where that is not above zero.
    drift
        Total -> its level in the tail over that in the last planned period, less 1; both
        against the trend.
    satisfaction
        Consumption of each group against its basket in the tail.
    """

    share: float
    drift: pd.Series
    satisfaction: pd.Series

    def far(self) -> pd.Series:
        """Return the totals that a reader must be warned of."""
        watched = self.drift[[name for name in WATCHED if name in self.drift.index]]
        return watched[watched.abs() > FAR]


def tail_of(plan: Plan, standing: Standing) -> Tail:
    """Return what the tail of a plan says; ``standing`` is what the plan holds."""
    level = standing.whole.div(plan.outlook.trend, axis=1)
    level = level.loc[(level > 0).all(axis=1)]
    return Tail(
        share=share_of_value(plan),
        drift=level.iloc[:, -1] / level.iloc[:, -2] - 1,
        satisfaction=satisfaction_after(plan),
    )


def share_of_value(plan: Plan) -> float:
    """Return the share of the plan's value to the mandate that is counted in the tail."""
    problem = plan.problem
    gained = problem.program.reward * plan.primal
    last = sum(float(problem.value(name, gained)[:, -1].sum()) for name in problem.columns)
    whole = float(gained.sum())
    return last / whole if whole > 0 else float("nan")


def satisfaction_after(plan: Plan) -> pd.Series:
    """Return the satisfaction of each group in the tail."""
    outlook = plan.outlook
    price = plan.economy.products.prices[outlook.basket_product]
    had, wanted = np.zeros(len(outlook.groups)), np.zeros(len(outlook.groups))
    np.add.at(had, outlook.basket_group, price * plan.basket()[:, -1])
    np.add.at(wanted, outlook.basket_group, price * outlook.baskets[:, -1])
    kept = wanted > 0
    names = [name for name, keep in zip(outlook.groups, kept, strict=True) if keep]
    return pd.Series(had[kept] / wanted[kept], index=names)
