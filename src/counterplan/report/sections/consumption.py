"""Consumption: what each group of people has, and of which goods."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from counterplan.plan.outlook import COLLECTIVE
from counterplan.report.axes import share_format
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
from counterplan.report.charts import SHAPES, Points, dots
from counterplan.report.draft import ALIKE, Draft, changes
from counterplan.report.drawing import BLUE, GREY
from counterplan.report.frames import cell, deepest, entry, largest_first, line
from counterplan.report.numbers import percent
from counterplan.report.steps import MARK, levels_of, on_edge

GROUPS_MOST = 20
CONSUMED = ("demand.consumption", "demand.collective")


def consumption(draft: Draft) -> Section:
    """Return consumption by group of people and group of goods."""
    blocks: list[Block] = [
        Paragraph(
            "Satisfaction is what a group consumes against the basket that the mandate asks for "
            "it, both at base prices. 100% is the observed basket, grown on the trend and by what "
            "the mandate adds."
        ),
        satisfaction_table(draft),
        Figures((goods_chart(draft),)),
        Fold(
            "Household consumption by group of goods and by product",
            (draft.clipped(goods_table(draft)), draft.clipped(product_table(draft))),
        ),
    ]
    return Section("consumption", "Who consumes what", tuple(blocks))


def satisfaction_table(draft: Draft) -> Table:
    """Return satisfaction by group."""
    found = draft.findings
    table = found.satisfaction()
    money = found.plan.consumption_value()
    rows = tuple(
        Row(
            (
                found.names.groups[str(group)],
                *marked(
                    draft,
                    [*line(table, group), entry(found.after.satisfaction, str(group))],
                ),
                found.money.amount(cell(money, group, draft.last)),
            )
        )
        for group in table.index
    )
    return Table(
        caption="Satisfaction by group",
        head=("", *draft.heads, draft.after, f"{draft.when(draft.last)}, {found.money.unit}"),
        rows=rows,
        note=f"{steps_note(draft)} {draft.cited(*CONSUMED, by='Plan.satisfaction')}",
        estimated=found.estimated(*CONSUMED),
    )


def marked(draft: Draft, levels: Sequence[float]) -> list[str]:
    """Return levels of satisfaction as cells, those on the edge of a step with their mark."""
    edges = on_edge(np.array(levels), draft.findings.plan.outlook.mandate.satisfaction)
    return [
        f"{MARK} {percent(level)}" if edge else percent(level)
        for level, edge in zip(levels, edges, strict=True)
    ]


def steps_note(draft: Draft) -> str:
    """Say that consumption moves in steps, and how much of it stands on an edge."""
    plan = draft.findings.plan
    benefit = plan.outlook.mandate.satisfaction
    levels = levels_of(plan).to_numpy()[:, :-1]
    edges = percent(float(on_edge(levels, benefit).mean()), digits=0)
    return (
        f"{MARK} stands exactly on the edge of a step. The benefit of consumption falls in steps "
        f"of {percent(benefit.segment, digits=1 if benefit.segment * 100 % 1 else 0)} of the "
        f"basket, wider ones far from it, so that cuts come in steps: {edges} of all amounts of "
        "single goods stand on an edge. Read a single good as right to one step, and the sums as "
        "finer than that."
    )


def product_table(draft: Draft) -> Table:
    """Return what households have of each product against the basket, the dearest first."""
    found = draft.findings
    plan, names = found.plan, found.names
    levels, value = levels_of(plan), plan.consumption()[draft.last].to_numpy()
    worth = value * plan.economy.products.prices[plan.outlook.basket_product]
    groups = levels.index.get_level_values("group")
    several = len(set(groups) - {COLLECTIVE}) > 1
    rows = []
    for spot in np.argsort(-worth, kind="stable"):
        group, product = (str(part) for part in levels.index[spot])
        if group == COLLECTIVE:
            continue
        name = names.products[product]
        label = f"{name}, {names.groups[group]}" if several else name
        rows.append(Row((label, *marked(draft, list(levels.to_numpy()[spot])))))
    return Table(
        caption="Household consumption of each product against the basket",
        head=("", *draft.heads, draft.after),
        rows=tuple(rows),
        note=(
            f"{MARK} stands exactly on the edge of a step. "
            + draft.cited(*CONSUMED, by="Plan.consumption")
        ),
        estimated=found.estimated(*CONSUMED),
    )


def goods_level(draft: Draft) -> pd.DataFrame:
    """Return household consumption by group of goods against the yardstick, largest group first."""
    found = draft.findings
    size = found.groups_then.sum(axis=1)
    kept = [name for name in largest_first(size) if entry(size, name) > 0]
    return (found.groups / found.groups_then - 1).loc[kept]


def goods_chart(draft: Draft) -> Figure:
    """Draw how consumption of each group of goods moves from the first to the last period."""
    found = draft.findings
    level = goods_level(draft).head(GROUPS_MOST)
    ends = list(dict.fromkeys((draft.first, draft.last)))
    rows = [Points(str(name), tuple(line(level[ends], name))) for name in level.index]
    worst, period, share = deepest(level[ends])
    title = f"No group of goods falls below {found.against}"
    if share < -ALIKE:
        title = (
            f"Furthest down: {worst}, {draft.below(share)} {found.against} in {draft.when(period)}"
        )
    colours = [GREY, BLUE][-len(ends) :]
    spread = [value for one in rows for value in one.values]
    return draft.picture(
        dots(rows, series=ends, colours=colours, title="", unit=share_format(spread)),
        name="goods",
        title=title,
        unit=f"Household consumption at base prices, difference from {found.against}",
        fields=CONSUMED,
        keys=tuple(Key(*one) for one in zip(ends, colours, SHAPES, strict=False)),
    )


def goods_table(draft: Draft) -> Table:
    """Return household consumption by group of goods."""
    found = draft.findings
    level = goods_level(draft)
    rows = tuple(
        Row(
            (
                str(name),
                found.money.amount(cell(found.groups, name, draft.last)),
                *changes(line(level, name)),
            )
        )
        for name in level.index
    )
    return Table(
        caption=f"Household consumption against {found.against}",
        head=("", f"{draft.when(draft.last)}, {found.money.unit}", *draft.heads),
        rows=rows,
        note=draft.cited(*CONSUMED, by="Plan.consumption"),
        estimated=found.estimated(*CONSUMED),
    )
