"""LU factors, computed once: solving replaces inverting.

A table of n branches has n x n numbers in its inverse; a question about it (an output, a price,
a multiplier) needs one or a few solves with the factors. LAPACK is called directly because its
wrapper reports a singular matrix by a warning, which is not safe across threads.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import sparse
from scipy.linalg import lapack
from scipy.sparse.linalg import splu

from counterplan.economy.analysis.arrays import Array, Matrix

BALANCING_SWEEPS_MAX = 200


class SingularMatrixError(ArithmeticError):
    """The matrix has no inverse; the caller says what that means for the economy."""


class Factors(Protocol):
    """Factors of a square matrix M."""

    def solve(self, right_hand_sides: Array) -> Array:
        """Return M^-1 b for b of shape (n,) or (n, k)."""

    def solve_transposed(self, right_hand_sides: Array) -> Array:
        """Return (M^T)^-1 b for b of shape (n,) or (n, k)."""

    def inverse(self) -> Array:
        """Return M^-1, (n, n)."""


@dataclass(frozen=True, eq=False)
class DenseFactors:
    """P M = L U in LAPACK's packed form."""

    packed: Array
    pivots: Any

    def solve(self, right_hand_sides: Array) -> Array:
        """Return M^-1 b."""
        return self._solve(right_hand_sides, transposition=0)

    def solve_transposed(self, right_hand_sides: Array) -> Array:
        """Return (M^T)^-1 b."""
        return self._solve(right_hand_sides, transposition=1)

    def inverse(self) -> Array:
        """Return M^-1 from the factors, in half the time of n solves."""
        work = int(lapack.dgetri_lwork(self.packed.shape[0])[0])
        inverse, _ = lapack.dgetri(self.packed, self.pivots, lwork=work)
        return np.asarray(inverse, dtype=np.float64)

    def _solve(self, right_hand_sides: Array, *, transposition: int) -> Array:
        if right_hand_sides.size == 0:
            return np.zeros_like(right_hand_sides)
        solution, _ = lapack.dgetrs(self.packed, self.pivots, right_hand_sides, trans=transposition)
        return np.asarray(solution, dtype=np.float64).reshape(right_hand_sides.shape)


@dataclass(frozen=True, eq=False)
class SparseFactors:
    """SuperLU's factors, with a fill-reducing column order."""

    factors: Any

    def solve(self, right_hand_sides: Array) -> Array:
        """Return M^-1 b."""
        return np.asarray(self.factors.solve(right_hand_sides), dtype=np.float64)

    def solve_transposed(self, right_hand_sides: Array) -> Array:
        """Return (M^T)^-1 b."""
        return np.asarray(self.factors.solve(right_hand_sides, trans="T"), dtype=np.float64)

    def inverse(self) -> Array:
        """Return M^-1, which is dense."""
        return self.solve(np.eye(self.factors.shape[0]))


@dataclass(frozen=True, eq=False)
class ScaledFactors:
    """Factors of D^-1 M D, which answer for M."""

    factors: Factors
    scale: Array

    def solve(self, right_hand_sides: Array) -> Array:
        """Return M^-1 b."""
        scale = self._like(right_hand_sides)
        return scale * self.factors.solve(right_hand_sides / scale)

    def solve_transposed(self, right_hand_sides: Array) -> Array:
        """Return (M^T)^-1 b."""
        scale = self._like(right_hand_sides)
        return self.factors.solve_transposed(right_hand_sides * scale) / scale

    def inverse(self) -> Array:
        """Return M^-1."""
        return self.scale[:, np.newaxis] * self.factors.inverse() / self.scale

    def _like(self, right_hand_sides: Array) -> Array:
        return self.scale.reshape((-1,) + (1,) * (right_hand_sides.ndim - 1))


def balancing_scale(coefficients: Matrix) -> Array:
    r"""Return units for the products in which every branch gives about as much as it takes.

    The scale d, in powers of two, brings the row sum and the column sum of each branch in
    :math:`D^{-1} A D` (without the diagonal) near each other, or near one where the other is
    zero. A table in mixed physical units (grams of one product for each megatonne of another)
    then loses no digits to its units.

    Source: Osborne, *Journal of the ACM* 7 (1960) 338-345, here with damped simultaneous steps.

    Parameters
    ----------
    coefficients
        A >= 0, n x n.

    Returns
    -------
    Array
        d > 0, (n,) [old units of a product per new unit].
    """
    links = sparse.csr_array(coefficients)
    links = links - sparse.diags_array(links.diagonal(), format="csr")
    scale = np.ones(links.shape[0])
    for _ in range(BALANCING_SWEEPS_MAX):
        gives = np.asarray(links @ scale) / scale
        takes = np.asarray(links.T @ (1.0 / scale)) * scale
        step = np.where(gives > 0.0, gives, 1.0) / np.where(takes > 0.0, takes, 1.0)
        if np.abs(np.log2(step)).max() < 1.0:
            break
        scale = scale * step**0.25
    return np.exp2(np.round(np.log2(scale)))


def rescaled(coefficients: Matrix, scale: Array) -> Matrix:
    """Return D^-1 A D, of the kind of A."""
    if isinstance(coefficients, np.ndarray):
        return coefficients * scale / scale[:, np.newaxis]
    into, out_of = sparse.diags_array(1.0 / scale), sparse.diags_array(scale)
    return sparse.csc_array(into @ coefficients @ out_of)


def identity_less(coefficients: Matrix) -> Matrix:
    """Return I - A, of the kind of A."""
    size = coefficients.shape[0]
    if isinstance(coefficients, np.ndarray):
        # Column-major, so that LAPACK can factorise in place instead of copying.
        matrix = np.array(-coefficients, order="F")
        matrix[np.diag_indices(size)] += 1.0
        return matrix
    return sparse.csc_array(sparse.eye_array(size, format="csc") - coefficients)


def factorise(matrix: Matrix) -> Factors:
    """Return the LU factors of a square matrix; a dense one is overwritten.

    Raises
    ------
    SingularMatrixError
        Where a pivot is exactly zero.
    """
    if isinstance(matrix, np.ndarray):
        packed, pivots, info = lapack.dgetrf(matrix, overwrite_a=1)
        if info > 0:
            raise SingularMatrixError
        return DenseFactors(packed=packed, pivots=pivots)
    try:
        return SparseFactors(factors=splu(matrix))
    except RuntimeError as error:
        raise SingularMatrixError from error
