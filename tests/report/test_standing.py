"""What plans hold, against sums by hand and the plan's own verbs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from counterplan.errors import InputError
from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import PriceShock
from counterplan.report.findings import Findings
from counterplan.report.sections.trade import cover
from counterplan.report.standing import (
    check_comparable,
    index,
    standing_of,
    terms_of_trade,
    trend_of,
)
from tests.plan.builders import changed, scenario_of, two_branch_economy
from tests.report.plans import Page, number


def test_the_observed_course_by_hand(small: dict[str, Plan]) -> None:
    # Prices 1 and 2: 70 corn and 10 machines are 90 crowns of consumption, 100 corn and 20
    # machines 140 of output, 10 and 1 machines 22 of investment, 3 machines 6 of imports, 8 corn 8
    # of exports. Corn used: 20 + 2 + 70; machines: 2 + 11 + 10.
    course = trend_of(small["crisis"])
    expected = {
        "household consumption": 90.0,
        "collective consumption": 0.0,
        "investment": 22.0,
        "output": 140.0,
        "imports": 6.0,
        "exports": 8.0,
    }
    totals = course.totals()
    for name, value in expected.items():
        np.testing.assert_allclose(totals.loc[name], value, err_msg=name)
    np.testing.assert_allclose(course.use["2021"], [92.0, 2 * 23.0])
    np.testing.assert_allclose(course.dependence()["2021"], [0.0, 3 / 23])
    np.testing.assert_allclose(course.dependence_of_all(), 6 / 138)
    np.testing.assert_allclose(course.people.sum(), 140.0)


def test_the_observed_course_grows_on_the_trend() -> None:
    economy = replace(
        two_branch_economy(), trend=replace(two_branch_economy().trend, growth=0.02, labour=0.005)
    )
    course = trend_of(make_plan(economy, scenario_of(periods=2)))
    np.testing.assert_allclose(course.totals().loc["output"], [140 * 1.02, 140 * 1.02**2])
    np.testing.assert_allclose(course.people.sum(), [140 * 1.005, 140 * 1.005**2])


def test_a_plan_without_a_shock_holds_the_observed_course(russia: dict[str, Plan]) -> None:
    plan = russia["reference"]
    now, course = standing_of(plan, title="now"), trend_of(plan)
    for name in ("consumption", "output", "investment", "people", "imports", "exports", "use"):
        pd.testing.assert_frame_equal(
            getattr(now, name), getattr(course, name), rtol=1e-3, atol=5.0, check_names=False
        )


def test_totals_are_those_of_the_plan(russia: dict[str, Plan]) -> None:
    plan = russia["crisis"]
    totals = standing_of(plan, title="now").totals()
    money = plan.consumption_value()
    np.testing.assert_allclose(totals.loc["household consumption"], money.loc["households"])
    np.testing.assert_allclose(totals.loc["collective consumption"], money.loc["collective"])
    np.testing.assert_allclose(totals.loc["investment"], plan.investment().sum())
    np.testing.assert_allclose(totals.loc["imports"], plan.imports().sum())  # prices are 1


def test_dependence_is_the_plans_own(russian_findings: Findings) -> None:
    plan = russian_findings.plan
    pd.testing.assert_frame_equal(russian_findings.now.dependence(), plan.import_dependence())


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        (scenario_of(periods=2), "covers 2021 to 2022, and the plan 'test' 2021 to 2023"),
        (None, "is of another economy: other products"),
    ],
)
def test_only_plans_of_one_economy_and_horizon_are_compared(
    small: dict[str, Plan], other: object, complaint: str
) -> None:
    economy = two_branch_economy()
    if other is None:
        economy, other = changed(economy, "products", codes=("maize", "machine")), scenario_of()
    with pytest.raises(InputError, match=complaint) as caught:
        check_comparable(small["crisis"], make_plan(economy, other), role="the reference")  # type: ignore[arg-type]
    assert caught.value.mend


def test_value_added_and_terms_of_trade_by_hand(small: dict[str, Plan]) -> None:
    # Corn adds 1 - 0.2 crowns, a machine 2 - 0.1 - 0.2: 80 + 34 crowns as observed. What is spent
    # at home and on investment, 90 + 22, and 8 of exports less 6 of imports come to the same.
    np.testing.assert_allclose(trend_of(small["crisis"]).totals().loc["value added"], 114.0)
    usual = standing_of(small["reference"], title="usual")
    np.testing.assert_allclose(usual.terms, 1.0)
    totals = usual.totals()
    np.testing.assert_allclose(totals.loc["real income"], totals.loc["value added"])
    np.testing.assert_allclose(totals.loc["value added"].iloc[0], 114.0, rtol=1e-4)
    # Corn at half its price: each tonne exported buys half as many machines.
    crisis = standing_of(small["crisis"], title="crisis")
    np.testing.assert_allclose(crisis.terms, 0.5)
    totals = crisis.totals()
    np.testing.assert_allclose(
        totals.loc["real income"], totals.loc["value added"] - 0.5 * totals.loc["exports"]
    )


def test_value_added_is_what_is_spent(russia: dict[str, Plan]) -> None:
    for plan in russia.values():
        totals = standing_of(plan, title="now").totals()
        other = np.asarray(plan.economy.products.prices @ plan.outlook.other)[:3]
        parts = ["household consumption", "collective consumption", "investment", "exports"]
        spent = totals.loc[parts].to_numpy().sum(axis=0) + other - totals.loc["imports"].to_numpy()
        np.testing.assert_allclose(totals.loc["value added"], spent, rtol=2e-3)


def test_terms_of_trade_with_dearer_imports_and_without_trade() -> None:
    dearer = PriceShock(kind="import_price", products=("machine",), factor=1.25)
    plan = make_plan(two_branch_economy(), scenario_of(shocks=(dearer,)))
    np.testing.assert_allclose(terms_of_trade(plan), 0.8)
    np.testing.assert_allclose(index(np.zeros((2, 3)), np.ones((2, 3)), np.ones(2)), 1.0)


def test_reserves_in_months_of_imports(russian_page: Page, russia: dict[str, Plan]) -> None:
    rows = {row[0]: row[1:] for row in russian_page.tables["Foreign account, billion USD"]}
    held, paid = rows["Reserves at the end"], rows["Imports"]
    for t in range(3):
        months = 12 * number(held[t]) / -number(paid[t])
        assert number(rows["The same in months of imports"][t]) == pytest.approx(months, abs=0.06)
    terms = 100 * terms_of_trade(russia["crisis"]).to_numpy()[:3]
    shown = [number(cell) for cell in rows["Terms of trade, 2014 = 100"][:3]]
    assert shown == pytest.approx(list(terms), abs=0.05)
    monthly = replace(russia["crisis"].economy, period="month")
    outlook = replace(russia["crisis"].outlook, economy=monthly)
    plan = replace(russia["crisis"], problem=replace(russia["crisis"].problem, outlook=outlook))
    assert cover(plan)[0] == pytest.approx(cover(russia["crisis"])[0] / 12)
