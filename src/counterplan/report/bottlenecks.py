"""Bottlenecks: what one more unit of capacity is worth, against what it costs to build."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

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
        over its price at base prices, against the basket's valuation.
    rent
        [e x T] rent of the period over the user cost.
    order
        Capital items, the highest worth in the periods that count first.
    weighty
        Those in branches that make at least one percent of the base period's output.
    """

    worth: pd.DataFrame
    rent: pd.DataFrame
    order: tuple[str, ...]
    weighty: tuple[str, ...]

    def counted(self) -> pd.DataFrame:
        """Return worth without the first period, where there is more than one.

        In the first period capacity and people are both given, and how value divides between
        them is not unique: another valuation proves the plan as well.
        """
        return self.worth.iloc[:, 1:] if self.worth.shape[1] > 1 else self.worth

    def peak(self, item: str) -> tuple[str, float]:
        """Return the period in which an item is worth most, and how much."""
        return highest(series(self.counted(), item))

    def tightest(self) -> str:
        """Return the weighty item that is worth most, or the first of all where none weighs."""
        return (self.weighty or self.order)[0]

    def mean_rent(self) -> pd.Series:
        """Return rent over user cost, averaged over the periods that count."""
        return self.rent[self.counted().columns].mean(axis=1)


def bottlenecks_of(plan: Plan) -> Bottlenecks:
    r"""Return the worth and rent of every capital item.

    .. math:: q_{et} = \frac{\omega_{et}}{\pi_t\, p^K_e}

    omega the valuation of capital accumulation, pi the basket's, p^K the price of a unit of
    capacity at base prices (after Tobin's q).
    """
    capital, outlook = plan.economy.capital, plan.outlook
    price = np.where(outlook.capital_price > 0, outlook.capital_price, np.nan)[:, None]
    worth = plan.worth("capital_accumulation") / plan.basket_valuation() / price
    table = plan.table(worth, capital.codes, name="capital").fillna(0.0)
    counted = table.iloc[:, 1:] if table.shape[1] > 1 else table
    order = largest_first(counted.max(axis=1))
    owner = dict(zip(capital.codes, plan.economy.branch_of_capital(), strict=True))
    weighs = weighty_branches(plan)
    return Bottlenecks(
        worth=table,
        rent=plan.rents(),
        order=tuple(order),
        weighty=tuple(item for item in order if owner[item] in weighs),
    )


def weighty_branches(plan: Plan) -> set[str]:
    """Return the branches that make at least one percent of the base period's output."""
    worth = plan.outlook.activity_price * plan.economy.techniques.activity
    made: dict[str, float] = {}
    for branch, value in zip(plan.economy.branch_of_technique(), worth, strict=True):
        made[branch] = made.get(branch, 0.0) + float(value)
    return {branch for branch, value in made.items() if value >= WEIGHTY * sum(made.values())}
