r"""The difference that a new plan makes: who changes, by how much, and what becomes of consumption.

A producer changes where what it makes in a reported period moves by more than a hundredth of what
it made in the base period, on trend:

.. math:: m_s = \max_{t \le T} \frac{\sum_{j \in s} p_j\, |x'_{jt} - x_{jt}|}
          {\sum_{j \in s} p_j\, \bar x_j (1+g)^{t}}

p_j the base price of what a unit of activity makes. A producer that moves from one of its
techniques to another changes too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.dialogue.replanning.change import output_worth
from counterplan.economy.economy import Bools, Floats, Integers
from counterplan.plan.plan import Plan

CHANGED = 0.01  # of its base output: a producer that moves by more has changed


@dataclass(frozen=True)
class Difference:
    """What a new plan changes for producers.

    Attributes
    ----------
    touched
        [S] whose own rules the event changes.
    moved
        [S x T] share of its base output by which what each makes moves, up and down together.
    more
        [S x T] the same, what it makes more less what it makes less.
    """

    before: Plan
    plan: Plan
    touched: Bools
    moved: Floats
    more: Floats

    @property
    def most(self) -> Floats:
        """[S] m_s: in the period in which it moves most."""
        largest: Floats = self.moved.max(axis=1)
        return largest

    @property
    def period(self) -> Integers:
        """[S] that period."""
        return np.asarray(self.moved.argmax(axis=1), dtype=np.int64)

    @property
    def changed(self) -> Bools:
        """[S] who changes."""
        return self.most > CHANGED

    @property
    def others_share(self) -> float:
        """Share of the producers that the event does not touch whose assignment changes."""
        others = ~self.touched
        return float(self.changed[others].mean()) if others.any() else 0.0

    def counts(self, who: Bools) -> tuple[int, int]:
        """Return how many of some producers [S] change, and how many they are."""
        return int(self.changed[who].sum()), int(who.sum())

    def producers(self) -> pd.DataFrame:
        """Return one line for each producer, the largest change first."""
        producers, every = self.plan.economy.producers, np.arange(len(self.most))
        table = pd.DataFrame(
            {
                "producer": producers.codes,
                "branch": producers.branches,
                "region": producers.regions,
                "touched": self.touched,
                "changed": self.changed,
                "moved": self.most,
                "more": self.more[every, self.period],
                "period": [self.plan.years[t] for t in self.period],
            }
        )
        return table.sort_values("moved", ascending=False, kind="stable")

    def consumption(self) -> pd.DataFrame:
        """Return consumption by group in the reported periods [base-period money]."""
        before = self.before.consumption_value().sum(axis=1)
        after = self.plan.consumption_value().sum(axis=1)
        table = pd.DataFrame({"before": before, "after": after})
        table["change"] = (after / before.where(before > 0) - 1).fillna(0.0)
        return table.rename_axis("group").reset_index()


def difference_of(before: Plan, plan: Plan, *, touched: Bools) -> Difference:
    """Return what a plan changes against another of the same economy and periods.

    Parameters
    ----------
    touched
        [S] whose own rules the event changes.
    """
    outlook, owner = plan.outlook, plan.economy.techniques.producer
    price = outlook.activity_price[:, None]
    step = (price * (plan.quantity("activity") - before.quantity("activity")))[:, :-1]
    base = output_worth(plan.problem)[:, None] * outlook.trend[:-1]

    def against_base(values: Floats) -> Floats:
        total = np.zeros(base.shape)
        np.add.at(total, owner, values)
        share = np.divide(total, base, out=np.zeros_like(total), where=base > 0)
        share[(base <= 0) & (total != 0)] = 1.0  # what begins to produce
        return share

    return Difference(before, plan, touched, against_base(np.abs(step)), against_base(step))
