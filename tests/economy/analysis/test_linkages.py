"""Linkages against a published table, hand-made removals and definitions."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.economy.analysis import (
    GhoshModel,
    LeontiefModel,
    direct_backward,
    direct_forward,
    extraction,
    extraction_totals,
    leontief,
    normalised,
    purchases_extraction,
    sales_extraction,
    sensitivity,
    spread,
    total_backward,
    total_forward,
)
from counterplan.errors import InputError
from tests.economy.analysis.conftest import GERMANY_BRANCHES, Accounts
from tests.economy.analysis.economies import Array, productive_coefficients


@pytest.mark.shared
def test_germany_1995_backward_linkages(germany: pd.DataFrame) -> None:
    # Eurostat manual (2008), p. 506.
    branches = list(GERMANY_BRANCHES)
    model = LeontiefModel.from_flows(
        germany.loc[branches, branches].to_numpy(float), germany.loc["output", branches].to_numpy()
    )

    published = [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782]
    assert total_backward(model).round(4).tolist() == published


def test_the_measures_of_two_sectors(two_sectors: Accounts) -> None:
    quantity = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)
    supply = GhoshModel.from_flows(two_sectors.flows, two_sectors.output)
    # With the determinant 0.7575: column sums 1.15 and 1.10, row sums 1.20 and 1.05, and the
    # spread of two numbers a and b is |a - b| sqrt(2) / (a + b).
    assert direct_backward(quantity) == pytest.approx([0.35, 0.30])
    assert direct_forward(supply) == pytest.approx([0.65, 0.15])
    assert total_backward(quantity) == pytest.approx([1.15 / 0.7575, 1.10 / 0.7575])
    assert sensitivity(quantity) == pytest.approx([1.20 / 0.7575, 1.05 / 0.7575])
    assert total_forward(supply) == pytest.approx([1.45 / 0.7575, 0.95 / 0.7575])
    assert normalised(total_backward(quantity)) == pytest.approx([2.30 / 2.25, 2.20 / 2.25])
    two = np.sqrt(2.0)
    assert spread(quantity) == pytest.approx([0.75 * two / 1.15, 0.60 * two / 1.10])


def test_the_spread_of_a_single_branch_is_nothing() -> None:
    assert spread(LeontiefModel([[0.5]])).tolist() == [0.0]


@settings(max_examples=50, deadline=None)
@given(coefficients=productive_coefficients())
def test_normalised_linkages_average_one(coefficients: Array) -> None:
    model = LeontiefModel(coefficients)
    inverse = np.linalg.inv(np.eye(model.size) - coefficients)

    power = normalised(total_backward(model))

    assert power.mean() == pytest.approx(1.0)
    # Rasmussen (1956): mean of the column over the mean of all cells.
    assert power == pytest.approx(inverse.mean(axis=0) / inverse.mean(), rel=1e-8)


def whole(coefficients: Array, demand: Array, branches: Array) -> tuple[Array, Array]:
    """Remove the branches with their final demand."""
    changed, left = coefficients.copy(), demand.copy()
    changed[branches], changed[:, branches], left[branches] = 0.0, 0.0, 0.0
    return changed, left


def purchases(coefficients: Array, demand: Array, branches: Array) -> tuple[Array, Array]:
    """Remove what the branches buy."""
    changed = coefficients.copy()
    changed[:, branches] = 0.0
    return changed, demand


def sales(coefficients: Array, demand: Array, branches: Array) -> tuple[Array, Array]:
    """Remove what the branches sell to branches."""
    changed = coefficients.copy()
    changed[branches] = 0.0
    return changed, demand


@pytest.mark.parametrize(
    ("verb", "removal"),
    [(extraction, whole), (purchases_extraction, purchases), (sales_extraction, sales)],
)
@settings(max_examples=40, deadline=None)
@given(coefficients=productive_coefficients(), seed=st.integers(0, 2**32 - 1))
def test_extraction_is_what_removal_does(
    verb: Callable[..., Array],
    removal: Callable[..., tuple[Array, Array]],
    coefficients: Array,
    seed: int,
) -> None:
    generator = np.random.default_rng(seed)
    size = len(coefficients)
    demand = generator.uniform(0.0, 5.0, size)
    branches = generator.permutation(size)[: generator.integers(0, size + 1)]
    changed, left = removal(coefficients, demand, branches)
    before = np.linalg.solve(np.eye(size) - coefficients, demand)
    after = np.linalg.solve(np.eye(size) - changed, left)

    lost = verb(LeontiefModel(coefficients), demand, branches=branches.tolist())

    assert lost == pytest.approx(before - after, rel=1e-7, abs=1e-7 * before.max())


def test_totals_for_every_branch_taken_out_alone(
    two_sectors: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without sector 1 the other needs 1,700 / 0.95; without sector 2 the first 350 / 0.85.
    monkeypatch.setattr(leontief, "COLUMNS_AT_ONCE", 1)
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    totals = extraction_totals(model, [350.0, 1700.0])

    assert totals == pytest.approx([3000.0 - 1700 / 0.95, 3000.0 - 350 / 0.85])
    assert extraction(model, [350.0, 1700.0], branches=[0]).sum() == pytest.approx(totals[0])


def test_a_branch_that_is_not_there_cannot_be_taken_out(two_sectors: Accounts) -> None:
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    with pytest.raises(InputError, match="the branches are numbered from 0 to 1"):
        extraction(model, two_sectors.final_demand, branches=[-1])
