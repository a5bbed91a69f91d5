"""The proof: certificate, sources and grades, how to read valuations, and what is not said."""

import numpy as np
import pandas as pd

from counterplan.plan.certificate import GAP_MAX, RESIDUAL_MAX, Certificate
from counterplan.plan.plan import Plan
from counterplan.report.blocks import (
    Block,
    Bullets,
    Fold,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    bold,
    rows_of,
)
from counterplan.report.draft import Draft, row
from counterplan.report.frames import cell, deepest, highest, line, lowest
from counterplan.report.names import clean
from counterplan.report.numbers import NOTHING, change, figure, listed, percent, power


def certificate(draft: Draft) -> Section:
    """Return the certificate in words and by family."""
    plan = draft.findings.plan
    proof = plan.certificate
    blocks: list[Block] = [
        Paragraph(verdict(plan)),
        Paragraph(
            f"The plan's value to the mandate is {figure(proof.value, digits=1)}, and the saved "
            f"valuations prove that no plan under the same rules is worth more than "
            f"{figure(proof.bound, digits=1)} (in {clean(plan.economy.currency)}, discounted). The "
            f"difference is {power(proof.gap)} of the value of the baskets asked for in the "
            f"planned periods; at most {power(GAP_MAX)} is allowed. The worst condition is missed "
            f"by {power(proof.residual)} of its largest term; at most {power(RESIDUAL_MAX)} is "
            "allowed. No solver takes part in this: it is recomputed from the saved numbers alone."
        ),
        Paragraph("To check it: counterplan verify DIR, where DIR is the folder of the plan."),
        Fold("Every family of conditions", (family_table(proof),)),
    ]
    return Section("certificate", "The certificate", tuple(blocks))


def verdict(plan: Plan) -> Text:
    """Say whether the plan is proved, and what that means."""
    if plan.certificate.holds:
        return (
            "The plan is certified. It keeps every condition, and under these rules no other plan "
            "serves the mandate better. This proves the arithmetic. It does not prove that the "
            "data are true, or that the rules are the right ones."
        )
    return bold(
        "The plan is NOT certified: a condition is missed, or a better plan may exist. None of the "
        "figures on this page should be used."
    )


def family_table(proof: Certificate) -> Table:
    """Return residual by family, the worst first."""
    ordered = sorted(proof.residuals, key=lambda one: -one.relative)
    rows = tuple(
        row(
            one.family.replace("_", " "),
            [
                f"{one.rows:,}",
                power(one.relative),
                power(one.absolute),
                clean(one.place) if one.absolute > 0 else NOTHING,
            ],
        )
        for one in ordered
    )
    bounds = row("bounds of the variables", ["", power(proof.outside), "", ""])
    whole = row("whole numbers", ["", power(proof.fractional), "", ""])
    return Table(
        caption="How far each family of conditions is from holding",
        head=("", "conditions", "largest, relative", "largest, in units", "where"),
        rows=(*rows, bounds, whole),
        note="A limit on one family's worst row is the limit for the whole plan.",
    )


def provenance(draft: Draft) -> Section:
    """Return sources, grades, and the notes of the economy's makers."""
    economy = draft.findings.plan.economy
    sources = draft.sources
    rows = [
        Row(
            (
                str(one.number),
                one.text,
                spelled(one.fields),
                listed(sorted({str(grade) for _, grade in one.fields})),
                one.licence or NOTHING,
            )
        )
        for one in sources.listed
    ]
    blocks: list[Block] = [
        Paragraph(
            "Every figure of the economy is observed (published as it stands), derived (computed "
            "from published figures) or estimated. Where a chart or table shows figures that rest "
            "on estimates it carries the mark \u201cest.\u201d. In a plan everything hangs "
            "together: what is not marked also moves when an estimate does, only less."
        )
    ]
    if rows:
        head = ("", "source", "of what", "grade", "licence")
        blocks.append(Table("Sources", head, tuple(rows), texts=5))
    if sources.unstated:
        fields = listed([field.replace(".", ": ").replace("_", " ") for field in sources.unstated])
        blocks.append(Paragraph(f"No source is stated for: {fields}."))
    if economy.notes:
        blocks.append(Bullets(tuple(clean(n) for n in economy.notes), bold("Notes of its makers")))
    return Section("sources", "Sources and grades", tuple(blocks))


def spelled(fields: tuple[tuple[str, object], ...]) -> str:
    """Return fields in words: "trade: exports, imports for investment"."""
    tables: dict[str, list[str]] = {}
    for field, _ in fields:
        table, _, name = field.partition(".")
        tables.setdefault(table, []).append(name.replace("_", " "))
    parts = [
        f"{table} ({', '.join(filter(None, dict.fromkeys(n)))})" for table, n in tables.items()
    ]
    return "; ".join(part.replace(" ()", "") for part in parts)


def reading(draft: Draft) -> Section:
    """Say what valuations are and how to read them."""
    currency = clean(draft.findings.plan.economy.trade.currency)
    texts = (
        ("Valuation", "what one more unit is worth to the plan: how much better the mandate could "
         "be served. It is not a price that anybody pays."),
        ("The basket is the measure", "every valuation is divided by that of what households "
         "consume in the same period, so that 1 is the price observed in the base period."),
        ("Foreign currency", f"above 1, one more unit ({currency}) is worth more to the plan than "
         "its observed price: imports are to be saved, exports to be won, wherever that costs "
         "less."),
        ("Capacity", "worth over cost above 1 says that building more would pay; the plan does not "
         "build more at once because quick changes of investment cost extra."),
        ("Small changes", "a valuation holds for a small change, with everything else free to "
         "adapt. Ten times the change is not worth ten times as much."),
        ("Not unique", "where two things are scarce together only their sum is certain. The "
         "certificate proves the plan and its value, not every single valuation."),
        ("Of any product", "counterplan explain DIR PRODUCT says why there is not more of it."),
    )  # fmt: skip
    return Section(
        "reading", "How to read valuations", (Bullets(tuple(term(*text) for text in texts)),)
    )


def term(word: str, text: str) -> Text:
    """Return a word in bold with its meaning."""
    return bold(word) + ": " + text


def limits(draft: Draft) -> Section:
    """Say what the plan does not say, with this plan's own extremes."""
    found = draft.findings
    period = clean(found.names.period)
    general = (
        ("Not a forecast", "It says what would be best under these rules, not what will happen. "
         "Nothing here was tested as a forecast, and no skill in forecasting is claimed."),
        ("Everything works", "Orders are placed, paid and delivered; nobody is dismissed for want "
         "of credit. In crises without a plan output, sales and investment fall by more than any "
         "plan shows. The difference is not a measure of what planning would have saved."),
        ("What moves, and how fast, is assumed", "The costs of moving trade, output and investment "
         "are rules of the mandate, chosen so that the observed course is kept when nothing "
         "changes. That the first figures look like the observed ones is calibration, not "
         "evidence. A small shock may move little, because the first steps must pay for "
         "themselves."),
        ("Estimates", "Capital and people by branch are estimates where they are marked. Read "
         "ranks and totals, not decimals of one branch."),
        ("After the horizon", f"One more period stands for all {period}s after. The last planned "
         f"{period}s depend on it more than the first."),
        ("A lasting shock lasts", "What the scenario says without an end is taken to hold for "
         "ever, and the plan knows it from the first day: a branch whose price falls for good is "
         "left to shrink."),
        ("One figure for many", "A product is an average of many, and a branch of many workplaces. "
         "Quality, delivery times and single suppliers are not in the table."),
    )  # fmt: skip
    blocks: list[Block] = [Bullets(tuple(term(*text) for text in general))]
    odd = oddities(draft)
    if odd:
        blocks.append(Bullets(odd, bold("Where this plan itself is at its most extreme")))
    return Section("limits", "What this plan does not say", tuple(blocks))


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
    said.append(
        f"Total output is never lower than {percent(1 + least_output)} of {found.against}: "
        "everybody keeps working, on other things."
    )
    return tuple(said)


def still(invested: pd.DataFrame) -> list[tuple[str, str]]:
    """Return branch and period wherever nothing is invested."""
    least = 1e-6 * invested.max(axis=1).to_numpy()
    rows, columns = np.nonzero(invested.to_numpy() <= least[:, None])
    return [
        (str(invested.index[int(i)]), str(invested.columns[int(t)]))
        for i, t in zip(rows, columns, strict=True)
    ]


def names_section(draft: Draft) -> Section:
    """Return codes and names in full."""
    economy = draft.findings.plan.economy
    products, producers = economy.products, economy.producers
    goods = rows_of(
        [
            (clean(c), clean(n), clean(u))
            for c, n, u in zip(products.codes, products.names, products.units, strict=True)
        ]
    )
    owners = rows_of(
        [
            (clean(b), clean(n), clean(r) or NOTHING)
            for b, n, r in zip(producers.branches, producers.names, producers.regions, strict=True)
        ]
    )
    tables = (
        Table("Products", ("code", "name", "unit"), goods, texts=3),
        Table("Producers", ("branch", "name", "region"), owners, texts=3),
    )
    folds = tuple(Fold(str(t.caption), (draft.clipped(t),)) for t in tables)
    return Section("names", "Names in full", folds)
