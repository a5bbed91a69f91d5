"""Corners: trade that a plan moves to the end of what it may, where a reader should be wary."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterplan.economy.economy import Floats
from counterplan.plan.mandate import Bands
from counterplan.plan.plan import Plan

NOUGHT = 1e-6  # of the observed: what an engine leaves of nothing
FLOWS = {
    "exports": "Exports",
    "imports": "Imports for uses other than investment",
    "investment_imports": "Imports for investment",
}


@dataclass(frozen=True)
class Corner:
    """One kind of trade at one end.

    Attributes
    ----------
    what
        In words.
    spots
        Code of a product and label of a planned period, the largest observed flow first.
    every
        How many products and periods there could be.
    """

    what: str
    spots: tuple[tuple[str, str], ...]
    every: int

    def products(self) -> tuple[str, ...]:
        """Return the products, the largest observed flow first, each once."""
        return tuple(dict.fromkeys(code for code, _ in self.spots))


def corners_of(plan: Plan) -> tuple[Corner, ...]:
    """Return every kind of trade of which something is at zero or at the far edge of its bands."""
    trade = plan.economy.trade
    base = {
        "exports": trade.exports,
        "imports": trade.imports_other,
        "investment_imports": trade.imports_investment,
    }
    found = []
    for flow, words in FLOWS.items():
        observed = base[flow][:, None] * plan.outlook.trend
        gone = (plan.quantity(flow) <= NOUGHT * observed) & (observed > 0)
        found.append(corner(plan, f"{words}: nothing is left", gone, base[flow]))
        for way, word in (("up", "up"), ("down", "down")):
            edge = at_far_edge(plan, f"{flow}_{way}") & (observed > 0) & ~gone
            text = f"{words}: all steps {word} are used up"
            found.append(corner(plan, text, edge, base[flow]))
    return tuple(one for one in found if one.spots)


def at_far_edge(plan: Plan, variable: str) -> npt.NDArray[np.bool_]:
    """Return where all bands of a direction but the last, open one are full [n x P]."""
    rules = plan.outlook.mandate.rules
    bands: Bands = rules.exports if variable.startswith("exports") else rules.imports
    block = plan.problem.variables.blocks[variable]
    shape = (-1, len(bands.widths) + 1, block.upper.shape[1])
    room = block.upper.reshape(shape)[:, :-1].sum(axis=1)
    moved = plan.quantity(variable).reshape(shape).sum(axis=1)
    full: npt.NDArray[np.bool_] = (moved >= room * (1 - NOUGHT)) & (room > 0)
    return full


def corner(plan: Plan, what: str, here: npt.NDArray[np.bool_], base: Floats) -> Corner:
    """Return the spots of one kind, the largest observed flow first."""
    codes, years = plan.economy.products.codes, plan.years
    worth = base * plan.economy.products.prices
    order = np.argsort(-worth, kind="stable")
    spots = [(codes[i], year) for i in order for t, year in enumerate(years) if here[i, t]]
    return Corner(what, tuple(spots), int((base > 0).sum()) * len(years))
