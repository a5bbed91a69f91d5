"""Reader of the make, use and import tables of the United States, detail level.

Published by the US Bureau of Economic Analysis. The make table has one row for each industry
and one column for each commodity; the use table commodities by industries and final uses, in
producers' prices; the import table says how much of each use is imported.

Three things of these tables need care, and none is changed here:

- scrap (S00401), used goods (S00402), noncomparable imports (S00300) and the adjustment for
  the rest of the world (S00900) are rows of commodities without an industry of their own;
  they stay product rows, with their negative entries;
- the column of imports of the use table (F05000) counts imports at their value in domestic
  ports, so that duties and the services of domestic carriers stand in it with a positive
  sign. What it holds beyond the import table's own total is kept as a category of final
  demand of kind "adjustment": domestic output that is paid inside the value of imports;
- the import table is published before redefinitions (secondary products moved between
  industries) and the make and use tables after them, so domestic use, which is use less
  imports, is slightly negative in some cells. The identities report each.

Source: Horowitz and Planting (2009), Concepts and Methods of the U.S. Input-Output Accounts,
Bureau of Economic Analysis.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

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
    refuse_duplicates,
)
from counterplan.economy.tables.files import DEFAULT_LIMITS, Frame, Limits
from counterplan.economy.tables.frames import read_frame
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean

SOURCE = "US Bureau of Economic Analysis, input-output accounts, detail level"
LICENCE = "public domain"
IMPORTS = "F05000"
FINAL_KINDS = {
    "F010": ("Personal consumption", FinalKind.HOUSEHOLD),
    "F02": ("Private fixed investment", FinalKind.INVESTMENT),
    "F030": ("Change in private inventories", FinalKind.INVENTORIES),
    "F040": ("Exports", FinalKind.EXPORTS),
    "F050": ("Duties and carriage inside the value of imports", FinalKind.ADJUSTMENT),
    "F06C": ("Federal consumption: defence", FinalKind.COLLECTIVE),
    "F07C": ("Federal consumption: other", FinalKind.COLLECTIVE),
    "F10C": ("State and local consumption", FinalKind.COLLECTIVE),
    "F06": ("Federal investment: defence", FinalKind.INVESTMENT),
    "F07": ("Federal investment: other", FinalKind.INVESTMENT),
    "F10": ("State and local investment", FinalKind.INVESTMENT),
}
VALUE_ADDED = {
    "V00100": "Compensation of employees",
    "V00200": "Taxes on production and imports, less subsidies",
    "V00300": "Gross operating surplus",
}


@dataclass(frozen=True)
class Labelled:
    """One of the three files: its cells and where the row of each code stands."""

    frame: Frame
    rows: dict[str, int]

    def block(self, rows: Codes, columns: Codes) -> Floats:
        """Return cells [rows x columns]."""
        return self.frame.numbers(columns, [self.row(code) for code in rows])

    def row(self, code: str) -> int:
        """Return where a row stands, or an error that suggests the nearest."""
        if code not in self.rows:
            raise InputError(
                f"there is no row '{code}'",
                place=self.frame.place(),
                mend=did_you_mean(code, self.rows) or "add it",
            )
        return self.rows[code]


def read_make_use(
    make: Path | str,
    use: Path | str,
    imports: Path | str,
    *,
    year: int = 2017,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Read a make, a use and an import table into one rectangular table.

    Parameters
    ----------
    make, use, imports
        Parquet, CSV or xlsx files whose column "row" holds the codes of the rows.

    Returns
    -------
    Table
        402 commodities by 402 industries at the detail level, million USD, producers' prices.

    Raises
    ------
    InputError
        A file cannot be read, lacks a row or a column, holds one twice, or holds a cell that
        is not a finite number.
    """
    made, used, imported = (_labelled(path, limits) for path in (make, use, imports))
    industries = tuple(code for code in made.rows if code != "T007")
    products = tuple(code for code in made.frame.columns if code not in {"row", "T008"})
    final = tuple(code for code in used.frame.columns if code.startswith("F"))
    used.frame.require([IMPORTS, *industries])
    m = len(industries)

    home, abroad, stated_imports = _by_origin(
        used, imported, products=products, columns=(*industries, *final)
    )
    output = made.block(industries, ("T008",))[:, 0]
    return Table(
        name="USA",
        year=year,
        unit="million USD",
        prices="producers' prices",
        source=SOURCE,
        licence=LICENCE,
        products=Axis(products, products),
        branches=Axis(industries, industries),
        final=_categories(final, used.frame),
        make=made.block(industries, products).T,
        domestic_use=home[:, :m],
        imported_use=abroad[:, :m],
        domestic_final=home[:, m:],
        imported_final=abroad[:, m:],
        other_rows=_value_added(used, industries, final),
        output=output,
        stated=(
            StatedTotal(TotalKind.IMPORTS, "F05000 of the import table", products, stated_imports),
            *_stated(made, used, industries=industries, products=products),
        ),
    )


def _by_origin(
    used: Labelled, imported: Labelled, *, products: Codes, columns: Codes
) -> tuple[Floats, Floats, Floats]:
    """Return domestic use, imported use [products x columns] and stated imports [products]."""
    total = used.block(products, columns)
    abroad = imported.block(products, columns)
    column = columns.index(IMPORTS)
    stated = -abroad[:, column]
    # The import table's own column of imports is its total: no use of imports.
    abroad[:, column] = 0.0
    home = total - abroad
    home[:, column] = total[:, column] + stated
    return home, abroad, stated


def _labelled(path: Path | str, limits: Limits) -> Labelled:
    frame = read_frame(path, limits=limits)
    codes = frame.text("row")
    refuse_duplicates(codes, what="row", place=frame.place())
    return Labelled(frame, {code: i for i, code in enumerate(codes)})


def _categories(final: Codes, frame: Frame) -> Categories:
    found = []
    for code in final:
        prefix = next((prefix for prefix in FINAL_KINDS if code.startswith(prefix)), None)
        if prefix is None:
            raise InputError(
                f"the final use '{code}' is not known",
                place=frame.place(column=code),
                mend="final uses start with F01 to F07 or F10",
            )
        found.append(FINAL_KINDS[prefix])
    return Categories(final, tuple(name for name, _ in found), tuple(kind for _, kind in found))


def _value_added(used: Labelled, industries: Codes, final: Codes) -> OtherRows:
    values = used.block(tuple(VALUE_ADDED), industries)
    return OtherRows(
        tuple(VALUE_ADDED),
        tuple(VALUE_ADDED.values()),
        (RowKind.VALUE_ADDED,) * len(VALUE_ADDED),
        np.hstack([values, np.zeros((len(VALUE_ADDED), len(final)))]),
    )


def _stated(
    made: Labelled, used: Labelled, *, industries: Codes, products: Codes
) -> tuple[StatedTotal, ...]:
    return (
        StatedTotal(
            TotalKind.PRODUCT_OUTPUT,
            "T007 of the make table",
            products,
            made.block(("T007",), products)[0],
        ),
        StatedTotal(
            TotalKind.PRODUCT_OUTPUT,
            "T007 of the use table",
            products,
            used.block(products, ("T007",))[:, 0],
        ),
        StatedTotal(
            TotalKind.PRODUCT_USE,
            "T001 of the use table",
            products,
            used.block(products, ("T001",))[:, 0],
        ),
        StatedTotal(
            TotalKind.COLUMN_USE,
            "T005 of the use table",
            industries,
            used.block(("T005",), industries)[0],
        ),
        StatedTotal(
            TotalKind.OUTPUT,
            "T008 of the use table",
            industries,
            used.block(("T008",), industries)[0],
        ),
    )
