"""The board of a dialogue: what is shown of its rounds while they go on."""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from counterplan.cli.console import columns_of_figures

if TYPE_CHECKING:
    from counterplan.dialogue.rounds import Round, State
    from counterplan.dialogue.saved import Standing

HEADS = ("round", "value", "bound", "gap, %", "answers", "late", "missing", "CPU seconds")


class Board:
    """What is shown while the rounds go on, on the standard error: a table, or a line a round."""

    def __init__(self, producers: int) -> None:
        self.producers = producers
        self.rows: list[tuple[str, ...]] = []
        self.answers = 0
        self.kept = 0
        self.begun = False
        self.started = time.process_time()
        self.live: Any = None

    @contextmanager
    def shown(self, what: str) -> Iterator[None]:
        """Show it until the work within is done; nothing stays of it on a terminal."""
        if not sys.stderr.isatty():
            typer.echo(f"{what} ...", err=True)
            yield
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True)
        with Live(get_renderable=self.table, console=console, transient=True) as self.live:
            yield

    def table(self) -> Any:  # noqa: ANN401
        """Return the rounds so far as a table, with how many answers are in."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        for head in HEADS:
            table.add_column(head, justify="right")
        for row in self.rows:
            table.add_row(*row)
        waiting = f"{self.answers:,} of {self.producers:,}"
        spent = f"{time.process_time() - self.started:.0f}"
        table.add_row(str(len(self.rows) + 1), "", "", "", waiting, "", "", spent)
        return table

    def goes_on(self, state: "State", standing: "Standing") -> None:
        """Say where a dialogue is taken up again, and what was only half written."""
        self.rows = [row_of(one, "") for one in state.rounds]
        self.kept = len(state.rounds)
        if standing.state is not None:
            waiting = f", with {len(standing.arrived)} batches of answers of the next"
            self.tell(f"going on after round {self.kept}{waiting if standing.arrived else ''}")
        for name in standing.ignored:
            self.tell(f"{name} was only half written and is ignored")

    def closed(self, state: "State") -> None:
        """Add a round."""
        spent = f"{time.process_time() - self.started:.1f}"
        row = row_of(state.rounds[-1], spent)
        self.rows.append(row)
        self.kept = len(state.rounds)
        if self.live is None:
            told = [f"{head} {cell}" for head, cell in zip(HEADS, row, strict=True) if cell]
            typer.echo(", ".join(told), err=True)

    def tell(self, line: str) -> None:
        """Print a line beside the table."""
        if self.live is None:
            typer.echo(line, err=True)
        else:
            self.live.console.print(line)


def row_of(one: "Round", spent: str) -> tuple[str, ...]:
    """Return a round as it is shown; what is missing is the worst rule once there is a plan."""
    missing = one.residual if one.shortage == 0 else one.shortage
    return (
        str(one.number + 1),
        amount(one.value),
        amount(one.bound),
        number(100 * one.gap, ".3g"),
        f"{one.answered:,}",
        f"{one.late:,}",
        number(missing, ".1e"),
        spent,
    )


def amount(value: float) -> str:
    """Return a value with nine digits, and nothing where there is none."""
    return columns_of_figures([[value]], digits=9)[0][0] if math.isfinite(value) else ""


def number(value: float, form: str) -> str:
    """Return a number as it is shown, and nothing where there is none."""
    return format(value, form) if math.isfinite(value) else ""
