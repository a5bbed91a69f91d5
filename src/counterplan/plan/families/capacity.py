"""Capacity: what runs needs capacity that is there."""

from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Rows, at_least
from counterplan.plan.outlook import Outlook


@family(
    dual="the rent of the capacity: what one more unit of it in this period is worth",
    unit="capacity units",
)
def capacity(given: Outlook, plan: Variables) -> Rows:
    r"""Activity stays within the capacity that can be used.

    .. math:: \sum_j \kappa_{ej}\, x_{jt} \;\le\; a_{et}\, K_{et}

    kappa capacity needed per unit of activity, a the usable share. Rows: capital item e,
    period t [capacity units].
    """
    capital = given.economy.capital
    return at_least(
        plan.capacity * given.usable,
        capital.need @ plan.activity,
        items=capital.codes,
        dimension="capital",
    )
