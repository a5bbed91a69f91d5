"""Investment goals: the floor by hand, and its price against the optimum moved."""

import numpy as np
import pytest

from counterplan.errors import InputError
from counterplan.plan.mandate import InvestmentGoal, Mandate
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy
from tests.plan.relief import assert_worth, left_over, plan_for, rows_of, slopes


def goal(
    *, factor: float, branch: str = "industry", start: int | None = None, end: int | None = None
) -> InvestmentGoal:
    return InvestmentGoal(
        kind="investment", branches=(branch,), factor=factor, start=start, end=end
    )


def test_the_floor_is_a_multiple_of_the_observed_investment_on_its_trend() -> None:
    # Industry invested 2 in 2020: 1.5 x 2 on a trend of 2%, from 2022 on.
    economy = changed(two_branch_economy(), "trend", growth=0.02)
    problem = problem_of(economy, mandate=Mandate(goals=(goal(factor=1.5, start=2022),)))

    over = left_over(problem, "investment_goal", investment=[[50.0], [4.0]])

    assert over[1, 1:] == pytest.approx(4.0 - 3.0 * 1.02 ** np.array([2.0, 3.0, 4.0]))
    rows = rows_of(problem, "investment_goal")
    assert np.all(np.isinf(rows.upper))
    assert rows.keep.tolist() == [[False] * 4, [False, True, True, True]]


def test_of_two_goals_the_higher_one_binds() -> None:
    goals = (goal(factor=1.5), goal(factor=2.0, end=2022), goal(factor=0.5, branch="*"))
    problem = problem_of(two_branch_economy(), mandate=Mandate(goals=goals))

    over = left_over(problem, "investment_goal")

    assert over == pytest.approx(-np.array([[5.0] * 4, [4.0, 4.0, 3.0, 3.0]]))


def test_without_a_goal_there_are_no_rows() -> None:
    problem = problem_of(two_branch_economy())

    assert np.all(problem.rows["investment_goal"].rows == -1)


def test_a_goal_is_kept_and_its_price_is_what_the_optimum_gains_from_a_lower_one() -> None:
    worth = []
    for factor in (1.6, 2.5):
        mandate = Mandate(goals=(goal(factor=factor, start=2022, end=2022),))
        plan = plan_for(outlook_of(two_branch_economy(), mandate=mandate))
        assert plan.quantity("investment")[1, 1] == pytest.approx(2.0 * factor, abs=1e-5)
        worth.append(assert_worth(plan, "investment_goal", item=1, period=1, step=1e-3))

    assert 0.1 < worth[0] < worth[1]


def test_the_price_of_a_lasting_goal_lies_between_less_and_more_of_it() -> None:
    # Held for ever the goal fixes the branch's course, and less in one year is a change of it.
    plan = plan_for(outlook_of(two_branch_economy(), mandate=Mandate(goals=(goal(factor=2.0),))))

    gain, loss = slopes(plan.problem, family="investment_goal", item=1, period=1, step=1e-3)

    assert 0.1 < gain < loss - 0.01
    assert gain - 1e-5 <= plan.worth("investment_goal")[1, 1] <= loss + 1e-5


def test_a_goal_that_the_plan_goes_beyond_has_no_price() -> None:
    mandate = Mandate(goals=(goal(factor=0.5),))
    plan = plan_for(outlook_of(two_branch_economy(), mandate=mandate))

    assert np.all(plan.quantity("investment")[1] > 1.0)
    assert plan.worth("investment_goal")[1] == pytest.approx(np.zeros(4), abs=1e-5)


def test_a_branch_that_is_not_there_is_named() -> None:
    mandate = Mandate(goals=(goal(factor=2.0, branch="industri"),))

    with pytest.raises(InputError, match=r"(?s)mandate\.goals\.0.*industri.*industry"):
        outlook_of(two_branch_economy(), mandate=mandate)
