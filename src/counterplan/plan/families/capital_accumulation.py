"""Capital accumulation: capacity is what was left over and what has been finished."""

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Floats
from counterplan.plan.families.projects import opened
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, equal
from counterplan.plan.outlook import WIDE, Outlook


def capacity_box(given: Outlook) -> Floats:
    """Return a bound on capacity that no plan comes near [e x P]."""
    capital, economy = given.economy.capital, given.economy
    needed = np.asarray(capital.need @ given.activity_reference)
    built = np.zeros(len(capital))
    np.add.at(built, economy.projects.capital, economy.projects.capacity)
    box: Floats = WIDE * (np.maximum(capital.capacity, needed) + built)[:, None] * given.trend
    return box


def capacity(given: Outlook) -> Block:
    """Capacity of each capital item."""
    upper = capacity_box(given)
    return Block(
        name="capacity",
        unit="capacity units",
        dimension="capital",
        items=given.economy.capital.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


def investment(given: Outlook) -> Block:
    """New capacity started."""
    upper = capacity_box(given)
    return Block(
        name="investment",
        unit="capacity units started",
        dimension="capital",
        items=given.economy.capital.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


def started(given: Outlook, plan: Variables, *, steps: int) -> Expression:
    """Return the investment started ``steps`` periods earlier [e x P]."""
    if steps == 0:
        return plan.investment
    history = given.before(given.economy.capital.investment, steps=steps)
    return plan.investment.lag(history, steps=steps)


def works(given: Outlook, plan: Variables) -> Expression:
    r"""Return the capacity under construction: an investment is paid in equal parts over its lag.

    .. math:: \frac{1}{\tau_e} \sum_{s=0}^{\tau_e - 1} J_{e,t-s}
    """
    lag = given.economy.capital.lag
    total = started(given, plan, steps=0) * (1 / lag)[:, None]
    for step in range(1, int(lag.max(initial=1))):
        share = np.where(lag > step, 1 / lag, 0.0)
        total = total + started(given, plan, steps=step) * share[:, None]
    return total


def finished(given: Outlook, plan: Variables) -> Expression:
    """Return the capacity that is finished and enters now [e x P]."""
    lag = given.economy.capital.lag
    total = None
    for steps in np.unique(lag):
        chosen = sp.diags_array((lag == steps).astype(float), format="csr")
        part = chosen @ started(given, plan, steps=int(steps))
        total = part if total is None else total + part
    return plan.investment * 0.0 if total is None else total


@family(
    dual="what one more unit of capacity, handed over in this period, is worth from now on",
    unit="capacity units",
    variables=(capacity, investment),
)
def capital_accumulation(given: Outlook, plan: Variables) -> Rows:
    r"""Capacity is what was left of the last period's, and what has been finished.

    .. math:: K_{et} = (1 - \delta_e)\, K_{e,t-1} + J_{e,t-\tau_e} + \text{opened}_{et}

    delta depreciation, tau the gestation lag, opened the capacity of projects. In the tail the
    lag operator makes this the dual-equilibrium condition. Rows: capital item e, period t.
    """
    capital = given.economy.capital
    before = np.zeros((len(capital), len(given.periods)))
    before[:, 0] = given.capacity_left()
    left = plan.capacity.lag(np.zeros((len(capital), 1))) * (1 - capital.depreciation)[:, None]
    return equal(
        plan.capacity,
        left + before + finished(given, plan) + opened(given, plan),
        items=capital.codes,
        dimension="capital",
    )
