"""Self-reliance: the imported share of all domestic use, its dates, and the goal's price."""

import numpy as np
import pytest

from counterplan.errors import InputError
from counterplan.plan.mandate import Mandate, SelfRelianceGoal
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from tests.plan.builders import outlook_of, problem_of, value_of
from tests.plan.growing import best, best_for, growing_economy, relieved, rows_of, shifted, slope


def goal(share: float, **dates: int) -> Mandate:
    """Return a mandate that lets in at most a share of the machines."""
    one = SelfRelianceGoal(kind="self_reliance", product="machine", share=share, **dates)
    return Mandate(goals=(one,))


def reliant(share: float, **dates: int) -> Outlook:
    """Return the outlook of a plan with that goal; a fifth of machines is imported: 5.3 of 25.3."""
    return outlook_of(growing_economy(), mandate=goal(share, **dates))


def test_the_row_is_the_share_of_all_use_less_all_imports() -> None:
    problem = problem_of(growing_economy(), periods=2, mandate=goal(0.15))
    x = np.array([[100.0, 90.0, 95.0], [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]])
    started = np.array([[10.0, 20.0, 30.0], [4.0, 6.0, 8.0]])
    count = problem.variables.blocks["consumption"].lower.shape[0] // 6
    eaten = np.zeros((6 * count, 3))
    eaten[3 * count :: count] = np.array([[6.0, 7.0, 8.0], [3.0, 4.0, 5.0], [1.0, 1.0, 1.0]])
    bought = np.array([[9.0, 9.0, 9.0], [2.0, 3.0, 4.0]])
    goods = np.array([[9.0, 9.0, 9.0], [3.0, 5.0, 7.0]])

    rows = rows_of(problem, "self_reliance")
    value = value_of(
        rows.expression,
        problem,
        activity=x,
        investment=started,
        consumption=eaten,
        imports=bought,
        investment_imports=goods,
    )

    used = 0.1 * (x[1] + x[2]) + eaten.sum(axis=0) + started[0] + 0.5 * started[1]
    np.testing.assert_allclose(value[1], 0.15 * used - bought[1] - goods[1], rtol=1e-12)
    assert np.array_equal(rows.keep, [[False] * 3, [True] * 3])
    assert (rows.lower == 0).all()
    assert np.isposinf(rows.upper).all()


def test_a_goal_holds_between_its_dates_and_the_tighter_of_two_wins() -> None:
    goals = (
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.18),
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.12, start=2022, end=2022),
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.5, start=2022),
    )
    given = outlook_of(growing_economy(), mandate=Mandate(goals=goals))

    assert given.import_share_limit[1] == pytest.approx([0.18, 0.12, 0.18, 0.18])
    assert np.isposinf(given.import_share_limit[0]).all()


def test_a_goal_that_ends_after_the_plan_holds_for_its_part_of_the_years_after() -> None:
    given = reliant(0.1, start=2023, end=2024)  # planned: 2021 to 2023; one year after
    b = 0.96 * 1.02

    assert np.isposinf(given.import_share_limit[1, :2]).all()
    assert given.import_share_limit[1, 2] == pytest.approx(0.1)
    assert given.import_share_limit[1, 3] == pytest.approx(0.1 * (1 - b) + b)


def test_an_unknown_product_is_refused_at_its_place() -> None:
    one = SelfRelianceGoal(kind="self_reliance", product="machin", share=0.1)

    with pytest.raises(InputError, match=r"mandate\.goals\.0: product 'machin'.*'machine'"):
        outlook_of(growing_economy(), mandate=Mandate(goals=(one,)))


def test_the_goal_is_met_and_costs_consumption() -> None:
    free, bound = best_for(outlook_of(growing_economy())), best_for(reliant(0.15))

    assert free.plan.import_dependence().loc["machine"].to_numpy() == pytest.approx(
        [5.3 / 25.3] * 3
    )
    assert (bound.plan.import_dependence().loc["machine"] <= 0.15 + 1e-9).all()
    assert bound.value < free.value


@pytest.mark.parametrize("period", [0, 1, 3])
def test_the_dual_is_what_one_more_imported_unit_adds(period: int) -> None:
    problem = assemble(reliant(0.15))
    worth = best(problem).plan.worth("self_reliance")[1, period]

    value = slope(lambda by: relieved(problem, "self_reliance", item=1, period=period, by=by))

    assert worth > 0.05
    assert value / problem.outlook.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_a_looser_goal_is_worth_its_price_times_the_use() -> None:
    given = reliant(0.15)
    plan = best_for(given).plan

    value = slope(
        lambda by: assemble(shifted(given, "import_share_limit", place=(1, 0), by=by)),
        step=1e-5,
        bend=1e-2,
    )

    used = plan.domestic_use().loc["machine", "2021"]
    assert value == pytest.approx(plan.worth("self_reliance")[1, 0] * used, rel=1e-5)


def test_a_goal_that_is_met_anyway_is_worth_nothing() -> None:
    found = best_for(reliant(0.5))

    np.testing.assert_allclose(found.plan.worth("self_reliance")[1], 0.0, atol=1e-9)
    assert found.value == pytest.approx(best_for(outlook_of(growing_economy())).value)


def test_a_tighter_goal_never_helps() -> None:
    values = [best_for(reliant(share)).value for share in (0.2, 0.17, 0.15, 0.1)]

    assert values == sorted(values, reverse=True)
    assert values[-1] < values[0]
