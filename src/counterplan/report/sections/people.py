"""People: who works, who does not, and who changes branch."""

from counterplan.report.blocks import Block, Figure, Figures, Paragraph, Section, Table
from counterplan.report.charts import Bar, bars
from counterplan.report.draft import PEOPLE, Draft, row
from counterplan.report.drawing import BLUE, ORANGE
from counterplan.report.frames import entry, highest, largest_first, line, lowest, series
from counterplan.report.numbers import figure, signed
from counterplan.report.people import IDLE, MOVING

BRANCHES_MOST = 18


def people(draft: Draft) -> Section:
    """Return who works, who does not, and who changes branch."""
    found = draft.findings
    table = found.people.table
    moved = series(table, MOVING)
    (busiest, _), (idlest, without) = highest(moved), highest(series(table, IDLE))
    unit = found.people.unit
    movers, idle = figure(sum(line(table, MOVING)), digits=0), figure(without, digits=0)
    told = (
        f"Over {draft.span}, {movers} {unit} change branch, most of them in {draft.when(busiest)}. "
        f"Without work are at most {idle} {unit}"
    )
    if without > 0.5:
        told += f", in {draft.when(idlest)}"
    blocks: list[Block] = [
        Paragraph(
            f"{told}. The plan gives work to everyone whom capacity and materials allow to work; "
            "it knows nothing of the orders that fail and the wages that are late in a crisis "
            "without a plan."
        ),
        people_table(draft),
        Figures((people_chart(draft),)),
        Paragraph(
            "The valuation of a single skill is not shown: where all who can work do, the split of "
            "value between skills, and between people and capacity, is not unique."
        ),
    ]
    return Section("people", "People at work", tuple(blocks))


def people_table(draft: Draft) -> Table:
    """Return labour by period."""
    found = draft.findings
    table = found.people.table
    rows = tuple(
        row(str(name).capitalize(), [figure(v, digits=0) for v in line(table, name)])
        for name in table.index
    )
    return Table(
        caption=f"Labour, {found.people.unit}",
        head=("", *draft.heads),
        rows=rows,
        note=draft.cited(*PEOPLE, by="docs/plan/labour.md"),
        estimated=found.estimated(*PEOPLE),
    )


def people_chart(draft: Draft) -> Figure:
    """Draw how many people more or fewer each branch has in the last period."""
    found = draft.findings
    more = (found.now.people - found.then.people)[draft.last]
    shown = more.loc[largest_first(more.abs())[:BRANCHES_MOST]]
    digits = 0 if shown.abs().max() >= 10 else 1
    rows = [
        Bar(
            found.names.branches[code],
            entry(shown, code),
            signed(entry(shown, code), digits=digits),
            BLUE if entry(shown, code) >= 0 else ORANGE,
        )
        for code in largest_first(shown)
    ]
    (high, most), (low, least) = highest(shown), lowest(shown)
    title = "No branch has notably more or fewer people"
    if most >= 0.5 and least <= -0.5:
        title = (
            f"{found.names.branches[high]} takes people on, {found.names.branches[low]} loses them"
        )
    return draft.picture(
        bars(rows, title=found.people.unit),
        name="people",
        title=title,
        unit=f"{found.people.unit} in {draft.when(draft.last)}, difference from {found.against}",
        fields=PEOPLE,
    )
