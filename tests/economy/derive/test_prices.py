from dataclasses import replace

import numpy as np
import pytest

from counterplan.economy.derive import Assumptions, Wages, derive_economy
from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.derive.rounding import rounded, significant
from counterplan.economy.economy import Economy
from counterplan.economy.tables.table import Table

RHO = 1 / 0.96 - 1


@pytest.fixture
def economy(small: Table) -> Economy:
    wages = Wages(by_branch={"A01": 1.0, "F": 1.5}, persons=10.0, source="made up")
    return derive_economy(small, Assumptions(wages=wages))


def test_costs_add_up_to_the_price(economy: Economy):
    found = base_prices(economy, discount=RHO)
    assert found.products == pytest.approx([0.16, 0.185])
    assert found.products + found.capital + found.labour + found.gap == pytest.approx([1.0, 1.0])
    assert found.gap == pytest.approx([0.0, 0.0], abs=1e-12)


def test_another_discount_rate_is_no_steady_state(small: Table):
    found = base_prices(derive_economy(small), discount=2 * RHO)
    assert np.abs(found.gap).max() > 0.01


def test_a_longer_lag_must_earn_more(small: Table):
    economy = derive_economy(small)
    late = replace(economy, capital=replace(economy.capital, lag=np.array([3, 1])))
    found = base_prices(late, discount=RHO)
    cost = economy.capital.composition.toarray().sum(axis=0)[0]
    delta = economy.capital.depreciation[0]
    # Rents from the third period on, discounted one by one, pay for the investment.
    years = np.arange(3, 2000)
    worth = found.capital[0] * np.sum((1 + RHO) ** -years * (1 - delta) ** (years - 3))
    assert worth == pytest.approx(cost)


def test_rounding_keeps_five_digits_and_every_identity(economy: Economy):
    few = rounded(economy, discount=RHO)
    for values in (few.techniques.use.data, few.capital.composition.data, few.trade.exports):
        assert values == pytest.approx(significant(values), rel=0, abs=0)
    assert few.techniques.use.toarray() == pytest.approx(economy.techniques.use.toarray(), rel=1e-4)
    assert base_balance(few) == pytest.approx(np.zeros(3), abs=1e-12)
    assert base_prices(few, discount=RHO).gap == pytest.approx(np.zeros(2), abs=1e-12)
    used = few.labour.need.toarray() @ few.techniques.activity
    assert used == pytest.approx(few.labour.force, rel=1e-15)
    capital = few.capital
    grown = (1 - capital.depreciation) * capital.capacity + capital.investment
    assert grown == pytest.approx((1 + few.trend.growth) * capital.capacity, rel=1e-14)
    imports = few.trade.imports_other + few.trade.imports_investment
    assert few.accounts.transfers == pytest.approx(few.trade.exports.sum() - imports.sum())
    assert "rounded to 5 significant digits" in few.notes[-1]


@pytest.mark.parametrize(
    ("value", "short"),
    [(123456.7, 123460.0), (-0.000987654321, -0.00098765), (0.0, 0.0), (np.inf, np.inf)],
)
def test_significant_digits(value: float, short: float):
    assert significant(np.array([value]))[0] == short
