"""Accounting identities: what must hold in a table, and where and by how much it does not.

Each identity is one function from a table to the breaches it finds; :data:`IDENTITIES` lists
them all and docs/economy/identities.md holds a section for each. Nothing is repaired here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from counterplan.economy.tables.axes import (
    SIGNED_KINDS,
    Floats,
    RowKind,
    StatedTotal,
    TotalKind,
)
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean


@dataclass(frozen=True)
class Tolerance:
    """How large a gap is still rounding.

    A gap is a breach when it is larger than ``absolute`` + ``relative`` times the larger of
    the two figures. The default absolute tolerance is half a unit of the last place of a table
    of whole numbers, which is what most sources publish.
    """

    absolute: float = 0.5
    relative: float = 1e-6


DEFAULT_TOLERANCE = Tolerance()
EXACT = Tolerance(absolute=0.0, relative=0.0)


@dataclass(frozen=True)
class Breach:
    """One place where an identity does not hold.

    Attributes
    ----------
    identity
        Its name in :data:`IDENTITIES`.
    place
        The table, and the product, branch or cell.
    expected, found
        The two sides, table units.
    """

    identity: str
    place: str
    expected: float
    found: float
    unit: str = ""

    @property
    def size(self) -> float:
        """What was found less what was expected, table units."""
        return self.found - self.expected

    @property
    def relative(self) -> float:
        """The size over the larger of the two figures; 1 where the other is zero."""
        largest = max(abs(self.expected), abs(self.found))
        return abs(self.size) / largest if largest else 0.0

    def __str__(self) -> str:
        return (
            f"{self.place}: {self.identity}: expected {self.expected:,.6g}, found "
            f"{self.found:,.6g}, a gap of {self.size:,.6g} {self.unit} ({self.relative:.2g})"
        )


Identity = Callable[[Table, Tolerance], list[Breach]]


def _compare(
    table: Table,
    tolerance: Tolerance,
    *,
    identity: str,
    what: str,
    codes: Sequence[str],
    expected: Floats,
    found: Floats,
) -> list[Breach]:
    """Return a breach for each place where two vectors of one length differ."""
    largest = np.maximum(np.abs(expected), np.abs(found))
    bad = np.abs(found - expected) > tolerance.absolute + tolerance.relative * largest
    return [
        Breach(
            identity=identity,
            place=f"{table.name} {table.year} {what} '{codes[i]}'",
            expected=float(expected[i]),
            found=float(found[i]),
            unit=table.unit,
        )
        for i in np.flatnonzero(bad).tolist()
    ]


def _cells(table: Table) -> Iterator[tuple[str, Floats, Sequence[str], Sequence[str]]]:
    """Yield (block, cells, row codes, column codes) for every block of the table."""
    products, branches, final = table.products.codes, table.branches.codes, table.final.codes
    yield "make", table.make, products, branches
    yield "domestic use", table.domestic_use, products, branches
    yield "imported use", table.imported_use, products, branches
    yield "domestic final demand", table.domestic_final, products, final
    yield "imported final demand", table.imported_final, products, final
    yield "other rows", table.other_rows.values, table.other_rows.codes, table.columns
    yield "output", table.output[np.newaxis, :], ("output",), branches


def finite(table: Table, tolerance: Tolerance = DEFAULT_TOLERANCE) -> list[Breach]:
    r"""Every figure is a number.

    .. math:: V_{ij},\; U_{ij},\; Y_{if},\; W_{rj},\; x_j \in \mathbb{R}
    """
    del tolerance  # no rounding turns a number into none
    return [
        Breach(
            identity="finite",
            place=f"{table.name} {table.year} {block} '{rows[i]}', '{columns[j]}'",
            expected=0.0,
            found=float(cells[i, j]),
            unit=table.unit,
        )
        for block, cells, rows, columns in _cells(table)
        for i, j in np.argwhere(~np.isfinite(cells)).tolist()
    ]


def non_negative(table: Table, tolerance: Tolerance = DEFAULT_TOLERANCE) -> list[Breach]:
    r"""Make, use, output and final demand are not negative, apart from signed categories.

    .. math:: V_{ij} \ge 0,\quad U_{ij} \ge 0,\quad x_j \ge 0,\quad
              Y_{if} \ge 0 \;\text{unless}\; f \;\text{may be negative}

    Inventories, adjustments and a column of imports may be negative, and so may the other
    rows: taxes less subsidies and operating losses are. Negative investment (sales of used
    goods) and negative use (by-products entered as negative inputs) are found in published
    tables; they are reported because a plan must be told what to do with them.
    """
    signed = table.final.of_kind(*SIGNED_KINDS)
    found = []
    for block, cells, rows, columns in _cells(table):
        if block == "other rows":
            continue
        bad = cells < -tolerance.absolute
        if block.endswith("final demand"):
            bad = bad & ~signed
        found += [
            Breach(
                identity="non_negative",
                place=f"{table.name} {table.year} {block} '{rows[i]}', '{columns[j]}'",
                expected=0.0,
                found=float(cells[i, j]),
                unit=table.unit,
            )
            for i, j in np.argwhere(bad).tolist()
        ]
    return found


def product_balance(table: Table, tolerance: Tolerance = DEFAULT_TOLERANCE) -> list[Breach]:
    r"""What is made of a product at home is used: the row sum is the output of the product.

    .. math:: \sum_j V_{ij} = \sum_j U^d_{ij} + \sum_f Y^d_{if}

    A column of negative imports is part of the right side, so for tables without a matrix of
    imports this reads: make = use - imports.
    """
    used = table.domestic_use.sum(axis=1) + table.domestic_final.sum(axis=1)
    return _compare(
        table,
        tolerance,
        identity="product_balance",
        what="product",
        codes=table.products.codes,
        expected=table.product_output(),
        found=used,
    )


def make_totals(table: Table, tolerance: Tolerance = DEFAULT_TOLERANCE) -> list[Breach]:
    r"""What a branch makes of all products is its output.

    .. math:: \sum_i V_{ij} = x_j
    """
    return _compare(
        table,
        tolerance,
        identity="make_totals",
        what="branch",
        codes=table.branches.codes,
        expected=table.output,
        found=table.make.sum(axis=0),
    )


def branch_balance(table: Table, tolerance: Tolerance = DEFAULT_TOLERANCE) -> list[Breach]:
    r"""Products used, value added and the other rows of a branch add up to its output.

    .. math:: \sum_i (U^d_{ij} + U^m_{ij}) + \sum_r W_{rj} = x_j

    Only checked where the table has a row of value added; see :func:`unchecked`.
    """
    if RowKind.VALUE_ADDED not in table.other_rows.kinds:
        return []
    return _compare(
        table,
        tolerance,
        identity="branch_balance",
        what="branch",
        codes=table.branches.codes,
        expected=table.output,
        found=table.column_totals()[: len(table.branches)],
    )


def stated_totals(table: Table, tolerance: Tolerance = DEFAULT_TOLERANCE) -> list[Breach]:
    r"""Each total that the source prints is the sum of the cells it stands beside.

    .. math:: \bar t_k = \sum_{c \in k} t_c

    Covers output, make, imports by product against the matrix of imports, intermediate use by
    product and products used by column: whichever the source states.
    """
    found = []
    for total in table.stated:
        codes, cells = summed(table, total)
        place = {code: i for i, code in enumerate(codes)}
        found += _compare(
            table,
            tolerance,
            identity="stated_totals",
            what=f"{total.kind.value} ({total.source})",
            codes=total.codes,
            expected=total.values,
            found=cells[[place[code] for code in total.codes]],
        )
    return found


def summed(table: Table, total: StatedTotal) -> tuple[Sequence[str], Floats]:
    """Return the codes and the sums of cells that a stated total is about."""
    products = table.products.codes
    if total.kind is TotalKind.OUTPUT:
        return table.branches.codes, table.output
    if total.kind is TotalKind.PRODUCT_OUTPUT:
        return products, table.product_output()
    if total.kind is TotalKind.IMPORTS:
        return products, table.imports()
    if total.kind is TotalKind.PRODUCT_USE:
        return products, np.asarray(table.use().sum(axis=1))
    return table.columns, table.products_used()


IDENTITIES: Mapping[str, Identity] = MappingProxyType(
    {
        "finite": finite,
        "non_negative": non_negative,
        "product_balance": product_balance,
        "make_totals": make_totals,
        "branch_balance": branch_balance,
        "stated_totals": stated_totals,
    }
)


def breaches(
    table: Table,
    *,
    tolerance: Tolerance = DEFAULT_TOLERANCE,
    identities: Sequence[str] = tuple(IDENTITIES),
) -> list[Breach]:
    """Return every breach of the named identities, the largest first.

    A table with figures that are not numbers is reported for those alone, since no sum over
    them means anything.

    Raises
    ------
    InputError
        For a name that is no identity.
    """
    for name in identities:
        if name not in IDENTITIES:
            raise InputError(f"there is no identity '{name}'", mend=did_you_mean(name, IDENTITIES))
    missing = finite(table)
    if missing:
        return missing
    found = [breach for name in identities for breach in IDENTITIES[name](table, tolerance)]
    return sorted(found, key=lambda breach: -abs(breach.size))


def unchecked(table: Table) -> list[str]:
    """Return the identities that the table does not hold enough to check."""
    without_value_added = RowKind.VALUE_ADDED not in table.other_rows.kinds
    missing = ["branch_balance"] if without_value_added else []
    return missing if table.stated else [*missing, "stated_totals"]
