"""Branches: output and investment."""

import pandas as pd

from counterplan.report.blocks import (
    Block,
    Figure,
    Figures,
    Fold,
    Paragraph,
    Row,
    Section,
    Table,
)
from counterplan.report.charts import Bar, bars
from counterplan.report.draft import ALIKE, CAPITAL, PRODUCTION, Draft, changes
from counterplan.report.drawing import BLUE, ORANGE
from counterplan.report.frames import cell, entry, highest, largest_first, line, lowest
from counterplan.report.numbers import change, listed

BRANCHES_MOST = 36
VERBS = {"output": "Plan.output_by_branch", "investment": "Plan.investment"}


def branches(draft: Draft) -> Section:
    """Return output and investment by branch."""
    found = draft.findings
    blocks: list[Block] = [
        Paragraph(
            f"All amounts at base prices, against {found.against}. Investment by branch rests on "
            "estimated capital where it is marked: read the ranks and the direction, not the "
            "decimals."
        ),
        Figures((output_chart(draft), investment_chart(draft))),
        Fold(
            "Output and investment by branch and period",
            (draft.clipped(output_table(draft)), draft.clipped(investment_table(draft))),
        ),
    ]
    return Section("branches", "Output and investment by branch", tuple(blocks))


def compared(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return now / then - 1 for the branches that had something, in falling order of size."""
    size = then.sum(axis=1)
    kept = [code for code in largest_first(size) if entry(size, code) > 0]
    return now.loc[kept] / then.loc[kept] - 1


def branch_bars(draft: Draft, values: pd.Series) -> list[Bar]:
    """Return the largest branches as bars, the strongest growth first."""
    shown = values.head(BRANCHES_MOST)
    return [
        Bar(
            draft.findings.names.branches[code],
            entry(shown, code),
            change(entry(shown, code)),
            BLUE if entry(shown, code) >= 0 else ORANGE,
        )
        for code in largest_first(shown)
    ]


def extremes(draft: Draft, values: pd.Series) -> str:
    """Return the branches with the highest and the lowest value in words."""
    names = draft.findings.names.branches
    if values.abs().max() < ALIKE:
        return f"Every branch stays level with {draft.findings.against}"
    (high, most), (low, least) = highest(values), lowest(values)
    parts = []
    if most > ALIKE:
        parts.append(f"{names[high]} gains most ({change(most)})")
    if least < -ALIKE:
        parts.append(f"{names[low]} loses most ({change(least)})")
    return listed(parts)


def output_chart(draft: Draft) -> Figure:
    """Draw output in the last period by branch."""
    found = draft.findings
    level = compared(found.now.output, found.then.output)[draft.last]
    return draft.picture(
        bars(branch_bars(draft, level), title=""),
        name="output",
        title=extremes(draft, level),
        unit=f"Output in {draft.when(draft.last)}, difference from {found.against}",
        fields=PRODUCTION,
    )


def investment_chart(draft: Draft) -> Figure:
    """Draw investment over all periods by branch."""
    found = draft.findings
    level = compared(
        found.now.investment.sum(axis=1).to_frame("all"),
        found.then.investment.sum(axis=1).to_frame("all"),
    )["all"]
    return draft.picture(
        bars(branch_bars(draft, level), title=""),
        name="investment",
        title=extremes(draft, level),
        unit=f"Investment over {draft.span}, difference from {found.against}",
        fields=CAPITAL,
    )


def output_table(draft: Draft) -> Table:
    """Return output by branch."""
    found = draft.findings
    return branch_table(
        draft,
        "output",
        caption=f"Output against {found.against}",
        fields=PRODUCTION,
    )


def investment_table(draft: Draft) -> Table:
    """Return investment by branch."""
    found = draft.findings
    return branch_table(
        draft,
        "investment",
        caption=f"Investment against {found.against}",
        fields=CAPITAL,
    )


def branch_table(
    draft: Draft,
    kind: str,
    *,
    caption: str,
    fields: tuple[str, ...],
) -> Table:
    """Return one table by branch: the last period's amount, and the differences."""
    found = draft.findings
    now, then = getattr(found.now, kind), getattr(found.then, kind)
    level = compared(now, then)
    later = found.now.later[kind] / found.then.later[kind] - 1
    rows = tuple(
        Row(
            (
                found.names.branches[str(code)],
                found.money.amount(cell(now, code, draft.last)),
                *changes((*line(level, code), entry(later, str(code)))),
            )
        )
        for code in level.index
    )
    return Table(
        caption=caption,
        head=("", f"{draft.when(draft.last)}, {found.money.unit}", *draft.heads, draft.after),
        rows=rows,
        note=draft.cited(*fields, by=VERBS[kind]),
        estimated=found.estimated(*fields),
    )
