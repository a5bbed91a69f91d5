import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.economy.tables.files import (
    DEFAULT_LIMITS,
    Frame,
    as_text,
    check_archive,
    csv_rows,
    number,
    parsed,
    read_bytes,
    shown,
)
from counterplan.errors import InputError, LimitError

PATH = Path("table.xlsx")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12.0),
        (" -1.5e3 ", -1500.0),
        (".5", 0.5),
        (7, 7.0),
        (2.5, 2.5),
        (np.float64(3.0), 3.0),
        (np.int32(4), 4.0),
    ],
)
def test_plain_numbers_are_read(cell: object, value: float) -> None:
    assert number(cell, place="x") == value


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "the cell is blank; write 0"),
        (None, "the cell is blank"),
        ("  ", "the cell is blank"),
        ("1,234.5", "'1,234.5' is not a number; write digits with a decimal point"),
        ("1_000", "'1_000' is not a number"),
        ("12 000", "is not a number"),
        ("n/a", "'n/a' is not a number"),
        ("\u0661\u0662", "is not a number"),
        (True, "'True' is not a number"),
        ("x" * 100, "'" + "x" * 40 + "' is not a number"),
        ("nan", "the value is nan; give a finite number"),
        ("-inf", "the value is -inf"),
        ("1e999", "the value is inf"),
        (float("nan"), "the value is nan"),
        (np.inf, "the value is inf"),
        (10**400, "the value is inf"),
    ],
)
def test_cells_that_are_no_finite_number_are_refused(cell: object, message: str) -> None:
    with pytest.raises(InputError) as error:
        number(cell, place="use.csv row 41 column 'steel'")
    assert str(error.value).startswith("use.csv row 41 column 'steel': ")
    assert message in str(error.value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_being_written(value: float) -> None:
    assert number(repr(value), place="") == value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (2014.0, "2014"),
        (2014, "2014"),
        (" A01 ", "A01"),
        (1.5, "1.5"),
    ],
)
def test_texts_of_cells(cell: object, text: str) -> None:
    assert as_text(cell) == text


def test_frames_name_the_place_of_a_bad_cell() -> None:
    cells = np.array([1.0, np.nan, 3.0])
    frame = Frame(Path("a/use.csv"), {"code": ["x", "y", "z"], "steel": cells}, [2, 3, 5], "flows")
    assert frame.place(2, "steel") == "use.csv sheet 'flows' row 5 column 'steel'"
    np.testing.assert_array_equal(frame.numbers(["steel"], [2, 0]), [[3.0], [1.0]])
    with pytest.raises(InputError, match="row 3 column 'steel': the value is nan"):
        frame.numbers(["steel"])
    with pytest.raises(InputError, match="there is no column 'stele'; did you mean 'steel'"):
        frame.numbers(["stele"])
    with pytest.raises(InputError, match="no column 'zzzzzz'; add it; the columns are code, steel"):
        frame.text("zzzzzz")
    with pytest.raises(InputError, match="row 2 column 'code': 'x' is not a number"):
        frame.numbers(["code"])


def test_semicolons_are_recognised() -> None:
    frame = Frame(Path("use.csv"), {"code;steel": ["a;1"]}, [2])
    with pytest.raises(InputError, match="separate the columns by commas, not by semicolons"):
        frame.require(["code"])


def test_long_lists_are_cut() -> None:
    assert shown(["a", "b"]) == "a, b"
    assert shown(list("abcdef"), 4) == "a, b, c, d and 2 more"


def test_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "use.csv").write_text("a\n1\n")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.csv").touch()
    with pytest.raises(InputError, match=r"the file is not there; did you mean 'use.csv'"):
        read_bytes(tmp_path / "uses.csv")
    with pytest.raises(InputError, match=r"the folder .* is not there either"):
        read_bytes(tmp_path / "nowhere" / "use.csv")
    with pytest.raises(InputError, match="this is not a file; name a file in it"):
        read_bytes(tmp_path / "folder.csv")
    with pytest.raises(InputError, match=r"empty.csv: the file is empty"):
        read_bytes(tmp_path / "empty.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(tmp_path / ("x" * 5000))
    with pytest.raises(InputError, match="the file is not there"):
        read_bytes("nul\0byte")


def test_large_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"x" * 1001)
    limits = replace(DEFAULT_LIMITS, file_bytes_max=1000)
    with pytest.raises(LimitError, match=r"large.csv: the file has 1,001 bytes .* 1,000"):
        read_bytes(path, limits=limits)
    assert len(read_bytes(path)) == 1001


def archive(parts: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def test_a_zip_bomb_is_refused_unopened() -> None:
    bomb = archive({"xl/worksheets/sheet1.xml": b"0" * (8 << 20)})
    assert len(bomb) < 20_000
    with pytest.raises(LimitError, match=r"that unpacks 1,0.. times; the limit is 200 times"):
        check_archive(bomb, path=PATH)
    with pytest.raises(LimitError, match="8,388,608 bytes unpacked; the limit is 1,000,000"):
        check_archive(bomb, path=PATH, limits=replace(DEFAULT_LIMITS, unpacked_bytes_max=10**6))
    check_archive(bomb, path=PATH, limits=replace(DEFAULT_LIMITS, unpacked_ratio_max=2000.0))


def test_an_archive_of_many_parts_is_refused() -> None:
    many = archive({f"part{i}": b"x" for i in range(11)})
    with pytest.raises(LimitError, match="11 parts; the limit is 10"):
        check_archive(many, path=PATH, limits=replace(DEFAULT_LIMITS, parts_max=10))


def test_overlapping_parts_are_refused() -> None:
    """A directory that names the same bytes many times unpacks to more than it holds."""
    one = archive({"a.bin": bytes(range(256)) * 8}, compression=zipfile.ZIP_STORED)
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[start:end]
    tail = bytearray(one[end:])
    tail[8:12] = (50).to_bytes(2, "little") * 2
    tail[12:16] = (50 * len(entry)).to_bytes(4, "little")
    with pytest.raises(LimitError, match="parts that overlap"):
        check_archive(one[:start] + entry * 50 + bytes(tail), path=PATH)


def test_encrypted_archives_are_refused() -> None:
    content = bytearray(archive({"xl/workbook.xml": b"<workbook/>"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="encrypted; save it without a password"):
        check_archive(bytes(content), path=PATH)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    content = archive({"xl/workbook.xml": text.encode(encoding)})
    with pytest.raises(InputError, match="declares an XML document type"):
        check_archive(content, path=PATH)


def test_truncated_archives_are_refused() -> None:
    content = archive({"xl/workbook.xml": b"<workbook/>"})
    with pytest.raises(InputError, match=r"not a readable xlsx file .* download it again"):
        check_archive(content[:-30], path=PATH)


def test_whatever_a_parser_raises_becomes_an_input_error() -> None:
    def fail() -> None:
        raise KeyError("two\nlines")

    with pytest.raises(InputError, match=r"table.xlsx: this is not a readable xlsx file \(KeyErr"):
        parsed(PATH, "xlsx", fail)

    def refuse() -> None:
        raise LimitError("too much")

    with pytest.raises(LimitError, match=r"^too much$"):
        parsed(PATH, "xlsx", refuse)

    def silent() -> None:
        raise MemoryError

    with pytest.raises(InputError, match=r"\(MemoryError: \)"):
        parsed(PATH, "xlsx", silent)


def test_lines_are_counted_over_quoted_breaks_and_blank_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbfcode,name\r\n\r\nA,"two\r\nlines"\r\n,\r\nB,b')
    assert list(csv_rows(path)) == [
        (1, ["code", "name"]),
        (3, ["A", "two\r\nlines"]),
        (6, ["B", "b"]),
    ]


def test_bad_text_names_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"code,name\nA,caf\xe9\n")
    with pytest.raises(InputError, match=r"a.csv row 2: the text is not in UTF-8; save it as 'CSV"):
        list(csv_rows(path))
    path.write_bytes(b'code,name\nA,b\nB,"open\n')
    with pytest.raises(InputError, match=r"a.csv row 3: the row cannot be read .* quotation mark"):
        list(csv_rows(path))
    path.write_bytes(b"code\n" + b"x" * 200_000)
    with pytest.raises(InputError, match="row 2: the row cannot be read"):
        list(csv_rows(path))


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("rows_max", "the table has 3 rows or more and the limit is 2"),
        ("columns_max", "the table has 3 columns or more and the limit is 2"),
        ("cells_max", "the table has 3 cells or more and the limit is 2"),
    ],
)
def test_limits_on_rows_columns_and_cells(tmp_path: Path, limit: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n4,5,6\n")
    with pytest.raises(LimitError, match=message):
        list(csv_rows(path, limits=replace(DEFAULT_LIMITS, **{limit: 2})))
