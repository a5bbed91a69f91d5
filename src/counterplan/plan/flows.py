"""Flows: where a product comes from in a plan, and who uses it."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.plan.families.consumption import breakpoints
from counterplan.plan.labels import Label, column_label
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.plan import Plan
from counterplan.plan.wording import titled

LEAST = 1e-6  # of the whole: what an interior point leaves anywhere


@dataclass(frozen=True)
class Flow:
    """One source or one use.

    Attributes
    ----------
    quantity
        [product units], net of what a technique uses of its own product.
    share
        Of all sources, or of all uses.
    """

    name: str
    quantity: float
    share: float


def product_flows(
    plan: Plan, product: int, period: int
) -> tuple[tuple[Flow, ...], tuple[Flow, ...]]:
    """Return the sources and the uses of a product in a period by position, largest first."""
    problem = plan.problem
    row = int(problem.rows["product_balance"].rows[product, period])
    entries = sp.csr_array(problem.program.matrix)[[row]].tocoo()
    amounts: dict[str, float] = {}
    for column, value in zip(entries.coords[1], entries.data, strict=True):
        label = column_label(problem, int(column))
        name = flow_name(plan, label, supplies=bool(value > 0))
        amounts[name] = amounts.get(name, 0.0) + float(value) * float(plan.primal[column])
    # The exogenous use, and what was begun or stored before the plan, stand on the other side.
    exogenous = float(plan.outlook.other[product, period])
    before = -float(problem.program.row_lower[row]) + exogenous
    amounts["exogenous final use"] = -exogenous
    amounts["stocks from before the plan" if before > 0 else "works begun before the plan"] = before
    return ranked(amounts, sign=1), ranked(amounts, sign=-1)


def ranked(amounts: dict[str, float], *, sign: int) -> tuple[Flow, ...]:
    """Return the flows of one sign with their shares, largest first."""
    chosen = {name: sign * amount for name, amount in amounts.items() if sign * amount > 0}
    whole = sum(chosen.values())
    order = sorted(chosen, key=lambda name: -chosen[name])
    flows = (Flow(name, chosen[name], chosen[name] / whole) for name in order)
    return tuple(flow for flow in flows if flow.share > LEAST)


def flow_name(plan: Plan, label: Label, *, supplies: bool) -> str:
    """Say in words what one variable does in the balance of a product."""
    economy, outlook = plan.economy, plan.outlook
    if label.name == "activity":
        return titled(economy.techniques.names[label.item], economy.techniques.codes[label.item])
    if label.name == "consumption":
        pieces = len(breakpoints(outlook.mandate.satisfaction)) - 1
        group = outlook.groups[outlook.basket_group[label.item // pieces]]
        return "collective consumption" if group == COLLECTIVE else f"consumption of {group}"
    if label.name == "project":
        return f"project {economy.projects.codes[label.item]}"
    if label.name == "shipment":
        return f"route {economy.routes.codes[label.item]}"
    if label.name == "stock":
        return "stock drawn" if supplies else "stock built"
    return {"imports": "imports", "investment_imports": "imports for investment"}.get(
        label.name, label.name.replace("_", " ")
    )


def largest(flows: tuple[Flow, ...], *, most: int) -> tuple[Flow, ...]:
    """Return the largest flows, the others added up as "others"."""
    if len(flows) <= most + 1:
        return flows
    rest = flows[most:]
    total = float(np.sum([flow.quantity for flow in rest]))
    share = float(np.sum([flow.share for flow in rest]))
    return (*flows[:most], Flow(f"{len(rest)} others", total, share))
