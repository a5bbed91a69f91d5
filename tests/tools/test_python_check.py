"""What a person reads when Python is missing, too old, or lacks its virtual environments."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "python_check.sh"
TOO_OLD = '#!/bin/sh\ncase "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac\n'
NO_VENV = (
    "#!/bin/sh\n"
    'case "$1$2" in --version) echo "Python 3.12.1";; *ensurepip*) exit 1;; *) exit 0;; esac\n'
)


def check(python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", str(SCRIPT), python], capture_output=True, text=True, check=False)


def test_this_python_will_do() -> None:
    result = check(sys.executable)

    assert (result.returncode, result.stderr) == (0, "")


def test_a_missing_python_is_named_with_the_mend() -> None:
    result = check("python9.9")

    assert result.returncode == 2
    assert "'python9.9' was not found" in result.stderr
    assert "make PYTHON=" in result.stderr


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (TOO_OLD, "Python 3.9.2 is too old, Counterplan needs 3.11 or newer"),
        (NO_VENV, "apt install python3-venv"),
    ],
    ids=["too old", "no venv"],
)
def test_a_python_that_will_not_do_says_why(tmp_path: Path, body: str, message: str) -> None:
    python = tmp_path / "python3"
    python.write_text(body, encoding="utf-8")
    python.chmod(0o755)

    result = check(str(python))

    assert result.returncode == 2
    assert message in result.stderr
