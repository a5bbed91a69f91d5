from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.tables import FinalKind, RowKind, Table, TotalKind
from counterplan.economy.tables.bea import read_make_use
from counterplan.economy.tables.identities import EXACT, breaches
from counterplan.errors import InputError

PRODUCTS = ["corn", "bread", "S00401", "S00300"]
INDUSTRIES = ["farm", "bakery"]


def frames() -> dict[str, pd.DataFrame]:
    """Three small files in which every identity holds.

    The farm makes 100 corn and 2 scrap; the bakery 79 bread and 1 corn. Bread for 3 dollars of
    duties: the use table's column of imports has +3 for it beside -5 imported at port value.
    """
    make = pd.DataFrame(
        [["farm", 100, 0, 2, 0, 102], ["bakery", 1, 79, 0, 0, 80], ["T007", 101, 79, 2, 0, None]],
        columns=["row", *PRODUCTS, "T008"],
    )
    columns = ["row", *INDUSTRIES, "T001", "F01000", "F02E00", "F04000", "F05000", "T004", "T007"]
    use = pd.DataFrame(
        [
            ["corn", 10, 40, 50, 45, 0, 10, -4, 51, 101],
            ["bread", 0, 0, 0, 75, 0, 3, 1, 79, 79],
            ["S00401", 5, 0, 5, -1, -2, 0, 0, -3, 2],
            ["S00300", 0, 6, 6, 2, 0, 0, -8, -6, 0],
            ["T005", 15, 46, None, None, None, None, None, None, None],
            ["V00100", 60, 20, None, None, None, None, None, None, None],
            ["V00200", -3, 4, None, None, None, None, None, None, None],
            ["V00300", 30, 10, None, None, None, None, None, None, None],
            ["T008", 102, 80, None, None, None, None, None, None, None],
        ],
        columns=columns,
    )
    imports = pd.DataFrame(
        [
            ["corn", 1, 3, 4, 0, 0, 0, -4, 0],
            ["bread", 0, 0, 0, 2, 0, 0, -2, 0],
            ["S00401", 0, 0, 0, 0, 0, 0, 0, 0],
            ["S00300", 0, 6, 6, 2, 0, 0, -8, 0],
        ],
        columns=["row", *INDUSTRIES, "T001", "F01000", "F02E00", "F04000", "F05000", "T004"],
    )
    return {"make": make, "use": use, "imports": imports}


def write(folder: Path, **changed: pd.DataFrame) -> list[Path]:
    paths = []
    for name, frame in (frames() | changed).items():
        paths.append(folder / f"{name}.parquet")
        frame.to_parquet(paths[-1])
    return paths


def read(folder: Path, **changed: pd.DataFrame) -> Table:
    make, use, imports = write(folder, **changed)
    return read_make_use(make, use, imports)


def test_the_three_files_become_one_table(tmp_path: Path) -> None:
    table = read(tmp_path)
    np.testing.assert_array_equal(table.make, [[100, 1], [0, 79], [2, 0], [0, 0]])
    np.testing.assert_array_equal(table.imported_use, [[1, 3], [0, 0], [0, 0], [0, 6]])
    np.testing.assert_array_equal(table.domestic_use, [[9, 37], [0, 0], [5, 0], [0, 0]])
    np.testing.assert_array_equal(table.imports(), [4, 2, 0, 8])
    np.testing.assert_array_equal(table.final_demand(FinalKind.ADJUSTMENT), [0, 3, 0, 0])
    np.testing.assert_array_equal(table.final_demand(FinalKind.HOUSEHOLD), [45, 75, -1, 2])
    np.testing.assert_array_equal(table.value_added(), [87, 34])
    np.testing.assert_array_equal(table.output, [102, 80])
    assert table.other_rows.kinds == (RowKind.VALUE_ADDED,) * 3
    assert table.prices == "producers' prices"
    assert not table.is_diagonal()


def test_only_negative_cells_are_reported_where_all_adds_up(tmp_path: Path) -> None:
    found = breaches(read(tmp_path), tolerance=EXACT)
    assert {breach.identity for breach in found} == {"non_negative"}
    assert len(found) == 2  # the sales of used goods and scrap


def test_gaps_are_reported_not_repaired(tmp_path: Path) -> None:
    use = frames()["use"]
    use.loc[use["row"] == "corn", "bakery"] = 41
    found = Counter(breach.identity for breach in breaches(read(tmp_path, use=use)))
    assert found["product_balance"] == 1
    assert found["branch_balance"] == 1
    assert found["stated_totals"] == 2  # T001 of corn and T005 of the bakery


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("use", "V00200", r"use.parquet: there is no row 'V00200'; did you mean 'V00"),
        ("use", "bread", r"use.parquet: there is no row 'bread'; add it"),
        ("imports", "corn", r"imports.parquet: there is no row 'corn'"),
        ("make", "T007", r"make.parquet: there is no row 'T007'"),
    ],
)
def test_missing_rows_are_named(tmp_path: Path, name: str, row: str, message: str) -> None:
    frame = frames()[name]
    with pytest.raises(InputError, match=message):
        read(tmp_path, **{name: frame[frame["row"] != row]})


def test_other_errors_are_named(tmp_path: Path) -> None:
    use, make = frames()["use"], frames()["make"]
    with pytest.raises(InputError, match="row 'corn' stands twice"):
        read(tmp_path, use=pd.concat([use, use[:1]]))
    with pytest.raises(InputError, match="there is no column 'bakery'"):
        read(tmp_path, use=use.drop(columns="bakery"))
    with pytest.raises(InputError, match="there is no column 'F05000'; did you mean 'F04000'"):
        read(tmp_path, use=use.drop(columns="F05000"))
    with pytest.raises(InputError, match="the final use 'F99000' is not known"):
        read(
            tmp_path,
            use=use.rename(columns={"F02E00": "F99000"}),
            imports=frames()["imports"].rename(columns={"F02E00": "F99000"}),
        )
    with pytest.raises(InputError, match=r"make.parquet row 1 column 'T008': the value is nan"):
        read(tmp_path, make=make.assign(T008=np.nan))
    with pytest.raises(InputError, match="there is no column 'row'"):
        read(tmp_path, make=make.rename(columns={"row": "code"}))


@pytest.fixture(scope="module")
def usa(shared_data: Path) -> Table:
    folder = shared_data / "bea_us"
    return read_make_use(
        folder / "Detail_Make_2017_AfterRedef_17sch.parquet",
        folder / "Detail_Use_2017_PRO_AfterRedef_17sch.parquet",
        folder / "Detail_Import_2017_BeforeRedef_17sch.parquet",
    )


@pytest.mark.shared
def test_the_united_states_of_2017(usa: Table) -> None:
    assert len(usa.products) == 402
    assert len(usa.branches) == 402
    assert set(usa.products.codes) - set(usa.branches.codes) == {
        "S00300",
        "S00401",
        "S00402",
        "S00900",
    }
    # Gross domestic product of 2017 in the national accounts, billion USD: 19,612.1.
    assert round(usa.value_added().sum() / 1000, 1) == 19_612.1
    stated = next(total for total in usa.stated if total.kind is TotalKind.IMPORTS)
    expenditure = usa.final_demand().sum() - stated.values.sum()
    assert expenditure == pytest.approx(19_612_102, abs=100)


@pytest.mark.shared
def test_gaps_of_the_united_states_are_rounding(usa: Table) -> None:
    """Cells are rounded to a million: sums of 400 of them miss their totals by a few."""
    for identity in ("product_balance", "make_totals", "branch_balance", "stated_totals"):
        found = breaches(usa, identities=[identity])
        assert found
        assert abs(found[0].size) < 30
    kinds = {total.kind for total in usa.stated}
    assert kinds == set(TotalKind)


@pytest.mark.shared
def test_negative_cells_of_the_united_states_are_reported(usa: Table) -> None:
    """336 cells of use fall below zero where the import table, before redefinitions, is higher."""
    found = breaches(usa, identities=["non_negative"])
    places = Counter(breach.place.split("'")[0] for breach in found)
    assert places["USA 2017 domestic use "] == 336
    assert "'S00900', 'F01000'" in found[0].place
