"""The United States of 2017 against the Bureau of Economic Analysis' own files and totals."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.checks import Severity, check_economy
from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.derive.united_states import GIVEN, united_states_2017
from counterplan.economy.economy import Economy, Grade
from counterplan.plan.certificate import certify
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from counterplan.plan.reproduction import as_observed, deviations
from tests.economy.derive.steady_state import observed_path

pytestmark = pytest.mark.shared

SUBSIDISED = {"S00102", "S00201"}  # federal enterprises; state and local passenger transit


@pytest.fixture(scope="module")
def states(shared: Path) -> Economy:
    return united_states_2017(shared)


@pytest.fixture(scope="module")
def make(shared: Path) -> pd.DataFrame:
    path = shared / "data" / "bea_us" / "Detail_Make_2017_AfterRedef_17sch.parquet"
    return pd.read_parquet(path).set_index("row").astype(float)


@pytest.fixture(scope="module")
def use(shared: Path) -> pd.DataFrame:
    path = shared / "data" / "bea_us" / "Detail_Use_2017_PRO_AfterRedef_17sch.parquet"
    return pd.read_parquet(path).set_index("row").astype(float)


@pytest.fixture(scope="module")
def stock(shared: Path) -> pd.DataFrame:
    folder = shared / "data" / "bea_us"
    table = pd.read_parquet(folder / "fixed_assets_net_stock_current_cost_2000_2017.parquet")
    table["asset"] = table["asset"].str.strip()
    return table.set_index(["industry", "asset"])["2017"].astype(float)


def value_of_stock(economy: Economy) -> pd.Series:
    """Capital at base prices by industry and asset class [million USD]."""
    capital = economy.capital
    worth = np.asarray(capital.composition.sum(axis=0)) * capital.capacity
    index = pd.MultiIndex.from_arrays([economy.branch_of_capital(), capital.assets])
    return pd.Series(worth, index=index)


def test_every_industry_makes_what_the_make_table_shows(states: Economy, make: pd.DataFrame):
    techniques = states.techniques
    assert len(techniques) == len(states.products) == 402
    made = techniques.output.toarray() * techniques.activity
    shown = make.loc[list(techniques.codes), list(states.products.codes)].to_numpy().T
    assert made == pytest.approx(shown)
    assert np.asarray(techniques.output.sum(axis=0)) == pytest.approx(np.ones(402))
    assert (np.diff(techniques.output.tocsc().indptr) > 1).sum() > 300  # joint production


def test_the_base_period_balances(states: Economy):
    largest = float(states.techniques.activity.max())
    assert np.abs(base_balance(states)).max() < 1e-9 * largest
    assert not [f for f in check_economy(states) if f.severity is Severity.ERROR]


def test_prices_of_one_are_a_steady_state(states: Economy):
    costs = base_prices(states, discount=GIVEN.discount)
    need = states.labour.need.toarray()[0]
    gap = 1 - costs.products - costs.capital - need  # labour is counted in its cost: pay of 1
    assert np.abs(gap).max() < 1e-12
    assert need.min() > 0


def test_only_subsidised_industries_are_paid_for_by_the_public(states: Economy, use: pd.DataFrame):
    techniques = states.techniques
    shown = use.loc[list(states.products.codes), list(techniques.codes)].to_numpy()
    kept = techniques.use.toarray() * techniques.activity
    changed = np.abs(kept - np.maximum(shown, 0)).max(axis=0) > 1e-6
    assert {code for code, c in zip(techniques.codes, changed, strict=True) if c} == SUBSIDISED
    # Transit sells 16,928 and uses 26,997: all but 0.5% of its sales pays for products.
    note = next(note for note in states.notes if note.startswith("Other final use holds"))
    paid = 26_997 - 0.995 * 16_928
    assert f"subsidised inputs of S00201 {paid:,.0f}" in note


def test_gross_domestic_product_is_the_published_one(states: Economy):
    # National income and product accounts, table 1.1.5, 2017: 19,612.1 billion dollars; what
    # two subsidised industries use beyond their sales, 12.4 billion, is final use here.
    left = states.net_output @ states.techniques.activity
    assert left.sum() / 1e3 == pytest.approx(19_612.1 + 12.4, abs=1.5)


def test_final_use_is_the_table_without_its_negative_cells(states: Economy, use: pd.DataFrame):
    rows = list(states.products.codes)
    households = use.loc[rows, "F01000"].to_numpy()
    assert states.demand.consumption[:, 0] == pytest.approx(np.maximum(households, 0))
    assert states.trade.exports == pytest.approx(use.loc[rows, "F04000"].to_numpy())
    government = use.loc[rows, ["F06C00", "F07C00", "F10C00"]].to_numpy()
    assert states.demand.collective == pytest.approx(np.maximum(government, 0).sum(axis=1))


def test_what_is_built_is_observed_investment(states: Economy, use: pd.DataFrame):
    columns = [c for c in use.columns if c[:3] in {"F02", "F06", "F07", "F10"} and c[3] != "C"]
    assert len(columns) == 13
    shown = np.maximum(use.loc[list(states.products.codes), columns].to_numpy(), 0).sum(axis=1)
    built = states.capital.composition @ states.capital.investment
    assert built == pytest.approx(shown, rel=1e-12, abs=1e-9)


def test_imports_are_those_of_the_table(states: Economy, shared: Path):
    path = shared / "data" / "bea_us" / "Detail_Import_2017_BeforeRedef_17sch.parquet"
    table = pd.read_parquet(path).set_index("row").astype(float)
    rows = table.loc[list(states.products.codes)]
    users = [code for code in rows.columns if code in states.techniques.codes or code[0] == "F"]
    used = rows[users].drop(columns="F05000").sum(axis=1).to_numpy()
    trade = states.trade
    imports = trade.imports_other + trade.imports_investment
    # Households' -26 of the rest of the world's adjustment are no imports.
    assert imports == pytest.approx(np.maximum(used, 0))
    assert imports == pytest.approx(-rows["F05000"].to_numpy(), abs=30)  # cells are rounded
    built = states.capital.composition @ states.capital.investment
    assert np.all(trade.imports_investment <= built + 1e-9)


def test_what_no_plan_can_change_is_named(states: Economy):
    other = dict(zip(states.products.codes, states.demand.other, strict=True))
    # Used goods: sold by investors 135,828 and by industries 708; 4,113 were added to stocks.
    sold = 116_054 + 2586 + 4 + 4 + 2683 + 14_497 + 708
    assert other["S00402"] == pytest.approx(4113 - sold, abs=30)  # rows are printed rounded
    # What visitors spend is taken off households' spending and put into exports.
    assert other["S00900"] == pytest.approx(-200_997, abs=30)
    assert other["S00401"] == pytest.approx(86 - 12_990 - 9109, abs=30)
    note = next(note for note in states.notes if note.startswith("Other final use holds"))
    assert "duties and carriage inside the value of imports 61,631" in note
    assert "inventories 32,674" in note


def test_stock_by_asset_class_is_that_of_the_fixed_assets(states: Economy, stock: pd.Series):
    value = value_of_stock(states)
    farms = value.loc[["1111A0", "1111B0", "111200", "111300", "111400", "111900"]]
    farms = pd.concat([farms, value.loc[["112120", "1121A0", "112300", "112A00"]]])
    by_class = farms.groupby(level=1).sum()
    counted = {"structures": "ST00", "equipment": "EQ00", "intellectual": "IP00"}
    for name, code in counted.items():
        assert by_class[name] == pytest.approx(stock["110C", code], abs=10)  # printed rounded


def test_industries_need_several_kinds_of_capital(states: Economy):
    items = pd.Series(states.branch_of_capital()).value_counts()
    assert items["331110"] == items["GSLGE"] == 3
    assert items["531HSO"] == items["531HST"] == 1
    # Duties and household servants use no products, and nobody counts capital for them.
    assert set(states.techniques.codes) - set(items.index) == {"4200ID", "814000"}
    need = states.capital.need.tocsc()
    assert need.toarray().sum(axis=0).max() == 3
    used = need @ states.techniques.activity
    assert used == pytest.approx(states.capital.capacity)


def test_what_capital_is_made_of_differs_in_the_known_ways(states: Economy):
    capital = states.capital
    made_of = capital.composition.toarray()
    share = made_of / made_of.sum(axis=0)
    column = {code: e for e, code in enumerate(capital.codes)}
    tractors, wells, aircraft = (states.product(code) for code in ("333111", "21311A", "336411"))
    assert share[tractors, column["1111B0 equipment"]] > 0.25
    assert share[tractors, column["541100 equipment"]] < 0.01
    assert share[wells, column["211000 structures"]] > 0.5
    assert share[wells, column["541100 structures"]] < 0.05
    assert share[aircraft, column["481000 equipment"]] > 0.5
    assert share[states.product("541700"), column["325412 intellectual"]] > 0.7
    assert share[states.product("512100"), column["512100 intellectual"]] > 0.3  # films


def test_capital_wears_out_as_fast_as_investment_says(states: Economy):
    capital = states.capital
    growing = (1 - capital.depreciation) * capital.capacity + capital.investment
    assert growing == pytest.approx((1 + GIVEN.growth) * capital.capacity)
    # From public works, 0.0202, to software alone, 0.33 to 0.55 before scaling.
    assert capital.depreciation.min() == pytest.approx(0.0169, abs=1e-4)  # dwellings
    assert capital.depreciation.max() < 0.7


def test_user_cost_leaves_a_fifth_for_labour(states: Economy):
    costs = base_prices(states, discount=GIVEN.discount)
    value = np.maximum(1 - costs.products, GIVEN.least_value_added)
    assert (costs.capital / value).max() < GIVEN.user_cost_share + 1e-9
    cut = next(note for note in states.notes if note.startswith("Stock that its industries"))
    assert "2110" in cut  # oil and gas: little surplus in 2017 for what stands there
    assert "110C" not in cut


def test_every_field_is_graded(states: Economy):
    grades = {field: given.grade for field, given in states.provenance.items()}
    assert grades["techniques.activity"] is Grade.OBSERVED
    assert grades["techniques.use"] is Grade.DERIVED
    assert grades["capital.capacity"] is grades["labour.need"] is Grade.ESTIMATED
    assert not [f for f in check_economy(states) if f.check == "sources"]


def test_surplus_of_trade_is_what_the_world_lends(states: Economy):
    trade = states.trade
    imports = trade.imports_other + trade.imports_investment
    assert states.accounts.transfers == pytest.approx(trade.exports.sum() - imports.sum())
    assert states.accounts.transfers < 0


def test_the_observed_path_is_proved_to_be_a_best_plan(states: Economy):
    """No solver: base prices as valuations bound every plan's value by the observed path's."""
    problem = assemble(lay_out(states, as_observed(states, periods=5)))
    found = observed_path(problem)
    certificate = certify(problem, primal=found.primal, dual=found.dual)
    assert certificate.residual < 1e-9
    assert abs(certificate.gap) < 1e-9


def test_a_price_that_is_wrong_proves_nothing(states: Economy):
    problem = assemble(lay_out(states, as_observed(states, periods=1)))
    found = observed_path(problem)
    dear = found.dual.copy()
    dear[problem.rows["labour"].rows] *= 1.01
    assert certify(problem, primal=found.primal, dual=dear).gap > 1e-3


@pytest.mark.slow
def test_a_solver_finds_the_observed_year(states: Economy):
    plan = make_plan(states, as_observed(states, periods=1), seconds_max=200)
    assert plan.certificate.residual <= 1e-7
    away = deviations(plan)
    assert away["total"].max() < 1e-6
    assert away["worst"].max() < 1e-3
