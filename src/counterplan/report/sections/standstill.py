"""Standstill: which capacity is built or kept and not used, under the plan and its variants."""

from counterplan.report.blocks import Block, Bullets, Fold, Row, Table, bold
from counterplan.report.draft import CAPITAL, Draft, row
from counterplan.report.frames import line
from counterplan.report.idle import NAMED, Idle
from counterplan.report.numbers import listed, percent
from counterplan.report.sections.plans import titles

SPOKEN_MOST = 4
SPOKEN_LEAST = 0.002  # of all capacity: less is not worth a sentence in the opening


def standstill(draft: Draft) -> list[Block]:
    """Return what stands idle under each plan in words, and by period folded away."""
    every = plans(draft)
    said = tuple(sentence(draft, name, idle) for name, idle in every)
    tables = tuple(table(draft, name, idle) for name, idle in every if idle.named())
    blocks: list[Block] = [Bullets(said, bold("Capacity that stands idle"))]
    if tables:
        blocks.append(Fold("Idle capacity by branch and period", tables))
    return blocks


def plans(draft: Draft) -> list[tuple[str, Idle]]:
    """Return the idle capacity of the plan and of each variant, with what they are called."""
    found = draft.findings
    names = titles(draft)[1 + (found.reference is not None) :]
    pairs = zip(names, found.variants, strict=True)
    rest = [(f"\u201c{name}\u201d", variant.idle) for name, variant in pairs]
    return [("this plan", found.idle), *rest]


def sentence(draft: Draft, name: str, idle: Idle) -> str:
    """Say when most stands idle under a plan, in which branches, and what is left of it after."""
    items = idle.named()
    if not items:
        return f"Under {name} no capacity stands idle by as much as {percent(NAMED, digits=0)}."
    period, _ = idle.peak()
    shares, labels = idle.share[period], draft.findings.names.capital
    worst = [item for item in items if shares[item] >= NAMED][:SPOKEN_MOST]
    parts = [f"{labels[item]} ({percent(shares[item], digits=0)} of it)" for item in worst]
    text = f"Under {name} {size(draft, idle, period)} stands idle in {draft.when(period)}"
    text += f", most in {listed(parts)}" if parts else ""
    left = percent(float(idle.share_of_all().iloc[-1]))
    return (
        f"{text}. In the average of the {draft.findings.names.period}s {draft.after} it is {left}."
    )


def size(draft: Draft, idle: Idle, period: str) -> str:
    """Return what is idle in a period in money and as a share of all capacity."""
    money = draft.findings.money.words(float(idle.total()[period]))
    share = percent(float(idle.share_of_all()[period]))
    return f"capacity worth {money} ({share} of all)"


def finding(draft: Draft) -> str:
    """Return one sentence for the opening: the plan under which most capacity stands idle."""
    name, idle = max(plans(draft), key=lambda one: one[1].peak()[1])
    period, share = idle.peak()
    if share < SPOKEN_LEAST:
        return ""
    item, part = idle.main(period)
    label = draft.findings.names.capital[item]
    return (
        f"Under {name} {size(draft, idle, period)} stands idle in {draft.when(period)}, most "
        f"in {label}, of whose capacity {percent(part, digits=0)} is not used."
    )


def table(draft: Draft, name: str, idle: Idle) -> Table:
    """Return the idle share of each capacity by period, and what all of it is worth."""
    found = draft.findings
    rows = [
        row(found.names.capital[item], [percent(value) for value in line(idle.share, item)])
        for item in idle.named()
    ]
    every = [percent(float(value)) for value in idle.share_of_all()]
    worth = [found.money.amount(float(value)) for value in idle.total()]
    rows.append(Row(("All capacity, by its price", *every), "sum"))
    rows.append(Row((f"Idle capacity, {found.money.unit}", *worth), "part"))
    return draft.clipped(
        Table(
            caption=f"Share of the usable capacity that stands idle: {name}",
            head=("", *draft.heads, draft.after),
            rows=tuple(rows),
            note=(
                "Not used is what is left of capacity over activity; capacity is priced at what it "
                "costs to build. " + draft.cited(*CAPITAL, by="docs/plan/capacity.md")
            ),
            estimated=found.estimated(*CAPITAL),
        )
    )
