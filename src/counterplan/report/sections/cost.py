"""The cost: what the shock takes in foreign currency, and what is given up first."""

from counterplan.report.blocks import (
    Block,
    Figure,
    Figures,
    Fold,
    Key,
    Paragraph,
    Row,
    Section,
    Table,
)
from counterplan.report.charts import Bar, Line, bars, stacks
from counterplan.report.cuts import Cut
from counterplan.report.draft import CAPITAL, EXTERNAL, Draft
from counterplan.report.drawing import AMBER, BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY
from counterplan.report.frames import entry, line
from counterplan.report.ledger import ANSWERED, TAKEN, Ledger
from counterplan.report.numbers import NOTHING, change, listed
from counterplan.report.sections.relabelling import relabelling
from counterplan.report.sections.shocks import shocks
from counterplan.report.sections.years_after import years_after
from counterplan.report.standing import TOTALS

CHART_MOST = 12
TABLE_MOST = 10
KINDS = {"consumption": BLUE, "investment": ORANGE, "imports": GREEN}
COLOURS = {
    "Lower export prices": ORANGE,
    "Higher import prices": PURPLE,
    "Lost credit": BLACK,
    "More debt service": AMBER,
    "Drawn from reserves": BLUE,
    "New credit": "#004a73",
    "Smaller transfers abroad": GREEN,
    "Fewer imports": SKY,
    "Volume of exports": "#8fbf3f",
    "Smaller repayments": GREY,
    "Left unused": "#c7ccd1",
}


def cost(draft: Draft) -> Section:
    """Return what the shock costs against the plan without it."""
    found = draft.findings
    blocks: list[Block] = []
    if found.loss is not None:
        blocks += loss_blocks(draft, found.loss)
    blocks += shocks(draft)
    blocks += relabelling(draft)
    blocks += cut_blocks(draft)
    title = "What the shock costs" if found.reference else "Against the observed course"
    return Section("cost", title, tuple(blocks))


# ---- foreign currency --------------------------------------------------------------------


def loss_blocks(draft: Draft, loss: Ledger) -> list[Block]:
    """Return the ledger of the loss; it is drawn in the opening."""
    told = Paragraph(
        "The foreign account of this plan, less that of the plan without the shock. Lower export "
        "prices are counted at the volumes of the plan without the shock: what the same exports "
        "would earn less. Everything else is what the plan does about it, at the prices of this "
        "plan. Loss and answer add up to zero in every period."
    )
    return [told, loss_table(draft, loss)]


def loss_chart(draft: Draft) -> tuple[Figure, ...]:
    """Draw loss and answer by period, where there is either."""
    loss = draft.findings.loss
    rows = () if loss is None else loss.present((*TAKEN, *ANSWERED))
    if loss is None or not rows:
        return ()
    parts = [
        Line(name, tuple(loss.amount(int(n)) for n in loss.entry(name)), COLOURS[name])
        for name in rows
    ]
    taken = loss.part(TAKEN)
    worst = loss.periods[int(taken.argmin())]
    title = f"The loss is largest in {draft.when(worst)}: {loss.words(int(taken.min()))}"
    if not (taken < 0).any():
        title = "The shock takes no foreign currency by itself"
    chart = draft.picture(
        stacks(parts, periods=draft.heads, title=loss.scale.unit, unit=",.0f"),
        name="loss",
        title=title,
        unit=(
            f"{loss.scale.unit} by {draft.findings.names.period}: below zero what is lost, above "
            "zero what meets it"
        ),
        fields=EXTERNAL,
        keys=tuple(Key(part.label, part.colour) for part in parts),
    )
    return (chart,)


def loss_table(draft: Draft, loss: Ledger) -> Table:
    """Return the ledger with its sums."""

    def summed(name: str, names: tuple[str, ...]) -> tuple[str, ...]:
        counts = loss.part(names)
        return (name, *(loss.scale.step(int(n)) for n in (*counts, counts.sum())))

    rows = [
        *(Row(summed(name, (name,))) for name in loss.present(TAKEN)),
        Row(summed("Taken by the shock", TAKEN), "sum"),
        *(Row(summed(name, (name,))) for name in loss.present(ANSWERED)),
        Row(summed("The plan's answer", ANSWERED), "sum"),
        Row(summed("Together", (*TAKEN, *ANSWERED)), "sum"),
    ]
    return Table(
        caption=f"Foreign currency against the plan without the shock, {loss.scale.unit}",
        head=("", *draft.heads, "all"),
        rows=tuple(rows),
        note=(
            "Rounded so that every column and row adds up; no entry is moved by a whole last "
            "digit. A minus sign among the answers means the opposite of its name. "
            + draft.cited(*EXTERNAL)
        ),
        estimated=draft.findings.estimated(*EXTERNAL),
    )


# ---- what is given up --------------------------------------------------------------------


def cut_blocks(draft: Draft) -> list[Block]:
    """Return what is given up, first and most."""
    found = draft.findings
    blocks: list[Block] = [totals_table(draft), *years_after(draft)]
    if not found.cuts:
        blocks.append(Paragraph(f"Nothing falls notably below {found.against}."))
        return blocks
    first = sorted(found.cuts, key=lambda cut: cut.first)[:3]
    early = [cut for cut in first if cut.first < 0]
    if early:
        parts = [f"{spoken(draft, cut)} ({found.money.change(cut.first)})" for cut in early]
        blocks.append(
            Paragraph(
                f"What is given up first, in {draft.when(draft.first)}: {listed(parts)}, in "
                f"{found.money.unit}. Over all {found.names.period}s it is the list below. The "
                "three kinds answer different questions and must not be added to each other: what "
                "is not invested or imported is in part not consumed."
            )
        )
    blocks.append(Figures((cut_chart(draft),)))
    tables = tuple(cut_table(draft, kind) for kind in KINDS if any_of(draft, kind))
    blocks.append(Fold("What is given up, in money and percent", tables))
    return blocks


def totals_table(draft: Draft) -> Table:
    """Return the totals of the plan against what it is measured by."""
    found = draft.findings
    now, then = found.now.totals(), found.then.totals()
    later = found.now.after() / found.then.after() - 1
    rows = []
    for name in TOTALS:
        if name not in found.level.index:
            continue
        less = sum(line(now, name)) - sum(line(then, name))
        cells = (
            *map(change, line(found.level, name)),
            found.money.change(less),
            change(entry(later, name)),
        )
        rows.append(Row((name.capitalize(), *cells)))
    return Table(
        caption=f"Totals at base prices against {found.against}",
        head=("", *draft.heads, f"all, {found.money.unit}", draft.after),
        rows=tuple(rows),
        note=(
            "Value added is output less what is used up in making it. Real income adds what "
            "exports buy more or less of than at the base period's terms of trade. "
            + draft.cited(*EXTERNAL, *CAPITAL)
        ),
        estimated=found.estimated(*CAPITAL),
    )


def spoken(draft: Draft, cut: Cut) -> str:
    """Return a cut as it is spoken of."""
    return {
        "consumption": f"consumption of {called(draft, cut)}",
        "investment": f"investment in {called(draft, cut)}",
        "imports": f"imports of {called(draft, cut)}",
    }[cut.kind]


def called(draft: Draft, cut: Cut) -> str:
    """Return the label of what is cut."""
    names = draft.findings.names
    return names.branches[cut.code] if cut.kind == "investment" else names.products[cut.code]


def any_of(draft: Draft, kind: str) -> bool:
    """Return whether anything of a kind is cut."""
    return any(cut.kind == kind for cut in draft.findings.cuts)


def cut_chart(draft: Draft) -> Figure:
    """Draw the largest cuts."""
    found = draft.findings
    cuts = found.cuts[:CHART_MOST]
    rows = [
        Bar(
            f"{called(draft, cut)}{' ' * list(KINDS).index(cut.kind)}",
            found.money.factor * cut.total,
            f"{found.money.change(cut.total)} ({change(cut.share, digits=0)})",
            KINDS[cut.kind],
        )
        for cut in cuts
    ]
    largest = cuts[0]
    return draft.picture(
        bars(rows, title=""),
        name="cuts",
        title=(
            f"Most is given up in {spoken(draft, largest)}: "
            f"{found.money.words(largest.total)} over {draft.span}"
        ),
        unit=(
            f"{found.money.unit} over {draft.span} at base prices, difference from "
            f"{found.against}; in brackets its share"
        ),
        fields=(*EXTERNAL, *CAPITAL),
        keys=tuple(Key(kind, KINDS[kind]) for kind in KINDS if any(c.kind == kind for c in cuts)),
    )


def cut_table(draft: Draft, kind: str) -> Table:
    """Return the cuts of one kind in money and percent."""
    found = draft.findings
    cuts = [cut for cut in found.cuts if cut.kind == kind][:TABLE_MOST]
    rows = tuple(
        Row(
            (
                called(draft, cut),
                draft.when(cut.begins) if cut.begins else NOTHING,
                found.money.change(cut.first),
                found.money.change(cut.total),
                change(cut.share),
                f"{change(cut.depth)} in {draft.when(cut.worst)}",
            )
        )
        for cut in cuts
    )
    fields = CAPITAL if kind == "investment" else EXTERNAL
    return Table(
        caption=f"{kind.capitalize()} given up, {found.money.unit} at base prices",
        head=(
            "",
            "1% less from",
            f"in {draft.when(draft.first)}",
            "in all",
            "of it",
            "deepest",
        ),
        rows=rows,
        note=draft.cited(*fields),
        estimated=found.estimated(*fields),
    )
