"""The demonstration, as `make demo` runs it."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from counterplan.cli import demonstration as demo
from counterplan.errors import CounterplanError
from counterplan.plan import storage
from counterplan.plan.storage import load_plan
from tests.cli.running import complaint, program, run, run_program


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demonstration once and return its folder and what it said."""
    place = tmp_path_factory.mktemp("demo")
    answer = run_program("demo", "--out", "out/demo", cwd=place)
    assert answer.code == 0, answer.err
    return place / "out" / "demo", answer.out


def test_the_demonstration_plans_verifies_compares_and_reports(made: tuple[Path, str]) -> None:
    folder, out = made

    assert sorted(path.name for path in folder.iterdir()) == sorted([*demo.SCENARIOS, demo.REPORT])
    assert all(load_plan(folder / name).certificate.holds for name in demo.SCENARIOS)
    assert "verified all three from their files, without the solver" in out
    assert "Russia 2015-2020 in the crisis of 2014, with industry rebuilt" in out
    # Debts of 100, 60 and 40 billion dollars fall due.
    assert "debt service takes 200,000 million USD more" in out
    assert out.splitlines()[-1] == "the report: out/demo/report.html"
    assert [path.name for path in folder.parent.iterdir()] == ["demo"]


def test_every_step_says_how_long_it_took(made: tuple[Path, str]) -> None:
    steps = [line for line in made[1].splitlines() if " s  " in line]
    seconds = [float(line.split()[0]) for line in steps]

    assert len(steps) == 5
    assert seconds[-1] == pytest.approx(sum(seconds[:-1]), abs=0.3)


def test_the_crisis_costs_what_the_report_is_about(made: tuple[Path, str]) -> None:
    plans = {name: load_plan(made[0] / name) for name in demo.SCENARIOS}
    households = {
        name: plan.summary().loc["household consumption (trend = 1)"]
        for name, plan in plans.items()
    }
    industry = ["C13-C15", "C20", "C22", "C23", "C24", "C26", "C28", "C29"]
    output = {
        name: plan.output_by_branch().loc[industry, "2020"].sum() for name, plan in plans.items()
    }

    # No shock: what was observed, on its trend. The crisis: less in every year. Rebuilding
    # industry costs more consumption, and makes more of its products.
    assert (households[demo.REFERENCE] - 1).abs().max() < 1e-3
    assert households[demo.CRISIS].max() < 0.95
    assert (households[demo.REBUILT] < households[demo.CRISIS]).all()
    assert output[demo.REBUILT] > 1.05 * output[demo.CRISIS]


def test_a_plan_of_the_demonstration_that_was_altered_fails(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def copies(names: object, folder: Path) -> None:
        shutil.copytree(made[0], folder, dirs_exist_ok=True)
        (folder / demo.CRISIS / "note.txt").write_text("added")

    monkeypatch.setattr(demo, "plan_all", copies)
    answer = run("demo", "--out", tmp_path / "demo")

    assert answer.code == 1
    assert "REFUSED: note.txt is no part of the plan" in answer.out
    assert list(tmp_path.iterdir()) == []


def test_a_second_demonstration_takes_the_place_of_the_first(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        demo, "plan_all", lambda names, folder: shutil.copytree(made[0], folder, dirs_exist_ok=True)
    )
    for _ in range(2):
        assert run("demo", "--out", tmp_path / "demo").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]

    monkeypatch.setattr(storage, "put_in_place", fails)
    with pytest.raises(ZeroDivisionError):
        run("demo", "--out", tmp_path / "demo")
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def fails(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def test_an_earlier_demonstration_stays_when_it_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "work").mkdir()
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if source.name == "work":
            raise OSError("the disk is gone")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="gone"):
        storage.put_in_place(tmp_path / "work", tmp_path / "demo")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "work"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_the_demonstration_does_not_overwrite_other_things(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "demo"
    if kind == "file":
        place.write_text("")
    else:
        place.mkdir()
        (place / "thesis.txt").write_text("years of work")
    answer = run("demo", "--out", place)

    assert answer.code == 2
    assert complaint(answer)
    assert place.is_file() or (place / "thesis.txt").is_file()


# ---- planning in processes --------------------------------------------------------------------


def test_plans_are_made_in_processes_of_their_own(tmp_path: Path) -> None:
    demo.plan_all(["three-workplaces-canal", "three-workplaces-plain"], tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "three-workplaces-canal",
        "three-workplaces-plain",
    ]


def test_a_plan_that_cannot_be_made_ends_the_others(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CounterplanError, match="could not be made"):
        demo.plan_all(["crisis-2041", "crisis-2014"], tmp_path)

    assert "counterplan: crisis-2041: there is no packaged scenario" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_demonstration_does_not_go_on_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "SECONDS_MAX", -1.0)

    with pytest.raises(CounterplanError, match="took more than"):
        demo.plan_all(["three-workplaces-canal"], tmp_path)


def test_one_plan_is_made_and_saved(tmp_path: Path) -> None:
    demo.plan_one("three-workplaces-canal", str(tmp_path / "plan"))
    with pytest.raises(SystemExit):
        demo.plan_one("three-workplaces", str(tmp_path / "none"))

    assert load_plan(tmp_path / "plan").certificate.holds
    assert not (tmp_path / "none").exists()


def test_ctrl_c_stops_the_demonstration_with_all_its_processes(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [program(), "demo", "--out", str(tmp_path / "demo")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    process.stderr.readline()
    time.sleep(4)
    # As a terminal does it: to every process of the group.
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert err == "counterplan: stopped; nothing was written\n"
    assert list(tmp_path.iterdir()) == []
    assert is_gone(process.pid, within=20)


def is_gone(group: int, *, within: float) -> bool:
    """Wait until no process of a group is left; the last ones end when they notice the first's."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
