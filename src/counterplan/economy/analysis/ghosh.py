r"""The supply-side model: where each branch's output goes, read forwards.

.. math:: x^\top = x^\top B + v^\top \quad\Longleftrightarrow\quad x^\top = v^\top (I - B)^{-1}

The model keeps the shares in which a product is allocated and drops the input recipes: as a
forecast of quantities that is not plausible (Oosterhaven 1988), as a model of how a change of
primary costs passes through *values* it is the same as the price model (Dietzenbacher 1997).
Here it serves the forward linkages and those value effects.

Sources: Ghosh, *Economica* 25 (1958) 58-64; Oosterhaven, *Journal of Regional Science* 28 (1988)
203-217; Dietzenbacher, *Journal of Regional Science* 37 (1997) 629-651; Miller and Blair,
*Input-Output Analysis* (2nd ed., 2009), section 12.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import (
    Array,
    Matrix,
    checked_labels,
    checked_matrix,
    checked_rows,
    frozen,
    refuse_large_inverse,
)
from counterplan.economy.analysis.coefficients import FLOWS, allocation_coefficients
from counterplan.economy.analysis.factors import Factors
from counterplan.economy.analysis.productivity import productive_factors


@dataclass(frozen=True, eq=False)
class GhoshModel:
    """Allocation coefficients, factored once at the first question.

    Parameters
    ----------
    coefficients
        B, n x n, dense or scipy sparse, non-negative [share of i's output that goes to j].
    labels, place
        As in :class:`~counterplan.economy.analysis.leontief.LeontiefModel`.

    Raises
    ------
    InputError
        As :class:`~counterplan.economy.analysis.leontief.LeontiefModel` does.
    """

    coefficients: Matrix
    labels: tuple[str, ...] = ()
    place: str = "allocation coefficients"

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
        """Return the model of observed flows Z (n x n) and outputs x (n,)."""
        coefficients = allocation_coefficients(flows, output, labels=labels, place=place)
        return cls(coefficients, labels=tuple(labels), place=place)

    @property
    def size(self) -> int:
        """The number of branches n."""
        return int(self.coefficients.shape[0])

    @cached_property
    def _factors(self) -> Factors:
        return productive_factors(self.coefficients, labels=self.labels, place=self.place)[0]

    def output_supported(self, value_added: ArrayLike) -> Array:
        r"""Return the value of output that the primary inputs end up in.

        .. math:: x^\top = v^\top (I - B)^{-1}

        Parameters
        ----------
        value_added
            v, (n,) or (k, n) for k changes at once [value].

        Returns
        -------
        Array
            x, with the shape of `value_added` [value].
        """
        rows = checked_rows(value_added, size=self.size, labels=self.labels, what="the value added")
        return frozen(self._factors.solve_transposed(rows.T).T)

    def input_multipliers(self) -> Array:
        r"""Return the output supported by one unit of each branch's primary input.

        .. math:: G \mathbf 1 = (I - B)^{-1} \mathbf 1

        Returns
        -------
        Array
            (n,) row sums of the Ghosh inverse [value per value]: the total forward linkages.
        """
        return frozen(self._factors.solve(np.ones(self.size)))

    def inverse(self) -> Array:
        r"""Return the whole Ghosh inverse :math:`G = (I - B)^{-1}`, n x n, because asked for.

        Raises
        ------
        LimitError
            Where n is over `DENSE_BRANCHES_MAX`.
        """
        refuse_large_inverse(self.size, place=self.place)
        return frozen(self._factors.inverse())
