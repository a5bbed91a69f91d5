"""Commands that make plans: plan, frontier."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.console import FAILED, doing, figure, interruptible, say, show_table
from counterplan.errors import InputError

if TYPE_CHECKING:
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
    HIPO = "hipo"
    PDLP = "pdlp"


Scenario = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="a scenario's file, or the name of a packaged one"),
]
Engine = Annotated[EngineName, typer.Option(help="which algorithm of HiGHS")]
Seconds = Annotated[float, typer.Option(min=0.1, help="stop the engine after so many seconds")]


def plan(
    scenario: Scenario,
    out: Annotated[Path, typer.Option(metavar="DIR", help="folder to write the plan to")],
    engine: Engine = EngineName.AUTOMATIC,
    seconds_max: Seconds = SECONDS_MAX,
) -> None:
    """Make the best plan for a scenario, certify it and write it to a folder.

    Exit code 1 where the certificate does not hold.
    """
    refuse_target(out)
    made = made_plan(scenario, engine=engine, seconds_max=seconds_max)
    from counterplan.plan.storage import save_plan

    with doing(f"writing {out}"):
        save_plan(made, out)
    say(made.scenario.title)
    show_frame(made.summary())
    say(certificate_line(made.certificate))
    say(f"wrote {out}: counterplan verify {out}")
    if not made.certificate.holds:
        raise typer.Exit(FAILED)


def made_plan(scenario: str, *, engine: EngineName, seconds_max: float) -> "Plan":
    """Open a scenario and make its plan, so that Ctrl-C is answered at once."""
    with doing(f"reading {scenario}"):
        from counterplan.plan.make import make_plan
        from counterplan.plan.open import open_scenario
        from counterplan.solve.program import Engine as Algorithm

        asked, economy = open_scenario(scenario)
    with doing(f"planning {asked.name}"):
        return interruptible(
            lambda: make_plan(
                economy, asked, engine=Algorithm(engine.value), seconds_max=seconds_max
            )
        )


def refuse_target(folder: Path) -> None:
    """Refuse a folder that holds something else before the work begins, not after it."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' is a file", mend="give an empty or a new folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / "certificate.json").is_file():
        raise InputError(
            f"'{folder}' holds files that are not a plan", mend="give an empty or a new folder"
        )


def certificate_line(certificate: "Certificate") -> str:
    """Say in one line whether the certificate holds."""
    verdict = "certified" if certificate.holds else "NOT certified"
    return (
        f"{verdict}: rows hold to {certificate.residual:.1e}, no plan is better by more than "
        f"{abs(certificate.gap):.1e} of consumption"
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
    x: Annotated[str, typer.Option(help="one goal")],
    y: Annotated[str, typer.Option(help="the other goal")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="CSV file to write the points to")],
    points: Annotated[int, typer.Option(min=2, max=50, help="how many plans to make")] = 5,
) -> None:
    """Show how much of one goal has to be given up for another: several plans of one scenario."""
    raise InputError(f"no frontier between {x} and {y} for {scenario} in {points} points to {out}")
