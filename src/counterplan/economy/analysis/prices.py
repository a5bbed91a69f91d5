r"""The price model: what each product must cost to cover its inputs and its value added.

.. math:: p^\top = p^\top A + v^\top \quad\Longleftrightarrow\quad p^\top = v^\top (I - A)^{-1}

With coefficients of an observed table in value, the prices are indices: with the value added as
observed every one of them is 1, and a change of value added shows how costs are passed on in
full. Nothing is said about demand, which may not bear the price.

Sources: Leontief, *Input-Output Economics* (2nd ed., 1986), ch. 2; Miller and Blair,
*Input-Output Analysis* (2nd ed., 2009), section 2.6; for prices set from outside, the price side
of the mixed model of section 13.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import Array, Indices, checked_vector, frozen, label_of
from counterplan.economy.analysis.leontief import LeontiefModel, checked_branches
from counterplan.errors import InputError


@dataclass(frozen=True, eq=False)
class FixedPriceOutcome:
    """Prices when some of them are set from outside.

    Attributes
    ----------
    prices
        p, (n,) [money per product unit, or an index].
    value_added
        v, (n,) [money per product unit]: as given where the price is free; where it is fixed,
        what is left after the inputs are paid. Negative: the branch is run at a loss.
    """

    prices: Array
    value_added: Array


def cost_prices(model: LeontiefModel, value_added: ArrayLike) -> Array:
    r"""Return the prices that cover inputs and value added exactly.

    .. math:: p^\top = v^\top (I - A)^{-1}

    Parameters
    ----------
    model
        A, n branches [units of i per unit of j].
    value_added
        v, (n,) [money per unit of output]; imports and taxes count in it when they are not in A.

    Returns
    -------
    Array
        p, (n,) [money per product unit; an index where A is in value].
    """
    unit = checked_vector(value_added, size=model.size, labels=model.labels, what="the value added")
    return model.content(unit)


def value_added_at(model: LeontiefModel, prices: ArrayLike) -> Array:
    r"""Return what prices p, (n,), leave as value added for each unit: :math:`v = p - A^\top p`.

    Returns
    -------
    Array
        v, (n,) [money per unit of output].
    """
    paid = checked_vector(prices, size=model.size, labels=model.labels, what="the price")
    return frozen(np.asarray(paid - model.coefficients.T @ paid))


def prices_with_fixed(
    model: LeontiefModel, value_added: ArrayLike, *, fixed: Mapping[int, float]
) -> FixedPriceOutcome:
    r"""Return the prices when some products' prices are set from outside (world, regulator).

    With the products split into free f and fixed x,

    .. math:: p_f^\top = (v_f^\top + \bar p_x^\top A_{xf}) (I - A_{ff})^{-1}, \qquad
              v_x = \bar p_x - (A^\top p)_x .

    Parameters
    ----------
    model
        A, n branches.
    value_added
        v, (n,) [money per unit of output]; its entries for fixed products are not used.
    fixed
        Branch index to its price [money per product unit, or an index].

    Raises
    ------
    InputError
        On a branch that is not there, or a price that is negative or not finite.
    """
    unit = checked_vector(value_added, size=model.size, labels=model.labels, what="the value added")
    outside = checked_branches(list(fixed), size=model.size)
    given = np.array([fixed[int(branch)] for branch in outside], dtype=np.float64)
    bad = ~(np.isfinite(given) & (given >= 0.0))
    if bad.any():
        branch = int(outside[int(np.argmax(bad))])
        raise InputError(
            f"the fixed price of {label_of(model.labels, branch)} is {fixed[branch]:g}",
            mend="give a finite price that is not negative",
        )
    prices = _prices_around(model, unit=unit, outside=outside, given=given)
    left = prices - model.coefficients.T @ prices
    implied = unit.copy()
    implied[outside] = left[outside]
    return FixedPriceOutcome(prices=frozen(prices), value_added=frozen(implied))


def _prices_around(model: LeontiefModel, *, unit: Array, outside: Indices, given: Array) -> Array:
    # The fixed branches' value added is whatever makes the price come out: with L the inverse,
    # p = L^T (v + d) with d on the fixed branches only, so (L_xx)^T d = p_x - (L^T v)_x. The
    # factors of the whole model serve, and L_xx, a principal block, always has an inverse.
    prices = np.array(model.content(unit))
    if outside.size:
        columns = model.columns(outside.tolist())
        missing = given - prices[outside]
        change = np.linalg.solve(columns[outside].T, missing)
        full = np.zeros(model.size)
        full[outside] = change
        prices += model.content(full)
        prices[outside] = given
    return prices
