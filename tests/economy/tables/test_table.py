from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from counterplan.economy.tables import (
    Axis,
    Categories,
    FinalKind,
    OtherRows,
    RowKind,
    StatedTotal,
    Table,
    TotalKind,
)
from counterplan.economy.tables.identities import breaches
from counterplan.economy.tables.table import no_rows
from counterplan.errors import InputError
from tests.economy.tables.small import farm_and_mill, input_output_tables, with_cell


def test_totals_are_those_added_up_by_hand() -> None:
    table = farm_and_mill()
    np.testing.assert_array_equal(table.product_output(), [110, 60, 0])
    np.testing.assert_array_equal(table.total_use(), [110, 68, 19])
    np.testing.assert_array_equal(table.exports(), [20, 15, 0])
    np.testing.assert_array_equal(table.imports(), [0, 8, 19])
    np.testing.assert_array_equal(table.imports_by_column(), [5, 15, 7, 0])
    np.testing.assert_array_equal(table.value_added(), [65, 23])
    np.testing.assert_array_equal(table.primary_inputs(), [65, 25])
    np.testing.assert_array_equal(table.final_demand(FinalKind.HOUSEHOLD), [50, 28, 4])
    np.testing.assert_array_equal(table.column_totals(), [100, 70, 83, 35])
    assert not table.is_diagonal()


def test_coefficients_are_use_per_output() -> None:
    table = farm_and_mill()
    domestic = [[0.1, 30 / 70], [0.2, 0], [0, 0]]
    imported = [[0, 0], [0, 5 / 70], [0.05, 10 / 70]]
    np.testing.assert_allclose(table.domestic_coefficients(), domestic, rtol=1e-15)
    np.testing.assert_allclose(table.import_coefficients(), imported, rtol=1e-15)
    np.testing.assert_allclose(
        table.technical_coefficients(), np.add(domestic, imported), rtol=1e-15
    )


@given(input_output_tables())
def test_supply_equals_use_and_income_equals_expenditure(table: Table) -> None:
    supply = table.product_output() + table.imports()
    np.testing.assert_allclose(table.total_use(), supply, rtol=1e-12, atol=1e-6)
    gdp = table.final_demand().sum() - table.imports().sum()
    np.testing.assert_allclose(table.value_added().sum(), gdp, rtol=1e-9, atol=1e-4)
    assert table.is_diagonal()
    assert not breaches(table)


def test_arrays_cannot_be_changed() -> None:
    table = farm_and_mill()
    with pytest.raises(ValueError, match="read-only"):
        table.make[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        table.other_rows.values[0, 0] = 1.0


def test_a_table_does_not_share_the_arrays_it_was_given() -> None:
    output = np.array([100.0, 70.0])
    table = replace(farm_and_mill(), output=output)
    output[0] = 1.0
    assert table.output[0] == 100.0


def test_shapes_and_doubles_are_refused() -> None:
    table = farm_and_mill()
    with pytest.raises(InputError, match=r"'make' has the shape \(2, 2\) and needs \(3, 2\)"):
        replace(table, make=np.zeros((2, 2)))
    with pytest.raises(InputError, match="product 'oil' stands twice"):
        replace(table, products=Axis(("grain", "oil", "oil"), ("", "", "")))
    with pytest.raises(InputError, match="column 'farm' stands twice"):
        replace(table, final=replace(table.final, codes=("families", "farm")))
    with pytest.raises(InputError, match="2 codes do not fit 1"):
        Axis(("a", "b"), ("a",))
    with pytest.raises(InputError, match="1 codes do not fit 2"):
        Categories(("a",), ("a",), (FinalKind.HOUSEHOLD,) * 2)
    with pytest.raises(InputError, match="1 codes do not fit 0"):
        OtherRows(("a",), ("a",), (), np.zeros((1, 1)))
    with pytest.raises(InputError, match="1 codes do not fit 2"):
        StatedTotal(TotalKind.OUTPUT, "", ("a",), np.zeros(2))


def test_unknown_codes_suggest_the_nearest() -> None:
    table = farm_and_mill()
    assert table.product("flour") == 1
    assert table.branch("mill") == 1
    with pytest.raises(InputError, match=r"vale: product 'flower' .* did you mean 'flour'"):
        table.product("flower")
    with pytest.raises(InputError, match="branch 'mills' is not in the table"):
        table.branch("mills")


def idle_table() -> Table:
    """The vale with a third branch that does nothing."""
    table = farm_and_mill()
    wider = {
        name: np.column_stack([getattr(table, name), np.zeros(3)])
        for name in ("make", "domestic_use", "imported_use")
    }
    other = np.insert(table.other_rows.values, 2, 0.0, axis=1)
    return replace(
        table,
        branches=Axis(("farm", "mill", "idle"), ("Farm", "Mill", "Idle")),
        other_rows=replace(table.other_rows, values=other),
        output=np.array([100.0, 70.0, 0.0]),
        stated=(
            StatedTotal(
                TotalKind.OUTPUT, "row", ("farm", "mill", "idle"), np.array([100.0, 70.0, 0.0])
            ),
            table.stated[1],
        ),
        **wider,
    )


def test_idle_branches_go_and_products_stay() -> None:
    table = idle_table()
    assert table.active_branches() == ("farm", "mill")
    kept = table.without_idle_branches()
    expected = farm_and_mill()
    assert kept.branches == expected.branches
    assert kept.products == expected.products
    np.testing.assert_array_equal(kept.to_frame(), expected.to_frame())
    np.testing.assert_array_equal(kept.make, expected.make)
    assert kept.stated[0].codes == ("farm", "mill")
    assert kept.stated[1].codes == ("grain", "flour", "oil")
    assert not breaches(kept)


@pytest.mark.parametrize("block", ["make", "domestic_use", "imported_use"])
def test_an_idle_branch_with_entries_is_not_dropped(block: str) -> None:
    table = with_cell(idle_table(), block, (0, 2), 1.0)
    with pytest.raises(InputError, match="branch 'idle' has entries and no output"):
        table.without_idle_branches()


def test_coefficients_of_a_branch_without_output_are_refused() -> None:
    table = with_cell(idle_table(), "domestic_use", (0, 2), 1.0)
    with pytest.raises(InputError, match="branch 'idle' uses products and has no output"):
        table.technical_coefficients()
    assert not table.import_coefficients()[:, 2].any()


def test_imports_by_user_only() -> None:
    """A domestic table with one row of imports says who imports, not what."""
    table = farm_and_mill()
    imports = OtherRows(
        ("imports", *table.other_rows.codes),
        ("Imports", *table.other_rows.names),
        (RowKind.IMPORTS, *table.other_rows.kinds),
        np.vstack([table.imports_by_column(), table.other_rows.values]),
    )
    domestic = replace(
        table,
        imported_use=np.zeros((3, 2)),
        imported_final=np.zeros((3, 2)),
        other_rows=imports,
        stated=(),
    )
    np.testing.assert_array_equal(domestic.imports_by_column(), table.imports_by_column())
    with pytest.raises(InputError, match=r"does not say which products .* imports_by_column"):
        domestic.imports()
    assert not breaches(domestic)
    assert domestic.overview()["imports"] == 27.0


def test_imports_as_a_negative_column() -> None:
    """The same economy with use in total: imports by product, not by user."""
    table = farm_and_mill()
    total = replace(
        table,
        final=Categories(
            ("families", "abroad", "imports"),
            ("", "", ""),
            (FinalKind.HOUSEHOLD, FinalKind.EXPORTS, FinalKind.IMPORTS),
        ),
        domestic_use=table.use(),
        imported_use=np.zeros((3, 2)),
        domestic_final=np.column_stack(
            [table.domestic_final + table.imported_final, -table.imports()]
        ),
        imported_final=np.zeros((3, 3)),
        other_rows=replace(
            table.other_rows, values=np.column_stack([table.other_rows.values, [0, 0]])
        ),
    )
    np.testing.assert_array_equal(total.imports(), [0, 8, 19])
    np.testing.assert_array_equal(total.total_use(), table.total_use())
    assert not breaches(total)


def test_value_added_must_be_stated() -> None:
    table = replace(farm_and_mill(), other_rows=no_rows(4))
    with pytest.raises(InputError, match=r"no row of value added; use primary_inputs\(\)"):
        table.value_added()
    np.testing.assert_array_equal(table.primary_inputs(), [65, 25])
    assert "value added" not in table.overview()


def test_what_people_see() -> None:
    table = farm_and_mill()
    assert repr(table) == (
        "Table(vale 2000: 3 products, 2 branches (2 with output), 2 categories of final demand, "
        "ducats)"
    )
    assert dict(table.overview()) == {
        "output": 170.0,
        "value added": 88.0,
        "imports": 27.0,
        "household": 82.0,
        "exports": 35.0,
    }
    assert "value added" in table._repr_html_()
    frame = table.to_frame()
    assert frame.loc[("imported", "oil"), "mill"] == 10.0
    assert frame.loc[("other", "wages"), "farm"] == 65.0
    assert list(frame.columns) == ["farm", "mill", "families", "abroad"]
