r"""Rounding a table so that its rows and columns still add up.

Controlled rounding: every entry goes to one of its two neighbours, every row total to one of
its own, and the columns keep their sum. Such a rounding always exists (Cox and Ernst, "Controlled
rounding", INFOR 20, 1982), and the nearest is the solution of a transport problem, whose corners
are whole numbers.
"""

import numpy as np
from scipy.optimize import linprog

from counterplan.economy.economy import Floats, Integers

WHOLE = 1e-6  # nearer to a whole number than this is one: the accounts are computed to 1e-9


def rounded_table(values: Floats) -> Integers:
    r"""Round a table whose columns sum to zero.

    .. math:: \min \sum_{it} |n_{it} - x_{it}|, \quad \lfloor x \rfloor \le n \le \lceil x \rceil,
              \quad \sum_i n_{it} = 0, \quad
              \Big\lfloor \sum_t x_{it} \Big\rfloor \le \sum_t n_{it} \le
              \Big\lceil \sum_t x_{it} \Big\rceil

    Parameters
    ----------
    values
        [rows x T] numbers, in units of the last digit that is kept.

    Raises
    ------
    ValueError
        When a column does not sum to zero.
    """
    low, high = neighbours(values)
    if np.any(np.abs(values.sum(axis=0)) > len(values) * WHOLE):
        raise ValueError("a column of the table does not sum to zero")
    rows, periods = values.shape
    row_low, row_high = neighbours(values.sum(axis=1))
    of_column = np.kron(np.ones((1, rows)), np.eye(periods))
    of_row = np.kron(np.eye(rows), np.ones((1, periods)))
    down, spare = low.ravel(), (high - low).ravel()
    up = (high + low - 2 * values).ravel()  # how much farther the upper neighbour is
    found = linprog(
        np.where(spare > 0, up, 0.0),
        A_ub=np.vstack([of_row, -of_row]),
        b_ub=np.concatenate([row_high - of_row @ down, of_row @ down - row_low]),
        A_eq=of_column,
        b_eq=-(of_column @ down),
        bounds=[(0.0, float(most)) for most in spare],
        method="highs-ds",
    )
    if not found.success:
        raise ValueError(f"the table cannot be rounded: {found.message}")
    taken = np.rint(np.asarray(found.x)).astype(np.int64)
    result: Integers = low.astype(np.int64) + taken.reshape(values.shape)
    return result


def neighbours(values: Floats) -> tuple[Floats, Floats]:
    """Return the whole numbers below and above; both are the nearest one where it is that near."""
    nearest = np.rint(values)
    whole = np.abs(values - nearest) <= WHOLE
    return np.where(whole, nearest, np.floor(values)), np.where(whole, nearest, np.ceil(values))
