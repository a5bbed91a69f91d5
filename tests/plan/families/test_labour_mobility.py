"""Labour mobility: who is at home in a branch, who comes, and what being at home is worth."""

import numpy as np
import pytest

from counterplan.plan.mandate import LabourRules, Mandate
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import QuantityShock
from tests.plan.builders import outlook_of, problem_of, value_of
from tests.plan.growing import (
    BENCH,
    HAND,
    PATCHERS,
    after,
    best,
    best_for,
    growing_economy,
    relieved,
    rows_of,
    slope,
)

INDUSTRY = 24 + 4 * PATCHERS  # people at work there in the base period: 16 x 1.5 making, 4 patching
PER_HEAD = (100 * HAND + 20 * BENCH) / (100 + INDUSTRY)


def few_machines(**labour: object) -> Outlook:
    """Return an outlook with few imported machines: industry must grow at agriculture's cost."""
    mandate = Mandate(labour=LabourRules(**labour))
    few = QuantityShock(kind="import_limit", products=("machine",), share=0.15)
    return outlook_of(growing_economy(), periods=2, mandate=mandate, shocks=(few,))


def test_a_branch_has_those_it_had_their_growth_and_those_who_came() -> None:
    problem = problem_of(growing_economy(), periods=2)
    x = np.array([[100.0, 90.0, 95.0], [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]])
    come = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    rows = rows_of(problem, "labour_mobility")
    value = value_of(rows.expression, problem, activity=x, moving=come)

    people = np.array([1.01, 1.01**2, after(lambda t: 1.01 ** (t + 1), count=2)])
    per_unit = people / np.array([1.02, 1.02**2, 1.02**3])
    farm = x[0] * per_unit
    industry = (1.5 * x[1] + PATCHERS * x[2]) * per_unit
    b = 0.96 * 1.02
    for row, base, work, new in zip(value, (100, INDUSTRY), (farm, industry), come, strict=True):
        inherited = [base, work[0], (1 - b) * work[1] + 0.96 * work[2]]
        np.testing.assert_allclose(row, 1.01 * np.array(inherited) + new - work, rtol=1e-12)
    assert rows.items == ("agriculture", "industry")
    assert (rows.lower == 0).all()
    assert np.isposinf(rows.upper).all()


@pytest.mark.parametrize("first", [2020, 2021])
def test_nobody_need_move_on_the_observed_course(first: int) -> None:
    problem = problem_of(growing_economy(), first=first, periods=3)
    x = np.array([100.0, 16.0, 4.0])[:, None] * problem.outlook.trend

    value = value_of(rows_of(problem, "labour_mobility").expression, problem, activity=x)

    np.testing.assert_allclose(value, 0.0, atol=1e-10)


def test_a_move_costs_its_share_of_what_a_period_of_labour_is_worth() -> None:
    problem = problem_of(
        growing_economy(), periods=2, mandate=Mandate(labour=LabourRules(moving_cost=0.3))
    )

    block = problem.variables.blocks["moving"]

    efficiency = [1.02 / 1.01, (1.02 / 1.01) ** 2]
    np.testing.assert_allclose(block.reward[:, :2], -0.3 * PER_HEAD * np.array([efficiency] * 2))
    assert (block.lower == 0).all()
    assert (block.upper >= 0.05 * problem.outlook.force.sum(axis=0)).all()


def test_where_people_move_a_person_at_home_is_worth_the_move_and_the_room_for_it() -> None:
    found = best_for(few_machines(moving_share=0.003))
    given, plan = found.problem.outlook, found.plan
    cost = 0.1 * PER_HEAD * given.efficiency
    at_home, room = plan.worth("labour_mobility")[1], plan.worth("retraining")[0]

    assert room[1] > 0.05
    moved = plan.quantity("moving")[1] > 1e-6
    assert moved[1]
    assert moved[2]
    np.testing.assert_allclose(at_home[moved], (cost + room)[moved], rtol=1e-7)


@pytest.mark.parametrize("period", [1, 2])
def test_the_dual_of_mobility_is_what_one_more_person_at_home_adds(period: int) -> None:
    given = few_machines(moving_share=0.003)
    problem = assemble(given)
    worth = best(problem).plan.worth("labour_mobility")[1, period]

    value = slope(lambda by: relieved(problem, "labour_mobility", item=1, period=period, by=by))

    assert worth > 0.05
    assert value / given.periods.weights[period] == pytest.approx(worth, rel=1e-5)
