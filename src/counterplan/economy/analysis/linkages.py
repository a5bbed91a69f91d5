r"""Linkages: how strongly a branch pulls on its suppliers and carries its customers.

Backward linkages look up the chain (who delivers to me), forward linkages down (whom do I
deliver to). The normalised forms of Rasmussen compare a branch with the average, which is 1.
Hypothetical extraction asks what would be lost if the branch were not there.

Sources: Rasmussen, *Studies in Inter-Sectoral Relations* (1956); Chenery and Watanabe,
*Econometrica* 26 (1958) 487-521; Dietzenbacher and van der Linden, *Journal of Regional Science*
37 (1997) 235-257; Miller and Blair, *Input-Output Analysis* (2nd ed., 2009), section 12.2;
Eurostat, *Manual of Supply, Use and Input-Output Tables* (2008), pp. 505-508.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import Array, Indices, checked_vector, frozen
from counterplan.economy.analysis.ghosh import GhoshModel
from counterplan.economy.analysis.leontief import LeontiefModel, checked_branches
from counterplan.economy.analysis.multipliers import output_multipliers


def direct_backward(model: LeontiefModel) -> Array:
    r"""Return the inputs from all branches per unit of output: :math:`\mathbf 1^\top A`, (n,)."""
    return frozen(np.asarray(model.coefficients.sum(axis=0)).ravel())


def total_backward(model: LeontiefModel) -> Array:
    r"""Return the column sums of the Leontief inverse: :math:`\mathbf 1^\top L`, (n,)."""
    return output_multipliers(model)


def direct_forward(model: GhoshModel) -> Array:
    r"""Return the share of output sold to branches: :math:`B \mathbf 1`, (n,)."""
    return frozen(np.asarray(model.coefficients.sum(axis=1)).ravel())


def total_forward(model: GhoshModel) -> Array:
    r"""Return the row sums of the Ghosh inverse: :math:`G \mathbf 1`, (n,)."""
    return model.input_multipliers()


def sensitivity(model: LeontiefModel) -> Array:
    r"""Return the row sums of the Leontief inverse: :math:`L \mathbf 1`, (n,).

    The output called forth when one unit of *every* product is wanted at once. The older measure
    of forward linkage; such a final demand is arbitrary, so prefer :func:`total_forward`.
    """
    return model.output_required(np.ones(model.size))


def normalised(linkages: ArrayLike) -> Array:
    r"""Return linkages relative to their mean (Rasmussen's indices).

    .. math:: U_j = \frac{\frac1n \sum_i l_{ij}}{\frac{1}{n^2}\sum_{ij} l_{ij}}

    Applied to :func:`total_backward` this is the power of dispersion, to :func:`sensitivity` the
    sensitivity of dispersion. Above 1: stronger than the average branch.

    Parameters
    ----------
    linkages
        (n,), any of the measures of this module.
    """
    values = np.asarray(linkages, dtype=np.float64)
    return frozen(values / values.mean())


def spread(model: LeontiefModel) -> Array:
    r"""Return how unevenly a branch draws on the others: its coefficient of variation.

    .. math:: V_j = \frac{1}{\bar l_j}\sqrt{\frac{1}{n-1}\sum_i (l_{ij} - \bar l_j)^2}

    Rasmussen's second index: a branch with a strong pull and a small spread moves the whole
    economy, one with a large spread a few suppliers. Needs every column of the inverse, which
    is formed a few columns at a time.

    Returns
    -------
    Array
        (n,), dimensionless; zero for an economy of one branch.
    """
    out = np.zeros(model.size)
    if model.size > 1:
        for indices, columns in model.column_blocks():
            out[indices] = columns.std(axis=0, ddof=1) / columns.mean(axis=0)
    return frozen(out)


def extraction(model: LeontiefModel, final_demand: ArrayLike, *, branches: Sequence[int]) -> Array:
    r"""Return the output lost when branches K vanish with their final demand.

    Their rows, columns and final demand are removed; what the others then produce less, and all
    that K produced, is lost. With :math:`x = L y`, and by inversion in blocks,

    .. math:: \Delta x = L_{\cdot K} (L_{KK})^{-1} x_K .

    Parameters
    ----------
    model
        A, n branches.
    final_demand
        y, (n,) [product units].
    branches
        K, indices.

    Returns
    -------
    Array
        (n,) [product units]; in K itself it is all of the output.
    """
    chosen, columns, output, _ = _extracted(model, final_demand, branches=branches)
    lost = np.linalg.solve(columns[chosen], output[chosen])
    return frozen(columns @ lost)


def purchases_extraction(
    model: LeontiefModel, final_demand: ArrayLike, *, branches: Sequence[int]
) -> Array:
    r"""Return the output lost when branches K buy nothing from domestic branches (backward).

    The columns of K in A become zero, final demand stays:

    .. math:: \Delta x = (L_{\cdot K} - I_{\cdot K}) (L_{KK})^{-1} x_K .

    Parameters and units as in :func:`extraction`.
    """
    chosen, columns, output, _ = _extracted(model, final_demand, branches=branches)
    lost = np.linalg.solve(columns[chosen], output[chosen])
    change = columns @ lost
    change[chosen] -= lost
    return frozen(change)


def sales_extraction(
    model: LeontiefModel, final_demand: ArrayLike, *, branches: Sequence[int]
) -> Array:
    r"""Return the output lost when branches K sell nothing to other branches (forward).

    The rows of K in A become zero (its customers buy abroad), final demand stays:

    .. math:: \Delta x = L_{\cdot K} (L_{KK})^{-1} (x_K - y_K) .

    Parameters and units as in :func:`extraction`.
    """
    chosen, columns, output, demand = _extracted(model, final_demand, branches=branches)
    lost = np.linalg.solve(columns[chosen], output[chosen] - demand[chosen])
    return frozen(columns @ lost)


def extraction_totals(model: LeontiefModel, final_demand: ArrayLike) -> Array:
    r"""Return the total output lost for each branch taken out alone.

    .. math:: T_j = x_j \, (\mathbf 1^\top L)_j / l_{jj}

    Needs the diagonal of the inverse, which is formed a few columns at a time.

    Parameters
    ----------
    model
        A, n branches, in value.
    final_demand
        y, (n,) [value].

    Returns
    -------
    Array
        (n,) [value].
    """
    demand = checked_vector(
        final_demand, size=model.size, labels=model.labels, what="the final demand"
    )
    output = model.output_required(demand)
    lost = np.empty(model.size)
    for indices, columns in model.column_blocks():
        own = columns[indices, np.arange(indices.size)]
        lost[indices] = output[indices] * columns.sum(axis=0) / own
    return frozen(lost)


def _extracted(
    model: LeontiefModel, final_demand: ArrayLike, *, branches: Sequence[int]
) -> tuple[Indices, Array, Array, Array]:
    demand = checked_vector(
        final_demand, size=model.size, labels=model.labels, what="the final demand"
    )
    chosen = checked_branches(branches, size=model.size)
    return chosen, model.columns(chosen.tolist()), model.output_required(demand), demand
