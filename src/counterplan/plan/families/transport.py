"""Regions: products are carried from one region to another, and carrying takes products."""

import numpy as np
import scipy.sparse as sp

from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least
from counterplan.plan.outlook import WIDE, Outlook


def shipment(given: Outlook) -> Block:
    """Units carried on each route."""
    economy = given.economy
    made = np.asarray(economy.techniques.output @ given.activity_reference)
    there = made + economy.trade.imports_other + economy.stocks.initial
    for _ in economy.routes.codes:  # what passes through a region is there too
        np.maximum.at(there, economy.routes.destination, there[economy.routes.origin])
    upper = WIDE * there[economy.routes.origin][:, None] * given.trend
    return Block(
        name="shipment",
        unit="product units",
        dimension="route",
        items=economy.routes.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


def carried(given: Outlook, plan: Variables) -> Expression:
    r"""Return what arrives, less what leaves and what carrying takes [n x P].

    .. math:: f_{it} = \sum_{l \to i} w_{lt} - \sum_{l \leftarrow i} w_{lt} - \sum_l N_{il} w_{lt}
    """
    routes, count = given.economy.routes, len(given.economy.products)
    lines = np.arange(len(routes))
    ones = np.ones(len(routes))
    arrives = sp.csr_array((ones, (routes.destination, lines)), shape=(count, len(routes)))
    leaves = sp.csr_array((ones, (routes.origin, lines)), shape=(count, len(routes)))
    return sp.csr_array(arrives - leaves - routes.need) @ plan.shipment


def carrying_use(given: Outlook, plan: Variables) -> Expression:
    r"""Return the products that carrying takes [n x P].

    .. math:: \sum_l N_{il}\, w_{lt}
    """
    use: Expression = given.economy.routes.need @ plan.shipment
    return use


@family(
    dual="what room for one more unit on the route is worth",
    unit="product units",
    variables=(shipment,),
)
def transport(given: Outlook, plan: Variables) -> Rows:
    r"""No route carries more than it can.

    .. math:: w_{lt} \le \bar w_l\,(1 + g)^t

    Rows: route l, period t, where a limit is set [product units].
    """
    routes = given.economy.routes
    limit = routes.limit[:, None] * given.trend
    finite = np.isfinite(limit)
    rows = at_least(
        plan.shipment * -1.0 + np.where(finite, limit, 0.0),
        0.0,
        items=routes.codes,
        dimension="route",
    )
    return rows.only(finite)
