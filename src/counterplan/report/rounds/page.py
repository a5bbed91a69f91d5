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
    Figure,
    Figures,
    Key,
    Paragraph,
    Section,
    Table,
    Text,
    Tile,
    Tiles,
    bold,
    rows_of,
)
from counterplan.report.charts import Line
from counterplan.report.drawing import BLUE, ORANGE, drawn
from counterplan.report.names import clean, names_of
from counterplan.report.numbers import NOTHING, figure, listed, percent, power
from counterplan.report.report import templates
from counterplan.report.rounds.chart import gaps, text_of
from counterplan.report.rounds.history import Mixtures, saved_mixtures
from counterplan.report.rounds.movers import moves_section, strayed_section
from counterplan.report.rounds.moves import History
from counterplan.report.rounds.told import limits, log_section
from counterplan.report.sources import sources_of
from counterplan.report.texts import Teller

METHOD = "docs/dialogue/method.md"
KNOWN = "against the last bound"


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


def source() -> str:
    """Return where the figures come from."""
    return (
        f"Source: the saved rounds of this dialogue ({METHOD}); the economy from the sources "
        "listed below, its workplaces as the dialogue was told of them."
    )


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
    items = [Tile(f"{len(state.rounds)}", "rounds were held")]
    if state.mixture is None or not state.rounds:
        return (*items, Tile(NOTHING, "there is no plan that keeps every rule yet"))
    last = state.rounds[-1]
    gained = (last.value - first_value(state)) / history.dialogue.yardstick
    distance = f"{text_of(100 * last.gap)}%" if isfinite(last.gap) else NOTHING
    return (
        *items,
        Tile(
            distance,
            "of the consumption of the reported years: the most by which any plan could be better"
            if isfinite(last.gap)
            else "no bound is proved yet: not everybody has answered one and the same offer",
        ),
        Tile(
            percent(gained, digits=2),
            "of the same: what the rounds after the first plan added to its value",
        ),
    )


def first_value(state: State) -> float:
    """Return the value of the first plan in force."""
    return next(one.value for one in state.rounds if isfinite(one.value))


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


# ---- the rounds ---------------------------------------------------------------------------------


def rounds_section(history: History) -> Section:
    """Return the chart and the table of the rounds."""
    blocks: list[Block] = []
    if any(isfinite(one.gap) for one in history.state.rounds):
        blocks.append(Figures((gap_chart(history),)))
    blocks += [
        Paragraph(
            "Two things bring the gap down: the plan gets better, and the proof does. The second "
            "line shows the first alone: how far each plan was from the best bound that is known "
            "now. Where it lies below the other, the plan was better than could then be proved."
        ),
        rounds_table(history),
    ]
    return Section("rounds", "How the rounds went", tuple(blocks))


def known_gaps(history: History) -> tuple[float, ...]:
    """Return the gap of each round's plan against the last bound."""
    state = history.state
    return tuple((state.bound - one.value) / history.dialogue.yardstick for one in state.rounds)


def gap_chart(history: History) -> Figure:
    """Draw the gap by round."""
    rounds = history.state.rounds
    series = (
        Line("proved then", tuple(100 * one.gap for one in rounds), BLUE),
        Line(KNOWN, tuple(100 * gap for gap in known_gaps(history)), ORANGE),
    )
    known = [one for one in rounds if isfinite(one.gap)]
    title = (
        f"The gap fell from {text_of(100 * known[0].gap)}% to {text_of(100 * known[-1].gap)}%"
        if known[-1].gap < known[0].gap
        else f"The gap is {text_of(100 * known[-1].gap)}%"
    )
    unit = (
        "Most by which any plan could be better, in per cent of the consumption of the reported "
        "years, by round; logarithmic scale"
    )
    spec = gaps(series, rounds=[str(one.number + 1) for one in rounds])
    return Figure(
        title=title,
        unit=unit,
        svg=drawn(spec, name="gap", alternative=f"{title}. {unit}."),
        source=source(),
        keys=tuple(Key(line.label, line.colour) for line in series),
    )


def rounds_table(history: History) -> Table:
    """Return a line for each round."""
    moved = {one.round: percent(one.moved) for one in history.moves}
    rows = [
        (
            str(one.number + 1),
            f"{one.answered:,}",
            f"{one.late:,}",
            whole(one.value),
            whole(one.bound),
            share(one.gap),
            share(known),
            moved.get(one.number, NOTHING),
            power(one.residual) if isfinite(one.residual) else NOTHING,
        )
        for one, known in zip(history.state.rounds, known_gaps(history), strict=True)
    ]
    missing = [one for one in history.state.rounds if one.shortage > 0]
    told = [f"round {one.number + 1}: {power(one.shortage)}" for one in missing if one.shortage > 0]
    shortage = (
        " Before there was a plan, what the proposals left missing, each rule in units of its "
        f"largest term: {listed(told)}."
        if told
        else ""
    )
    return Table(
        "Round by round",
        (
            "round",
            "answered",
            "late",
            "value",
            "bound",
            "gap, %",
            "gap now, %",
            "output moved",
            "worst rule",
        ),
        rows_of(rows),
        note=(
            "Answered: workplaces whose answer to the round's offer was in when it closed; late: "
            "answers to older offers that arrived in it. Value of the plan in force and bound on "
            "every plan, as the mandate weighs them, in "
            f"{clean(history.economy.currency)} of the base period, the time after the reported "
            "years included. Gap: bound less value, against the consumption of the reported years "
            f"on trend ({figure(history.dialogue.yardstick, digits=0)}); gap now: the same against "
            "the bound that is known after the last round. Output moved: changes of the "
            "workplaces' outputs against the plan before, ups and downs added, of all output. "
            f"Worst rule: the largest violation of any rule, of its terms.{shortage} {source()}"
        ),
    )


def whole(value: float) -> str:
    """Return an amount, with decimals where it is small, and nothing where there is none."""
    return figure(value, digits=0 if abs(value) >= 1e5 else 3)


def share(gap: float) -> str:
    """Return a gap in per cent."""
    return text_of(100 * gap) if isfinite(gap) else NOTHING


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
