"""The floor under the reserves, and when the plan draws them."""

import numpy as np
import pytest

from counterplan.errors import InputError
from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import PriceShock, ReserveShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy, value_of
from tests.plan.growing import after, best_for, growing_economy, rows_of, shifted, slope
from tests.plan.relief import is_possible

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)


def with_reserves(floor: float | None, *more: object) -> Outlook:
    """Return an outlook of four periods under a fall in the export price."""
    mandate = Mandate(foreign=ForeignRules(reserves_floor=floor))
    return outlook_of(growing_economy(), periods=4, mandate=mandate, shocks=(DROP, *more))


def test_the_row_is_the_reserve_less_its_floor() -> None:
    problem = problem_of(
        growing_economy(), periods=2, mandate=Mandate(foreign=ForeignRules(reserves_floor=3.0))
    )

    rows = rows_of(problem, "reserves_floor")
    value = value_of(rows.expression, problem, reserves=np.array([[4.0, 2.0, 1.5]]))

    np.testing.assert_allclose(value, [[1.0, -1.0, 1.5 - 3 * after(lambda t: 1.0, count=2)]])
    assert (rows.lower == 0).all()
    assert np.isposinf(rows.upper).all()


def test_the_floor_is_what_there_is_unless_the_mandate_says_otherwise() -> None:
    np.testing.assert_allclose(with_reserves(None).reserves_floor[:4], 5.0)
    np.testing.assert_allclose(with_reserves(0.0).reserves_floor, 0.0)


def test_reserves_that_are_lost_lower_the_observed_floor_but_not_a_stated_one() -> None:
    lost = ReserveShock(kind="reserves", lost=2.0)

    observed, stated = with_reserves(None, lost), with_reserves(1.0, lost)

    assert observed.reserves == stated.reserves == 3.0
    np.testing.assert_allclose(observed.reserves_floor[:4], 3.0)
    np.testing.assert_allclose(stated.reserves_floor[:4], 1.0)


def test_more_reserves_than_there_are_cannot_be_lost() -> None:
    with pytest.raises(InputError, match=r"shocks\.1: 6 of reserves .* where there are 5"):
        with_reserves(None, ReserveShock(kind="reserves", lost=6.0))


@pytest.mark.parametrize("period", [2, 3])
def test_the_dual_is_what_a_lower_floor_adds(period: int) -> None:
    given = with_reserves(1.0)
    worth = best_for(given).plan.worth("reserves_floor")[0, period]

    value = slope(lambda by: assemble(shifted(given, "reserves_floor", place=period, by=-by)))

    assert worth > 0.1
    assert value / given.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_a_dollar_is_kept_for_the_year_in_which_it_is_worth_most() -> None:
    plan = best_for(with_reserves(1.0)).plan
    currency, floor = plan.worth("foreign_balance")[0], plan.worth("reserves_floor")[0]
    kept = plan.quantity("reserves")[0][:-1]

    np.testing.assert_allclose(currency[:-1], 0.96 * currency[1:] + floor[:-1], rtol=1e-9)
    assert kept[0] > 1.0 + 1e-6
    assert floor[0] == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(kept[2:], 1.0, atol=1e-9)


def test_reserves_drawn_soften_the_first_year() -> None:
    kept, drawn = best_for(with_reserves(None)).plan, best_for(with_reserves(1.0)).plan

    assert drawn.reserves().iloc[-1] == pytest.approx(1.0)
    assert kept.reserves().tolist() == pytest.approx([5.0] * 4)
    assert drawn.imports().loc["machine", "2021"] > kept.imports().loc["machine", "2021"]
    assert drawn.certificate.value > kept.certificate.value


def test_a_plan_that_keeps_its_reserves_while_the_economy_shrinks_is_found() -> None:
    # Beside trade that falls by a tenth a year for ever, reserves that stay weigh three times.
    economy = changed(two_branch_economy(), "accounts", reserves=500.0)
    problem = problem_of(changed(economy, "trend", growth=-0.1))

    tail = problem.variables.blocks["reserves"].upper[0, -1]

    assert tail >= problem.outlook.reserves_floor[-1] > 2 * 500.0
    assert is_possible(problem.program)
