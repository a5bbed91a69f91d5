"""Relabelling: a cap on imports for one use, beside the imports of the same products for others."""

from collections.abc import Sequence

from counterplan.plan.shocks import QuantityShock
from counterplan.report.blocks import Block, Fold, Paragraph, Row, Table
from counterplan.report.draft import CAPITAL, EXTERNAL, Draft, changes
from counterplan.report.numbers import change, listed
from counterplan.report.sections.shocks import called
from counterplan.report.texts import Teller
from counterplan.report.uses import BOTH, USED, Uses, uses_of

SPOKEN_MOST = 3
WORDS = {"investment_imports": "for investment", "imports": "for other uses"}


def relabelling(draft: Draft) -> list[Block]:
    """Return, for every cap on imports for one use, what becomes of the other imports."""
    found = draft.findings
    teller = Teller(found.plan, found.names)
    blocks: list[Block] = []
    for shock in found.plan.scenario.shocks:
        if not isinstance(shock, QuantityShock):
            continue
        every = uses_of(found.plan, found.reference, shock)
        if not every:
            continue
        name = called(teller, shock)
        blocks += [Paragraph(f"{name}: {told(draft, every)}"), use_table(draft, name, every[:1])]
        if len(every) > 2:
            table = draft.clipped(use_table(draft, f"{name}, by product", every[1:]))
            blocks.append(Fold(f"{name}: every product under it, by use", (table,)))
    return blocks


def told(draft: Draft, every: Sequence[Uses]) -> str:
    """Say how much less is imported by use and in all, and where the cap is gone round."""
    found = draft.findings
    whole, *single = every
    text = (
        f"over {draft.span} imports of these products {WORDS[whole.capped]} change by "
        f"{change(whole.summed(whole.capped))} against {found.against}, "
        f"{WORDS[whole.free]} by {change(whole.summed(whole.free))}, in all by "
        f"{change(whole.summed(*BOTH))}, and what investment takes of them, from home and abroad, "
        f"by {change(whole.summed(USED))}."
    )
    round_it = [one for one in single if one.relabelled()]
    if not round_it:
        return text
    parts = [
        f"{found.names.products[one.code]} ({WORDS[one.free]} {change(one.summed(one.free))}, in "
        f"all {change(one.summed(*BOTH))})"
        for one in round_it
    ]
    return (
        f"{text} Read it as relabelling where total imports hardly fall, for half or more of what "
        f"the cap keeps out comes in {WORDS[whole.free]}: {listed(parts)}. The model tells the two "
        "apart by who buys; who runs the cap would have to as well."
    )


def use_table(draft: Draft, name: str, every: Sequence[Uses]) -> Table:
    """Return imports by use, in all, and what investment takes, one group of rows a product."""
    found = draft.findings
    rows = []
    for one in every:
        what = found.names.products[one.code] if one.code else "All under the cap"
        flows = {
            f"imports {WORDS[one.capped]} (capped)": (one.capped,),
            f"imports {WORDS[one.free]}": (one.free,),
            "imports in all": BOTH,
            "taken by investment": (USED,),
        }
        for words, flow in flows.items():
            values = [float(value) for value in one.change(*flow)]
            rows.append(Row((what, words, *changes(values))))
    return Table(
        caption=f"By use, against {found.against}: {name}",
        head=("", "", *draft.heads, draft.after),
        rows=tuple(rows),
        note=(
            "At base prices. Taken by investment is what new capacity is made of, from home and "
            "abroad. " + draft.cited(*EXTERNAL, *CAPITAL)
        ),
        texts=2,
        estimated=found.estimated(*CAPITAL),
    )
