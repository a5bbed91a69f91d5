"""Idle: how much of which capacity is there and not used."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.economy.economy import Floats
from counterplan.plan.plan import Plan
from counterplan.report.frames import entry, highest, largest_first, series

NAMED = 0.01  # capacity of which less stands idle is not named


@dataclass(frozen=True)
class Idle:
    """Capacity that stands idle; columns are the planned periods and the tail.

    Attributes
    ----------
    share
        [e x P] of the usable capacity.
    worth
        [e x P] at base prices of a unit of capacity [base-period money].
    whole
        [P] the same of all capacity that can be used.
    """

    share: pd.DataFrame
    worth: pd.DataFrame
    whole: pd.Series

    def named(self) -> list[str]:
        """Return the items of which a notable part is idle in some period, the dearest first."""
        peaks = self.worth.max(axis=1)
        items = self.share.index[self.share.max(axis=1) >= NAMED]
        return [item for item in largest_first(peaks) if item in items]

    def total(self) -> pd.Series:
        """Return the worth of all that is idle by period."""
        return self.worth.sum()

    def share_of_all(self) -> pd.Series:
        """Return the idle share of all usable capacity by period, at base prices."""
        return (self.total() / self.whole.where(self.whole > 0)).fillna(0.0)

    def peak(self) -> tuple[str, float]:
        """Return the planned period in which most is idle, and its share of all capacity."""
        return highest(self.share_of_all().iloc[:-1])

    def main(self, period: str) -> tuple[str, float]:
        """Return the item whose idle part is worth most in a period, and the share of it."""
        item, _ = highest(self.worth[period])
        return item, entry(series(self.share, item), period)


def idle_of(plan: Plan) -> Idle:
    r"""Return the capacity that stands idle.

    .. math:: 1 - \frac{\sum_j \kappa_{ej}\, x_{jt}}{a_{et}\, K_{et}}

    kappa capacity needed per unit of activity x, a the usable share of capacity K.
    """
    capital = plan.economy.capital
    used = np.asarray(capital.need @ plan.quantity("activity"))
    usable = plan.quantity("capacity") * plan.outlook.usable
    ran = np.divide(used, usable, out=np.ones_like(usable), where=usable > 0)
    share = np.clip(1 - ran, 0.0, 1.0)
    price = plan.outlook.capital_price[:, None]

    def table(values: Floats) -> pd.DataFrame:
        columns = list(plan.outlook.periods.labels)
        return pd.DataFrame(values, index=pd.Index(capital.codes, name="capital"), columns=columns)

    return Idle(
        share=table(share),
        worth=table(price * usable * share),
        whole=table(price * usable).sum(),
    )
