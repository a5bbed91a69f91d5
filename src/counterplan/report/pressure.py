"""Pressure: whether each shock binds, period by period, and what easing it by one unit is worth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from counterplan.economy.economy import Floats, Integers
from counterplan.plan import shocks as given
from counterplan.plan.outlook import WIDE, Outlook, first_outlook
from counterplan.plan.overlay import applied
from counterplan.plan.plan import Plan

BINDS = 1e-6  # of a unit's base price: below this easing a shock is worth nothing
LIMITS = {
    "import_limit": ("imports", "imports_other"),
    "investment_import_limit": ("investment_imports", "imports_investment"),
    "export_limit": ("exports", "exports"),
}


@dataclass(frozen=True)
class Pressure:
    """What one shock does to a plan; P counts the periods and the tail.

    Attributes
    ----------
    unit
        What easing by one unit means.
    worth
        [P] what that is worth in consumption, base-period money; nan where the shock is silent.
    acting, binding
        [P] how many products, capacities or skills it limits, and how many of these limits bind;
        of what it takes in foreign currency there is one.
    parts
        Of a limit on trade: label of product and use -> worth of one more unit [P], against its
        base price; nan where it is silent.
    """

    shock: Any
    unit: str
    worth: Floats
    acting: Integers
    binding: Integers
    parts: dict[tuple[str, str], Floats]


def pressures_of(plan: Plan) -> tuple[Pressure, ...]:
    """Return the pressure of every shock of the scenario, in its order."""
    return tuple(KINDS[type(shock)](plan, shock) for shock in plan.scenario.shocks)


def alone(plan: Plan, shock: Any) -> tuple[Outlook, Outlook]:  # noqa: ANN401
    """Return the outlook without any shock, and with this one alone."""
    outlook = plan.outlook
    calm = first_outlook(outlook.economy, outlook.mandate, outlook.periods)
    return calm, applied(calm, shock, place="")


def measured(plan: Plan, discounted: Floats) -> Floats:
    """Return worth [items x P] in base-period money of its period, against the basket's."""
    value: Floats = discounted / plan.outlook.periods.weights / plan.basket_valuation()
    return value


def eased(plan: Plan, variable: str) -> Floats:
    r"""Return what an upper bound of a variable, higher by one unit, is worth [items x P].

    .. math:: d_j = c_j - \sum_r a_{rj} y_r

    where it is above zero, c the mandate's reward and y the rows' valuations.
    """
    program = plan.problem.program
    reduced = program.reward - program.matrix.T @ plan.dual
    return measured(plan, np.maximum(plan.problem.value(variable, reduced), 0.0))


def averaged(worth: Floats, price: Floats, weight: Floats) -> Floats:
    """Return the worth of one unit of money, spread over items by weight [P]; nan without any."""
    whole = (price * weight).sum(axis=0)
    mean: Floats = np.divide(
        (worth * weight).sum(axis=0), whole, out=np.full(whole.shape, np.nan), where=whole > 0
    )
    return mean


# ---- one function for each kind of shock -------------------------------------------------


def on_trade(plan: Plan, shock: given.QuantityShock) -> Pressure:
    """Limits on trade: one more unit let through, spread over the products as observed."""
    calm, shocked = alone(plan, shock)
    products, outlook = plan.economy.products, plan.outlook
    price = products.prices[:, None]
    worths, weights, parts = [], [], {}
    for field, (variable, base) in LIMITS.items():
        limit, own = getattr(outlook, field), getattr(shocked, field)
        volume = getattr(plan.economy.trade, base)[:, None] * outlook.trend
        acts = (own < getattr(calm, field)) & (limit == own) & (limit < WIDE * volume)
        worth = eased(plan, variable)
        worths.append(np.where(acts, worth, 0.0))
        weights.append(np.where(acts, volume, 0.0))
        for i in np.flatnonzero(acts.any(axis=1)):
            ratio = worth[i] / price[i] if price[i] > 0 else worth[i]
            parts[products.codes[i], variable] = np.where(acts[i], ratio, np.nan)
    worth, weight = np.vstack(worths), np.vstack(weights)
    prices = np.vstack([price] * len(LIMITS))
    flow = "exports" if shock.kind == "export_limit" else "imports"
    return Pressure(
        shock=shock,
        unit=f"{flow}, at base prices",
        worth=averaged(worth, prices, weight),
        acting=(weight > 0).sum(axis=0),
        binding=((worth > BINDS * prices) & (weight > 0)).sum(axis=0),
        parts=parts,
    )


def in_currency(plan: Plan, shock: Any) -> Pressure:  # noqa: ANN401
    """What takes foreign currency: one unit of it less taken."""
    calm, shocked = alone(plan, shock)
    bought = plan.quantity("imports") + plan.quantity("investment_imports")
    taken = (
        ((calm.export_price - shocked.export_price) * plan.quantity("exports")).sum(axis=0)
        + ((shocked.import_price - calm.import_price) * bought).sum(axis=0)
        + (shocked.debt_service - calm.debt_service)
        + (calm.observed_credit - shocked.observed_credit)
    )
    acting = (taken != 0).astype(np.int64)
    worth = plan.worth("foreign_balance")[0] / plan.basket_valuation()
    return Pressure(
        shock=shock,
        unit="foreign currency",
        worth=np.where(acting > 0, worth, np.nan),
        acting=acting,
        binding=acting * (worth > BINDS),
        parts={},
    )


def on_reserves(plan: Plan, shock: given.ReserveShock) -> Pressure:
    """Reserves lost: one unit more at the start, with the floor that would rise by as much."""
    calm, shocked = alone(plan, shock)
    count = len(plan.outlook.periods)
    weights = plan.outlook.periods.weights
    floors = (calm.reserves_floor - shocked.reserves_floor) / shock.lost if shock.lost else 0.0
    gain = plan.worth("foreign_balance")[0, 0] * weights[0]
    gain -= float((np.nan_to_num(plan.worth("reserves_floor")[0]) * weights * floors).sum())
    worth = np.full(count, np.nan)
    worth[0] = gain / weights[0] / plan.basket_valuation()[0]
    acting = np.zeros(count, dtype=np.int64)
    acting[0] = 1
    return Pressure(shock, "foreign currency", worth, acting, acting * (worth > BINDS), {})


def on_capacity(plan: Plan, shock: given.CapacityShock | given.OutageShock) -> Pressure:
    """Capacity out of use: capacity of one unit of money more in use, spread as it is lost."""
    calm, shocked = alone(plan, shock)
    price = plan.outlook.capital_price[:, None]
    lost = (calm.usable - shocked.usable) * plan.quantity("capacity")
    worth = np.nan_to_num(plan.worth("capacity")) / plan.basket_valuation()
    return Pressure(
        shock=shock,
        unit="capacity, by its price",
        worth=averaged(worth, price, lost),
        acting=(lost > 0).sum(axis=0),
        binding=((worth > BINDS * price) & (lost > 0)).sum(axis=0),
        parts={},
    )


def on_labour(plan: Plan, shock: given.LabourShock) -> Pressure:
    """A smaller labour force: one more of those who are missing, spread as they are."""
    calm, shocked = alone(plan, shock)
    missing = np.maximum(calm.force - shocked.force, 0.0)
    worth = np.nan_to_num(plan.worth("labour")) / plan.basket_valuation()
    return Pressure(
        shock=shock,
        unit="labour, one skill unit",
        worth=averaged(worth, np.ones_like(worth), missing),
        acting=(missing > 0).sum(axis=0),
        binding=((worth > BINDS) & (missing > 0)).sum(axis=0),
        parts={},
    )


KINDS: dict[type, Callable[[Plan, Any], Pressure]] = {
    given.PriceShock: in_currency,
    given.QuantityShock: on_trade,
    given.DebtShock: in_currency,
    given.CreditShock: in_currency,
    given.CapacityShock: on_capacity,
    given.OutageShock: on_capacity,
    given.LabourShock: on_labour,
    given.ReserveShock: on_reserves,
}
