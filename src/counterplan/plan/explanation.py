"""The explanation of a product: what its valuation is made of, where it goes, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

from counterplan.plan.flows import Flow, largest
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.wording import figure, listed

SHOWN_MIN = 0.01  # parts below this share of the valuation are added up
MOST = 6
EVEN = 1e-3  # worth and cost this close are called equal


@dataclass(frozen=True)
class Component:
    """One part of a valuation, in words.

    Attributes
    ----------
    kind
        "input", "capacity", "labour", "moving", "currency", "habit", "change", "limit", "stock",
        or the name of another constraint family.
    quantity, unit
        What one more unit of the product takes of it; None where there is nothing to count.
    value
        Its part of the valuation [base-period money per product unit].
    share
        Of the valuation.
    """

    kind: str
    name: str
    quantity: float | None
    unit: str
    value: float
    share: float


@dataclass(frozen=True)
class Relief:
    """What one more unit of something scarce is worth, and what it costs where it can be built.

    Attributes
    ----------
    worth
        In the period alone [base-period money per unit].
    lasting
        From then on, for what lasts; else the same.
    cost
        Of building it in time, at the plan's valuations; None where it cannot be built.
    start
        The period in which building would have to begin.
    """

    kind: str
    name: str
    unit: str
    worth: float
    lasting: float
    cost: float | None
    start: str

    @property
    def ratio(self) -> float:
        """Worth against cost: above 1 more would pay, but for the pace; 0 if it cannot be built."""
        return self.lasting / self.cost if self.cost else 0.0


@dataclass(frozen=True)
class Explanation:
    """Why not more of a product in one period.

    Attributes
    ----------
    valuation, price
        What one more unit is worth to the plan, and its base-period price
        [base-period money per product unit]; valuations are against that of the basket.
    direct
        What its valuation is made of where it is made or bought; adds up to the valuation.
    total
        The same down the whole supply chain, to what cannot be produced; adds up, too.
    sources, uses
        Where it comes from and who uses it, largest first.
    needs
        Group, and what a need of it lower by one unit would be worth, where the need binds.
    reliefs
        What one more of each scarce thing in the chain is worth, the most important first.
    """

    code: str
    name: str
    unit: str
    money: str
    period: str
    valuation: float
    price: float
    source: str
    direct: tuple[Component, ...]
    total: tuple[Component, ...]
    sources: tuple[Flow, ...]
    uses: tuple[Flow, ...]
    needs: tuple[tuple[str, float], ...]
    reliefs: tuple[Relief, ...]

    @property
    def cheapest(self) -> Relief | None:
        """The relief that is worth most against its cost, among what can be built in time."""
        built = [one for one in self.reliefs if one.cost]
        return max(built, key=lambda one: one.ratio) if built else None

    def text(self) -> str:
        """Say it in plain words."""
        return "\n".join(explanation_lines(self))


def explanation_lines(said: Explanation) -> list[str]:
    """Return the lines of an explanation."""
    money, unit = said.money, said.unit
    lines = [
        f"{said.name} in {said.period}: why not more?",
        f"One more {unit} is worth {figure(said.valuation)} {money} to the plan; its base-period "
        f"price is {figure(said.price)} {money}. All valuations are in {money} of household "
        "consumption.",
        f"It comes from: {flow_words(said.sources, unit)}.",
        f"It goes to: {flow_words(said.uses, unit)}.",
    ]
    lines += [need_words(said, group, worth) for group, worth in said.needs]
    if not said.direct:
        return [*lines, "Nothing in the plan makes or buys it: there is no source to ask for more."]
    lines.append(f"One more {unit} of it, {said.source}, takes:")
    lines += component_lines(said.direct, money, whole=said.valuation)
    lines.append(f"Along its whole supply chain, the {figure(said.valuation)} {money} are made of:")
    lines += component_lines(said.total, money, whole=said.valuation)
    return [*lines, *relief_lines(said)]


def need_words(said: Explanation, group: str, worth: float) -> str:
    """Say what a binding need is worth."""
    what = "floor under collective consumption" if group == COLLECTIVE else f"need of {group}"
    return (
        f"The {what} of it binds: lower by one {said.unit}, it would free {figure(worth)} "
        f"{said.money}."
    )


def flow_words(flows: Sequence[Flow], unit: str) -> str:
    """Say flows in words."""
    if not flows:
        return "nowhere"
    shown = largest(tuple(flows), most=MOST)
    return listed([f"{one.name} {figure(one.quantity)} {unit} ({one.share:.0%})" for one in shown])


def component_lines(parts: Sequence[Component], money: str, *, whole: float) -> list[str]:
    """Say the larger parts, and add up the rest."""
    shown = [one for one in parts if abs(one.value) >= SHOWN_MIN * abs(whole)][: 2 * MOST]
    lines = [f"- {component_words(one, money)}" for one in shown]
    rest = sum(one.value for one in parts) - sum(one.value for one in shown)
    left = len(parts) - len(shown)
    if left and abs(rest) >= 5e-5 * abs(whole):
        lines.append(f"- {figure(rest)} {money}: {left} smaller parts")
    return lines


def component_words(one: Component, money: str) -> str:
    """Say one part."""
    heads = {
        "input": f"{one.name}",
        "capacity": f"rent of {one.name}",
        "labour": f"work of {one.name}",
        "moving": "moving people between branches",
        "currency": "foreign currency",
        "habit": f"leaving the observed trade in {one.name}",
        "change": "changing the pace of output",
        "limit": f"the limit on {one.name}",
        "stock": f"{one.name}, kept",
    }
    head = heads.get(one.kind, f"{one.kind.replace('_', ' ')} of {one.name}")
    said = f"{figure(one.value)} {money} ({one.share:.0%}): {head}"
    if not one.quantity:
        return said
    price = one.value / one.quantity
    return f"{said}, {figure(one.quantity)} {one.unit} at {figure(price)} {money} each"


def relief_lines(said: Explanation) -> list[str]:
    """Say what relief is worth, the cheapest first."""
    cheapest = said.cheapest
    lines = []
    if cheapest is not None:
        lines.append(f"Cheapest relief: {relief_words(cheapest, said)}")
    others = [one for one in said.reliefs if one is not cheapest][:3]
    if others:
        lines.append("Other relief:" if cheapest is not None else "Relief:")
        lines += [f"- {relief_words(one, said)}" for one in others]
    return lines


def relief_words(one: Relief, said: Explanation) -> str:
    """Say one relief."""
    money = said.money
    head = {
        "capacity": f"one more unit of {one.name}",
        "limit": f"a limit higher by one {one.unit} on {one.name}",
    }.get(one.kind, f"one more {one.unit} of {one.name}")
    worth = f"{head} in {said.period} is worth {figure(one.worth)} {money}"
    if one.kind != "capacity":
        return f"{worth}."
    worth = f"{worth} in that period and {figure(one.lasting)} {money} from then on"
    if one.cost is None:
        return f"{worth}; what is begun in the plan opens in {one.start} at the earliest."
    verdict = "less than" if one.ratio > 1 + EVEN else "more than"
    verdict = "as much as" if abs(one.ratio - 1) <= EVEN else verdict
    return (
        f"{worth}; building it from {one.start} on costs {figure(one.cost)} {money}, {verdict} "
        "it is worth."
    )
