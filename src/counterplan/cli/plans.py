"""Commands that make plans: plan, frontier."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from counterplan.cli.console import counting, doing, figure, interruptible, say, show_table
from counterplan.cli.targets import refuse_inside_dialogue, refuse_points_target
from counterplan.errors import CheckError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from counterplan.plan.certificate import Certificate
    from counterplan.plan.plan import Plan

SECONDS_MAX = 600.0


class EngineName(StrEnum):
    """The algorithms that can be asked for; the certificate does not depend on them."""

    AUTOMATIC = "auto"
    SIMPLEX = "simplex"
    VERTEX = "vertex"
    IPX = "ipx"
    LOOSE = "loose"
    HIPO = "hipo"
    PDLP = "pdlp"


Scenario = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="a scenario's file, or the name of a packaged one"),
]
Engine = Annotated[
    EngineName, typer.Option(help="of HiGHS: auto, simplex, vertex, ipx, loose, hipo or pdlp")
]
Seconds = Annotated[float, typer.Option(min=0.1, help="stop the engine after so many seconds")]


def plan(
    scenario: Scenario,
    out: Annotated[Path, typer.Option(metavar="DIR", help="folder to write the plan to")],
    engine: Engine = EngineName.AUTOMATIC,
    seconds_max: Seconds = SECONDS_MAX,
) -> None:
    """Make the best plan for a scenario, certify it and write it to a folder.

    Exit code 1, and nothing written, where the certificate does not hold.
    """
    refuse_target(out)
    made = made_plan(scenario, engine=engine, seconds_max=seconds_max)
    if not made.certificate.holds:
        refuse_uncertified(made)
    from counterplan.plan.certificate import RECOMPUTED
    from counterplan.plan.storage import save_plan

    with doing(f"writing {out}"):
        save_plan(made, out)
    say(made.scenario.title)
    show_frame(made.summary())
    say(certified(made.certificate))
    accept = "" if made.certificate.basis == RECOMPUTED else " --accept-stated"
    say(f"wrote {out}: counterplan verify {out}{accept}")


def made_plan(scenario: str, *, engine: EngineName, seconds_max: float) -> "Plan":
    """Open a scenario and make its plan, so that Ctrl-C is answered at once."""
    with doing(f"reading {scenario}"):
        from counterplan.plan.dates import date_notes
        from counterplan.plan.make import make_plan
        from counterplan.plan.open import open_scenario
        from counterplan.solve.program import Engine as Algorithm

        asked, economy = open_scenario(scenario)
    show_notes(date_notes(economy, asked))
    with doing(f"planning {asked.name}"):
        return interruptible(
            lambda: make_plan(
                economy, asked, engine=Algorithm(engine.value), seconds_max=seconds_max
            )
        )


def show_notes(notes: "Sequence[str]") -> None:
    """Print what is no reason to stop and should be known."""
    for note in notes:
        say(f"note: {note}")


def refuse_target(folder: Path) -> None:
    """Refuse a folder that holds something else, or cannot be written, before the work begins."""
    from counterplan.plan.storage import refuse_foreign

    refuse_foreign(folder.resolve())
    check_target(folder)


def check_target(path: Path) -> None:
    """Refuse a file or folder that cannot be written before the work begins, not after it."""
    from counterplan.plan.storage import check_writable

    refuse_inside_dialogue(path)
    check_writable(path)


def certified(certificate: "Certificate") -> str:
    """Say what a certificate that holds proves, and what it only states."""
    from counterplan.plan.certificate import RECOMPUTED

    better = f"better by more than {abs(certificate.gap):.1e} of consumption"
    if certificate.basis == RECOMPUTED:
        return f"certified: rows hold to {certificate.residual:.1e}, no plan is {better}"
    return (
        f"not proved: rows hold to {certificate.residual:.1e}; that no plan with other projects is "
        f"{better} is {certificate.basis}"
    )


def refuse_uncertified(made: "Plan") -> NoReturn:
    """Refuse a plan that the engine believes in and its certificate does not."""
    from counterplan.plan.verify import limit_differences

    reasons = "; ".join(limit_differences(made.certificate))
    raise CheckError(
        f"the engine {made.making.engine} found no plan that is certified ({reasons}); give it "
        "more time (--seconds-max) or choose another engine"
    )


def show_frame(frame: "pd.DataFrame", *, decimals: int = 3, title: str = "") -> None:
    """Print a table of numbers with its labels."""
    rows = [
        (*label_cells(label), *(figure(float(value), decimals=decimals) for value in row))
        for label, row in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    left = len(label_cells(frame.index[0])) if len(frame) else 1
    show_table(
        (*[""] * left, *(str(column) for column in frame.columns)), rows, title=title, left=left
    )


def label_cells(label: object) -> tuple[str, ...]:
    """Return a row's label as cells: one for each level."""
    return tuple(map(str, label)) if isinstance(label, tuple) else (str(label),)


def frontier(
    scenario: Scenario,
    x: Annotated[str, typer.Option(help="what is weighed: consumption, hours, reserves:2020, ...")],
    y: Annotated[
        str,
        typer.Option(help="the goal that is asked for: import_dependence:C28, investment:C28+C29"),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="CSV file to write the points to")],
    points: Annotated[int, typer.Option(min=2, max=100, help="how many plans to make")] = 5,
    engine: Engine = EngineName.AUTOMATIC,
    seconds_max: Seconds = SECONDS_MAX,
) -> None:
    """Show what a goal costs: plans that give more and more of y, and what they leave of x.

    Measures: consumption, investment:BRANCH+BRANCH, import_dependence:PRODUCT, emission:CODE,
    hours, reserves:PERIOD; a period may follow each (consumption:2020).

    Exit code 1 where a plan is not certified.
    """
    refuse_points_target(out)
    check_target(out)
    with doing(f"reading {scenario}"):
        from counterplan.plan.dates import date_notes
        from counterplan.plan.frontier import frontier as weighed
        from counterplan.plan.open import open_scenario
        from counterplan.solve.program import Engine as Algorithm

        asked, economy = open_scenario(scenario)
    show_notes(date_notes(economy, asked))
    with counting(f"planning {asked.name}", total=points) as step:
        found = interruptible(
            lambda: weighed(
                economy,
                asked,
                x=x,
                y=y,
                points=points,
                engine=Algorithm(engine.value),
                seconds_max=seconds_max,
                progress=lambda done, every: step(),
            )
        )
    table = found.table()
    write_csv(table, out)
    say(found.text())
    say(f"wrote {out}")
    if not bool(table["certified"].all()):
        raise CheckError("not every plan on the frontier is certified: see the file")


def write_csv(table: "pd.DataFrame", path: Path) -> None:
    """Write a table; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    work = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        table.to_csv(work, index=False)
        os.replace(work, path)
    finally:
        work.unlink(missing_ok=True)
