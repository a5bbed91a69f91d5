"""Quotas: the amounts by hand, their price against the optimum moved, their end, their refusals."""

from typing import Any

import numpy as np
import pytest

from counterplan.errors import InputError
from counterplan.plan.conflict import ImpossibleMandateError
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import Mandate, Quota
from counterplan.plan.plan import Plan
from tests.plan.builders import changed, outlook_of, problem_of, scenario_of, two_branch_economy
from tests.plan.relief import assert_worth, left_over, plan_for, rows_of


def quota(**fields: Any) -> Quota:
    """Return a quota of the works, of machines and for 2022 unless another is asked for."""
    given = {"producer": "works", "item": "machine", "start": 2022, "end": 2022}
    return Quota(**{**given, **fields})


def promised(*quotas: Quota) -> Mandate:
    return Mandate(quotas=quotas)


def planned(*quotas: Quota) -> Plan:
    return plan_for(outlook_of(two_branch_economy(), mandate=promised(*quotas)))


def test_the_row_is_what_the_producer_makes_uses_or_employs_beyond_the_promise() -> None:
    # One machine takes a tenth of a machine, a tenth of a ton of corn and two workers.
    quotas = (
        quota(least=18.0),
        quota(most=25.0, start=None),
        quota(line="used", item="corn", least=1.0, most=4.0),
        quota(line="work", item="worker", least=30.0),
    )
    problem = problem_of(two_branch_economy(), mandate=promised(*quotas))

    over = left_over(problem, "quota", activity=[[7.0], [20.0]])

    assert over[:, 1] == pytest.approx([2.0, 5.0, 1.0, 10.0])
    rows = rows_of(problem, "quota")
    assert rows.keep.tolist() == [
        [False, True, False, False],
        [True, True, False, False],
        [False, True, False, False],
        [False, True, False, False],
    ]
    assert rows.upper[:, 1].tolist() == [np.inf, np.inf, 3.0, np.inf]
    assert rows.items[0] == "works: made machine, 2022 to 2022"


def test_work_takes_fewer_people_as_efficiency_grows() -> None:
    economy = changed(two_branch_economy(), "trend", growth=0.02)
    given = outlook_of(economy, mandate=promised(quota(line="work", item="worker", least=30.0)))
    problem = problem_of(economy, mandate=given.mandate)

    over = left_over(problem, "quota", activity=[[0.0], [20.0]])

    assert given.efficiency[1] > 1
    assert over[0, 1] == pytest.approx(40.0 / given.efficiency[1] - 30.0)


def test_a_joint_promise_counts_all_techniques_of_the_producer_and_nobody_elses() -> None:
    problem = problem_of(two_branch_economy(), mandate=promised(quota(most=3.0)))

    over = left_over(problem, "quota", activity=[[50.0], [1.0]])

    assert over[0, 1] == pytest.approx(2.0)


@pytest.mark.parametrize("limits", [{"least": 21.3}, {"most": 19.15}])
def test_a_promise_is_kept_and_its_price_is_what_the_optimum_gains_from_less_of_it(
    limits: dict[str, float],
) -> None:
    plan = planned(quota(**limits))

    made = plan.quantity("activity")[1, 1]
    assert made == pytest.approx(next(iter(limits.values())), rel=1e-6)
    assert assert_worth(plan, "quota", item=0, period=1, step=1e-3) > 0.01


def test_a_firm_assignment_is_kept_to_the_digit() -> None:
    plan = planned(quota(least=19.0, most=19.0))

    assert plan.quantity("activity")[1, 1] == pytest.approx(19.0, rel=1e-7)
    assert plan.worth("quota")[0, 1] > 0.01  # one more would be worth so much


def test_a_promise_that_does_not_bind_has_no_price_and_changes_nothing() -> None:
    loose, free = planned(quota(least=1.0)), planned()

    assert loose.worth("quota")[0, 1] == pytest.approx(0.0, abs=1e-6)
    assert loose.certificate.value == pytest.approx(free.certificate.value, rel=1e-9)


def test_an_impossible_promise_is_named_with_the_mend() -> None:
    mandate = promised(quota(least=1000.0))

    with pytest.raises(ImpossibleMandateError) as caught:
        make_plan(two_branch_economy(), scenario_of(mandate=mandate))

    assert "works: made machine, 2022 to 2022" in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"producer": "work", "least": 1.0}, r"no producer 'work'.*works"),
        ({"item": "machin", "least": 1.0}, r"no product 'machin'.*machine"),
        ({"line": "work", "item": "machine", "least": 1.0}, r"no skill 'machine'.*worker"),
        ({"item": "corn", "least": 1.0}, r"no technique that could make 'corn'.*make machine"),
        ({}, r"no limit.*a least, a most or both"),
        ({"least": 2.0, "most": 1.0}, r"least, 2, is above the most, 1"),
        ({"least": 1.0, "start": 2023}, r"ends in 2022, before it starts in 2023"),
        ({"least": 1.0, "start": None, "end": 2020}, r"ended in 2020.*2021 to 2023"),
        ({"least": 1.0, "end": 2024}, r"ends in 2024, after.*end in 2023 or before"),
        ({"least": 1.0, "start": 2020}, r"starts in 2020.*2021 to 2023"),
    ],
)
def test_what_is_no_promise_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=rf"(?s)mandate\.quotas\.0.*{words}"):
        outlook_of(two_branch_economy(), mandate=promised(quota(**fields)))


def test_the_same_promise_twice_is_refused() -> None:
    both = promised(quota(least=1.0), quota(most=30.0))

    with pytest.raises(InputError, match=r"mandate\.quotas\.1.*already.*into one"):
        outlook_of(two_branch_economy(), mandate=both)
