"""The command demo: Russia 2015-2020 without and with the crisis of 2014, from data to report."""

import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.console import FAILED, Clock, doing, say
from counterplan.errors import CounterplanError, InputError

if TYPE_CHECKING:
    from counterplan.plan.plan import Plan

REFERENCE, CRISIS, REBUILT = "russia-2015", "crisis-2014", "crisis-2014-reindustrialisation"
SCENARIOS = (REFERENCE, CRISIS, REBUILT)
REPORT = "report.html"
SECONDS_MAX = 240.0
POLL_SECONDS = 0.05


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="folder to write to")] = Path("out/demo"),
) -> None:
    """Plan Russia 2015-2020 without a shock and in the crisis of 2014, verify, compare, report.

    Exit code 1 where a certificate does not hold.
    """
    refuse_target(out)
    clock = Clock()
    out.parent.mkdir(parents=True, exist_ok=True)
    # Everything is made beside the target and moved there in one step, or not at all.
    work = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    try:
        with doing(f"planning {', '.join(SCENARIOS)}"):
            plan_all(SCENARIOS, work)
        clock.step(f"planned {', '.join(SCENARIOS)}")
        plans = verified_plans(work)
        clock.step("verified all three from their files, without the solver")
        show_difference(plans)
        clock.step("compared")
        with doing("writing the report"):
            write(plans, work / REPORT)
        clock.step("wrote the report")
        from counterplan.plan.storage import put_in_place

        work.chmod(0o755)
        put_in_place(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    say(f"{clock.total():6.1f} s  in all")
    say(f"the report: {out / REPORT}")


def refuse_target(folder: Path) -> None:
    """Refuse a folder that holds anything that an earlier demonstration did not write."""
    from counterplan.plan.storage import check_writable, refuse_foreign

    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' is a file", mend="give a new folder")
    others = (
        [path.name for path in folder.iterdir() if path.name not in (*SCENARIOS, REPORT)]
        if folder.exists()
        else []
    )
    if others:
        raise InputError(
            f"'{folder}' holds '{sorted(others)[0]}', which is not of a demonstration",
            mend="give an empty or a new folder",
        )
    for name in SCENARIOS:
        refuse_foreign(folder / name)
    check_writable(folder)


# ---- planning in processes --------------------------------------------------------------------


def plan_all(names: Sequence[str], folder: Path) -> None:
    """Make and save the plans of packaged scenarios, as many at once as there are processors."""
    # A fresh interpreter each: engines and arithmetic libraries keep threads, which do not
    # survive a fork.
    context = multiprocessing.get_context("spawn")
    waiting = [
        context.Process(target=plan_one, args=(name, str(folder / name)), daemon=True)
        for name in names
    ]
    running: list[BaseProcess] = []
    deadline = time.monotonic() + SECONDS_MAX
    try:
        while waiting or running:
            while waiting and len(running) < max(os.cpu_count() or 1, 1):
                running.append(waiting.pop(0))
                start(running[-1])
            time.sleep(POLL_SECONDS)
            for process in [one for one in running if not one.is_alive()]:
                running.remove(process)
                if process.exitcode != 0:
                    raise CounterplanError("a plan of the demonstration could not be made")
            if time.monotonic() > deadline:
                raise CounterplanError(f"the demonstration took more than {SECONDS_MAX:.0f} s")
    finally:
        for process in running:
            process.kill()
            process.join()


def start(process: BaseProcess) -> None:
    """Start a process that leaves Ctrl-C, which reaches all of a terminal's, to this one."""
    # A process inherits from its parent, from its first instant, which signals it ignores.
    kept = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, kept)


def plan_one(name: str, folder: str) -> None:
    """Make and save one plan, in a process of its own."""
    from counterplan.plan.make import make_plan
    from counterplan.plan.open import open_scenario
    from counterplan.plan.storage import save_plan

    try:
        scenario, economy = open_scenario(name)
        save_plan(make_plan(economy, scenario, seconds_max=SECONDS_MAX), Path(folder))
    except CounterplanError as error:
        typer.echo(f"counterplan: {name}: {error}", err=True)
        raise SystemExit(FAILED) from None


# ---- what is done with them ---------------------------------------------------------------------


def verified_plans(folder: Path) -> "list[Plan]":
    """Verify the saved plans and return them, read back from their files."""
    from counterplan.cli.readings import verdict_lines
    from counterplan.plan.verify import verify

    verdicts = [verify(folder / name) for name in SCENARIOS]
    for verdict in verdicts:
        if not verdict.holds:
            for line in verdict_lines(verdict):
                say(line)
            raise typer.Exit(FAILED)
    return [verdict.plan for verdict in verdicts if verdict.plan is not None]


def show_difference(plans: "Sequence[Plan]") -> None:
    """Print the headline rows of every plan, and what changes in its foreign account."""
    from counterplan.cli.plans import show_frame
    from counterplan.plan.compare import compare
    from counterplan.plan.comparison import account_lines

    for before, after in zip((None, *plans), plans, strict=False):
        say()
        show_frame(after.summary(), title=after.scenario.title)
        if before is not None:
            for line in account_lines(compare(after, before)):
                say(f"against {before.scenario.name}: {line[0].lower()}{line[1:]}")
    say()


def write(plans: "Sequence[Plan]", path: Path) -> None:
    """Write the report of the crisis, with the plan without it and the plan that rebuilds."""
    from counterplan.report.report import write_report

    reference, crisis, rebuilt = plans
    write_report(crisis, path, reference=reference, variants=[rebuilt])
