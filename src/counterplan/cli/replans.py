"""The command that makes a plan anew after an event: replan."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterplan.cli.boards import HEADS, row_of
from counterplan.cli.console import doing, interruptible, say, show_table
from counterplan.cli.targets import refuse_inside_plan
from counterplan.errors import CheckError, InputError

if TYPE_CHECKING:
    from counterplan.dialogue.replanning.difference import Difference
    from counterplan.dialogue.replanning.replan import Replanning, Step, Terms
    from counterplan.dialogue.rounds import Dialogue, State
    from counterplan.plan.plan import Plan
    from counterplan.plan.scenario import Scenario as Asked

NEW_PLAN, WORDS, CHANGES, CONSUMPTION = "plan", "changes.txt", "changes.csv", "consumption.csv"
WRITTEN = (NEW_PLAN, WORDS, CHANGES, CONSUMPTION)


def replan(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="folder of a dialogue")],
    event: Annotated[
        Path,
        typer.Argument(metavar="EVENT", help="file of new shocks, or of the whole scenario"),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="folder for the new plan and what it changes")
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
    there. The old plan stays in force until the new one is proved. Writes DIR/plan, who changes
    and by how much, and the same in words.

    Exit code 1 where the new plan is not proved after the last round: the old one stays.
    """
    refuse_target(out)
    with doing(f"reading {folder}"):
        from counterplan.dialogue.replanning.event import read_event
        from counterplan.dialogue.replanning.replan import Terms

        old, state, plan = standing(folder)
    asked = read_event(event, plan.scenario)
    terms = Terms(cost=cost, gap=gap, rounds_max=rounds_max)
    with doing("cutting what was proposed to what can be done"):
        replanning = interruptible(lambda: reopened(old, state, plan, asked, terms))
    with doing(f"{len(old.parts.producers):,} workplaces plan anew"):
        last = interruptible(lambda: held(replanning))
    show_rounds(last)
    if last.plan is None:
        reached = last.state.rounds[-1].gap if last.state.rounds else float("inf")
        raise CheckError(
            f"after {last.rounds} rounds the gap is {100 * reached:.2g}%, above the "
            f"{100 * gap:.2g}% that was asked for: the old plan stays in force and nothing was "
            "written; ask for more --rounds-max or a larger --gap"
        )
    publish(replanning, last, out)


def refuse_target(out: Path) -> None:
    """Refuse a folder that holds anything that this command does not write."""
    from counterplan.plan.storage import check_writable

    refuse_inside_plan(out)
    if out.exists() and not out.is_dir():
        raise InputError(f"'{out}' is a file", mend="give an empty or a new folder")
    there = sorted(path.name for path in out.iterdir()) if out.exists() else []
    others = [name for name in there if name not in WRITTEN]
    if others:
        raise InputError(
            f"'{out}' holds '{others[0]}', which is no part of a plan made anew",
            mend="give an empty or a new folder",
        )
    check_writable(out)


def standing(folder: Path) -> "tuple[Dialogue, State, Plan]":
    """Return a dialogue, where it stands, and its plan.

    Raises
    ------
    InputError
        Where the folder holds no dialogue, or it has come to no plan yet.
    """
    from counterplan.dialogue.manifest import MANIFEST, Manifest, read_manifest
    from counterplan.dialogue.rounds import dialogue_of
    from counterplan.dialogue.saved import PLAN, opened
    from counterplan.plan.storage import load_plan

    if not (folder / MANIFEST).is_file():
        raise InputError(f"'{folder}' holds no dialogue", mend="make one by `counterplan dialogue`")
    if not (folder / PLAN).is_dir():
        raise InputError(
            f"the dialogue in '{folder}' has come to no plan yet",
            mend="go on with it by `counterplan dialogue`",
        )
    plan = load_plan(folder / PLAN)
    content: dict[str, Any] = read_manifest(folder / MANIFEST)
    dialogue = dialogue_of(plan.problem, plan.scenario)
    manifest = Manifest(
        str(content.get("economy")),
        str(content.get("scenario")),
        content.get("settings") or {},
        str(content.get("counterplan")),
    )
    with opened(folder, manifest) as files:
        state = files.read(dialogue).state
    if state is None:
        raise InputError(f"the dialogue in '{folder}' has not begun", mend="go on with it")
    return dialogue, state, plan


def reopened(
    old: "Dialogue",
    state: "State",
    plan: "Plan",
    asked: "Asked",
    terms: "Terms",
) -> "Replanning":
    """Return the dialogue about the plan after the event, where nobody is believed blindly."""
    from dataclasses import replace
    from functools import partial

    from counterplan.dialogue.plausible import refusals
    from counterplan.dialogue.register import register_of
    from counterplan.dialogue.replanning.replan import replanning_of

    replanning = replanning_of(old, state, asked, terms=terms, plan=plan)
    refusing = partial(refusals, register_of(replanning.dialogue.parts))
    return replace(replanning, dialogue=replace(replanning.dialogue, refusing=refusing))


def held(replanning: "Replanning") -> "Step":
    """Go on until a new plan is proved, and tell of each round."""
    started = time.process_time()
    step = replanning.begin()
    while step.plan is None and step.rounds < replanning.terms.rounds_max:
        step = replanning.next(step)
        row = row_of(step.state.rounds[-1], f"{time.process_time() - started:.1f}")
        told = [f"{head} {cell}" for head, cell in zip(HEADS, row, strict=True) if cell]
        typer.echo(", ".join(told), err=True)
    return step


def show_rounds(last: "Step") -> None:
    """Print the rounds."""
    rows = [row_of(one, "")[:-1] for one in last.state.rounds]
    if rows:
        show_table(HEADS[:-1], rows)
        say()


def publish(replanning: "Replanning", last: "Step", out: Path) -> None:
    """Write the new plan and what it changes; the folder appears whole or not at all."""
    from counterplan.dialogue.replanning.change import paid
    from counterplan.dialogue.replanning.difference import difference_of
    from counterplan.dialogue.replanning.words import told

    plan = last.plan
    assert plan is not None
    found = difference_of(replanning.before, plan, touched=replanning.touched)
    weighed = last.mixture or (last.state.mixture if last.rounds else None)
    cost = replanning.terms.cost
    spent = paid(replanning.dialogue, weighed, cost=cost) if weighed else 0.0
    lines = list(told(found, rounds=last.rounds, cost=spent))
    write(found, lines, out)
    for line in lines:
        say(line)
    say(f"wrote {out / NEW_PLAN}: counterplan verify {out / NEW_PLAN}")
    say(f"wrote {out / CHANGES} and {out / CONSUMPTION}; in words: {out / WORDS}")


def write(found: "Difference", lines: list[str], out: Path) -> None:
    """Write everything into a folder beside, which then takes the place of the old one."""
    from counterplan.plan.storage import put_in_place, save_plan, written_to

    with written_to(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    try:
        with written_to(out):
            save_plan(found.plan, work / NEW_PLAN)
            found.producers().to_csv(work / CHANGES, index=False)
            found.consumption().to_csv(work / CONSUMPTION, index=False)
            (work / WORDS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            work.chmod(0o755)
            put_in_place(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
