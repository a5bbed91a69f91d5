"""Investment goals: the councils ask for investment in named branches."""

from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Rows, at_least
from counterplan.plan.outlook import Outlook


@family(
    dual="what one unit less of the goal would be worth to everything else: the goal's price",
    unit="capacity units",
)
def investment_goal(given: Outlook, plan: Variables) -> Rows:
    r"""Investment in a branch is at least what the mandate asks.

    .. math:: J_{et} \ge \phi_{et}\, \bar J_e (1 + g)^t

    phi the factor asked. Rows: capital item e, period t, where a goal is set [capacity units].
    """
    rows = at_least(
        plan.investment,
        given.investment_floor,
        items=given.economy.capital.codes,
        dimension="capital",
    )
    keep = given.investment_floor > 0
    return rows.only(keep)
