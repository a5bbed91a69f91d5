from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from counterplan.economy.tables.files import DEFAULT_LIMITS
from counterplan.economy.tables.frames import open_csv, read_frame, read_grid
from counterplan.errors import InputError, LimitError


def write(path: Path, rows: list[list[object]], *, sheet: str = "flows") -> Path:
    """Write rows as the format of the path's suffix."""
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    elif path.suffix == ".parquet":
        pd.DataFrame(rows[1:], columns=rows[0]).to_parquet(path)
    else:
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        book.save(path)
    return path


ROWS: list[list[object]] = [["code", "steel"], ["A", 1.5], ["B", 2.0]]


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_the_three_formats_hold_the_same(tmp_path: Path, suffix: str) -> None:
    frame = read_frame(write(tmp_path / f"a.{suffix}", ROWS))
    assert frame.text("code") == ["A", "B"]
    np.testing.assert_array_equal(frame.numbers(["steel"]), [[1.5], [2.0]])
    assert list(frame.lines) == ([1, 2] if suffix == "parquet" else [2, 3])


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_a_bad_cell_is_named_in_every_format(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a.{suffix}", [["code", "steel"], ["A", "1"], ["B", "much"]])
    with pytest.raises(InputError, match=r"row \d column 'steel': 'much' is not a number"):
        read_frame(path).numbers(["steel"])


@pytest.mark.parametrize("suffix", ["parquet", "xlsx"])
def test_truncated_files_are_refused(tmp_path: Path, suffix: str) -> None:
    rows = [["code", "steel"]] + [[f"A{i}", float(i)] for i in range(100)]
    path = write(tmp_path / f"a.{suffix}", rows)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"not a readable .* truncated or damaged"):
        read_frame(path)


def test_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"files of type '.xls' are not read; save it as .csv"):
        read_frame(tmp_path / "a.xls")


def test_headers_must_be_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,,steel\nA,1,2\n")
    with pytest.raises(InputError, match="column 2 has no name"):
        read_frame(path)
    path.write_text("code,steel,code\nA,1,2\n")
    with pytest.raises(InputError, match="two columns are named 'code'"):
        read_frame(path)
    path.write_text("\n\n")
    with pytest.raises(InputError, match="the file has no header"):
        read_frame(path)
    book = write(tmp_path / "a.xlsx", [["a", None, "b"], [1, 2, 3]])
    with pytest.raises(InputError, match=r"a.xlsx sheet 'flows': column 2 has no name"):
        read_frame(book)


def test_rows_must_fit_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,steel\nA,1\nB,1,234\n")
    with pytest.raises(InputError, match="row 3: the row has 3 cells and the header 2"):
        read_frame(path)
    book = write(tmp_path / "a.xlsx", [["code", "steel"], ["A", 1, None], ["B", 2, 3]])
    with pytest.raises(InputError, match="row 3: the row is longer than the header"):
        read_frame(book)


def test_rows_of_a_worksheet_keep_their_numbers(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", [[], ["code", "steel", None], [], ["A"], ["B", 2]])
    frame = read_frame(book)
    assert list(frame.lines) == [4, 5]
    with pytest.raises(InputError, match="row 4 column 'steel': the cell is blank"):
        frame.numbers(["steel"])


def test_worksheets_are_chosen_by_name(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", ROWS)
    assert read_grid(book, sheet="flows")[0][1] == ("A", 1.5)
    with pytest.raises(InputError, match="no worksheet 'flow'; did you mean 'flows'"):
        read_grid(book, sheet="flow")
    with pytest.raises(InputError, match="no worksheet 'zzz'; the worksheets are flows"):
        read_grid(book, sheet="zzz")
    empty = write(tmp_path / "b.xlsx", [])
    with pytest.raises(InputError, match="the worksheet 'flows' is empty"):
        read_frame(empty)


def test_a_workbook_of_charts_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("chart")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError):
        read_frame(tmp_path / "a.xlsx", sheet="chart")


def test_nulls_of_parquet_are_not_zero(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"code": ["A", None], "steel": pd.array([1, None], dtype="Int64")}).to_parquet(
        path
    )
    frame = read_frame(path)
    assert frame.text("code") == ["A", ""]
    with pytest.raises(InputError, match="row 2 column 'steel': the value is nan"):
        frame.numbers(["steel"])


def test_the_index_of_a_parquet_file_is_a_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    index = pd.Index(["A", "B"], name="row")
    pd.DataFrame({"x": [1.0, 2.0], "kind": pd.Categorical(["u", "v"])}, index=index).to_parquet(
        path
    )
    frame = read_frame(path)
    assert frame.text("row") == ["A", "B"]
    assert frame.text("kind") == ["u", "v"]


def test_limits_of_parquet_are_checked_from_its_footer(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", ROWS)
    with pytest.raises(LimitError, match="2 rows or more and the limit is 1"):
        read_frame(path, limits=replace(DEFAULT_LIMITS, rows_max=1))
    with pytest.raises(LimitError, match=r"unpacks to .* bytes and the limit is 10"):
        read_frame(path, limits=replace(DEFAULT_LIMITS, unpacked_bytes_max=10))


def test_limits_of_a_worksheet_hold_while_it_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["XFD9"] = 1
    book.save(tmp_path / "wide.xlsx")
    limits = replace(DEFAULT_LIMITS, cells_max=100_000)
    with pytest.raises(LimitError, match="cells or more and the limit is 100,000"):
        read_frame(tmp_path / "wide.xlsx", limits=limits)


def test_rows_of_a_csv_know_their_line(tmp_path: Path) -> None:
    path = tmp_path / "inputs.csv"
    path.write_text("product,amount,note\nsteel,2.5,\n\nstele,x,hm\n")
    first, second = open_csv(path, required=["product", "amount"], optional=["note"])
    assert (first.text("product"), first.number("amount"), first.line) == ("steel", 2.5, 2)
    assert second.place() == "inputs.csv row 4"
    with pytest.raises(InputError, match=r"inputs.csv row 4 column 'amount': 'x' is not a number"):
        second.number("amount")
    with pytest.raises(InputError, match=r"inputs.csv row 2 column 'note': the cell is blank"):
        first.text("note")


def test_columns_of_a_csv_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "inputs.csv"
    path.write_text("product,amuont\nsteel,2.5\n")
    with pytest.raises(InputError, match="no column 'amount'; did you mean 'amuont'"):
        open_csv(path, required=["product", "amount"])
    with pytest.raises(InputError, match="the column 'amuont' is not known; did you mean 'amount'"):
        open_csv(path, required=["product"], optional=["amount"])
    with pytest.raises(InputError, match="'amuont' is not known; the columns are product"):
        open_csv(path, required=["product"], optional=[])
    assert len(open_csv(path)) == 1


def test_a_parquet_file_that_repeats_one_huge_text_is_refused(tmp_path: Path) -> None:
    # Dictionary-encoded: a few kilobytes on disk, gigabytes once written out.
    values = pa.array(["x" * 200_000])
    repeated = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100_000, dtype=np.int32)), values)
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"code": repeated}), path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(LimitError, match="column 'code' holds a text of 200,000 bytes"):
        read_frame(path)
