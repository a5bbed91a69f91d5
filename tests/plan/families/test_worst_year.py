"""The worst year: the rows by hand, and where its weight falls."""

import numpy as np
import pytest

from counterplan.plan.mandate import Group, Mandate
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import CapacityShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy
from tests.plan.relief import assert_worth, basket_filled, left_over, plan_for, rows_of

BAD_YEAR = CapacityShock(
    kind="capacity", branches=("agriculture",), share=0.8, start=2022, end=2022
)


def with_weight(weight: float) -> Plan:
    """Return the plan for a bad harvest, with corn that can be stored."""
    economy = changed(
        two_branch_economy(), "stocks", storable=np.array([True, False]), loss=np.array([0.1, 0.0])
    )
    return plan_for(outlook_of(economy, shocks=(BAD_YEAR,), mandate=Mandate(worst_year=weight)))


def test_no_year_is_worse_than_the_worst() -> None:
    # Corn at 80% (70 t, price 1) and machines at 50% (10 pieces, price 2): 66 of 90.
    problem = problem_of(
        changed(two_branch_economy(), "trend", growth=0.02), mandate=Mandate(worst_year=1.0)
    )
    filled = basket_filled(problem.outlook)
    filled[: len(filled) // 2] *= 0.8
    filled[len(filled) // 2 :] *= 0.5
    worst = np.array([[0.7, 9.0, 9.0, 9.0]])

    above = left_over(problem, "worst_year", consumption=filled, worst_satisfaction=worst)

    assert above[0, :3] == pytest.approx([66 / 90 - 0.7] * 3)
    rows = rows_of(problem, "worst_year")
    assert rows.keep.tolist() == [[True, True, True, False]]
    assert np.all(np.isinf(rows.upper))


def test_groups_count_by_their_weight() -> None:
    # The town's corn at half, the village's at all: with weights 3 and 1, (40 + 3 x 15) / 130.
    economy = changed(
        two_branch_economy(),
        "demand",
        groups=("village", "town"),
        group_names=("Village", "Town"),
        consumption=np.array([[40.0, 30.0], [0.0, 0.0]]),
    )
    mandate = Mandate(worst_year=1.0, groups={"town": Group(weight=3.0)})
    problem = problem_of(economy, mandate=mandate)
    filled = basket_filled(problem.outlook)
    filled[len(filled) // 2 :] *= 0.5

    above = left_over(problem, "worst_year", consumption=filled)

    assert above[0, :3] == pytest.approx([85 / 130] * 3)


def test_without_the_weight_there_are_no_rows_and_no_reward() -> None:
    problem = problem_of(two_branch_economy())

    assert np.all(problem.rows["worst_year"].rows == -1)
    assert np.all(problem.variables.blocks["worst_satisfaction"].reward == 0)


def test_the_weight_is_counted_in_base_baskets_and_once() -> None:
    # The first year's basket: 70 t of corn at 1 and 10 machines at 2, grown by 2%.
    economy = changed(two_branch_economy(), "trend", growth=0.02)
    problem = problem_of(economy, mandate=Mandate(worst_year=0.5))
    block = problem.variables.blocks["worst_satisfaction"]

    assert block.reward == pytest.approx(np.array([[0.5 * 90 * 1.02, 0.0, 0.0, 0.0]]))
    assert block.upper == pytest.approx(np.array([[10.0, 0.0, 0.0, 0.0]]))


def test_the_worst_year_gets_better_and_the_weight_falls_where_it_is_worst() -> None:
    plain, weighed = with_weight(0.0), with_weight(2.0)

    before = plain.satisfaction().to_numpy()[0]
    after = weighed.satisfaction().to_numpy()[0]
    falls = weighed.worth("worst_year")[0, :3]

    assert after.min() > before.min() + 0.002
    assert weighed.quantity("worst_satisfaction")[0, 0] == pytest.approx(after.min(), abs=1e-6)
    assert np.all(falls[after > after.min() + 1e-4] == pytest.approx(0.0, abs=1e-4))
    assert falls[int(np.argmin(after))] > 1.0


def test_the_years_share_the_whole_weight() -> None:
    # Their duals, discounted, add up to 2 base baskets of 90.
    plan = with_weight(2.0)

    discounted = plan.worth("worst_year")[0, :3] * 0.96 ** np.arange(3)

    assert discounted.sum() == pytest.approx(2.0 * 90.0, rel=1e-6)


def test_the_dual_is_what_the_optimum_gains_when_a_year_may_be_worse() -> None:
    plan = with_weight(2.0)
    worst = int(np.argmin(plan.satisfaction().to_numpy()[0]))

    assert assert_worth(plan, "worst_year", item=0, period=worst, step=1e-5) > 1.0
