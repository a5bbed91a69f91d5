"""Capital by branch where no one has counted it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.errors import InputError


@dataclass(frozen=True)
class CapitalEstimate:
    """Capital by branch [m].

    Attributes
    ----------
    stock
        [m] value of capital [million USD].
    depreciation
        [m] share of it lost per year.
    growth, discount
        g and rho [per year].
    """

    stock: Floats
    depreciation: Floats
    growth: float
    discount: float

    @property
    def investment(self) -> Floats:
        """Return (delta + g) K: what keeps each branch's capital growing at g [m]."""
        return (self.depreciation + self.growth) * self.stock

    @property
    def user_cost(self) -> Floats:
        """Return (rho + delta) K: what capital costs each branch in a year [m]."""
        return (self.depreciation + self.discount) * self.stock


def capital_total(
    *,
    investment: float,
    value_added: float,
    rate: float,
    bounds: tuple[float, float],
) -> float:
    r"""Return the capital that observed investment keeps up, within stated bounds.

    .. math:: K = \min(b_1 Y, \max(b_0 Y, I / (\delta + g)))

    Parameters
    ----------
    investment, value_added
        I and Y [million USD].
    rate
        :math:`\delta + g` [per year].
    bounds
        Least and most K / Y [years].
    """
    low, high = bounds
    return min(high * value_added, max(low * value_added, investment / rate))


def capital_by_branch(
    weights: Floats,
    *,
    depreciation: Floats,
    most: Floats,
    total: float,
    investment: float,
    growth: float,
    discount: float,
) -> CapitalEstimate:
    r"""Split the capital stock by a profile, and scale depreciation to observed investment.

    .. math:: K_j = \min\Bigl(\lambda w_j,\; \frac{c_j}{\rho + \delta_j}\Bigr), \qquad
              \delta_j = s\,\delta^0_j, \qquad \sum_j K_j = K, \qquad
              \sum_j (\delta_j + g) K_j = I.

    Parameters
    ----------
    weights
        w [m]: the profile, capital-output ratio times value added.
    depreciation
        delta^0 [m]: depreciation by the mix of assets [per year].
    most
        c [m]: most that the user cost may be [million USD].
    total, investment
        K and I [million USD].
    growth, discount
        g and rho [per year].

    Raises
    ------
    InputError
        If investment does not even cover growth, or the caps leave no room for K.
    """
    if investment <= growth * total:
        raise InputError(
            f"investment of {investment:.6g} is less than growth of {growth:.3%} on capital of "
            f"{total:.6g}",
            place="assumptions",
            mend="state a lower capital_output or growth",
        )
    target = investment - growth * total

    def caps(scale: float) -> Floats:
        return most / (discount + scale * depreciation)

    def lost(scale: float) -> float:
        if caps(scale).sum() < total:
            return math.inf
        stock = shared_out(weights, most=caps(scale), total=total)
        return scale * float(depreciation @ stock)

    # Depreciation sets the caps, and the caps the average depreciation.
    near = last_below(lost, target, high=target / (float(depreciation.min()) * total))
    stock = shared_out(weights, most=caps(near), total=total)
    scale = target / float(depreciation @ stock)
    if scale > (1 + 1e-9) * near:
        raise _too_much(total, most=caps(scale))
    return CapitalEstimate(stock, scale * depreciation, growth, discount)


def last_below(function: Callable[[float], float], value: float, *, high: float) -> float:
    """Return the largest number below ``high`` where bisection finds the function below."""
    low = 0.0
    while low < (middle := (low + high) / 2) < high:
        if function(middle) < value:
            low = middle
        else:
            high = middle
    return low


def shared_out(weights: Floats, *, most: Floats, total: float) -> Floats:
    """Share a total by weights, none above its most [m]; what is cut goes to the others."""
    if most.sum() < total:
        raise _too_much(total, most=most)
    full = np.zeros(len(weights), dtype=bool)
    share = weights * (total / weights.sum())
    for _ in range(len(weights)):
        over = ~full & (share > most)
        if not over.any():
            break
        full |= over
        rest = total - most[full].sum()
        share = np.where(full, most, weights * (rest / weights[~full].sum()))
    return np.asarray(share, dtype=np.float64)


def _too_much(total: float, *, most: Floats) -> InputError:
    return InputError(
        f"capital of {total:.6g} is more than the branches can carry ({most.sum():.6g})",
        place="assumptions",
        mend="state a lower capital_output or a higher user_cost_share",
    )
