r"""Labour values: the labour that one unit of each product takes, directly and in its inputs.

.. math:: \lambda^\top = \lambda^\top A + l^\top
          \quad\Longleftrightarrow\quad \lambda^\top = l^\top (I - A)^{-1}

Wear of fixed capital belongs to the inputs: build the model on A + D, with D the depreciation of
each product per unit of output, where D is known. Labour of different skills is either kept
apart, one row of l for each, or reduced before by weights that the user states.

Sources: Leontief, *Input-Output Economics* (2nd ed., 1986), ch. 2 (labour content of wheat and
cloth); Dmitriev, *Economic Essays* (1904; English ed. 1974), essay 1; Morishima, *Marx's
Economics* (1973), ch. 1; for the layers, Sraffa, *Production of Commodities* (1960), ch. 6.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import Array, checked_columns, checked_rows, frozen
from counterplan.economy.analysis.leontief import LeontiefModel
from counterplan.errors import InputError


@dataclass(frozen=True, eq=False)
class LabourValues:
    """Labour in one unit of each product.

    Attributes
    ----------
    direct
        l, (n,) or (s, n) for s skills: in the last step of production [hours per product unit].
    total
        Lambda, with the shape of `direct`: in all steps [hours per product unit].
    """

    direct: Array
    total: Array

    @property
    def indirect(self) -> Array:
        """The labour in the inputs: total less direct [hours per product unit]."""
        return frozen(self.total - self.direct)

    def of(self, basket: ArrayLike) -> Array:
        """Return the labour in a basket (n,), or in each of k baskets (n, k) [hours]."""
        size = self.total.shape[-1]
        amounts = checked_columns(basket, size=size, labels=(), what="the basket")
        return np.asarray(self.total @ amounts)


def labour_values(model: LeontiefModel, labour: ArrayLike) -> LabourValues:
    r"""Return the labour values of all products.

    .. math:: \lambda^\top = l^\top (I - A)^{-1}

    Parameters
    ----------
    model
        A (or A + D), n branches [units of i per unit of j].
    labour
        l, (n,) or (s, n) [hours per unit of output].

    Raises
    ------
    InputError
        Where labour is negative or not finite.
    """
    direct = _checked_labour(model, labour)
    return LabourValues(direct=direct, total=model.content(direct))


def labour_layers(model: LeontiefModel, labour: ArrayLike, *, count: int) -> Array:
    r"""Return the labour of each earlier round of production.

    .. math:: \lambda^\top = l^\top + l^\top A + l^\top A^2 + \dots

    Parameters
    ----------
    model
        A, n branches.
    labour
        l, (n,) [hours per unit of output].
    count
        How many rounds, the last step of production being the first; at least one.

    Returns
    -------
    Array
        (count, n) [hours per product unit]; the sum falls short of the labour value by what the
        later rounds hold.
    """
    direct = _checked_labour(model, labour)
    if count < 1 or direct.ndim != 1:
        raise InputError(
            f"{count} rounds of labour of shape {direct.shape}",
            mend="ask for at least one round of one kind of labour",
        )
    layers = np.empty((count, model.size))
    layers[0] = direct
    for step in range(1, count):
        layers[step] = model.coefficients.T @ layers[step - 1]
    return frozen(layers)


def _checked_labour(model: LeontiefModel, labour: ArrayLike) -> Array:
    direct = checked_rows(labour, size=model.size, labels=model.labels, what="the labour")
    if (direct < 0.0).any():
        raise InputError(
            f"labour of {direct.min():g} is negative",
            mend="hours cannot be negative; correct the labour row",
        )
    return frozen(direct.copy())
