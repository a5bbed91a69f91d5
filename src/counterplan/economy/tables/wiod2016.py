"""Readers of the national tables of the World Input-Output Database, release of 2016.

One row for each product and origin (Domestic, Imports), then rows of totals (TOT); columns
Year, Code, Description, Origin, 56 branches, six categories of final demand and GO. The
workbooks of the release (sheet "National IO-tables") carry a second header row of names.

Source: Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), An illustrated user guide to
the World Input-Output Database, Review of International Economics 23, 575-605.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from counterplan.economy.classifications import branch_names
from counterplan.economy.tables.axes import (
    Axis,
    Categories,
    Codes,
    FinalKind,
    OtherRows,
    RowKind,
    StatedTotal,
    TotalKind,
    refuse_duplicates,
)
from counterplan.economy.tables.files import DEFAULT_LIMITS, Frame, Limits, shown
from counterplan.economy.tables.frames import read_frame
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean

SHEET = "National IO-tables"
SOURCE = "World Input-Output Database, release 2016, doi 10.34894/PJ2M1C"
LICENCE = "CC BY 4.0"

FINAL = {
    "CONS_h": ("Final consumption of households", FinalKind.HOUSEHOLD),
    "CONS_np": ("Final consumption of non-profit institutions", FinalKind.NONPROFIT),
    "CONS_g": ("Final consumption of government", FinalKind.COLLECTIVE),
    "GFCF": ("Gross fixed capital formation", FinalKind.INVESTMENT),
    "INVEN": ("Changes in inventories and valuables", FinalKind.INVENTORIES),
    "EXP": ("Exports", FinalKind.EXPORTS),
}
OTHER = {
    "TXSP": ("Taxes less subsidies on products", RowKind.TAXES_ON_PRODUCTS),
    "EXP_adj": ("Cif/fob adjustments on exports", RowKind.CIF_FOB),
    "PURR": ("Direct purchases abroad by residents", RowKind.PURCHASES_ABROAD),
    "PURNR": ("Purchases at home by non-residents", RowKind.PURCHASES_BY_VISITORS),
    "VA": ("Value added at basic prices", RowKind.VALUE_ADDED),
    "IntTTM": ("International transport margins", RowKind.TRANSPORT_MARGINS),
}
TOTALS = ("II_fob", "GO")
KEYS = ("Year", "Code", "Origin")
NOT_BRANCHES = {"country", "Description", *KEYS, *FINAL, "GO"}


def read_wiod2016(
    path: Path | str,
    *,
    country: str | None = None,
    year: int = 2014,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Read one national table.

    Parameters
    ----------
    path
        A workbook of the release (RUS_NIOT_nov16.xlsx), or a Parquet or CSV file with the same
        columns; a column "country" may say which country a row belongs to.
    country
        ISO 3166 code; needed where the file holds several. Without a column "country" the
        code is taken from the file's name.
    year
        2000 to 2014.

    Returns
    -------
    Table
        56 products by 56 branches, million USD, basic prices. Products that no domestic
        branch makes stay as rows.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, a row, the country or the year, holds a row
        twice, or holds a cell that is not a finite number.
    """
    path = Path(path)
    frame = read_frame(path, sheet=SHEET if path.suffix.lower() == ".xlsx" else "", limits=limits)
    frame.require([*KEYS, *FINAL, "GO"])
    branches = tuple(name for name in frame.columns if name not in NOT_BRANCHES)
    if not branches:
        raise InputError("there are no columns of branches", place=frame.place())
    country, rows = _country_rows(frame, country)
    blocks = _blocks(frame, _year_rows(frame, rows, year, country), branches)
    return _assemble(frame, blocks, country=country, year=year, branches=branches)


def _country_rows(frame: Frame, country: str | None) -> tuple[str, list[int]]:
    """Return the country's code and its rows."""
    rows = list(range(len(frame)))
    if "country" not in frame.columns:
        in_name = re.match(r"([A-Z]{3})_NIOT", frame.path.name)
        found = in_name.group(1) if in_name else ""
        if country and found and country != found:
            raise InputError(
                f"the file's name says that it holds '{found}', not '{country}'",
                place=frame.place(),
                mend="leave the country out, or name the file of that country",
            )
        return country or found or frame.path.stem, rows
    texts = frame.text("country")
    known = list(dict.fromkeys(texts))
    if country is None:
        if len(known) != 1:
            raise InputError(
                f"the file holds {len(known)} countries and none was named",
                place=frame.place(),
                mend=f"name one of {shown(known, 50)}",
            )
        country = known[0]
    if country not in known:
        mend = did_you_mean(country, known) or f"the countries are {shown(known, 50)}"
        raise InputError(f"there is no country '{country}'", place=frame.place(), mend=mend)
    return country, [row for row in rows if texts[row] == country]


def _year_rows(frame: Frame, rows: Sequence[int], year: int, country: str) -> list[int]:
    years = frame.text("Year")
    found = [row for row in rows if years[row] == str(year)]
    if not found:
        known = sorted({years[row] for row in rows if years[row]})
        raise InputError(
            f"there is no year {year} for '{country}'",
            place=frame.place(),
            mend=f"the years are {shown(known, 20)}",
        )
    return found


@dataclass(frozen=True)
class Blocks:
    """The rows of one table in their file, by origin, in the order of the branches."""

    domestic: list[int]
    imports: list[int]
    totals: dict[str, int]


def _blocks(frame: Frame, rows: Sequence[int], branches: Codes) -> Blocks:
    """Sort the rows of one table by origin and check that each is there once."""
    codes, origins = frame.text("Code"), frame.text("Origin")
    found: dict[str, dict[str, int]] = {"Domestic": {}, "Imports": {}, "TOT": {}}
    for row in rows:
        if origins[row] not in found:
            raise InputError(
                f"the origin '{origins[row]}' is not known",
                place=frame.place(row, "Origin"),
                mend=did_you_mean(origins[row], found) or f"it is one of {shown(list(found))}",
            )
        block = found[origins[row]]
        if codes[row] in block:
            raise InputError(
                f"the row '{codes[row]}' of origin '{origins[row]}' stands twice",
                place=frame.place(row, "Code"),
                mend=f"it also stands in row {frame.lines[block[codes[row]]]}: delete one",
            )
        block[codes[row]] = row
    wanted = {"Domestic": branches, "Imports": branches, "TOT": (*OTHER, *TOTALS)}
    for origin, expected in wanted.items():
        for code in expected:
            if code not in found[origin]:
                raise InputError(
                    f"there is no row '{code}' of origin '{origin}'",
                    place=frame.place(),
                    mend=did_you_mean(code, found[origin]) or "add it",
                )
        for code, row in found[origin].items():
            if code not in expected:
                raise InputError(
                    f"the row '{code}' of origin '{origin}' belongs to no column",
                    place=frame.place(row, "Code"),
                    mend=did_you_mean(code, expected) or "delete it",
                )
    return Blocks(
        [found["Domestic"][code] for code in branches],
        [found["Imports"][code] for code in branches],
        found["TOT"],
    )


def _assemble(frame: Frame, blocks: Blocks, *, country: str, year: int, branches: Codes) -> Table:
    m = len(branches)
    columns = (*branches, *FINAL)
    domestic = frame.numbers(columns, blocks.domestic)
    imported = frame.numbers(columns, blocks.imports)
    other = frame.numbers(columns, [blocks.totals[code] for code in OTHER])
    output = frame.numbers(["GO"], blocks.domestic)[:, 0]
    totals = frame.numbers(branches, [blocks.totals[code] for code in TOTALS])
    # The release leaves the total of the column of exports empty or zero.
    stated_columns = tuple(code for code in columns if code != "EXP")
    used = frame.numbers(stated_columns, [blocks.totals["II_fob"]])[0]
    names = _names(frame, branches, blocks)
    axis = Axis(branches, names)
    refuse_duplicates(branches, what="branch", place=frame.place())
    return Table(
        name=country,
        year=year,
        unit="million USD",
        prices="basic prices",
        source=SOURCE,
        licence=LICENCE,
        products=axis,
        branches=axis,
        final=Categories(
            tuple(FINAL),
            tuple(name for name, _ in FINAL.values()),
            tuple(kind for _, kind in FINAL.values()),
        ),
        make=np.diag(output),
        domestic_use=domestic[:, :m],
        imported_use=imported[:, :m],
        domestic_final=domestic[:, m:],
        imported_final=imported[:, m:],
        other_rows=OtherRows(
            tuple(OTHER),
            tuple(name for name, _ in OTHER.values()),
            tuple(kind for _, kind in OTHER.values()),
            other,
        ),
        output=output,
        stated=(
            StatedTotal(TotalKind.OUTPUT, "row GO", branches, totals[1]),
            StatedTotal(TotalKind.COLUMN_USE, "row II_fob", stated_columns, used),
        ),
    )


def _names(frame: Frame, branches: Codes, blocks: Blocks) -> Codes:
    """Return the names in the file, or else those of the classification."""
    if "Description" in frame.columns:
        texts = frame.text("Description")
        return tuple(
            texts[row] or code for code, row in zip(branches, blocks.domestic, strict=True)
        )
    known = branch_names("wiod2016")
    return tuple(known.get(code, code) for code in branches)
