"""Whether prices of 1 are a steady state of an economy, recomputed from the economy alone."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Economy, Floats


@dataclass(frozen=True)
class BasePrices:
    """Costs of one unit of activity at the base period's prices [m], and pay [k].

    ``gap`` is what the value of the output leaves after products, capital and labour: zero
    in every branch where the base prices are a steady state.
    """

    products: Floats
    capital: Floats
    labour: Floats
    pay: Floats
    gap: Floats


def base_prices(economy: Economy, *, discount: float) -> BasePrices:
    r"""Return the costs of every technique at base prices, and the pay that fits them best.

    .. math:: \pi_j = \sum_i p_i (V_{ij} - U_{ij})
                     - \sum_e (1 + \rho)^{\ell_e - 1} (\rho + \delta_e) P_e N_{ej}
                     - \sum_k w_k L_{kj}, \qquad P_e = \sum_i p_i B_{ie},

    with pay :math:`w` by least squares over the activity-weighted gaps. A unit of capacity
    started now costs :math:`P_e`, works from the period :math:`\ell_e` on and loses
    :math:`\delta_e` of itself in each, so its discounted rents are its cost at that rent.

    Parameters
    ----------
    economy
        Any economy with prices.
    discount
        rho [per period].
    """
    prices, techniques = economy.products.prices, economy.techniques
    capital = economy.capital
    bought = prices @ techniques.use
    cost = prices @ capital.composition
    rent = (1 + discount) ** (capital.lag - 1) * (discount + capital.depreciation) * cost
    rents = rent @ capital.need
    left = prices @ techniques.output - bought - rents
    need = economy.labour.need.toarray()
    weight = techniques.activity
    pay = np.linalg.lstsq((need * weight).T, left * weight, rcond=None)[0]
    return BasePrices(bought, rents, pay @ need, pay, left - pay @ need)


def base_balance(economy: Economy) -> Floats:
    r"""Return what the base period leaves of each product [n]: zero where it balances.

    .. math:: (V - U) x + m - B J - c - g - o - e
    """
    trade, demand = economy.trade, economy.demand
    supplied = economy.net_output @ economy.techniques.activity
    supplied = supplied + trade.imports_other + trade.imports_investment
    built = economy.capital.composition @ economy.capital.investment
    used = demand.consumption.sum(axis=1) + demand.collective + demand.other + trade.exports
    return np.asarray(supplied - built - used)
