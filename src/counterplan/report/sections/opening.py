"""The opening: the headline in numbers and words."""

from counterplan.plan.certificate import RECOMPUTED, STATED
from counterplan.plan.plan import Plan
from counterplan.report.axes import share_format
from counterplan.report.blocks import (
    Block,
    Figure,
    Figures,
    Paragraph,
    Section,
    Tile,
    Tiles,
)
from counterplan.report.charts import Line, lines
from counterplan.report.draft import ALIKE, CAPITAL, EXTERNAL, PRODUCTION, Draft
from counterplan.report.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE
from counterplan.report.frames import cell, deepest, entry, highest, line, lowest, series
from counterplan.report.ledger import ACCOUNT, ANSWERED, TAKEN, Ledger
from counterplan.report.names import clean
from counterplan.report.numbers import change, figure, listed, percent, points
from counterplan.report.sections.cost import loss_chart
from counterplan.report.sections.request import differs
from counterplan.report.sections.standstill import finding
from counterplan.report.sections.years_after import far_off, further
from counterplan.report.variants import indicators

COURSE = {
    "household consumption": ("Consumption", BLUE),
    "investment": ("Investment", ORANGE),
    "output": ("Output", BLACK),
    "imports": ("Imports", GREEN),
    "exports": ("Exports", PURPLE),
}
# What an answer is called when it helps, and when it works the other way.
OPPOSITES = {
    "Drawn from reserves": ("reserves", "reserves built up"),
    "New credit": ("new credit", "less new credit"),
    "Smaller transfers abroad": ("smaller transfers abroad", "larger transfers abroad"),
    "Fewer imports": ("fewer imports", "more imports"),
    "Volume of exports": ("larger volumes of exports", "smaller volumes of exports"),
    "Smaller repayments": ("smaller repayments", "repayments"),
    "Left unused": ("currency no longer left over", "currency left unused"),
}

# Answers that a mandate allows, and what the other one asks.
ALLOWED = {
    "Drawn from reserves": "are reserves drawn that the plan without the shock has to keep",
    "New credit": "are new credit that the plan without the shock may not take",
    "Smaller transfers abroad": "are transfers that the plan without the shock has to let go",
}


def headline(draft: Draft) -> Section:
    """Return the headline: tiles, the numbers that matter in words, and the main totals."""
    cost = [*loss_sentences(draft), consumption_sentence(draft), investment_sentence(draft)]
    reasons = [currency_sentence(draft), bottleneck_sentence(draft)]
    choices = [*variant_sentences(draft), finding(draft)]
    proof = [far_off(draft), further(draft), certificate_sentence(draft)]
    blocks: list[Block] = [
        Tiles(tiles(draft)),
        *paragraphs(cost, [outflow(draft)]),
        Figures((course(draft), *loss_chart(draft))),
        *paragraphs(reasons, choices, proof),
    ]
    return Section("short", "In short", tuple(blocks))


def paragraphs(*groups: list[str]) -> list[Paragraph]:
    """Return groups of sentences as paragraphs, without those that have nothing to say."""
    texts = [" ".join(sentence for sentence in group if sentence) for group in groups]
    return [Paragraph(text) for text in texts if text]


def tiles(draft: Draft) -> tuple[Tile, ...]:
    """Return the numbers that matter most, four at most."""
    found = draft.findings
    level, last = found.level, draft.last
    shown = []
    if found.loss is not None and found.loss.part(TAKEN).any():
        taken = found.loss.part(TAKEN)
        text = f"{found.loss.scale.unit} of foreign currency through the shock, over {draft.span}"
        shown.append(Tile(found.loss.scale.step(int(taken.sum())), text))
    consumption = series(level, "household consumption")
    low, share = lowest(consumption)
    if low != last:
        text = f"household consumption in {draft.when(low)}, its lowest against {found.against}"
        shown.append(Tile(change(share), text))
    text = f"household consumption in {draft.when(last)} against {found.against}"
    shown.append(Tile(change(entry(consumption, last)), text))
    if "investment" in level.index:
        text = f"investment in {draft.when(last)} against {found.against}"
        shown.append(Tile(change(cell(level, "investment", last)), text))
    return tuple(shown)


def loss_sentences(draft: Draft) -> list[str]:
    """Say what the shock takes and how it is met."""
    loss = draft.findings.loss
    if loss is None:
        return [f"This plan is measured against {draft.findings.against}."]
    taken = loss.part(TAKEN)
    if not taken.any():
        return ["The shock takes no foreign currency by itself."]
    verb = "takes" if taken.sum() <= 0 else "brings"
    first = ""
    if taken[0] and len(taken) > 1:
        first = f"{loss.words(int(taken[0]))} in {draft.when(draft.first)} and "
    told = [
        f"Against the plan without it, the shock {verb} {first}{loss.words(int(taken.sum()))} of "
        f"foreign currency over {draft.span}."
    ]
    return [*told, *answer_sentences(draft, loss)]


def answer_sentences(draft: Draft, loss: Ledger) -> list[str]:
    """Say how the loss is met, the largest answer first."""
    sums = {row: int(loss.entry(row).sum()) for row in ANSWERED}
    ordered = sorted(sums.items(), key=lambda item: -abs(item[1]))

    def told(way: int) -> list[str]:
        return [
            f"{OPPOSITES[row][0 if way > 0 else 1]} ({loss.scale.amount_of_step(abs(count))})"
            for row, count in ordered
            if count * way > 0
        ]

    said = []
    if told(+1):
        against = f"; {listed(told(-1))} work the other way" if told(-1) else ""
        said.append(f"It is met, in {loss.scale.unit}, by {listed(told(+1))}{against}.")
    if differs(draft):
        said.append(mandated(draft, loss))
    return said


def mandated(draft: Draft, loss: Ledger) -> str:
    """Say which part of the answer is open to this plan only because its mandate is another."""
    reference = draft.findings.reference
    assert reference is not None, "only called where the mandates differ"
    mine, its = leeway(draft.findings.plan), leeway(reference)
    counts = {row: int(loss.entry(row).sum()) for row in ALLOWED}
    parts = [
        f"{loss.words(count)} {ALLOWED[row]}"
        for row, count in counts.items()
        if count > 0 and mine[row] > its[row]
    ]
    if not parts:
        return "Part of the difference is another mandate, not only the shock: see what was asked."
    return (
        f"Of this, {listed(parts)}: that part of the answer is another mandate, not the plan's "
        "skill. See what was asked, below."
    )


def leeway(plan: Plan) -> dict[str, float]:
    """Return how much of each answer a plan's mandate allows, in an order of its own."""
    foreign, held = plan.scenario.mandate.foreign, plan.economy.accounts.reserves
    kept = held if foreign.reserves_floor is None else foreign.reserves_floor
    return {
        "Drawn from reserves": -kept,
        "New credit": sum(foreign.credit.values()),
        "Smaller transfers abroad": -foreign.surplus,
    }


def outflow(draft: Draft) -> str:
    """Say what share of the observed outflow abroad the plan has to keep up: a choice of size."""
    found = draft.findings
    account, plan = found.account, found.plan
    base = plan.economy.accounts.transfers
    if base == 0:
        return ""
    share = plan.scenario.mandate.foreign.surplus
    kept = "all" if share == 1 else percent(share, digits=0) if share else "nothing"
    counts = account.entry(ACCOUNT["transfers"])
    way, reason = ("outflow", "which the trade surplus pays for")
    if base < 0:
        way, reason = ("inflow", "which pays for the trade deficit")
    text = (
        f"Assumed, and of weight: {kept} of the net {way} abroad that was observed in "
        f"{draft.when(str(plan.economy.base_period))} ({account.scale.words(base)} of incomes, "
        f"capital and services, {reason}) goes on, on the trend"
    )
    if share:
        text += f": {account.words(int(counts.sum()))} over {draft.span}"
    earned = int(account.entry(ACCOUNT["exports"]).sum())
    if share and base > 0 and earned > 0:
        part = percent(-int(counts.sum()) / earned, digits=0)
        text += f", {part} of what exports earn, which the plan may not spend on imports"
    return f"{text}. That is a choice of the mandate, not a law: another plan can let less go."


def consumption_sentence(draft: Draft) -> str:
    """Say where households stand at the worst and at the end."""
    found = draft.findings
    level = series(found.level, "household consumption")
    (low, share), last = lowest(level), draft.last
    text = f"Household consumption is lowest in {draft.when(low)}, {draft.below(share)} "
    text += found.against
    if low != last:
        text += f", and stands {draft.below(entry(level, last))} it in {draft.when(last)}"
    return text + "."


def investment_sentence(draft: Draft) -> str:
    """Say where investment stands."""
    if "investment" not in draft.findings.level.index:
        return ""
    low, share = lowest(series(draft.findings.level, "investment"))
    return f"Investment is lowest in {draft.when(low)}, {draft.below(share)} it."


def currency_sentence(draft: Draft) -> str:
    """Say how dear foreign currency becomes."""
    values = draft.findings.now.currency.fillna(0.0)
    high, worth = highest(values)
    if worth <= 0:
        return ""
    unsure = " In the first period another figure may prove the plan as well."
    return (
        f"Foreign currency is dearest in {draft.when(high)}: one unit is then worth "
        f"{figure(worth, digits=2)} times what it was worth in the base period, measured in what "
        "households consume." + (unsure if high == draft.first else "")
    )


def bottleneck_sentence(draft: Draft) -> str:
    """Name the tightest capacity."""
    worth = draft.findings.worth
    if not worth.order:
        return ""
    item = worth.tightest()
    period, high = worth.peak(item)
    return (
        f"The tightest capacity of any weight is {draft.findings.names.capital[item]}: one more "
        f"unit of it in {draft.when(period)} would be worth {figure(high, digits=2)} times what "
        "building it costs the plan, both at the plan's own valuations."
    )


def variant_sentences(draft: Draft) -> list[str]:
    """Say what each variant changes by the last period."""
    found, last = draft.findings, draft.last
    told = []
    for variant in found.variants:
        mine = indicators(found.now, found.then, variant.branches)
        its = indicators(variant.standing, found.then, variant.branches)
        gap = (1 + its.consumption_last) / (1 + mine.consumption_last) - 1
        told.append(
            f"Under the variant \u201c{clean(variant.title)}\u201d household consumption in "
            f"{draft.when(last)} is {draft.below(gap)} this plan, and imports make up "
            f"{percent(its.dependence_last)} of all use at home instead of "
            f"{percent(mine.dependence_last)} "
            f"({points(its.dependence_last, mine.dependence_last)} points)."
        )
    return told


def certificate_sentence(draft: Draft) -> str:
    """Say whether the plan is proved."""
    plan = draft.findings.plan
    if plan.certificate.holds and plan.certificate.basis != RECOMPUTED:
        return (
            "The plan is not proved to be the best: recomputed from its saved numbers, every "
            f"condition holds; the bound over all choices of projects is {STATED}."
        )
    if plan.certificate.holds:
        return (
            "The plan is certified: recomputed from its saved numbers, every condition holds, and "
            "no plan under these rules can be better by more than the gap in the certificate."
        )
    return "The plan is NOT certified: see the certificate before using any of its figures."


def course(draft: Draft) -> Figure:
    """Draw the course of the main totals."""
    found = draft.findings
    level = found.level.loc[[name for name in COURSE if name in found.level.index]]
    shown = [
        Line(COURSE[str(name)][0], tuple(line(level, name)), COURSE[str(name)][1])
        for name in level.index
    ]
    name, period, share = deepest(level)
    title = f"No total falls below {found.against}"
    if share < -ALIKE:
        title = (
            f"Furthest down: {COURSE[name][0].lower()}, {draft.below(share)} {found.against} in "
            f"{draft.when(period)}"
        )
    return draft.picture(
        lines(shown, periods=draft.heads, unit=share_format(level.to_numpy().ravel()), rule=0.0),
        name="course",
        title=title,
        unit=f"Totals at base prices, difference from {found.against}",
        fields=(*PRODUCTION, *EXTERNAL, *CAPITAL),
    )
