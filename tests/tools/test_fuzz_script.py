"""The script that fuzzes does not end well where it fuzzed nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "tools" / "fuzz.sh"


def run(root: Path, *, python: str, ci: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script in a folder of its own, with another program for Python."""
    (root / "tools").mkdir()
    shutil.copy(SCRIPT, root / "tools" / "fuzz.sh")
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    if ci:
        environment["CI"] = ci
    return subprocess.run(
        [str(root / "tools" / "fuzz.sh"), python],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1), ("1", 1)])
def test_without_atheris_it_says_so_and_fails_where_ci_is_set(
    tmp_path: Path, ci: str, code: int
) -> None:
    ended = run(tmp_path, python="false", ci=ci)

    assert ended.returncode == code
    assert "the fuzz targets were NOT run" in ended.stderr


def test_without_a_target_it_fails(tmp_path: Path) -> None:
    ended = run(tmp_path, python="true", ci="")

    assert ended.returncode == 1
    assert "there is no fuzz target" in ended.stderr


def test_with_targets_it_counts_them(tmp_path: Path) -> None:
    (tmp_path / "tests" / "fuzz").mkdir(parents=True)
    (tmp_path / "tests" / "fuzz" / "fuzz_one.py").touch()

    ended = run(tmp_path, python="true", ci="true")

    assert ended.returncode == 0
    assert "1 fuzz targets ran without a finding" in ended.stdout
