r"""GRAS: balance a matrix that has negative cells while it stays as near as it can.

With :math:`P` the positive cells of the matrix and :math:`N` the negative ones without their
sign, the balanced matrix is

.. math:: x_{ij} = r_i p_{ij} s_j - \frac{n_{ij}}{r_i s_j}

with the multipliers of rows and columns found in turns. For a row with the total :math:`u_i`,
writing :math:`p_i(s) = \sum_j p_{ij} s_j` and :math:`n_i(s) = \sum_j n_{ij} / s_j`,

.. math::
    r_i = \frac{u_i + \sqrt{u_i^2 + 4 p_i(s) n_i(s)}}{2 p_i(s)} \quad (p_i(s) > 0),
    \qquad r_i = -\frac{n_i(s)}{u_i} \quad (p_i(s) = 0)

and for columns likewise. It minimises the loss of information
:math:`\sum_{ij} |a_{ij}| z_{ij} (\ln z_{ij} - 1)` with :math:`z_{ij} = x_{ij} / a_{ij}`; a total
that is left free has the multiplier 1. A cell keeps its sign, and zero stays zero.

Sources: Junius and Oosterhaven (2003), The solution of updating or regionalizing a matrix with
both positive and negative entries, Economic Systems Research 15, 87-96; Lenzen, Wood and
Gallego (2007), Some comments on the GRAS method, ibid. 19, 461-465; Temurshoev, Miller and
Bouwmeester (2013), A note on the GRAS method, ibid. 25, 361-367 (rows without positive cells).
"""

import numpy as np

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
from counterplan.errors import InputError, LimitError

ROUNDS_MAX = 20_000
TOLERANCE = 1e-11


def balance_by_gras(
    table: Table,
    margins: Margins | None = None,
    *,
    tolerance: float = TOLERANCE,
    rounds_max: int = ROUNDS_MAX,
) -> tuple[Table, Movement]:
    """Return the table balanced by GRAS, and the record of what moved.

    Parameters
    ----------
    margins
        The totals it must have; by default those that its source states.
    tolerance, rounds_max
        As for :func:`gras`.

    Raises
    ------
    InputError, LimitError
        As :func:`gras`.
    """

    def method(matrix: Floats, rows: Totals, columns: Totals) -> Balanced:
        return gras(matrix, rows=rows, columns=columns, tolerance=tolerance, rounds_max=rounds_max)

    return balance(table, margins or stated_margins(table), method=method, name="GRAS")


def gras(
    matrix: Floats,
    *,
    rows: Totals,
    columns: Totals,
    tolerance: float = TOLERANCE,
    rounds_max: int = ROUNDS_MAX,
) -> Balanced:
    """Return the matrix with the totals asked for. See the module for the equations.

    Parameters
    ----------
    matrix
        [k x l] any units.
    tolerance
        Largest gap of a total, relative to the cells behind it without their signs.
    rounds_max
        One round adjusts all columns and then all rows.

    Raises
    ------
    InputError
        A total that no multiplier can reach (the row has no cell of its sign), or totals that
        contradict each other.
    LimitError
        The totals were not reached in ``rounds_max`` rounds.
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    check_fit(matrix, rows, columns)
    matrix = _emptied(_emptied(matrix, rows).T, columns).T
    positive, negative = np.maximum(matrix, 0.0), np.maximum(-matrix, 0.0)
    _check_reach(positive, negative, rows)
    _check_reach(positive.T, negative.T, columns)
    r, s = np.ones(len(rows.values)), np.ones(len(columns.values))
    scale = np.maximum(np.abs(rows.values), np.abs(matrix).sum(axis=1))
    worst = ""
    for count in range(1, rounds_max + 1):
        # Where the totals cannot be reached the multipliers run away to 0 and infinity.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            s = _multipliers(positive.T @ r, negative.T @ (1.0 / r), columns, s)
            p, n = positive @ s, negative @ (1.0 / s)
            gap = np.where(rows.given, np.abs(r * p - n / r - rows.values), 0.0)
            if not np.isfinite(gap).all():
                break
            if np.all(gap <= tolerance * scale):
                outer = r[:, np.newaxis] * s
                return Balanced(np.asarray(positive * outer - negative / outer), count)
            worst = rows.codes[int(np.argmax(gap / np.where(scale > 0, scale, 1.0)))]
            r = _multipliers(p, n, rows, r)
    raise LimitError(
        f"GRAS did not reach the totals in {rounds_max:,} rounds",
        place=f"'{worst}'" if worst else "",
        mend="the zero cells may not allow them: leave a total free or use least squares",
    )


def _emptied(matrix: Floats, totals: Totals) -> Floats:
    """Return the matrix without the cells that a total of zero empties.

    Where all cells of a row have one sign, a total of zero drives the multiplier to 0 (or to
    infinity, for negative cells) and every cell to zero: this is that limit.
    """
    one_sign = ~((matrix > 0).any(axis=1) & (matrix < 0).any(axis=1))
    return np.where((totals.given & (totals.values == 0) & one_sign)[:, np.newaxis], 0.0, matrix)


def _multipliers(p: Floats, n: Floats, totals: Totals, before: Floats) -> Floats:
    """Return the multipliers that give each total, or those before where it is free."""
    u = totals.values
    root = np.sqrt(u * u + 4.0 * p * n)
    # For a negative total the textbook form subtracts two nearly equal numbers.
    low = 2.0 * n / np.where(root - u > 0, root - u, 1.0)
    high = (u + root) / np.where(p > 0, 2.0 * p, 1.0)
    found = np.where(u < 0, low, high)
    empty = (p == 0) & (n == 0)
    return np.asarray(np.where(totals.given & ~empty, found, before))


def _check_reach(positive: Floats, negative: Floats, totals: Totals) -> None:
    """Raise an InputError for the first total that the signs of the cells cannot reach."""
    has_positive, has_negative = positive.any(axis=1), negative.any(axis=1)
    u = totals.values
    cases = {
        "has no cells": ~has_positive & ~has_negative & (u != 0),
        "has no positive cells": ~has_positive & has_negative & (u > 0),
        "has no negative cells": has_positive & ~has_negative & (u < 0),
    }
    for reason, bad in cases.items():
        for i in np.flatnonzero(bad & totals.given).tolist():
            raise InputError(
                f"the total {u[i]:,.10g} cannot be reached: the row or column {reason}",
                place=f"'{totals.codes[i]}'",
                mend="correct the total, leave it free, or enter a cell of that sign",
            )
