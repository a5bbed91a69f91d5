"""Still: periods in which no trade leaves its first step: the dead zone of foreign currency."""

from collections.abc import Callable

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.plan import Plan
from counterplan.report.corners import FLOWS

LITTLE = 1e-4  # of the observed trade: what an engine leaves beyond a step that is not left


def still_years(plan: Plan) -> tuple[str, ...]:
    r"""Return the planned periods in which nothing is traded beyond the first band.

    There the valuation of currency lies in a dead zone: nothing moves, whatever it is between
    what the first step either way costs, and any value between proves the plan as well.

    .. math:: \sum_i p_i \sum_{k > 1} (u_{ikt} + d_{ikt}) \le \epsilon \sum_i p_i \bar z_{it}

    u and d what is moved up and down within band k, z-bar the observed trade on its trend.
    """
    trade, price = plan.economy.trade, plan.economy.products.prices
    observed = price @ (trade.exports + trade.imports_other + trade.imports_investment)
    beyond = sum((past_first(plan, flow) for flow in FLOWS), np.zeros(len(plan.years)))
    still = beyond <= LITTLE * observed * plan.outlook.trend[: len(plan.years)]
    return tuple(year for year, quiet in zip(plan.years, still, strict=True) if quiet)


def past_first(plan: Plan, flow: str) -> Floats:
    """Return what a kind of trade moves past its first band, at base prices [T]."""
    rules = plan.outlook.mandate.rules
    bands = rules.exports if flow == "exports" else rules.imports
    price = plan.economy.products.prices
    total = np.zeros(len(plan.years))
    for way in ("up", "down"):
        moved = plan.quantity(f"{flow}_{way}")[:, : len(plan.years)]
        steps = moved.reshape(len(price), len(bands.widths) + 1, -1)
        total += price @ steps[:, 1:].sum(axis=1)
    return total


def in_words(years: tuple[str, ...], every: tuple[str, ...], when: Callable[[str], str]) -> str:
    """Return periods as they are spoken of: the first to the last where they are all."""
    if years == every and len(every) > 1:
        return f"every one of {when(every[0])} to {when(every[-1])}"
    return ", ".join(when(year) for year in years)
