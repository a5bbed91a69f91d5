r"""A primal-dual interior point for small programmes, in machine code.

.. math:: \min_z\; c^\top z \quad\text{s.t.}\quad A z = b,\; 0 \le z \le u

Predictor and corrector steps after Mehrotra ("On the implementation of a primal-dual interior
point method", SIAM Journal on Optimization 2, 1992); the normal equations are factorised within
their skyline. Thousands of programmes with one pattern of coefficients share everything but
their numbers.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.solve import kernel
from counterplan.solve.program import Floats, Integers


@dataclass(frozen=True)
class Pattern:
    """Where the coefficients of a programme stand, and which of them meet in the normal equations.

    Attributes
    ----------
    rows, columns
        [nnz] place of each coefficient.
    pair_row, pair_column, pair_first, pair_second
        [pairs] entry (row, column) of A D A^T, below the diagonal, and the two coefficients
        whose product it takes.
    skyline
        [R] first column of each row of the factor.
    """

    rows: Integers
    columns: Integers
    pair_row: Integers
    pair_column: Integers
    pair_first: Integers
    pair_second: Integers
    skyline: Integers


def pattern_of(rows: Integers, columns: Integers) -> Pattern:
    """Return the pattern of a programme whose coefficients stand at (rows, columns)."""
    order = np.argsort(columns, kind="stable")
    ends = np.flatnonzero(np.diff(columns[order])) + 1
    meeting = [
        (rows[one], rows[other], one, other)
        for group in np.split(order, ends)
        for one in group
        for other in group
        if rows[other] <= rows[one]
    ]
    pairs = np.array(meeting, dtype=np.int64).reshape(-1, 4)
    skyline = np.arange(int(rows.max(initial=-1)) + 1)
    np.minimum.at(skyline, pairs[:, 0], pairs[:, 1])
    entry_row, entry_column, first, second = (np.ascontiguousarray(side) for side in pairs.T)
    return Pattern(rows, columns, entry_row, entry_column, first, second, skyline)


def narrow_order(rows: Integers, columns: Integers, *, count: int) -> Integers:
    """Return an order of the rows that keeps the factor narrow [count] (reverse Cuthill-McKee)."""
    shape = (count, int(columns.max(initial=-1)) + 1)
    place = sp.csr_matrix((np.ones(rows.size), (rows, columns)), shape=shape)
    graph = sp.csr_matrix(place @ place.T)
    order = sp.csgraph.reverse_cuthill_mckee(graph, symmetric_mode=True)
    return np.asarray(order, dtype=np.int64)


def solve_many(
    pattern: Pattern,
    *,
    coefficients: Floats,
    sides: Floats,
    costs: Floats,
    upper: Floats,
    tolerance: float,
    iterations_max: int = 80,
) -> tuple[Floats, Floats, Integers]:
    """Solve programmes of one pattern.

    Parameters
    ----------
    coefficients, sides, costs, upper
        [S x nnz], [S x R], [S x N], [S x N]; an upper bound may be infinite, none may be zero.
    tolerance
        Of the residuals and the gap, relative.

    Returns
    -------
    Primal [S x N], dual [S x R], and the iterations taken [S], -1 where they did not suffice.
    """
    return kernel.solve_many(
        pattern.rows,
        pattern.columns,
        pattern.pair_row,
        pattern.pair_column,
        pattern.pair_first,
        pattern.pair_second,
        pattern.skyline,
        coefficients,
        sides,
        costs,
        upper,
        tolerance,
        iterations_max,
    )
