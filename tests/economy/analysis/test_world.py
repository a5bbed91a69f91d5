"""The world table of 2011 (1,435 branches) against pymrio, an independent implementation."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.analysis import (
    GhoshModel,
    LeontiefModel,
    footprints_by_product,
    intensities,
    multipliers,
    output_multipliers,
    regional_accounts,
    total_forward,
)
from tests.economy.analysis.conftest import Array

pymrio = pytest.importorskip("pymrio")

RELATIVE = 1e-10
BRANCHES = 1435


@dataclass(frozen=True, eq=False)
class World:
    """The table, its extensions and pymrio's answers."""

    flows: Array
    output: Array
    final_demand: Array
    extensions: Array
    direct_in_use: Array
    branch_regions: list[str]
    demand_regions: list[str]
    theirs: pymrio.IOSystem


@pytest.fixture(scope="module")
def world(shared_data: Path) -> World:
    table = pd.read_parquet(shared_data / "wiod2013_world" / "WIOT13_2011.parquet")
    flows = table.iloc[:, :BRANCHES].to_numpy(float)
    final_demand = table.iloc[:, BRANCHES:-1].to_numpy(float)
    # Not the row sums: the table is rounded to millions, and one of them comes out at -1.
    output = table["output"].to_numpy(float)
    value_added = output - flows.sum(axis=0)
    generator = np.random.default_rng(2011)
    extensions = np.vstack([value_added, output * generator.uniform(0.0, 2.0, BRANCHES)])
    direct_in_use = generator.uniform(0.0, 1e5, (2, final_demand.shape[1]))

    branches = [str(name).split("_") for name in table.columns[:BRANCHES]]
    uses = [str(name).split("_") for name in table.columns[BRANCHES:-1]]
    rows = pd.MultiIndex.from_tuples([tuple(each) for each in branches], names=["region", "sector"])
    columns = pd.MultiIndex.from_tuples(
        [tuple(each) for each in uses], names=["region", "category"]
    )
    names = pd.Index(["value added", "made up"], name="stressor")
    theirs = pymrio.IOSystem(
        Z=pd.DataFrame(flows, index=rows, columns=rows),
        Y=pd.DataFrame(final_demand, index=rows, columns=columns),
        x=pd.DataFrame({"indout": output}, index=rows),
        extension={
            "name": "extension",
            "F": pd.DataFrame(extensions, index=names, columns=rows),
            "F_Y": pd.DataFrame(direct_in_use, index=names, columns=columns),
        },
    )
    theirs.calc_all(include_ghosh=True)
    return World(
        flows=flows,
        output=output,
        final_demand=final_demand,
        extensions=extensions,
        direct_in_use=direct_in_use,
        branch_regions=[region for region, _ in branches],
        demand_regions=[region for region, _ in uses],
        theirs=theirs,
    )


def assert_same(ours: Array, theirs: object) -> None:
    """Assert agreement to 1e-10, cell by cell, relative to the cell or to the largest one."""
    expected = np.asarray(theirs, dtype=float).reshape(ours.shape)
    largest = float(np.abs(expected).max())
    assert largest > 0.0
    # Cells far below the largest are sums of far larger terms that cancel.
    assert np.abs(ours - expected).max() <= RELATIVE * largest
    big = np.abs(expected) > 1e-4 * largest
    assert np.abs(ours[big] / expected[big] - 1.0).max() <= RELATIVE


@pytest.mark.shared
def test_coefficients_inverse_and_multipliers(world: World) -> None:
    model = LeontiefModel.from_flows(world.flows, world.output)
    direct = intensities(world.extensions, world.output)
    extension = world.theirs.extension

    assert_same(model.coefficients, world.theirs.A)
    assert_same(model.inverse(), world.theirs.L)
    assert_same(output_multipliers(model), world.theirs.L.sum(axis=0))
    assert_same(direct, extension.S)
    assert_same(multipliers(model, direct), extension.M)
    assert_same(multipliers(model, direct)[0], extension.M.iloc[0])
    # The world imports nothing: each unit of final use is value added somewhere.
    active = world.output > 0.0
    assert multipliers(model, direct)[0][active] == pytest.approx(1.0, rel=1e-12)


@pytest.mark.shared
def test_footprints_by_region_and_product(world: World) -> None:
    model = LeontiefModel.from_flows(world.flows, world.output)
    direct = intensities(world.extensions, world.output)
    extension = world.theirs.extension

    accounts = regional_accounts(
        model,
        direct,
        world.final_demand,
        branch_regions=world.branch_regions,
        demand_regions=world.demand_regions,
        household_direct=world.direct_in_use,
    )

    regions = list(accounts.regions)
    assert_same(accounts.consumption, extension.D_cba_reg[regions])
    assert_same(accounts.production, extension.D_pba_reg[regions])
    assert_same(accounts.imports, extension.D_imp_reg[regions])
    assert_same(accounts.exports, extension.D_exp_reg[regions])
    # pymrio books a footprint to the product that is finally used, from wherever it comes.
    by_product = footprints_by_product(model, direct, world.final_demand)
    sums = by_product.reshape(2, 41, 35, 41, 5).sum(axis=(1, 4)).transpose(0, 2, 1)
    assert_same(sums.reshape(2, -1), extension.D_cba)


@pytest.mark.shared
def test_ghosh_side(world: World) -> None:
    model = GhoshModel.from_flows(world.flows, world.output)

    assert_same(model.coefficients, world.theirs.B)
    assert_same(model.inverse(), world.theirs.G)
    assert_same(total_forward(model), world.theirs.G.sum(axis=1))
