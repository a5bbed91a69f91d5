"""Long tables: a plan's numbers as rows of name, item, period and value; faults by their place.

Where a table holds several answers of one shape, a first column says which one a row belongs to.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.errors import InputError, LimitError
from counterplan.plan.problem import Problem

ENTRY = ("item", "period", "value")  # the last heads of every long table
BYTES_MAX = 2_000_000_000

Row = tuple[str, str, str, float]


def variable_rows(problem: Problem, primal: Floats) -> Iterator[Row]:
    """Yield variable, item, period and value wherever it is not zero."""
    labels = problem.outlook.periods.labels
    for name, block in problem.variables.blocks.items():
        yield from long_rows(name, problem.value(name, primal), items=block.items, labels=labels)


def valuation_rows(problem: Problem, dual: Floats) -> Iterator[Row]:
    """Yield family, item, period and raw valuation wherever it is not zero."""
    labels = problem.outlook.periods.labels
    for name, rows in problem.rows.items():
        values = np.nan_to_num(problem.row_values(name, dual))
        yield from long_rows(name, values, items=rows.items, labels=labels)


def long_rows(name: str, values: Floats, *, items: Codes, labels: Codes) -> Iterator[Row]:
    """Yield the entries of a table [items x P] that are not zero."""
    for i, t in zip(*np.nonzero(values), strict=True):
        yield name, items[i], labels[t], float(values[i, t])


def write_numbers(
    path: Path, rows: Iterable[Sequence[str | float]], *, heads: Sequence[str]
) -> None:
    """Write a long table; numbers in full, so that reading them gives the same bits."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*heads, *ENTRY])
        writer.writerows((*labels, repr(value)) for *labels, value in rows)


@dataclass(frozen=True)
class Places:
    """Where each name, item and period of a long table belongs in a vector.

    ``numbers`` maps a name to [items x P] positions, -1 where there is none.
    """

    items: dict[str, dict[str, int]]
    numbers: dict[str, Integers]
    periods: dict[str, int]


def column_places(problem: Problem) -> Places:
    """Return the column of each variable's items and periods."""
    numbers = {}
    for name, block in problem.variables.blocks.items():
        flat = np.arange(block.size).reshape(block.lower.shape[::-1]).T
        numbers[name] = flat + problem.columns[name]
    items = {name: numbered(b.items) for name, b in problem.variables.blocks.items()}
    return Places(items, numbers, numbered(problem.outlook.periods.labels))


def row_places(problem: Problem) -> Places:
    """Return the row of each family's items and periods."""
    items = {name: numbered(block.items) for name, block in problem.rows.items()}
    numbers = {name: block.rows for name, block in problem.rows.items()}
    return Places(items, numbers, numbered(problem.outlook.periods.labels))


def numbered(labels: Codes) -> dict[str, int]:
    """Return the position of each label."""
    return {label: position for position, label in enumerate(labels)}


def read_numbers(path: Path, *, places: Places, size: int) -> Floats:
    """Read a long table into a vector.

    Raises
    ------
    InputError
        For a row whose name, item, period or value does not fit, or that stands twice.
    """
    vector = np.zeros(size)
    seen = np.zeros(size, dtype=bool)
    for place, row in long_table(path, heads=1):
        number, value = read_row(row, places, place=place)
        if seen[number]:
            raise InputError("the entry stands twice", place=place)
        seen[number], vector[number] = True, value
    return vector


def long_table(path: Path, *, heads: int) -> Iterator[tuple[str, list[str]]]:
    """Yield place and cells of every row of a long table; ``heads`` come before item and period."""
    if not path.is_file():
        raise InputError("is missing", place=str(path), mend="make the plan again")
    if path.stat().st_size > BYTES_MAX:
        raise LimitError(f"is larger than {BYTES_MAX:,} bytes", place=str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", place=str(path), mend="make the plan again") from None
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        if tuple(next(rows, [])[heads:]) != ENTRY:
            names = f"{'a case, ' * (heads - 1)}a name, {', '.join(ENTRY)}"
            raise InputError(f"its heads are not {names}", place=f"{path} row 1")
        for line, row in enumerate(rows, start=2):
            if len(row) != heads + len(ENTRY):
                raise InputError(
                    f"has {len(row)} cells instead of {heads + len(ENTRY)}",
                    place=f"{path} row {line}",
                )
            yield f"{path} row {line}", row
    except csv.Error as error:
        raise InputError(f"is not CSV: {error}", place=f"{path} line {rows.line_num}") from None


def read_row(row: list[str], places: Places, *, place: str) -> tuple[int, float]:
    """Return where one row of a long table belongs, and its value."""
    name, item, period, text = row
    if name not in places.items:
        raise InputError(f"'{name}' is not in the plan", place=place)
    if item not in places.items[name]:
        raise InputError(f"'{item}' is not an item of {name}", place=place)
    if period not in places.periods:
        raise InputError(f"'{period}' is not a period of the plan", place=place)
    number = int(places.numbers[name][places.items[name][item], places.periods[period]])
    if number < 0:
        raise InputError(f"{name} says nothing of {item} in {period}", place=place)
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"'{text}' is not a number", place=place) from None
    if not np.isfinite(value):
        raise InputError(f"'{text}' is not a finite number", place=place)
    return number, value
