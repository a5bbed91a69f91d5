"""Footprints: both sides of the accounts add up, and a two-region case by hand."""

import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.economy.analysis import (
    LeontiefModel,
    footprints,
    footprints_by_origin,
    footprints_by_product,
    regional_accounts,
    summed_by,
)
from counterplan.errors import InputError, LimitError
from tests.economy.analysis.economies import Array, productive_coefficients


@settings(max_examples=50, deadline=None)
@given(
    coefficients=productive_coefficients(),
    kinds=st.integers(1, 4),
    uses=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_what_arises_is_what_is_contained(
    coefficients: Array, kinds: int, uses: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    model = LeontiefModel(coefficients)
    direct = generator.uniform(0.0, 1.0, (kinds, model.size))
    demand = generator.uniform(0.0, 1.0, (model.size, uses))

    total = footprints(model, direct, demand)

    inverse = np.linalg.inv(np.eye(model.size) - coefficients)
    assert total == pytest.approx(direct @ inverse @ demand, rel=1e-8)
    assert footprints_by_product(model, direct, demand).sum(axis=1) == pytest.approx(total)
    assert footprints_by_origin(model, direct, demand).sum(axis=1) == pytest.approx(total)
    assert footprints(model, direct[0], demand) == pytest.approx(total[0])
    assert footprints(model, direct, demand[:, 0]) == pytest.approx(total[:, 0])
    assert footprints(model, direct[0], demand[:, 0]) == pytest.approx(total[0, 0])


def two_regions() -> tuple[LeontiefModel, list[list[float]], Array]:
    """North makes coal (10 tonnes of CO2 a unit), south steel from half a unit of coal."""
    model = LeontiefModel(np.array([[0.0, 0.5], [0.0, 0.0]]), labels=("coal", "steel"))
    direct = [[10.0, 1.0]]
    # North's households and government, then south's households.
    demand = np.array([[1.0, 0.0, 0.0], [2.0, 4.0, 6.0]])
    return model, direct, demand


def test_two_regions_by_hand() -> None:
    # Steel holds 10 * 0.5 + 1 = 6, of which 5 arise in the north. North wants 1 coal and 6 steel:
    # it holds 10 + 36, of which 40 arise at home and 6 in the south; south's 6 steel hold 36,
    # of which 30 in the north and 6 at home.
    model, direct, demand = two_regions()

    accounts = regional_accounts(
        model,
        direct,
        demand,
        branch_regions=["north", "south"],
        demand_regions=["north", "north", "south"],
        household_direct=[[3.0, 0.5, 4.0]],
    )

    assert accounts.regions == ("north", "south")
    assert accounts.flows[0] == pytest.approx(np.array([[40.0, 30.0], [6.0, 6.0]]))
    assert accounts.households[0] == pytest.approx([3.5, 4.0])
    assert accounts.production[0] == pytest.approx([73.5, 16.0])
    assert accounts.consumption[0] == pytest.approx([49.5, 40.0])
    assert accounts.exports[0] == pytest.approx([30.0, 6.0])
    assert accounts.imports[0] == pytest.approx([6.0, 30.0])
    balance = accounts.production - accounts.exports + accounts.imports
    assert balance == pytest.approx(accounts.consumption)


def test_a_region_may_only_use_or_only_make() -> None:
    model, direct, demand = two_regions()

    accounts = regional_accounts(
        model,
        direct[0],
        demand,
        branch_regions=["north", "south"],
        demand_regions=["ships", "north", "north"],
    )

    assert accounts.regions == ("north", "south", "ships")
    assert accounts.production[0] == pytest.approx([70.0, 12.0, 0.0])
    assert accounts.consumption[0] == pytest.approx([60.0, 0.0, 22.0])


def test_sums_by_group() -> None:
    names, sums = summed_by([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], ["b", "a", "b"])

    assert names == ("b", "a")
    assert sums.tolist() == [[4.0, 2.0], [10.0, 5.0]]


def test_names_that_do_not_fit_are_refused() -> None:
    model, direct, demand = two_regions()

    with pytest.raises(InputError, match="2 groups for an array of shape"):
        summed_by(demand, ["a", "b"])
    with pytest.raises(InputError, match="1 regions for 2 branches"):
        regional_accounts(
            model, direct, demand, branch_regions=["a"], demand_regions=["a", "a", "a"]
        )
    with pytest.raises(InputError, match=r"final demand has shape \(1, 2\)"):
        footprints(model, direct, [[1.0, 2.0]])
    with pytest.raises(InputError, match="intensity of branch 'steel' is inf"):
        footprints(model, [1.0, np.inf], demand)


@pytest.mark.parametrize("verb", [footprints_by_product, footprints_by_origin])
def test_a_large_answer_is_refused(
    verb: Callable[..., Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[verb.__module__], "CELLS_MAX", 5)
    model, direct, demand = two_regions()

    with pytest.raises(LimitError, match="answer of 6 cells is over the limit of 5"):
        verb(model, direct, demand)
    assert verb(model, direct, demand[:, 0]).shape == (1, 2, 1)
