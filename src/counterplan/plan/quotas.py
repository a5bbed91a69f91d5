"""Quotas: what is refused of them, before any plan is made."""

from collections.abc import Sequence

import numpy as np

from counterplan.economy.economy import Economy
from counterplan.errors import InputError, did_you_mean
from counterplan.plan.families.quota import each_activity, items_of, label
from counterplan.plan.mandate import Quota
from counterplan.plan.periods import Periods

KNOWN_MOST = 20_000  # comparing a word with more codes than this takes seconds
VERBS = {"made": "make", "used": "use", "work": "employ"}


def check_quotas(economy: Economy, periods: Periods, quotas: Sequence[Quota]) -> None:
    """Refuse quotas that say nothing, contradict themselves, or speak of what is not there.

    Raises
    ------
    InputError
        The place is the mandate's key.
    """
    seen: set[str] = set()
    for number, one in enumerate(quotas):
        place = f"mandate.quotas.{number}"
        check_quota(economy, periods, one, place=place)
        refuse_twice(one, seen, place=place)


def refuse_twice(quota: Quota, seen: set[str], *, place: str) -> None:
    """Refuse a second quota of the same producer for the same thing and time; remember it."""
    if label(quota) in seen:
        raise InputError(
            f"'{quota.producer}' has a quota of {quota.line} {quota.item} at this time already",
            place=place,
            mend="write both limits into one, or give them other periods",
        )
    seen.add(label(quota))


def check_quota(economy: Economy, periods: Periods, quota: Quota, *, place: str) -> None:
    """Refuse one quota; see :func:`check_quotas`."""
    codes, items = economy.producers.codes, items_of(economy, quota)
    if quota.producer not in codes:
        near = did_you_mean(quota.producer, codes) if len(codes) <= KNOWN_MOST else ""
        some = f"producers are called {', '.join(codes[:3])} ..."
        raise InputError(f"there is no producer '{quota.producer}'", place=place, mend=near or some)
    if quota.item not in items:
        what = "skill" if quota.line == "work" else "product"
        near = did_you_mean(quota.item, items)
        raise InputError(
            f"there is no {what} '{quota.item}'",
            place=place,
            mend=near or f"known here: {', '.join(items[:8])}",
        )
    check_levels(quota, place=place)
    check_spell(periods, quota, place=place)
    if not each_activity(economy, [quota]).count_nonzero():
        named = [items[i] for i in used_items(economy, quota)]
        raise InputError(
            f"'{quota.producer}' has no technique that could {VERBS[quota.line]} '{quota.item}'",
            place=place,
            mend=f"it can {VERBS[quota.line]} {', '.join(named[:8]) or 'nothing'}",
        )


def used_items(economy: Economy, quota: Quota) -> list[int]:
    """Return what the producer's techniques make, use or employ."""
    techniques = economy.techniques
    own = np.equal(techniques.producer, economy.producers.codes.index(quota.producer))
    matrices = {"made": techniques.output, "used": techniques.use, "work": economy.labour.need}
    return [int(i) for i in np.flatnonzero(matrices[quota.line] @ own.astype(np.float64))]


def check_levels(quota: Quota, *, place: str) -> None:
    """Refuse a quota without a limit, and one whose least is above its most."""
    least, most = quota.least, quota.most
    if least is None and most is None:
        raise InputError("the quota has no limit", place=place, mend="give a least, a most or both")
    if least is not None and most is not None and least > most:
        raise InputError(
            f"the least, {least:g}, is above the most, {most:g}", place=place, mend="exchange them"
        )


def check_spell(periods: Periods, quota: Quota, *, place: str) -> None:
    """Refuse a quota that ends before it starts or lies outside the plan: every quota ends."""
    first, last = periods.first, periods.first + periods.count - 1
    covers = f"the plan covers {first} to {last}"
    if quota.start is not None and quota.end < quota.start:
        raise InputError(
            f"the quota ends in {quota.end}, before it starts in {quota.start}",
            place=place,
            mend="exchange the two",
        )
    if quota.end < first:
        raise InputError(
            f"the quota ended in {quota.end}, before the plan starts", place=place, mend=covers
        )
    if quota.end > last:
        raise InputError(
            f"the quota ends in {quota.end}, after the plan's last period; a quota binds no years "
            "after",
            place=place,
            mend=f"let it end in {last} or before: {covers}",
        )
    if quota.start is not None and quota.start < first:
        raise InputError(
            f"the quota starts in {quota.start}, before the plan", place=place, mend=covers
        )
