"""Cuts: what a plan gives up against another, ranked by money."""

from dataclasses import dataclass

import pandas as pd

from counterplan.report.frames import line, lowest, series, total
from counterplan.report.standing import Standing

NOTICED = 0.01  # a cut begins in the first period that is lower by this share
LEAST = 2e-4  # of all that is compared: smaller cuts are not listed


@dataclass(frozen=True)
class Cut:
    """One thing of which there is less.

    Attributes
    ----------
    kind
        "consumption", "investment" or "imports".
    code
        The product's, or the branch's.
    begins
        First period that is lower by at least 1%; '' when none is.
    first, total
        Money less in the first period and in all of them, at base prices; below zero.
    share
        The same as a share of what there is otherwise; below zero.
    worst, depth
        The period with the deepest relative cut, and the cut [share, below zero].
    """

    kind: str
    code: str
    begins: str
    first: float
    total: float
    share: float
    worst: str
    depth: float


def cuts_of(now: Standing, then: Standing) -> tuple[Cut, ...]:
    """Return the cuts of households' consumption, investment and imports, the largest first.

    Imports that are cut while home production takes their place are a cut here all the same:
    the kinds answer different questions and are not to be added up.
    """
    tables = {
        "consumption": (now.households(), then.households()),
        "investment": (now.investment, then.investment),
        "imports": (now.imports, then.imports),
    }
    found = [cut for kind, pair in tables.items() for cut in cuts_in(kind, *pair)]
    return tuple(sorted(found, key=lambda cut: cut.total))


def cuts_in(kind: str, now: pd.DataFrame, then: pd.DataFrame) -> list[Cut]:
    """Return the cuts of one kind: the rows whose total is lower by a notable amount."""
    less = now - then
    share = (less / then.where(then > 0)).fillna(0.0)
    least = LEAST * total(then)
    found = []
    for code in less.index:
        lost = sum(line(less, code))
        if lost >= -least:
            continue
        row = series(share, code)
        worst, depth = lowest(row)
        begun = [str(period) for period in row.index[row.to_numpy() <= -NOTICED]]
        found.append(
            Cut(
                kind=kind,
                code=str(code),
                begins=begun[0] if begun else "",
                first=line(less, code)[0],
                total=lost,
                share=lost / sum(line(then, code)) if sum(line(then, code)) > 0 else 0.0,
                worst=worst,
                depth=depth,
            )
        )
    return found
