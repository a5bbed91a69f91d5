r"""Weighted least squares: balance a matrix by moving the cells that are known least.

.. math::
    \min_x \; \sum_{ij} \frac{(x_{ij} - a_{ij})^2}{v_{ij}}
    \quad\text{so that}\quad \sum_j x_{ij} = u_i, \;\; \sum_i x_{ij} = w_j,
    \qquad v_{ij} = (\sigma_{ij} a_{ij})^2

with :math:`\sigma_{ij}` the relative standard deviation of a cell. With the totals written as
:math:`G x = b`, the solution is :math:`x = a + V G' \lambda` with
:math:`G V G' \lambda = b - G a`: as many equations as there are totals, sparse where the matrix
is. The dual :math:`\lambda` of a total says how hard the cells resist it. Zero cells stay zero;
unlike in GRAS a cell may change its sign, which the record of the movement shows.

Source: Stone, Champernowne and Meade (1942), The precision of national income estimates, Review
of Economic Studies 9, 111-125; van der Ploeg (1982), Reliability and the adjustment of sequences
of large economic accounting matrices, Journal of the Royal Statistical Society A 145, 169-194.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from counterplan.economy.tables.axes import Floats
from counterplan.economy.tables.margins import (
    Balanced,
    Margins,
    Totals,
    balance,
    check_fit,
    stated_margins,
)
from counterplan.economy.tables.movement import Movement
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean

TOLERANCE = 1e-9
BLOCKS = ("make", "domestic", "imported", "other")


def balance_by_least_squares(
    table: Table,
    margins: Margins | None = None,
    *,
    deviations: Mapping[str, float] | None = None,
) -> tuple[Table, Movement]:
    """Return the table balanced by weighted least squares, and the record of what moved.

    Parameters
    ----------
    margins
        The totals it must have; by default those that its source states.
    deviations
        Relative standard deviation of the cells of each of :data:`BLOCKS`; 1 where a block is
        not named, 0 to hold a block still. Only their proportions matter.

    Raises
    ------
    InputError
        For a block that is not known, and as :func:`least_squares`.
    """
    chosen = dict(deviations or {})
    for name, value in chosen.items():
        if name not in BLOCKS:
            raise InputError(f"there is no block '{name}'", mend=did_you_mean(name, BLOCKS))
        if not (np.isfinite(value) and value >= 0):
            raise InputError(f"the deviation of '{name}' is {value}", mend="give 0 or more")

    def method(matrix: Floats, rows: Totals, columns: Totals) -> Balanced:
        down = [chosen.get(code.split(" ")[0], 1.0) for code in rows.codes]
        deviation = np.broadcast_to(np.array(down)[:, np.newaxis], matrix.shape)
        return least_squares(matrix, rows=rows, columns=columns, deviation=deviation)

    return balance(
        table, margins or stated_margins(table), method=method, name="weighted least squares"
    )


def least_squares(
    matrix: Floats, *, rows: Totals, columns: Totals, deviation: Floats | None = None
) -> Balanced:
    """Return the matrix with the totals asked for. See the module for the equations.

    Parameters
    ----------
    matrix
        [k x l] any units.
    deviation
        [k x l] standard deviation of each cell relative to its size; 1 by default.

    Raises
    ------
    InputError
        Totals that contradict each other or that the cells cannot reach.
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    check_fit(matrix, rows, columns)
    relative = np.ones(matrix.shape) if deviation is None else np.asarray(deviation)
    # Cells are measured in the largest of them: squares of large figures would overflow.
    unit = float(np.abs(matrix).max(initial=0.0)) or 1.0
    variance = (relative * matrix / unit) ** 2
    given = np.concatenate([rows.given, columns.given])
    wanted = np.concatenate([rows.values, columns.values])
    gap = wanted - np.concatenate([matrix.sum(axis=1), matrix.sum(axis=0)])
    codes = (*rows.codes, *columns.codes)
    scale = np.concatenate([np.abs(matrix).sum(axis=1), np.abs(matrix).sum(axis=0)])
    scale = np.maximum(np.maximum(scale, np.abs(wanted)), 1e-300)
    kept = _independent(variance, given, gap, scale=scale, codes=codes)
    dual = np.zeros(len(codes))
    if kept.any():
        try:
            dual[kept] = _solve(variance, kept, gap[kept] / unit)
        except RuntimeError as error:  # how splu says that a pivot vanished
            raise InputError(
                "the totals cannot be told apart: cells that hardly move link them",
                mend="leave one of them free, or allow those cells a larger deviation",
            ) from error
    k = len(rows.codes)
    balanced = matrix + unit * variance * (dual[:k, np.newaxis] + dual[k:])
    left = wanted - np.concatenate([balanced.sum(axis=1), balanced.sum(axis=0)])
    off = np.where(given, np.abs(left) / scale, 0.0)
    if off.max(initial=0.0) > TOLERANCE:
        raise InputError(
            f"the total was missed by {off.max():.2g} of its size",
            place=f"'{codes[int(off.argmax())]}'",
            mend="the totals nearly contradict each other: leave one free",
        )
    return Balanced(balanced, 1)


def _independent(
    variance: Floats,
    given: npt.NDArray[np.bool_],
    gap: Floats,
    *,
    scale: Floats,
    codes: tuple[str, ...],
) -> npt.NDArray[np.bool_]:
    """Return which totals to impose, one fewer in each block of cells whose totals are all given.

    Rows and columns that share a movable cell hang together. Where all totals of such a block
    are asked for, those of its rows and of its columns must add up to the same, and one of
    them follows from the others.
    """
    k = len(variance)
    graph = sp.block_array([[None, sp.csr_array(variance)], [sp.csr_array(variance.T), None]])
    blocks, of = connected_components(sp.csr_array(graph), directed=False)
    kept = given.copy()
    sign = np.concatenate([np.ones(k), -np.ones(len(given) - k)])
    for block in range(blocks):
        inside = np.flatnonzero(of == block)
        if not given[inside].all():
            continue
        excess = float((sign[inside] * gap[inside]).sum())
        if abs(excess) > TOLERANCE * float(scale[inside].sum()):
            worst = inside[int(np.argmax(np.abs(gap[inside])))]
            raise InputError(
                f"the totals cannot be reached: they miss each other by {abs(excess):,.10g}",
                place=f"'{codes[worst]}'",
                mend="no cell that may move links them to the rest: leave one of them free",
            )
        kept[inside[0]] = False
    return kept


def _solve(variance: Floats, kept: npt.NDArray[np.bool_], gap: Floats) -> Floats:
    """Return the duals of the totals that are imposed."""
    cells = sp.csr_array(variance)
    system = sp.csr_array(
        sp.block_array(
            [
                [sp.diags_array(variance.sum(axis=1)), cells],
                [cells.T, sp.diags_array(variance.sum(axis=0))],
            ]
        )
    )
    chosen = np.flatnonzero(kept)
    small = sp.csc_array(system[chosen][:, chosen])
    # Totals differ by many orders of magnitude: put ones on the diagonal first.
    size = 1.0 / np.sqrt(small.diagonal())
    scaled = sp.csc_array(sp.diags_array(size) @ small @ sp.diags_array(size))
    factor = splu(scaled)
    found = factor.solve(size * gap)
    for _ in range(2):
        found = found + factor.solve(size * gap - scaled @ found)
    return np.asarray(size * found, dtype=np.float64)
