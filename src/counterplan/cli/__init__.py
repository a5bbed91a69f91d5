"""The commands: ``counterplan new | import | check | analyse | plan | verify | explain | ...``.

Each command is a function in a module of its theme. What it needs of the package it imports when
it runs, so that ``counterplan --help`` answers at once.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from counterplan import __version__
from counterplan.cli.analysis import analyse
from counterplan.cli.console import Commands, leave
from counterplan.cli.demonstration import demo
from counterplan.cli.dialogues import dialogue
from counterplan.cli.economies import check, examples, import_table, new
from counterplan.cli.estimates import ranges
from counterplan.cli.honesty import honesty
from counterplan.cli.plans import frontier, plan
from counterplan.cli.readings import compare, explain, report, verify
from counterplan.cli.replans import replan

__all__ = ["app", "main"]

app = typer.Typer(
    name="counterplan",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "new": (new, "Write tables to fill in with an economy of your own."),
    "import": (import_table, "Turn a published table into an economy."),
    "check": (check, "Check an economy's accounts, or a scenario."),
    "analyse": (analyse, "Ask a question of input-output analysis."),
    "plan": (plan, "Make a plan, certify it and write it to a folder."),
    "dialogue": (dialogue, "Let workplaces and the centre agree on a plan, round by round."),
    "replan": (replan, "Make a dialogue's plan anew after an event."),
    "verify": (verify, "Recompute a plan's certificate without the solver."),
    "explain": (explain, "Say why there is not more of a product."),
    "compare": (compare, "Say how two plans differ, and why."),
    "report": (report, "Write plans as one HTML file that works offline."),
    "frontier": (frontier, "Show what one goal costs in terms of another."),
    "ranges": (ranges, "Show how the headlines move when estimated data do."),
    "honesty": (honesty, "Try what false reports cost and what finds them."),
    "examples": (examples, "List or copy the packaged economies and scenarios."),
    "demo": (demo, "Plan Russia 2015-2020 without and in the crisis of 2014."),
}
for word, (function, short) in COMMANDS.items():
    app.command(word, short_help=short)(function)


def show_version(wanted: bool) -> None:  # noqa: FBT001
    """Print the version and leave, when it was asked for."""
    if wanted:
        typer.echo(f"counterplan {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--version", help="Print the version.", callback=show_version, is_eager=True),
    ] = False,
) -> None:
    """Plans of whole economies from real tables, proved by a certificate and explained.

    Exit codes: 0 fine, 1 a check failed, 2 bad input.
    """


def main() -> None:
    """Run the commands as a program."""
    leave(app)
