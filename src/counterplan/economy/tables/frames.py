"""Frames: one table read from a CSV, Parquet or xlsx file, whatever the format."""

import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from counterplan.economy.tables.files import (
    DEFAULT_LIMITS,
    Counter,
    Floats,
    Frame,
    Limits,
    as_text,
    check_archive,
    csv_rows,
    number,
    parsed,
    read_bytes,
    shown,
)
from counterplan.errors import InputError, LimitError, did_you_mean

TEXT_BYTES_MAX = 100_000  # one cell; the longest name of a published table has a few hundred

SEPARATORS = {";": "semicolons", "\t": "tabs"}

Grid = list[tuple[Any, ...]]


def read_frame(path: Path | str, *, sheet: str = "", limits: Limits = DEFAULT_LIMITS) -> Frame:
    """Read one table whose first row names its columns.

    Parameters
    ----------
    path
        A .csv, .parquet or .xlsx file.
    sheet
        The worksheet of an xlsx file; '' takes the first.
    limits
        What the file may hold.

    Raises
    ------
    InputError
        The file is not there, of another format, damaged, or has a column without a name,
        two columns of one name, or a row that is longer than the header.
    LimitError
        The file is larger than the limits.
    """
    path = Path(path)
    readers = {".csv": _csv_frame, ".parquet": _parquet_frame}
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        grid, name = read_grid(path, sheet=sheet, limits=limits)
        return _grid_frame(path, grid, name)
    if suffix not in readers:
        raise InputError(
            f"files of type '{suffix}' are not read",
            place=path.name,
            mend="save it as .csv, .parquet or .xlsx",
        )
    return readers[suffix](path, limits)


def read_grid(
    path: Path | str, *, sheet: str = "", limits: Limits = DEFAULT_LIMITS
) -> tuple[Grid, str]:
    """Read the cells of one worksheet as they stand, and the worksheet's name.

    Formulas give the value that the spreadsheet program saved beside them. See
    :func:`read_frame` for the errors.
    """
    path = Path(path)
    content = read_bytes(path, limits=limits)
    check_archive(content, path=path, limits=limits)

    def parse() -> tuple[Grid, str]:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it drops: no figure depends on them.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            name = _sheet_name(path, book.sheetnames, sheet)
            counter = Counter(path, limits)
            grid: Grid = []
            for row in book[name].iter_rows(values_only=True):
                counter.add(len(row))
                grid.append(row)
            book.close()
            return grid, name

    return parsed(path, "xlsx", parse)


def _sheet_name(path: Path, names: Sequence[str], wanted: str) -> str:
    if not names:
        raise InputError("the file has no worksheet", place=path.name)
    if not wanted:
        return names[0]
    if wanted not in names:
        near = did_you_mean(wanted, names) or f"the worksheets are {shown(names)}"
        raise InputError(f"there is no worksheet '{wanted}'", place=path.name, mend=near)
    return wanted


def check_header(path: Path, names: Sequence[str], *, sheet: str = "") -> None:
    """Raise an InputError when a column has no name or shares it with another."""
    place = f"{path.name} sheet '{sheet}'" if sheet else path.name
    seen: set[str] = set()
    for position, name in enumerate(names, start=1):
        if not name:
            raise InputError(
                f"column {position} has no name", place=place, mend="name it or delete it"
            )
        if name in seen:
            raise InputError(
                f"two columns are named '{name}'", place=place, mend="rename or delete one"
            )
        seen.add(name)


def _grid_frame(path: Path, grid: Grid, sheet: str) -> Frame:
    rows = [(line, row) for line, row in enumerate(grid, start=1) if any(map(as_text, row))]
    if not rows:
        raise InputError(f"the worksheet '{sheet}' is empty", place=path.name)
    header = [as_text(cell) for cell in rows[0][1]]
    while header and not header[-1]:
        header.pop()
    check_header(path, header, sheet=sheet)
    for line, row in rows[1:]:
        if any(map(as_text, row[len(header) :])):
            raise InputError(
                "the row is longer than the header",
                place=f"{path.name} sheet '{sheet}' row {line}",
                mend="name the column or delete the cell",
            )
    padded = [row[: len(header)] + (None,) * (len(header) - len(row)) for _, row in rows[1:]]
    columns = {name: [row[j] for row in padded] for j, name in enumerate(header)}
    return Frame(path, columns, [line for line, _ in rows[1:]], sheet)


def _csv_frame(path: Path, limits: Limits) -> Frame:
    rows = list(csv_rows(path, limits=limits))
    if not rows:
        raise InputError("the file has no header", place=path.name, mend="name its columns")
    header = [cell.strip() for cell in rows[0][1]]
    check_header(path, header)
    for line, row in rows[1:]:
        if len(row) != len(header):
            _refuse_separator(path, header)
            raise InputError(
                f"the row has {len(row)} cells and the header {len(header)}",
                place=f"{path.name} row {line}",
                mend="add or delete commas; put texts that hold commas between quotation marks",
            )
    columns = {name: [row[j].strip() for _, row in rows[1:]] for j, name in enumerate(header)}
    return Frame(path, columns, [line for line, _ in rows[1:]])


def _refuse_separator(path: Path, header: Sequence[str]) -> None:
    """Refuse cells between semicolons or tabs: the commas are then those of decimal numbers."""
    for separator, word in SEPARATORS.items():
        if len(header) == 1 and separator in header[0]:
            raise InputError(
                f"the cells stand between {word}",
                place=f"{path.name} row 1",
                mend="save it with commas between the cells and points in the numbers (1.5)",
            )


def _parquet_frame(path: Path, limits: Limits) -> Frame:
    content = read_bytes(path, limits=limits)

    def parse() -> pa.Table:
        # Text is left encoded: one long value repeated a million times is small on disk and in
        # memory only as long as nobody writes it out.
        schema = pq.read_schema(pa.BufferReader(content))
        texts = [f.name for f in schema if pa.types.is_string(f.type) or is_long_text(f.type)]
        file = pq.ParquetFile(pa.BufferReader(content), read_dictionary=texts)
        meta = file.metadata
        cells = meta.num_rows * meta.num_columns
        Counter(path, limits).check(meta.num_rows, meta.num_columns, cells)
        sizes = [meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)]
        if sum(sizes) > limits.unpacked_bytes_max:
            raise LimitError(
                f"the file unpacks to {sum(sizes):,} bytes and the limit is "
                f"{limits.unpacked_bytes_max:,}",
                place=path.name,
                mend="if you trust the file, pass larger Limits",
            )
        return check_texts(file.read(use_threads=False), path=path)

    table = parsed(path, "Parquet", parse)
    names = [str(name) for name in table.column_names]
    check_header(path, names)
    columns = parsed(
        path, "Parquet", lambda: {name: _arrow_cells(table[name]) for name in table.column_names}
    )
    return Frame(path, columns, range(1, table.num_rows + 1))


def is_long_text(kind: pa.DataType) -> bool:
    """Return whether a column holds text or bytes of any other arrow type."""
    types = pa.types
    return bool(types.is_large_string(kind) or types.is_binary(kind) or types.is_large_binary(kind))


def check_texts(table: pa.Table, *, path: Path) -> pa.Table:
    """Refuse a table with a text longer than a cell may hold."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        if not pa.types.is_dictionary(column.type):
            continue
        for chunk in column.chunks:
            values = chunk.dictionary
            longest = pc.max(pc.binary_length(values)).as_py() if len(values) else 0
            if (longest or 0) > TEXT_BYTES_MAX:
                raise LimitError(
                    f"column '{name}' holds a text of {longest:,} bytes and the limit is "
                    f"{TEXT_BYTES_MAX:,}",
                    place=path.name,
                    mend="codes and names are short: is this the right file?",
                )
    return table


def _arrow_cells(column: pa.ChunkedArray) -> list[object] | Floats:
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        # Nulls become NaN, which Frame.numbers refuses with the row and the column.
        values = column.to_numpy().astype(np.float64)
        return np.asarray(values, dtype=np.float64)
    return list(column.to_pylist())


@dataclass(frozen=True)
class Row:
    """One row of a CSV file: its line number and its cells by column name."""

    path: Path
    line: int
    cells: dict[str, str]

    def place(self, column: str = "") -> str:
        """Return where the row, or one of its cells, stands."""
        where = f"{self.path.name} row {self.line}"
        return f"{where} column '{column}'" if column else where

    def text(self, column: str) -> str:
        """Return a cell that may not be blank."""
        if not self.cells[column]:
            raise InputError("the cell is blank", place=self.place(column), mend="fill it in")
        return self.cells[column]

    def number(self, column: str) -> float:
        """Return a cell as a finite float."""
        return number(self.cells[column], place=self.place(column))


def open_csv(
    path: Path | str,
    *,
    required: Iterable[str] = (),
    optional: Iterable[str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Row]:
    """Read a CSV file row by row, for tables that are read by meaning and not as a matrix.

    Parameters
    ----------
    required
        Columns that must be there.
    optional
        Columns that may be there; any other column is then an error. None allows any.

    Raises
    ------
    InputError, LimitError
        As :func:`read_frame`, and for a missing or an unknown column.
    """
    frame = _csv_frame(Path(path), limits)
    required = list(required)
    frame.require(required)
    if optional is not None:
        known = [*required, *optional]
        for name in frame.columns:
            if name not in known:
                raise InputError(
                    f"the column '{name}' is not known",
                    place=frame.place(),
                    mend=did_you_mean(name, known) or f"the columns are {shown(known)}",
                )
    columns = {name: frame.text(name) for name in frame.columns}
    return [
        Row(frame.path, line, {name: cells[i] for name, cells in columns.items()})
        for i, line in enumerate(frame.lines)
    ]
