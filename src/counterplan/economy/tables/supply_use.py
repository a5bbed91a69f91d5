"""Supply and use tables in two CSV files that a person can write in a spreadsheet.

The supply file has one row for each product: ``product``, ``name`` (may be left out), one
column for each branch, and ``imports`` (may be left out).

The use file has one row for each product and origin, and one for each other row: ``origin``,
``code``, ``name`` and ``kind`` (may be left out where not needed), one column for each branch,
and one for each category of final demand, named by its kind and its code
("household:families", "exports:exports").

=============  ===============================================================================
origin         the row holds
=============  ===============================================================================
``domestic``   use of what domestic branches made of a product
``imported``   use of what was imported of a product
``total``      use of both together, where they are not known apart; the supply file must then
               have ``imports``, which become a category of final demand with negative figures
``other``      value added, taxes on products and so on, as ``kind`` says
``stated``     code ``output``: output of each branch as the source states it (by default, what
               the branch makes)
=============  ===============================================================================

See docs/economy/tables.md for an example.
"""

import csv
from pathlib import Path
from typing import TypeVar

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
from counterplan.economy.tables.files import DEFAULT_LIMITS, Frame, Limits, shown
from counterplan.economy.tables.frames import read_frame
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean

ORIGINS = ("domestic", "imported", "total", "other", "stated")
IMPORTS = "imports"
Kind = TypeVar("Kind", FinalKind, RowKind)


def read_supply_use(
    supply: Path | str,
    use: Path | str,
    *,
    name: str,
    year: int,
    unit: str,
    prices: str = "basic prices",
    source: str = "",
    licence: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Read a supply table and a use table in the layout that the module describes.

    Raises
    ------
    InputError
        A file cannot be read; a column, a product or a branch is missing or not known; a row
        stands twice; a kind is not known; or a cell is not a finite number.
    """
    supplied, used = read_frame(supply, limits=limits), read_frame(use, limits=limits)
    used.require(["origin", "code"])
    products = tuple(supplied.text("product"))
    refuse_duplicates(products, what="product", place=supplied.place())
    branches = tuple(c for c in supplied.columns if c not in {"product", "name", IMPORTS})
    if not branches:
        raise InputError(
            "there are no columns of branches", place=supplied.place(), mend="add one for each"
        )
    final = _categories(used, branches)
    origins = _origins(used, products)
    make = supplied.numbers(branches)
    imports = supplied.numbers([IMPORTS])[:, 0] if IMPORTS in supplied.columns else None
    blocks = _use_blocks(used, origins, products=products, branches=branches, final=final)
    stated: tuple[StatedTotal, ...] = ()
    if origins["total"]:
        final, blocks = _with_imports_column(final, blocks, imports, supplied)
    elif imports is not None:
        stated = (StatedTotal(TotalKind.IMPORTS, "column imports", products, imports),)
    m = len(branches)
    names = dict(zip(products, _names(supplied, products), strict=True))
    return Table(
        name=name,
        year=year,
        unit=unit,
        prices=prices,
        source=source,
        licence=licence,
        products=Axis(products, tuple(names.values())),
        branches=Axis(branches, tuple(names.get(code, code) for code in branches)),
        final=final,
        make=make,
        domestic_use=blocks["domestic"][:, :m],
        imported_use=blocks["imported"][:, :m],
        domestic_final=blocks["domestic"][:, m:],
        imported_final=blocks["imported"][:, m:],
        other_rows=_other_rows(used, origins, blocks["other"]),
        output=_output(used, origins, branches, make),
        stated=stated,
    )


def _names(frame: Frame, codes: Codes) -> Codes:
    if "name" not in frame.columns:
        return codes
    return tuple(text or code for text, code in zip(frame.text("name"), codes, strict=True))


def _categories(used: Frame, branches: Codes) -> Categories:
    """Return the categories of final demand from the columns "kind:code"."""
    codes, kinds = [], []
    for column in used.columns:
        if column in {"origin", "code", "name", "kind", *branches}:
            continue
        kind, colon, code = column.partition(":")
        if not colon:
            raise InputError(
                f"the column '{column}' is neither a branch of the supply file nor final demand",
                place=used.place(),
                mend=did_you_mean(column, branches)
                or f"name final demand by kind and code, such as 'household:{column}'",
            )
        codes.append(code.strip() or kind)
        kinds.append(_kind(kind.strip(), FinalKind, place=used.place(column=column)))
    return Categories(tuple(codes), tuple(codes), tuple(kinds))


def _kind(text: str, kinds: type[Kind], *, place: str) -> Kind:
    try:
        return kinds(text)
    except ValueError:
        known = [kind.value for kind in kinds]
        raise InputError(
            f"the kind '{text}' is not known",
            place=place,
            mend=did_you_mean(text, known) or f"the kinds are {shown(known, 10)}",
        ) from None


def _origins(used: Frame, products: Codes) -> dict[str, dict[str, int]]:
    """Return the row of each code by origin, checked against the products."""
    found: dict[str, dict[str, int]] = {origin: {} for origin in ORIGINS}
    codes, origins = used.text("code"), used.text("origin")
    for row, (origin, code) in enumerate(zip(origins, codes, strict=True)):
        if origin not in found:
            raise InputError(
                f"the origin '{origin}' is not known",
                place=used.place(row, "origin"),
                mend=did_you_mean(origin, ORIGINS) or f"it is one of {shown(ORIGINS)}",
            )
        known = products if origin in {"domestic", "imported", "total"} else None
        known = ("output",) if origin == "stated" else known
        if known is not None and code not in known:
            raise InputError(
                f"'{code}' is not a product of the supply file",
                place=used.place(row, "code"),
                mend=did_you_mean(code, known) or "add it there, or delete the row",
            )
        if code in found[origin]:
            raise InputError(
                f"the row '{code}' of origin '{origin}' stands twice",
                place=used.place(row, "code"),
                mend=f"it also stands in row {used.lines[found[origin][code]]}: delete one",
            )
        found[origin][code] = row
    if found["total"] and (found["domestic"] or found["imported"]):
        row = next(iter(found["total"].values()))
        raise InputError(
            "use is given both in total and by origin",
            place=used.place(row, "origin"),
            mend="give each product's use either in total or as domestic and imported",
        )
    return found


def _use_blocks(
    used: Frame,
    origins: dict[str, dict[str, int]],
    *,
    products: Codes,
    branches: Codes,
    final: Categories,
) -> dict[str, Floats]:
    """Return the cells by origin; products without a row of an origin have no such use."""
    columns = [*branches, *(c for c in used.columns if ":" in c and c not in branches)]
    used.require(branches)
    blocks = {name: np.zeros((len(products), len(columns))) for name in ("domestic", "imported")}
    place = {code: i for i, code in enumerate(products)}
    for origin, block in (("domestic",) * 2, ("imported",) * 2, ("total", "domestic")):
        rows = origins[origin]
        if rows:
            cells = used.numbers(columns, list(rows.values()))
            blocks[block][[place[code] for code in rows]] = cells
    blocks["other"] = used.numbers(columns, list(origins["other"].values()))
    return blocks


def _with_imports_column(
    final: Categories, blocks: dict[str, Floats], imports: Floats | None, supplied: Frame
) -> tuple[Categories, dict[str, Floats]]:
    """Add imports as a category of final demand with negative figures."""
    if imports is None:
        raise InputError(
            "use is given in total, so the supply needs a column 'imports'",
            place=supplied.place(),
            mend="add the column, or give domestic and imported use apart",
        )
    if FinalKind.IMPORTS in final.kinds:
        raise InputError(
            "imports stand in both files",
            place=supplied.place(),
            mend="delete the column of imports in one of them",
        )
    wider = Categories(
        (*final.codes, IMPORTS), (*final.names, "Imports"), (*final.kinds, FinalKind.IMPORTS)
    )
    zeros = np.zeros((len(imports), 1))
    other = np.zeros((len(blocks["other"]), 1))
    return wider, {
        "domestic": np.hstack([blocks["domestic"], -imports[:, np.newaxis]]),
        "imported": np.hstack([blocks["imported"], zeros]),
        "other": np.hstack([blocks["other"], other]),
    }


def _other_rows(used: Frame, origins: dict[str, dict[str, int]], values: Floats) -> OtherRows:
    rows = origins["other"]
    if not rows:
        return OtherRows((), (), (), values)
    used.require(["kind"])
    texts = used.text("kind")
    names = used.text("name") if "name" in used.columns else [""] * len(used)
    return OtherRows(
        tuple(rows),
        tuple(names[row] or code for code, row in rows.items()),
        tuple(_kind(texts[row], RowKind, place=used.place(row, "kind")) for row in rows.values()),
        values,
    )


def _output(
    used: Frame, origins: dict[str, dict[str, int]], branches: Codes, make: Floats
) -> Floats:
    row = origins["stated"].get("output")
    return np.asarray(make.sum(axis=0) if row is None else used.numbers(branches, [row])[0])


def write_supply_use(table: Table, supply: Path | str, use: Path | str) -> None:
    """Write a table in the layout that :func:`read_supply_use` reads, digit for digit.

    Totals that the source states, apart from output, are not written.
    """
    branches = list(table.branches.codes)
    with Path(supply).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["product", "name", *branches])
        for code, name, row in zip(
            table.products.codes, table.products.names, table.make, strict=True
        ):
            writer.writerow([code, name, *map(repr, row.tolist())])
    final = [f"{k.value}:{c}" for k, c in zip(table.final.kinds, table.final.codes, strict=True)]
    blocks = {
        "domestic": np.hstack([table.domestic_use, table.domestic_final]),
        "imported": np.hstack([table.imported_use, table.imported_final]),
    }
    with Path(use).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["origin", "code", "name", "kind", *branches, *final])
        for origin, cells in blocks.items():
            for code, name, row in zip(
                table.products.codes, table.products.names, cells, strict=True
            ):
                writer.writerow([origin, code, name, "", *map(repr, row.tolist())])
        rows = table.other_rows
        for code, name, kind, row in zip(
            rows.codes, rows.names, rows.kinds, rows.values, strict=True
        ):
            writer.writerow(["other", code, name, kind.value, *map(repr, row.tolist())])
        output = [*map(repr, table.output.tolist()), *(["0"] * len(final))]
        writer.writerow(["stated", "output", "", "", *output])
