"""The section on how the rounds went: the chart of the gaps, and the table round by round.

Quotas that come or go make another problem. The rounds before are shown as they stood, apart from
those after: no bound of the one is held against a plan of the other.
"""

from itertools import pairwise
from math import isfinite

from counterplan.dialogue.log import Kind
from counterplan.dialogue.rounds import State
from counterplan.dialogue.terms import changes
from counterplan.report.blocks import Block, Figure, Figures, Key, Paragraph, Row, Section, Table
from counterplan.report.charts import Line
from counterplan.report.drawing import BLUE, ORANGE, drawn
from counterplan.report.names import clean
from counterplan.report.numbers import NOTHING, figure, listed, percent, power
from counterplan.report.rounds.chart import gaps, text_of
from counterplan.report.rounds.moves import History

METHOD = "docs/dialogue/method.md"
KNOWN = "against the last bound"
HEADS = (
    "round",
    "answered",
    "late",
    "value",
    "bound",
    "gap, %",
    "gap now, %",
    "output moved",
    "worst rule",
)
PROJECTS = "projects cost, %"


def stretches(state: State) -> tuple[range, ...]:
    """Return the rounds under the same quotas, from 0; the last of them stand now, and are none yet
    where no round was held since they changed."""
    count = len(state.rounds)
    cuts = [0, *(min(one, count) for one in changes(state)), count]
    return tuple(range(first, last) for first, last in pairwise(cuts))


def source() -> str:
    """Return where the figures come from."""
    return (
        f"Source: the saved rounds of this dialogue ({METHOD}); the economy from the sources "
        "listed below, its workplaces as the dialogue was told of them."
    )


def rounds_section(history: History) -> Section:
    """Return the chart and the table of the rounds."""
    blocks: list[Block] = []
    if any(isfinite(one.gap) for one in history.state.rounds):
        blocks.append(Figures((gap_chart(history),)))
    changed = [number + 1 for number in changes(history.state)]
    if changed:
        blocks.append(
            Paragraph(
                f"Other quotas stand from round {listed([str(one) for one in changed])} on. They "
                "make another problem, whose best plan is worth more or less: values, bounds and "
                "gaps on the two sides of such a change cannot be compared. Each stretch is shown "
                "as it stood then."
            )
        )
    last = "at the end of its stretch" if changed else "now"
    blocks += [
        Paragraph(
            "Two things bring the gap down: the plan gets better, and the proof does. The second "
            f"line shows the first alone: how far each plan was from the best bound known {last}. "
            "Where it lies below the other, the plan was better than could then be proved."
        ),
        rounds_table(history),
    ]
    return Section("rounds", "How the rounds went", tuple(blocks))


def known_gaps(history: History) -> tuple[float, ...]:
    """Return the gap of each round's plan against the last bound under the same quotas."""
    rounds = history.state.rounds
    return tuple(
        (rounds[stretch[-1]].bound - rounds[number].value) / history.dialogue.yardstick
        for stretch in stretches(history.state)
        for number in stretch
    )


# ---- the chart ----------------------------------------------------------------------------------


def gap_chart(history: History) -> Figure:
    """Draw the gap by round."""
    rounds = history.state.rounds
    series = (
        Line("proved then", tuple(100 * one.gap for one in rounds), BLUE),
        Line(KNOWN, tuple(100 * gap for gap in known_gaps(history)), ORANGE),
    )
    title = finding(history)
    unit = (
        "Most by which any plan could be better, in per cent of the consumption of the reported "
        "years, by round; logarithmic scale"
    )
    breaks = [one for one in changes(history.state) if one < len(rounds)]
    spec = gaps(series, rounds=[str(one.number + 1) for one in rounds], breaks=breaks)
    return Figure(
        title=title,
        unit=unit,
        svg=drawn(spec, name="gap", alternative=f"{title}. {unit}."),
        source=source(),
        keys=tuple(Key(line.label, line.colour) for line in series),
    )


def finding(history: History) -> str:
    """Return how the gap fell, under the quotas that stand where a round was held under them."""
    state = history.state
    *before, now = stretches(state)
    shown = now or before[-1]
    known = [one for one in (state.rounds[k].gap for k in shown) if isfinite(one)]
    if not known:
        return "Under the quotas that stand now no gap is proved yet"
    fell = (
        f"gap fell from {text_of(100 * known[0])}% to {text_of(100 * known[-1])}%"
        if known[-1] < known[0]
        else f"gap is {text_of(100 * known[-1])}%"
    )
    if not before:
        return f"The {fell}"
    return f"{'Under the quotas that stand now' if now else 'Before the quotas changed'} the {fell}"


# ---- the table ----------------------------------------------------------------------------------


def rounds_table(history: History) -> Table:
    """Return a line for each round, and one where the terms changed."""
    projects = history.dialogue.projects is not None
    heads = (*HEADS, PROJECTS) if projects else HEADS
    moved = {one.round: percent(one.moved) for one in history.moves}
    rows: list[Row] = []
    for number, (one, known) in enumerate(
        zip(history.state.rounds, known_gaps(history), strict=True)
    ):
        told = turned(history.state, number)
        if told:
            rows.append(Row((told, *([""] * (len(heads) - 1))), "sum"))
        cells = (
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
        rows.append(Row((*cells, share(max(one.loss, 0.0))) if projects else cells))
    return Table("Round by round", heads, tuple(rows), note=note(history))


def turned(state: State, number: int) -> str:
    """Return which terms changed before a round, from 0, once the dialogue had begun."""
    kinds = {one.kind for one in state.log if one.round == number > 0}
    names = {Kind.QUOTA: "quotas", Kind.OVERRIDDEN: "overrides"}
    found = [name for kind, name in names.items() if kind in kinds]
    return f"other {listed(found)} from here on" if found else ""


def note(history: History) -> str:
    """Return what the columns say."""
    rounds = history.state.rounds
    told = [f"round {one.number + 1}: {power(one.shortage)}" for one in rounds if one.shortage > 0]
    shortage = (
        " Before there was a plan, what the proposals left missing, each rule in units of its "
        f"largest term: {listed(told)}."
        if told
        else ""
    )
    last = "the last round under the same quotas" if changes(history.state) else "the last round"
    projects = (
        " Projects cost: what whole projects cost the plan against parts of projects, mixed from "
        "the same proposals, of the same consumption."
        if history.dialogue.projects is not None
        else ""
    )
    return (
        "Answered: workplaces whose answer to the round's offer was in when it closed; late: "
        "answers to older offers that arrived in it. Value of the plan in force and bound on "
        "every plan, as the mandate weighs them, in "
        f"{clean(history.economy.currency)} of the base period, the time after the reported "
        "years included. Gap: bound less value, against the consumption of the reported years "
        f"on trend ({figure(history.dialogue.yardstick, digits=0)}); gap now: the same against "
        f"the bound that is known after {last}. Output moved: changes of the "
        "workplaces' outputs against the plan before, ups and downs added, of all output. "
        f"Worst rule: the largest violation of any rule, of its terms.{projects}{shortage} "
        f"{source()}"
    )


def whole(value: float) -> str:
    """Return an amount, with decimals where it is small, and nothing where there is none."""
    return figure(value, digits=0 if abs(value) >= 1e5 else 3)


def share(gap: float) -> str:
    """Return a gap in per cent."""
    return text_of(100 * gap) if isfinite(gap) else NOTHING
