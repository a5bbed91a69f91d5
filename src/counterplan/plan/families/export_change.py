"""Export change: exports move away from the observed volumes only at a rising cost."""

import numpy as np

from counterplan.plan.families.bands import band_block, moved
from counterplan.plan.families.import_share import trade_width
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Rows, equal
from counterplan.plan.outlook import WIDE, Outlook


def exports(given: Outlook) -> Block:
    """Exports of each product, within what the world takes."""
    base = given.economy.trade.exports[:, None] * given.trend
    upper = np.minimum(WIDE * base, given.export_limit)
    return Block(
        name="exports",
        unit="product units",
        dimension="product",
        items=given.economy.products.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


def export_band(given: Outlook, *, name: str) -> Block:
    """Return the bands of one direction in which exports leave their observed volume."""
    base = given.economy.trade.exports
    return band_block(
        name=name,
        unit="product units",
        dimension="product",
        items=given.economy.products.codes,
        bands=given.mandate.rules.exports,
        reference=trade_width(given, base),
        price=given.economy.products.prices[:, None] * np.ones(len(given.periods)),
        box=WIDE * base[:, None] * given.trend,
    )


def exports_up(given: Outlook) -> Block:
    """Exports above the observed volume on trend."""
    return export_band(given, name="exports_up")


def exports_down(given: Outlook) -> Block:
    """Exports below the observed volume on trend."""
    return export_band(given, name="exports_down")


@family(
    dual="what a higher habitual export volume is worth: the pull away from observed trade",
    unit="product units",
    variables=(exports, exports_up, exports_down),
)
def export_change(given: Outlook, plan: Variables) -> Rows:
    r"""Exports keep their observed volume on trend, or move away from it at a cost.

    .. math:: e_{it} = \bar e_i (1 + g)^t + u_{it} - d_{it}

    Rows: product i that is exported, period t [product units].
    """
    base = given.economy.trade.exports[:, None] * given.trend
    shift = moved(plan, up="exports_up", down="exports_down", bands=given.mandate.rules.exports)
    rows = equal(
        plan.exports, shift + base, items=given.economy.products.codes, dimension="product"
    )
    return rows.only(base > 0)
