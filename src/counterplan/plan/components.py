"""Components: the parts of a valuation in words, with real units and what made each limit."""

from collections.abc import Sequence

from counterplan.plan.causes import Causes
from counterplan.plan.chain import LIMIT, Chain, Part
from counterplan.plan.explanation import Component
from counterplan.plan.family import REGISTRY
from counterplan.plan.names import CAPITAL_ROWS, Thing, row_thing, variable_thing

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
SHOWN_MIN = 0.01  # parts below this share of the valuation are added up
UNCOUNTED = ("moving", "habit", "change", "cost")  # they have a cost, and nothing to count
SCARCE = ("capacity", "labour", "foreign_balance", "emissions", "self_reliance", "transport")


def is_scarce(part: Part) -> bool:
    """Return whether there could be more of what a part is about: room, people, money, a limit."""
    if part.family == LIMIT:
        return part.variable != "activity" and part.price > 0
    own = part.family not in REGISTRY and part.family != "cost"
    return own or part.family in SCARCE


def short_name(given: Chain, part: Part) -> str:
    """Return what a scarce thing is in two words, all skills together."""
    economy = given.plan.economy
    if part.family == "labour":
        return "people"
    if part.family == "foreign_balance":
        return "foreign currency"
    if part.family == LIMIT:
        item = given.plan.problem.variables.blocks[part.variable].items[part.item]
        return f"limit on {part.variable.replace('_', ' ')} of {item}"
    if part.family in CAPITAL_ROWS:
        return f"capacity of {economy.capital.codes[part.item]}"
    item = given.plan.problem.rows[part.family].items[part.item]
    return f"{part.family.replace('_', ' ')} {item}"


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
    given: Chain,
    groups: Sequence[tuple[str, tuple[Part, ...]]],
    *,
    worth: float,
    why: Causes,
) -> tuple[Component, ...]:
    """Return the parts in words, those of one kind and name added up, the largest first."""
    found: dict[tuple[str, str], Component] = {}
    for family, parts in groups:
        first = parts[0]
        # What a source makes beside the product has no other source: it stays as it is valued.
        valued = family == "product_balance" and first.period == given.period
        kind = "input" if valued or family == "input" else KINDS.get(family, family)
        name, unit, factor = thing(given, kind, first)
        counted = [p for p in parts if kind != "input" or p.family == "product_balance"]
        old = found.get((kind, name))
        value = sum(p.value for p in parts) + (old.value if old else 0.0)
        taken = sum(p.quantity for p in counted) * factor + ((old.quantity or 0.0) if old else 0.0)
        found[kind, name] = Component(
            kind=kind,
            name=name,
            quantity=None if kind in UNCOUNTED else taken,
            unit=unit,
            value=value,
            share=value / worth if worth else 0.0,
            causes=causes_of(given, first, why),
        )
    return tuple(sorted(found.values(), key=lambda one: -abs(one.value)))


def causes_of(given: Chain, part: Part, why: Causes) -> tuple[str, ...]:
    """Return what made the limit that a part is about; shocks on currency are told apart."""
    if part.family == LIMIT:
        return why.of_column(part.variable, part.item, part.period) if part.price > 0 else ()
    return (
        () if part.family == "foreign_balance" else why.of_row(part.family, part.item, part.period)
    )


def thing(given: Chain, kind: str, part: Part) -> Thing:
    """Return what a part is about."""
    problem = given.plan.problem
    if kind in ("change", "moving"):
        return Thing("", "", 1.0)
    if part.variable:
        return variable_thing(problem, part.variable, part.item)
    found = row_thing(problem, part.family, part.item)
    if kind == "stock":
        label = problem.outlook.periods.labels[part.period]
        return found._replace(name=f"{found.name} of {label}")
    return found
