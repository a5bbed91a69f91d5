"""Output change: activities leave their trend only at a rising cost."""

import numpy as np

from counterplan.plan.families.bands import band_block, moved
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Rows, equal
from counterplan.plan.outlook import WIDE, Outlook


def output_band(given: Outlook, *, name: str) -> Block:
    """Return the bands of one direction in which activities leave their trend."""
    reference = given.activity_reference[:, None] * given.trend
    return band_block(
        name=name,
        unit="units of activity",
        dimension="technique",
        items=given.economy.techniques.codes,
        bands=given.mandate.rules.output,
        reference=reference,
        price=given.activity_price[:, None] * np.ones(len(given.periods)),
        box=WIDE * reference,
    )


def output_up(given: Outlook) -> Block:
    """Growth of activities above trend."""
    return output_band(given, name="output_up")


def output_down(given: Outlook) -> Block:
    """Growth of activities below trend."""
    return output_band(given, name="output_down")


@family(
    dual="what a higher output in the period before is worth to a smooth course",
    unit="units of activity",
    variables=(output_up, output_down),
)
def output_change(given: Outlook, plan: Variables) -> Rows:
    r"""An activity grows on trend, or leaves it at a cost.

    .. math:: x_{jt} = (1 + g)\, x_{j,t-1} + u_{jt} - d_{jt}

    Rows: technique j, period t [units of activity].
    """
    before = given.before(given.economy.techniques.activity)
    shift = moved(plan, up="output_up", down="output_down", bands=given.mandate.rules.output)
    return equal(
        plan.activity,
        plan.activity.lag(before) * (1 + given.periods.growth) + shift,
        items=given.economy.techniques.codes,
        dimension="technique",
    )
