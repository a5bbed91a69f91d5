"""A replanning on the disk: killed at any moment, it goes on to the same plan."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counterplan.dialogue.replanning.rounds import manifest_of_replanning, rounds_in
from counterplan.dialogue.saved import opened
from counterplan.plan.verify import verify
from tests.dialogue.reopening import OUTAGE, TERMS, replanning
from tests.dialogue.test_saved import contents, fields_of

ROOT = Path(__file__).resolve().parents[2]
KILLED = 4


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a replanning that nothing interrupted."""
    path = tmp_path_factory.mktemp("replanning") / "whole"
    with program(path) as process:
        process.communicate(timeout=120)
    assert process.returncode == 0
    return path


def program(path: Path) -> "subprocess.Popen[str]":
    """Start a replanning in a process of its own."""
    words = [sys.executable, "-m", "tests.dialogue.reopening", str(path)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_killed_at_any_moment_it_goes_on_to_the_same_files(whole: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(int(os.environ.get("COUNTERPLAN_SEED", "12")))
    path = tmp_path / "killed"
    for killed in range(KILLED):
        process = program(path)
        assert process.stdout is not None
        for _ in range(1 + 2 * killed if killed < 2 else int(rng.integers(36, 60))):
            assert not process.stdout.readline().startswith("done")
        time.sleep(rng.uniform(0, 0.004))
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        process.stdout.close()
        assert not (path / "plan").exists()  # the old plan stays in force
    there = contents(path)
    with program(path) as process:
        process.communicate(timeout=120)

    assert process.returncode == 0
    assert len([name for name in there if name.startswith("rounds/")]) >= 1
    assert all(contents(whole)[name] == one for name, one in there.items() if "/." not in name)
    assert contents(path) == contents(whole)
    assert verify(path / "plan").holds


def test_a_plan_that_was_not_written_yet_follows_from_the_rounds(
    whole: Path, tmp_path: Path
) -> None:
    path = tmp_path / "stopped"
    with opened(path, manifest_of_replanning(replanning(OUTAGE))) as folder:
        *_, (last, _) = rounds_in(folder, replanning(OUTAGE))
    with opened(path, manifest_of_replanning(replanning(OUTAGE))) as folder:
        found = list(rounds_in(folder, replanning(OUTAGE)))

    assert last.plan is not None
    assert len(found) == 1
    step, standing = found[0]
    assert standing is not None
    assert standing.state is not None
    assert step.plan is not None
    np.testing.assert_array_equal(step.plan.primal, last.plan.primal)
    np.testing.assert_array_equal(step.plan.dual, last.plan.dual)
    for one, other in zip(fields_of(step.state), fields_of(last.state), strict=True):
        np.testing.assert_array_equal(one, other)
    assert {n: c for n, c in contents(whole).items() if "plan/" not in n} == contents(path)


def test_what_is_read_before_the_first_round_is_what_was_kept(tmp_path: Path) -> None:
    few = replace(replanning(OUTAGE), terms=replace(TERMS, rounds_max=0))
    with opened(tmp_path / "early", manifest_of_replanning(few)) as folder:
        ((begun, _),) = rounds_in(folder, few)
        state = folder.read(few.dialogue).state
    assert state is not None

    assert begun.plan is None
    assert state.mixture is not None
    assert state.totals == begun.state.totals
    assert state.totals
    assert state.log == begun.state.log
    for one, other in zip(fields_of(state), fields_of(begun.state), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_plan_that_stays_as_it_is_is_kept_too(tmp_path: Path) -> None:
    calm = replanning()
    for _ in range(2):
        with opened(tmp_path / "same", manifest_of_replanning(calm)) as folder:
            ((found, _),) = rounds_in(folder, calm)
        assert found.plan is not None
        np.testing.assert_array_equal(found.plan.primal, calm.before.primal)
    assert sorted(contents(tmp_path / "same")) == ["begin.npz", "dialogue.json"]
