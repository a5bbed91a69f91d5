"""The years after the horizon: what they weigh, and what stands far from the last planned one."""

from math import isfinite

from counterplan.report.blocks import Block, Fold, Paragraph, Row, Table
from counterplan.report.draft import CAPITAL, EXTERNAL, PRODUCTION, Draft
from counterplan.report.frames import entry
from counterplan.report.later import FAR as FAR_APART
from counterplan.report.later import LEAST, Later
from counterplan.report.numbers import change, listed, percent
from counterplan.report.tail import FAR

SPOKEN_MOST = 3


def years_after(draft: Draft) -> list[Block]:
    """Return what the years after stand for, in words, and what moves far there, by name."""
    found = draft.findings
    blocks: list[Block] = [Paragraph(after_sentences(draft))]
    if found.later:
        title = f"Products and branches that stand far off {draft.after} ({len(found.later)})"
        blocks.append(Fold(title, (draft.clipped(later_table(draft)),)))
    return blocks


def after_sentences(draft: Draft) -> str:
    """Say what the column of the years after stands for, how much it weighs, how far it is off."""
    found = draft.findings
    period = found.names.period
    text = (
        f"\u201c{draft.after.capitalize()}\u201d is one planned {period} that stands for all the "
        f"{period}s after: their average, nearer ones counting more, less growth on the trend."
    )
    if isfinite(found.after.share):
        text += (
            f" It carries {percent(found.after.share, digits=0)} of everything the mandate counts."
        )
    return " ".join(part for part in (text, warning(draft), further(draft)) if part)


def warning(draft: Draft) -> str:
    """Warn where the years after are far from the last planned one; say so where they are not."""
    found = draft.findings
    if found.after.far().empty:
        return (
            "Consumption, investment, output and trade are there within "
            f"{percent(FAR, digits=0)} of the level of {draft.when(draft.last)}, both against the "
            "trend."
        )
    return (
        f"{far_off(draft)} What the plan does in its last {found.names.period}s prepares for that; "
        "a longer horizon shows how it gets there."
    )


def far_off(draft: Draft) -> str:
    """Say which totals of the years after are far from the last planned one; "" where none is."""
    far = draft.findings.after.far()
    if far.empty:
        return ""
    verbs = {name: "are" if name.endswith("ports") else "is" for name in map(str, far.index)}
    parts = [f"{name} {verb} {draft.below(entry(far, name))}" for name, verb in verbs.items()]
    return (
        f"Mind the {draft.findings.names.period}s {draft.after}: {listed(parts)} the level of "
        f"{draft.when(draft.last)}, both against the trend."
    )


def further(draft: Draft) -> str:
    """Name the products and branches that move furthest after the horizon, and say why."""
    found = draft.findings
    if not found.later:
        return ""
    period = found.names.period
    parts = [
        f"{spoken_of(draft, one)} ({change(one.drift, digits=0)})"
        for one in found.later[:SPOKEN_MOST]
    ]
    lead = f"Mind the {period}s {draft.after} by name" if found.after.far().empty else "By name"
    why = (
        f"; habits of trade bind less the longer one has, for the steps in which leaving them gets "
        f"dearer widen with the {period}s"
    )
    widens = found.plan.scenario.mandate.rules.width_growth > 0
    return (
        f"{lead}: {listed(parts)} move furthest from {draft.when(draft.last)}, "
        f"{len(found.later)} products and branches by more than {percent(FAR_APART, digits=0)}, "
        f"against the trend{why if widens else ''}."
    )


def spoken_of(draft: Draft, one: Later) -> str:
    """Return what moves as it is spoken of."""
    names = draft.findings.names
    if one.kind in ("output", "investment"):
        return f"{one.kind} {'of' if one.kind == 'output' else 'in'} {names.branches[one.code]}"
    return f"{one.kind} of {names.products[one.code]}"


def later_table(draft: Draft) -> Table:
    """Return everything that stands far off, the largest first."""
    found = draft.findings
    last = draft.when(draft.last)
    rows = tuple(
        Row(
            (
                spoken_of(draft, one).capitalize()[:1] + spoken_of(draft, one)[1:],
                change(one.last),
                change(one.after),
                change(one.drift),
            )
        )
        for one in found.later
    )
    return Table(
        caption=f"Volumes that stand far off {draft.after}",
        head=(
            "",
            f"{last} against {found.against}",
            f"{draft.after} against {found.against}",
            f"{draft.after} against {last}",
        ),
        rows=rows,
        note=(
            f"At base prices. Named is what moves by more than {percent(FAR_APART, digits=0)}, "
            f"against the trend, and is at least {percent(LEAST)} of all output, investment, "
            "exports or imports; the largest in money first. "
            + draft.cited(*EXTERNAL, *PRODUCTION, *CAPITAL)
        ),
        estimated=found.estimated(*CAPITAL),
    )
