"""The plan benchmark: trials in processes of their own, and the page that shows them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import bench_plan, pages
from benchmarks.bench_plan import Result, Size, Trial, outcome, row_of, size_of, trial, watched
from counterplan.solve.program import Engine

SIZE = Size(derive_seconds=1.0, assemble_seconds=2.0, rows=3, columns=4, coefficients=5)
NAN = float("nan")


def seen(result: Result | None, *, size: Size | None = SIZE) -> Trial:
    return Trial(size=size, result=result, cpu_seconds=9.0, memory_mib=100.4)


def answer(seconds: float, *, certified: bool) -> Result:
    gap = 1e-8 if certified else 0.5
    return Result(seconds, cpu_seconds=7.0, residual=1e-14, gap=gap, certified=certified)


def test_only_a_certified_answer_is_a_plan():
    assert outcome(seen(answer(3.0, certified=True)), seconds=40) == "certified"
    assert outcome(seen(answer(3.0, certified=False)), seconds=40) == "answered, not certified"
    assert outcome(seen(answer(40.1, certified=False)), seconds=40) == "no plan within 40 s"
    # Even past its time an answer that is certified is one.
    assert outcome(seen(answer(40.1, certified=True)), seconds=40) == "certified"


def test_a_process_that_was_stopped_says_nothing():
    assert outcome(seen(None), seconds=40) == "no plan within 40 s"
    assert outcome(seen(None, size=None), seconds=40) == "not assembled within 120 s"
    row = row_of("world", Engine.HIPO, seen(None), seconds=40)
    assert row["seconds"] == "over 40"
    assert row["CPU seconds"] == "9.0"  # of the whole process
    assert row["residual"] == row["gap"] == "-"
    assert row["memory, MiB"] == 100


def test_an_answer_shows_its_own_residual_and_gap():
    row = row_of("russia", Engine.IPX, seen(answer(3.21, certified=True)), seconds=40)
    assert row["plan"] == "Russia, 10 years"
    assert (row["seconds"], row["CPU seconds"]) == ("3.2", "7.0")
    assert (row["residual"], row["gap"], row["result"]) == ("1e-14", "1e-08", "certified")


def test_sizes_need_an_assembled_problem():
    line = size_of("russia", seen(Result(5.5, 5.0, NAN, NAN, certified=False)))
    assert (line["rows"], line["columns"], line["coefficients"]) == (3, 4, 5)
    assert line["as a linopy model, s"] == 5.5
    with pytest.raises(RuntimeError, match="world was not assembled"):
        size_of("world", seen(None, size=None))


def test_a_process_past_its_time_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench_plan, "ASSEMBLY_SECONDS", 0.3)
    told = tmp_path / "told"
    told.touch()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        usage = watched(process, told, seconds=40)
    assert process.returncode == -9
    assert usage.ru_maxrss > 0


def test_a_process_that_fails_is_an_error(tmp_path: Path):
    told = tmp_path / "told"
    told.touch()
    with (
        subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as process,
        pytest.raises(RuntimeError, match="ended with 3"),
    ):
        watched(process, told, seconds=40)


@pytest.mark.slow
def test_a_trial_certifies_russia():
    found = trial("russia", Engine.IPX, seconds=120)
    assert outcome(found, seconds=120) == "certified"
    assert found.size is not None
    # Ten years and the tail of 55 products and 33 techniques.
    assert found.size.rows > 11 * (55 + 33)
    assert 50 < found.memory_mib < 4000


def test_results_are_copied_into_their_place(tmp_path: Path):
    (tmp_path / "plan.md").write_text("# Plans\n\nWhat it is.\n\n## Solving\n\n| a |\n", "utf-8")
    page = "# Page\n<!-- results: plan -->\nold\n<!-- end -->\n<!-- results: no -->\n<!-- end -->\n"
    assert pages.filled(page, results=tmp_path) == (
        "# Page\n<!-- results: plan -->\n\nWhat it is.\n\n### Solving\n\n| a |\n\n<!-- end -->\n"
        "<!-- results: no -->\n<!-- end -->\n"
    )


def test_the_page_shows_the_newest_results():
    page = pages.PAGE.read_text(encoding="utf-8")
    assert pages.filled(page, results=pages.RESULTS) == page


def test_a_missing_figure_is_a_dash():
    assert bench_plan.shown(np.nan) == "-"
    assert bench_plan.shown(3.2e-9) == "3e-09"
