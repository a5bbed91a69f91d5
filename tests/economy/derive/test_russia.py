"""Russia 2014 against published figures: the table's own totals, Penn World Table, Rosstat."""

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.derive.russia import BRANCH_ACTIVITIES, wages_by_branch
from counterplan.economy.economy import Economy

pytestmark = pytest.mark.shared

RHO = 1 / 0.96 - 1


def billion(values: np.ndarray | float) -> float:
    return float(np.sum(values)) / 1e3


def test_totals_of_the_table(russia: Economy):
    # WIOD 2016, Russia 2014, billion USD, as the data's README gives them.
    trade, demand = russia.trade, russia.demand
    assert billion(russia.techniques.activity) == pytest.approx(3381, abs=0.5)
    assert billion(trade.exports) == pytest.approx(494, abs=0.5)
    assert billion(trade.imports_other + trade.imports_investment) == pytest.approx(379, abs=0.5)
    goods = russia.capital.composition @ russia.capital.investment
    assert billion(goods) == pytest.approx(327, abs=0.5)
    assert trade.imports_investment.sum() / goods.sum() == pytest.approx(0.13, abs=0.005)
    assert billion(trade.imports_investment[russia.product("C28")]) == pytest.approx(14.1, abs=0.05)
    assert billion(demand.consumption) == pytest.approx(906.758, abs=1e-3)


def test_mining_and_refining(russia: Economy):
    activity, exports = russia.techniques.activity, russia.trade.exports
    assert billion(activity[russia.technique("B")]) == pytest.approx(261, abs=0.5)
    assert billion(exports[russia.product("B")]) == pytest.approx(188, abs=0.5)
    assert billion(activity[russia.technique("C19")]) == pytest.approx(195, abs=0.5)
    assert billion(exports[russia.product("C19")]) == pytest.approx(46, abs=0.6)


def test_every_product_row_is_kept(russia: Economy):
    assert len(russia.techniques) == 33
    assert len(russia.products) == 55  # U is used by nobody
    made = np.asarray(russia.techniques.output.sum(axis=1)).ravel() > 0
    imports = russia.trade.imports_other + russia.trade.imports_investment
    # 43.6 billion of imports stand in rows that no Russian branch makes.
    assert billion(imports[~made]) == pytest.approx(43.6, abs=0.1)


def test_foreign_flow(russia: Economy):
    assert billion(russia.accounts.transfers) == pytest.approx(494.0 - 379.0, abs=0.5)
    note = next(note for note in russia.notes if note.startswith("accounts.transfers"))
    assert "transport margins 22020.8, travel 3960.85" in note
    assert russia.accounts.reserves == 385_460.0


def test_base_period_is_exact(russia: Economy):
    assert np.abs(base_balance(russia)).max() < 1e-9
    assert np.abs(base_prices(russia, discount=RHO).gap).max() < 1e-9
    used = russia.labour.need.toarray() @ russia.techniques.activity
    assert used == pytest.approx(russia.labour.force, rel=1e-12)


def test_capital_and_people_are_those_of_the_penn_world_table(russia: Economy):
    composition = russia.capital.composition.toarray()
    stock = composition.sum(axis=0) * russia.capital.capacity
    # PWT 9.1: rnna 13,424,841, rgdpna 3,789,688.5, delta 0.033472, emp 68.015144 million.
    # Gross domestic product of the table: value added 1,623.896 and taxes on products 203.77.
    gdp = 1_623_896 + 91_165 + 64_908 + 1_308 + 45_529 + 862
    assert stock.sum() == pytest.approx(13_424_841 / 3_789_688.5 * gdp, rel=1e-5)
    assert russia.capital.depreciation @ stock / stock.sum() == pytest.approx(0.0335, abs=2e-4)
    assert russia.labour.force.sum() == pytest.approx(68_015.144)


def test_user_cost_leaves_a_fifth_for_labour(russia: Economy):
    costs = base_prices(russia, discount=RHO)
    share = costs.capital / (1 - costs.products)
    assert share.max() < 0.8 + 1e-9
    assert russia.techniques.codes[int(share.argmax())] == "L68"  # dwellings


def test_pay_by_branch_keeps_rosstat_ranks(russia: Economy):
    pay = base_prices(russia, discount=RHO).pay
    need = russia.labour.need.toarray()
    average = dict(zip(russia.techniques.codes, pay @ need / need.sum(axis=0), strict=True))
    # Rosstat 2014, roubles a month: refining 75,517, finance 68,565, textiles and leather 15,286.
    assert average["C19"] / average["K64"] == pytest.approx(75_517 / 68_565, rel=1e-9)
    assert average["C13-C15"] / average["K64"] == pytest.approx(15_286 / 68_565, rel=1e-9)


def test_every_branch_has_pay(russia: Economy, shared):
    table = pd.read_csv(shared / "data" / "russia_macro" / "rosstat_wages_by_okved_2000_2015.csv")
    pay = wages_by_branch(table, year=2014)
    assert set(pay) == set(russia.techniques.codes) == set(BRANCH_ACTIVITIES)
    assert pay["F"] == 29_354


def test_wells_and_dwellings_are_built_and_ships_bought(russia: Economy):
    """What new capital is made of must differ by branch in the known directions."""
    made_of = russia.capital.composition.toarray()
    share = made_of / made_of.sum(axis=0)
    f, c28, c30 = (russia.product(code) for code in ("F", "C28", "C30"))
    column = russia.technique
    assert share[f, column("L68")] > 0.9
    assert share[f, column("B")] > 0.8
    assert share[c30, column("H50")] > 0.5
    assert share[c28, column("C24")] > share[c28, column("K64")]


def test_energy_use_of_the_base_year(russia: Economy):
    total = russia.techniques.emissions @ russia.techniques.activity
    assert total.sum() == pytest.approx(46_895_662, rel=1e-5)
    assert russia.techniques.emission_units == ("TJ", "TJ")
