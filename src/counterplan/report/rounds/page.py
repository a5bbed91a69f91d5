"""The page of a dialogue: how the rounds went, who moved the plan and why."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from counterplan import __version__
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.dialogue.saved import PAGE
from counterplan.dialogue.sealed import write_aside
from counterplan.dialogue.whole import Whole
from counterplan.plan.certificate import PROMISE_MAX
from counterplan.report.blocks import (
    Block,
    Bullets,
    Paragraph,
    Section,
    Table,
    Text,
    Tile,
    Tiles,
    bold,
    rows_of,
)
from counterplan.report.names import clean, names_of
from counterplan.report.numbers import NOTHING, listed, percent, power
from counterplan.report.report import templates
from counterplan.report.rounds.chart import text_of
from counterplan.report.rounds.course import METHOD, rounds_section, stretches
from counterplan.report.rounds.history import Mixtures, saved_mixtures
from counterplan.report.rounds.movers import moves_section, strayed_section
from counterplan.report.rounds.moves import History
from counterplan.report.rounds.told import limits, log_section
from counterplan.report.sources import sources_of
from counterplan.report.texts import Teller


def write_dialogue(
    dialogue: Dialogue, state: State, folder: Path, *, whole: Whole | None = None
) -> None:
    """Write the page of a dialogue into its folder.

    Parameters
    ----------
    whole
        What came of one proposal for each workplace, where that was asked for.

    Raises
    ------
    InputError
        Where the file of a finished round is damaged or missing.
    """
    mixtures = saved_mixtures(folder, len(state.rounds))
    page = render_dialogue(dialogue, state, mixtures, whole=whole)
    write_aside(folder / PAGE, lambda file: file.write(page.encode()))


def render_dialogue(
    dialogue: Dialogue, state: State, mixtures: Mixtures, *, whole: Whole | None = None
) -> str:
    """Return the page of a dialogue as one HTML file.

    Parameters
    ----------
    mixtures
        In force after each round (:func:`counterplan.report.rounds.history.saved_mixtures`).
    whole
        What came of one proposal for each workplace, where that was asked for.
    """
    history = History(dialogue, state, mixtures)
    return str(
        templates()
        .get_template("dialogue.html")
        .render(
            title=f"How the dialogue went: {clean(dialogue.scenario.title)}",
            economy=clean(history.economy.title),
            sections=sections_of(history, whole),
            version=__version__,
        )
    )


def sections_of(history: History, whole: Whole | None) -> list[Section]:
    """Return all sections; those about a plan where there is one."""
    sections = [opening(history, whole), asked(history)]
    if history.state.rounds:
        sections.append(rounds_section(history))
    if history.state.mixture is not None:
        sections += [moves_section(history), strayed_section(history)]
    return [*sections, log_section(history.state), limits(), sources(history)]


# ---- in short -----------------------------------------------------------------------------------


def opening(history: History, whole: Whole | None) -> Section:
    """Return the numbers that matter."""
    state = history.state
    count = len(history.economy.producers)
    proposals = sum(int(one.answered.sum()) for one in state.pool)
    blocks: list[Block] = [
        Paragraph(
            f"{count:,} workplaces and a centre planned together in {rounds_of(len(state.rounds))}"
            ". The centre does not know what the workplaces can do. It says what each product, "
            "worker and unit of foreign currency is worth; each workplace answers with proposals "
            f"that it can carry out, {proposals:,} in all, drafts counted in; the centre mixes "
            "them. Nobody is assigned anything but a mixture of its own proposals."
        ),
        Tiles(tiles(history)),
        Paragraph(proof(history)),
    ]
    if whole is not None:
        blocks.append(Paragraph(undivided(whole)))
    return Section("short", "In short", tuple(blocks))


def tiles(history: History) -> tuple[Tile, ...]:
    """Return how many rounds there were, how far the plan is from the best, and what it gained."""
    state = history.state
    *before, now = stretches(state)
    under = f", {len(now)} of them under the quotas that stand now" if before else ""
    items = [Tile(f"{len(state.rounds)}", f"rounds were held{under}")]
    if state.mixture is None or not state.rounds:
        return (*items, Tile(NOTHING, "there is no plan that keeps every rule yet"))
    # What was proved under other quotas is of another problem.
    gap = state.rounds[-1].gap if now else history.plan.certificate.gap
    proved = isfinite(gap) and state.proved is not None
    return (
        *items,
        Tile(
            f"{text_of(100 * gap)}%" if proved else NOTHING,
            "of the consumption of the reported years: the most by which any plan could be better"
            if proved
            else "no bound is proved yet: not everybody has answered one and the same offer",
        ),
        gain(history, now),
    )


def gain(history: History, now: range) -> Tile:
    """Return what the rounds under the quotas that stand added to the value of their first plan."""
    if not now:
        return Tile(NOTHING, "was added yet: no round was held under the quotas that stand now")
    values = [history.state.rounds[number].value for number in now]
    first = next(one for one in values if isfinite(one))
    gained = (values[-1] - first) / history.dialogue.yardstick
    after = f"the rounds after that of round {now[0] + values.index(first) + 1}, the first under "
    rounds = f"{after}the quotas that stand," if now[0] else "the rounds after the first plan"
    return Tile(percent(gained, digits=2), f"of the same: what {rounds} added to its value")


def proof(history: History) -> str:
    """Return what is proved of the plan, and what is not."""
    state = history.state
    if state.mixture is None:
        return (
            "No mixture of the proposals keeps every shared rule yet. What is missing stands in "
            "the table of rounds; more rounds can find it."
        )
    certificate, proved = history.plan.certificate, state.proved
    keeps = (
        "Every rule of the plan is recomputed from the whole problem: the worst is missed by "
        f"{power(certificate.residual)} of its terms."
    )
    if proved is None:
        return f"{keeps} How much better another plan could be is not proved yet."
    answered = (
        f"Everybody's answer to the offer of round {proved.offer.number + 1} proves that no plan "
        f"is better by more than {text_of(100 * certificate.gap)}% of the consumption of the "
        "reported years"
    )
    if certificate.holds:
        return f"{keeps} {answered}. The plan promises {text_of(100 * certificate.gap_max)}%."
    return f"{keeps} {answered}: too much for a plan to promise anything, and none is published."


def undivided(whole: Whole) -> str:
    """Return what one proposal for each workplace costs, or that it was not found."""
    asked_for = (
        "In the end each workplace was to be assigned one of its own proposals and no mixture "
        "(--whole)"
    )
    if whole.mixture is None:
        worst = listed([f"{one.place} by {text_of(100 * one.share)}%" for one in whole.hindrances])
        return (
            f"{asked_for}. No such assignment was found that keeps every rule; the nearest misses "
            f"{worst}. The plan in the folder holds mixtures."
        )
    split = f"{whole.split:,} of {int(whole.who.sum()):,} workplaces"
    there = (
        "That is the plan in the folder; all that follows here tells of the mixtures"
        if whole.short <= PROMISE_MAX
        else "That is too much for a plan to promise anything: the one in the folder holds mixtures"
    )
    return (
        f"{asked_for}; the mixture had split {split}. It costs {text_of(100 * whole.loss)}% of the "
        "consumption of the reported years against the mixture, and no plan is better by more than "
        f"{text_of(100 * whole.short)}%. {there}."
    )


def rounds_of(count: int) -> str:
    """Return a number of rounds in words."""
    return "one round" if count == 1 else f"{count:,} rounds"


def asked(history: History) -> Section:
    """Return what was asked of the plan."""
    plan = history.plan
    names = names_of(plan.economy)
    teller = Teller(plan, names)
    shocks = [teller.shock(one) for one in plan.scenario.shocks]
    wishes = teller.mandate()
    years = listed([names.when(year) for year in plan.years])
    blocks: list[Block] = [
        Paragraph(
            f"\u201c{clean(plan.scenario.title)}\u201d, for {years} and the time after, which "
            "counts in the plan's value and is not reported. All amounts are in "
            f"{clean(plan.economy.currency)} of the base period."
        )
    ]
    if shocks:
        blocks.append(Bullets(tuple(shocks), bold("What changes against the base period")))
    if wishes:
        blocks.append(
            Bullets(tuple(wishes), bold("What the plan has to do beyond \u201cas usual\u201d"))
        )
    return Section("asked", "What was asked", tuple(blocks))


# ---- sources ------------------------------------------------------------------------------------


def sources(history: History) -> Section:
    """Return the sources of the economy."""
    rows: Sequence[tuple[Text, ...]] = [
        (str(one.number), one.text, one.licence or NOTHING)
        for one in sources_of(history.economy).listed
    ]
    blocks: list[Block] = [
        Paragraph(
            "Every figure of this page follows from the files beside it: the rounds, the answers "
            f"and the log. How a dialogue works stands in {METHOD}."
        )
    ]
    if rows:
        table = Table("Sources of the economy", ("", "source", "licence"), rows_of(rows), texts=3)
        blocks.insert(0, table)
    return Section("sources", "Sources", tuple(blocks))
