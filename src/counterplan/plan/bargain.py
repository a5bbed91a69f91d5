r"""The bargain: a frontier in plain words: what a goal takes from all that the mandate values.

What people get in the planned periods may even rise with a costly goal, when less is invested and
the years after pay. So the value lost to the mandate comes first, and the other measure is said
for the planned periods and with the years after. Between two neighbouring points k - 1 and k, one
unit of y costs

.. math:: \frac{x_k - x_{k-1}}{y_k - y_{k-1}}

units of x. What one unit more costs of all that the mandate values is the dual of the row that sets
the level, which counts every period of the plan; said in the money of one period it is divided by
the discounts of the periods that the measure is a mean of. The value is concave, so the next step
takes at least that.
"""

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from counterplan.plan.measures import Measure
from counterplan.plan.wording import figure

if TYPE_CHECKING:
    from counterplan.plan.frontier import Frontier, Point

INVESTED = 1e-4  # of all investment: a fall below this explains nothing
PAID = "all that the mandate values together falls, as is said above"
ALIKE = 1e-9  # relative: two levels this close are one


def bargain_lines(found: "Frontier") -> list[str]:
    """Return the lines of a frontier."""
    x, y, first = found.x, found.y, found.points[0]
    wanted = "more" if y.sense > 0 else "less"
    most = "most" if y.sense > 0 else "least"
    lines = [
        f"What {wanted} {spoken(y)} takes from the mandate, and what becomes of {spoken(x)}. "
        f"{mean_words(x, y)}".rstrip(),
        f"The mandate's best plan gives {here(y, first.y)} and {here(x, first.x)}"
        f"{lasting_words(x, first)}.",
        f"The {most} that any plan gives is {y.amount(found.extreme)}.",
    ]
    for before, point in pairwise(found.points):
        lines.append(f"- {point_words(found, before, point)}")
    return [*lines, whole_words(found), *gain_lines(found), value_words()]


def lasting_words(measure: Measure, point: "Point") -> str:
    """Say a measure with the years after."""
    return (
        "" if point.lasting is None else f" ({measure.amount(point.lasting)} with the years after)"
    )


def spoken(measure: Measure) -> str:
    """Return what a measure is, with its period."""
    return measure.thing if measure.period is None else f"{measure.thing} in {measure.period}"


def here(measure: Measure, value: float) -> str:
    """Return a measure and its value in words."""
    return f"{measure.thing} of {measure.amount(value)}"


def mean_words(x: Measure, y: Measure) -> str:
    """Say what is a mean of all periods."""
    means = [one.thing for one in (y, x) if one.period is None]
    if not means:
        return ""
    verb = "are means" if len(means) == 2 else "is a mean"
    said = " and ".join(means)
    return (
        f"{said[0].upper()}{said[1:]} {verb} of the planned periods, in which later ones count "
        "less."
    )


def point_words(found: "Frontier", before: "Point", point: "Point") -> str:
    """Say one point: the goal, the value lost, the other measure, and what each step takes."""
    x, y, first = found.x, found.y, found.points[0]
    verdict = "certified" if point.plan.certificate.holds else "NOT certified"
    after = ""
    if point.lasting is not None and first.lasting is not None:
        after = f" (with the years after{against(x, point.lasting, first.lasting)})"
    return (
        f"{here(y, point.y)}{against(y, point.y, first.y)}: the mandate loses "
        f"{loss_words(found, point)}; {here(x, point.x)}{against(x, point.x, first.x)}{after}. "
        f"{step_words(found, before, point)}{dual_words(found, point)}; {verdict}."
    )


def lost(found: "Frontier", point: "Point") -> float:
    """Return the value lost against the first point, as a share of observed consumption.

    That of all periods, the years after included, counted as the mandate does.
    """
    first = found.points[0]
    outlook = first.plan.outlook
    counted = outlook.trend * outlook.periods.weights
    every = first.plan.problem.base_consumption * counted.sum() / counted[:-1].sum()
    return float((first.value - point.value) / every)


def loss_words(found: "Frontier", point: "Point") -> str:
    """Say the value lost in percent of observed consumption."""
    share = 100 * lost(found, point)
    return f"{figure(share, digits=2) if share > 100 * ALIKE else 0}% of observed consumption"


def against(measure: Measure, value: float, start: float) -> str:
    """Say how far a value is from that of the mandate's own best plan."""
    moved = value - start
    if is_still(value, start):
        return ", as before"
    if measure.share or start == 0:
        return f", {measure.step(abs(moved))} {side(moved)}"
    return f", {figure(100 * abs(moved / start), digits=2)}% {side(moved)}"


def is_still(value: float, start: float) -> bool:
    """Return whether a measure did not move."""
    return abs(value - start) <= ALIKE * max(abs(start), ALIKE)


def side(moved: float) -> str:
    """Return more or less."""
    return "more" if moved > 0 else "less"


def step_of(found: "Frontier") -> float:
    """Return the round amount of y, near the distance of two points, that steps are said for."""
    moved = abs(found.points[-1].y - found.points[0].y) / (len(found.points) - 1)
    size = moved * (100 if found.y.share else 1)
    step = 10.0 ** math.floor(math.log10(size)) if size > 0 else 1.0
    return step / (100 if found.y.share else 1)


def went(one: "Point", other: "Point", step: float) -> float:
    """Return by how much x moved for each step of y, whichever way y moved; 0 where it did not."""
    moved = abs(other.y - one.y)
    return 0.0 if is_still(other.y, one.y) else (other.x - one.x) / moved * step


def step_words(found: "Frontier", one: "Point", other: "Point") -> str:
    """Say what a step of y took from the mandate, and went with in x, between two points."""
    x, y, step = found.x, found.y, step_of(found)
    moved = abs(other.y - one.y)
    steps = 0.0 if is_still(other.y, one.y) else step / moved
    took = max(one.value - other.value, 0.0) * steps / y.yardstick(one.plan.outlook.periods)
    with_it = went(one, other, step)
    return (
        f"Since the line before, each {y.step(step)} {side(other.y - one.y)} took {figure(took)} "
        f"{money_words(found)} from all that the mandate values, and went with "
        f"{x.step(abs(with_it))} {side(with_it)} of {x.thing}{planned_words(x)}"
    )


def planned_words(x: Measure) -> str:
    """Say that a mean is one of the planned periods."""
    return "" if x.period is not None else " in the planned periods"


def money_words(found: "Frontier") -> str:
    """Return in what the value that y takes is said: the money of its period or of each."""
    economy, y = found.points[0].plan.economy, found.y
    when = f"a {economy.period}" if y.period is None else f"in {y.period}"
    return f"{economy.currency} {when}"


def dual_words(found: "Frontier", point: "Point") -> str:
    """Say what the next step of y takes from all that the mandate values."""
    y, plan, step = found.y, point.plan, step_of(found)
    takes = abs(point.slope) * step / y.yardstick(plan.outlook.periods)
    return (
        f"; {y.step(step)} {side(y.sense)} still would take at least {figure(takes)} "
        f"{money_words(found)}"
    )


def whole_words(found: "Frontier") -> str:
    """Say what the whole frontier takes, and how what it went with rises."""
    x, y, step = found.x, found.y, step_of(found)
    first, second, *_ = found.points
    before, last = found.points[-2:]
    pairs = ((first, last), (first, second), (before, last))
    said = [f"{x.step(abs(one))} {side(one)}" for one in (went(*pair, step=step) for pair in pairs)]
    after = ""
    if first.lasting is not None and last.lasting is not None:
        later = last.lasting - first.lasting
        after = f"; with the years after, {x.step(abs(later))} {side(later)}"
    moved, gone = last.y - first.y, last.x - first.x
    return (
        f"In all, {y.step(abs(moved))} {side(moved)} of {y.thing} took "
        f"{loss_words(found, last)} from the mandate{split_words(found)} and went with "
        f"{x.step(abs(gone))} {side(gone)} of {x.thing}{planned_words(x)}: for each "
        f"{y.step(step)}, {said[0]} on average, {said[1]} at first and {said[2]} at last{after}."
    )


def gain_lines(found: "Frontier") -> list[str]:
    """Say, where x got better with the goal, that it is no gain, and who pays."""
    x, first, last = found.x, found.points[0], found.points[-1]
    if is_still(last.x, first.x) or x.sense * (last.x - first.x) <= 0:
        return []
    if first.lasting is None or last.lasting is None:
        return [f"That {spoken(x)} is {level_words(last.x - first.x)} is no gain: {PAID}."]
    after = last.lasting - first.lasting
    now = f"In the planned periods {x.thing} is {level_words(last.x - first.x)}{why(first, last)}"
    if x.sense * after < 0:
        return [
            f"{now}; the years after pay: with them it is "
            f"{x.step(abs(after))}{'' if x.share else f' {x.rate}'} {level_words(after)}."
        ]
    return [f"{now}. That is no gain: {PAID}."]


def split_words(found: "Frontier") -> str:
    """Say how much of the loss is in what people get, and how much is cost of moving things."""
    first, last = found.points[0], found.points[-1]
    loss = first.value - last.value
    if lost(found, last) <= ALIKE:
        return ""
    share = (benefit(first) - benefit(last)) / loss
    if share < 0:
        return " (all of it what moving trade, output and investment costs by its rules)"
    return (
        f" ({share:.0%} of that in what people get in all years, the rest what moving trade, "
        "output and investment costs by its rules)"
    )


def benefit(point: "Point") -> float:
    """Return what the mandate counts for a plan, without what its rules count against it."""
    reward = point.plan.problem.program.reward
    return float(np.maximum(reward, 0.0) @ point.plan.primal)


def level_words(moved: float) -> str:
    """Return higher or lower."""
    return "higher" if moved > 0 else "lower"


def why(first: "Point", last: "Point") -> str:
    """Say that less is invested in the planned periods, where it is."""
    counted = first.plan.outlook.periods.weights[:-1]
    one, other = (
        float(point.plan.investment().sum().to_numpy() @ counted) for point in (first, last)
    )
    fell = (one - other) / one if one > 0 else 0.0
    return (
        f", because less is invested ({figure(100 * fell, digits=2)}%)" if fell > INVESTED else ""
    )


def value_words() -> str:
    """Say what the mandate's value is, and what its loss is measured by."""
    return (
        "Every plan is the best for the mandate as a whole: it weighs what people get, group by "
        "group and also after the plan. What it loses is said in percent of the observed "
        "consumption of all these periods."
    )
