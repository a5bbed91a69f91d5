r"""Ways: every way by which more of a product could come, and what stands in it.

Each variable j that adds to a product's balance breaks even with its own limit,

.. math:: \lambda_i = \frac{1}{v_{ij}} \Big( \sum_{r \ne i} (-a_{rj})\, \lambda_r - c_j + \rho_j
          \Big)

v what one unit of it adds, a its other entries with their valuations, rho the rent of its bound:
above zero where the way is full, below zero where it does not pay, zero in between.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.plan.causes import COLUMN_LIMITS, Causes, is_natural, limit_share
from counterplan.plan.chain import LIMIT, SUPPLY, Chain, Part, named
from counterplan.plan.components import components, inputs_joined
from counterplan.plan.explanation import Way
from counterplan.plan.labels import Label, column_label
from counterplan.plan.wording import titled

FULL = 1e-3  # relative: a way this near to its limit is full


def ways(given: Chain, product: int, *, why: Causes) -> tuple[Way, ...]:
    """Return the ways by which more of a product could come, the largest first.

    Of what may not come at all, only imports are told of: those that the scenario forbids, and
    those that were never observed, where nothing else is imported.
    """
    found = [way(given, product, label, one, why=why) for label, one in columns(given, product)]
    whole = sum(one.quantity for one in found)
    bought = any(one.limit != 0 and one.kind in COLUMN_LIMITS for one in found)
    kept = [
        replace(one, share=one.quantity / whole if whole > 0 else 0.0)
        for one in found
        if one.limit != 0 or one.causes or (one.kind == "imports" and not bought)
    ]
    return tuple(sorted(kept, key=lambda one: -one.quantity))


def columns(given: Chain, product: int) -> Iterator[tuple[Label, tuple[int, float]]]:
    """Yield label, column and what one unit adds, for everything that can supply a product."""
    problem = given.plan.problem
    row = given.product_row(product)
    entries = sp.csr_array(problem.program.matrix)[[row]].tocoo()
    for column, value in zip(entries.coords[1], entries.data, strict=True):
        label = column_label(problem, int(column))
        if value > 0 and label.name in SUPPLY:
            yield label, (int(column), float(value))


def way(given: Chain, product: int, label: Label, one: tuple[int, float], *, why: Causes) -> Way:
    """Return one way by its column and what one unit of it adds."""
    plan, row = given.plan, given.product_row(product)
    column, adds = one
    flow = adds * float(plan.primal[column])
    upper = float(plan.problem.program.upper[column])
    parts = named(given, given.of_column(row, column))
    own = [part for part in parts if part.family == LIMIT]
    rest = [part for part in parts if part.family != LIMIT]
    limited = label.name in COLUMN_LIMITS and not is_natural(plan, *label)
    # A bound that is only the box around the plan limits nothing; of nothing there is no more.
    limit = adds * upper if limited or upper == 0 else None
    return Way(
        kind=label.name,
        name=way_name(given, label),
        quantity=max(flow, 0.0),
        share=0.0,
        takes=components(
            given, inputs_joined(given, rest, product), worth=valued(rest, own), why=why
        ),
        limit=limit,
        worth=float(sum(part.value for part in own)),
        observed=limit_share(plan, *label) if label.name in COLUMN_LIMITS else None,
        causes=why.of_column(*label),
    )


def valued(rest: list[Part], own: list[Part]) -> float:
    """Return the valuation that the parts of a way add up to."""
    return float(np.sum([part.value for part in (*rest, *own)]))


def way_name(given: Chain, label: Label) -> str:
    """Say a way in words."""
    economy = given.plan.economy
    if label.name == "activity":
        techniques = economy.techniques
        return f"made by {titled(techniques.names[label.item], techniques.codes[label.item])}"
    if label.name == "shipment":
        routes, products = economy.routes, economy.products
        origin = int(routes.origin[label.item])
        where = titled(products.names[origin], products.codes[origin])
        return f"brought on the route {routes.codes[label.item]} from {where}"
    if label.name == "stock":
        return f"kept from {given.plan.outlook.periods.labels[label.period]}"
    return {"imports": "imports", "investment_imports": "imports for investment"}[label.name]
