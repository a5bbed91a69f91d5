"""Limits: how to read valuations, and what a plan does not say."""

import numpy as np
import pandas as pd

from counterplan.report.blocks import Block, Bullets, Paragraph, Section, Table, bold
from counterplan.report.corners import corners_of
from counterplan.report.draft import EXTERNAL, Draft, row
from counterplan.report.frames import cell, deepest, highest, line, lowest
from counterplan.report.names import clean
from counterplan.report.numbers import change, listed, percent

CORNER_MOST = 4
STEADY = 0.01  # output that falls by less leaves nobody without work
READING = (
    (
        "Valuation",
        "what one more unit is worth to the plan: how much better the mandate could be served. It "
        "is not a price that anybody pays.",
    ),
    (
        "The basket is the measure",
        "every valuation is divided by that of what households consume in the same {period}, so "
        "that 1 is the price observed in the base period. A valuation moves with its measure: a "
        "mandate that asks for a good as a need, not as part of the basket, can lower the headline "
        "of foreign currency while people consume the same. Compare valuations of one mandate.",
    ),
    (
        "Foreign currency",
        "above 1, one more unit is worth more to the plan than its observed price: imports are to "
        "be saved and exports won wherever that costs less. In the first {period} it need not be "
        "unique: trade has hardly room to answer, and where none leaves its first step (the dead "
        "zone) the valuation can lie anywhere between what that step costs either way.",
    ),
    (
        "Capacity",
        "worth over cost, both at the plan's valuations, above 1 says that building more would "
        "pay; the plan does not build more at once because quick changes of investment cost extra.",
    ),
    (
        "Small changes",
        "a valuation holds for a small change, with everything else free to adapt. Ten times the "
        "change is not worth ten times as much.",
    ),
    (
        "Not unique",
        "where two things are scarce together only their sum is certain. The certificate proves "
        "the plan and its value, not every single valuation.",
    ),
    ("Of any product", "counterplan explain DIR PRODUCT says why there is not more of it."),
)
LIMITS = (
    (
        "Not a forecast",
        "It says what would be best under these rules, not what will happen. Nothing here was "
        "tested as a forecast, and no skill in forecasting is claimed.",
    ),
    (
        "Everything works",
        "Orders are placed, paid and delivered; nobody is dismissed for want of credit. In crises "
        "without a plan output, sales and investment have fallen by more than plans like this "
        "show. The difference is not a measure of what planning would have saved.",
    ),
    (
        "What moves, and how fast, is assumed",
        "The costs of moving trade, output and investment are rules of the mandate, chosen so that "
        "the observed course is kept when nothing changes. That the first figures look like the "
        "observed ones is calibration, not evidence. A small shock may move little, because the "
        "first steps must pay for themselves.",
    ),
    (
        "The data",
        "What the makers of the tables say of them stands under Sources and grades: which years "
        "they extrapolated, what they counted together, what they left out. Read it before any "
        "figure of a single branch.",
    ),
    (
        "Estimates",
        "Capital and people by branch are estimates where they are marked. Read ranks and totals, "
        "not decimals of one branch.",
    ),
    (
        "After the horizon",
        "One more {period} stands for all {period}s after and often weighs more than the plan. "
        "The last planned {period}s depend on it more than the first. It is an average: it does "
        "not say in which {period} something happens.",
    ),
    (
        "A lasting shock lasts",
        "What the scenario says without an end is taken to hold for ever, and the plan knows it "
        "from the first day: a branch whose price falls for good is left to shrink.",
    ),
    (
        "One figure for many",
        "A product is an average of many, and a branch of many workplaces. Quality, delivery times "
        "and single suppliers are not in the table.",
    ),
)


def reading(draft: Draft) -> Section:
    """Say what valuations are and how to read them."""
    return Section("reading", "How to read valuations", (terms(draft, READING),))


def terms(draft: Draft, texts: tuple[tuple[str, str], ...]) -> Bullets:
    """Return a list of words in bold with their meaning."""
    period = draft.findings.names.period
    return Bullets(
        tuple(bold(word) + ": " + text.replace("{period}", period) for word, text in texts)
    )


def limits(draft: Draft) -> Section:
    """Say what the plan does not say, with this plan's own extremes."""
    odd = Bullets(oddities(draft), bold("Where this plan itself is at its most extreme"))
    blocks = (terms(draft, LIMITS), odd, *corner_blocks(draft))
    return Section("limits", "What this plan does not say", blocks)


def corner_blocks(draft: Draft) -> tuple[Block, ...]:
    """Return which trade stands at the end of what the rules price, with names."""
    found = draft.findings
    period = clean(found.names.period)
    rows = []
    for one in corners_of(found.plan):
        names = [found.names.products[code] for code in one.products()]
        shown = ", ".join(names[:CORNER_MOST])
        if len(names) > CORNER_MOST:
            shown += f" and {len(names) - CORNER_MOST} more"
        years = list(dict.fromkeys(year for _, year in one.spots))
        when = listed([draft.when(year) for year in sorted(years, key=found.years.index)])
        rows.append(row(one.what, [f"{len(one.spots)} of {one.every}", shown, when]))
    if not rows:
        return (Paragraph("No trade is at zero or at the end of the steps that the rules price."),)
    return (
        Table(
            caption="Trade at the end of what the rules allow",
            head=("", f"products times {period}s", "the largest observed first", "in"),
            rows=tuple(rows),
            note=(
                "Moving trade away from its observed course costs more with every step; beyond the "
                "last step nothing gets dearer, and at zero nothing is left to cut. There the "
                "table is pushed further than it was observed: take single figures as a direction. "
                + draft.cited(*EXTERNAL, by="docs/plan/bands.md")
            ),
            texts=4,
        ),
    )


def oddities(draft: Draft) -> tuple[str, ...]:
    """Return what a sceptical reader would look at first, from this plan's own figures."""
    found = draft.findings
    names, last = found.names.branches, draft.last
    output = found.now.output[found.now.output.min(axis=1) > 0]
    said = []
    if len(found.years) > 1 and len(output):
        yearly = output.pct_change(axis=1).iloc[:, 1:]
        branch, year, _ = deepest(-yearly.abs())
        trend = found.plan.outlook.trend[: len(found.years)]
        growth = output[last] / output[draft.first] * (trend[0] / trend[-1]) - 1
        (up, most), (down, least) = highest(growth), lowest(growth)
        said = [
            f"The quickest change of output within one {clean(found.names.period)}: "
            f"{names[branch]}, {change(cell(yearly, branch, year))} in {draft.when(year)}.",
            f"From {draft.when(draft.first)} to {draft.when(last)}, beyond the trend: "
            f"{names[up]} {change(most)}, {names[down]} {change(least)}.",
        ]
    none = still(found.now.investment[found.then.investment.max(axis=1) > 0])
    if none:
        shown = [f"{names[code]} in {draft.when(year)}" for code, year in none[:5]]
        said.append(f"No investment at all: {listed(shown)} ({len(none)} in all).")
    least_output = min(line(found.level, "output"))
    text = f"Total output is never lower than {percent(1 + least_output)} of {found.against}"
    idle = ": people and capacity keep working, on other things" if least_output > -STEADY else ""
    said.append(f"{text}{idle}.")
    return tuple(said)


def still(invested: pd.DataFrame) -> list[tuple[str, str]]:
    """Return branch and period wherever nothing is invested."""
    least = 1e-6 * invested.max(axis=1).to_numpy()
    rows, columns = np.nonzero(invested.to_numpy() <= least[:, None])
    return [
        (str(invested.index[int(i)]), str(invested.columns[int(t)]))
        for i, t in zip(rows, columns, strict=True)
    ]
