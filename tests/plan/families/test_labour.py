"""Labour by skill: its equation, hours, overtime, unemployment, and what one worker is worth."""

import numpy as np
import pytest

from counterplan.plan.mandate import LabourRules, Mandate
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import LabourShock
from tests.plan.builders import changed, outlook_of, problem_of, value_of
from tests.plan.growing import (
    BENCH,
    HAND,
    PATCHERS,
    after,
    best,
    best_for,
    growing_economy,
    rows_of,
    shifted,
    slope,
)

HANDS, FITTERS = 100 + 8 + 4 * PATCHERS, 16.0
PER_HEAD = (100 * HAND + 20 * BENCH) / (HANDS + FITTERS)


def short_of_hands(factor: float = 0.937, **labour: object) -> object:
    """Return an outlook in which hands are fewer for good."""
    mandate = Mandate(labour=LabourRules(**labour))
    fewer = LabourShock(kind="labour", skills=("hand",), factor=factor)
    return outlook_of(growing_economy(), mandate=mandate, shocks=(fewer,))


def test_the_row_is_the_force_and_overtime_less_what_the_techniques_need() -> None:
    problem = problem_of(growing_economy(), periods=2)
    x = np.array([[100.0, 90.0, 95.0], [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]])
    extra = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    rows = rows_of(problem, "labour")
    value = value_of(rows.expression, problem, activity=x, overtime=extra)

    grown = np.array([1.01, 1.01**2, after(lambda t: 1.01 ** (t + 1), count=2)])
    trend = np.array([1.02, 1.02**2, 1.02**3])
    hands = HANDS * grown + extra[0] - (x[0] + 0.5 * x[1] + PATCHERS * x[2]) * grown / trend
    fitters = FITTERS * grown + extra[1] - x[1] * grown / trend
    np.testing.assert_allclose(value, [hands, fitters], rtol=1e-12)
    assert (rows.lower == 0).all()
    assert np.isposinf(rows.upper).all()
    assert rows.items == ("hand", "fitter")
    assert rows.keep is None


def test_the_observed_activities_use_exactly_the_force_in_every_period() -> None:
    problem = problem_of(growing_economy(), first=2020, periods=4)
    x = np.array([100.0, 16.0, 4.0])[:, None] * problem.outlook.trend

    value = value_of(rows_of(problem, "labour").expression, problem, activity=x)

    np.testing.assert_allclose(value, 0.0, atol=1e-10)


def test_hours_scale_the_force_from_their_period_on() -> None:
    hours = {2022: 0.9, 2024: 0.8}
    given = outlook_of(
        growing_economy(people=0.0), periods=4, mandate=Mandate(labour=LabourRules(hours=hours))
    )

    tail = 0.8 * after(lambda t: 1.0, count=4)
    np.testing.assert_allclose(given.force[1], 16 * np.array([1, 0.9, 0.9, 0.8, tail]))


def test_shorter_hours_are_the_same_as_fewer_people_in_the_rows_of_labour() -> None:
    economy = growing_economy()
    hours = problem_of(economy, mandate=Mandate(labour=LabourRules(hours={2021: 0.9})))
    skills = LabourShock(kind="labour", skills=("*",), factor=0.9)
    people = problem_of(economy, shocks=(skills,))

    np.testing.assert_allclose(
        rows_of(hours, "labour").expression.constant,
        rows_of(people, "labour").expression.constant,
    )
    assert best(hours).value == pytest.approx(best(people).value, rel=1e-9)


def test_overtime_has_a_bound_in_hours_worked_and_costs_more_than_labour_is_worth() -> None:
    rules = LabourRules(overtime_share=0.1, overtime_cost=1.5, hours={2021: 0.5})
    problem = problem_of(growing_economy(), periods=1, mandate=Mandate(labour=rules))

    block = problem.variables.blocks["overtime"]

    np.testing.assert_allclose(block.upper[:, 0], 0.1 * 0.5 * 1.01 * np.array([HANDS, FITTERS]))
    np.testing.assert_allclose(block.reward[:, 0], -1.5 * PER_HEAD * 1.02 / 1.01)
    assert (block.lower == 0).all()


def test_nobody_works_overtime_unless_the_mandate_allows_it() -> None:
    found = best_for(short_of_hands())

    assert (found.plan.quantity("overtime") == 0).all()


@pytest.mark.parametrize("period", [0, 1, 3])
def test_the_dual_is_what_one_more_worker_adds(period: int) -> None:
    given = short_of_hands()

    def more(people: float) -> object:
        return assemble(shifted(given, "force", place=(0, period), by=people))

    worth = best_for(given).plan.worth("labour")[0, period]
    assert worth > 0.1
    assert slope(more) / given.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_where_overtime_is_worked_within_its_bound_a_worker_is_worth_its_cost() -> None:
    found = best_for(short_of_hands(0.9, overtime_share=0.3, overtime_cost=0.9))
    given = found.problem.outlook
    worked = found.plan.quantity("overtime")[0]
    bound = found.problem.variables.blocks["overtime"].upper[0]

    inside = (worked > 1e-6) & (worked < bound - 1e-6)
    assert inside.sum() >= 2
    cost = 0.9 * PER_HEAD * given.efficiency
    np.testing.assert_allclose(found.plan.worth("labour")[0][inside], cost[inside], rtol=1e-7)


def test_where_people_are_left_over_one_more_is_worth_nothing() -> None:
    economy = changed(
        growing_economy(), "labour", force=np.array([HANDS, FITTERS]) * np.array([1.0, 4.0])
    )
    found = best_for(outlook_of(economy))
    left = value_of(
        rows_of(found.problem, "labour").expression,
        found.problem,
        activity=found.plan.quantity("activity"),
    )

    assert (left[1] > 1.0).all()
    np.testing.assert_allclose(found.plan.worth("labour")[1], 0.0, atol=1e-9)


def test_fewer_workers_never_raise_the_value_of_the_plan() -> None:
    values = [best_for(short_of_hands(factor)).value for factor in (1.0, 0.98, 0.95, 0.9)]

    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]
