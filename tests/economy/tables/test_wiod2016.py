from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from counterplan.economy.tables import FinalKind, RowKind, Table
from counterplan.economy.tables.identities import EXACT, breaches
from counterplan.economy.tables.wiod2016 import FINAL, SHEET, read_wiod2016
from counterplan.errors import InputError

BRANCHES = ["A01", "B", "C21"]
COLUMNS = [*BRANCHES, *FINAL, "GO"]


def release_rows(year: int = 2014) -> list[list[object]]:
    """The rows of one small table in the order of the release: nobody makes C21 here."""
    names = {"A01": "Crops", "B": "Mining", "C21": "Pharmaceuticals"}
    domestic = {
        "A01": [1.0, 2.0, 0.0, 50.0, 0.0, 3.0, 4.0, -1.0, 10.0, 69.0],
        "B": [5.0, 6.0, 0.0, 7.0, 0.0, 0.0, 2.0, 1.0, 30.0, 51.0],
        "C21": [0.0] * 10,
    }
    imports = {
        "A01": [0.5, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        "B": [0.0, 0.25, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        "C21": [1.5, 0.0, 0.0, 8.0, 0.0, 2.0, 0.0, 0.5, 0.0, 0.0],
    }
    rows: list[list[object]] = []
    for origin, block in (("Domestic", domestic), ("Imports", imports)):
        rows += [[year, code, names[code], origin, *cells] for code, cells in block.items()]
    used = np.array([*domestic.values(), *imports.values()]).sum(axis=0)
    used[8:] = 0.0  # as the release does for exports and output
    other = {
        "TXSP": [2.0, 1.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        "EXP_adj": [0.0] * 10,
        "PURR": [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        "PURNR": [0.0, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0],
        "VA": [58.5, 41.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        "IntTTM": [0.5, 0.25, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    }
    total = [69.0, 51.0, 0.0, *[0.0] * 7]
    for code, cells in {"II_fob": list(used), **other, "GO": total}.items():
        rows.append([year, code, f"Row {code}", "TOT", *cells])
    return rows


def write_workbook(path: Path, rows: list[list[object]], *, sheet: str = SHEET) -> Path:
    """Write the layout of the release: codes, then names, then the rows of every year."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.active.append(["Year", "Code", "Description", "Origin", *COLUMNS])
    book.active.append([None, None, None, None, *[f"Name of {code}" for code in COLUMNS]])
    for row in rows:
        book.active.append(row)
    book.create_sheet("notes")
    book.save(path)
    return path


def write_parquet(path: Path, rows: list[list[object]], country: str | None = None) -> Path:
    frame = pd.DataFrame(rows, columns=["Year", "Code", "Description", "Origin", *COLUMNS])
    if country:
        frame.insert(0, "country", country)
    frame.to_parquet(path)
    return path


def check_small(table: Table) -> None:
    """Check the small table against its rows."""
    assert (table.name, table.year, table.unit) == ("XYZ", 2014, "million USD")
    assert table.products.codes == ("A01", "B", "C21")
    assert table.products.names == ("Crops", "Mining", "Pharmaceuticals")
    np.testing.assert_array_equal(table.domestic_use, [[1, 2, 0], [5, 6, 0], [0, 0, 0]])
    np.testing.assert_array_equal(table.imported_use, [[0.5, 0, 0], [0, 0.25, 0], [1.5, 0, 0]])
    np.testing.assert_array_equal(table.domestic_final[0], [50, 0, 3, 4, -1, 10])
    np.testing.assert_array_equal(table.imported_final[2], [8, 0, 2, 0, 0.5, 0])
    np.testing.assert_array_equal(table.output, [69, 51, 0])
    np.testing.assert_array_equal(table.value_added(), [58.5, 41.5, 0])
    np.testing.assert_array_equal(table.imports(), [1.5, 1.25, 12])
    assert table.final.kinds[:3] == (
        FinalKind.HOUSEHOLD,
        FinalKind.NONPROFIT,
        FinalKind.COLLECTIVE,
    )
    assert table.other_rows.of_kind(RowKind.PURCHASES_BY_VISITORS).sum() == 0.0
    assert breaches(table, tolerance=EXACT) == []
    assert table.without_idle_branches().branches.codes == ("A01", "B")
    assert table.without_idle_branches().products.codes == ("A01", "B", "C21")


def test_the_workbook_of_the_release(tmp_path: Path) -> None:
    rows = [*release_rows(2013), *release_rows(2014)]
    check_small(read_wiod2016(write_workbook(tmp_path / "XYZ_NIOT_nov16.xlsx", rows)))


def test_the_parquet_layouts(tmp_path: Path) -> None:
    rows = release_rows()
    check_small(read_wiod2016(write_parquet(tmp_path / "XYZ_NIOT.parquet", rows)))
    path = write_parquet(tmp_path / "all.parquet", rows, "XYZ")
    check_small(read_wiod2016(path, country="XYZ"))
    check_small(read_wiod2016(path))


def test_names_come_from_the_classification_where_the_file_has_none(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "XYZ_NIOT.parquet", release_rows())
    pd.read_parquet(path).drop(columns="Description").to_parquet(path)
    names = read_wiod2016(path).products.names
    assert names[1] == "Mining and quarrying"


def test_country_and_year_must_be_there(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "XYZ_NIOT.parquet", release_rows())
    with pytest.raises(InputError, match="there is no year 2013 for 'XYZ'; the years are 2014"):
        read_wiod2016(path, year=2013)
    with pytest.raises(InputError, match="the file's name says that it holds 'XYZ', not 'RUS'"):
        read_wiod2016(path, country="RUS")
    two = pd.concat([pd.read_parquet(path).assign(country=code) for code in ("RUS", "USA")])
    two.to_parquet(tmp_path / "two.parquet")
    with pytest.raises(InputError, match="holds 2 countries and none was named; name one of RUS"):
        read_wiod2016(tmp_path / "two.parquet")
    with pytest.raises(InputError, match="no country 'RUSS'; did you mean 'RUS'"):
        read_wiod2016(tmp_path / "two.parquet", country="RUSS")
    other = write_parquet(tmp_path / "table.parquet", release_rows())
    assert read_wiod2016(other).name == "table"
    assert read_wiod2016(other, country="ABC").name == "ABC"


def change(rows: list[list[object]], row: int, column: int, value: object) -> list[list[object]]:
    rows[row][column] = value
    return rows


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (0, 4, None, r"row 3 column 'A01': the cell is blank"),
        (1, 7, "many", r"row 4 column 'CONS_h': 'many' is not a number"),
        (
            0,
            3,
            "Domestc",
            r"row 3 column 'Origin': the origin 'Domestc' .* did you mean 'Domestic'",
        ),
        (
            0,
            1,
            "A1",
            r"there is no row 'A01' of origin 'Domestic'; did you mean 'A1'",
        ),
        (
            1,
            1,
            "A01",
            r"row 4 column 'Code': .* 'Domestic' stands twice; it also stands in row 3",
        ),
        (11, 1, "VAT", r"there is no row 'VA' of origin 'TOT'; did you mean 'VAT'"),
    ],
)
def test_bad_rows_and_cells_are_named(
    tmp_path: Path, row: int, column: int, value: object, message: str
) -> None:
    path = write_workbook(
        tmp_path / "XYZ_NIOT_nov16.xlsx", change(release_rows(), row, column, value)
    )
    with pytest.raises(InputError, match=message) as error:
        read_wiod2016(path)
    assert "XYZ_NIOT_nov16.xlsx" in str(error.value)


def test_a_row_of_an_unknown_product_is_named(tmp_path: Path) -> None:
    rows = release_rows()
    extra = list(rows[0])
    extra[1] = "A02"
    path = write_workbook(tmp_path / "XYZ_NIOT.xlsx", [*rows, extra])
    with pytest.raises(
        InputError, match=r"the row 'A02' of origin 'Domestic' belongs to no column"
    ):
        read_wiod2016(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "XYZ_NIOT.parquet", release_rows())
    whole = pd.read_parquet(path)
    whole.drop(columns="GFCF").to_parquet(path)
    with pytest.raises(InputError, match="there is no column 'GFCF'"):
        read_wiod2016(path)
    whole.drop(columns=BRANCHES).to_parquet(path)
    with pytest.raises(InputError, match="there are no columns of branches"):
        read_wiod2016(path)


def test_a_workbook_without_the_sheet(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "XYZ_NIOT.xlsx", release_rows(), sheet="National IO-table")
    with pytest.raises(InputError, match="no worksheet 'National IO-tables'; did you mean"):
        read_wiod2016(path)


# Billion USD, from the note on the data: gross output, value added, exports, imports,
# investment, output and exports of mining and of refining.
RUSSIA_2014 = {
    "output": 3381,
    "value added": 1624,
    "exports": 494,
    "imports": 379,
    "investment": 327,
}


@pytest.mark.shared
def test_russia_2014_has_the_published_totals(shared_data: Path) -> None:
    table = read_wiod2016(shared_data / "wiod2016_niot" / "RUS_NIOT_2000_2014.parquet")
    found = table.overview()
    assert {key: round(found[key] / 1000) for key in RUSSIA_2014} == RUSSIA_2014
    mining, refining = table.product("B"), table.product("C19")
    figures = [table.output[mining], table.exports()[mining]]
    figures += [table.output[refining], table.exports()[refining]]
    np.testing.assert_allclose(np.divide(figures, 1000), [261, 188, 195, 46], atol=0.6)
    assert len(table.active_branches()) == 33
    assert breaches(table) == []
    nobody_makes = table.product_output() == 0
    assert round(table.imports()[nobody_makes].sum() / 1000, 1) == 43.6
    # Machinery for investment, billion USD: imported and domestic.
    machinery, investment = table.product("C28"), table.final.codes.index("GFCF")
    assert round(table.imported_final[machinery, investment] / 1000, 1) == 14.1
    assert round(table.domestic_final[machinery, investment] / 1000, 1) == 14.4


@pytest.mark.shared
def test_both_files_hold_the_same_russia(shared_data: Path) -> None:
    folder = shared_data / "wiod2016_niot"
    one = read_wiod2016(folder / "RUS_NIOT_2000_2014.parquet")
    other = read_wiod2016(folder / "ALL43_NIOT_2014.parquet", country="RUS")
    np.testing.assert_allclose(one.to_frame(), other.to_frame(), rtol=1e-12)
    assert one.products.codes == other.products.codes


@pytest.mark.shared
@pytest.mark.parametrize("year", [2000, 2008, 2013])
def test_earlier_years_are_read(shared_data: Path, year: int) -> None:
    path = shared_data / "wiod2016_niot" / "RUS_NIOT_2000_2014.parquet"
    assert read_wiod2016(path, year=year).year == year
