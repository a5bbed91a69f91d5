"""The tiny example against its README: the tables there are worked out by hand."""

import re

import numpy as np
import pytest

from counterplan.economy.checks import check_economy, product_flows
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy


@pytest.fixture(scope="module")
def economy() -> Economy:
    return read_package(packaged_economy("three-workplaces"))


@pytest.fixture(scope="module")
def readme() -> str:
    return (packaged_economy("three-workplaces") / "README.md").read_text(encoding="utf-8")


def by_code(codes: tuple[str, ...], values: np.ndarray) -> dict[str, float]:
    return dict(zip(codes, values.tolist(), strict=True))


def test_no_check_complains(economy: Economy) -> None:
    assert check_economy(economy) == []


def test_labour_is_the_readmes(economy: Economy) -> None:
    used = economy.labour.need.toarray() * economy.techniques.activity

    # fields, old ovens, new ovens, workshop
    np.testing.assert_allclose(used, [[200, 60, 30, 10], [10, 0, 10, 40]])
    assert economy.labour.force.tolist() == [330, 64]


def test_investment_replaces_what_was_lost(economy: Economy) -> None:
    capital = economy.capital
    lost = capital.depreciation * capital.capacity

    assert lost.tolist() == capital.investment.tolist() == [100, 100, 100, 10]
    sets = capital.composition.toarray()[economy.product("tools")] * lost
    np.testing.assert_allclose(sets, [50, 10, 20, 10])
    np.testing.assert_allclose(capital.need @ economy.techniques.activity, capital.capacity)


def test_emissions_are_the_readmes(economy: Economy) -> None:
    rates = economy.techniques.emissions.toarray()[0]

    np.testing.assert_allclose(rates * economy.techniques.activity, [300, 600, 300, 150])


def test_the_foreign_account_closes(economy: Economy) -> None:
    trade, accounts = economy.trade, economy.accounts
    bought = (trade.imports_other + trade.imports_investment) * trade.import_price

    assert trade.exports @ trade.export_price == 200_000
    assert by_code(economy.products.codes, bought) == {
        "grain-north": 0,
        "grain-south": 0,
        "straw": 0,
        "bread": 0,
        "tools": 25_000,
        "fuel": 70_000,
        "steel": 80_000,
    }
    assert 200_000 == bought.sum() + accounts.debt_service + accounts.transfers


def test_what_is_added_is_what_is_finally_used(economy: Economy, readme: str) -> None:
    prices, demand, trade = economy.products.prices, economy.demand, economy.trade
    added = (economy.net_output.T @ prices) * economy.techniques.activity
    np.testing.assert_allclose(added, [730_000, 228_000, 280_000, 165_000])
    river = 2_200 * 210 - 2_200 * 200 - 110 * 100

    groups = prices @ demand.consumption
    assert by_code(demand.groups, groups) == {"village": 416_500, "town": 635_000}
    built = prices @ (economy.capital.composition @ economy.capital.investment)
    # A florin is worth a crown, and abroad everything costs what it costs at home.
    abroad = prices @ (trade.exports - trade.imports_other - trade.imports_investment)
    used = groups.sum() + prices @ demand.collective + built + abroad
    assert added.sum() + river == pytest.approx(used)
    assert used == pytest.approx(1_414_000)
    assert readme.count("**1,414,000**") == 2


def test_the_products_of_the_readme_are_those_of_the_tables(economy: Economy, readme: str) -> None:
    supply, _ = product_flows(economy)
    section = readme.partition("## Every product balances")[2].partition("## Labour")[0]
    bold = [int(text.replace(",", "")) for text in re.findall(r"\*\*([\d,]+)\*\*", section)]

    for code in ("grain-north", "straw", "bread", "tools", "fuel", "steel"):
        assert int(supply[economy.product(code)]) in bold


def test_the_canal_is_cheaper_than_the_same_land_otherwise(economy: Economy) -> None:
    projects = economy.projects
    tools = economy.product("tools")

    assert projects.cost == (((tools, 0, 20.0), (tools, 1, 20.0)),)
    assert (projects.capacity.tolist(), projects.lag.tolist()) == ([200], [2])
    assert economy.capital.composition[tools, int(projects.capital[0])] * 200 == 100
