r"""The bargain: a frontier in plain words, with the price of one goal in the other.

Between two neighbouring points k - 1 and k, one unit of y costs

.. math:: \frac{x_k - x_{k-1}}{y_k - y_{k-1}}

units of x. What one unit more costs of all that the mandate values is the dual of the row that sets
the level, which counts every period of the plan; said in the money of one period it is divided by
the discounts of the periods that the measure is a mean of. The value is concave, so the next step
takes at least that.
"""

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from counterplan.plan.measures import Measure
from counterplan.plan.wording import figure

if TYPE_CHECKING:
    from counterplan.plan.frontier import Frontier, Point

ALIKE = 1e-9  # relative: two levels this close are one


def bargain_lines(found: "Frontier") -> list[str]:
    """Return the lines of a frontier."""
    x, y, first = found.x, found.y, found.points[0]
    wanted = "more" if y.sense > 0 else "less"
    most = "most" if y.sense > 0 else "least"
    lines = [
        f"The price of {wanted} {spoken(y)} in {spoken(x)}. {mean_words(x, y)}".rstrip(),
        f"The mandate's best plan gives {here(y, first.y)} and {here(x, first.x)}.",
        f"The {most} that any plan gives is {y.amount(found.extreme)}.",
    ]
    for before, point in pairwise(found.points):
        lines.append(f"- {point_words(found, before, point)}")
    return [*lines, whole_words(found), value_words(found)]


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
    """Say one point: both goals, the price since the point before, and what one more unit takes."""
    x, y, first = found.x, found.y, found.points[0]
    verdict = "certified" if point.plan.certificate.holds else "NOT certified"
    return (
        f"{here(y, point.y)}{against(y, point.y, first.y)}: {here(x, point.x)}"
        f"{against(x, point.x, first.x)}. {price_words(found, before, point)}"
        f"{dual_words(found, point)}; {verdict}."
    )


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
    """Return the round amount of y, near the distance of two points, that prices are said for."""
    moved = abs(found.points[-1].y - found.points[0].y) / (len(found.points) - 1)
    size = moved * (100 if found.y.share else 1)
    step = 10.0 ** math.floor(math.log10(size)) if size > 0 else 1.0
    return step / (100 if found.y.share else 1)


def price(one: "Point", other: "Point", step: float) -> float:
    """Return by how much x moved for each step of y, whichever way y moved; 0 where it did not."""
    moved = abs(other.y - one.y)
    return 0.0 if is_still(other.y, one.y) else (other.x - one.x) / moved * step


def price_words(found: "Frontier", one: "Point", other: "Point") -> str:
    """Say what a step of y went with in x between two points."""
    x, y, step = found.x, found.y, step_of(found)
    went = price(one, other, step)
    return (
        f"Since the line before, each {y.step(step)} {side(other.y - one.y)} went with "
        f"{x.step(abs(went))} {side(went)} of {x.thing}"
    )


def dual_words(found: "Frontier", point: "Point") -> str:
    """Say what the next step of y takes from all that the mandate values."""
    y, plan, step = found.y, point.plan, step_of(found)
    takes = abs(point.slope) * step / y.yardstick(plan.outlook.periods)
    when = f"a {plan.economy.period}" if y.period is None else f"in {y.period}"
    return (
        f"; {y.step(step)} {side(y.sense)} still would take at least {figure(takes)} "
        f"{plan.economy.currency} {when} from all that the mandate values"
    )


def whole_words(found: "Frontier") -> str:
    """Say the price of one goal in the other over the whole frontier, and how it rises."""
    x, y, step = found.x, found.y, step_of(found)
    first, second, *_ = found.points
    before, last = found.points[-2:]
    pairs = ((first, last), (first, second), (before, last))
    prices = [price(one, other, step) for one, other in pairs]
    said = [f"{x.step(abs(one))} {side(one)}" for one in prices]
    return (
        f"In all, {y.step(abs(last.y - first.y))} {side(last.y - first.y)} of {y.thing} went with "
        f"{x.step(abs(last.x - first.x))} {side(last.x - first.x)} of {x.thing}: for each "
        f"{y.step(step)}, {said[0]} on average, {said[1]} at first and {said[2]} at last."
    )


def value_words(found: "Frontier") -> str:
    """Say what the goal takes from the mandate's value, which is what every plan is made for."""
    first, last = found.points[0], found.points[-1]
    outlook = first.plan.outlook
    counted = outlook.trend * outlook.periods.weights
    every = first.plan.problem.base_consumption * counted.sum() / counted[:-1].sum()
    lost = (first.value - last.value) / every
    return (
        "Every plan is the best for the mandate as a whole: it weighs what people get, group by "
        f"group and also after the plan. That falls by {figure(100 * lost, digits=2)}% of the "
        "observed consumption of all these periods."
    )
