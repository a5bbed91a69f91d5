"""Plans in months: a year told in twelve periods is planned as the same year in one.

The independent truth is the yearly plan: no number of the monthly one comes from it. Trends differ
in timing (a year's growth stands in the whole first year, and in months only at its end), so sums
of months are compared against the trend. What remains is what a finer calendar can do that a year
cannot: begin to build in March what is used in the next April, and spread a first shock.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.checks import check_economy
from counterplan.economy.economy import Economy, no_projects
from counterplan.economy.finding import Severity
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy
from counterplan.plan.explain import explain
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import Mandate
from counterplan.plan.names import capacity_measure
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import PriceShock
from tests.plan.builders import scenario_of
from tests.plan.months import MONTHS, monthly, monthly_mandate

DISCOUNT = 0.98  # a month
SOLD = {"three-workplaces": ("grain-north",), "russia-2014": ("B", "C19")}


@cache
def economy_of(name: str) -> Economy:
    """Return a packaged economy without projects, which only branch and bound decides."""
    return replace(read_package(packaged_economy(name)), projects=no_projects())


def shocks_of(name: str, *, price: float) -> tuple[PriceShock, ...]:
    if price == 1:
        return ()
    return (PriceShock(kind="export_price", products=SOLD[name], factor=price),)


@cache
def both(name: str, *, months: int, price: float, discount: float = DISCOUNT) -> tuple[Plan, Plan]:
    """Return the plan in years and the plan in months."""
    economy, shocks = economy_of(name), shocks_of(name, price=price)
    years = scenario_of(
        first=economy.base_period + 1,
        periods=months // MONTHS,
        mandate=Mandate(discount=discount**MONTHS),
        shocks=shocks,
    )
    mandate = monthly_mandate(Mandate(), discount=discount)
    asked = scenario_of(first=1, periods=months, mandate=mandate, shocks=shocks)
    yearly = make_plan(economy, years, seconds_max=100)
    in_months = make_plan(monthly(economy), asked, seconds_max=200)
    assert yearly.certificate.holds
    assert in_months.certificate.holds
    return yearly, in_months


def headlines(plan: Plan) -> pd.DataFrame:
    """Return money flows at base prices by period."""
    price = plan.economy.products.prices
    return pd.DataFrame(
        {
            "output": plan.output_by_branch().sum(),
            "consumption": plan.consumption_value().sum(),
            "investment": plan.investment().sum(),
            "exports": plan.exports().mul(price, axis=0).sum(),
            "imports": plan.imports().mul(price, axis=0).sum(),
        }
    )


def yearly_sums(frame: pd.DataFrame) -> pd.DataFrame:
    """Return sums over each twelve months."""
    return frame.groupby(np.arange(len(frame)) // MONTHS).sum()


def against_trend(plan: Plan) -> np.ndarray:
    """Return the headlines of each year against the trend of its periods."""
    lines, trend = headlines(plan), pd.DataFrame({"trend": plan.outlook.trend[:-1]})
    if plan.economy.period == "month":
        lines, trend = yearly_sums(lines), yearly_sums(trend) / MONTHS
    return lines.to_numpy() / trend.to_numpy()


def assert_alike(yearly: Plan, in_months: Plan, *, within: float, investment: float) -> None:
    """Check the sums of months against the years: investment apart, which timing moves most."""
    ratio = against_trend(in_months) / against_trend(yearly)
    flows = np.array([True, True, False, True, True])
    assert np.abs(ratio[:, flows] - 1).max() <= within, ratio
    assert np.abs(ratio[:, 2] - 1).max() <= investment, ratio


def test_an_economy_in_months_keeps_its_accounts() -> None:
    for name in SOLD:
        found = check_economy(monthly(economy_of(name)))
        assert [one for one in found if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize(("price", "within"), [(1.0, 0.01), (0.6, 0.025)])
def test_two_years_of_three_workplaces_in_months(price: float, within: float) -> None:
    # Under the shock one period weighs on the next, and there are twelve in a year to answer in.
    yearly, in_months = both("three-workplaces", months=24, price=price)

    assert_alike(yearly, in_months, within=within, investment=1.6 * within)
    change = in_months.output_by_branch().pct_change(axis=1).iloc[:, 1:].abs()
    assert change.max().max() <= 0.02  # a month; the design's limit is 15% a year


def test_the_observed_month_goes_on_where_nothing_happens() -> None:
    _, in_months = both("three-workplaces", months=24, price=1.0)

    first = in_months.output().iloc[:, 0]
    economy = in_months.economy
    observed = np.asarray(economy.techniques.output @ economy.techniques.activity)
    np.testing.assert_allclose(first, observed, rtol=0.005, atol=1e-6 * observed.max())


def test_a_years_discount_of_096_is_its_twelfth_root_in_months() -> None:
    yearly, in_months = both("three-workplaces", months=24, price=1.0, discount=0.96 ** (1 / 12))

    assert_alike(yearly, in_months, within=0.025, investment=0.025)


def test_explanations_of_months_add_up_and_speak_of_months() -> None:
    _, in_months = both("three-workplaces", months=24, price=0.6)

    for product in in_months.economy.products.codes:
        said = explain(in_months, product, 7)
        assert sum(one.value for one in said.total) == pytest.approx(said.valuation, abs=1e-5)
        assert " a year" not in said.text()
    # A hectare that gives 4 t a year gives a twelfth of it a month.
    assert capacity_measure(in_months.economy, 0) == (pytest.approx(4 / MONTHS), "t a month")
    assert len(explain(in_months, "bread").years) == 24


@pytest.mark.slow
@pytest.mark.parametrize(
    ("price", "within", "investment"), [(1.0, 0.015, 0.02), (0.6, 0.025, 0.06)]
)
def test_a_year_of_russia_in_months(price: float, within: float, investment: float) -> None:
    yearly, in_months = both("russia-2014", months=12, price=price)

    assert_alike(yearly, in_months, within=within, investment=investment)
    change = in_months.output_by_branch().pct_change(axis=1).iloc[:, 1:].abs()
    assert change.max().max() <= 0.02
    year, months = yearly.currency_valuation(), in_months.currency_valuation()
    assert months.mean() == pytest.approx(year.iloc[0], rel=0.05)


@pytest.mark.slow
def test_two_years_of_russia_under_a_fallen_oil_price_in_months() -> None:
    yearly, in_months = both("russia-2014", months=24, price=0.6)

    assert_alike(yearly, in_months, within=0.02, investment=0.06)
    year, months = yearly.currency_valuation(), in_months.currency_valuation()
    for k in range(2):
        mean = months.iloc[k * MONTHS : (k + 1) * MONTHS].mean()
        assert mean == pytest.approx(year.iloc[k], rel=0.1)
