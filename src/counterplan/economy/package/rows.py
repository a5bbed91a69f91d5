"""The rows of one table: cells read as the schema says, or one error that names the cell."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from counterplan.economy.characters import forbidden_in
from counterplan.economy.economy import Floats
from counterplan.economy.package.columns import INF, NUMBER_MOST, Column, Kind, TableSchema
from counterplan.economy.tables.files import Frame, as_text, number, shown
from counterplan.economy.tables.frames import SEPARATORS
from counterplan.errors import InputError, did_you_mean

TEXT_LENGTH_MAX = 1000
SUGGESTIONS_FROM_MAX = 20_000  # comparing a word with more codes than this takes seconds
KEY_JOINT = "/"


@dataclass(frozen=True)
class Rows:
    """One table as it was read; ``columns`` holds every column of the schema.

    ``frame`` is None where the package has no such table.
    """

    schema: TableSchema
    columns: Mapping[str, Any]
    frame: Frame | None = None

    def __len__(self) -> int:
        return len(self.columns[self.schema.columns[0].name])

    @property
    def title(self) -> str:
        """The table's name for a message: its file where there is one."""
        return self.frame.path.name if self.frame else f"the table '{self.schema.name}'"

    def text(self, column: str) -> tuple[str, ...]:
        """Return a column of codes or texts [rows]."""
        return tuple(self.columns[column])

    def numbers(self, column: str) -> Floats:
        """Return a column of numbers [rows]."""
        values: Floats = self.columns[column]
        return values

    def place(self, row: int, column: str = "") -> str:
        """Return where a cell stands in its file."""
        return self.frame.place(row, column) if self.frame else self.title

    def keys(self) -> list[tuple[str, ...]]:
        """Return the key of each row, as texts."""
        parts = []
        for name in self.schema.key:
            values = self.columns[name]
            parts.append([str(int(v)) for v in values] if is_array(values) else values)
        return list(zip(*parts, strict=True))

    def labels(self) -> list[str]:
        """Return the key of each row as one text ("mill/flour"), as provenance names it."""
        return [KEY_JOINT.join(key) for key in self.keys()]


def is_array(values: object) -> bool:
    """Return whether a column came as an array of numbers."""
    return isinstance(values, np.ndarray)


def empty_rows(schema: TableSchema) -> Rows:
    """Return a table without rows, for a package that lacks it."""
    return Rows(schema, {c.name: np.zeros(0) if c.is_number else [] for c in schema.columns})


def parse_rows(schema: TableSchema, frame: Frame) -> Rows:
    """Read the cells of a frame as the schema says.

    Raises
    ------
    InputError
        For a missing or an unknown column, an empty cell that must be filled, a text for a
        number, a number outside its range, a code that cannot be one, a row given twice,
        and a required table without rows.
    """
    _check_header(schema, frame)
    if schema.required and not len(frame):
        raise InputError(
            f"the table '{schema.name}' has no rows", place=frame.place(), mend="write at least one"
        )
    rows = Rows(schema, {c.name: _cells(c, frame) for c in schema.columns}, frame)
    _refuse_repeats(rows)
    return rows


def _check_header(schema: TableSchema, frame: Frame) -> None:
    known = [column.name for column in schema.columns]
    unknown = [name for name in frame.columns if name not in known]
    every = f"the columns are {shown(known, len(known))}"
    for column in schema.columns:
        if column.required and column.name not in frame.columns:
            for separator, word in SEPARATORS.items():
                if any(separator in name for name in unknown):
                    every = f"save it with commas between the cells, not {word}"
            raise InputError(
                f"there is no column '{column.name}'",
                place=frame.place(),
                mend=did_you_mean(column.name, unknown) or every,
            )
    for name in unknown:
        raise InputError(
            f"the column '{name[:40]}' is not known",
            place=frame.place(),
            mend=did_you_mean(name, known) or every,
        )


def _cells(column: Column, frame: Frame) -> list[str] | Floats:
    if column.is_number:
        return _numbers(column, frame)
    return _texts(column, frame)


def _texts(column: Column, frame: Frame) -> list[str]:
    if column.name not in frame.columns:
        return [str(column.default)] * len(frame)
    values = frame.columns[column.name]
    for row, value in enumerate(values):
        if not isinstance(value, str | float | int | None) or isinstance(value, bool):
            raise InputError(
                f"the cell holds a {type(value).__name__}",
                place=frame.place(row, column.name),
                mend="store it as text",
            )
    cells = [as_text(value) for value in values]
    if column.required and "" in cells:
        raise InputError(
            "the cell is blank", place=frame.place(cells.index(""), column.name), mend="fill it in"
        )
    if max(map(len, cells), default=0) > TEXT_LENGTH_MAX or forbidden_in("".join(cells)):
        row = next(i for i, cell in enumerate(cells) if complaint_of(cell))
        raise InputError(complaint_of(cells[row]), place=frame.place(row, column.name))
    return cells


def complaint_of(text: str) -> str:
    """Return what is wrong with a text that no cell should hold, or ''."""
    if len(text) > TEXT_LENGTH_MAX:
        return f"the text has {len(text):,} characters and the limit is {TEXT_LENGTH_MAX:,}"
    found = forbidden_in(text)
    return f"the text holds the character {found}; delete it" if found else ""


def _numbers(column: Column, frame: Frame) -> Floats:
    if column.name not in frame.columns:
        return np.full(len(frame), float(column.default or 0))
    cells = frame.columns[column.name]
    if isinstance(cells, np.ndarray):
        values = cells.copy()
        # An infinity that a Parquet file stores means "no limit" where an empty cell does.
        endless = np.isposinf(values) & (column.default == INF)
        for row in np.flatnonzero(~np.isfinite(values) & ~endless)[:1]:
            number(float(values[row]), place=frame.place(int(row), column.name))
    else:
        values = np.empty(len(cells))
        for row, cell in enumerate(cells):
            try:
                values[row] = _plain(cell, blank=column.default)
            except ValueError:
                values[row] = number(cell, place=frame.place(row, column.name))
    _check_range(column, values, frame)
    return values


def _plain(cell: object, *, blank: str | float | None) -> float:
    """Read the common cells fast; a ValueError means: look closer."""
    if (cell is None or cell == "") and blank is not None:
        return float(blank)
    if isinstance(cell, str) and cell.isascii() and "_" not in cell:
        value = float(cell)
        if math.isfinite(value):
            return value
    raise ValueError


def _check_range(column: Column, values: Floats, frame: Frame) -> None:
    finite = np.isfinite(values)
    outside = finite & ((values < column.least) | (values > column.most))
    if column.kind is Kind.INTEGER:
        outside |= finite & (values != np.floor(values))
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise InputError(
            f"the value is {values[row]:.15g}",
            place=frame.place(row, column.name),
            mend=_range_of(column),
        )


def _range_of(column: Column) -> str:
    what = "a whole number" if column.kind is Kind.INTEGER else "a number"
    if column.least == 0 and column.most >= NUMBER_MOST:
        return f"give {what} that is not negative and at most {column.most:g}"
    return f"give {what} from {column.least:g} to {column.most:g}"


def _refuse_repeats(rows: Rows) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row, key in enumerate(rows.keys()):
        first = seen.setdefault(key, row)
        if first != row:
            what = ", ".join(
                f"{name} '{part}'" for name, part in zip(rows.schema.key, key, strict=True)
            )
            raise InputError(
                f"{what} stands already in {rows.place(first)}",
                place=rows.place(row),
                mend="delete one of the two rows, or add them up",
            )
