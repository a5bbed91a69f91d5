"""Dates: when shocks, goals and amounts fall, against the periods of a plan.

What is dated where a plan shows nothing of it is refused, because it is most often a slip: a shock
that is over before the plan, or that begins after its last period. What reaches beyond the plan on
one side is used, and told of: the years after count with their discounted share.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from counterplan.economy.economy import Economy
from counterplan.errors import InputError
from counterplan.plan import shocks as given
from counterplan.plan.mandate import Mandate
from counterplan.plan.periods import Periods
from counterplan.plan.reach import reach_notes
from counterplan.plan.scenario import Scenario
from counterplan.plan.slips import slip_notes

NAMES_MOST = 3


def last_of(periods: Periods) -> int:
    """Return the last planned period."""
    return periods.first + periods.count - 1


def called(item: Any) -> str:  # noqa: ANN401
    """Return what a shock or goal is and of what, as it is named in a message."""
    names: list[str] = []
    for key in ("products", "branches", "producers", "skills"):
        names += getattr(item, key, ())
    names += [one for key in ("product", "emission") if (one := getattr(item, key, ""))]
    some = ", ".join(names[:NAMES_MOST]) + (" ..." if len(names) > NAMES_MOST else "")
    return f"{item.kind} of {some}" if some else str(item.kind)


def check_dates(periods: Periods, item: Any, *, place: str) -> None:  # noqa: ANN401
    """Refuse a shock or goal that ends before it starts, or of which the plan shows nothing.

    Raises
    ------
    InputError
        Naming it, its date, the plan's periods and what to do.
    """
    start, end = getattr(item, "start", None), getattr(item, "end", None)
    first, last = periods.first, last_of(periods)
    if start is not None and end is not None and end < start:
        raise InputError(
            f"{called(item)} ends in {end}, before it starts in {start}",
            place=place,
            mend="exchange the two",
        )
    if end is not None and end < first:
        raise InputError(
            f"{called(item)} ends in {end}, before the plan starts in {first} (it covers {first} "
            f"to {last})",
            place=place,
            mend="move its dates into the plan or take it out",
        )
    if start is not None and start > last:
        raise InputError(
            f"{called(item)} starts in {start}, after the plan ends (it covers {first} to {last})",
            place=place,
            mend=f"correct the date, plan {start - first + 1} periods or more, or take it out",
        )


def check_periods(periods: Periods, scenario: Scenario) -> None:
    """Refuse amounts and hours dated where they would change nothing, or nothing that is shown.

    Raises
    ------
    InputError
        Naming what they are, the period, the plan's periods and what to do.
    """
    first, last = periods.first, last_of(periods)
    for period in scenario.mandate.labour.hours:
        if not first <= period <= last:
            raise outside(period, periods, what="hours", place="mandate.labour.hours")
    for what, place, amounts in dated_amounts(scenario):
        for period in amounts:
            if period < first:
                raise outside(period, periods, what=what, place=place)
        if amounts and min(amounts) > last:
            raise outside(min(amounts), periods, what=what, place=place)


def dated_amounts(scenario: Scenario) -> Iterator[tuple[str, str, Mapping[int, float]]]:
    """Yield what is given by period in foreign currency: what it is, its place, the amounts."""
    yield "credit", "mandate.foreign.credit", scenario.mandate.foreign.credit
    for number, shock in enumerate(scenario.shocks):
        if isinstance(shock, given.DebtShock):
            yield shock.kind, f"shocks.{number}.amounts", shock.amounts


def outside(period: int, periods: Periods, *, what: str, place: str) -> InputError:
    """Return the error about an amount outside the plan."""
    first, last = periods.first, last_of(periods)
    return InputError(
        f"{what} of period {period} is outside the plan",
        place=place,
        mend=f"the plan covers {first} to {last}",
    )


def date_notes(economy: Economy, scenario: Scenario) -> tuple[str, ...]:
    """Return what a reader should know: dates beyond the plan, shocks on a part, likely slips."""
    first = scenario.horizon.first
    last = first + scenario.horizon.periods - 1
    return (
        *early_notes(scenario.mandate, scenario.shocks, first=first),
        *late_notes(scenario, last=last),
        *project_notes(economy, periods=scenario.horizon.periods),
        *reach_notes(economy, scenario),
        *slip_notes(economy, scenario),
    )


def early_notes(mandate: Mandate, shocks: Iterable[given.Shock], *, first: int) -> Iterator[str]:
    """Yield the shocks and goals that start before the plan does."""
    for item in (*mandate.goals, *shocks):
        start = getattr(item, "start", None)
        if start is not None and start < first:
            yield (
                f"{called(item)} starts in {start}: the plan sees it from {first}, its first period"
            )


def late_notes(scenario: Scenario, *, last: int) -> Iterator[str]:
    """Yield the amounts that fall due after the plan."""
    for what, _, amounts in dated_amounts(scenario):
        late = sorted(period for period in amounts if period > last)
        if late:
            yield (
                f"{what} of {', '.join(map(str, late[:NAMES_MOST]))} is after the plan's last "
                f"period {last}: it counts in the years after, discounted, and no table shows it"
            )


def project_notes(economy: Economy, *, periods: int) -> Iterator[str]:
    """Yield the projects that open after the plan, whenever they are begun."""
    projects = economy.projects
    for code, lag in zip(projects.codes, projects.lag, strict=True):
        if lag >= periods:
            yield (
                f"project '{code}' opens {lag} periods after it is begun, and {periods} are "
                "planned: it opens in the years after, if at all"
            )
