"""Shocks: which of them bind, when, and what easing each by one unit would be worth."""

from typing import Any

import numpy as np

from counterplan.report.blocks import Block, Fold, Row, Table
from counterplan.report.draft import EXTERNAL, Draft, row
from counterplan.report.names import clean
from counterplan.report.numbers import NOTHING, figure
from counterplan.report.pressure import BINDS, Pressure, pressures_of
from counterplan.report.texts import Teller

USES = {"imports": "other uses", "investment_imports": "investment", "exports": "exports"}
SLACK = "slack"
LEAST = 0.01


def shocks(draft: Draft) -> list[Block]:
    """Return the table of shocks with their prices, and the limits on trade by product."""
    found = draft.findings
    every = pressures_of(found.plan)
    if not every:
        return []
    teller = Teller(found.plan, found.names)
    money = clean(found.plan.economy.currency)
    foreign = clean(found.plan.economy.trade.currency)
    rows = tuple(Row((called(teller, one.shock), one.unit, *cells(one)), "plain") for one in every)
    blocks: list[Block] = [
        Table(
            caption="What it would be worth to ease each shock by one unit",
            head=("", "one unit of", *draft.heads, draft.after),
            rows=rows,
            note=(
                f"In {money} of household consumption of the same {found.names.period}, for a "
                f"small easing: one {money} of trade or capacity more, one {foreign} of foreign "
                "currency less taken. In brackets how many of the limits "
                f"bind; \u201c{SLACK}\u201d: none does; {NOTHING}: the shock is silent. A unit of "
                "trade or capacity is spread over what the shock limits, in the observed "
                "proportions. " + draft.cited(*EXTERNAL, by="docs/report.md, docs/plan/shocks.md")
            ),
            texts=2,
        )
    ]
    limits = [limit_table(draft, teller, one) for one in every if one.parts]
    if limits:
        blocks.append(Fold("The limits on trade, product by product", tuple(limits)))
    return blocks


def called(teller: Teller, shock: Any) -> str:  # noqa: ANN401
    """Return a shock by its author's note, or in words."""
    note = clean(getattr(shock, "note", ""))
    return note[:1].upper() + note[1:] if note else teller.shock(shock)


def cells(pressure: Pressure) -> list[str]:
    """Return a shock's worth by period: with how many limits bind where there are several."""
    several = int(pressure.acting.max(initial=0)) > 1
    shown = []
    for worth, acts, binds in zip(pressure.worth, pressure.acting, pressure.binding, strict=True):
        if not acts or not np.isfinite(worth):
            shown.append(NOTHING)
        elif not binds:
            shown.append(SLACK)
        else:
            counted = f" ({binds} of {acts})" if several else ""
            shown.append(f"{small(float(worth))}{counted}")
    return shown


def limit_table(draft: Draft, teller: Teller, pressure: Pressure) -> Table:
    """Return what one more unit of each product under a limit is worth, the dearest first."""
    names = draft.findings.names.products
    ordered = sorted(pressure.parts.items(), key=lambda item: -float(np.nanmax(item[1])))
    rows = tuple(
        row(f"{names[code]}, for {USES[use]}" if use != "exports" else names[code], priced(worth))
        for (code, use), worth in ordered
    )
    return draft.clipped(
        Table(
            caption=(
                "One more unit let through, worth over its base price: "
                f"{called(teller, pressure.shock)}"
            ),
            head=("", *draft.heads, draft.after),
            rows=rows,
            note=draft.cited(*EXTERNAL, by="docs/report.md, docs/plan/shocks.md"),
        )
    )


def priced(worth: np.ndarray) -> list[str]:
    """Return worths as cells; those of limits that do not bind are said to be slack."""
    return [
        NOTHING if not np.isfinite(one) else small(float(one)) if one > BINDS else SLACK
        for one in worth
    ]


def small(worth: float) -> str:
    """Return a worth with two decimals, or that it is less than one of them."""
    return figure(worth, digits=2) if worth >= LEAST else f"< {LEAST:g}"
