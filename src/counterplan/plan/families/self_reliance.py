"""Self-reliance: the imported share of a product's use stays below what the mandate allows."""

import numpy as np

from counterplan.plan.families.import_share import investment_use, other_use
from counterplan.plan.families.transport import carrying_use
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Rows, at_least
from counterplan.plan.outlook import Outlook


@family(
    dual="what letting in one more imported unit would be worth: the goal's price",
    unit="product units",
)
def self_reliance(given: Outlook, plan: Variables) -> Rows:
    r"""Imports are at most a share of domestic use.

    .. math:: m_{it} + m^J_{it} \le \theta_{it} \Big(\sum_j U_{ij} x_{jt} + c_{it} + o^+_{it} +
              \sum_e B_{ie} J_{et} + h_{it} + \sum_l N_{il} w_{lt}\Big)

    N w what carrying between regions takes. Rows: product i, period t, where a goal is set
    [product units].
    """
    finite = np.isfinite(given.import_share_limit)
    share = np.where(finite, given.import_share_limit, 0.0)
    use = other_use(given, plan) + investment_use(given, plan) + carrying_use(given, plan)
    rows = at_least(
        use * share,
        plan.imports + plan.investment_imports,
        items=given.economy.products.codes,
        dimension="product",
    )
    return rows.only(finite)
