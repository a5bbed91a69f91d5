from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.economy.tables import Axis, FinalKind, Table
from counterplan.economy.tables.identities import breaches
from counterplan.economy.tables.regions import national_table
from counterplan.economy.tables.wiod2013 import read_wiod2013
from counterplan.economy.tables.wiod2016 import read_wiod2016
from counterplan.errors import InputError
from tests.economy.tables.small import farm_and_mill, input_output_tables


def world_of(table: Table, first: int) -> Table:
    """Call the first products those of region N and the others those of region S."""
    n = len(table.products)
    regions = ("N",) * first + ("S",) * (n - first)
    codes = tuple(f"{region}_{i % max(first, 1)}" for i, region in enumerate(regions))
    axis = Axis(codes, codes, regions)
    final = replace(
        table.final,
        codes=("N_C", "S_C"),
        kinds=(FinalKind.HOUSEHOLD,) * 2,
        regions=("N", "S"),
    )
    return replace(table, products=axis, branches=axis, final=final, stated=())


@given(input_output_tables(), st.data())
def test_national_tables_add_up_and_trade_is_mutual(table: Table, data: st.DataObject) -> None:
    n = len(table.products)
    first = data.draw(st.integers((n + 1) // 2, n))
    world = world_of(table, first)
    north, south = (
        (national_table(world, region) for region in world.products.region_codes())
        if first < n
        else (national_table(world, "N"), None)
    )
    abroad = world.imported_use.sum() + world.imported_final.sum()
    for one in filter(None, (north, south)):
        assert breaches(one) == []
        assert one.output.sum() == pytest.approx(one.make.sum())
    if south is not None:
        traded = north.exports().sum() + south.exports().sum()
        imported = north.imports().sum() + south.imports().sum()
        assert imported == pytest.approx(traded + abroad)
        assert north.output.sum() + south.output.sum() == pytest.approx(world.output.sum())


def test_products_that_only_others_make_stay() -> None:
    """North makes grain, south flour and oil; each imports what it does not make."""
    use = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    final = np.array([[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]])
    output = use.sum(axis=1) + final.sum(axis=1)
    axis = Axis(("N_grain", "S_flour", "S_oil"), ("Grain", "Flour", "Oil"), ("N", "S", "S"))
    base = farm_and_mill()
    world = replace(
        base,
        products=axis,
        branches=axis,
        final=replace(
            base.final,
            codes=("N_C", "S_C"),
            kinds=(FinalKind.HOUSEHOLD,) * 2,
            regions=("N", "S"),
        ),
        make=np.diag(output),
        domestic_use=use,
        imported_use=np.zeros((3, 3)),
        domestic_final=final,
        imported_final=np.zeros((3, 2)),
        other_rows=replace(base.other_rows, values=np.zeros((2, 5))),
        output=output,
        stated=(),
    )
    north = national_table(world, "N")
    assert north.products.codes == ("grain", "flour", "oil")
    assert north.products.names == ("Grain", "Flour", "Oil")
    assert north.branches.codes == ("grain",)
    np.testing.assert_array_equal(north.domestic_use, [[1], [0], [0]])
    np.testing.assert_array_equal(north.imported_use, [[0], [4], [7]])
    np.testing.assert_array_equal(north.exports(), [2 + 3 + 20, 0, 0])
    np.testing.assert_array_equal(north.imports(), [0, 4 + 30, 7 + 50])
    np.testing.assert_array_equal(north.product_output(), [36, 0, 0])


def test_regions_must_be_there() -> None:
    with pytest.raises(InputError, match="the table does not say its regions"):
        national_table(farm_and_mill(), "N")


@pytest.mark.shared
def test_russia_in_the_world_of_2011_is_near_its_own_table(shared_data: Path) -> None:
    """Two releases with different sources: aggregates agree within a tenth."""
    world = read_wiod2013(shared_data / "wiod2013_world" / "WIOT13_2011.parquet")
    russia = national_table(world, "RUS")
    assert len(russia.products) == 35
    own = read_wiod2016(
        shared_data / "wiod2016_niot" / "RUS_NIOT_2000_2014.parquet", year=2011
    ).overview()
    found = russia.overview()
    for key in ("output", "household", "exports", "imports"):
        assert found[key] == pytest.approx(own[key], rel=0.1), key
    with pytest.raises(InputError, match="region 'RUSS' is not in the table; did you mean 'RUS'"):
        national_table(world, "RUSS")
