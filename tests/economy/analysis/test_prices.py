"""Prices against textbooks and the accounts that they come from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.economy.analysis import (
    LeontiefModel,
    cost_prices,
    prices_with_fixed,
    value_added_at,
)
from counterplan.errors import InputError
from tests.economy.analysis.conftest import Accounts
from tests.economy.analysis.economies import Array, productive_coefficients


def test_wages_up_by_thirty_per_cent(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), section 2.6: labour is 0.30 of sector 1's costs; 30% more raises
    # its value added from 0.65 to 0.74 and the prices to 1.113 and 1.030. By Cramer's rule:
    # p1 = (0.95 * 0.74 + 0.20 * 0.70) / 0.7575, p2 = (0.25 * 0.74 + 0.85 * 0.70) / 0.7575.
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    assert cost_prices(model, [0.65, 0.70]) == pytest.approx([1.0, 1.0], rel=1e-14)
    raised = cost_prices(model, [0.74, 0.70])
    assert raised.round(3).tolist() == [1.113, 1.030]
    assert raised == pytest.approx([0.843 / 0.7575, 0.78 / 0.7575], rel=1e-14)


def test_wheat_and_cloth_in_money(wheat_and_cloth: Accounts) -> None:
    # Leontief (1986), ch. 2: with a wage of 1 dollar, wheat costs 2 dollars a bushel and cloth
    # 5 dollars a yard.
    model = LeontiefModel.from_flows(wheat_and_cloth.flows, wheat_and_cloth.output)

    assert cost_prices(model, [80 / 100, 180 / 50]) == pytest.approx([2.0, 5.0], rel=1e-14)


@settings(max_examples=50, deadline=None)
@given(coefficients=productive_coefficients(), seed=st.integers(0, 2**32 - 1))
def test_observed_value_added_gives_observed_prices(coefficients: Array, seed: int) -> None:
    generator = np.random.default_rng(seed)
    model = LeontiefModel(coefficients)
    paid = generator.uniform(0.5, 2.0, model.size)

    assert cost_prices(model, value_added_at(model, paid)) == pytest.approx(paid, rel=1e-9)
    # The value of final use is the sum of value added: p'y = v'x.
    demand = generator.uniform(0.0, 1.0, model.size)
    unit = generator.uniform(0.0, 1.0, model.size)
    spent = cost_prices(model, unit) @ demand
    assert spent == pytest.approx(unit @ model.output_required(demand), rel=1e-9)


def test_one_price_from_outside(two_sectors: Accounts) -> None:
    # The price of sector 1 doubles: p2 = (0.70 + 0.25 * 2) / 0.95, and what sector 1 keeps is
    # 2 - 0.15 * 2 - 0.20 * p2.
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    outcome = prices_with_fixed(model, [0.65, 0.70], fixed={0: 2.0})

    second = 1.2 / 0.95
    assert outcome.prices == pytest.approx([2.0, second], rel=1e-14)
    assert outcome.value_added == pytest.approx([1.7 - 0.2 * second, 0.70], rel=1e-14)
    assert cost_prices(model, outcome.value_added) == pytest.approx(outcome.prices)


def test_prices_from_outside_at_cost_change_nothing(two_sectors: Accounts) -> None:
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    for fixed in ({}, {1: 1.0}, {1: 1.0, 0: 1.0}):
        outcome = prices_with_fixed(model, [0.65, 0.70], fixed=fixed)
        assert outcome.prices == pytest.approx([1.0, 1.0])
        assert outcome.value_added == pytest.approx([0.65, 0.70])


@settings(max_examples=50, deadline=None)
@given(coefficients=productive_coefficients(), seed=st.integers(0, 2**32 - 1))
def test_fixed_prices_agree_with_the_reduced_system(coefficients: Array, seed: int) -> None:
    generator = np.random.default_rng(seed)
    size = len(coefficients)
    unit = generator.uniform(0.1, 1.0, size)
    outside = generator.permutation(size)[: generator.integers(0, size + 1)]
    inside = np.setdiff1d(np.arange(size), outside)
    given_prices = generator.uniform(0.0, 3.0, outside.size)

    outcome = prices_with_fixed(
        LeontiefModel(coefficients),
        unit,
        fixed=dict(zip(outside.tolist(), given_prices.tolist(), strict=True)),
    )

    within = coefficients[np.ix_(inside, inside)]
    known = unit[inside] + given_prices @ coefficients[np.ix_(outside, inside)]
    expected = np.linalg.solve((np.eye(inside.size) - within).T, known)
    scale = np.abs(expected).max(initial=1.0)
    assert outcome.prices[inside] == pytest.approx(expected, rel=1e-7, abs=1e-7 * scale)
    assert outcome.prices[outside] == pytest.approx(given_prices)


def test_a_price_that_cannot_be_is_refused(two_sectors: Accounts) -> None:
    model = LeontiefModel.from_flows(
        two_sectors.flows, two_sectors.output, labels=two_sectors.labels
    )

    with pytest.raises(InputError, match="fixed price of 'manufacture' is -1"):
        prices_with_fixed(model, [0.65, 0.70], fixed={1: -1.0})
    with pytest.raises(InputError, match="fixed price of 'agriculture' is nan"):
        prices_with_fixed(model, [0.65, 0.70], fixed={1: 1.0, 0: np.nan})
    with pytest.raises(InputError, match="no branch number 5"):
        prices_with_fixed(model, [0.65, 0.70], fixed={5: 1.0})
    with pytest.raises(InputError, match=r"value added has shape \(1,\)"):
        cost_prices(model, [0.65])
    with pytest.raises(InputError, match=r"price has shape \(1,\)"):
        value_added_at(model, [0.65])
