from dataclasses import replace

import numpy as np
import pytest

from counterplan.economy.derive import Assumptions, Emission, Wages, derive_economy
from counterplan.economy.economy import Economy, Grade
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError

RHO = 1 / 0.96 - 1


def supply_left(economy: Economy) -> np.ndarray:
    """V x + m - U x - B J - c - g - o - e, written out densely."""
    x = economy.techniques.activity
    made = economy.techniques.output.toarray() @ x + economy.trade.imports_other
    made = made + economy.trade.imports_investment
    used = economy.techniques.use.toarray() @ x + economy.demand.consumption.sum(axis=1)
    used = used + economy.demand.collective + economy.demand.other + economy.trade.exports
    return made - used - economy.capital.composition.toarray() @ economy.capital.investment


def profit(economy: Economy, *, pay: np.ndarray) -> np.ndarray:
    """1 - sum U - w L - (rho + delta) sum B, by branch."""
    rent = (RHO + economy.capital.depreciation) * economy.capital.composition.toarray().sum(axis=0)
    bought = economy.techniques.use.toarray().sum(axis=0)
    return 1 - bought - rent - pay @ economy.labour.need.toarray()


@pytest.fixture
def twofold(small: Table) -> Economy:
    return derive_economy(small)


def test_products_without_a_branch_stay(twofold: Economy):
    assert twofold.products.codes == ("A01", "F", "C28")
    assert twofold.techniques.codes == ("A01", "F")
    assert twofold.products.units[0] == "million USD of 2020"
    assert twofold.net_output.toarray()[2] == pytest.approx([-0.01, -0.01])


def test_products_that_nobody_uses_are_left_out(small: Table):
    final = small.imported_final.copy()
    final[2] = 0.0
    unused = replace(small, imported_use=np.zeros((3, 3)), imported_final=final)
    assert derive_economy(unused).products.codes == ("A01", "F")


def test_the_base_period_balances(twofold: Economy):
    assert supply_left(twofold) == pytest.approx(np.zeros(3), abs=1e-12)


def test_base_prices_are_a_steady_state(twofold: Economy):
    # One skill counted in its own cost is paid 1.
    assert profit(twofold, pay=np.ones(1)) == pytest.approx(np.zeros(2), abs=1e-12)


def test_investment_is_the_observed_one_and_keeps_capital_growing(twofold: Economy):
    capital = twofold.capital
    goods = capital.composition.toarray() @ capital.investment
    assert goods == pytest.approx([0.0, 50.0, 8.0])
    next_year = (1 - capital.depreciation) * capital.capacity + capital.investment
    assert next_year == pytest.approx((1 + twofold.trend.growth) * capital.capacity)
    assert capital.capacity == pytest.approx(twofold.techniques.activity)


def test_capital_stands_at_the_stated_ratio(small: Table):
    economy = derive_economy(small, Assumptions(capital_output=3.0))
    stock = economy.capital.composition.toarray().sum(axis=0) * economy.capital.capacity
    assert stock.sum() == pytest.approx(3.0 * (242.0 + 12.0))


def test_default_capital_keeps_to_its_range(twofold: Economy):
    # Output less products used is 84 + 163 = 247; 58 / 0.055 lies between 2.2 and 5.0 of it.
    stock = twofold.capital.composition.toarray().sum(axis=0) * twofold.capital.capacity
    assert stock.sum() == pytest.approx(58.0 / 0.055)


def test_foreign_accounts_close(twofold: Economy):
    trade, accounts = twofold.trade, twofold.accounts
    imports = trade.imports_other + trade.imports_investment
    assert trade.exports.sum() - imports.sum() - accounts.transfers == pytest.approx(0.0, abs=1e-12)
    assert accounts.debt_service == accounts.new_credit == accounts.reserves == 0.0
    assert np.all(np.isinf(trade.export_limit))


def test_pay_splits_labour_into_skills(small: Table):
    wages = Wages(by_branch={"A01": 1.0, "F": 1.5}, persons=10.0, source="made up")
    economy = derive_economy(small, Assumptions(wages=wages))
    assert economy.labour.codes == ("low", "middle", "high")
    assert economy.labour.force.sum() == pytest.approx(10.0)
    used = economy.labour.need.toarray() @ economy.techniques.activity
    assert used == pytest.approx(economy.labour.force, rel=1e-15)
    income = profit(economy, pay=np.zeros(3)) @ economy.techniques.activity
    pay = np.array([1 / 3, 1, 3]) * income / 10.0
    assert profit(economy, pay=pay) == pytest.approx(np.zeros(2), abs=1e-12)


def test_emissions_are_counted_where_the_table_counts_the_branch(small: Table):
    emission = Emission("co2", "t", {"A01": 50.0, "A02": 25.0, "F": 10.0}, "made up")
    economy = derive_economy(small, Assumptions(emissions=(emission,)))
    assert economy.techniques.emissions.toarray() == pytest.approx(np.array([[0.75, 0.05]]))
    assert economy.provenance["techniques.emissions"].source == "made up"


def test_emissions_of_a_branch_that_is_nowhere_are_refused(small: Table):
    emission = Emission("co2", "t", {"B": 1.0}, "made up")
    with pytest.raises(InputError, match="emission 'co2' of branch 'B', which is not in the table"):
        derive_economy(small, Assumptions(emissions=(emission,)))


def test_exports_are_bounded_by_the_observed_volume_where_told(small: Table):
    economy = derive_economy(small, Assumptions(exports_bounded=("A01",)))
    assert economy.trade.export_limit[0] == economy.trade.exports[0] > 0
    assert np.isinf(economy.trade.export_limit[1:]).all()


def test_a_bound_on_exports_of_nothing_is_refused(small: Table):
    with pytest.raises(InputError, match="no product 'A02' to bound the exports of"):
        derive_economy(small, Assumptions(exports_bounded=("A02",)))


def test_a_branch_at_a_loss_still_works_and_is_named(small: Table):
    final, use = small.domestic_final.copy(), small.domestic_use.copy()
    use[1, 0] += 85.0  # farms use more buildings than they are worth
    final[1, 0] -= 85.0
    economy = derive_economy(replace(small, domestic_use=use, domestic_final=final))
    assert any("Branch A01 shows less value added" in note for note in economy.notes)
    assert np.all(economy.labour.need.toarray() > 0)
    gap = profit(economy, pay=np.ones(1))
    assert gap[0] == pytest.approx(-0.01 - 0.005)
    assert gap[1] == pytest.approx(0.0, abs=1e-12)
    assert supply_left(economy) == pytest.approx(np.zeros(3), abs=1e-12)


def test_a_table_that_does_not_balance_is_refused(small: Table):
    output = small.output.copy()
    output[1] += 1.0
    with pytest.raises(InputError, match="product 'F' is used 200 and made 201 million USD"):
        derive_economy(replace(small, output=output))


def test_columns_that_miss_their_output_are_told(small: Table):
    rows = small.other_rows
    values = rows.values.copy()
    values[0, 0] -= 4.0
    economy = derive_economy(replace(small, other_rows=replace(rows, values=values)))
    assert any("column of A01 misses its output by 4 million USD" in n for n in economy.notes)


def test_estimates_are_graded_as_such(twofold: Economy):
    grade = {key: given.grade for key, given in twofold.provenance.items()}
    assert grade["techniques.activity"] == Grade.OBSERVED
    assert grade["techniques.use"] == Grade.DERIVED
    assert {grade[f"capital.{part}"] for part in ("composition", "capacity", "depreciation")} == {
        Grade.ESTIMATED
    }
    assert grade["labour.need"] == Grade.ESTIMATED
    assert twofold.provenance["accounts"].of("reserves")[1] == Grade.ESTIMATED
    assert any("rho = 0.04166666667" in note for note in twofold.notes)


def test_only_goods_may_be_stored(twofold: Economy):
    assert list(twofold.stocks.storable) == [True, False, True]
    assert not twofold.stocks.initial.any()
