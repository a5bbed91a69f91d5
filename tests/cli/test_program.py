"""The program as a whole: help, exit codes, interruption, and what it leaves on the disk."""

import errno
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from counterplan import __version__
from counterplan.cli import COMMANDS, console, main
from counterplan.cli.console import Commands, columns_of_figures, counting, doing, interruptible
from counterplan.errors import CheckError, CounterplanError, InputError
from counterplan.examples import packaged_scenario
from tests.cli.running import program, run, run_program

WORDS = (
    "new",
    "import",
    "check",
    "analyse",
    "plan",
    "dialogue",
    "replan",
    "verify",
    "explain",
    "compare",
    "report",
    "frontier",
    "ranges",
    "honesty",
    "examples",
    "demo",
)


def test_every_command_is_there_and_answers_help() -> None:
    assert tuple(COMMANDS) == WORDS
    for word in WORDS:
        answer = run(word, "--help")
        assert answer.code == 0
        assert answer.out.startswith("Usage: ")


def test_help_says_the_exit_codes() -> None:
    assert "0 fine, 1 a check failed, 2 bad input" in " ".join(run("--help").out.split())


def test_the_version_is_printed() -> None:
    assert run("--version").out == f"counterplan {__version__}\n"


def test_help_loads_nothing_that_takes_time() -> None:
    """The libraries for numbers take seconds to load; help is to come at once (half a second)."""
    script = (
        "import sys; from typer.testing import CliRunner; from counterplan.cli import app; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; "
        "print([m for m in ('numpy', 'pandas', 'scipy', 'highspy', 'pydantic', 'altair', 'rich') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words",
    [
        ("plna",),
        ("plan",),
        ("plan", "crisis-2014"),
        ("plan", "crisis-2014", "--out", "x", "--engine", "magic"),
        ("plan", "crisis-2014", "--out", "x", "--seconds-max", "0"),
        ("plan", "crisis-2014", "--out", "x", "--seconds-max", "soon"),
        ("analyse", "russia-2014", "--what", "feelings"),
        ("import", "x", "--kind", "magic", "--out", "y"),
        ("frontier", "oil-60", "--x", "a", "--y", "b", "--points", "1", "--out", "f.csv"),
    ],
)
def test_a_command_that_is_not_understood_ends_with_two(words: tuple[str, ...]) -> None:
    answer = run(*words)

    assert answer.code == 2
    assert "Usage: " in answer.err
    assert answer.out == ""


# ---- errors ---------------------------------------------------------------------------------


def ending(error: BaseException) -> tuple[int, str]:
    """Return how a command ends that raises an error."""
    small = typer.Typer(cls=Commands, rich_markup_mode=None)

    @small.command()
    def one() -> None:
        raise error

    @small.command()
    def two() -> None:
        pass

    result = CliRunner().invoke(small, ["one"])
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            InputError("is odd", place="a.csv row 3", mend="mend it"),
            2,
            "a.csv row 3: is odd; mend it",
        ),
        (CheckError("it does not hold"), 1, "it does not hold"),
        (CounterplanError("the engine stopped"), 1, "the engine stopped"),
        (KeyboardInterrupt(), 130, "stopped; nothing was written"),
        (
            OSError(errno.ENOSPC, "No space left on device", "out/x"),
            2,
            "out/x: No space left on device",
        ),
        (PermissionError(errno.EACCES, "Permission denied"), 2, "Permission denied"),
        (MemoryError(), 1, "there is not enough memory for this"),
    ],
)
def test_an_error_ends_a_command_with_its_code_and_one_line(
    error: BaseException, code: int, line: str
) -> None:
    assert ending(error) == (code, f"counterplan: {line}\n")


def test_an_error_of_the_program_itself_is_not_hidden() -> None:
    small = typer.Typer(cls=Commands)

    @small.command()
    def one() -> None:
        raise ZeroDivisionError

    @small.command()
    def two() -> None:
        pass

    assert isinstance(CliRunner().invoke(small, ["one"]).exception, ZeroDivisionError)


def test_a_reader_who_closes_the_pipe_gets_no_traceback() -> None:
    done = subprocess.run(
        f"{program()} examples | head -n 1", shell=True, capture_output=True, text=True, check=True
    )

    assert "Traceback" not in done.stderr


# ---- interruption -----------------------------------------------------------------------------


def test_ctrl_c_while_an_engine_runs_leaves_nothing_behind(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Forty years keep the simplex method busy for minutes.
    long = tmp_path_factory.mktemp("long") / "oil-60.yaml"
    text = packaged_scenario("oil-60").read_text(encoding="utf-8")
    long.write_text(text.replace("periods: 6", "periods: 40"), encoding="utf-8")
    process = subprocess.Popen(
        [program(), "plan", str(long), "--out", str(tmp_path / "plan"), "--engine", "simplex"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    # The second line says that planning has begun.
    lines = [process.stderr.readline(), process.stderr.readline()]
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)

    assert lines == [f"reading {long} ...\n", "planning oil-60 ...\n"]
    assert process.returncode == 130
    assert "stopped; nothing was written" in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_program_ends_with_the_code_of_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["counterplan", "check", "nowhere"])
    with pytest.raises(SystemExit) as caught:
        main()

    assert caught.value.code == 2


def test_an_interrupted_program_leaves_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)

    def interrupted() -> None:
        raise SystemExit(130)

    console.leave(interrupted)

    assert left == [130]


# ---- the terminal -----------------------------------------------------------------------------


def test_work_in_a_thread_gives_its_result_or_its_error() -> None:
    def fail() -> None:
        raise InputError("no")

    assert interruptible(lambda: 7) == 7
    with pytest.raises(InputError, match="no"):
        interruptible(fail)


def test_progress_without_a_terminal_is_a_line_a_step(capsys: pytest.CaptureFixture[str]) -> None:
    with doing("waiting"):
        pass
    with counting("points", total=2) as step:
        step()
        step()

    captured = capsys.readouterr()
    assert captured.err == "waiting ...\npoints ...\npoints: 1 of 2\npoints: 2 of 2\n"
    assert captured.out == ""


def on_a_terminal(*words: str) -> str:
    """Run a command on a terminal of its own and return what it shows."""
    keyboard, screen = pty.openpty()
    process = subprocess.Popen(
        [program(), *words], stdin=screen, stdout=screen, stderr=screen, close_fds=True
    )
    os.close(screen)
    shown = b""
    while True:
        ready, _, _ = select.select([keyboard], [], [], 60)
        try:
            part = os.read(keyboard, 65536) if ready else b""
        except OSError:  # Linux's way of saying that the other end was closed
            part = b""
        if not part:
            break
        shown += part
    os.close(keyboard)
    assert process.wait(timeout=60) == 0
    return shown.decode()


def test_a_terminal_gets_frames_and_moving_progress(tmp_path: Path) -> None:
    out = str(tmp_path / "plan")
    shown = on_a_terminal("plan", "three-workplaces-canal", "--out", out)

    assert "─" in shown  # a rule under the heads of the table
    assert "planning three-workplaces-canal" in shown
    assert "planning three-workplaces-canal ..." not in shown


def test_no_terminal_gets_plain_text(tmp_path: Path) -> None:
    answer = run_program("plan", "three-workplaces-canal", "--out", tmp_path / "plan")

    assert answer.code == 0
    assert answer.out.isascii()
    assert "\x1b" not in answer.out + answer.err
    assert answer.err.splitlines()[1] == "planning three-workplaces-canal ..."


def test_figures_have_the_decimals_that_their_column_needs() -> None:
    assert columns_of_figures([[12345.6, 0.001234], [1.0, float("nan")]]) == [
        ["12,346", "0.0012340"],
        ["1", ""],
    ]
    assert columns_of_figures([[0.0]]) == [["0.0000"]]
