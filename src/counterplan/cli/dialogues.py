"""The command that makes a plan by dialogue: dialogue."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.boards import HEADS, Board, row_of
from counterplan.cli.console import (
    INTERRUPTED,
    interruptible,
    say,
    show_table,
    stop,
)
from counterplan.cli.papers import terms_lines
from counterplan.cli.plans import Scenario, check_target, show_frame
from counterplan.cli.talks import Meeting, Wish, done, enough, handed_in, met, rounds_of, taken_up
from counterplan.cli.targets import refuse_inside_plan
from counterplan.errors import CheckError

if TYPE_CHECKING:
    from counterplan.dialogue.rounds import Dialogue, State
    from counterplan.dialogue.whole import Whole
    from counterplan.plan.plan import Plan

Quotas = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="CSV of firm assignments that stand from now on"),
]
Overrides = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="CSV of proposals by people that stand from now on"),
]


def dialogue(
    scenario: Scenario,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="folder of the dialogue; one that is there goes on")
    ],
    producers: Annotated[
        int, typer.Option(min=1, help="how many workplaces to split the economy into")
    ],
    seed: Annotated[int, typer.Option(min=0, help="of the split, and of who is silent")] = 0,
    techniques: Annotated[
        int, typer.Option(min=1, help="of each workplace, for each that its branch has")
    ] = 2,
    rounds_max: Annotated[int, typer.Option(min=1, max=1000, help="stop after so many")] = 30,
    gap: Annotated[
        float,
        typer.Option(
            min=1e-6,
            max=0.05,
            help="stop when no plan is better by more than this share of consumption",
        ),
    ] = 0.001,
    silent: Annotated[
        float,
        typer.Option(
            min=0.0, max=0.9, help="share of the workplaces that answer a round late, by chance"
        ),
    ] = 0.0,
    workers: Annotated[
        int, typer.Option(min=0, max=64, help="processes the workplaces answer in; 0: this one")
    ] = 0,
    whole: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--whole", help="assign each workplace one of its proposals in the end, no mixture"
        ),
    ] = False,
    quotas: Quotas = None,
    overrides: Overrides = None,
) -> None:
    """Let thousands of workplaces and the centre agree on a plan, and prove how good it is.

    The economy is split into workplaces with techniques of their own, which the centre does not
    know. It offers valuations, they propose, and it mixes what they propose. Every batch of answers
    is on the disk as soon as it arrives: what Ctrl-C or a failure stops, the same command takes up
    again.

    Quotas and overrides can be handed in with any command: they stand from the next round on, in
    place of those before. Without the option, what stood goes on standing; a file without rows
    withdraws all.

    Exit code 1 where the gap is larger after the last round, with --whole that of one proposal
    each: the plan is written if it promises no more than 5 per cent.
    """
    refuse_target(out)
    from counterplan.dialogue.cluster import check_workers

    check_workers(workers)
    meeting = met(scenario, Wish(producers, seed, techniques, silent))
    meeting = replace(meeting, workers=workers, papers=handed_in(meeting, quotas, overrides))
    board, ending = Board(producers), indivisible if whole else mixtures
    try:
        with board.shown(f"{producers:,} workplaces plan {meeting.dialogue.scenario.name}"):
            talk = partial(held, meeting, out, board=board, rounds_max=rounds_max, gap=gap)
            ended = talk(ending=ending)
        show_result(ended, out, gap=gap)
    except KeyboardInterrupt:
        where = f"{board.kept} finished rounds are in {out}; the same command goes on from there"
        stop(f"stopped; {where if board.begun else 'nothing was written'}", code=INTERRUPTED)


def refuse_target(out: Path) -> None:
    """Refuse a folder that holds anything but a dialogue, or cannot be written to."""
    from counterplan.dialogue.saved import refuse_foreign

    refuse_inside_plan(out)
    refuse_foreign(out)
    check_target(out)


# ---- the rounds ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """A dialogue after its last round.

    Attributes
    ----------
    last
        Its mixture is the plan in force: with ``whole``, one proposal for each workplace.
    """

    dialogue: "Dialogue"
    last: "State"
    whole: "Whole | None" = None


Ending = Callable[["Dialogue", "State", Path], Ended]


def held(
    meeting: Meeting, out: Path, *, board: Board, rounds_max: int, gap: float, ending: Ending
) -> Ended:
    """Hold rounds in a folder until the gap is small enough or there are so many, and end them.

    Nobody else can hold the folder before everything is written.
    """
    from counterplan.dialogue.cluster import reached
    from counterplan.dialogue.saved import opened

    with opened(out, meeting.manifest) as folder:
        board.begun = True
        talk = interruptible(lambda: taken_up(meeting, folder, board))
        while not done(talk, rounds_max=rounds_max, gap=gap):
            with reached(talk.dialogue.workplaces, workers=meeting.workers) as transport:
                talk = interruptible(
                    partial(
                        rounds_of,
                        meeting,
                        talk,
                        folder,
                        transport,
                        board,
                        rounds_max=rounds_max,
                        gap=gap,
                    )
                )
        interruptible(lambda: finish(talk.dialogue, talk.state, out))
        return ending(talk.dialogue, talk.state, out)


def mixtures(dialogue: "Dialogue", state: "State", out: Path) -> Ended:
    """Leave the plan of mixtures as it was written."""
    return Ended(dialogue, state)


def finish(dialogue: "Dialogue", state: "State", out: Path) -> None:
    """Write the log, the plan in force where it is proved within something, and the page."""
    from counterplan.report.rounds.page import write_dialogue

    write_log(state, out)
    write_plan(None if state.mixture is None else dialogue.plan(state), out)
    write_dialogue(dialogue, state, out)


def write_plan(made: "Plan | None", out: Path) -> None:
    """Write a plan that is proved within something; without one, no other's stays in its place.

    Under the same terms a plan that was proved once stays proved, so that what is moved aside is
    one of other terms.
    """
    from counterplan.dialogue.saved import BEFORE, PLAN
    from counterplan.plan.storage import save_plan, written_to

    before = out / BEFORE
    if made is not None and made.certificate.holds:
        save_plan(made, out / PLAN)
        shutil.rmtree(before, ignore_errors=True)
    elif (out / PLAN).is_dir():
        with written_to(out):
            shutil.rmtree(before, ignore_errors=True)
            (out / PLAN).rename(before)


def write_log(state: "State", out: Path) -> None:
    """Write what happened that somebody should know of, and of whom, however many they are."""
    from counterplan.dialogue.saved import LOG
    from counterplan.dialogue.sealed import write_aside

    lines = [f"{place_of(one.round)}: {one.full}" for one in state.log]
    text = "".join(f"{line}\n" for line in lines)
    write_aside(out / LOG, lambda file: file.write(text.encode()))


def indivisible(dialogue: "Dialogue", state: "State", out: Path) -> Ended:
    """Write the plan in which each workplace has one of its proposals, and return it in force.

    Raises
    ------
    CheckError
        Where none is found, or it is too far from the bound to promise anything.
    """
    from counterplan.dialogue.quota import admitted
    from counterplan.dialogue.saved import PLAN
    from counterplan.dialogue.whole import whole_assignment
    from counterplan.plan.storage import save_plan
    from counterplan.report.rounds.page import write_dialogue

    if state.mixture is None:
        return mixtures(dialogue, state, out)
    kept = replace(state, pool=admitted(dialogue.parts, state.pool))
    deciding = dialogue
    if dialogue.projects is not None:  # the projects stay
        choice = dialogue.projects.choice(state.mixture)
        deciding = replace(dialogue, centre=dialogue.projects.chosen(dialogue.centre, choice))
    found = interruptible(lambda: whole_assignment(deciding, kept))
    after = replace(state, mixture=found.mixture)
    made = interruptible(lambda: dialogue.plan(after)) if found.mixture else None
    if made is not None:  # cases of projects can prove more than any one offer
        found = replace(found, short=made.certificate.gap)
    if made is not None and made.certificate.holds:
        save_plan(made, out / PLAN)
    interruptible(lambda: write_dialogue(dialogue, state, out, whole=found))
    if made is None:
        raise CheckError(f"{found.verdict()}; what is in {out / PLAN} are mixtures")
    if not made.certificate.holds:
        raise CheckError(f"{found.verdict()}: too much to promise; in {out / PLAN} are mixtures")
    return Ended(dialogue, after, found)


def place_of(number: int) -> str:
    """Return a round in words."""
    return f"round {number + 1}" if number >= 0 else "before the first round"


def show_result(ended: Ended, out: Path, *, gap: float) -> None:
    """Print what came of the rounds.

    Raises
    ------
    CheckError
        Where there is no plan, or it is not proved to be as good as was asked.
    """
    from counterplan.dialogue.saved import BEFORE, LOG, PAGE, PLAN

    dialogue, last = ended.dialogue, ended.last
    rows = [row_of(one, "")[:-1] for one in last.rounds]
    show_table(HEADS[:-1], rows)
    say()
    more = f"the same command with a larger --rounds-max goes on from {out}"
    if not (out / PLAN).exists() and (out / BEFORE).is_dir():
        more += f"; the plan of the terms before is in {out / BEFORE}"
    if last.mixture is None:
        raise CheckError(
            f"there is no plan after {len(last.rounds)} rounds: {last.log[-1].sentence}; {more}"
        )
    made = dialogue.plan(last)
    say(made.scenario.title)
    show_frame(made.summary())
    for line in result_lines(ended, made):
        say(line)
    say(f"wrote {out / PAGE}: how the rounds went, and who moved the plan")
    say(f"wrote {out / LOG}: everything that somebody should know of")
    reached = last.rounds[-1].gap if ended.whole is None else made.certificate.gap
    wide = f"after {len(last.rounds)} rounds the gap is {percent(reached)}"
    if not made.certificate.holds:
        raise CheckError(f"{wide}, too large to promise anything: no plan is written; {more}")
    say(f"wrote {out / PLAN}: counterplan verify {out / PLAN}")
    if reached <= gap:
        return
    above = f"above the {percent(gap)} that was asked for"
    if ended.whole is not None:
        raise CheckError(
            f"with one proposal for each workplace the gap is {percent(reached)}, {above}; without "
            f"--whole it is {percent(last.rounds[-1].gap)}, and a smaller --gap brings more "
            "proposals to choose from"
        )
    if not enough(last, gap):
        raise CheckError(f"{wide}, {above}; {more}")
    say(f"{wide}: with parts of projects it would be as asked, and rounds bring little more")


def result_lines(ended: Ended, made: "Plan") -> Iterator[str]:
    """Yield what the dialogue came to, in words."""
    dialogue, last, whole = ended.dialogue, ended.last, ended.whole
    given = "one of its own" if whole else "a mixture of its own"
    proposals = sum(int(one.answered.sum()) for one in last.pool)
    yield (
        f"In {len(last.rounds)} rounds {len(dialogue.parts.producers):,} workplaces made "
        f"{proposals:,} proposals; each is assigned {given} and nothing else."
    )
    if whole is not None:
        yield whole.verdict()
    proof, proved = made.certificate, last.proved
    if proof.holds and proved is not None:
        answers = f"everybody's answer to offer {proved.offer.number + 1} proves"
        if made.cases:
            answers = f"everybody's answers prove for each of {len(made.cases)} cases of projects"
        yield (
            f"certified: rows hold to {proof.residual:.1e}, and {answers} that no plan is better "
            f"by more than {percent(proof.gap_max)} of the consumption of the reported years"
        )
        yield from terms_lines(dialogue, last)
    if dialogue.projects is not None and last.rounds:
        begun = int(dialogue.projects.choice(last.mixture).sum()) if last.mixture else 0
        yield (
            f"{begun} of {len(made.economy.projects)} projects start, each whole; against parts "
            f"of projects, mixed from the same proposals, that costs "
            f"{percent(max(last.rounds[-1].loss, 0.0))} of the same consumption"
        )
    counts = Counter(str(one.kind) for one in last.log)
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    yield f"the log has {len(last.log)} lines: {kinds}"


def percent(share: float) -> str:
    """Return a share in per cent."""
    return f"{100 * share:.2g}%"
