"""Periods without consumption: valuations stay finite or say that they are not defined."""

import numpy as np
import pytest

from counterplan.economy.economy import Economy
from counterplan.errors import InputError
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan, ratio
from counterplan.plan.shocks import CapacityShock, QuantityShock
from tests.plan.builders import changed, problem_of, scenario_of, two_branch_economy
from tests.plan.test_plan import plan_of


def closed_economy() -> Economy:
    """Return the two-branch economy with what it used to send abroad eaten at home."""
    plain = changed(two_branch_economy(), "accounts", transfers=0.0)
    return changed(plain, "demand", consumption=np.array([[72.0], [9.0]]))


def read_everything(plan: Plan) -> None:
    """Read every verb that needs no argument; a warning of NumPy's is an error in these tests."""
    plan.summary()
    plan.satisfaction()
    plan.valuations()
    plan.currency_valuation()
    plan.bottlenecks()
    plan.rents()
    assert plan.dataset
    assert plan._repr_html_()


def test_a_year_in_which_nothing_is_eaten_is_valued_by_the_basket_asked_for() -> None:
    shocks = (
        CapacityShock(kind="capacity", branches=("*",), share=0.0, start=2022, end=2022),
        QuantityShock(kind="import_limit", products=("*",), share=0.0),
        QuantityShock(kind="export_limit", products=("*",), share=0.0),
    )
    plan = make_plan(closed_economy(), scenario_of(shocks=shocks), seconds_max=60)

    assert plan.certificate.holds
    assert plan.consumption()["2022"].to_numpy() == pytest.approx([0.0, 0.0], abs=1e-6)
    assert np.isfinite(plan.basket_valuation()).all()
    read_everything(plan)


def test_where_nothing_at_all_is_eaten_the_basket_asked_for_is_weighed() -> None:
    """72 corn at 1 and 9 machines at 2 are asked for: (72 x 3 + 9 x 8) / 90 = 3.2."""
    problem = problem_of(closed_economy())
    plan = plan_of(problem, {}, {"product_balance": np.array([[3.0], [8.0]])})

    assert plan.basket_valuation() == pytest.approx([3.2] * 4)
    read_everything(plan)


def test_without_households_collective_consumption_is_weighed() -> None:
    economy = changed(
        two_branch_economy(),
        "demand",
        consumption=np.zeros((2, 1)),
        collective=np.array([70.0, 10.0]),
    )
    plan = make_plan(economy, scenario_of(), seconds_max=60)

    assert plan.certificate.holds
    assert np.isfinite(plan.basket_valuation()).all()
    read_everything(plan)


def test_what_is_divided_by_a_valuation_of_zero_is_not_defined() -> None:
    plan = plan_of(problem_of(closed_economy()), {}, {})

    assert plan.basket_valuation() == pytest.approx([0.0] * 4)
    assert plan.valuations().isna().all(axis=None)
    assert plan.currency_valuation().isna().all()
    assert plan.bottlenecks().empty
    read_everything(plan)


def test_a_ratio_is_defined_where_it_is_divided_by_something() -> None:
    found = ratio(np.array([[1.0, 2.0, 3.0], [np.nan, 0.0, 4.0]]), np.array([2.0, 0.0, np.nan]))

    assert found[0].tolist()[:1] == [0.5]
    assert np.isnan(found).tolist() == [[False, True, True], [True, True, True]]


@pytest.mark.parametrize("field", ["consumption", "prices"])
def test_an_economy_that_consumes_nothing_is_refused(field: str) -> None:
    economy = two_branch_economy()
    if field == "consumption":
        economy = changed(economy, "demand", consumption=np.zeros((2, 1)))
    else:
        economy = changed(economy, "products", prices=np.zeros(2))

    with pytest.raises(InputError, match="nobody consumes anything that has a price") as caught:
        lay_out(economy, scenario_of())
    assert "table of consumption" in caught.value.mend
