"""Trade: the foreign account, the valuation of foreign currency, and import dependence."""

from counterplan.plan.plan import Plan
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
from counterplan.report.charts import Bar, Line, bars, lines
from counterplan.report.draft import EXTERNAL, Draft, row, shares
from counterplan.report.drawing import BLUE, ORANGE
from counterplan.report.frames import entry, highest, largest_first, line
from counterplan.report.ledger import ACCOUNT
from counterplan.report.numbers import figure, percent, scale_of
from counterplan.report.sections.payments import payments
from counterplan.report.sections.plans import palette, standings, titles
from counterplan.report.still import in_words, still_years
from counterplan.report.variants import dependents

YEAR_MONTHS = 12.0
SHARES = ("trade.imports_other", "trade.imports_investment", "techniques.use")


def trade(draft: Draft) -> Section:
    """Return trade and foreign currency."""
    found = draft.findings
    all_now, all_then = found.now.dependence_of_all(), found.then.dependence_of_all()
    last = draft.last
    blocks: list[Block] = [
        account_table(draft),
        *payments(draft),
        Figures((currency_chart(draft), *dependence_chart(draft))),
        Paragraph(steadiness(draft)),
        Paragraph(
            f"Of everything used at home, {percent(entry(all_now, last))} is imported in "
            f"{draft.when(last)}, against {percent(entry(all_then, last))} in {found.against}. "
            "A product that nobody at home makes is wholly imported under every plan; the chart "
            "leaves those out. What was never traded before is not traded in the plan either."
        ),
        Fold("Imported share of use by product", (draft.clipped(dependence_table(draft)),)),
    ]
    return Section("trade", "Trade and foreign currency", tuple(blocks))


def account_table(draft: Draft) -> Table:
    """Return the foreign account, which adds up to zero, and the reserves."""
    found = draft.findings
    account = found.account
    rows = []
    for name in account.present(tuple(ACCOUNT.values())):
        counts = account.entry(name)
        rows.append(row(name, [account.scale.step(int(n)) for n in (*counts, counts.sum())]))
    every = account.part(account.rows)
    cells = [account.scale.step(int(n)) for n in (*every, every.sum())]
    rows.append(Row(("Sum", *cells), "sum"))
    held = found.plan.reserves()
    kept = [account.scale.amount(float(value)) for value in held]
    rows.append(Row(("Reserves at the end", *kept, ""), "part"))
    rows.append(Row((cover_name(draft), *map(figure, cover(found.plan)), ""), "part"))
    terms = [figure(100 * float(value)) for value in found.now.terms.iloc[:-1]]
    base = draft.when(str(found.plan.economy.base_period))
    rows.append(Row((f"Terms of trade, {base} = 100", *terms, ""), "part"))
    start = account.scale.words(found.plan.outlook.reserves)
    return Table(
        caption=f"Foreign account, {account.scale.unit}",
        head=("", *draft.heads, "all"),
        rows=tuple(rows),
        note=(
            f"What comes in is above zero. At the start there were {start} of reserves. Rounded so "
            "that every column and row adds up. "
            + draft.cited(*EXTERNAL, by="Plan.foreign_account")
        ),
        estimated=found.estimated(*EXTERNAL),
    )


def cover(plan: Plan) -> list[float]:
    """Return for how long reserves would pay for imports as in that period, by period.

    In months where periods are years, in periods otherwise; nan without imports.
    """
    paid = [-one for one in line(plan.foreign_account(), "imports")]
    months = YEAR_MONTHS if plan.economy.period == "year" else 1.0
    held = [float(value) for value in plan.reserves()]
    return [months * r / m if m > 0 else float("nan") for r, m in zip(held, paid, strict=True)]


def cover_name(draft: Draft) -> str:
    """Return what that row is called."""
    yearly = draft.findings.plan.economy.period == "year"
    return f"The same in {'month' if yearly else draft.findings.names.period}s of imports"


def currency_chart(draft: Draft) -> Figure:
    """Draw the valuation of foreign currency."""
    found = draft.findings
    series = [
        Line(name, tuple(one.currency.fillna(0.0)), colour)
        for name, one, colour in zip(titles(draft), standings(draft), palette(draft), strict=True)
    ]
    high, worth = highest(found.now.currency.fillna(0.0))
    return draft.picture(
        lines(series, periods=draft.heads, unit=".2f", rule=1.0),
        name="currency",
        title=(f"Foreign currency is worth most in {draft.when(high)}: {figure(worth, digits=2)}"),
        unit=(
            f"Worth of one unit ({found.plan.economy.trade.currency}) against that of what "
            "households consume; 1 = as observed"
        ),
        fields=EXTERNAL,
    )


def steadiness(draft: Draft) -> str:
    """Say where the valuation of currency need not be the only one."""
    found = draft.findings
    plans = [*([found.reference] if found.reference else []), found.plan]
    plans += [variant.plan for variant in found.variants]
    parts = []
    for name, plan in zip(titles(draft), plans, strict=True):
        if years := still_years(plan):
            parts.append(f"{name}: {in_words(years, found.years, draft.when)}")
    text = (
        f"The valuation of foreign currency in {draft.when(draft.first)} need not be the only one "
        "that proves the plan: trade has hardly room to answer yet."
    )
    if parts:
        text += (
            " So it is where no trade leaves its first step: there it may be anything between what "
            f"that step costs either way ({'; '.join(parts)})."
        )
    return text


def dependence_chart(draft: Draft) -> tuple[Figure, ...]:
    """Draw how the imported share of the most imported products moves.

    Only products that are also made at home; the others are wholly imported under every plan.
    Nothing where there is none.
    """
    found, last = draft.findings, draft.last
    then, now = found.then.dependence()[last], found.now.dependence()[last]
    rows, moves = [], {}
    for code in dependents(found.now):
        before, after = entry(then, code), entry(now, code)
        moves[code] = after - before
        text = f"{percent(before)} \u2192 {percent(after)}"
        colour = BLUE if after <= before else ORANGE
        rows.append(Bar(found.names.products[code], 100 * (after - before), text, colour))
    if not moves:
        return ()
    code = max(moves, key=lambda one: abs(moves[one]))
    title = (
        f"{found.names.products[code]}: {percent(entry(now, code))} imported in "
        f"{draft.when(last)}, {percent(entry(then, code))} {against(draft)}"
    )
    chart = draft.picture(
        bars(rows, title=""),
        name="dependence",
        title=title,
        unit=(
            f"Imported share of all use in {draft.when(last)}, {against(draft)} \u2192 in this "
            "plan; bars: change in points; the most imported products"
        ),
        fields=SHARES,
    )
    return (chart,)


def dependence_table(draft: Draft) -> Table:
    """Return the imported share by product, the largest imports first."""
    found = draft.findings
    share, then = found.now.dependence(), found.then.dependence()[draft.last]
    bought = found.now.imports[draft.last]
    scale = scale_of(found.plan.economy.currency, float(bought.max()))
    rows = tuple(
        Row(
            (
                found.names.products[code],
                scale.amount(entry(bought, code)),
                *shares(line(share, code)),
                percent(entry(then, code)),
            )
        )
        for code in largest_first(bought)
        if entry(bought, code) > 0
    )
    return Table(
        caption="Imported share of domestic use",
        head=(
            "",
            f"imports {draft.when(draft.last)}, {scale.unit}",
            *draft.heads,
            f"{draft.when(draft.last)}, {against(draft)}",
        ),
        rows=rows,
        note=draft.cited(*SHARES, by="Plan.import_dependence"),
        estimated=found.estimated(*SHARES),
    )


def against(draft: Draft) -> str:
    """Return a short name of what the plan is measured against."""
    return "without the shock" if draft.findings.reference is not None else "observed"
