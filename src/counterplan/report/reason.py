"""The reason: why there is not more of what people give up most of."""

from dataclasses import dataclass

from counterplan.plan.explain import explain
from counterplan.plan.plan import Plan
from counterplan.report.cuts import Cut
from counterplan.report.frames import highest, series
from counterplan.report.names import clean

SHOWN_LEAST = 0.03
SHOWN_MOST = 8
REST = "Everything else"
KINDS = {
    "labour": "People, all skills together",
    "currency": "Foreign currency",
    "moving": "Moving people between branches",
    "habit": "Leaving the observed trade",
    "change": "Changing the pace of output",
}


@dataclass(frozen=True)
class Reason:
    """What one more unit of a product is worth, and what that is made of.

    Attributes
    ----------
    code, period, unit
        Which product, when, and its unit.
    parts
        Name and part of the valuation, down the whole supply chain, the largest first and the
        rest last; rounded, and adding up to ``valuation``.
    valuation, price
        What one more unit is worth, and its base-period price, rounded to ``digits``.
    """

    code: str
    period: str
    unit: str
    parts: tuple[tuple[str, float], ...]
    valuation: float
    price: float
    digits: int

    def shares(self) -> tuple[int, ...]:
        """Return each part's percentage of the valuation, the last what is left of 100."""
        whole = [round(100 * value / self.valuation) for _, value in self.parts[:-1]]
        return (*whole, 100 - sum(whole))


def reason_of(plan: Plan, cuts: tuple[Cut, ...]) -> Reason | None:
    """Return the reason for the largest cut in consumption, or nothing without one.

    The period is the one in which the product is valued most, the first left out: there the
    split of value between people and capacity is not unique. Skills are taken together, because
    the valuation of one of them swings.
    """
    code = next((cut.code for cut in cuts if cut.kind == "consumption"), None)
    if code is None:
        return None
    values = series(plan.valuations(), code)
    period, _ = highest(values.iloc[1:] if len(values) > 1 else values)
    said = explain(plan, code, period)
    sums: dict[str, float] = {}
    for part in said.total:
        name = KINDS.get(part.kind) or clean(part.name)
        sums[name] = sums.get(name, 0.0) + part.value
    digits = 1 if said.valuation >= 100 else 3
    valuation = round(said.valuation, digits)
    if valuation <= 0:
        return None
    large = [name for name in sums if abs(sums[name]) >= SHOWN_LEAST * abs(said.valuation)]
    shown = sorted(large, key=lambda name: -sums[name])[:SHOWN_MOST]
    parts = [(name, round(sums[name], digits)) for name in shown]
    rest = round(valuation - sum(value for _, value in parts), digits)
    return Reason(
        code=code,
        period=period,
        unit=clean(said.unit),
        parts=(*parts, (REST, rest)) if rest else tuple(parts),
        valuation=valuation,
        price=round(said.price, digits),
        digits=digits,
    )
