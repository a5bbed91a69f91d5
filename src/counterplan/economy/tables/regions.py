"""Regions: the national table of one region of a world table."""

from dataclasses import replace

import numpy as np

from counterplan.economy.tables.axes import Axis, Categories, Codes, FinalKind, Floats, position
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError

EXPORTS = "EXP"


def national_table(table: Table, region: str) -> Table:
    r"""Return the table of one region, with the others as its abroad.

    Imports of a product are what the region's branches and final demand use of that product
    of all other regions; exports are what all other regions use of its own. Products that
    only other regions make stay as rows without a maker.

    .. math::
        U^d = U_{rr}, \qquad U^m = \sum_{s \ne r} U_{sr}, \qquad
        e = \sum_{s \ne r} (U_{rs} + Y_{rs}) \mathbf 1

    Parameters
    ----------
    table
        A table whose products, branches and final demand say their regions.

    Raises
    ------
    InputError
        The table has one region only, or not this one.
    """
    known = table.products.region_codes()
    if not known or not table.branches.regions or not table.final.regions:
        raise InputError("the table does not say its regions", place=table.name)
    position(known, region, what="region", place=table.name)
    own_rows = np.array([found == region for found in table.products.regions])
    own_branches = np.array([found == region for found in table.branches.regions])
    own_final = np.array([found == region for found in table.final.regions])
    own_columns = np.concatenate([own_branches, own_final])

    products, names, gather = _gather(table.products, own_rows)
    own_gather, abroad_gather = gather * own_rows, gather * ~own_rows

    m = int(own_branches.sum())
    domestic = np.hstack([table.domestic_use, table.domestic_final])
    imported = np.hstack([table.imported_use, table.imported_final])
    home = own_gather @ domestic[:, own_columns]
    abroad = abroad_gather @ domestic[:, own_columns] + gather @ imported[:, own_columns]
    exports = own_gather @ domestic[:, ~own_columns].sum(axis=1)
    other = table.other_rows.values[:, own_columns]
    return Table(
        name=region,
        year=table.year,
        unit=table.unit,
        prices=table.prices,
        source=table.source,
        licence=table.licence,
        products=Axis(products, names),
        branches=_own(table.branches, own_branches),
        final=_with_exports(table.final, own_final),
        make=own_gather @ table.make[:, own_branches],
        domestic_use=home[:, :m],
        imported_use=abroad[:, :m],
        domestic_final=np.column_stack([home[:, m:], exports]),
        imported_final=np.column_stack([abroad[:, m:], np.zeros(len(products))]),
        other_rows=replace(
            table.other_rows, values=np.column_stack([other, np.zeros(len(table.other_rows))])
        ),
        output=table.output[own_branches],
    )


def _gather(axis: Axis, own_rows: np.ndarray) -> tuple[Codes, Codes, Floats]:
    """Return the products of a region, their names, and the weights that gather all rows to them.

    The region's own products come first, then those that only other regions make.
    """
    sectors = _sectors(axis)
    own = [sector for sector, mine in zip(sectors, own_rows, strict=True) if mine]
    products = tuple(dict.fromkeys([*own, *sectors]))
    names = dict(zip(reversed(sectors), reversed(axis.names), strict=True))
    gather = np.zeros((len(products), len(sectors)))
    for i, sector in enumerate(sectors):
        gather[products.index(sector), i] = 1.0
    return products, tuple(names[sector] for sector in products), gather


def _sectors(axis: Axis) -> Codes:
    """Return the codes without their regions: "c1" for "AUS_c1"."""
    return tuple(
        code.removeprefix(f"{region}_")
        for code, region in zip(axis.codes, axis.regions, strict=True)
    )


def _own(axis: Axis, kept: np.ndarray) -> Axis:
    codes = [code for code, keep in zip(_sectors(axis), kept, strict=True) if keep]
    names = [name for name, keep in zip(axis.names, kept, strict=True) if keep]
    return Axis(tuple(codes), tuple(names))


def _with_exports(final: Categories, kept: np.ndarray) -> Categories:
    chosen = [i for i in range(len(final)) if kept[i]]
    codes = [final.codes[i].removeprefix(f"{final.regions[i]}_") for i in chosen]
    return Categories(
        (*codes, EXPORTS),
        (*(final.names[i] for i in chosen), "Exports"),
        (*(final.kinds[i] for i in chosen), FinalKind.EXPORTS),
    )
