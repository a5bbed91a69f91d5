import warnings
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from counterplan.economy.tables import FinalKind
from counterplan.economy.tables.files import Limits
from counterplan.economy.tables.identities import EXACT, breaches, unchecked
from counterplan.economy.tables.wiod2013 import read_wiod2013
from counterplan.errors import InputError

REGIONS = ("AUS", "USA")
SECTORS = ("c1", "c35")
CODES = [f"{region}_{sector}" for region in REGIONS for sector in SECTORS]
FINAL = [f"{region}_f{i}" for region in REGIONS for i in range(1, 6)]
OTHER = {
    "Taxes less subsidies on products": 2.0,
    "Cif/ fob adjustments on exports": 1.0,
    "Direct purchases abroad by residents": 0.5,
    "Purchases on the domestic territory by non-residents": 0.25,
    "Value added at basic prices": None,
    "International Transport Margins": 0.75,
}


def flows() -> tuple[np.ndarray, np.ndarray]:
    """Flows [4 x 14] of whole numbers and output [4]."""
    use = np.arange(56.0).reshape(4, 14) % 11 + 1.0
    use[:, :4] += np.diag([3.0, 5.0, 7.0, 9.0])
    return use, use.sum(axis=1) + 0.0


def write_parquet(path: Path) -> Path:
    use, output = flows()
    frame = pd.DataFrame(use, index=pd.Index(CODES, name="row"), columns=[*CODES, *FINAL])
    frame.assign(output=output).to_parquet(path)
    return path


def workbook_rows() -> list[list[object]]:
    """The layout of the release: four header rows and columns, a column and rows of totals."""
    use, output = flows()
    of_final = {"f1": "c37", "f2": "c38", "f3": "c39", "f4": "c41", "f5": "c42"}
    heads = [code.split("_") for code in [*CODES, *FINAL]]
    rows: list[list[object]] = [
        ["World Input-Output Table at current prices, 2011"],
        ["(millions of US$)"],
        ["(industry-by-industry)", None, None, None, *[f"i{part}" for _, part in heads], "TOT"],
        ["(millions of US$)", None, None, None, *[f"Name {part}" for _, part in heads], "Total"],
        [None, None, None, None, *[region for region, _ in heads], "TOT"],
        [None, None, None, None, *[of_final.get(part, part) for _, part in heads], "c60"],
    ]
    for code, cells, total in zip(CODES, use.tolist(), output.tolist(), strict=True):
        region, part = code.split("_")
        rows.append([f"i{part}", f"Name {part}", region, part, *cells, total])
    used = use.sum(axis=0)
    added = output - used[:4] - 4.5
    below = np.array([np.full(14, value or 0.0) for value in OTHER.values()])
    below[4] = [*added, *[0.0] * 10]
    totals = ["Total intermediate consumption", *OTHER, "Output at basic prices"]
    cells = np.vstack([used, below, used + below.sum(axis=0)])
    for code, name, row in zip(
        ["r60", "r61", "r62", "r63", "r99", "r64", "r65", "r69"],
        totals,
        cells.tolist(),
        strict=True,
    ):
        rows.append([code, name, "TOT", code, *row, None])
    return rows


def write_workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "WIOT_2011"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_the_parquet_layout(tmp_path: Path) -> None:
    table = read_wiod2013(write_parquet(tmp_path / "WIOT13_2011.parquet"))
    use, output = flows()
    assert (table.name, table.year) == ("world", 2011)
    assert table.products.codes == tuple(CODES)
    assert table.products.regions == ("AUS", "AUS", "USA", "USA")
    assert table.products.region_codes() == REGIONS
    assert table.products.names[1] == "Private households with employed persons"
    assert table.final.kinds[:5] == (
        FinalKind.HOUSEHOLD,
        FinalKind.NONPROFIT,
        FinalKind.COLLECTIVE,
        FinalKind.INVESTMENT,
        FinalKind.INVENTORIES,
    )
    np.testing.assert_array_equal(table.domestic_use, use[:, :4])
    np.testing.assert_array_equal(table.domestic_final, use[:, 4:])
    np.testing.assert_array_equal(table.output, output)
    assert not table.imports().any()
    assert unchecked(table) == ["branch_balance", "stated_totals"]
    assert breaches(table, tolerance=EXACT) == []


def test_the_workbook_of_the_release_as_pymrio_reads_it(tmp_path: Path) -> None:
    pymrio = pytest.importorskip("pymrio")
    path = write_workbook(tmp_path / "wiot11_row_apr12.xlsx", workbook_rows())
    table = read_wiod2013(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the socio-economic accounts are not beside it
        system = pymrio.parse_wiod(path, names=("c_codes", "c_codes"))
    np.testing.assert_array_equal(table.domestic_use, system.Z.to_numpy())
    np.testing.assert_array_equal(table.domestic_final, system.Y.to_numpy())
    assert ["_".join(label) for label in system.Z.index] == list(table.products.codes)
    rows = system.factor_inputs
    np.testing.assert_array_equal(
        table.other_rows.values, np.hstack([rows.F.to_numpy(), rows.F_Y.to_numpy()])
    )
    assert [name.lower() for name in rows.F.index] == [n.lower() for n in table.other_rows.names]


def test_the_workbook_holds_every_identity(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "wiot11.xlsx", workbook_rows())
    table = read_wiod2013(path)
    assert table.year == 2011
    assert table.final.codes == tuple(FINAL)
    assert breaches(table) == []
    assert unchecked(table) == []
    assert read_wiod2013(path, year=1995).year == 1995


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (6, 4, None, r"sheet 'WIOT_2011' row 7 column 5: the cell is blank"),
        (8, 18, "?", r"row 9 column 19: '\?' is not a number"),
        (5, 5, "c34", r"there is no column 'AUS_c35'"),
        (4, 18, "USA", r"there is no column 'TOT'"),
        (
            15,
            1,
            "Value aded at basic prices",
            r"no row 'value added at basic prices'; did you mean",
        ),
        (0, 0, "World table", r"the year of the table is not known; pass it as year"),
        (5, 8, "c40", r"'AUS_c40' is not a region and a category of this"),
    ],
)
def test_bad_workbooks_are_named(
    tmp_path: Path, row: int, column: int, value: object, message: str
) -> None:
    rows = workbook_rows()
    rows[row][column] = value
    if (row, column) == (4, 18):
        rows[5][18] = "c99"
    with pytest.raises(InputError, match=message):
        read_wiod2013(write_workbook(tmp_path / "wiot.xlsx", rows))


def test_other_workbooks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is not the layout of a world table"):
        read_wiod2013(write_workbook(tmp_path / "a.xlsx", [["a", "b"]]))
    rows = [*workbook_rows()[:6], *workbook_rows()[10:]]
    with pytest.raises(InputError, match="there are no rows of branches"):
        read_wiod2013(write_workbook(tmp_path / "b.xlsx", rows))


def test_bad_parquet_files_are_named(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "WIOT13_2011.parquet")
    whole = pd.read_parquet(path)
    whole.drop(columns="USA_c1").to_parquet(path)
    with pytest.raises(InputError, match=r"row 3 column 'row': the row 'USA_c1' has no column"):
        read_wiod2013(path)
    whole.drop(index="USA_c1").to_parquet(path)
    with pytest.raises(InputError, match="column 'USA_c1': the column has no row"):
        read_wiod2013(path)
    whole.drop(columns="output").to_parquet(path)
    with pytest.raises(InputError, match="there is no column 'output'"):
        read_wiod2013(path)
    odd = whole.rename(index={"USA_c1": "USA_x1"}, columns={"USA_c1": "USA_x1"})
    odd.to_parquet(path)
    with pytest.raises(InputError, match="'USA_x1' is not a region and a branch of this release"):
        read_wiod2013(path)
    whole.to_parquet(tmp_path / "world.parquet")
    with pytest.raises(InputError, match=r"world.parquet: the year of the table is not known"):
        read_wiod2013(tmp_path / "world.parquet")
    assert read_wiod2013(tmp_path / "world.parquet", year=2011).year == 2011
    with pytest.raises(InputError, match="the limit is 10"):
        read_wiod2013(path, limits=Limits(cells_max=10))


@pytest.mark.shared
def test_the_world_of_2011(shared_data: Path) -> None:
    table = read_wiod2013(shared_data / "wiod2013_world" / "WIOT13_2011.parquet")
    assert len(table.products) == 1435
    assert len(table.final) == 205
    assert len(table.products.region_codes()) == 41
    # The file rounds every cell to a whole number: rows miss output by at most 108.
    gaps = breaches(table, identities=["product_balance"])
    assert max(abs(breach.size) for breach in gaps) == 108
    assert breaches(table, identities=["make_totals"]) == []
