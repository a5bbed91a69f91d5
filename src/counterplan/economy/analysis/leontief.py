r"""The quantity model: what must be produced for a given final use.

.. math:: x = A x + y \quad\Longleftrightarrow\quad x = (I - A)^{-1} y

Sources: Leontief, *Review of Economics and Statistics* 18 (1936) 105-125 and *Input-Output
Economics* (2nd ed., 1986), ch. 2; Miller and Blair, *Input-Output Analysis* (2nd ed., 2009), ch. 2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import (
    Array,
    Indices,
    Matrix,
    checked_columns,
    checked_labels,
    checked_matrix,
    checked_rows,
    frozen,
    label_of,
    refuse_large_inverse,
)
from counterplan.economy.analysis.coefficients import FLOWS, input_coefficients
from counterplan.economy.analysis.factors import Factors
from counterplan.economy.analysis.productivity import productive_factors
from counterplan.errors import InputError

# Columns of the inverse that are in memory at once where only sums over it are wanted.
COLUMNS_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class LeontiefModel:
    """Input coefficients, factored once at the first question; the inverse is never formed.

    Parameters
    ----------
    coefficients
        A, n x n, dense or scipy sparse, non-negative [units of i per unit of j]. Sparse factors
        fill in: above about 5% of cells in use a dense array is faster.
    labels
        One name for each branch, for messages; may be empty.
    place
        Where the coefficients come from, for messages.

    Raises
    ------
    InputError
        At creation: not square, a negative or not finite cell, labels that do not fit.
        At the first question: the economy is not productive; the branch is named.
    """

    coefficients: Matrix
    labels: tuple[str, ...] = ()
    place: str = "technical coefficients"

    def __post_init__(self) -> None:
        """Check the coefficients and take a read-only copy."""
        matrix = checked_matrix(self.coefficients, labels=self.labels, place=self.place)
        names = checked_labels(self.labels, size=matrix.shape[0], place=self.place)
        object.__setattr__(self, "coefficients", matrix)
        object.__setattr__(self, "labels", names)

    @classmethod
    def from_flows(
        cls,
        flows: Any,  # noqa: ANN401
        output: ArrayLike,
        *,
        labels: Sequence[str] = (),
        place: str = FLOWS,
    ) -> Self:
        """Return the model of observed flows Z (n x n) and outputs x (n,).

        See :func:`~counterplan.economy.analysis.coefficients.input_coefficients`.
        """
        coefficients = input_coefficients(flows, output, labels=labels, place=place)
        return cls(coefficients, labels=tuple(labels), place=place)

    @property
    def size(self) -> int:
        """The number of branches n."""
        return int(self.coefficients.shape[0])

    @cached_property
    def _proved(self) -> tuple[Factors, float]:
        return productive_factors(self.coefficients, labels=self.labels, place=self.place)

    @property
    def radius_bound(self) -> float:
        """An upper bound below one on the spectral radius of A: the proof of productivity."""
        return self._proved[1]

    def output_required(self, final_demand: ArrayLike) -> Array:
        r"""Return the gross output that leaves exactly the final demand.

        .. math:: x = (I - A)^{-1} y

        Parameters
        ----------
        final_demand
            y, (n,) or (n, k) for k final uses at once [product units]; may be negative (stocks
            drawn down).

        Returns
        -------
        Array
            x, with the shape of `final_demand` [product units].
        """
        demand = checked_columns(
            final_demand, size=self.size, labels=self.labels, what="the final demand"
        )
        return frozen(self._proved[0].solve(demand))

    def net_output(self, output: ArrayLike) -> Array:
        r"""Return what an output x, (n,) or (n, k), leaves for final use: :math:`y = x - A x`."""
        gross = checked_columns(output, size=self.size, labels=self.labels, what="the output")
        return frozen(np.asarray(gross - self.coefficients @ gross))

    def content(self, direct: ArrayLike) -> Array:
        r"""Return what one unit of final use of each product contains, directly and indirectly.

        .. math:: M = S (I - A)^{-1}

        One row of S costs one solve with the transposed factors.

        Parameters
        ----------
        direct
            S, (n,) or (q, n): value added, hours, emissions for one unit of each branch's output
            [extension units per product unit].

        Returns
        -------
        Array
            M, with the shape of `direct` [extension units per product unit of final use].
        """
        rows = checked_rows(direct, size=self.size, labels=self.labels, what="the intensity")
        return frozen(self._proved[0].solve_transposed(rows.T).T)

    def columns(self, branches: Sequence[int]) -> Array:
        """Return columns of the Leontief inverse: outputs for one unit of each branch's product.

        Parameters
        ----------
        branches
            k indices of branches.

        Returns
        -------
        Array
            n x k [units of i per unit of final use of j].
        """
        chosen = checked_branches(branches, size=self.size)
        units = np.zeros((self.size, chosen.size))
        units[chosen, np.arange(chosen.size)] = 1.0
        return frozen(self._proved[0].solve(units))

    def column_blocks(self) -> Iterator[tuple[Indices, Array]]:
        """Yield the Leontief inverse a few columns at a time: (indices, their columns)."""
        for start in range(0, self.size, COLUMNS_AT_ONCE):
            indices = np.arange(start, min(start + COLUMNS_AT_ONCE, self.size))
            yield indices, self.columns(indices.tolist())

    def inverse(self) -> Array:
        r"""Return the whole Leontief inverse :math:`L = (I - A)^{-1}`, n x n, because asked for.

        Raises
        ------
        LimitError
            Where n is over `DENSE_BRANCHES_MAX`.
        """
        refuse_large_inverse(self.size, place=self.place)
        return frozen(self._proved[0].inverse())

    def rounds(self, final_demand: ArrayLike, *, count: int) -> Array:
        r"""Return the output called for in each round of deliveries.

        .. math:: x^{(0)} = y, \quad x^{(t)} = A x^{(t-1)}, \quad \sum_t x^{(t)} = x

        Parameters
        ----------
        final_demand
            y, (n,) [product units].
        count
            How many rounds, the final use itself being the first; at least one.

        Returns
        -------
        Array
            (count, n) [product units].
        """
        demand = checked_columns(
            final_demand, size=self.size, labels=self.labels, what="the final demand"
        )
        if count < 1 or demand.ndim != 1:
            raise InputError(
                f"{count} rounds of a final demand of shape {demand.shape}",
                mend="ask for at least one round of one column of final demand",
            )
        layers = np.empty((count, self.size))
        layers[0] = demand
        for step in range(1, count):
            layers[step] = self.coefficients @ layers[step - 1]
        return frozen(layers)


def checked_branches(branches: Sequence[int], *, size: int) -> Indices:
    """Return branch indices as an array.

    Raises
    ------
    InputError
        Where one is not between 0 and `size` - 1, or is there twice.
    """
    chosen = np.asarray(branches, dtype=np.intp).ravel()
    outside = chosen[(chosen < 0) | (chosen >= size)]
    if outside.size:
        raise InputError(
            f"there is no branch {label_of((), int(outside[0]))}",
            mend=f"the branches are numbered from 0 to {size - 1}",
        )
    if np.unique(chosen).size != chosen.size:
        raise InputError("a branch is chosen twice", mend="name each branch once")
    return chosen
