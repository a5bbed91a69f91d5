"""Table: one year of make, use and final demand, in one unit and one kind of prices.

Letters: ``n`` products, ``m`` branches, ``F`` categories of final demand, ``R`` other rows.
An input-output table is the case where each branch makes one product (the make matrix is
diagonal). Products that no domestic branch makes stay as rows with an empty make row.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

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
    position,
    refuse_duplicates,
)
from counterplan.errors import InputError


@dataclass(frozen=True, eq=False)
class Table:
    """A make-use table or an input-output table. Immutable.

    Attributes
    ----------
    unit, prices
        Of every figure ("million USD", "basic prices").
    make
        [n x m] product made by branch.
    domestic_use, imported_use
        [n x m] product used by branch, from domestic makers and from abroad.
    domestic_final, imported_final
        [n x F] the same for final demand.
    other_rows
        Rows below the products, over branches and final demand.
    output
        [m] output of each branch as the source states it.
    stated
        Further totals that the source states, for :mod:`.identities` to check.
    """

    name: str
    year: int
    unit: str
    prices: str
    source: str
    licence: str
    products: Axis
    branches: Axis
    final: Categories
    make: Floats
    domestic_use: Floats
    imported_use: Floats
    domestic_final: Floats
    imported_final: Floats
    other_rows: OtherRows
    output: Floats
    stated: tuple[StatedTotal, ...] = ()

    def __post_init__(self) -> None:
        n, m, f = len(self.products), len(self.branches), len(self.final)
        shapes = {
            "make": (n, m),
            "domestic_use": (n, m),
            "imported_use": (n, m),
            "domestic_final": (n, f),
            "imported_final": (n, f),
            "output": (m,),
        }
        for name, shape in shapes.items():
            self._freeze(name, _frozen(getattr(self, name), shape, what=name, place=self.name))
        rows = self.other_rows
        values = _frozen(rows.values, (len(rows), m + f), what="other_rows", place=self.name)
        self._freeze("other_rows", replace(rows, values=values))
        refuse_duplicates(self.products.codes, what="product", place=self.name)
        refuse_duplicates(self.columns, what="column", place=self.name)
        refuse_duplicates(rows.codes, what="row", place=self.name)

    def _freeze(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    # What the table is

    @property
    def columns(self) -> Codes:
        """The codes of all columns of use: the branches, then the final demand."""
        return self.branches.codes + self.final.codes

    def product(self, code: str) -> int:
        """Return the index of a product."""
        return position(self.products.codes, code, what="product", place=self.name)

    def branch(self, code: str) -> int:
        """Return the index of a branch."""
        return position(self.branches.codes, code, what="branch", place=self.name)

    def is_diagonal(self) -> bool:
        """Return whether each branch makes the product of its own code, and that only."""
        if self.products.codes != self.branches.codes:
            return False
        return not np.any(self.make - np.diag(np.diag(self.make)))

    def states_imports_by_product(self) -> bool:
        """Return whether the table says how much of each product is imported."""
        if np.any(self.imported_use) or np.any(self.imported_final):
            return True
        if np.any(self.final.of_kind(FinalKind.IMPORTS)):
            return True
        return RowKind.IMPORTS not in self.other_rows.kinds

    # Totals

    def use(self) -> Floats:
        """Return domestic and imported use together [n x m]."""
        return self.domestic_use + self.imported_use

    def final_demand(self, *kinds: FinalKind) -> Floats:
        """Return final demand of the kinds, domestic and imported [n]; all but imports by default.

        The column of negative imports is a supply, so it counts only when it is named.
        """
        wanted = kinds or tuple(kind for kind in FinalKind if kind is not FinalKind.IMPORTS)
        chosen = self.final.of_kind(*wanted)
        both = self.domestic_final[:, chosen] + self.imported_final[:, chosen]
        return np.asarray(both.sum(axis=1), dtype=np.float64)

    def total_use(self) -> Floats:
        """Return all uses of each product, by branches and by final demand [n]."""
        return np.asarray(self.use().sum(axis=1) + self.final_demand(), dtype=np.float64)

    def product_output(self) -> Floats:
        """Return how much of each product the domestic branches make [n]."""
        return np.asarray(self.make.sum(axis=1), dtype=np.float64)

    def exports(self) -> Floats:
        """Return exports of each product [n]; zero in a world table, which has no abroad."""
        return self.final_demand(FinalKind.EXPORTS)

    def imports(self) -> Floats:
        """Return imports of each product [n].

        Raises
        ------
        InputError
            When the table states imports by user only.
        """
        if not self.states_imports_by_product():
            raise InputError(
                "the table does not say which products are imported",
                place=self.name,
                mend="use imports_by_column()",
            )
        column = self.final_demand(FinalKind.IMPORTS)
        matrices = self.imported_use.sum(axis=1) + self.imported_final.sum(axis=1)
        return np.asarray(matrices - column, dtype=np.float64)

    def imports_by_column(self) -> Floats:
        """Return the imports that each branch and each category uses [m + F]."""
        matrices = np.concatenate([self.imported_use.sum(axis=0), self.imported_final.sum(axis=0)])
        return matrices + self.other_rows.of_kind(RowKind.IMPORTS)

    def products_used(self) -> Floats:
        """Return the products, domestic and imported, used by each column [m + F]."""
        both = [self.use(), self.domestic_final + self.imported_final]
        return np.asarray(np.hstack(both).sum(axis=0), dtype=np.float64)

    def column_totals(self) -> Floats:
        """Return products and other rows together for each column [m + F]."""
        return np.asarray(self.products_used() + self.other_rows.values.sum(axis=0))

    def value_added(self) -> Floats:
        """Return the value added of each branch, from the rows of that kind [m].

        Raises
        ------
        InputError
            When the table has no such row.
        """
        if RowKind.VALUE_ADDED not in self.other_rows.kinds:
            raise InputError(
                "the table has no row of value added",
                place=self.name,
                mend="use primary_inputs(), which is output less all products used",
            )
        return self.other_rows.of_kind(RowKind.VALUE_ADDED)[: len(self.branches)]

    def primary_inputs(self) -> Floats:
        """Return output less all products used, for each branch [m]."""
        return np.asarray(self.output - self.products_used()[: len(self.branches)])

    # Coefficients

    def technical_coefficients(self) -> Floats:
        """Return product used, domestic or imported, per unit of output of each branch [n x m]."""
        return self._per_output(self.use())

    def domestic_coefficients(self) -> Floats:
        """Return domestic product used per unit of output of each branch [n x m]."""
        return self._per_output(self.domestic_use)

    def import_coefficients(self) -> Floats:
        """Return imported product used per unit of output of each branch [n x m]."""
        return self._per_output(self.imported_use)

    def _per_output(self, use: Floats) -> Floats:
        idle = self.output == 0
        for j in np.flatnonzero(idle & np.any(use != 0, axis=0)).tolist():
            raise InputError(
                f"branch '{self.branches.codes[j]}' uses products and has no output",
                place=self.name,
                mend="correct its output or empty its column",
            )
        return np.asarray(use / np.where(idle, 1.0, self.output))

    # Branches at work

    def active(self) -> npt.NDArray[np.bool_]:
        """Return which branches have output [m]."""
        return np.asarray(self.output != 0)

    def active_branches(self) -> Codes:
        """Return the codes of the branches that have output."""
        return tuple(np.array(self.branches.codes, dtype=object)[self.active()])

    def without_idle_branches(self) -> "Table":
        """Return the table with the branches that have output, and with every product row.

        Raises
        ------
        InputError
            When a branch without output makes or uses something: dropping it would lose that.
        """
        kept = self.active()
        m = len(self.branches)
        lost = (
            np.any(self.make != 0, axis=0)
            | np.any(self.domestic_use != 0, axis=0)
            | np.any(self.imported_use != 0, axis=0)
            | np.any(self.other_rows.values[:, :m] != 0, axis=0)
        )
        for j in np.flatnonzero(~kept & lost).tolist():
            raise InputError(
                f"branch '{self.branches.codes[j]}' has entries and no output",
                place=self.name,
                mend="correct its output or empty its column",
            )
        columns = np.concatenate([kept, np.ones(len(self.final), dtype=np.bool_)])
        return replace(
            self,
            branches=select(self.branches, kept),
            make=self.make[:, kept],
            domestic_use=self.domestic_use[:, kept],
            imported_use=self.imported_use[:, kept],
            other_rows=replace(self.other_rows, values=self.other_rows.values[:, columns]),
            output=self.output[kept],
            stated=tuple(_stated_without(total, self, kept) for total in self.stated),
        )

    # For people

    def to_frame(self) -> pd.DataFrame:
        """Return all use as a labelled frame: rows (origin, code), columns the codes."""
        blocks = {
            "domestic": np.hstack([self.domestic_use, self.domestic_final]),
            "imported": np.hstack([self.imported_use, self.imported_final]),
            "other": self.other_rows.values,
        }
        codes = {
            "domestic": self.products.codes,
            "imported": self.products.codes,
            "other": self.other_rows.codes,
        }
        index = [(origin, code) for origin, found in codes.items() for code in found]
        return pd.DataFrame(
            np.vstack(list(blocks.values())),
            index=pd.MultiIndex.from_tuples(index, names=["origin", "code"]),
            columns=list(self.columns),
        )

    def overview(self) -> pd.Series:
        """Return the totals of the table, in its unit."""
        totals = {"output": float(self.output.sum())}
        if RowKind.VALUE_ADDED in self.other_rows.kinds:
            totals["value added"] = float(self.value_added().sum())
        totals["imports"] = float(self.imports_by_column().sum())
        if self.states_imports_by_product():
            totals["imports"] = float(self.imports().sum())
        for kind in dict.fromkeys(self.final.kinds):
            if kind is not FinalKind.IMPORTS:
                totals[kind.value] = float(self.final_demand(kind).sum())
        return pd.Series(totals, name=f"{self.name} {self.year}, {self.unit}")

    def __repr__(self) -> str:
        active = int(self.active().sum())
        return (
            f"Table({self.name} {self.year}: {len(self.products)} products, "
            f"{len(self.branches)} branches ({active} with output), "
            f"{len(self.final)} categories of final demand, {self.unit})"
        )

    def _repr_html_(self) -> str:
        return self.overview().to_frame().to_html(float_format="{:,.0f}".format)


def select(axis: Axis, kept: npt.NDArray[np.bool_]) -> Axis:
    """Return the part of an axis where ``kept`` is true."""
    parts = {
        item.name: tuple(value for value, keep in zip(values, kept, strict=True) if keep)
        for item in fields(axis)
        if (values := getattr(axis, item.name))
    }
    return Axis(**{"codes": (), "names": (), **parts})


def no_rows(columns: int) -> OtherRows:
    """Return an empty list of other rows over ``columns`` columns."""
    return OtherRows((), (), (), np.zeros((0, columns)))


def _frozen(values: Floats, shape: tuple[int, ...], *, what: str, place: str) -> Floats:
    array = np.array(values, dtype=np.float64)
    if array.shape != shape:
        raise InputError(f"'{what}' has the shape {array.shape} and needs {shape}", place=place)
    array.setflags(write=False)
    return array


def _stated_without(total: StatedTotal, table: Table, kept: npt.NDArray[np.bool_]) -> StatedTotal:
    if total.kind not in {TotalKind.OUTPUT, TotalKind.COLUMN_USE}:
        return total
    idle = {code for code, keep in zip(table.branches.codes, kept, strict=True) if not keep}
    chosen = np.array([code not in idle for code in total.codes], dtype=np.bool_)
    codes = tuple(code for code in total.codes if code not in idle)
    return replace(total, codes=codes, values=total.values[chosen])
