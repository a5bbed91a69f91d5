"""Investment change: a branch's investment leaves its trend only at a rising cost."""

import numpy as np

from counterplan.plan.families.bands import band_block, moved
from counterplan.plan.families.capital_accumulation import started
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Rows, equal
from counterplan.plan.outlook import WIDE, Outlook


def investment_band(given: Outlook, *, name: str) -> Block:
    """Return the bands of one direction in which investment leaves its trend."""
    reference = given.investment_reference[:, None] * given.trend
    return band_block(
        name=name,
        unit="capacity units",
        dimension="capital",
        items=given.economy.capital.codes,
        bands=given.mandate.rules.investment,
        reference=reference,
        price=given.capital_price[:, None] * np.ones(len(given.periods)),
        box=4 * WIDE * reference,
    )


def investment_up(given: Outlook) -> Block:
    """Growth of investment above trend."""
    return investment_band(given, name="investment_up")


def investment_down(given: Outlook) -> Block:
    """Growth of investment below trend."""
    return investment_band(given, name="investment_down")


@family(
    dual="what more investment in the period before is worth to a smooth course",
    unit="capacity units",
    variables=(investment_up, investment_down),
)
def investment_change(given: Outlook, plan: Variables) -> Rows:
    r"""Investment grows on trend, or leaves it at a cost.

    .. math:: J_{et} = (1 + g)\, J_{e,t-1} + u_{et} - d_{et}

    Rows: capital item e, period t [capacity units].
    """
    rules = given.mandate.rules.investment
    shift = moved(plan, up="investment_up", down="investment_down", bands=rules)
    return equal(
        plan.investment,
        started(given, plan, steps=1) * (1 + given.periods.growth) + shift,
        items=given.economy.capital.codes,
        dimension="capital",
    )
