"""Print what a tighter cap on imported capital goods does under the crisis of 2014.

The second table of docs/decisions/0007-caps-on-machinery.md. Run: python -m tools.machinery_cap
"""

import numpy as np
import pandas as pd

from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy, packaged_scenario
from counterplan.plan.make import make_plan
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.plan import Plan
from counterplan.plan.scenario import read_scenario
from counterplan.plan.shocks import QuantityShock

CAPS = (1.0, 0.9, 0.7, 0.5, 0.3, 0.0)


def capped(share: float) -> Plan:
    """Return the crisis with that share of the observed imports for investment let in."""
    scenario = read_scenario(packaged_scenario("crisis-2014"))
    shocks = tuple(
        one.model_copy(update={"share": share})
        if isinstance(one, QuantityShock) and one.use == "investment"
        else one
        for one in scenario.shocks
    )
    economy = read_package(packaged_economy("russia-2014"))
    return make_plan(economy, scenario.model_copy(update={"shocks": shocks}))


def consumed(plan: Plan) -> np.ndarray:
    """Return what households consume at base prices, the years after last [P]."""
    outlook = plan.outlook
    price = outlook.economy.products.prices[outlook.basket_product]
    private = outlook.basket_group != outlook.groups.index(COLLECTIVE)
    return price[private] @ plan.basket()[private]


def row_of(share: float, plan: Plan, free: Plan) -> dict[str, str]:
    """Return one line: changes against the plan without a cap."""
    weights = plan.outlook.periods.weights
    here, there = consumed(plan), consumed(free)
    change = here / there - 1
    built = plan.investment().to_numpy().sum() / free.investment().to_numpy().sum() - 1
    return {
        "cap": f"{share}",
        "consumption 2015-2020": f"{here[:-1].sum() / there[:-1].sum() - 1:+.2%}",
        "single years": f"{change[:-1].min():+.2%} to {change[:-1].max():+.2%}",
        "after 2020": f"{change[-1]:+.3%}",
        "all years": f"{here @ weights / (there @ weights) - 1:+.3%}",
        "investment": f"{built:+.2%}",
        "value": f"{plan.certificate.value / free.certificate.value - 1:+.3%}",
    }


if __name__ == "__main__":
    free = capped(CAPS[0])
    rows = [row_of(share, capped(share), free) for share in CAPS[1:]]
    print(pd.DataFrame(rows).to_string(index=False))
