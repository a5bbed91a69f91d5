"""The command that tries what false reports cost and which checks find them: honesty."""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.console import counting, doing, interruptible, say, show_table
from counterplan.errors import InputError

if TYPE_CHECKING:
    from counterplan.dialogue.honesty.experiment import Outcome
    from counterplan.dialogue.honesty.findings import Findings
    from counterplan.economy.economy import Economy

PAGE = "honesty.html"
TABLES = (
    "trials.csv",
    "summary.csv",
    "deliveries.csv",
    "stocks.csv",
    "likeness.csv",
    "capacity.csv",
    "columns.csv",
)
CROWD = 1000  # workplaces for the checks that compare like with like


def honesty(
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO", help="a scenario's file, or the name of a packaged one"),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="folder to write the page and tables to")
    ],
    producers: Annotated[int, typer.Option(help="workplaces the economy is split into")] = 100,
    share: Annotated[float, typer.Option(help="of the workplaces that lie, 0 to 1")] = 0.1,
    seed: Annotated[int, typer.Option(help="of the split and of the first draw of liars")] = 0,
    draws: Annotated[int, typer.Option(help="how many times the liars are drawn")] = 3,
    periods: Annotated[int, typer.Option(min=1, help="plan at most so many periods")] = 2,
) -> None:
    """Try what padding, hoarding and sandbagging cost, what they bring, and which checks find them.

    The scenario's economy is split into workplaces, a share of which report falsely, by 5, 10, 20
    and 40%; the plan made from the reports is carried out with the true techniques. Writes
    DIR/honesty.html and its figures as tables. 100 workplaces take about two minutes.
    """
    refuse_target(out)
    with doing(f"reading {scenario}"):
        from counterplan.dialogue.honesty.experiment import Setting, experiment, shortened
        from counterplan.dialogue.honesty.findings import findings_of
        from counterplan.plan.open import open_scenario

        setting = Setting(share=share, draws=draws, seed=seed)
        asked, economy = open_scenario(scenario)
    asked = shortened(asked, periods=periods)
    truth, crowd = split_both(economy, producers=producers, seed=seed)
    with counting(f"planning {asked.name}", total=setting.plans) as step:
        outcome = interruptible(lambda: experiment(truth, asked, setting, told=step))
    with doing("trying the checks"):
        found = interruptible(lambda: findings_of(crowd, outcome.best, setting))
    with doing(f"writing {out}"):
        write(outcome, found, crowd=crowd, out=out)
    show(outcome)
    say(f"wrote {out / PAGE} and {len(TABLES)} tables beside it")


def split_both(economy: "Economy", *, producers: int, seed: int) -> "tuple[Economy, Economy]":
    """Return the economy that is planned, and a crowd large enough to compare like with like."""
    from counterplan.economy.split import split_producers

    with doing("splitting the economy into workplaces"):
        truth = split_producers(economy, producers=producers, seed=seed)
        crowd = (
            truth if producers >= CROWD else split_producers(economy, producers=CROWD, seed=seed)
        )
    return truth, crowd


def refuse_target(folder: Path) -> None:
    """Refuse a folder that holds anything that no such experiment wrote, before the work begins."""
    from counterplan.plan.storage import check_writable

    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' is a file", mend="give a new folder")
    there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    others = [name for name in there if name not in (PAGE, *TABLES)]
    if others:
        raise InputError(
            f"'{folder}' holds '{others[0]}', which is not of an experiment on honesty",
            mend="give an empty or a new folder",
        )
    check_writable(folder)


def write(outcome: "Outcome", found: "Findings", *, crowd: "Economy", out: Path) -> None:
    """Write the page and the tables; the folder appears whole or not at all."""
    import pandas as pd

    from counterplan.dialogue.honesty.columns import meaning
    from counterplan.plan.storage import put_in_place
    from counterplan.report.honesty import render_honesty

    frames = (
        outcome.trials,
        outcome.summary(),
        found.deliveries,
        found.stocks,
        found.likeness,
        found.capacity,
    )
    said = [
        (name, str(column), *meaning(str(column)))
        for name, frame in zip(TABLES, frames, strict=False)
        for column in frame.columns
    ]
    columns = pd.DataFrame(said, columns=["table", "column", "unit", "meaning"])
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    try:
        for name, frame in zip(TABLES, (*frames, columns), strict=True):
            frame.to_csv(work / name, index=False)
        page = render_honesty(outcome, found, crowd=len(crowd.producers))
        (work / PAGE).write_text(page, encoding="utf-8")
        work.chmod(0o755)
        put_in_place(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def show(outcome: "Outcome") -> None:
    """Print what the lies cost and bring."""
    heads = ("lie", "degree", "loss, %", "least to most", "consumption, %", "liars' surplus, %")
    rows = [
        (
            str(line["kind"]),
            f"{line['degree']:.0%}",
            f"{100 * line['loss']:.2f}",
            f"{100 * line['loss_least']:.2f} to {100 * line['loss_most']:.2f}",
            f"{100 * line['consumption']:+.2f}",
            f"{100 * max(line['goods'], line['room']):.1f}",
        )
        for line in outcome.summary().to_dict("records")
    ]
    show_table(heads, rows, left=2)
    say(
        "loss: of the mandate's value, of the observed baskets of all years counted; consumption: "
        "of households in the planned periods; surplus: goods of the liars' output, or idle room "
        "of their capacity"
    )
    failed = outcome.trials[~outcome.trials["planned"]]
    if len(failed):
        say(f"{len(failed)} of {len(outcome.trials)} reports leave no plan that keeps the mandate")
