from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from counterplan.economy.tables import FinalKind, RowKind, Table
from counterplan.economy.tables.identities import EXACT, breaches
from counterplan.economy.tables.supply_use import read_supply_use, write_supply_use
from counterplan.errors import InputError
from tests.economy.tables.small import farm_and_mill, input_output_tables

SUPPLY = """product,name,farm,mill,imports
grain,Grain,100,10,0
flour,Flour,0,60,8
oil,Oil,0,0,19
"""
APART = """origin,code,kind,farm,mill,household:families,exports:abroad
domestic,grain,,10,30,50,20
domestic,flour,,20,0,25,15
imported,flour,,0,5,3,0
imported,oil,,5,10,4,0
other,taxes,taxes on products,0,2,1,0
other,wages,value added,65,23,0,0
"""
TOTAL = """origin,code,kind,farm,mill,household:families,exports:abroad
total,grain,,10,30,50,20
total,flour,,20,5,28,15
total,oil,,5,10,4,0
other,taxes,taxes on products,0,2,1,0
other,wages,value added,65,23,0,0
"""


def read(folder: Path, supply: str = SUPPLY, use: str = APART) -> Table:
    (folder / "supply.csv").write_text(supply)
    (folder / "use.csv").write_text(use)
    return read_supply_use(
        folder / "supply.csv", folder / "use.csv", name="vale", year=2000, unit="ducats"
    )


def test_domestic_and_imported_use_apart(tmp_path: Path) -> None:
    table, expected = read(tmp_path), farm_and_mill()
    assert table.products == expected.products
    np.testing.assert_array_equal(table.make, expected.make)
    np.testing.assert_array_equal(table.to_frame(), expected.to_frame())
    np.testing.assert_array_equal(table.output, [100, 70])
    assert table.final.kinds == (FinalKind.HOUSEHOLD, FinalKind.EXPORTS)
    assert table.other_rows.kinds == (RowKind.TAXES_ON_PRODUCTS, RowKind.VALUE_ADDED)
    assert breaches(table, tolerance=EXACT) == []


def test_use_in_total_makes_imports_a_column(tmp_path: Path) -> None:
    table = read(tmp_path, use=TOTAL)
    assert table.final.kinds[-1] is FinalKind.IMPORTS
    np.testing.assert_array_equal(table.imports(), [0, 8, 19])
    np.testing.assert_array_equal(table.total_use(), farm_and_mill().total_use())
    assert breaches(table, tolerance=EXACT) == []


def test_stated_imports_and_output_are_checked(tmp_path: Path) -> None:
    wrong = read(tmp_path, supply=SUPPLY.replace("19", "20"))
    (breach,) = breaches(wrong)
    assert "imports by product (column imports) 'oil'" in breach.place
    stated = read(tmp_path, use=APART + "stated,output,,100,75,0,0\n")
    assert {breach.identity for breach in breaches(stated)} == {"make_totals", "branch_balance"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(input_output_tables())
def test_a_table_survives_being_written(tmp_path: Path, table: Table) -> None:
    write_supply_use(table, tmp_path / "s.csv", tmp_path / "u.csv")
    found = read_supply_use(tmp_path / "s.csv", tmp_path / "u.csv", name="", year=1, unit="")
    np.testing.assert_array_equal(found.make, table.make)
    np.testing.assert_array_equal(found.to_frame(), table.to_frame())
    np.testing.assert_array_equal(found.output, table.output)
    assert found.final.kinds == table.final.kinds


@pytest.mark.parametrize(
    ("supply", "use", "message"),
    [
        (SUPPLY.replace("oil", "flour"), APART, "supply.csv: product 'flour' stands twice"),
        ("product,imports\ngrain,1\n", APART, "supply.csv: there are no columns of branches"),
        (SUPPLY.replace("product", "good"), APART, "supply.csv: there is no column 'product'"),
        (SUPPLY.replace("60", "-"), APART, "supply.csv row 3 column 'mill': '-' is not a number"),
        (SUPPLY, APART.replace("origin", "from"), "use.csv: there is no column 'origin'"),
        (SUPPLY, APART.replace("mill,", "mil,"), "column 'mil' is neither .* did you mean 'mill'"),
        (SUPPLY, APART.replace("mill,", ""), "row 2: the row has 7 cells and the header 6"),
        (
            SUPPLY,
            APART.replace("exports:", "export:"),
            "'export' is not known; did you mean 'exports'",
        ),
        (
            SUPPLY,
            APART.replace(":abroad", ""),
            "'exports' is neither a branch .* 'household:exports'",
        ),
        (
            SUPPLY,
            APART.replace("domestic,flour", "home,flour"),
            "row 3 column 'origin': the origin",
        ),
        (
            SUPPLY,
            APART.replace("imported,oil", "imported,olive"),
            "row 5 column 'code': 'olive' is not",
        ),
        (
            SUPPLY,
            APART.replace("domestic,flour", "domestic,grain"),
            "row 3 .* also stands in row 2",
        ),
        (SUPPLY, APART.replace("value added", "added value"), "row 7 column 'kind': the kind"),
        (SUPPLY, APART.replace(",kind", ",name"), "there is no column 'kind'"),
        (
            SUPPLY,
            APART.replace("imported,oil", "total,oil"),
            "row 5 column 'origin': use is given both",
        ),
        (SUPPLY.replace("imports", "quarry"), APART, "there is no column 'quarry'"),
        (SUPPLY, APART + "stated,outputs,,1,1,0,0\n", "row 8 .*; did you mean 'output'"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, supply: str, use: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, supply, use)


def test_use_in_total_needs_imports_once(tmp_path: Path) -> None:
    supply = "\n".join(line.rpartition(",")[0] for line in SUPPLY.splitlines())
    with pytest.raises(InputError, match=r"use is given in total, so .* a column 'imports'"):
        read(tmp_path, supply, TOTAL)
    with pytest.raises(InputError, match="imports stand in both files"):
        read(tmp_path, SUPPLY, TOTAL.replace("exports:abroad", "imports:abroad"))


def test_a_branch_may_have_a_colon_in_its_code(tmp_path: Path) -> None:
    table = read(tmp_path, SUPPLY.replace("mill", "mill:1"), APART.replace("mill", "mill:1"))
    assert table.branches.codes == ("farm", "mill:1")
    assert table.final.codes == ("families", "abroad")
    assert breaches(table) == []


def test_names_and_other_rows_may_be_left_out(tmp_path: Path) -> None:
    use = "\n".join(APART.splitlines()[:5]).replace(",kind", ",name")
    bare = "\n".join(
        ",".join(cell for i, cell in enumerate(line.split(",")) if i != 1)
        for line in SUPPLY.splitlines()
    )
    plain = read(tmp_path, bare, use)
    assert plain.products.names == ("grain", "flour", "oil")
    assert len(plain.other_rows) == 0
