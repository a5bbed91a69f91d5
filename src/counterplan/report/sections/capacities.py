"""Capacities: what holds the plan back, with its valuations."""

from counterplan.report.blocks import (
    Block,
    Bullets,
    Figure,
    Figures,
    Fold,
    Paragraph,
    Row,
    Section,
    Table,
)
from counterplan.report.charts import Points, grid
from counterplan.report.draft import CAPITAL, PEOPLE, Draft, row
from counterplan.report.frames import entry, line
from counterplan.report.names import clean
from counterplan.report.numbers import NOTHING, figure, listed, percent
from counterplan.report.reason import Reason
from counterplan.report.sections.standstill import standstill

SHOWN_MOST = 14
SPOKEN_MOST = 5
TIGHT = 0.10  # worth this much more, relative to its cost, than without the shock
NONE_OPENS = (
    "Nothing that is begun in the plan opens within it: what more capacity is worth cannot be set "
    "against its cost."
)
LITTLE = 0.5  # capacity worth less than half its cost was not worth building


def capacities(draft: Draft) -> Section | None:
    """Return the bottlenecks in words, drawn, and in figures; nothing without capital."""
    if draft.findings.worth.worth.empty:
        return None
    blocks = worth_blocks(draft) if draft.findings.worth.order else [Paragraph(NONE_OPENS)]
    blocks += standstill(draft)
    if draft.findings.reason is not None:
        blocks += reason_blocks(draft, draft.findings.reason)
    return Section("capacities", "What holds the plan back", tuple(blocks))


def worth_blocks(draft: Draft) -> list[Block]:
    """Return worth over cost in words, drawn and in figures."""
    found = draft.findings
    blocks: list[Block] = [
        Paragraph(
            "A capacity holds the plan back when one more unit of it would be worth more than it "
            "costs to build. Worth here is everything that the unit would bring from its first "
            f"{found.names.period} on; the cost is what building it in time takes from everything "
            "else, at the plan's own valuations, not at base prices: in a crisis what it is built "
            "of is dearer, too. Above 1 building more would pay, were it not for the extra cost of "
            "changing investment quickly; below 1 less would have been built but for that cost or "
            "for a goal of the mandate. Without a shock it is 1, or close to it."
        ),
        Bullets(told(draft)),
        Figures((worth_chart(draft),)),
        Fold("Worth and rent of every capacity", (draft.clipped(worth_table(draft)),)),
    ]
    first, opens = draft.when(draft.first), draft.when(str(found.worth.counted().columns[0]))
    blocks.append(
        Paragraph(
            f"{first.capitalize()} is left out: what opens there was begun before the plan. What "
            f"opens in {opens} may be paid for at valuations of {first}, when capacity and people "
            "are both given and how value divides between them is not unique: other valuations "
            "prove the same plan. Read that column as a direction; later ones are far steadier."
        )
    )
    return blocks


def told(draft: Draft) -> tuple[str, ...]:
    """Say which capacities are tight, and which are worth little."""
    found = draft.findings
    names, worth = found.names.capital, found.worth
    said = []
    for item in (worth.weighty or worth.order)[:SPOKEN_MOST]:
        period, high = worth.peak(item)
        usual = then_peak(draft, item)
        if high < 1 + TIGHT or (usual is not None and high < usual + TIGHT):
            continue
        text = (
            f"{names[item]}: one more unit, handed over in {draft.when(period)}, is worth "
            f"{figure(high, digits=2)} times what building it costs the plan"
        )
        if usual is not None:
            text += f"; {figure(usual, digits=2)} without the shock"
        said.append(f"{text}.")
    if not said:
        said.append("No capacity of any weight is notably tighter than usual.")
    small = [item for item in worth.order[:2] if item not in worth.weighty]
    if small and worth.weighty:
        parts = [f"{names[item]} ({figure(worth.peak(item)[1], digits=2)})" for item in small]
        said.append(f"Tighter still, but in very small branches: {listed(parts)}.")
    little = [item for item in reversed(worth.order) if worth.peak(item)[1] < LITTLE]
    if little:
        shown = [names[item] for item in little[:SPOKEN_MOST]]
        more = f" and {len(little) - SPOKEN_MOST} others" if len(little) > SPOKEN_MOST else ""
        said.append(
            f"Capacity in {listed(shown)}{more} is worth less than half its cost: more of it than "
            "the plan could use is built, because the mandate asks for it, or what it makes has "
            "lost its price."
        )
    return tuple(said[: 2 * SPOKEN_MOST])


def then_peak(draft: Draft, item: str) -> float | None:
    """Return the highest worth of the same capacity without the shock."""
    then = draft.findings.worth_then
    return None if then is None or item not in then.order else then.peak(item)[1]


def worth_chart(draft: Draft) -> Figure:
    """Draw the worth of the tightest capacities."""
    found = draft.findings
    counted = found.worth.counted()
    items = (found.worth.weighty or found.worth.order)[:SHOWN_MOST]
    rows = [Points(found.names.capital[item], tuple(line(counted, item))) for item in items]
    period, high = found.worth.peak(items[0])
    return draft.picture(
        grid(rows, periods=[draft.when(str(p)) for p in counted.columns], middle=1.0, unit=".2f"),
        name="worth",
        title=(
            f"Tightest: {found.names.capital[items[0]]}, worth {figure(high, digits=2)} times "
            f"its cost in {draft.when(period)}"
        ),
        unit=(
            "Worth of one more unit of capacity over its cost, both at the plan's valuations; the "
            f"{len(items)} tightest branches of any weight; 1 = just worth building"
        ),
        fields=CAPITAL,
    )


def worth_table(draft: Draft) -> Table:
    """Return worth by period, the same without the shock, and the mean rent."""
    found = draft.findings
    counted, rent = found.worth.counted(), found.worth.mean_rent()
    rows = []
    for item in found.worth.order:
        usual = then_peak(draft, item)
        cells = [
            *(figure(value, digits=2) for value in line(counted, item)),
            NOTHING if usual is None else figure(usual, digits=2),
            figure(entry(rent, item), digits=2),
        ]
        rows.append(row(found.names.capital[item], cells))
    return Table(
        caption="One more unit of capacity: worth over cost, and rent over user cost",
        head=(
            "",
            *(draft.when(str(period)) for period in counted.columns),
            "highest without the shock",
            "mean rent / user cost",
        ),
        rows=tuple(rows),
        note=(
            "Worth and cost are at the plan's valuations, as explain states them; rent is what the "
            "unit brings in one period, and user cost interest and depreciation at base prices. "
            + draft.cited(*CAPITAL, by="docs/report.md, Plan.rents")
        ),
        estimated=found.estimated(*CAPITAL),
    )


def reason_blocks(draft: Draft, reason: Reason) -> list[Block]:
    """Say why there is not more of what households give up most of."""
    name, when = draft.findings.names.products[reason.code], draft.when(reason.period)
    money = clean(draft.findings.plan.economy.currency)

    def amount(value: float) -> str:
        return figure(value, digits=reason.digits)

    rows = [
        *(
            row(part, [amount(value), percent(share / 100, digits=0)])
            for (part, value), share in zip(reason.parts, reason.shares(), strict=True)
        ),
        Row(("Together", amount(reason.valuation), f"{sum(reason.shares())}%"), "sum"),
    ]
    told = Paragraph(
        f"Households give up most of {name}. Why is there not more of it? One more unit "
        f"({reason.unit}) in {when} is worth {amount(reason.valuation)} to the plan, against a "
        f"base-period price of {amount(reason.price)} ({money}). Followed down the whole supply "
        "chain to what nobody can produce, that is what the unit would take away from everything "
        "else:"
    )
    table = Table(
        caption=f"What one more unit of {name} would take in {when}, {money} of consumption",
        head=("", "worth", "of it"),
        rows=tuple(rows),
        note=(
            "Of any other product: counterplan explain DIR PRODUCT. "
            + draft.cited(*CAPITAL, *PEOPLE, by="Plan.explain")
        ),
        estimated=draft.findings.estimated(*CAPITAL, *PEOPLE),
    )
    return [told, table]
