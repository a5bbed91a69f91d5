"""Consumption: a benefit that falls as the basket fills, and needs as floors."""

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Floats
from counterplan.plan.families.bands import summed
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least
from counterplan.plan.mandate import Satisfaction
from counterplan.plan.outlook import COLLECTIVE, Outlook

NEAR = (0.7, 1.3)  # fine pieces between these levels of satisfaction
FAR_BELOW = (0.0, 0.3, 0.5, 0.6)
FAR_ABOVE = (1.45, 1.65, 2.0, 2.5, 3.5)


def breakpoints(satisfaction: Satisfaction) -> Floats:
    """Return the ends of the linear pieces; 1 is always one of them."""
    below = np.arange(1.0, NEAR[0] - 1e-9, -satisfaction.segment)[::-1]
    above = np.arange(1.0, NEAR[1] + 1e-9, satisfaction.segment)[1:]
    return np.array([*(s for s in FAR_BELOW if s < below[0]), *below, *above, *FAR_ABOVE])


def marginal_benefit(satisfaction: Satisfaction) -> Floats:
    r"""Return the benefit of one more unit in each piece, per unit of its price [pieces].

    .. math:: u'(s) = s^{-1/\sigma}\,(1 - \kappa\,[s > 1])

    averaged over each piece; the first piece, where the average has no limit, has the value at
    its end. sigma elasticity, kappa kink at the observed basket.
    """
    ends = breakpoints(satisfaction)
    low, high = np.maximum(ends[:-1], 1e-12), ends[1:]
    power = 1 - 1 / satisfaction.sigma
    if abs(power) < 1e-12:
        mean = (np.log(high) - np.log(low)) / (high - low)
    else:
        mean = (high**power - low**power) / (power * (high - low))
    mean[0] = high[0] ** (-1 / satisfaction.sigma)
    benefit: Floats = mean * np.where(low >= 1 - 1e-12, 1 - satisfaction.kink, 1.0)
    return benefit


def consumption(given: Outlook) -> Block:
    """Consumption of each basket entry in pieces of falling benefit."""
    asked = given.mandate.satisfaction
    widths, benefit = np.diff(breakpoints(asked)), marginal_benefit(asked)
    price = given.economy.products.prices[given.basket_product]
    weight = given.group_weights[given.basket_group]
    upper = given.baskets[:, None, :] * widths[None, :, None]
    reward = (weight * price)[:, None, None] * benefit[None, :, None] * np.ones_like(upper)
    flat = (upper.shape[0] * upper.shape[1], upper.shape[2])
    return Block(
        name="consumption",
        unit="product units",
        dimension="basket piece",
        items=tuple(f"{i} piece {k + 1}" for i in given.basket_items for k in range(len(widths))),
        lower=np.zeros(flat),
        upper=upper.reshape(flat),
        reward=reward.reshape(flat),
    )


def basket_consumption(given: Outlook, plan: Variables) -> Expression:
    """Return the consumption of each basket entry [c x P]."""
    return summed(plan.consumption, pieces=len(breakpoints(given.mandate.satisfaction)) - 1)


def consumed(given: Outlook, plan: Variables) -> Expression:
    """Return the consumption of each product by all groups [n x P]."""
    count = len(given.basket_product)
    gather = sp.csr_array(
        (np.ones(count), (given.basket_product, np.arange(count))),
        shape=(len(given.economy.products), count),
    )
    return gather @ basket_consumption(given, plan)


def floors(given: Outlook) -> Floats:
    """Return the floor under each basket entry [c x P], product units."""
    codes, groups = given.economy.products.codes, given.groups
    share = np.zeros(len(given.basket_product))
    collective = given.basket_group == groups.index(COLLECTIVE)
    share[collective] = given.mandate.collective_floor
    for need in given.mandate.needs:
        for c, (i, g) in enumerate(zip(given.basket_product, given.basket_group, strict=True)):
            group_fits = groups[g] == need.group or (need.group == "*" and not collective[c])
            if group_fits and need.product in ("*", codes[i]):
                share[c] = max(share[c], need.share)
    floor: Floats = share[:, None] * given.baskets
    return floor


@family(
    dual="what a need lower by one unit would be worth to everything else",
    unit="product units",
    variables=(consumption,),
)
def needs(given: Outlook, plan: Variables) -> Rows:
    r"""Consumption does not fall below the needs.

    .. math:: c_{igt} \ge \nu_{ig}\, \bar c_{igt}

    c bar the mandated basket, nu the share that is a need; collective consumption is a group
    of its own with its floor. Rows: basket entry (product i, group g), period t [product units].
    """
    floor = floors(given)
    rows = at_least(
        basket_consumption(given, plan), floor, items=given.basket_items, dimension="basket"
    )
    return rows.only(floor > 0)
