r"""Factors of a matrix that is sparse but for one dense block.

.. math:: \begin{pmatrix} M_{TT} + B & M_{TU} \\ M_{UT} & M_{UU} \end{pmatrix}

M sparse, symmetric and definite, B dense. U is eliminated by sparse factors, which leaves
M_TT + B - M_TU M_UU^{-1} M_UT for the dense ones.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg as sl
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from counterplan.solve.program import Floats, Integers, Sparse


@dataclass(frozen=True)
class Factors:
    """The factors, and what couples the two parts.

    Attributes
    ----------
    dense, apart
        [T], [U] which rows are which.
    inner
        Of M_UU; nothing where there is no U.
    outer
        Of the rest, by Cholesky.
    coupling
        [U x T].
    """

    dense: Integers
    apart: Integers
    inner: Any
    outer: tuple[Floats, bool]
    coupling: Sparse

    def solve(self, side: Floats) -> Floats:
        """Return the solution for one right-hand side [R]."""
        found = np.empty_like(side)
        low, high = side[self.apart], side[self.dense]
        if self.apart.size:
            high = high - self.coupling.T @ self.inner.solve(low)
        found[self.dense] = sl.cho_solve(self.outer, high, check_finite=False)
        if self.apart.size:
            found[self.apart] = self.inner.solve(low - self.coupling @ found[self.dense])
        return found


def factors_of(sparse: Sparse, block: Floats, dense: Integers, apart: Integers) -> Factors | None:
    """Factor; None where the matrix is not definite.

    Parameters
    ----------
    sparse
        [R x R] M.
    block
        [T x T] B, whose lower half counts; it is written over.
    dense, apart
        [T], [U] which rows are which.
    """
    rows = sp.csr_array(sparse)
    coupling = sp.csr_array(rows[apart][:, dense])
    whole = block + rows[dense][:, dense].toarray()
    inner = None
    try:
        if apart.size:
            inner = splu(sp.csc_matrix(rows[apart][:, apart]))
            whole -= coupling.T @ inner.solve(coupling.toarray())
        outer = sl.cho_factor(whole, lower=True, overwrite_a=True, check_finite=False)
    except (sl.LinAlgError, RuntimeError):
        return None
    return Factors(dense, apart, inner, outer, coupling)
