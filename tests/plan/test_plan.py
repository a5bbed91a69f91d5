"""The plan's verbs, each against numbers worked out by hand."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from counterplan.plan.certificate import certify
from counterplan.plan.families.consumption import breakpoints
from counterplan.plan.linear import of_block
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate, Satisfaction
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import Problem
from counterplan.plan.scenario import Scenario
from counterplan.plan.shocks import PriceShock
from tests.plan.builders import changed, problem_of, scenario_of
from tests.plan.growing import PATCHERS, RATE, growing_economy

PIECES = len(breakpoints(Satisfaction())) - 1
TREND = np.array([1.02, 1.02**2])
YEARS = ["2021", "2022"]


@cache
def steady() -> Plan:
    """Return the plan without a shock: it keeps the observed course (see the builder)."""
    plan = make_plan(growing_economy(), scenario_of(periods=2), seconds_max=60.0)
    assert plan.certificate.holds
    return plan


def plan_of(
    problem: Problem, primal: dict[str, Any], dual: dict[str, Any], *, title: str = "By hand"
) -> Plan:
    """Return a plan with numbers chosen by hand: quantities, and worth of rows; zero elsewhere."""
    numbers = np.zeros(problem.program.reward.size)
    for name, value in primal.items():
        block = problem.variables.blocks[name]
        full = np.broadcast_to(np.asarray(value, dtype=float), block.lower.shape)
        first = problem.columns[name]
        numbers[first : first + block.size] = full.T.ravel()
    raw = np.zeros(problem.program.row_lower.size)
    for family, worth in dual.items():
        rows = problem.rows[family].rows
        full = np.broadcast_to(np.asarray(worth, dtype=float), rows.shape)
        raw[rows[rows >= 0]] = (-full * problem.outlook.periods.weights)[rows >= 0]
    scenario = scenario_of().model_copy(update={"title": title})
    certificate = certify(problem, primal=numbers, dual=raw)
    return Plan(scenario, problem, numbers, raw, certificate, Making("by hand", 0.0, 0))


def eaten(problem: Problem, basket: np.ndarray) -> np.ndarray:
    """Spread each basket entry [c x P] over the pieces of its satisfaction, in thirds."""
    spread = np.zeros((len(basket), PIECES, basket.shape[1]))
    spread[:, [0, 4, PIECES - 1]] = basket[:, None] / 3
    return spread.reshape(-1, basket.shape[1])


@cache
def by_hand() -> Plan:
    """Return a plan of two years whose every number stands in this function."""
    problem = problem_of(
        growing_economy(), periods=2, mandate=Mandate(foreign=ForeignRules(debt_limit=9.0))
    )
    basket = np.array(
        [
            [30.0, 36.0, 40.0],  # corn for town
            [20.0, 24.0, 25.0],  # corn for country
            [4.0, 5.0, 6.0],  # corn, collective
            [5.0, 6.0, 7.0],  # machines for town
            [2.5, 4.0, 5.0],  # machines for country
            [1.0, 1.5, 2.0],  # machines, collective
        ]
    )
    primal = {
        "activity": [[100.0, 90.0, 95.0], [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]],
        "investment": [[10.0, 20.0, 30.0], [4.0, 6.0, 8.0]],
        "consumption": eaten(problem, basket),
        "imports": [[0.0, 1.0, 0.0], [2.0, 3.0, 4.0]],
        "investment_imports": [[0.0, 0.0, 0.0], [1.0, 4.0, 2.0]],
        "exports": [[20.0, 22.0, 23.0], [0.0, 1.0, 0.0]],
        "reserves": [[4.5, 6.0, 5.0]],
        "credit": [[1.0, 0.0, 0.0]],
        "repayment": [[0.0, 0.25, 0.0]],
    }
    dual = {
        "product_balance": [[1.2, 0.8, 1.0], [2.0, 3.0, 2.5]],
        "foreign_balance": [[3.0, 2.6, 2.0]],
        "capacity": [[0.5, 0.1, 9.0], [0.2, 0.4, 9.0]],
    }
    return plan_of(problem, primal, dual)


# ---- without a shock: the observed course --------------------------------------------------


def near(frame: Any, rows: dict[str, float], *, trend: np.ndarray = TREND) -> None:
    """Assert that a table holds exactly these rows, each on the trend."""
    assert list(frame.columns) == YEARS
    assert list(frame.index) == list(rows)
    for name, base in rows.items():
        assert frame.loc[name].to_numpy() == pytest.approx(base * trend, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("first", [2020, 2021])
@pytest.mark.parametrize(("growth", "people"), [(0.0, 0.0), (0.02, 0.01), (0.02, -0.01)])
def test_a_steady_economy_stays_on_its_course(first: int, growth: float, people: float) -> None:
    """From the observed period or the next, with any growth, in the years after, too."""
    economy = growing_economy(growth=growth, people=people)
    plan = make_plan(economy, scenario_of(first=first, periods=3), seconds_max=60.0)
    trade = economy.trade
    observed = {
        "activity": economy.techniques.activity,
        "investment": economy.capital.investment,
        "capacity": economy.capital.capacity,
        "exports": trade.exports,
        "imports": trade.imports_other,
        "investment_imports": trade.imports_investment,
    }

    assert plan.certificate.holds
    for name, base in observed.items():
        course = base[:, None] * plan.outlook.trend
        np.testing.assert_allclose(plan.quantity(name), course, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(plan.basket(), plan.outlook.baskets, rtol=1e-6)
    assert plan.quantity("moving") == pytest.approx(np.zeros((2, 4)), abs=1e-6)


def test_activity_and_output_of_the_observed_course() -> None:
    near(steady().activity(), {"farming": 100, "making": 16, "patching": 4})
    near(steady().output(), {"corn": 100, "machine": 20})
    near(steady().output_by_branch(), {"agriculture": 100, "industry": 40})


def test_investment_and_employment_of_the_observed_course() -> None:
    near(steady().investment(), {"agriculture": 12 * 2, "industry": 2.4 * 1})
    people = np.array([1.01, 1.01**2])  # the rest of growth is efficiency
    near(
        steady().employment(),
        {"agriculture": 100, "industry": 16 * 1.5 + 4 * PATCHERS},
        trend=people,
    )


def test_consumption_of_the_observed_course() -> None:
    baskets = {
        ("town", "corn"): 34,
        ("country", "corn"): 21,
        ("collective", "corn"): 4,
        ("town", "machine"): 6,
        ("country", "machine"): 3,
        ("collective", "machine"): 1.1,
    }
    near(steady().consumption(), baskets)
    near(steady().consumption_value(), {"town": 46, "country": 27, "collective": 6.2})
    for group in ("town", "country", "collective"):
        assert steady().satisfaction().loc[group].to_numpy() == pytest.approx([1, 1], rel=1e-6)
    assert steady().consumption().index.names == ["group", "product"]


def test_trade_of_the_observed_course() -> None:
    near(steady().imports(), {"corn": 0, "machine": 5.3})
    near(steady().exports(), {"corn": 20, "machine": 0})
    # Corn: 22 used up, 59 eaten; what is taken from store or sold abroad is no domestic use.
    near(steady().domestic_use(), {"corn": 81, "machine": 2 + 10.1 + 13.2})
    near(steady().import_dependence(), {"corn": 0, "machine": 5.3 / 25.3}, trend=np.ones(2))


def test_the_foreign_account_of_the_observed_course() -> None:
    account = steady().foreign_account()

    rows = {
        "exports": 10,
        "credit as observed": 0,
        "new credit": 0,
        "reserves drawn": 0,
        "imports": -5.3,
        "debt service": -0.7,
        "repayment of new credit": 0,
        "transfers": -4,
        "left unused": 0,
    }
    near(account, rows)
    assert steady().reserves().to_numpy() == pytest.approx([5.0, 5.0])


def test_the_summary_of_the_observed_course_is_one_and_the_currency_stands_at_its_price() -> None:
    summary = steady().summary()

    levels = ("household consumption", "output", "investment", "imports", "exports")
    assert list(summary.index) == [f"{name} (trend = 1)" for name in levels] + [
        "valuation of foreign currency"
    ]
    assert summary.iloc[:5].to_numpy() == pytest.approx(np.ones((5, 2)), rel=1e-6)
    assert summary.iloc[5].to_numpy() == pytest.approx([2.0, 2.0], rel=0.03)
    assert steady().valuations().to_numpy() == pytest.approx(
        np.array([[1.0, 1.0], [2.0, 2.0]]), rel=0.02
    )


# ---- numbers chosen by hand ------------------------------------------------------------------


def test_quantities_have_items_in_rows_and_periods_with_the_tail_in_columns() -> None:
    plan = by_hand()

    assert plan.years == ("2021", "2022")
    np.testing.assert_array_equal(
        plan.quantity("activity"), [[100, 90, 95], [10, 20, 30], [1, 2, 3]]
    )
    np.testing.assert_array_equal(plan.activity().to_numpy(), [[100, 90], [10, 20], [1, 2]])


def test_an_expression_is_evaluated_at_the_plan() -> None:
    plan = by_hand()
    block = plan.problem.variables.blocks["activity"]
    twice = of_block(block, plan.outlook.periods) * 2.0 + np.array([1.0, 2.0, 3.0])

    np.testing.assert_allclose(plan.evaluate(twice), [[201, 182, 193], [21, 42, 63], [3, 6, 9]])


def test_output_and_investment_by_branch_are_at_base_prices() -> None:
    plan = by_hand()

    assert plan.output().to_numpy().tolist() == [[100, 90], [11, 22]]
    assert plan.output_by_branch().loc["industry"].tolist() == [22.0, 44.0]
    assert plan.output_by_branch().loc["agriculture"].tolist() == [100.0, 90.0]
    # A unit of land takes a machine at 2, a unit of shop half of one.
    assert plan.investment().loc["agriculture"].tolist() == [20.0, 40.0]
    assert plan.investment().loc["industry"].tolist() == [4.0, 6.0]


def test_employment_counts_people_at_their_efficiency() -> None:
    people = by_hand().employment()

    e1, e2 = 1.02 / 1.01, (1.02 / 1.01) ** 2
    assert people.loc["agriculture"].tolist() == pytest.approx([100 / e1, 90 / e2])
    assert people.loc["industry"].tolist() == pytest.approx(
        [(15 + PATCHERS) / e1, (30 + 2 * PATCHERS) / e2]
    )


def test_consumption_adds_up_its_pieces() -> None:
    plan = by_hand()

    assert plan.basket()[:, 2] == pytest.approx([40, 25, 6, 7, 5, 2])
    assert plan.consumption().loc[("country", "machine")].tolist() == pytest.approx([2.5, 4])
    assert plan.consumption_value().loc["town"].tolist() == pytest.approx([40, 48])
    assert plan.consumption_value().loc["collective"].tolist() == pytest.approx([6, 8])
    wanted = (34 + 12) * TREND
    assert plan.satisfaction().loc["town"].tolist() == pytest.approx([40, 48] / wanted)


def test_import_dependence_is_of_domestic_use() -> None:
    plan = by_hand()

    corn = [20 + 1 + 0.1 + 54, 18 + 2 + 0.2 + 65]
    machine = [1 + 0.1 + 8.5 + 12, 2 + 0.2 + 11.5 + 23]
    assert plan.domestic_use().loc["corn"].tolist() == pytest.approx(corn)
    assert plan.domestic_use().loc["machine"].tolist() == pytest.approx(machine)
    assert plan.imports().loc["machine"].tolist() == [3.0, 7.0]
    assert plan.import_dependence().loc["corn"].tolist() == pytest.approx([0, 1 / corn[1]])
    assert plan.import_dependence().loc["machine"].tolist() == pytest.approx(
        [3 / machine[0], 7 / machine[1]]
    )


def test_what_is_not_used_does_not_depend_on_imports() -> None:
    plan = plan_of(by_hand().problem, {}, {})

    assert (plan.import_dependence() == 0).all(axis=None)


def test_every_entry_of_the_foreign_account() -> None:
    account = by_hand().foreign_account()

    expected = {
        "exports": [10.0, 12.0],
        "credit as observed": [0.0, 0.0],
        "new credit": [1.0, 0.0],
        "reserves drawn": [0.5, -1.5],
        "imports": [-3.0, -7.5],
        "debt service": [-0.7 * 1.02, -0.7 * 1.02**2],
        "repayment of new credit": [0.0, -0.25],
        "transfers": [-4 * 1.02, -4 * 1.02**2],
    }
    for name, values in expected.items():
        assert account.loc[name].tolist() == pytest.approx(values), name
    unused = [-sum(values[t] for values in expected.values()) for t in range(2)]
    assert account.loc["left unused"].tolist() == pytest.approx(unused)
    assert account.index.tolist() == [*expected, "left unused"]
    assert account.sum().to_numpy() == pytest.approx([0.0, 0.0], abs=1e-12)


def test_what_is_left_unused_is_the_slack_of_the_foreign_balance() -> None:
    drop = PriceShock(kind="export_price", products=("corn",), factor=0.75)
    mandate = Mandate(foreign=ForeignRules(reserves_floor=1.0, credit={2021: 1.0}, debt_limit=2.0))
    plan = make_plan(
        growing_economy(), scenario_of(mandate=mandate, shocks=(drop,)), seconds_max=60.0
    )
    account = plan.foreign_account()

    assert plan.certificate.holds
    assert account.loc["left unused"].to_numpy() == pytest.approx(np.zeros(3), abs=1e-6)
    assert account.loc["reserves drawn"].sum() == pytest.approx(4.0, abs=1e-5)
    assert plan.reserves().iloc[-1] == pytest.approx(1.0, abs=1e-5)


def test_worth_is_in_the_money_of_its_own_period() -> None:
    plan = by_hand()
    weights = plan.outlook.periods.weights

    row = plan.problem.rows["foreign_balance"].rows[0, 1]
    assert plan.dual[row] == pytest.approx(-2.6 * 0.96)
    np.testing.assert_allclose(plan.worth("foreign_balance"), [[3.0, 2.6, 2.0]])
    assert np.isnan(plan.worth("import_share")[0]).all()
    # An equation is worth what one more unit on its right-hand side adds: the other sign.
    raw = np.zeros_like(plan.dual)
    share = plan.problem.rows["import_share"].rows[1]
    raw[share] = 0.3 * weights
    other = Plan(plan.scenario, plan.problem, plan.primal, raw, plan.certificate, plan.making)
    np.testing.assert_allclose(other.worth("import_share")[1], 0.3)


def test_the_baskets_valuation_is_weighted_by_what_households_consume() -> None:
    value = by_hand().basket_valuation()

    first = (1.2 * 50 + 2.0 * 7.5) / (1 * 50 + 2 * 7.5)
    second = (0.8 * 60 + 3.0 * 10) / (1 * 60 + 2 * 10)
    after = (1.0 * 65 + 2.5 * 12) / (1 * 65 + 2 * 12)
    assert value == pytest.approx([first, second, after])


def test_valuations_are_published_against_the_basket() -> None:
    plan = by_hand()
    basket = plan.basket_valuation()

    assert plan.valuations().loc["corn"].tolist() == pytest.approx(
        [1.2 / basket[0], 0.8 / basket[1]]
    )
    assert plan.currency_valuation().tolist() == pytest.approx([3 / basket[0], 2.6 / basket[1]])
    assert plan.currency_valuation().index.tolist() == YEARS


def test_scaling_every_valuation_changes_no_published_one() -> None:
    plan = by_hand()
    twice = Plan(
        plan.scenario, plan.problem, plan.primal, 2 * plan.dual, plan.certificate, plan.making
    )

    assert twice.valuations().to_numpy() == pytest.approx(plan.valuations().to_numpy())
    assert twice.currency_valuation().to_numpy() == pytest.approx(
        plan.currency_valuation().to_numpy()
    )
    assert twice.rents().to_numpy() == pytest.approx(plan.rents().to_numpy())


def test_rents_are_against_the_user_cost_and_bottlenecks_are_the_highest() -> None:
    plan = by_hand()
    basket = plan.basket_valuation()
    land, shop = (RATE + 0.1) * 2.0, (RATE + 0.1) * 1.0

    rents = plan.rents()
    assert rents.loc["land"].tolist() == pytest.approx(
        [0.5 / basket[0] / land, 0.1 / basket[1] / land]
    )
    assert rents.loc["shop"].tolist() == pytest.approx(
        [0.2 / basket[0] / shop, 0.4 / basket[1] / shop]
    )

    narrow = plan.bottlenecks()
    assert narrow.index.tolist() == ["shop", "land"]
    assert narrow.loc["shop"].tolist() == [
        "industry",
        "2022",
        pytest.approx(0.4 / basket[1] / shop),
    ]
    assert narrow.loc["land"].tolist() == [
        "agriculture",
        "2021",
        pytest.approx(rents.loc["land"].max()),
    ]
    assert plan.bottlenecks(most=1).index.tolist() == ["shop"]


def test_the_summary_is_against_the_trend() -> None:
    summary = by_hand().summary()

    rows = {
        "household consumption": np.array([65.0, 80.0]) / 73,
        "output": np.array([122.0, 134.0]) / 140,
        "investment": np.array([24.0, 46.0]) / 26.4,
        "imports": np.array([6.0, 15.0]) / 10.6,
        "exports": np.array([20.0, 24.0]) / 20,
    }
    for name, level in rows.items():
        assert summary.loc[f"{name} (trend = 1)"].tolist() == pytest.approx(level / TREND)


def test_what_was_not_there_in_the_base_period_has_no_level() -> None:
    closed = changed(
        growing_economy(),
        "trade",
        exports=np.zeros(2),
        imports_other=np.zeros(2),
        imports_investment=np.zeros(2),
    )
    plan = plan_of(problem_of(closed, periods=2), {"consumption": 0.1}, {"product_balance": 1.0})

    assert not any("ports" in name for name in plan.summary().index)
    assert "output (trend = 1)" in plan.summary().index


# ---- everything at once ----------------------------------------------------------------------


def test_the_dataset_holds_every_variable_and_every_worth_with_its_unit() -> None:
    plan = by_hand()
    data = plan.dataset

    variables = set(plan.problem.variables.blocks)
    worths = {f"worth of {name}" for name in plan.problem.rows}
    assert set(data.data_vars) == variables | worths
    assert data["period"].values.tolist() == ["2021", "2022", "after"]
    assert data.attrs["scenario"] == "test"
    assert all("unit" in array.attrs for array in data.data_vars.values())


def test_the_datasets_labels_and_units() -> None:
    data = by_hand().dataset

    activity = data["activity"]
    assert activity.dims == ("activity item", "period")
    assert activity.sel({"activity item": "making", "period": "after"}).item() == 30.0
    assert activity.attrs["unit"] == "units of activity"
    assert data["exports"].attrs["unit"] == "product units"
    assert data["reserves"].attrs["unit"] == "dollar"
    worth = data["worth of product_balance"]
    assert worth.sel({"product_balance row": "machine", "period": "2022"}).item() == pytest.approx(
        3
    )
    assert worth.attrs["unit"] == "base money per product units"


def test_a_notebook_shows_the_verdict_and_the_summary() -> None:
    good, bad = steady()._repr_html_(), by_hand()._repr_html_()

    assert good.startswith("<p><b>Test</b>: certified, gap ")
    assert "<p><b>By hand</b>: NOT certified" in bad
    assert "household consumption (trend = 1)" in good
    assert "<td>1.000</td>" in good


def test_a_title_is_text_and_not_a_page() -> None:
    plan = plan_of(
        by_hand().problem,
        {"consumption": 0.1},
        {"product_balance": 1.0},
        title="<script>alert(1)</script> & co",
    )

    shown = plan._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in shown


def test_the_plan_knows_its_scenario_and_how_it_was_made() -> None:
    plan = steady()

    assert isinstance(plan.scenario, Scenario)
    assert plan.economy.name == "growing"
    assert plan.making.engine == "ipx"
    assert plan.making.bound is None
    assert plan.making.iterations > 0
