"""The command that says how far the estimates carry: ranges."""

import csv
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.console import (
    INTERRUPTED,
    counting,
    doing,
    figure,
    interruptible,
    say,
    show_table,
    stop,
)
from counterplan.errors import InputError

if TYPE_CHECKING:
    from counterplan.plan.ranges import Draw, Ranges

HEADS = ("scenario", "fingerprint", "spread", "seed", "outcome", "headline", "period", "value")
CERTIFIED, UNCERTIFIED, IMPOSSIBLE = "certified", "uncertified", "impossible"
BYTES_MAX = 50_000_000

Marks = tuple[str, str, str]  # scenario, fingerprint, spread: what all draws of a file share


def ranges(
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO", help="a scenario's file, or the name of a packaged one"),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="CSV file of the draws; one that is there goes on")
    ],
    draws: Annotated[int, typer.Option(min=1, max=200, help="how many plans to make")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="of the first draw; the next has one more")] = 0,
    spread: Annotated[
        float,
        typer.Option(min=0.0, max=2.0, help="of the noise: standard deviation of the logarithm"),
    ] = 0.3,
    seconds_max: Annotated[
        float, typer.Option(min=0.1, help="stop the engine after so many seconds, in each draw")
    ] = 600.0,
) -> None:
    """Say how the headlines move when the estimated capital of the branches does.

    The scenario is planned again and again, each time with noise on the capital behind every
    branch's capacity. Each draw is in the file as soon as it is made: what Ctrl-C stops, the same
    command takes up again.
    """
    if out.is_dir():
        raise InputError(f"'{out}' is a folder", mend="give the name of a CSV file")
    with doing(f"reading {scenario}"):
        from counterplan.plan.open import open_scenario
        from counterplan.plan.ranges import fingerprint
        from counterplan.plan.ranges import ranges as ranged

        asked, economy = open_scenario(scenario)
        marks = (asked.name, fingerprint(economy, asked), repr(float(spread)))
        known = read_draws(out, marks)
    wanted = range(seed, seed + draws)
    left = [number for number in wanted if number not in known]
    if len(left) < draws:
        say(f"{draws - len(left)} of {draws} draws are in {out} already")

    writing = threading.Lock()  # Ctrl-C waits for the draw that is just being written

    def keep(one: "Draw") -> None:
        with writing:
            known[one.seed] = one
            write_draws(out, known, marks)
            step()

    try:
        with counting(f"planning {asked.name}", total=len(left)) as step:
            found = interruptible(
                lambda: ranged(
                    economy,
                    asked,
                    draws=draws,
                    spread=spread,
                    seed=seed,
                    done=dict(known),
                    told=keep,
                    seconds_max=seconds_max,
                )
            )
    except KeyboardInterrupt:
        writing.acquire()
        kept = sum(number in known for number in wanted)
        where = f"{kept} of {draws} draws are in {out}; the same command goes on from there"
        stop(f"stopped; {where if kept else 'nothing was written'}", code=INTERRUPTED)
    show_ranges(found, out)


def show_ranges(found: "Ranges", out: Path) -> None:
    """Print the lowest and the highest of every headline, and what the draws lack."""
    rows = [
        (
            str(name),
            *(
                f"{figure(float(low))} to {figure(float(high))}"
                for low, high in zip(found.low.loc[name], found.high.loc[name], strict=True)
            ),
        )
        for name in found.low.index
    ]
    counted = found.draws - len(found.uncertified) - len(found.impossible)
    say(
        f"Lowest and highest of {counted} plans, with noise of {found.spread:g} on the capital "
        "behind every branch's capacity:"
    )
    show_table(("", *(str(column) for column in found.low.columns)), rows)
    for words, numbers in (
        ("could not be certified and are left out", found.uncertified),
        ("leave no plan that keeps the mandate", found.impossible),
    ):
        if numbers:
            say(f"{len(numbers)} draws {words}: seeds {', '.join(map(str, numbers))}")
    say("What lies within these ranges cannot be told apart by this plan.")
    say(f"wrote {out}")


# ---- the file -------------------------------------------------------------------------------


def write_draws(path: Path, known: Mapping[int, "Draw"], marks: Marks) -> None:
    """Write all draws, one number on a line; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    work = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with work.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADS)
            for number in sorted(known):
                writer.writerows(draw_rows(known[number], marks))
        os.replace(work, path)
    finally:
        work.unlink(missing_ok=True)


def draw_rows(one: "Draw", marks: Marks) -> list[tuple[object, ...]]:
    """Return the lines of one draw."""
    if one.summary is None:
        outcome = IMPOSSIBLE if one.impossible else UNCERTIFIED
        return [(*marks, one.seed, outcome, "", "", "")]
    return [
        (
            *marks,
            one.seed,
            CERTIFIED,
            headline,
            period,
            repr(float(one.summary.loc[headline, period])),
        )
        for headline in one.summary.index
        for period in one.summary.columns
    ]


def read_draws(path: Path, marks: Marks) -> dict[int, "Draw"]:
    """Return the draws that a file holds; none where there is no file.

    Raises
    ------
    InputError
        For a file of something else, or of another scenario, economy or spread.
    """
    if not path.exists():
        return {}
    mend = "give another name, or move it away"
    if path.stat().st_size > BYTES_MAX:
        raise InputError(f"'{path}' is no file of draws: it is too large", mend=mend)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            heads, *rows = list(csv.reader(file)) or [[]]
    except (UnicodeDecodeError, csv.Error):
        heads, rows = [], []
    if tuple(heads) != HEADS or any(len(row) != len(HEADS) for row in rows):
        raise InputError(f"'{path}' is there and is no file of draws", mend=mend)
    for number, row in enumerate(rows, start=2):
        for head, mine, theirs in zip(HEADS, marks, row, strict=False):
            if mine != theirs:
                raise InputError(
                    f"its {head} is {theirs}, and that asked for is {mine}",
                    place=f"{path.name} row {number}",
                    mend=f"draws of one file belong together; {mend}",
                )
    return drawn(rows, place=path.name)


def drawn(rows: list[list[str]], *, place: str) -> dict[int, "Draw"]:
    """Return the draws of a file's lines."""
    import pandas as pd

    from counterplan.plan.ranges import Draw

    values: dict[int, dict[str, dict[str, float]]] = {}
    failed: dict[int, Draw] = {}
    for number, (*_, seed, outcome, headline, period, value) in enumerate(rows, start=2):
        try:
            if outcome != CERTIFIED:
                failed[int(seed)] = Draw(int(seed), None, impossible=outcome == IMPOSSIBLE)
            else:
                values.setdefault(int(seed), {}).setdefault(headline, {})[period] = float(value)
        except ValueError:
            raise InputError(
                f"'{seed}' and '{value}' are to be numbers",
                place=f"{place} row {number}",
                mend="take the line's draw out, and it is made again",
            ) from None
    found = {
        seed: Draw(seed, pd.DataFrame.from_dict(table, orient="index"))
        for seed, table in values.items()
    }
    return {**failed, **found}
