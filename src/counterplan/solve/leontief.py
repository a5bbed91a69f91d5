r"""Solve (I - A) x = y for a large sparse A >= 0, with a bound on the error of the answer.

Block Gauss-Seidel: the branches are split into blocks (regions, federations, or just runs of
rows), each block is solved exactly with its own factors, and the blocks are swept in order. For
A >= 0 with a spectral radius below one I - A is an M-matrix, this is a regular splitting of it,
and the sweeps converge from any start (Varga, *Matrix Iterative Analysis*, 1962, theorem 3.13).

The stopping rule is a proof, not a small residual. Beside y the same sweeps solve
:math:`(I - A) w \approx s` for a positive s. With the residual :math:`r = y - (I - A)\hat x`,

.. math:: (I - A) w \ge \delta s,\quad |r| \le \varepsilon s
          \quad\Longrightarrow\quad
          |\hat x - x| = |(I - A)^{-1} r| \le \frac{\varepsilon}{\delta}\, w ,

because the inverse of an M-matrix is not negative. The same w shows that the economy is
productive. The rounding of the residuals themselves is counted in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

from counterplan.errors import InputError, LimitError

Array = NDArray[np.float64]

BLOCK_ROWS = 512
SWEEPS_MAX = 1_000
# A sweep is far cheaper than factorising; looking at the residual costs about one more sweep.
SWEEPS_BETWEEN_LOOKS = 4
# No productive economy in double precision calls for this many times its final demand.
GROWTH_MAX = 1e100


@dataclass(frozen=True, eq=False)
class LeontiefSolution:
    """An output with the bound on its error.

    Attributes
    ----------
    output
        x, (n,) [product units].
    error_bound
        (n,): the exact solution lies within this of `output`, branch by branch [product units].
    sweeps
        How many sweeps over the blocks it took.
    """

    output: Array
    error_bound: Array
    sweeps: int


@dataclass(frozen=True, eq=False)
class _Block:
    """Rows start to stop: their coefficients, and the factors of I - A on the diagonal."""

    rows: slice
    coefficients: sparse.csr_array[Any]
    diagonal: sparse.csr_array[Any]
    factors: SuperLU


def solve_leontief(
    coefficients: Any,  # noqa: ANN401
    final_demand: ArrayLike,
    *,
    block_starts: Sequence[int] = (),
    tolerance: float = 1e-9,
    sweeps_max: int = SWEEPS_MAX,
) -> LeontiefSolution:
    r"""Return x with (I - A) x = y, proved to the tolerance.

    Parameters
    ----------
    coefficients
        A, n x n, scipy sparse or dense, not negative [units of i per unit of j].
    final_demand
        y, (n,) [product units].
    block_starts
        The first row of each block, ascending from 0; runs of `BLOCK_ROWS` rows if left out.
        Few large deliveries between the blocks make for few sweeps.
    tolerance
        Stop when the bound is at most this share of w, branch by branch. The scale s is
        :math:`|y|` plus its mean, so that w is about the output plus a little of everything.
    sweeps_max
        The limit on sweeps.

    Returns
    -------
    LeontiefSolution
        The output, its error bound and the number of sweeps.

    Raises
    ------
    InputError
        On a bad shape or number, where a block of branches uses up all that it makes, and where
        the outputs grow without end.
    LimitError
        Where the bound is not reached within `sweeps_max`: the economy is hardly productive or
        not at all, or the tolerance is finer than double precision allows.
    """
    matrix, demand = _checked(coefficients, final_demand)
    if not (0.0 < tolerance < 1.0 and sweeps_max >= 1):
        raise InputError(
            f"a tolerance of {tolerance:g} within {sweeps_max} sweeps",
            mend="give a tolerance between 0 and 1, and at least one sweep",
        )
    blocks = _blocks(matrix, starts=_checked_starts(block_starts, size=demand.size))
    magnitude = np.abs(demand)
    scale = magnitude + (magnitude.mean() or 1.0)
    right = np.column_stack([demand, scale])
    return _swept(matrix, blocks, right=right, tolerance=tolerance, sweeps_max=sweeps_max)


def _swept(
    matrix: sparse.csr_array[Any],
    blocks: Sequence[_Block],
    *,
    right: Array,
    tolerance: float,
    sweeps_max: int,
) -> LeontiefSolution:
    state = np.zeros_like(right)
    # A product is the sum of at most this many rounded terms.
    terms = int(np.diff(matrix.indptr).max(initial=0)) + 2
    for sweep in range(1, sweeps_max + 1):
        # Overflow is looked for below, once for several sweeps.
        with np.errstate(over="ignore", invalid="ignore"):
            _sweep(blocks, right=right, state=state)
        if sweep % SWEEPS_BETWEEN_LOOKS == 0 or sweep in {1, 2, sweeps_max}:
            _refuse_growth(state[:, 1], scale=right[:, 1])
            ratio = _proved_ratio(matrix, right=right, state=state, terms=terms)
            if ratio <= tolerance:
                bound = ratio * state[:, 1]
                return LeontiefSolution(state[:, 0].copy(), error_bound=bound, sweeps=sweep)
    raise LimitError(
        f"no answer within {tolerance:g} after {sweeps_max} sweeps over {len(blocks)} blocks",
        place="technical coefficients",
        mend=(
            "check that the economy is productive, give blocks with fewer deliveries between "
            "them, or ask for a coarser tolerance"
        ),
    )


def _proved_ratio(
    matrix: sparse.csr_array[Any], *, right: Array, state: Array, terms: int
) -> float:
    """Return epsilon / delta of the module's bound, or infinity while nothing is proved."""
    residual = right - state + matrix @ state
    unit = terms * np.finfo(float).eps
    magnitude = np.abs(right) + np.abs(state) + matrix @ np.abs(state)
    scale = right[:, 1]
    epsilon = float(np.max((np.abs(residual[:, 0]) + unit * magnitude[:, 0]) / scale))
    shortfall = residual[:, 1] + unit * magnitude[:, 1]
    delta = 1.0 - float(np.max(shortfall / scale))
    # w must be positive itself: with (I - A) w > 0 that is what makes I - A an M-matrix.
    if not (delta > 0.0 and (state[:, 1] > 0.0).all()):
        return float("inf")
    return epsilon / delta


def _refuse_growth(outputs: Array, *, scale: Array) -> None:
    growth = outputs / scale
    row = int(np.argmax(growth))
    if not growth[row] < GROWTH_MAX:
        raise InputError(
            f"the output called for grows without end, fastest in row {row}: the economy is not "
            f"productive",
            place="technical coefficients",
            mend="check the coefficients of that row and column: an output too small, or a unit",
        )


def _sweep(blocks: Sequence[_Block], *, right: Array, state: Array) -> None:
    for block in blocks:
        own = state[block.rows]
        # All deliveries of the block less those to itself, which its factors account for.
        called_for = right[block.rows] + block.coefficients @ state - block.diagonal @ own
        state[block.rows] = block.factors.solve(called_for)


def _blocks(matrix: sparse.csr_array[Any], *, starts: Sequence[int]) -> list[_Block]:
    blocks = []
    stops = [*starts[1:], matrix.shape[0]]
    for start, stop in zip(starts, stops, strict=True):
        rows = matrix[start:stop]
        diagonal = sparse.csr_array(rows[:, start:stop])
        identity = sparse.eye_array(stop - start, format="csc")
        try:
            factors = splu(sparse.csc_array(identity - diagonal))
            productive = bool((factors.solve(np.ones(stop - start)) > 0.0).all())
        except RuntimeError:
            productive = False
        if not productive:
            raise InputError(
                f"the branches of rows {start} to {stop - 1} use up all that they make",
                place="technical coefficients",
                mend="check their coefficients: an output too small, or a unit mixed up",
            )
        blocks.append(_Block(slice(start, stop), rows, diagonal, factors))
    return blocks


def _checked(coefficients: Any, final_demand: ArrayLike) -> tuple[sparse.csr_array[Any], Array]:  # noqa: ANN401
    matrix = sparse.csr_array(coefficients, dtype=np.float64)
    demand = np.asarray(final_demand, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or demand.shape != matrix.shape[:1]:
        raise InputError(
            f"coefficients of shape {matrix.shape} and a final demand of shape {demand.shape}",
            mend="give n x n coefficients and n final demands",
        )
    if demand.size == 0:
        raise InputError("there are no branches", mend="give at least one")
    bad = ~((matrix.data >= 0.0) & (matrix.data < np.inf))
    if bad.any():
        cells = matrix.tocoo()
        place = int(np.argmax(bad))
        row, column = cells.coords[0][place], cells.coords[1][place]
        raise InputError(
            f"row {row}, column {column} is {matrix.data[place]:g}",
            place="technical coefficients",
            mend="coefficients must be finite and not negative; correct the cell",
        )
    if not np.isfinite(demand).all():
        row = int(np.argmin(np.isfinite(demand)))
        raise InputError(
            f"the final demand of row {row} is {demand[row]:g}", mend="give a finite number"
        )
    return matrix, demand


def _checked_starts(starts: Sequence[int], *, size: int) -> list[int]:
    if not len(starts):
        return list(range(0, size, BLOCK_ROWS))
    chosen = [int(start) for start in starts]
    ascending = all(low < high for low, high in zip(chosen, [*chosen[1:], size], strict=True))
    if chosen[0] != 0 or not ascending:
        raise InputError(
            f"the blocks start at {chosen[:5]}",
            mend=f"give ascending rows from 0, all below {size}",
        )
    return chosen
