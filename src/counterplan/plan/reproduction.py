"""Reproduction: how near the first planned period comes to what was observed.

It is calibration, not evidence: the plan is told the observed surplus, capacity, labour and
baskets, and must find no reason to leave them. It does not show that the model forecasts.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from counterplan.economy.economy import Economy, Floats
from counterplan.plan.mandate import Mandate
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.plan import Plan
from counterplan.plan.scenario import Horizon, Scenario

SMALL = 0.001  # items below this share of their total are left out of "worst"


def as_observed(economy: Economy, *, periods: int = 5) -> Scenario:
    """Return the scenario that asks for what was observed, from the observed period on."""
    return Scenario(
        name="as-observed",
        title=f"{economy.title}, as observed",
        economy=economy.name,
        horizon=Horizon(first=economy.base_period, periods=periods),
        mandate=Mandate(),
    )


def deviations(plan: Plan) -> pd.DataFrame:
    """Compare the first period with the base period.

    Returns
    -------
    One row for each quantity: ``total`` the relative deviation of the sum at base prices,
    ``worst`` the largest of any item above 0.1% of its total, ``item`` which one that is.
    """
    economy, outlook = plan.economy, plan.outlook
    first = plan.years[0]
    prices = economy.products.prices
    codes = economy.products.codes
    trade, demand = economy.trade, economy.demand
    invested = pd.Series(
        outlook.capital_price * economy.capital.investment, index=list(economy.branch_of_capital())
    )
    observed = {
        "output": np.asarray(economy.techniques.output @ economy.techniques.activity) * prices,
        "imports": (trade.imports_other + trade.imports_investment) * prices,
        "exports": trade.exports * prices,
        "investment": invested.groupby(level=0, sort=False).sum().to_numpy(),
        "consumption": demand.consumption.sum(axis=1) * prices,
        "collective consumption": demand.collective * prices,
    }
    collective = outlook.basket_group == outlook.groups.index(COLLECTIVE)
    planned = {
        "output": plan.output()[first].to_numpy() * prices,
        "imports": plan.imports()[first].to_numpy() * prices,
        "exports": plan.exports()[first].to_numpy() * prices,
        "investment": plan.investment()[first].to_numpy(),
        "consumption": consumption_by_product(plan, first, ~collective) * prices,
        "collective consumption": consumption_by_product(plan, first, collective) * prices,
    }
    scale = float(outlook.trend[0])
    labels = dict.fromkeys(observed, codes) | {"investment": tuple(plan.investment().index)}
    rows = [
        {"quantity": name, **furthest(planned[name] / scale, observed[name], labels[name])}
        for name in observed
        if observed[name].sum() > 0
    ]
    return pd.DataFrame(rows).set_index("quantity")


def furthest(planned: Floats, observed: Floats, labels: tuple[str, ...]) -> dict[str, object]:
    """Return the deviation of the total and of the worst item of any size."""
    large = observed > SMALL * observed.sum()
    away = np.where(large, np.abs(planned / np.where(large, observed, 1.0) - 1), 0.0)
    worst = int(np.argmax(away))
    total = abs(planned.sum() / observed.sum() - 1)
    return {"total": float(total), "worst": float(away[worst]), "item": labels[worst]}


def consumption_by_product(plan: Plan, period: str, entries: npt.NDArray[np.bool_]) -> Floats:
    """Return the consumption of each product in the chosen basket entries [n]."""
    total = np.zeros(len(plan.economy.products))
    column = plan.years.index(period)
    np.add.at(total, plan.outlook.basket_product[entries], plan.basket()[entries, column])
    return total
