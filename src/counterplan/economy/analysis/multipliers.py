r"""Multipliers: what the economy does for one more unit of final use of a product.

Type I counts the chain of deliveries; type II adds the consumption that households pay out of
the income earned in that chain (an upper end: every unit of income is spent as on average).

Sources: Miller and Blair, *Input-Output Analysis* (2nd ed., 2009), sections 2.5 and 6.2; Eurostat,
*Manual of Supply, Use and Input-Output Tables* (2008), pp. 500-504.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import Array, checked_rows, checked_vector, frozen
from counterplan.economy.analysis.leontief import LeontiefModel
from counterplan.errors import InputError


def output_multipliers(model: LeontiefModel) -> Array:
    r"""Return the output of all branches for one unit of final use of each product.

    .. math:: m^\top = \mathbf 1^\top (I - A)^{-1}

    Returns
    -------
    Array
        (n,) [value per value]; adding outputs makes sense only where all are in value.
    """
    return model.content(np.ones(model.size))


def multipliers(model: LeontiefModel, direct: ArrayLike) -> Array:
    r"""Return the type I multipliers of any extension: value added, jobs, emissions.

    .. math:: M = S (I - A)^{-1}

    Parameters
    ----------
    model
        A, n branches.
    direct
        S, (n,) or (q, n) [extension units per unit of output].

    Returns
    -------
    Array
        M, with the shape of `direct` [extension units per unit of final use].
    """
    return model.content(direct)


def effect_ratios(total: ArrayLike, direct: ArrayLike) -> Array:
    """Return multipliers as a multiple of the direct effect (the "type I" or "type II" ratio).

    Parameters
    ----------
    total
        M, (n,) or (q, n) [extension units per unit of final use].
    direct
        S, with the same shape [extension units per unit of output].

    Returns
    -------
    Array
        M / S, dimensionless; NaN where a branch has no direct effect and the ratio says nothing.
    """
    above, below = np.asarray(total, dtype=np.float64), np.asarray(direct, dtype=np.float64)
    if above.shape != below.shape:
        raise InputError(
            f"multipliers of shape {above.shape} and direct effects of shape {below.shape}",
            mend="give both for the same branches and extensions",
        )
    ratios = np.full(above.shape, np.nan)
    return frozen(np.divide(above, below, out=ratios, where=below != 0.0))


@dataclass(frozen=True, eq=False)
class Households:
    """Households as one more branch: it sells labour and buys consumption.

    Attributes
    ----------
    income
        h, (n,) household income per unit of each branch's output [money per product unit].
    consumption
        c, (n,) use of each product per unit of household income [product units per money].
    own_income
        Household income paid by households, per unit of their income (domestic service).
    """

    income: Array
    consumption: Array
    own_income: float = 0.0


def type_two_multipliers(
    model: LeontiefModel,
    direct: ArrayLike,
    *,
    households: Households,
    household_direct: ArrayLike = 0.0,
) -> Array:
    r"""Return the multipliers with household consumption inside the model.

    The model closed to households has one more row h and column c. Its inverse is not formed:
    with M = S L and one solve for :math:`L c`,

    .. math:: M^{II} = M + (M c + s_h) \frac{h^\top L}{1 - c_0 - h^\top L c} .

    Parameters
    ----------
    model
        A, n branches, open.
    direct
        S, (n,) or (q, n) [extension units per unit of output].
    households
        h, c and :math:`c_0`.
    household_direct
        :math:`s_h`, a number or (q,): extension per unit of household income. With S = h and
        s_h = c_0 the result is the income multiplier; with S = 1 and s_h = 1 the output
        multiplier that counts households' income as an output.

    Returns
    -------
    Array
        With the shape of `direct` [extension units per unit of final use other than households].

    Raises
    ------
    InputError
        Where households spend all the income that their spending brings back, so that no other
        final use can exist.
    """
    rows = checked_rows(direct, size=model.size, labels=model.labels, what="the intensity")
    income = checked_vector(
        households.income, size=model.size, labels=model.labels, what="the household income"
    )
    consumption = checked_vector(
        households.consumption, size=model.size, labels=model.labels, what="the consumption"
    )
    earned = model.content(income)
    left = 1.0 - households.own_income - float(earned @ consumption)
    if not left > 0.0:
        raise InputError(
            f"each unit of household income brings back {1.0 - left:.6g} units of income",
            place="households",
            mend="it must be below 1: leave saving, taxes and imports out of the consumption",
        )
    open_model = model.content(rows)
    spent = np.asarray(open_model @ consumption + np.asarray(household_direct, dtype=np.float64))
    return frozen(open_model + np.multiply.outer(spent, earned / left))
