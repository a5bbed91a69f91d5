"""Bottlenecks: what one more unit of capacity is worth, against what it costs to build."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from counterplan.economy.economy import Floats
from counterplan.plan.chain import Chain
from counterplan.plan.easing import building
from counterplan.plan.plan import Plan
from counterplan.report.frames import highest, largest_first, series

WEIGHTY = 0.01


@dataclass(frozen=True)
class Bottlenecks:
    """Capacities by what more of them would be worth.

    Attributes
    ----------
    worth
        [e x T] worth of one more unit of capacity, handed over in a period, from then on,
        over what building it in time costs at the plan's own valuations; nan where it would have
        had to begin before the plan, or costs nothing.
    rent
        [e x T] rent of the period over the user cost at base prices.
    order
        Capital items, the highest worth in the periods that count first; without those that no
        such period knows.
    weighty
        Those in branches that make at least one percent of the base period's output.
    """

    worth: pd.DataFrame
    rent: pd.DataFrame
    order: tuple[str, ...]
    weighty: tuple[str, ...]

    def counted(self) -> pd.DataFrame:
        """Return worth in the periods in which something opens that is begun in the plan.

        The first is none of them: an investment takes a period at least.
        """
        return self.worth.loc[:, self.worth.notna().any()]

    def peak(self, item: str) -> tuple[str, float]:
        """Return the period in which an item is worth most, and how much."""
        return highest(series(self.counted(), item))

    def tightest(self) -> str:
        """Return the weighty item that is worth most, or the first of all where none weighs."""
        return (self.weighty or self.order)[0]

    def mean_rent(self) -> pd.Series:
        """Return rent over user cost, averaged over the periods that count."""
        columns = self.counted().columns
        return (self.rent[columns] if len(columns) else self.rent).mean(axis=1)


def bottlenecks_of(plan: Plan) -> Bottlenecks:
    r"""Return the worth and rent of every capital item.

    .. math:: q_{et} = \frac{\omega_{et}}{\sum_r a_{rj}\, y_r}

    omega the valuation of capital accumulation; j the investment that opens in t, a what it
    takes of every row r and y the rows' valuations, without the cost of leaving the branch's
    pace of investment (after Tobin's q). Both are those of
    :func:`counterplan.plan.easing.building`, so that the page and ``explain`` agree.
    """
    capital = plan.economy.capital
    table = plan.table(worth_of_building(plan), capital.codes, name="capital")
    rent = plan.rents()
    found = Bottlenecks(worth=table, rent=rent, order=(), weighty=())
    peaks = found.counted().max(axis=1).dropna()
    owner = dict(zip(capital.codes, plan.economy.branch_of_capital(), strict=True))
    order, weighs = largest_first(peaks), weighty_branches(plan)
    weighty = tuple(item for item in order if owner[item] in weighs)
    return Bottlenecks(worth=table, rent=rent, order=tuple(order), weighty=weighty)


def worth_of_building(plan: Plan) -> Floats:
    """Return what a unit handed over in a period is worth, over what building it costs [e x T]."""
    program = plan.problem.program
    nothing = np.zeros_like(program.reward)
    # Only the ratio is asked for: money of the first period serves for every one.
    given = Chain(plan, 0, sp.csc_array(program.matrix), -plan.dual, nothing, nothing, {}, {})
    worth = np.full((len(plan.economy.capital), len(plan.years)), np.nan)
    for item, period in np.ndindex(*worth.shape):
        lasting, cost, _ = building(replace(given, period=period), item)
        if cost is not None and cost > 0:
            worth[item, period] = lasting / cost
    return worth


def weighty_branches(plan: Plan) -> set[str]:
    """Return the branches that make at least one percent of the base period's output."""
    worth = plan.outlook.activity_price * plan.economy.techniques.activity
    made: dict[str, float] = {}
    for branch, value in zip(plan.economy.branch_of_technique(), worth, strict=True):
        made[branch] = made.get(branch, 0.0) + float(value)
    return {branch for branch, value in made.items() if value >= WEIGHTY * sum(made.values())}
