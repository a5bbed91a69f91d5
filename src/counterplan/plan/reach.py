"""Reach: what of an economy a shock touches.

A shock on trade that was never observed changes nothing, and is most often a slip: exports of a
product that is only imported, investment goods of one bought for other uses. It is refused where it
touches nothing at all; what it names besides, and does not touch, is told of.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from counterplan.economy.economy import Economy, Floats
from counterplan.errors import InputError
from counterplan.plan import shocks as given
from counterplan.plan.scenario import Scenario

NAMES_MOST = 3
OTHER_SIDE = {"export": "import", "import": "export"}


def check_reach(economy: Economy, item: Any, *, place: str) -> None:  # noqa: ANN401
    """Refuse a shock on trade that was never observed.

    Raises
    ------
    InputError
        Naming the shock, what it names and what to do.
    """
    if not isinstance(item, given.PriceShock | given.QuantityShock):
        return
    side = item.kind.partition("_")[0]
    if isinstance(item, given.QuantityShock) and side == "export" and item.use != "all":
        raise InputError(
            f"{item.kind} has no use '{item.use}': only imports are told apart by their use",
            place=place,
            mend="take the key 'use' out, or write kind: import_limit",
        )
    traded, missed = reached(economy, item)
    if not traded:
        codes = ", ".join(missed[:NAMES_MOST]) + (" ..." if len(missed) > NAMES_MOST else "")
        raise InputError(
            f"{item.kind} of {codes} touches nothing: {never(item, missed)}",
            place=place,
            mend=mend_of(economy, item, missed),
        )


def reached(
    economy: Economy, item: given.PriceShock | given.QuantityShock
) -> tuple[list[str], list[str]]:
    """Return which of the products that a shock on trade names are traded so, and which are not.

    Products that the economy does not know are left out; they are refused elsewhere.
    """
    known = economy.products.codes
    flow = dict(zip(known, flow_of(economy, item), strict=True))
    named = known if tuple(item.products) == ("*",) else item.products
    there = [code for code in named if flow.get(code, 0.0) > 0]
    return there, [code for code in named if code in flow and flow[code] <= 0]


def flow_of(economy: Economy, item: given.PriceShock | given.QuantityShock) -> Floats:
    """Return the observed trade that a shock is about [n], product units."""
    trade = economy.trade
    if item.kind.startswith("export"):
        return trade.exports
    uses = {
        "all": trade.imports_other + trade.imports_investment,
        "other": trade.imports_other,
        "investment": trade.imports_investment,
    }
    return uses[getattr(item, "use", "all")]


def never(item: given.PriceShock | given.QuantityShock, missed: list[str]) -> str:
    """Return what was never observed."""
    verb = "was" if len(missed) == 1 else "were"
    done = "exported" if item.kind.startswith("export") else "imported"
    use = getattr(item, "use", "all")
    uses = {"all": "", "investment": " for investment", "other": " for other uses"}
    return f"{'it' if len(missed) == 1 else 'they'} {verb} not {done}{uses[use]}"


def mend_of(
    economy: Economy, item: given.PriceShock | given.QuantityShock, missed: list[str]
) -> str:
    """Return what may have been meant: another use, or the other side of trade."""
    rows = np.isin(economy.products.codes, missed)
    if getattr(item, "use", "all") != "all":
        every = economy.trade.imports_other + economy.trade.imports_investment
        if every[rows].any():
            return "they were imported for the other use: change the key 'use'"
    side, _, rest = item.kind.partition("_")
    other = item.model_copy(update={"kind": f"{OTHER_SIDE[side]}_{rest}", "use": "all"})
    if flow_of(economy, other)[rows].any():
        return f"did you mean kind: {other.kind}?"
    return "correct the products, or enter the trade in trade.csv"


def reach_notes(economy: Economy, scenario: Scenario) -> Iterator[str]:
    """Yield what shocks on trade name and do not touch; '*' names nothing in particular."""
    for item in scenario.shocks:
        if not isinstance(item, given.PriceShock | given.QuantityShock):
            continue
        there, missed = reached(economy, item)
        if there and missed and tuple(item.products) != ("*",):
            codes = ", ".join(missed[:NAMES_MOST]) + (" ..." if len(missed) > NAMES_MOST else "")
            yield f"{item.kind} does not touch {codes}: {never(item, missed)}"
