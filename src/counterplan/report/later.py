"""Later: products and branches whose years after the horizon stand far from the last planned one.

Totals may stay level there while single products move far: what it costs to leave a habit of
trade is counted in steps that widen with the years, so that habits bind least in the tail.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.plan.plan import Plan
from counterplan.report.frames import cell, entry
from counterplan.report.standing import LATER, Standing

FAR = 0.25  # further than this from the last planned period, against the trend
LEAST = 0.001  # of the total of its kind, in the last period or after: less is not spoken of


@dataclass(frozen=True)
class Later:
    """One product or branch whose tail is far from the last planned period.

    Attributes
    ----------
    kind
        "output", "investment", "exports" or "imports".
    drift
        Its level in the tail over that in the last planned period, less 1; both against the
        trend.
    moved
        The same in base-period money, at the trend of the last planned period.
    last, after
        Its level against what the plan is measured by, less 1, in both; nan where that has none.
    """

    kind: str
    code: str
    drift: float
    moved: float
    last: float
    after: float


def later_of(plan: Plan, now: Standing, then: Standing) -> tuple[Later, ...]:
    """Return what stands far off in the tail, the largest in money first."""
    year, trend = plan.years[-1], plan.outlook.trend
    growth = float(trend[-1] / trend[-2])
    found = []
    for kind in LATER:
        table, its = getattr(now, kind), getattr(then, kind)
        whole = float(table[year].sum())
        for code in map(str, table.index):
            last, after = cell(table, code, year), entry(now.later[kind], code) / growth
            if max(last, after) < LEAST * whole or last <= 0 or abs(after / last - 1) <= FAR:
                continue
            found.append(
                Later(
                    kind=kind,
                    code=code,
                    drift=after / last - 1,
                    moved=after - last,
                    last=beside(last, cell(its, code, year)),
                    after=beside(after * growth, entry(then.later[kind], code)),
                )
            )
    return tuple(sorted(found, key=lambda one: -abs(one.moved)))


def beside(mine: float, its: float) -> float:
    """Return how far one amount is from another, less 1."""
    return mine / its - 1 if its > 0 else float(np.nan)
