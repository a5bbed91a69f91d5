r"""Rounding a table so that its rows and columns still add up.

Controlled rounding: every entry goes to one of its two neighbours, every row total to one of
its own, and the columns keep their sum. Such a rounding always exists (Cox and Ernst, "Controlled
rounding", INFOR 20, 1982), and the nearest is the solution of a transport problem, whose corners
are whole numbers.
"""

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Floats, Integers
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine, Outcome, Program

TOTALS = 10.0  # weight of a row total against a single entry
SECONDS_MAX = 60.0  # a table of a page takes a few thousandths of one
WHOLE = 1e-6  # nearer to a whole number than this is one: the accounts are computed to 1e-9


def rounded_table(values: Floats) -> Integers:
    r"""Round a table whose columns sum to zero; row totals count more than single entries.

    .. math:: \min \sum_{it} |n_{it} - x_{it}| + \omega \sum_i |r_i - \sum_t x_{it}|, \quad
              \lfloor x \rfloor \le n \le \lceil x \rceil, \quad \sum_i n_{it} = 0, \quad
              r_i = \sum_t n_{it}, \quad
              \Big\lfloor \sum_t x_{it} \Big\rfloor \le r_i \le \Big\lceil \sum_t x_{it} \Big\rceil

    Parameters
    ----------
    values
        [rows x T] numbers, in units of the last digit that is kept.

    Raises
    ------
    ValueError
        When a column does not sum to zero.
    """
    if np.any(np.abs(values.sum(axis=0)) > len(values) * WHOLE):
        raise ValueError("a column of the table does not sum to zero")
    rows, periods = values.shape
    whole = np.concatenate([values.ravel(), values.sum(axis=1)])
    low, high = neighbours(whole)
    weight = np.concatenate([np.ones(values.size), np.full(rows, TOTALS)])
    # How much farther the upper neighbour is: what going up costs.
    cost = np.where(high > low, weight * (high + low - 2 * whole), 0.0)
    columns = np.hstack([np.kron(np.ones((1, rows)), np.eye(periods)), np.zeros((periods, rows))])
    totals = np.hstack([np.kron(np.eye(rows), np.ones((1, periods))), -np.eye(rows)])
    sums = np.vstack([columns, totals])
    program = Program(
        matrix=sp.csr_array(sums),
        row_lower=-(sums @ low),
        row_upper=-(sums @ low),
        lower=np.zeros(len(low)),
        upper=high - low,
        reward=-cost,
        integer=np.zeros(len(low), dtype=bool),
    )
    found = solve(program, engine=Engine.SIMPLEX, seconds_max=SECONDS_MAX)
    assert found.outcome is Outcome.SOLVED, "a rounding always exists"
    chosen = low + np.rint(found.primal)
    result: Integers = chosen[: values.size].astype(np.int64).reshape(values.shape)
    return result


def neighbours(values: Floats) -> tuple[Floats, Floats]:
    """Return the whole numbers below and above; both are the nearest one where it is that near."""
    nearest = np.rint(values)
    whole = np.abs(values - nearest) <= WHOLE
    return np.where(whole, nearest, np.floor(values)), np.where(whole, nearest, np.ceil(values))


def shared_out(values: Floats, total: int) -> Integers:
    """Round amounts so that they add up to a given total, each to one of its neighbours.

    Those with the largest remainders go up (Hamilton's method).

    Parameters
    ----------
    values
        [n] numbers, in units of the last digit that is kept.
    total
        What they are to add up to: their sum, rounded either way.

    Raises
    ------
    ValueError
        When no choice of neighbours adds up to the total.
    """
    low, high = neighbours(values)
    missing = total - int(low.sum())
    if not 0 <= missing <= int((high - low).sum()):
        raise ValueError("the amounts do not add up to the total, however they are rounded")
    chosen = low.copy()
    # What cannot go up comes last: it is whole already.
    order = np.argsort(-np.where(high > low, values - low, -1.0), kind="stable")
    chosen[order[:missing]] += 1
    result: Integers = chosen.astype(np.int64)
    return result
