"""The terminal: what is printed, how progress is shown, and how errors end a command.

Results go to the standard output, progress and complaints to the standard error. Where these are
no terminal, tables are aligned text without frames or colours, and progress is a line a step.
"""

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import typer
from typer.core import TyperGroup

from counterplan.economy.characters import printable
from counterplan.errors import CounterplanError, InputError

FINE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
POLL_SECONDS = 0.05

Result = TypeVar("Result")


class Commands(TyperGroup):
    """The group of all commands: turns the package's errors into a line and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run a command; see :mod:`counterplan.errors` for the codes."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            stop(str(error), code=BAD_INPUT)
        except CounterplanError as error:
            stop(str(error), code=FAILED)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            stop(f"{where}{error.strerror or error}", code=BAD_INPUT)
        except MemoryError:
            stop("there is not enough memory for this", code=FAILED)
        except KeyboardInterrupt:
            stop("stopped; nothing was written", code=INTERRUPTED)


def stop(message: str, *, code: int) -> NoReturn:
    """Print a complaint and end the command."""
    typer.echo(printable(f"counterplan: {message}"), err=True)
    raise typer.Exit(code)


def leave(app: Callable[[], object]) -> None:
    """Run an application and leave at once after an interruption.

    An engine may still be running in its thread; waiting for it, or tearing it down in an
    orderly way, is what the person at the keyboard did not want.
    """
    try:
        app()
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


# ---- what is printed ------------------------------------------------------------------------


def say(text: str = "") -> None:
    """Print a line of the result."""
    typer.echo(printable(text))


def show_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", left: int = 1
) -> None:
    """Print a table whose first ``left`` columns are words and whose others are numbers."""
    if title:
        say(title)
    if sys.stdout.isatty():
        show_framed(heads, rows, left=left)
        return
    everything = [list(heads), *[list(row) for row in rows]]
    widths = [max(len(row[k]) for row in everything) for k in range(len(heads))]
    for row in everything:
        cells = [
            cell.ljust(width) if k < left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        say("  ".join(cells).rstrip())


def show_framed(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> None:
    """Print a table for eyes."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for k, head in enumerate(heads):
        table.add_column(Text(printable(head)), justify="left" if k < left else "right")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console().print(table)


def figure(value: float, *, decimals: int = 3) -> str:
    """Return a number as it is printed: thousands apart, nothing where it says nothing."""
    if math.isnan(value):
        return ""
    return f"{value:,.{decimals}f}"


def columns_of_figures(values: Sequence[Sequence[float]], *, digits: int = 5) -> list[list[str]]:
    """Return rows of numbers as text, each column with as many decimals as its largest needs."""
    columns = []
    for column in zip(*values, strict=True):
        largest = max((abs(value) for value in column if math.isfinite(value)), default=0.0)
        before = math.floor(math.log10(largest)) + 1 if largest > 0 else 1
        decimals = min(max(digits - before, 0), 12)
        columns.append([figure(value, decimals=decimals) for value in column])
    return [list(row) for row in zip(*columns, strict=True)]


# ---- what takes time ------------------------------------------------------------------------


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Show on the standard error what is being done; nothing stays of it on a terminal."""
    if not sys.stderr.isatty():
        typer.echo(printable(f"{what} ..."), err=True)
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(what)
        yield


@contextmanager
def counting(what: str, *, total: int) -> Iterator[Callable[[], None]]:
    """Show on the standard error how many of several steps are done; gives the step's function."""
    if not sys.stderr.isatty():
        typer.echo(printable(f"{what} ..."), err=True)
        done = [0]

        def step() -> None:
            done[0] += 1
            typer.echo(f"{what}: {done[0]} of {total}", err=True)

        yield step
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)


def interruptible(work: Callable[[], Result]) -> Result:
    """Do some work in a thread, so that Ctrl-C is answered while an engine runs in C."""
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(POLL_SECONDS)
    if errors:
        raise errors[0]
    return results[0]


class Clock:
    """How long each step took."""

    def __init__(self) -> None:
        self.started = self.last = time.perf_counter()

    def step(self, what: str) -> None:
        """Print what was done, and the seconds since the last step."""
        now = time.perf_counter()
        say(f"{now - self.last:6.1f} s  {what}")
        self.last = now

    def total(self) -> float:
        """Return the seconds since the beginning."""
        return time.perf_counter() - self.started
