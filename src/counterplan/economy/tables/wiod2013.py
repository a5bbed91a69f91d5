"""Readers of the world tables of the World Input-Output Database, release of 2013.

41 regions by 35 branches, five categories of final demand for each region, million USD. The
products are those of the branches of each region: "AUS_c1" is what Australian agriculture
makes, and final demand "AUS_f1" is what Australian households use.

Source: Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), An illustrated user guide to
the World Input-Output Database, Review of International Economics 23, 575-605.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from counterplan.economy.classifications import branch_names
from counterplan.economy.tables.axes import (
    Axis,
    Categories,
    Codes,
    FinalKind,
    Floats,
    OtherRows,
    RowKind,
    StatedTotal,
    TotalKind,
)
from counterplan.economy.tables.files import (
    DEFAULT_LIMITS,
    Frame,
    Limits,
    as_text,
    number,
)
from counterplan.economy.tables.frames import Grid, read_frame, read_grid
from counterplan.economy.tables.table import Table, no_rows
from counterplan.errors import InputError, did_you_mean

SOURCE = "World Input-Output Database, release 2013"
LICENCE = "free with citation"

FINAL = {
    "f1": ("Final consumption of households", FinalKind.HOUSEHOLD),
    "f2": ("Final consumption of non-profit institutions", FinalKind.NONPROFIT),
    "f3": ("Final consumption of government", FinalKind.COLLECTIVE),
    "f4": ("Gross fixed capital formation", FinalKind.INVESTMENT),
    "f5": ("Changes in inventories and valuables", FinalKind.INVENTORIES),
}
FINAL_IN_WORKBOOK = {"c37": "f1", "c38": "f2", "c39": "f3", "c41": "f4", "c42": "f5"}
OTHER_IN_WORKBOOK = {
    "taxes less subsidies on products": ("TXSP", RowKind.TAXES_ON_PRODUCTS),
    "cif/ fob adjustments on exports": ("EXP_adj", RowKind.CIF_FOB),
    "direct purchases abroad by residents": ("PURR", RowKind.PURCHASES_ABROAD),
    "purchases on the domestic territory by non-residents": (
        "PURNR",
        RowKind.PURCHASES_BY_VISITORS,
    ),
    "value added at basic prices": ("VA", RowKind.VALUE_ADDED),
    "international transport margins": ("IntTTM", RowKind.TRANSPORT_MARGINS),
}
TOTAL_USED = "total intermediate consumption"
TOTAL_OUTPUT = "output at basic prices"
HEADER_ROWS = 6
HEADER_COLUMNS = 4


def read_wiod2013(
    path: Path | str, *, year: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> Table:
    """Read one world table.

    Parameters
    ----------
    path
        A Parquet or CSV file with a column "row", one column for each branch and category of
        each region, and "output"; or a workbook of the release (wiot11_row_apr12.xlsx).
    year
        The table's year; by default it is taken from the file (workbook) or its name.

    Returns
    -------
    Table
        The Parquet layout has no rows below the products, so value added is not stated there;
        the workbooks have them.

    Raises
    ------
    InputError
        The file cannot be read, lacks a row or a column, or holds a cell that is not a finite
        number.
    """
    path = Path(path)
    if path.suffix.lower() == ".xlsx":
        return _from_workbook(path, year, limits)
    frame = read_frame(path, limits=limits)
    frame.require(["row", "output"])
    codes = tuple(frame.text("row"))
    final = tuple(name for name in frame.columns if re.fullmatch(r"\w+_f\d", name))
    for row, code in enumerate(codes):
        if code not in frame.columns:
            raise InputError(
                f"the row '{code}' has no column",
                place=frame.place(row, "row"),
                mend=did_you_mean(code, frame.columns) or "add the column",
            )
    for name in frame.columns:
        if name not in {"row", "output", *codes, *final}:
            raise InputError(
                "the column has no row", place=frame.place(column=name), mend="add the row"
            )
    use = frame.numbers((*codes, *final))
    return _assemble(
        use,
        codes=codes,
        final=final,
        output=frame.numbers(["output"])[:, 0],
        other_rows=no_rows(len(codes) + len(final)),
        stated=(),
        year=year or _year_in(path.stem, frame),
        place=frame.place(),
    )


def _year_in(text: str, frame: Frame | None = None) -> int:
    found = re.search(r"(?:19|20)\d\d", text)
    if not found:
        raise InputError(
            "the year of the table is not known",
            place=frame.place() if frame else text,
            mend="pass it as year=...",
        )
    return int(found.group())


def _assemble(
    use: Floats,
    *,
    codes: Codes,
    final: Codes,
    output: Floats,
    other_rows: OtherRows,
    stated: tuple[StatedTotal, ...],
    year: int,
    place: str,
) -> Table:
    m = len(codes)
    known = branch_names("wiod2013")
    regions, branches = _split(codes, known, what="branch", place=place)
    final_regions, categories = _split(final, FINAL, what="category", place=place)
    axis = Axis(codes, tuple(known[branch] for branch in branches), regions)
    return Table(
        name="world",
        year=year,
        unit="million USD",
        prices="basic prices",
        source=SOURCE,
        licence=LICENCE,
        products=axis,
        branches=axis,
        final=Categories(
            final,
            tuple(FINAL[category][0] for category in categories),
            tuple(FINAL[category][1] for category in categories),
            final_regions,
        ),
        make=np.diag(output),
        domestic_use=use[:, :m],
        imported_use=np.zeros((m, m)),
        domestic_final=use[:, m:],
        imported_final=np.zeros((m, len(final))),
        other_rows=other_rows,
        output=output,
        stated=stated,
    )


def _split(
    codes: Sequence[str],
    known: dict[str, str] | dict[str, tuple[str, FinalKind]],
    *,
    what: str,
    place: str,
) -> tuple[Codes, Codes]:
    """Return the regions and the branches (or categories) of codes such as "AUS_c1"."""
    regions, parts = [], []
    for code in codes:
        region, _, part = code.rpartition("_")
        if not region or part not in known:
            raise InputError(
                f"'{code}' is not a region and a {what} of this release",
                place=place,
                mend=f"codes read like 'AUS_{next(iter(known))}'",
            )
        regions.append(region)
        parts.append(part)
    return tuple(regions), tuple(parts)


def _from_workbook(path: Path, year: int | None, limits: Limits) -> Table:
    """Read the layout of the release: four header rows and columns, then the cells."""
    grid, sheet = read_grid(path, limits=limits)
    place = f"{path.name} sheet '{sheet}'"
    if len(grid) <= HEADER_ROWS or len(grid[HEADER_ROWS - 1]) <= HEADER_COLUMNS:
        raise InputError(
            "this is not the layout of a world table",
            place=place,
            mend="a world table has six rows and four columns before its first figure",
        )
    columns = _codes_across(grid)
    rows = _codes_down(grid)
    codes = tuple(code for code in rows if re.fullmatch(r"\w+_c\d+", code))
    final = tuple(code for code in columns if code not in rows and code != "TOT")
    if not codes:
        raise InputError("there are no rows of branches", place=place, mend="check the sheet")
    for code in (*codes, "TOT"):
        if code not in columns:
            raise InputError(f"there is no column '{code}'", place=place, mend="add the column")
    cells = _Cells(grid, place)
    across = [columns[code] for code in (*codes, *final)]
    use = cells.numbers([rows[code] for code in codes], across)
    other_rows, stated = _other_rows(grid, cells, across=across, codes=codes, final=final)
    output = cells.numbers([rows[code] for code in codes], [columns["TOT"]])[:, 0]
    return _assemble(
        use,
        codes=codes,
        final=final,
        output=output,
        other_rows=other_rows,
        stated=stated,
        year=year or _year_in(as_text(grid[0][0])),
        place=place,
    )


class _Cells:
    """The cells of a worksheet, with errors that say the row and the column."""

    def __init__(self, grid: Grid, place: str) -> None:
        self.grid = grid
        self.place = place

    def numbers(self, rows: Sequence[int], columns: Sequence[int]) -> Floats:
        found = np.empty((len(rows), len(columns)))
        for i, row in enumerate(rows):
            line = self.grid[row]
            for j, column in enumerate(columns):
                value = line[column] if column < len(line) else None
                place = f"{self.place} row {row + 1} column {column + 1}"
                found[i, j] = number(value, place=place)
        return found


def _codes_across(grid: Grid) -> dict[str, int]:
    regions, parts = grid[HEADER_ROWS - 2], grid[HEADER_ROWS - 1]
    found = {}
    for column in range(HEADER_COLUMNS, min(len(regions), len(parts))):
        region, part = as_text(regions[column]), as_text(parts[column])
        if region == "TOT" or part == "c60":
            found["TOT"] = column
        elif region:
            found[f"{region}_{FINAL_IN_WORKBOOK.get(part, part)}"] = column
    return found


def _codes_down(grid: Grid) -> dict[str, int]:
    return {
        f"{as_text(row[2])}_{as_text(row[3])}": line
        for line, row in enumerate(grid)
        if line >= HEADER_ROWS and len(row) > HEADER_COLUMNS and as_text(row[2])
    }


def _other_rows(
    grid: Grid, cells: _Cells, *, across: list[int], codes: Codes, final: Codes
) -> tuple[OtherRows, tuple[StatedTotal, ...]]:
    """Return the rows below the products, found by the names the release gives them."""
    by_name = {
        as_text(row[1]).lower(): line
        for line, row in enumerate(grid)
        if line >= HEADER_ROWS and len(row) > 1
    }
    for name in (*OTHER_IN_WORKBOOK, TOTAL_USED, TOTAL_OUTPUT):
        if name not in by_name:
            raise InputError(
                f"there is no row '{name}'",
                place=cells.place,
                mend=did_you_mean(name, by_name) or "add it",
            )
    values = cells.numbers([by_name[name] for name in OTHER_IN_WORKBOOK], across)
    used = cells.numbers([by_name[TOTAL_USED]], across)[0]
    output = cells.numbers([by_name[TOTAL_OUTPUT]], across[: len(codes)])[0]
    rows = OtherRows(
        tuple(code for code, _ in OTHER_IN_WORKBOOK.values()),
        tuple(name.capitalize() for name in OTHER_IN_WORKBOOK),
        tuple(kind for _, kind in OTHER_IN_WORKBOOK.values()),
        values,
    )
    return rows, (
        StatedTotal(TotalKind.COLUMN_USE, "row r60", (*codes, *final), used),
        StatedTotal(TotalKind.OUTPUT, "row r69", codes, output),
    )
