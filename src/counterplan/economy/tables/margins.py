"""Margins: the totals that a balanced table must have, and how a table is put to a method.

A method balances one matrix to the totals of its rows and columns; a table is laid before it
as the stacked rows of domestic use, imported use and the other rows, over the branches and the
categories of final demand. The make matrix is balanced first and on its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from counterplan.economy.tables.axes import Codes, Floats, RowKind, TotalKind
from counterplan.economy.tables.movement import Movement
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError


@dataclass(frozen=True, eq=False)
class Totals:
    """Totals along one side of a matrix.

    Attributes
    ----------
    codes
        [k] names for errors.
    values
        [k] the totals asked for.
    given
        [k] which of them are asked for; the others are free.
    """

    codes: Codes
    values: Floats
    given: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        if not len(self.codes) == len(self.values) == len(self.given):
            raise InputError(f"{len(self.values)} totals do not fit {len(self.codes)} codes")
        for i in np.flatnonzero(self.given & ~np.isfinite(self.values)).tolist():
            raise InputError(
                f"the total asked for is {self.values[i]}",
                place=f"'{self.codes[i]}'",
                mend="give a finite number, or leave the total free",
            )


def given_totals(values: npt.ArrayLike, codes: Codes | None = None) -> Totals:
    """Return totals that are all asked for."""
    found = np.asarray(values, dtype=np.float64)
    return Totals(codes or _numbers(len(found)), found, np.ones(len(found), dtype=np.bool_))


def free_totals(count: int, codes: Codes | None = None) -> Totals:
    """Return ``count`` totals of which none is asked for."""
    return Totals(codes or _numbers(count), np.zeros(count), np.zeros(count, dtype=np.bool_))


def joined(*parts: Totals) -> Totals:
    """Return totals one after the other."""
    return Totals(
        tuple(code for part in parts for code in part.codes),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.given for part in parts]),
    )


def _numbers(count: int) -> Codes:
    return tuple(str(i + 1) for i in range(count))


@dataclass(frozen=True, eq=False)
class Margins:
    """The totals that a balanced table must have; None leaves a side free.

    Attributes
    ----------
    output
        [m] output by branch.
    product_output
        [n] output by product.
    imports
        [n] imports by product.
    final
        [F] products and other rows together, by category of final demand.
    other_rows
        [R] each other row over all columns.
    """

    output: Floats | None = None
    product_output: Floats | None = None
    imports: Floats | None = None
    final: Floats | None = None
    other_rows: Floats | None = None


def stated_margins(table: Table) -> Margins:
    """Return the totals that the source itself states: output, and imports where it does.

    Value added, final demand and the rest are left free to take up the gaps. To hold one of
    them, ``dataclasses.replace`` the margins.
    """
    imports = [total for total in table.stated if total.kind is TotalKind.IMPORTS]
    return Margins(output=table.output, imports=imports[0].values if imports else None)


@dataclass(frozen=True, eq=False)
class Balanced:
    """A matrix that has the totals asked for, and the rounds that it took."""

    matrix: Floats
    rounds: int


Method = Callable[[Floats, Totals, Totals], Balanced]


def balance(table: Table, margins: Margins, *, method: Method, name: str) -> tuple[Table, Movement]:
    """Return the table with the margins, and the record of what moved.

    After it, output and make agree, domestic use adds up to what is made of each product, and
    where the table has value added each branch's column adds up to its output.

    Raises
    ------
    InputError
        The margins contradict each other, or the method cannot reach them.
    """
    n, m = len(table.products), len(table.branches)
    made = method(
        table.make,
        _side("make", table.products.codes, margins.product_output),
        _side("make by", table.branches.codes, margins.output),
    )
    make = made.matrix
    before = np.vstack(
        [
            np.hstack([table.domestic_use, table.domestic_final]),
            np.hstack([table.imported_use, table.imported_final]),
            table.other_rows.values,
        ]
    )
    rows = joined(
        _side("domestic", table.products.codes, make.sum(axis=1)),
        _side("imported", table.products.codes, margins.imports),
        _side("other", table.other_rows.codes, margins.other_rows),
    )
    # Without value added the columns of branches are not meant to add up to output.
    closed = RowKind.VALUE_ADDED in table.other_rows.kinds
    columns = joined(
        _side("branch", table.branches.codes, make.sum(axis=0) if closed else None),
        _side("final demand", table.final.codes, margins.final),
    )
    used = method(before, rows, columns)
    after = used.matrix
    balanced = replace(
        table,
        make=make,
        domestic_use=after[:n, :m],
        domestic_final=after[:n, m:],
        imported_use=after[n : 2 * n, :m],
        imported_final=after[n : 2 * n, m:],
        other_rows=replace(table.other_rows, values=after[2 * n :]),
        output=make.sum(axis=0),
    )
    empty = np.zeros((n, len(table.final)))
    return balanced, Movement(
        method=name,
        rounds=max(made.rounds, used.rounds),
        rows=(*rows.codes, *(f"make {code}" for code in table.products.codes)),
        columns=table.columns,
        before=np.vstack([before, np.hstack([table.make, empty])]),
        after=np.vstack([after, np.hstack([make, empty])]),
    )


def _side(what: str, codes: Codes, values: Floats | None) -> Totals:
    names = tuple(f"{what} {code}" for code in codes)
    return free_totals(len(codes), names) if values is None else given_totals(values, names)


def check_fit(matrix: Floats, rows: Totals, columns: Totals) -> None:
    """Raise an InputError for a matrix that no method can take.

    A cell that is not finite, sides of the wrong length, or totals of rows and of columns that
    are all asked for and do not add up to the same.
    """
    if matrix.shape != (len(rows.codes), len(columns.codes)):
        raise InputError(
            f"the matrix has the shape {matrix.shape} and the totals "
            f"({len(rows.codes)}, {len(columns.codes)})"
        )
    for i, j in np.argwhere(~np.isfinite(matrix)).tolist():
        raise InputError(
            f"the cell is {matrix[i, j]}",
            place=f"'{rows.codes[i]}', '{columns.codes[j]}'",
            mend="balance only tables of finite figures",
        )
    if rows.given.all() and columns.given.all() and matrix.size:
        down, across = float(rows.values.sum()), float(columns.values.sum())
        scale = float(max(np.abs(rows.values).sum(), np.abs(columns.values).sum()))
        if abs(down - across) > 1e-9 * scale:
            raise InputError(
                f"the totals of the rows add up to {down:,.10g} and those of the columns to "
                f"{across:,.10g}",
                mend="make them agree, or leave one total free",
            )
