"""What easing a shock is worth, against what plans under an eased shock really gain."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from counterplan.economy.economy import Economy
from counterplan.plan import shocks as given
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings
from counterplan.report.pressure import pressures_of
from counterplan.solve.program import Engine
from tests.plan.builders import changed, scenario_of, two_branch_economy
from tests.report.plans import Page, number

STEP = 1e-3
SHORT = Mandate(foreign=ForeignRules(reserves_floor=3.0))


def plan_of(shock: Any, *, economy: Economy | None = None) -> Plan:
    """Return the plan of the two branches under one shock."""
    scenario = scenario_of(mandate=SHORT, shocks=(shock,))
    return make_plan(economy or two_branch_economy(), scenario, engine=Engine.SIMPLEX)


def cap(share: float) -> given.QuantityShock:
    """A cap on imports of machines in 2021: 3 machines at 2 crowns as observed."""
    return given.QuantityShock(
        kind="import_limit", products=("machine",), share=share, start=2021, end=2021
    )


def debt(amount: float) -> given.DebtShock:
    return given.DebtShock(kind="debt_service", amounts={2021: amount})


def outage(share: float) -> given.CapacityShock:
    return given.CapacityShock(
        kind="capacity", branches=("agriculture",), share=share, start=2021, end=2021
    )


def breakdown(share: float) -> given.OutageShock:
    return given.OutageShock(kind="outage", producers=("farm",), share=share, start=2021, end=2021)


def illness(factor: float) -> given.LabourShock:
    return given.LabourShock(kind="labour", skills=("*",), factor=factor, start=2021, end=2021)


def loss(lost: float) -> given.ReserveShock:
    return given.ReserveShock(kind="reserves", lost=lost)


@pytest.mark.parametrize(
    ("make", "level", "unit"),
    [
        (cap, 0.6, 6.0),  # a step of the share is six crowns of machines
        (debt, 2.5, -1.0),  # one dollar more due is one taken
        (breakdown, 0.8, 200.0),  # the farm is all there is in its branch
        (outage, 0.8, 200.0),  # 100 units of land at 2 crowns
        (illness, 0.9, 140.0),  # 140 workers
        (loss, 1.5, -1.0),
    ],
)
def test_worth_lies_between_what_easing_adds_and_tightening_takes(
    make: Callable[[float], Any], level: float, unit: float
) -> None:
    values = [plan_of(make(level + way * STEP)).certificate.value for way in (-1, 0, 1)]
    plan = plan_of(make(level))
    (found,) = pressures_of(plan)
    slopes = np.diff(values) / STEP / unit / plan.basket_valuation()[0]
    low, high = sorted(slopes)
    assert low - 1e-3 <= found.worth[0] <= high + 1e-3
    assert high > 0.05
    assert found.acting[0] > 0
    assert found.binding[0] > 0


def test_a_cap_acts_only_while_it_lasts_and_only_where_it_is_the_tightest() -> None:
    plan = plan_of(cap(0.6))
    (found,) = pressures_of(plan)
    assert found.acting.tolist() == [2, 0, 0, 0]  # imports for investment and for other uses
    assert np.isnan(found.worth[1:]).all()
    assert {use for _, use in found.parts} == {"imports", "investment_imports"}
    two = scenario_of(mandate=SHORT, shocks=(cap(0.9), cap(0.6)))
    loose, tight = pressures_of(make_plan(two_branch_economy(), two))
    assert loose.acting.sum() == 0
    assert tight.acting.sum() == 2


def test_a_cap_that_nothing_reaches_is_slack() -> None:
    (found,) = pressures_of(plan_of(cap(5.0)))
    assert found.acting.tolist() == [2, 0, 0, 0]
    assert found.binding.sum() == 0
    assert found.worth[0] == pytest.approx(0.0, abs=1e-9)


def test_what_takes_currency_is_worth_the_currency(small: dict[str, Plan]) -> None:
    plan = small["crisis"]
    price, due = pressures_of(plan)
    currency = plan.currency_valuation().to_numpy()
    np.testing.assert_allclose(price.worth[:-1], currency)
    assert due.worth[0] == pytest.approx(currency[0])
    assert np.isnan(due.worth[1:]).all()
    lost = given.CreditShock(kind="credit", factor=0.25, start=2022)
    economy = changed(two_branch_economy(), "accounts", new_credit=1.0)
    (found,) = pressures_of(plan_of(lost, economy=economy))
    assert found.acting.tolist() == [0, 1, 1, 1]


def test_reserves_that_had_to_stay_anyway_are_worth_what_they_would_free() -> None:
    # Left out, the floor falls with the loss: nothing is freed by having the reserves back but
    # what the years after need not keep.
    scenario = scenario_of(shocks=(loss(1.0),))
    (found,) = pressures_of(make_plan(two_branch_economy(), scenario))
    assert found.worth[0] < pressures_of(plan_of(loss(1.0)))[0].worth[0]


def test_the_page_has_a_row_for_every_shock(russian_page: Page, russian_findings: Findings) -> None:
    head, *rows = russian_page.tables["What it would be worth to ease each shock by one unit"]
    assert head == ["", "one unit of", "2015", "2016", "2017", "after 2017"]
    assert [row[0] for row in rows] == [
        "Brent at 60 dollars a barrel",
        "No new foreign credit; debts that fall due are paid",
        "Capital-goods imports capped at 70 per cent",
        "Food embargo",
    ]
    currency = russian_findings.plan.currency_valuation()
    assert [number(cell) for cell in rows[0][2:5]] == pytest.approx(list(currency), abs=0.0051)
    assert all(cell == "slack" or " of 7)" in cell for cell in rows[2][2:])
    caption = next(one for one in russian_page.tables if one.endswith("capped at 70 per cent"))
    assert len(russian_page.tables[caption]) == 1 + 7


def test_without_a_shock_there_is_no_table(small: dict[str, Plan]) -> None:
    assert pressures_of(small["reference"]) == ()
