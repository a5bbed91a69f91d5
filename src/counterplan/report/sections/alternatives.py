"""Alternatives: what another mandate would change."""

from collections.abc import Callable

import pandas as pd

from counterplan.report.axes import point_format, share_format
from counterplan.report.blocks import (
    Block,
    Bullets,
    Figure,
    Figures,
    Key,
    Paragraph,
    Section,
    Table,
    bold,
)
from counterplan.report.charts import SHAPES, Line, Points, dots, lines
from counterplan.report.draft import ALIKE, CAPITAL, EXTERNAL, PRODUCTION, Draft, row
from counterplan.report.drawing import SERIES
from counterplan.report.frames import entry, line, total
from counterplan.report.names import clean
from counterplan.report.numbers import change, figure, listed, percent, points
from counterplan.report.sections.plans import titles
from counterplan.report.sections.trade import SHARES, against
from counterplan.report.standing import Standing
from counterplan.report.texts import Teller
from counterplan.report.variants import Variant, dependents, indicators

WORDS = {
    "consumption_lowest": "Household consumption, lowest {period}",
    "consumption_all": "Household consumption, all {period}s",
    "consumption_last": "Household consumption in {last}",
    "consumption_after": "Household consumption {after}",
    "investment_all": "Investment in the named branches, all {period}s",
    "output_last": "Output of the named branches in {last}",
    "dependence_last": "Imported share of all use in {last}",
    "currency_last": "Valuation of foreign currency in {last}",
}

TELLERS: dict[str, Callable[[float], str]] = {
    "dependence_last": percent,
    "currency_last": lambda value: figure(value, digits=2),
}


def alternatives(draft: Draft) -> Section | None:
    """Return the variants beside the plan, where there are any."""
    variants = draft.findings.variants
    if not variants:
        return None
    blocks: list[Block] = []
    for variant in variants:
        blocks += [asked(draft, variant), told(draft, variant)]
    blocks += [
        Figures((consumption_chart(draft), *dependence_chart(draft))),
        indicator_table(draft),
        dependence_table(draft),
    ]
    return Section("variants", "What another mandate changes", tuple(blocks))


def followed(draft: Draft) -> tuple[str, ...]:
    """Return the branches whose investment and output the table follows."""
    return tuple(dict.fromkeys(b for v in draft.findings.variants for b in v.branches))


def asked(draft: Draft, variant: Variant) -> Bullets:
    """Say what a variant asks beyond the plan."""
    mine = Teller(draft.findings.plan, draft.findings.names)
    its = Teller(variant.plan, draft.findings.names)
    only = [f"{text}." for text in its.mandate() if text not in mine.mandate()]
    gone = [f"Not asked here: {text}." for text in mine.mandate() if text not in its.mandate()]
    shocks = {mine.shock(one) for one in draft.findings.plan.scenario.shocks}
    fresh = [its.shock(one) for one in variant.plan.scenario.shocks]
    other = [f"A shock of its own: {text}." for text in fresh if text not in shocks]
    items = tuple([*only, *gone, *other] or ["The same in words; other figures of the rules."])
    return Bullets(items, bold(f"\u201c{clean(variant.title)}\u201d asks"))


def told(draft: Draft, variant: Variant) -> Paragraph:
    """Say what a variant changes by the last period."""
    found, last = draft.findings, draft.last
    before = entry(found.now.dependence_of_all(), last)
    after = entry(variant.standing.dependence_of_all(), last)
    eaten = entry(level(found.now, variant.standing), last)
    more = total(variant.standing.households()) - total(found.now.households())
    text = (
        f"By {draft.when(last)} imports make up {percent(after)} of all use at home instead of "
        f"{percent(before)} ({points(after, before)} points). Household consumption is "
        f"{draft.below(eaten)} this plan in {draft.when(last)}, and {found.money.words(more)} "
        f"{'more' if more > 0 else 'less'} over {draft.span}"
    )
    moved = moved_most(draft, variant)
    return Paragraph(f"{text}. {moved}" if moved else f"{text}.")


def moved_most(draft: Draft, variant: Variant) -> str:
    """Name the products whose imported share falls most."""
    found, last = draft.findings, draft.last
    before, after = found.now.dependence()[last], variant.standing.dependence()[last]
    less = {
        code: entry(after, code) - entry(before, code) for code in dependents(found.now, most=40)
    }
    parts = [
        f"{found.names.products[code]} (from {percent(entry(before, code))} to "
        f"{percent(entry(after, code))})"
        for code in sorted(less, key=lambda one: less[one])[:3]
        if less[code] < -ALIKE
    ]
    return f"The imported share falls most for {listed(parts)}." if parts else ""


def level(then: Standing, now: Standing) -> pd.Series:
    """Return households' consumption against another plan's, less 1."""
    return now.households().sum() / then.households().sum() - 1


def consumption_chart(draft: Draft) -> Figure:
    """Draw households' consumption of the plan and its variants."""
    found = draft.findings
    plans = [found.now, *(variant.standing for variant in found.variants)]
    names = titles(draft)[-len(plans) :]
    series = [
        Line(name, tuple(line(level(found.then, one).to_frame().T, 0)), colour)
        for name, one, colour in zip(names, plans, SERIES, strict=False)
    ]
    gap = entry(level(plans[0], plans[1]), draft.last)
    spread = share_format(value for one in series for value in one.values)
    return draft.picture(
        lines(series, periods=draft.heads, unit=spread, rule=0.0),
        name="variant-consumption",
        title=(
            f"{names[1]}: household consumption {draft.below(gap)} this plan in "
            f"{draft.when(draft.last)}"
        ),
        unit=f"Household consumption, difference from {found.against}",
        fields=(*PRODUCTION, *EXTERNAL),
    )


def dependence_chart(draft: Draft) -> tuple[Figure, ...]:
    """Draw how imported shares move under the plan and its variants, where any can."""
    found, last = draft.findings, draft.last
    plans = [found.now, *(variant.standing for variant in found.variants)]
    names = titles(draft)[-len(plans) :]
    then = found.then.dependence()[last]
    tables = [one.dependence()[last] for one in plans]
    rows = [
        Points(
            found.names.products[code],
            tuple(100 * (entry(table, code) - entry(then, code)) for table in tables),
        )
        for code in shown(draft)
    ]
    if not rows:
        return ()
    spread = [value for one in rows for value in one.values]
    every = [entry(one.dependence_of_all(), last) for one in plans]
    colours = list(SERIES[: len(plans)])
    chart = draft.picture(
        dots(rows, series=names, colours=colours, title="points", unit=point_format(spread)),
        name="variant-dependence",
        title=(
            f"{names[1]}: imports make up {percent(every[1])} of all use in {draft.when(last)}, "
            f"{percent(every[0])} under this plan"
        ),
        unit=(
            f"Imported share of use in {draft.when(last)} by product, difference from "
            f"{against(draft)}, in points"
        ),
        fields=SHARES,
        keys=tuple(Key(*one) for one in zip(names, colours, SHAPES, strict=False)),
    )
    return (chart,)


def shown(draft: Draft) -> tuple[str, ...]:
    """Return the products whose imported share is followed: those capped, then the largest."""
    capped = [code for variant in draft.findings.variants for code in variant.products]
    return tuple(dict.fromkeys([*capped, *dependents(draft.findings.now)]))


def indicator_table(draft: Draft) -> Table:
    """Return the figures by which the plans are told apart."""
    found = draft.findings
    plans = [found.now, *(variant.standing for variant in found.variants)]
    branches = followed(draft)
    columns = [indicators(one, found.then, branches) for one in plans]
    rows = []
    for key, words in WORDS.items():
        text = words.format(
            period=clean(found.names.period), last=draft.when(draft.last), after=draft.after
        )
        if not branches:
            text = text.replace(" in the named branches", "").replace(" of the named branches", "")
        tell = TELLERS.get(key, change)
        rows.append(row(text, [tell(getattr(column, key)) for column in columns]))
    note = f"Consumption, investment and output against {found.against}."
    if branches:
        named = listed([found.names.branches[branch] for branch in branches])
        note += f" Named branches: {named}."
    return Table(
        caption="The plan and its variants",
        head=("", *titles(draft)[-len(plans) :]),
        rows=tuple(rows),
        note=f"{note} {draft.cited(*PRODUCTION, *CAPITAL, *EXTERNAL)}",
        estimated=found.estimated(*CAPITAL),
    )


def dependence_table(draft: Draft) -> Table:
    """Return the imported share by product under each plan."""
    found, last = draft.findings, draft.last
    plans = [found.then, found.now, *(variant.standing for variant in found.variants)]
    tables = [one.dependence()[last] for one in plans]
    rows = tuple(
        row(found.names.products[code], [percent(entry(table, code)) for table in tables])
        for code in shown(draft)
    )
    first = "Without the shock" if found.reference is not None else "Observed"
    every = row("All products", [percent(entry(one.dependence_of_all(), last)) for one in plans])
    return Table(
        caption=f"Imported share of use in {draft.when(last)}",
        head=("", first, *titles(draft)[-len(plans) + 1 :]),
        rows=(every, *rows),
        note=draft.cited(*SHARES, by="Plan.import_dependence"),
        estimated=found.estimated(*SHARES),
    )
