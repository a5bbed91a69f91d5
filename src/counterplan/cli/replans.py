"""The command that makes a plan anew after an event: replan."""

import time
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterplan.cli.boards import HEADS, row_of
from counterplan.cli.console import INTERRUPTED, doing, interruptible, say, show_table, stop
from counterplan.cli.dialogues import refuse_target, write_log
from counterplan.cli.talks import BATCHES
from counterplan.errors import CheckError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from counterplan.dialogue.replanning.replan import Replanning, Step, Terms
    from counterplan.dialogue.rounds import Dialogue, State
    from counterplan.dialogue.saved import Folder, Standing
    from counterplan.dialogue.terms import Terms as Agreed
    from counterplan.plan.plan import Plan
    from counterplan.plan.scenario import Scenario as Asked

CONFLICT_SECONDS_MAX = 60.0  # for saying what is missing where there is no plan


def replan(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="folder of a dialogue, or of a plan made anew")
    ],
    event: Annotated[
        Path,
        typer.Argument(metavar="EVENT", help="file of new shocks, or of the whole scenario"),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="folder of its own; one that is there goes on")
    ],
    cost: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, help="of a workplace changing altogether, as a share of its output"
        ),
    ] = 0.0005,
    gap: Annotated[
        float,
        typer.Option(min=1e-6, max=0.05, help="how well the new plan must be proved"),
    ] = 0.001,
    rounds_max: Annotated[
        int, typer.Option(min=1, max=1000, help="after so many the old plan stays")
    ] = 12,
) -> None:
    """Make the plan of a dialogue anew after an event, and change as few assignments as possible.

    The workplaces cut what they proposed to what they can still do, and the rounds go on from
    there. Every batch of answers is on the disk as soon as it arrives: what Ctrl-C or a failure
    stops, the same command takes up again. The plan in FOLDER stays in force until the new one is
    proved; then DIR holds it, who changes and by how much, and the same in words, and DIR can be
    the FOLDER of the next event.

    There is no page of a plan made anew, and no --workers: all workplaces answer in this process.

    Exit code 1 where the new plan is not proved after the last round: the old one stays.
    """
    refuse_target(out)
    if out.resolve() == folder.resolve():
        raise InputError(
            f"'{out}' holds the plan that is in force", mend="give a folder of its own"
        )
    with doing(f"reading {folder}"):
        from counterplan.dialogue.replanning.event import read_event
        from counterplan.dialogue.replanning.replan import Terms

        old, state, plan, people = standing(folder)
    asked = read_event(event, plan.scenario)
    terms = Terms(cost=cost, gap=gap, rounds_max=rounds_max)
    with doing("cutting what was proposed to what can be done"):
        replanning = interruptible(lambda: reopened(old, state, plan, asked, terms))
        replanning = without_people(replanning, people)
    try:
        with doing(f"{len(old.parts.producers):,} workplaces plan anew"):
            last = interruptible(lambda: kept(replanning, out))
    except KeyboardInterrupt:
        stop(f"stopped; the same command goes on from {out}", code=INTERRUPTED)
    show_rounds(last)
    if last.plan is None:
        for line in lost_words(last):
            say(line)
        raise CheckError(unproved(replanning, last, out))
    publish(replanning, last, out)


def unproved(replanning: "Replanning", last: "Step", out: Path) -> str:
    """Return why no new plan has come into force, and what can be done about it."""
    stays = "the old plan stays in force"
    more = f"goes on from {out}"
    if last.state.mixture is None:
        with doing("looking for what is missing"):
            missing = interruptible(lambda: conflict_of(replanning))
        if missing:
            return f"after the event {missing}\n{stays}"
        why = last.state.log[-1].sentence if last.rounds else "nobody was asked yet"
        return (
            f"after {last.rounds} rounds there is no new plan: {why}; {stays}; the same command "
            f"with a larger --rounds-max {more}"
        )
    asked, reached = replanning.terms.gap, last.state.rounds[-1].gap if last.rounds else inf
    return (
        f"after {last.rounds} rounds the gap is {100 * reached:.2g}%, above the {100 * asked:.2g}% "
        f"that was asked for: {stays}; the same command with a larger --rounds-max or --gap {more}"
    )


def conflict_of(replanning: "Replanning") -> str:
    """Return what is missing where no plan at all keeps the rules; empty where one may."""
    from counterplan.errors import LimitError
    from counterplan.plan.conflict import explain_conflict

    try:
        return explain_conflict(replanning.dialogue.parts.asked, seconds_max=CONFLICT_SECONDS_MAX)
    except LimitError:
        return ""


def standing(folder: Path) -> "tuple[Dialogue, State, Plan, tuple[str, ...]]":
    """Return a dialogue, where it stands, its plan, and for whom people would answer next.

    Raises
    ------
    InputError
        Where the folder holds no dialogue, or it has come to no plan yet.
    CheckError
        Where its plan was altered, or is about something else.
    """
    from counterplan.dialogue.agreement import plan_in_force, refuse_others
    from counterplan.dialogue.manifest import MANIFEST, Manifest, digest_of, read_manifest
    from counterplan.dialogue.register import register_of
    from counterplan.dialogue.saved import opened
    from counterplan.dialogue.turns import as_begun, read_turns

    if not (folder / MANIFEST).is_file():
        raise InputError(f"'{folder}' holds no dialogue", mend="make one by `counterplan dialogue`")
    content: dict[str, Any] = read_manifest(folder / MANIFEST)
    plan = plan_in_force(folder)
    dialogue = believing_nobody(as_begun(folder, plan))
    refuse_others(folder, dialogue)
    manifest = Manifest(
        digest_of(plan.economy),
        str(content.get("scenario")),
        content.get("settings") or {},
        str(content.get("counterplan")),
    )
    with opened(folder, manifest) as files:
        turns = read_turns(folder, dialogue, register_of(dialogue.parts))
        found = files.read(dialogue, turning=turns.at)
    if found.state is None or found.dialogue is None:
        raise InputError(f"the dialogue in '{folder}' has not begun", mend="go on with it")
    return found.dialogue, found.state, plan, overridden(turns.terms, len(found.state.rounds))


def overridden(terms: "Agreed", number: int) -> tuple[str, ...]:
    """Return the producers for whom people would answer an offer, or one that comes after it."""
    there = (o for o in terms.overrides if o["lasting"] or o["form"]["offer"] >= number)
    return tuple(dict.fromkeys(str(one["producer"]) for one in there))


def without_people(replanning: "Replanning", people: tuple[str, ...]) -> "Replanning":
    """Return a replanning whose log says whose overrides end with the event."""
    from dataclasses import replace

    from counterplan.dialogue.log import Event, Kind, named

    if not people:
        return replanning
    what = (
        f"the overrides of {named(people)} end here: in a plan made anew every model answers by "
        "itself"
    )
    lost = Event(-1, Kind.OVERRIDDEN, what, people)
    start = replanning.start
    return replace(replanning, start=replace(start, log=(*start.log, lost)))


def lost_words(last: "Step") -> list[str]:
    """Return whose overrides a replanning has ended, as a sentence."""
    from counterplan.dialogue.log import Kind

    found = [one.sentence for one in last.state.log if one.kind is Kind.OVERRIDDEN]
    return [f"{one[0].upper()}{one[1:]}." for one in found]


def reopened(
    old: "Dialogue",
    state: "State",
    plan: "Plan",
    asked: "Asked",
    terms: "Terms",
) -> "Replanning":
    """Return the dialogue about the plan after the event."""
    from dataclasses import replace

    from counterplan.dialogue.replanning.replan import replanning_of

    batch = -(-len(old.parts.producers) // BATCHES)
    replanning = replanning_of(old, state, asked, terms=terms, plan=plan, batch=batch)
    return replace(replanning, dialogue=believing_nobody(replanning.dialogue))


def believing_nobody(dialogue: "Dialogue") -> "Dialogue":
    """Return a dialogue in which what is not plausible is refused."""
    from dataclasses import replace
    from functools import partial

    from counterplan.dialogue.plausible import refusals
    from counterplan.dialogue.register import register_of

    return replace(dialogue, refusing=partial(refusals, register_of(dialogue.parts)))


def kept(replanning: "Replanning", out: Path) -> "Step":
    """Go on in a folder until a new plan is proved, and tell of each round."""
    from counterplan.dialogue.replanning.rounds import manifest_of_replanning
    from counterplan.dialogue.saved import opened

    with opened(out, manifest_of_replanning(replanning)) as folder:
        last = held(replanning, folder)
        write_log(last.state, out)
        if last.plan is not None:
            write(replanning, last, out)
    return last


def held(replanning: "Replanning", folder: "Folder") -> "Step":
    """Make the rounds, and print a line for each."""
    from counterplan.dialogue.replanning.rounds import rounds_in

    started = time.process_time()
    for step, found in rounds_in(folder, replanning):
        if found is not None:
            tell_of(found)
            continue
        row = row_of(step.state.rounds[-1], f"{time.process_time() - started:.1f}")
        told = [f"{head} {cell}" for head, cell in zip(HEADS, row, strict=True) if cell]
        typer.echo(", ".join(told), err=True)
    return step


def tell_of(found: "Standing") -> None:
    """Say where a replanning is taken up again, and what was only half written."""
    if found.state is not None:
        more = f", with {len(found.arrived)} batches of answers of the next"
        rounds = len(found.state.rounds)
        typer.echo(f"going on after round {rounds}{more if found.arrived else ''}", err=True)
    for name in found.ignored:
        typer.echo(f"{name} was only half written and is ignored", err=True)


def show_rounds(last: "Step") -> None:
    """Print the rounds."""
    rows = [row_of(one, "")[:-1] for one in last.state.rounds]
    if rows:
        show_table(HEADS[:-1], rows)
        say()


def publish(replanning: "Replanning", last: "Step", out: Path) -> None:
    """Print the new plan and what it changes."""
    from counterplan.dialogue.saved import CHANGES, CONSUMPTION, PLAN, WORDS

    for line in words(replanning, last):
        say(line)
    say(f"wrote {out / PLAN}: counterplan verify {out}")
    say(f"wrote {out / CHANGES} and {out / CONSUMPTION}; in words: {out / WORDS}")


def words(replanning: "Replanning", last: "Step") -> list[str]:
    """Return what a new plan changes, in words."""
    from counterplan.dialogue.replanning.change import paid
    from counterplan.dialogue.replanning.difference import difference_of
    from counterplan.dialogue.replanning.words import told

    assert last.plan is not None
    found = difference_of(replanning.before, last.plan, touched=replanning.touched)
    weighed = last.mixture or (last.state.mixture if last.rounds else None)
    cost = replanning.terms.cost
    spent = paid(replanning.dialogue, weighed, cost=cost) if weighed else 0.0
    return [*told(found, rounds=last.rounds, cost=spent), *lost_words(last)]


def write(replanning: "Replanning", last: "Step", out: Path) -> None:
    """Write what a new plan changes, and the plan last: from then on it is in force."""
    from counterplan.dialogue.replanning.difference import difference_of
    from counterplan.dialogue.saved import CHANGES, CONSUMPTION, PLAN, WORDS
    from counterplan.plan.storage import save_plan, written_to

    assert last.plan is not None
    found = difference_of(replanning.before, last.plan, touched=replanning.touched)
    with written_to(out):
        write_text(out / CHANGES, table_text(found.producers()))
        write_text(out / CONSUMPTION, table_text(found.consumption()))
        write_text(out / WORDS, "".join(f"{line}\n" for line in words(replanning, last)))
    save_plan(last.plan, out / PLAN)


def table_text(table: "pd.DataFrame") -> str:
    """Return a table as CSV."""
    return table.to_csv(index=False)


def write_text(path: Path, text: str) -> None:
    """Write a file so that it appears whole."""
    from counterplan.dialogue.sealed import write_aside

    write_aside(path, lambda file: file.write(text.encode()))
