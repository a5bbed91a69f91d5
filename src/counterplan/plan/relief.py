"""Relief in words: what conflicts, what has to give, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

from counterplan.economy.economy import Codes
from counterplan.plan.demand import Demand
from counterplan.plan.wording import figure, listed, not_below, percent, spans, when

LINES_MAX = 12
NAMES_MAX = 4
ITEMS_MAX = 10  # of a line are told apart
SPANS_MAX = 3


@dataclass(frozen=True)
class Change:
    """How far one line of the mandate has to give in one period, for all its items alike.

    Attributes
    ----------
    demands
        The line's demands in the period.
    relative
        Against their sizes.
    level
        The level that is possible, rounded to the possible side; that of the first is asked.
    """

    demands: tuple[Demand, ...]
    relative: float
    level: float

    @property
    def first(self) -> Demand:
        """Stands for all: they differ in the item only."""
        return self.demands[0]

    @property
    def amount(self) -> float:
        """All of it, in what the demands are said in."""
        return self.relative * sum(one.size * one.factor for one in self.demands)

    @property
    def unit(self) -> str:
        """What the demands are said in; empty where they differ."""
        units = {one.spoken or one.unit for one in self.demands}
        return units.pop() if len(units) == 1 else ""


def bullets(head: str, lines: Sequence[str]) -> str:
    """Return a heading with its lines below it."""
    return "\n".join([head, *(f"- {line}" for line in lines)])


def demand_lines(together: Sequence[Demand], labels: Codes) -> list[str]:
    """Say what is asked, the same demand for several items and periods on one line."""
    periods: dict[tuple[str, str], list[str]] = {}
    for one in together:
        periods.setdefault((one.what, one.item), []).append(labels[one.period])
    items: dict[str, dict[str, list[str]]] = {}
    for (what, item), chosen in periods.items():
        items.setdefault(what, {}).setdefault(spans(chosen, labels), []).append(item)
    lines = []
    for what, by_span in items.items():
        if len(by_span) > SPANS_MAX:  # too many to tell apart: say the whole once
            names = [item for part in by_span.values() for item in part]
            every = [p for (other, _), part in periods.items() if other == what for p in part]
            by_span = {spans(every, labels): names}
        for span, names in by_span.items():
            lines.append(f"{what.format(listed(names, most=NAMES_MAX))} in {span}")
    return lines


def change_lines(found: Sequence[Change], labels: Codes) -> list[str]:
    """Say what would have to be done, one line of the mandate with all its periods."""
    moves: dict[str, list[Change]] = {}
    for part in found:
        moves.setdefault(part.first.source, []).append(part)
    lines = []
    for parts in moves.values():
        ordered = sorted(parts, key=lambda part: part.first.period)
        named = list(dict.fromkeys(one.item for part in ordered for one in part.demands))
        many = len(named) > NAMES_MAX + 1
        names = f"{len(named)} items, all alike," if many else listed(named)
        steps = [change_words(part, labels) for part in ordered]
        said = f"{ordered[0].first.change.format(names)} {listed(steps)}"
        lines.append("\n".join([said, *(item_lines(ordered, labels) if many else ())]))
    left = len(lines) - LINES_MAX
    return lines if left <= 0 else [*lines[:LINES_MAX], f"and {left} smaller changes"]


def item_lines(parts: Sequence[Change], labels: Codes) -> list[str]:
    """Say how far each item of a line moves, the largest by money first."""
    items: dict[str, list[tuple[float, Change, Demand]]] = {}
    for part in parts:
        for one in part.demands:
            items.setdefault(one.item, []).append((part.relative * one.size, part, one))
    order = sorted(items, key=lambda item: -money(items[item]))
    lines = []
    for item in order[:ITEMS_MAX]:
        steps = [
            f"{figure(amount * one.factor)} in {when(labels[one.period], labels)}"
            for amount, _, one in items[item]
        ]
        unit = items[item][0][2].spoken or items[item][0][2].unit
        lines.append(f"  - {item} by {listed(steps)} [{unit}]")
    left = [items[item] for item in order[ITEMS_MAX:]]
    if left:
        most = max(part.relative for moves in left for _, part, _ in moves)
        lines.append(
            f"  - and {len(left)} others by at most {percent(not_below(most))} of what is asked"
        )
    return lines


def money(moves: Sequence[tuple[float, Change, Demand]]) -> float:
    """Return what an item gives in all periods, at its price or in what it is said in."""
    return sum(amount * (one.price or one.factor) for amount, _, one in moves)


def change_words(part: Change, labels: Codes) -> str:
    """Say how far one line has to give in one period."""
    one = part.first
    by = f" (by {figure(part.amount)} {part.unit})" if part.unit not in ("", one.measure) else ""
    said = percent if one.measure.startswith("of ") else figure
    return (
        f"in {when(labels[one.period], labels)} from {said(one.level)} to "
        f"{said(part.level)} {one.measure}{by}"
    )


def shortage_line(part: Change, labels: Codes) -> str:
    """Say what is short."""
    one = part.first
    said = (
        f"{one.item} in {when(labels[one.period], labels)}: {figure(part.amount)} {part.unit} at "
        "the least"
    )
    return f"{said}; {one.what}" if one.what else said
