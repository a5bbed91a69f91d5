r"""The frontier between two goals: what a little more of one costs the other.

.. math:: \max\; \text{value of the mandate} \quad\text{s.t.}\quad y \ge \varepsilon_k, \qquad
          \varepsilon_k = y_0 + \frac{k}{n - 1}\, \rho\, (y^{\max} - y_0)

y0 what the mandate's best plan gives of y by itself, y max the most that any plan gives, rho how
far to go (Haimes, Lasdon and Wismer 1971: the epsilon-constraint method). Every point is a plan
with its certificate; the dual of the row is the price of y. See ``docs/plan/frontier.md``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from counterplan.economy.economy import Economy, Floats
from counterplan.errors import CounterplanError, InputError, LimitError
from counterplan.plan.family import Family, Variables, own_family
from counterplan.plan.linear import Expression, Rows, at_least
from counterplan.plan.make import make_plan
from counterplan.plan.measures import NOTHING, Maker, Measure, parse_measure
from counterplan.plan.outlook import Outlook
from counterplan.plan.plan import Plan
from counterplan.plan.scenario import Scenario
from counterplan.plan.wording import figure
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine

RULE = "frontier_level"
POINTS_MAX = 100
REACH = 0.9  # the last tenth before the extreme is bought with absurd plans, and computed badly
ROOM_MIN = 1e-6  # of the measure: where less is to be had, there is nothing to weigh
SHARE_ROUNDS = 12  # of Dinkelbach's method; it doubles the digits in each

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Point:
    """One plan on the frontier.

    Attributes
    ----------
    level
        What was asked of y.
    x, y
        What the plan gives, in the units of the measures.
    lasting
        x with the years after the plan in the mean; None for a measure of one period.
    slope
        What one more unit of the level changes in the mandate's value: base-period money,
        discounted to the first period. Below zero where more of y is asked, above where less.
    value
        The mandate's value.
    """

    level: float
    x: float
    y: float
    slope: float
    value: float
    plan: Plan
    lasting: float | None = None


@dataclass(frozen=True)
class Frontier:
    """Plans between what the mandate gives of y by itself and the extreme.

    Attributes
    ----------
    extreme
        The most (or the least) that any plan gives of y.
    """

    x: Measure
    y: Measure
    extreme: float
    points: tuple[Point, ...]

    def table(self) -> pd.DataFrame:
        """Return one row a point: x, with the years after too, y, slope, value lost, certificate.

        The value lost is a share of the observed consumption of the planned periods.
        """
        first = self.points[0]
        yardstick = first.plan.problem.base_consumption
        rows = [
            {
                self.x.name: point.x,
                f"{self.x.name} with the years after": point.lasting,
                self.y.name: point.y,
                "level": point.level,
                "slope": point.slope,
                "value_lost": (first.value - point.value) / yardstick,
                "residual": point.plan.certificate.residual,
                "gap": point.plan.certificate.gap,
                "certified": point.plan.certificate.holds,
            }
            for point in self.points
        ]
        return pd.DataFrame(rows)

    def text(self) -> str:
        """Say it in plain words, one point on a line."""
        from counterplan.plan.bargain import bargain_lines

        return "\n".join(bargain_lines(self))


def frontier(
    economy: Economy,
    scenario: Scenario,
    *,
    x: str,
    y: str,
    points: int = 7,
    reach: float = REACH,
    engine: Engine = Engine.AUTOMATIC,
    extra: Iterable[Family] = (),
    seconds_max: float = 600.0,
    progress: Progress | None = None,
) -> Frontier:
    """Return plans that give more and more of y, and what they leave of x.

    Parameters
    ----------
    x, y
        Names of measures; see :mod:`counterplan.plan.measures`.
    points
        How many plans, the mandate's own best one first.
    reach
        How far towards the extreme the last one goes [share, below 1].
    engine, extra, seconds_max
        For each plan; see :func:`counterplan.plan.make.make_plan`.
    progress
        Called with plans made and plans in all, after each.

    Raises
    ------
    InputError
        For an unknown measure, a period outside the plan, or a y that cannot be moved.
    LimitError
        For more than a hundred points.
    """
    check(points=points, reach=reach)
    across, up = parse_measure(x, economy), parse_measure(y, economy)
    rules = tuple(extra)
    best = make_plan(economy, scenario, engine=engine, extra=rules, seconds_max=seconds_max)
    start = measured(best, up)
    limit = extreme(best, up, engine=engine, seconds_max=seconds_max)
    if abs(limit) <= NOTHING * abs(start):
        limit = 0.0  # what an engine leaves of nothing
    if abs(limit - start) <= ROOM_MIN * max(abs(start), abs(limit)):
        raise InputError(
            f"{up.label} cannot be moved from {figure(start)} {up.unit}",
            place=y,
            mend="weigh another measure",
        )
    found = [point_of(best, across, up, level=start, slope=0.0)]
    tell(progress, 1, points)
    for level in np.linspace(start, start + reach * (limit - start), points)[1:]:
        rule = level_rule(up, float(level))
        plan = make_plan(
            economy, scenario, engine=engine, extra=(*rules, rule), seconds_max=seconds_max
        )
        slope = slope_of(plan, up)
        found.append(point_of(plan, across, up, level=float(level), slope=slope))
        tell(progress, len(found), points)
    return Frontier(across, up, limit, tuple(found))


def check(*, points: int, reach: float) -> None:
    """Refuse a number of points or a reach that makes no frontier."""
    if points > POINTS_MAX:
        raise LimitError(f"{points} points", mend=f"ask for at most {POINTS_MAX}")
    if points < 2:
        raise InputError(f"{points} points make no frontier", mend="ask for at least 2")
    if not 0 < reach < 1:
        raise InputError(f"a reach of {reach:g}", mend="give a share above 0 and below 1")


def tell(progress: Progress | None, done: int, every: int) -> None:
    """Tell how far it is, if anybody listens."""
    if progress is not None:
        progress(done, every)


def point_of(plan: Plan, across: Measure, up: Measure, *, level: float, slope: float) -> Point:
    """Return what a plan gives of both measures."""
    weights = across.lasting(plan.outlook.periods)
    return Point(
        level=level,
        x=measured(plan, across),
        y=measured(plan, up),
        slope=slope,
        value=plan.certificate.value,
        plan=plan,
        lasting=None if weights is None else measured(plan, across, weights=weights),
    )


def slope_of(plan: Plan, up: Measure) -> float:
    """Return what one more unit of its level changes in the value of a plan made under one."""
    worth = -float(plan.problem.row_values(RULE, plan.dual)[0, 0])
    if up.below is not None:  # the row is in units of the use, the level is a share of it
        worth *= total(plan, up, up.below)
    return -up.sense * worth


def level_rule(measure: Measure, level: float) -> Family:
    """Return the rule that a measure reaches a level."""

    def frontier_level(given: Outlook, plan: Variables) -> Rows:
        reached = short(measure, given, plan, level=level)
        rows = at_least(reached, 0.0, items=(measure.name,), dimension="whole")
        keep = np.zeros(rows.lower.shape, dtype=bool)
        keep[0, 0] = True
        return rows.only(keep)

    dual = f"what one unit less of {measure.label} would be worth: its price"
    return own_family(frontier_level, dual=dual, unit=measure.unit)


def short(measure: Measure, given: Outlook, plan: Variables, *, level: float) -> Expression:
    """Return by how much a measure passes its level, in the wanted direction [1 x P].

    A share passes its level when what is above is at most level times what is below.
    """
    number = measure.gathered(measure.above, given, plan)
    first = np.zeros((1, len(given.periods)))
    first[0, 0] = level
    asked: Expression | Floats = first
    if measure.below is not None:
        asked = measure.gathered(measure.below, given, plan) * level
    return (number - asked) * float(measure.sense)


def measured(plan: Plan, measure: Measure, *, weights: Floats | None = None) -> float:
    """Return a measure of a plan, with its own weights of the periods or with others [P]."""
    value = total(plan, measure, measure.above, weights=weights)
    if measure.below is None:
        return value
    return value / total(plan, measure, measure.below, weights=weights)


def total(plan: Plan, measure: Measure, make: Maker, *, weights: Floats | None = None) -> float:
    """Return one side of a measure of a plan."""
    expression = measure.gathered(make, plan.outlook, plan.problem.variables, weights=weights)
    return float(plan.evaluate(expression)[0, 0])


def extreme(plan: Plan, measure: Measure, *, engine: Engine, seconds_max: float) -> float:
    """Return the most (or least) of a measure that any plan gives, by solving for nothing else.

    A share is found by Dinkelbach's method (1967): for a guessed share, the best of what is above
    less the share of what is below; its optimum gives the next guess.
    """
    guess = measured(plan, measure)
    for _ in range(SHARE_ROUNDS):
        expression = short(measure, plan.outlook, plan.problem.variables, level=guess)
        program = replace(plan.problem.program, reward=coefficients(plan, expression))
        answer = solve(program, engine=engine, seconds_max=seconds_max)
        if np.isnan(answer.primal).any():
            raise CounterplanError(
                f"the engine {answer.engine} did not find the extreme of {measure.label}; choose "
                "another engine or give it more time"
            )
        found = measured(replace(plan, primal=answer.primal), measure)
        moved, guess = abs(found - guess), found
        if measure.below is None or moved <= 1e-6 * max(abs(found), 1e-6):
            break
    return guess


def coefficients(plan: Plan, expression: Expression) -> Floats:
    """Return what each variable adds to an expression of one number [N]."""
    reward = np.zeros(plan.problem.program.reward.size)
    for name, block in expression.blocks.items():
        first = plan.problem.columns[name]
        reward[first : first + block.shape[1]] += np.asarray(block.sum(axis=0)).ravel()
    return reward
