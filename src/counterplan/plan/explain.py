"""Explanation: why a plan makes not more of a product.

The equation, what each part means and an example are on ``docs/plan/explain.md``.
"""

from collections.abc import Sequence

import numpy as np

from counterplan.errors import InputError
from counterplan.plan.chain import LIMIT, Chain, Part, chain
from counterplan.plan.explanation import SHOWN_MIN, Component, Explanation, Relief
from counterplan.plan.family import REGISTRY
from counterplan.plan.flows import product_flows
from counterplan.plan.labels import column_label
from counterplan.plan.names import row_name
from counterplan.plan.plan import Plan
from counterplan.plan.wording import titled

KINDS = {
    "product_balance": "stock",
    "capacity": "capacity",
    "labour": "labour",
    "labour_mobility": "moving",
    "retraining": "moving",
    "foreign_balance": "currency",
    "import_share": "habit",
    "investment_import_share": "habit",
    "export_change": "habit",
    "output_change": "change",
    LIMIT: "limit",
}
UNCOUNTED = ("moving", "habit", "change", "cost")  # they have a cost, and nothing to count
SCARCE = ("capacity", "labour", "foreign_balance", "emissions", "self_reliance", "transport")


def explain(plan: Plan, product_code: str, period: int | str | None = None) -> Explanation:
    """Return why a plan makes not more of a product.

    Parameters
    ----------
    plan
        The plan.
    product_code
        The product.
    period
        A planned period; when left out, the one in which the product is valued highest.

    Raises
    ------
    InputError
        For a product or period that is not in the plan.
    """
    product = plan.economy.product(product_code)
    valuations = plan.valuations().iloc[product]
    label = str(valuations.idxmax()) if period is None else str(period)
    if label not in plan.years:
        raise InputError(
            f"period {label} is not in the plan",
            mend=f"give one of {', '.join(plan.years)}",
        )
    position = plan.years.index(label)
    given = chain(plan, position)
    direct, total = given.direct(product), given.total(product)
    worth = float(valuations[label])
    sources, uses = product_flows(plan, product, position)
    products = plan.economy.products
    return Explanation(
        code=product_code,
        name=titled(products.names[product], product_code),
        unit=products.units[product],
        money=plan.economy.currency,
        period=label,
        valuation=worth,
        price=float(products.prices[product]),
        source=source_name(given, product),
        direct=components(given, inputs_joined(given, direct, product), worth=worth),
        total=components(given, [(part.family, (part,)) for part in total], worth=worth),
        sources=sources,
        uses=uses,
        needs=binding_needs(given, product),
        reliefs=reliefs(given, total),
    )


def source_name(given: Chain, product: int) -> str:
    """Say which source the valuation was resolved by."""
    row, known = given.product_row(product), given.source | given.beside
    if row not in known:
        return ""
    label = column_label(given.plan.problem, known[row])
    if label.name == "activity":
        techniques = given.plan.economy.techniques
        made = titled(techniques.names[label.item], techniques.codes[label.item])
        return f"made by {made}" if row in given.source else f"made beside other things by {made}"
    if label.name == "shipment":
        return f"brought on the route {given.plan.economy.routes.codes[label.item]}"
    return "taken from stock" if label.name == "stock" else "bought abroad"


# ---- parts in words -------------------------------------------------------------------


def inputs_joined(
    given: Chain, parts: Sequence[Part], product: int
) -> list[tuple[str, tuple[Part, ...]]]:
    """Join what concerns one input: its valuation, and the imports that come with it by habit.

    A user of a product pays for home-made and imported units in the observed proportion.
    """
    joined: dict[tuple[str, int], list[Part]] = {}
    for part in parts:
        is_input = part.period == given.period and part.family == "product_balance"
        comes_along = part.family in ("import_share", "self_reliance") and part.item != product
        kind = "input" if is_input or comes_along else part.family
        joined.setdefault((kind, part.item), []).append(part)
    return [(kind, tuple(group)) for (kind, _), group in joined.items()]


def components(
    given: Chain, groups: Sequence[tuple[str, tuple[Part, ...]]], *, worth: float
) -> tuple[Component, ...]:
    """Return the parts in words, those of one kind and name added up, the largest first."""
    found: dict[tuple[str, str], Component] = {}
    for family, parts in groups:
        first = parts[0]
        # What a source makes beside the product has no other source: it stays as it is valued.
        valued = family == "product_balance" and first.period == given.period
        kind = "input" if valued or family == "input" else KINDS.get(family, family)
        name, unit = thing(given, kind, first)
        counted = [p for p in parts if kind != "input" or p.family == "product_balance"]
        old = found.get((kind, name))
        value = sum(p.value for p in parts) + (old.value if old else 0.0)
        taken = sum(p.quantity for p in counted) + ((old.quantity or 0.0) if old else 0.0)
        quantity = None if kind in UNCOUNTED else taken
        share = value / worth if worth else 0.0
        found[kind, name] = Component(kind, name, quantity, unit, value, share)
    return tuple(sorted(found.values(), key=lambda one: -abs(one.value)))


def thing(given: Chain, kind: str, part: Part) -> tuple[str, str]:
    """Return the name and unit of what a part is about."""
    problem = given.plan.problem
    if kind in ("change", "moving"):
        return "", ""
    if part.variable:
        block = problem.variables.blocks[part.variable]
        return f"{part.variable.replace('_', ' ')} of {block.items[part.item]}", block.unit
    name, unit = row_name(problem, part.family, part.item)
    if kind == "stock":
        name = f"{name} of {problem.outlook.periods.labels[part.period]}"
    return name, unit


def binding_needs(given: Chain, product: int) -> tuple[tuple[str, float], ...]:
    """Return the groups whose need of the product binds, and what one unit less is worth."""
    outlook = given.plan.outlook
    rows = given.plan.problem.rows["needs"].rows[:, given.period]
    found = []
    for c in np.flatnonzero(outlook.basket_product == product):
        price = float(given.price[rows[c]]) if rows[c] >= 0 else 0.0
        if price > SHOWN_MIN * float(outlook.economy.products.prices[product]):
            found.append((outlook.groups[outlook.basket_group[c]], price))
    return tuple(sorted(found, key=lambda one: -one[1]))


# ---- reliefs --------------------------------------------------------------------------


def reliefs(given: Chain, total: Sequence[Part]) -> tuple[Relief, ...]:
    """Return what one more of each scarce thing in a chain is worth, by weight in the chain."""
    weights: dict[tuple[str, str, int], float] = {}
    parts: dict[tuple[str, str, int], Part] = {}
    for part in total:
        if part.period == given.period and is_scarce(part):
            key = (part.family, part.variable, part.item)
            weights[key] = weights.get(key, 0.0) + part.value
            parts[key] = part
    whole = sum(part.value for part in total)
    order = sorted(weights, key=lambda key: -abs(weights[key]))
    chosen = [key for key in order if abs(weights[key]) >= SHOWN_MIN * whole]
    return tuple(relief(given, parts[key]) for key in chosen)


def is_scarce(part: Part) -> bool:
    """Return whether there could be more of what a part is about: room, people, money, a limit."""
    if part.family == LIMIT:
        return part.variable != "activity" and part.price > 0
    own = part.family not in REGISTRY and part.family != "cost"
    return own or part.family in SCARCE


def relief(given: Chain, part: Part) -> Relief:
    """Return what one more unit of a scarce thing is worth."""
    kind = KINDS.get(part.family, part.family)
    name, unit = thing(given, kind, part)
    if kind != "capacity":
        return Relief(kind, name, unit, part.price, part.price, None, "")
    lasting, cost, start = building(given, part.item)
    return Relief(kind, name, unit, part.price, lasting, cost, start)


def building(given: Chain, item: int) -> tuple[float, float | None, str]:
    """Return what a unit of capacity is worth from the period on, its cost, and when it starts.

    The cost is what the investment takes at the plan's valuations, without the cost of leaving
    the branch's pace of investment; None where it would have had to start before the plan.
    """
    problem, economy = given.plan.problem, given.plan.economy
    account = problem.rows["capital_accumulation"].rows
    # An equation: its worth is that of its right-hand side, which is capacity handed over.
    lasting = -float(given.price[account[item, given.period]])
    begin = given.period - int(economy.capital.lag[item])
    if begin < 0:
        first = problem.outlook.periods.first + int(economy.capital.lag[item])
        return lasting, None, str(first)
    count = len(economy.capital)
    column = problem.columns["investment"] + begin * count + item
    entries = slice(given.matrix.indptr[column], given.matrix.indptr[column + 1])
    own = ("capital_accumulation", "investment_change", "investment_goal")
    rows = np.concatenate([problem.rows[name].rows.ravel() for name in own])
    taken, values = given.matrix.indices[entries], given.matrix.data[entries]
    others = ~np.isin(taken, rows)
    cost = float(-(values[others] @ given.price[taken[others]]))
    return lasting, cost, given.plan.years[begin]
