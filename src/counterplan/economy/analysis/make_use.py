r"""Joint production: one matrix of coefficients from rectangular make and use tables.

A branch that makes several products must have its inputs split between them. Two assumptions:

- *industry technology*: all products of a branch are made with the same inputs. Always possible,
  never negative, but the coefficients change with base-year prices and a product has several
  recipes at once;
- *commodity technology*: a product is made in the same way wherever it is made. The only one that
  satisfies all four axioms of Kop Jansen and ten Raa, but it needs as many branches as products,
  and it yields negative coefficients where the assumption or the data do not hold. Those are
  reported with their place; nothing is set to zero.

The matrices: make V, branches x products; use U, products x branches; product output
:math:`q = V^\top \mathbf 1`, branch output :math:`g`. They need not be the row sums of U: imports,
value added and final use stay outside.

Sources: United Nations, *A System of National Accounts* (1968), ch. III; Kop Jansen and ten Raa,
*International Economic Review* 31 (1990) 213-222; ten Raa and Rueda-Cantuche, *Journal of Economic
Structures* 2:5 (2013); Miller and Blair, *Input-Output Analysis* (2nd ed., 2009), ch. 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import Array, checked_labels, frozen, label_of
from counterplan.errors import InputError

CELLS_SHOWN_MAX = 5
# Rounding in the division by the make shares stays under this share of the largest coefficient.
ROUNDING = 1e-10


@dataclass(frozen=True, eq=False)
class MakeUse:
    """A make and a use table of b branches and p products, checked.

    Parameters
    ----------
    make
        V, (b, p), not negative [value or units of the product].
    use
        U, (p, b), not negative [as `make`].
    branch_output
        g, (b,): given where U is in value and V in physical units; the row sums of V if left out.
    products, branches
        Names for the messages; may be empty.

    Raises
    ------
    InputError
        Where the shapes do not fit, a cell is negative or not finite, or a branch has inputs and
        makes nothing.
    """

    make: Array
    use: Array
    branch_output: Array | None = None
    products: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the tables and take read-only copies."""
        make = np.array(self.make, dtype=np.float64)
        use = np.array(self.use, dtype=np.float64)
        if make.ndim != 2 or use.shape != make.shape[::-1]:
            raise InputError(
                f"a make table of shape {make.shape} and a use table of shape {use.shape}",
                mend="give make as branches x products and use as products x branches",
            )
        branches = checked_labels(self.branches, size=make.shape[0], place="make table")
        products = checked_labels(self.products, size=make.shape[1], place="make table")
        _check_cells(make, rows=branches, columns=products, place="make table")
        _check_cells(use, rows=products, columns=branches, place="use table")
        given = make.sum(axis=1) if self.branch_output is None else self.branch_output
        output = np.array(given, dtype=np.float64)
        if output.shape != (make.shape[0],):
            raise InputError(
                f"{output.size} branch outputs for {make.shape[0]} branches",
                mend="give one output for each branch",
            )
        idle = np.flatnonzero(~(output > 0.0) & (use.sum(axis=0) > 0.0))
        if idle.size:
            raise InputError(
                f"branch {label_of(branches, int(idle[0]))} has inputs but makes nothing",
                place="make table",
                mend="give what it makes, or move its inputs to another branch",
            )
        object.__setattr__(self, "make", frozen(make))
        object.__setattr__(self, "use", frozen(use))
        object.__setattr__(self, "branch_output", frozen(output))
        object.__setattr__(self, "branches", branches)
        object.__setattr__(self, "products", products)

    @property
    def product_output(self) -> Array:
        """Output of each product, q = V^T 1, (p,)."""
        return np.asarray(self.make.sum(axis=0))

    @property
    def inputs_per_output(self) -> Array:
        r"""Use of each product per unit of branch output, :math:`B = U \hat g^{-1}`, (p, b)."""
        return np.asarray(self.use * _reciprocal(np.asarray(self.branch_output)))

    @property
    def market_shares(self) -> Array:
        r"""Each branch's share in each product, :math:`D = V \hat q^{-1}`, (b, p).

        A product that no branch makes (it is only imported) has a column of zeros.
        """
        return np.asarray(self.make * _reciprocal(self.product_output))


def industry_technology(tables: MakeUse) -> Array:
    r"""Return product-by-product coefficients under the industry technology.

    .. math:: A = B D = U \hat g^{-1} V \hat q^{-1}

    Returns
    -------
    Array
        (p, p) [units of i per unit of j]; a column of zeros for a product that no branch makes.
    """
    return frozen(np.asarray(tables.inputs_per_output @ tables.market_shares))


def fixed_sales_structure(tables: MakeUse) -> Array:
    r"""Return branch-by-branch coefficients with each product's sales in fixed market shares.

    .. math:: A = D B = V \hat q^{-1} U \hat g^{-1}

    Never negative, and what most statistical offices publish as industry by industry.

    Returns
    -------
    Array
        (b, b) [value per value].

    Raises
    ------
    InputError
        Where a product is used that no branch makes: its supply has no branch to be booked to.
    """
    used = tables.use.sum(axis=1) > 0.0
    missing = np.flatnonzero(used & ~(tables.product_output > 0.0))
    if missing.size:
        raise InputError(
            f"product {label_of(tables.products, int(missing[0]))} is used, and no branch makes it",
            place="make table",
            mend="take imports out of the use table, or stay with product-by-product coefficients",
        )
    return frozen(np.asarray(tables.market_shares @ tables.inputs_per_output))


def commodity_technology(tables: MakeUse) -> Array:
    r"""Return product-by-product coefficients under the commodity technology.

    .. math:: A = B C^{-1} = U (V^\top)^{-1}, \qquad C = V^\top \hat g^{-1}

    Returns
    -------
    Array
        (p, p) [units of i per unit of j].

    Raises
    ------
    InputError
        Where the tables are not square, some branches make the same mix (V has no inverse), or
        coefficients come out negative: how many, and the largest with product and product.
    """
    coefficients = commodity_technology_unchecked(tables)
    cells = negative_cells(coefficients)
    if cells:
        names = tables.products
        shown = "; ".join(
            f"{label_of(names, row)} in {label_of(names, column)}: {value:.6g}"
            for row, column, value in cells[:CELLS_SHOWN_MAX]
        )
        raise InputError(
            f"the commodity technology makes {len(cells)} coefficients negative ({shown})",
            place="make and use tables",
            mend=(
                "check the by-products of the branches named, move them to the branch that they "
                "belong to, or use the industry technology"
            ),
        )
    # What is still below zero is the rounding of the division, not a statement about the economy.
    return frozen(np.maximum(coefficients, 0.0))


def commodity_technology_unchecked(tables: MakeUse) -> Array:
    """Return :func:`commodity_technology` with its negative cells, for looking at them."""
    branch_count, product_count = tables.make.shape
    if branch_count != product_count:
        raise InputError(
            f"the commodity technology needs as many branches as products; there are "
            f"{branch_count} branches and {product_count} products",
            place="make table",
            mend="aggregate to the same number, or use the industry technology",
        )
    # Market shares have no units, so that their condition says whether the division is safe.
    shares, output = tables.market_shares, tables.product_output
    if not np.linalg.cond(shares) < 1.0 / np.finfo(float).eps:
        raise InputError(
            "some branches make products in the same proportions, or a product is made by none",
            place="make table",
            mend="merge those branches and their products, or use the industry technology",
        )
    return np.asarray((np.linalg.solve(shares, tables.use.T) / output[:, np.newaxis]).T)


def negative_cells(coefficients: ArrayLike) -> tuple[tuple[int, int, float], ...]:
    """Return the cells (row, column, value) below zero by more than rounding, largest first."""
    values = np.asarray(coefficients, dtype=np.float64)
    floor = -ROUNDING * np.abs(values).max(initial=0.0)
    rows, columns = np.nonzero(values < floor)
    order = np.argsort(values[rows, columns], kind="stable")
    return tuple(
        (int(rows[each]), int(columns[each]), float(values[rows[each], columns[each]]))
        for each in order
    )


def _check_cells(values: Array, *, rows: Sequence[str], columns: Sequence[str], place: str) -> None:
    bad = ~((values >= 0.0) & (values < np.inf))
    if bad.any():
        row, column = (int(each) for each in np.argwhere(bad)[0])
        raise InputError(
            f"row {label_of(rows, row)}, column {label_of(columns, column)} is "
            f"{values[row, column]:g}",
            place=place,
            mend="make and use must be finite and not negative; correct the cell",
        )


def _reciprocal(values: Array) -> Array:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0.0)
