"""Capacity: the rows at numbers worked out by hand, and the rent against the optimum moved."""

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.plan.shocks import CapacityShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy
from tests.plan.relief import FRICTIONLESS, assert_worth, left_over, plan_for, rows_of


def outage(*, share: float, start: int | None, end: int | None) -> CapacityShock:
    return CapacityShock(
        kind="capacity", branches=("agriculture",), share=share, start=start, end=end
    )


def test_what_runs_leaves_over_the_rest_of_its_capacity() -> None:
    # One unit of farming takes 2 of land, one of making 0.5 of land and 1 of shop.
    economy = changed(two_branch_economy(), "capital", need=sp.csc_array([[2.0, 0.5], [0.0, 1.0]]))
    problem = problem_of(economy)

    there = np.array([[100.0, 90.0, 80.0, 70.0], [20.0, 20.0, 20.0, 20.0]])
    free = left_over(problem, "capacity", activity=[[30.0], [10.0]], capacity=there)

    land = [100 - 65, 90 - 65, 80 - 65, 70 - 65]
    assert free == pytest.approx(np.array([land, [10.0] * 4]))
    assert np.all(np.isinf(rows_of(problem, "capacity").upper))


def test_an_outage_leaves_only_a_share_that_can_be_used() -> None:
    problem = problem_of(two_branch_economy(), shocks=(outage(share=0.6, start=2022, end=2022),))

    free = left_over(problem, "capacity", activity=50.0, capacity=100.0)

    assert free[0] == pytest.approx([50.0, 10.0, 50.0, 50.0])
    assert free[1] == pytest.approx([50.0] * 4)


def test_an_outage_that_ends_after_the_horizon_counts_in_the_tail_by_its_years() -> None:
    # Planned are 2021 to 2023; of the discounted years after, 2024 is in the outage: 1 - 0.96.
    problem = problem_of(two_branch_economy(), shocks=(outage(share=0.6, start=2023, end=2024),))

    free = left_over(problem, "capacity", capacity=100.0)

    assert free[0] == pytest.approx([100.0, 100.0, 60.0, 100 * (0.04 * 0.6 + 0.96)])


def test_the_rent_is_what_the_optimum_gains_from_one_more_unit() -> None:
    shock = outage(share=0.93, start=2022, end=2022)
    plan = plan_for(outlook_of(two_branch_economy(), shocks=(shock,), mandate=FRICTIONLESS))

    short = assert_worth(plan, "capacity", item=0, period=1)
    after = assert_worth(plan, "capacity", item=0, period=2)

    assert short > 2 * after > 0


def test_capacity_that_stands_idle_has_no_rent() -> None:
    # Land enough for 130 units of farming, people for 100 at most: land is not the bottleneck.
    economy = two_branch_economy()
    economy = changed(economy, "capital", capacity=np.array([130.0, 20.0]))
    plan = plan_for(outlook_of(economy, mandate=FRICTIONLESS, periods=2))

    idle = plan.quantity("capacity")[0] - plan.quantity("activity")[0]
    assert idle[0] > 10
    assert plan.worth("capacity")[0, 0] == pytest.approx(0.0, abs=1e-6)
