"""Running the commands in tests: inside the process, or as a program."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from counterplan.cli import app


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str


def run(*words: str | Path) -> Answer:
    """Run a command inside this process; an error that is no answer comes through."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def run_program(*words: str | Path, cwd: Path | None = None) -> Answer:
    """Run a command as a person would, in a process of its own."""
    done = subprocess.run(
        [program(), *(str(word) for word in words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=280,
        check=False,
        env=os.environ | {"COLUMNS": "80"},
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def program() -> str:
    """Return the installed program."""
    return str(Path(sys.executable).with_name("counterplan"))


def complaint(answer: Answer) -> str:
    """Return the one line of a refusal, after what was being done."""
    lines = [line for line in answer.err.splitlines() if not line.endswith(" ...")]
    assert len(lines) == 1, answer.err
    assert lines[0].startswith("counterplan: ")
    assert "Traceback" not in answer.err + answer.out
    return lines[0].removeprefix("counterplan: ")
