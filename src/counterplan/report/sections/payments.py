"""Payments: what earns foreign currency, product by product, and what it is spent on."""

from collections.abc import Sequence

import numpy as np

from counterplan.economy.classifications import classification
from counterplan.economy.economy import Integers
from counterplan.plan.plan import Plan
from counterplan.report.blocks import Block, Fold, Paragraph, Row, Table
from counterplan.report.draft import ALIKE, EXTERNAL, Draft
from counterplan.report.frames import cell
from counterplan.report.goods import (
    MARGINS,
    Goods,
    after_column,
    base_column,
    columns_of,
    goods_of,
    observed,
    paid,
    picked,
)
from counterplan.report.names import product_groups
from counterplan.report.numbers import listed
from counterplan.report.sections.plans import others
from counterplan.report.standing import Standing

SHOWN_MOST = 8
EVERY_MOST = 30
BESIDE_MOST = 3
SPOKEN_MOST = 3
CAPTIONS = {
    "exports": "What exports earn, {unit}",
    "imports": "What imports cost, {unit}",
}


def payments(draft: Draft) -> list[Block]:
    """Return exports by product, imports by group of goods, and every product folded away."""
    found = draft.findings
    if not observed(found.plan, "exports").any():
        return []
    blocks: list[Block] = [Paragraph(told(draft))]
    if margins := margin_sentence(draft):
        blocks.append(Paragraph(margins))
    groups = product_groups(found.plan.economy, found.names)
    blocks += [
        flow_table(draft, short(draft, "exports", owners=labels(draft)), "exports"),
        flow_table(draft, short(draft, "imports", owners=list(groups.values())), "imports"),
        Fold("Exports and imports by product, under every plan", every_table(draft)),
    ]
    return blocks


def labels(draft: Draft) -> list[str]:
    """Return the label of every product, in their order."""
    found = draft.findings
    return [found.names.products[code] for code in found.plan.economy.products.codes]


def base(draft: Draft) -> str:
    """Return the base period as it is spoken of."""
    return draft.when(str(draft.findings.plan.economy.base_period))


# ---- in words ----------------------------------------------------------------------------


def told(draft: Draft) -> str:
    """Say what pays for imports: what exports earned and earn, and which of them moved most."""
    goods = short(draft, "exports", owners=labels(draft))
    last = len(picked(draft.findings.years))
    unit = goods.scale.unit

    def money(count: int) -> str:
        return goods.scale.amount_of_step(count)

    order = np.argsort(-goods.counts[:, 0], kind="stable")[:SPOKEN_MOST]
    main = [
        f"{goods.rows[i]} ({money(int(goods.counts[i, 0]))})"
        for i in order
        if goods.counts[i, 0] > 0
    ]
    text = (
        f"What pays for imports: in {base(draft)} exports earned {money(int(goods.totals[0]))} "
        f"{unit}, most of it with {listed(main)}. In {draft.when(draft.last)} they earn "
        f"{money(int(goods.totals[last]))}, at that {draft.findings.names.period}'s prices."
    )
    moved = goods.counts[:, last] - goods.counts[:, 0]
    less = [int(i) for i in np.argsort(moved, kind="stable")[:SPOKEN_MOST] if moved[i] < 0]
    more = [int(i) for i in np.argsort(-moved, kind="stable")[:SPOKEN_MOST] if moved[i] > 0]
    for word, rows in (("Less", less), ("More", more)):
        parts = [f"{goods.rows[i]} ({goods.scale.step(int(moved[i]))})" for i in rows]
        text += f" {word} than in {base(draft)} is earned with {listed(parts)}." if parts else ""
    return text


def margin_sentence(draft: Draft) -> str:
    """Say what trade and transport earn, whose exports are in part margins on other exports."""
    found = draft.findings
    known = classification("wiod2016")
    codes = found.plan.economy.products.codes
    if not all(code in known for code in codes):
        return ""
    rows = [codes.index(code) for code in MARGINS if code in codes]
    scale = found.account.scale
    then = float(observed(found.plan, "exports")[rows].sum())
    now = float(paid(found.plan, "exports")[rows, -1].sum())
    if then <= 0:
        return ""
    mine, goods = volume(found.now, draft.last, rows), volume(found.then, draft.last, rows)
    growth = mine / goods - 1 if goods > 0 else 0.0
    text = (
        f"Trade and transport ({MARGINS[0]} to {MARGINS[-1]}) earned {scale.words(then)} of that "
        f"in {base(draft)} and earn {scale.words(now)} in {draft.when(draft.last)}; in volume they "
        f"are {draft.below(growth)} {found.against}. In the table these exports are in part the "
        "margins of trade and pipelines on exported goods."
    )
    if growth > ALIKE:
        text += (
            " Here more of them is sold while less may be sold of the goods: read it as too easy "
            "an answer."
        )
    return text


def volume(standing: Standing, period: str, rows: Sequence[int]) -> float:
    """Return exports of some products at base prices."""
    codes = [standing.exports.index[row] for row in rows]
    return sum(cell(standing.exports, code, period) for code in codes)


# ---- tables ------------------------------------------------------------------------------


def short(draft: Draft, kind: str, *, owners: Sequence[str]) -> Goods:
    """Return base, the plan's first, third and last period and tail, and the others' last."""
    found = draft.findings
    scale, last = found.account.scale, len(found.years) - 1
    heads = {t: draft.when(found.years[t]) for t in picked(found.years)}
    columns = [base_column(found.plan, kind, head=base(draft), scale=scale)]
    columns += columns_of(found.plan, kind, heads=heads, scale=scale)
    columns.append(after_column(found.plan, kind, head=draft.after, scale=scale))
    for name, plan in others(draft):
        head = {last: f"{draft.when(draft.last)}, {name}"}
        columns += columns_of(plan, kind, heads=head, scale=scale)
    return goods_of(columns, owners=owners, scale=scale)


def flow_table(draft: Draft, goods: Goods, kind: str) -> Table:
    """Return the largest rows, what the others come to together, and the sum."""
    fields = {"exports": "trade.exports", "imports": "trade.imports_other"}
    return Table(
        caption=CAPTIONS[kind].format(unit=goods.scale.unit),
        head=("", *goods.heads),
        rows=flow_rows(goods, most=SHOWN_MOST),
        note=(
            f"At the prices of each {draft.findings.names.period}. Every column adds up as "
            f"printed, to the foreign account; \u201c{draft.after}\u201d is not in it: one "
            f"{draft.findings.names.period} that stands for all after. " + draft.cited(*EXTERNAL)
        ),
        estimated=draft.findings.estimated(fields[kind]),
    )


def flow_rows(goods: Goods, *, most: int) -> tuple[Row, ...]:
    """Return the largest rows, the others as one, and the sum."""
    shown = goods.largest()[:most]
    rows = [Row((goods.rows[i], *amounts(goods, goods.counts[i]))) for i in shown]
    count = len(goods.largest()) - len(shown)
    if count > 0:
        rows.append(Row((f"{count} others", *amounts(goods, goods.rest(shown))), "part"))
    rows.append(Row(("Together", *amounts(goods, goods.totals)), "sum"))
    return tuple(rows)


def amounts(goods: Goods, counts: Integers) -> list[str]:
    """Return counts as cells."""
    return [goods.scale.amount_of_step(int(count)) for count in counts]


def every_table(draft: Draft) -> tuple[Table, ...]:
    """Return exports and imports by product, a few plans side by side in each table."""
    every = [("this plan", draft.findings.plan), *others(draft)]
    parts = [every[first : first + BESIDE_MOST] for first in range(0, len(every), BESIDE_MOST)]
    return tuple(beside_table(draft, kind, part) for kind in CAPTIONS for part in parts)


def beside_table(draft: Draft, kind: str, plans: Sequence[tuple[str, Plan]]) -> Table:
    """Return a flow by product under some plans: base, and of each first, third and last period."""
    found = draft.findings
    scale = found.account.scale
    columns = [base_column(found.plan, kind, head=base(draft), scale=scale)]
    for name, plan in plans:
        heads = {t: f"{draft.when(found.years[t])}, {name}" for t in picked(found.years)}
        columns += columns_of(plan, kind, heads=heads, scale=scale)
    goods = goods_of(columns, owners=labels(draft), scale=scale)
    names = listed([name for name, _ in plans])
    return Table(
        caption=f"{kind.capitalize()} by product, {scale.unit}: {names}",
        head=("", *goods.heads),
        rows=flow_rows(goods, most=EVERY_MOST),
        note=draft.cited(*EXTERNAL),
    )
