"""Emissions and natural resources: no more than the mandate allows."""

import numpy as np

from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Rows, at_least
from counterplan.plan.outlook import Outlook


@family(
    dual="what one more unit of the emission, or of the natural resource, would be worth",
    unit="emission units",
)
def emissions(given: Outlook, plan: Variables) -> Rows:
    r"""Emissions of all techniques stay within the limit.

    .. math:: \sum_j E_{qj}\, x_{jt} \le \bar E_{qt}

    Rows: emission or resource q, period t, where a limit is set [emission units].
    """
    techniques = given.economy.techniques
    finite = np.isfinite(given.emission_limit)
    limit = np.where(finite, given.emission_limit, 0.0)
    rows = at_least(
        (techniques.emissions @ plan.activity) * -1.0 + limit,
        0.0,
        items=techniques.emission_codes,
        dimension="emission",
    )
    return rows.only(finite)
