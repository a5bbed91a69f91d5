"""The commands that make plans and read them: plan, verify, explain, compare, report."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from counterplan.cli import demonstration, plans
from counterplan.cli.plans import EngineName, label_cells, show_frame
from counterplan.economy.package import write_package
from counterplan.plan import case_search, storage
from counterplan.plan.certificate import Certificate
from counterplan.plan.storage import load_plan
from counterplan.solve.program import Engine
from tests.cli.running import complaint, run, run_program
from tests.plan.builders import two_branch_economy

OWN = """
name: own
title: My own
economy: two
horizon: {first: 2021, periods: 2}
"""
# The world buys no corn, so there is nothing to pay 2 dollars of transfers with.
IMPOSSIBLE = OWN + "shocks: [{kind: export_limit, products: [corn], share: 0}]\n"
SHORT_OF_CORN = OWN.replace("own\n", "short\n", 1) + (
    "shocks: [{kind: capacity, branches: [agriculture], share: 0.95}]\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an economy, scenarios, and the plans of two of them."""
    place = tmp_path_factory.mktemp("plans")
    write_package(two_branch_economy(), place / "two")
    for name, text in {"own": OWN, "short": SHORT_OF_CORN, "impossible": IMPOSSIBLE}.items():
        (place / f"{name}.yaml").write_text(text)
    for name in ("own", "short"):
        assert run("plan", place / f"{name}.yaml", "--out", place / name).code == 0
    return place


def copied(folder: Path, name: str, to: Path) -> Path:
    return Path(shutil.copytree(folder / name, to / name))


# ---- plan -------------------------------------------------------------------------------------


def test_a_plan_is_made_certified_and_written(folder: Path, tmp_path: Path) -> None:
    answer = run("plan", folder / "own.yaml", "--out", tmp_path / "deep" / "plan")

    assert answer.code == 0
    assert answer.out.splitlines()[0] == "My own"
    made = load_plan(tmp_path / "deep" / "plan")
    first, second = made.summary().loc["household consumption (trend = 1)"]
    assert f"household consumption (trend = 1)  {first:.3f}  {second:.3f}" in answer.out
    assert "certified: rows hold to" in answer.out
    assert made.certificate.holds


def test_a_plan_takes_the_place_of_another_plan_and_of_nothing_else(
    folder: Path, tmp_path: Path
) -> None:
    place = copied(folder, "short", tmp_path)
    assert run("plan", folder / "own.yaml", "--out", place).code == 0
    assert load_plan(place).scenario.name == "own"

    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("")
    for name, words in (("thesis", "not a plan"), ("file", "is a file")):
        answer = run("plan", folder / "own.yaml", "--out", tmp_path / name)
        assert answer.code == 2
        assert words in complaint(answer)
        # The refusal comes before the work.
        assert answer.err.count("\n") == 1
    assert (tmp_path / "thesis" / "thesis.txt").is_file()


@pytest.mark.parametrize("engine", list(EngineName))
def test_every_engine_can_be_asked_for(folder: Path, tmp_path: Path, engine: EngineName) -> None:
    answer = run("plan", folder / "own.yaml", "--out", tmp_path / "plan", "--engine", engine)

    # The first-order method proves its answers only to some 1e-5.
    assert answer.code == (0 if "\ncertified" in answer.out else 1)
    assert engine is EngineName.PDLP or answer.code == 0
    assert (tmp_path / "plan").exists() == (answer.code == 0)


def test_the_engines_are_those_of_the_library() -> None:
    assert [one.value for one in EngineName] == [one.value for one in Engine]


def test_an_impossible_mandate_is_refused_with_the_demands_and_nothing_is_written(
    folder: Path, tmp_path: Path
) -> None:
    answer = run("plan", folder / "impossible.yaml", "--out", tmp_path / "plan")

    assert answer.code == 2
    assert "no plan" in answer.err
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_plan_that_is_not_certified_is_not_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Certificate, "holds", property(lambda self: False))
    answer = run("plan", folder / "own.yaml", "--out", tmp_path / "plan")

    assert answer.code == 1
    assert "no plan that is certified" in complaint(answer)
    assert list(tmp_path.iterdir()) == []


def test_too_little_time_ends_with_one_and_without_a_plan(tmp_path: Path) -> None:
    answer = run("plan", "oil-60", "--out", tmp_path / "plan", "--seconds-max", "0.1")

    assert answer.code == 1
    assert "give it more time" in complaint(answer)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            OWN.replace("title", "titel"),
            "bad.yaml, key 'titel': unknown key 'titel'; did you mean 'title'?",
        ),
        (OWN.replace("horizon", "horizons"), "bad.yaml, key"),
        (OWN.replace("two", "tow"), "no economy 'tow'"),
        (OWN.replace("2021", "2023"), "bad.yaml: the plan starts in 2023"),
        (OWN + "shocks: [{kind: export_price, products: [x], factor: 1}]", "key 'shocks.0'"),
        (OWN + "shocks: [{kind: export_price, products: [corn], factor: .nan}]", "nan"),
        (OWN + "\x00", "is not YAML"),
    ],
)
def test_a_scenario_that_does_not_fit_is_refused_in_one_line(
    folder: Path, tmp_path: Path, text: str, words: str
) -> None:
    file = folder / "bad.yaml"
    file.write_text(text)
    answer = run("plan", file, "--out", tmp_path / "plan")

    assert answer.code == 2
    assert words in complaint(answer)
    assert list(tmp_path.iterdir()) == []


def test_tables_show_every_level_of_their_labels(capsys: pytest.CaptureFixture[str]) -> None:
    assert label_cells(("a", 1)) == ("a", "1")
    index = pd.MultiIndex.from_tuples([("corn", "this"), ("corn", "other")])
    show_frame(pd.DataFrame({"2021": [1.0, float("nan")]}, index=index), title="Levels")
    show_frame(pd.DataFrame())

    assert (
        capsys.readouterr().out == "Levels\n              2021\ncorn  this   1.000\ncorn  other\n\n"
    )


@pytest.mark.parametrize("command", ["plan", "frontier", "demo"])
def test_a_full_disk_is_found_before_any_planning(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    monkeypatch.setattr(plans, "interruptible", lambda work: pytest.fail("it was planned"))
    monkeypatch.setattr(demonstration, "plan_all", lambda *given: pytest.fail("it was planned"))
    asked = {
        "plan": (folder / "own.yaml",),
        "frontier": (folder / "own.yaml", "--x", "consumption", "--y", "hours"),
        "demo": (),
    }
    answer = run(command, *asked[command], "--out", tmp_path / "deep" / "out")

    assert answer.code == 2
    assert "No space left on device; make room on the disk" in complaint(answer)
    assert list(tmp_path.iterdir()) == []


# ---- verify -------------------------------------------------------------------------------------


def test_a_plan_that_holds_is_said_to_hold(folder: Path) -> None:
    answer = run("verify", folder / "own")

    assert answer.code == 0
    assert answer.out.splitlines()[0] == f"{folder / 'own'}: holds"
    assert "no plan more than" in answer.out


def test_verify_runs_as_a_program_without_a_solver(folder: Path) -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from counterplan.cli import app; "
        "code = CliRunner().invoke(app, ['verify', sys.argv[1]]).exit_code; "
        "print(code, 'highspy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder / "own")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "0 False"
    assert run_program("verify", folder / "own").code == 0


def test_an_altered_plan_ends_with_one_and_its_first_difference(
    folder: Path, tmp_path: Path
) -> None:
    place = copied(folder, "own", tmp_path)
    file = place / "variables.csv"
    file.write_text(file.read_text().replace("1", "2", 1))
    answer = run_program("verify", place)

    assert answer.code == 1
    assert answer.out.splitlines()[0] == (
        f"{place}: REFUSED: variables.csv was altered: it is not the file that was saved"
    )
    assert "  also: " in answer.out


@pytest.mark.parametrize("content", ["not json", "{}", None])
def test_what_is_no_plan_ends_with_two(folder: Path, tmp_path: Path, content: str | None) -> None:
    place = copied(folder, "own", tmp_path)
    (place / "certificate.json").unlink()
    if content is not None:
        (place / "certificate.json").write_text(content)
    for command in (("verify",), ("explain", "corn"), ("compare", str(place))):
        answer = run(command[0], place, *command[1:])
        assert answer.code == 2
        assert complaint(answer)


def test_a_plan_with_projects_is_proved_over_every_choice(tmp_path: Path) -> None:
    made = run("plan", "three-workplaces-canal", "--out", tmp_path / "plan")
    answer = run("verify", tmp_path / "plan")

    assert answer.code == 0
    assert "no plan is better by more than" in made.out
    first, *rest = answer.out.splitlines()
    assert first.endswith(": holds, and for every other choice of projects it is recomputed, too")
    assert rest[-1].endswith("recomputed over every choice of projects (cases: 4)")


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A plan whose bound is only stated, because no cases were looked for, and what was said."""
    place = tmp_path_factory.mktemp("stated") / "plan"
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(case_search, "CASES_MAX", 1)
        made = run("plan", "three-workplaces-canal", "--out", place)
    assert made.code == 0
    return place, made.out


def test_a_plan_whose_bound_is_stated_is_not_proved(stated: tuple[Path, str]) -> None:
    place, said = stated
    answer = run("verify", place)

    assert "not proved: rows hold to" in said
    assert "is stated in the file, not proved" in said
    assert "no plan is better" not in said
    assert said.endswith(f"counterplan verify {place} --accept-stated\n")
    assert answer.code == 1
    first, *rest = answer.out.splitlines()
    assert first.startswith(f"{place}: NOT PROVED: it holds for the projects that it builds; that")
    assert first.endswith("is better is stated in the file, not proved")
    assert "with its choices of projects kept" in rest[1]
    assert "what can be recomputed of that is 7.5e-03" in rest[2]
    assert "no plan more than" not in answer.out


def test_a_stated_bound_can_be_accepted_and_an_altered_plan_cannot(
    stated: tuple[Path, str], tmp_path: Path
) -> None:
    place = Path(shutil.copytree(stated[0], tmp_path / "plan"))

    assert run("verify", place, "--accept-stated").code == 0
    (place / "scenario.yaml").write_text("")
    answer = run("verify", place, "--accept-stated")
    assert answer.code == 1
    assert "REFUSED: scenario.yaml was altered" in answer.out


def test_the_report_of_a_plan_that_is_not_proved_says_so(
    stated: tuple[Path, str], tmp_path: Path
) -> None:
    out = tmp_path / "report.html"

    assert run("report", stated[0], "--out", out).code == 0
    text = " ".join(out.read_text(encoding="utf-8").split())
    assert '<span class="verdict bad">Not proved</span>' in text
    assert text.count("stated in the file, not proved") == 4
    assert ">Certified<" not in text
    assert "plan is certified" not in text
    assert "no plan under" not in text
    assert "no other plan" not in text
    assert "no other choice" not in text


# ---- what is written over -----------------------------------------------------------------------


def test_only_a_report_is_written_over_by_a_report(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "notes.html"
    out.write_text("<!doctype html><title>Mine</title>")
    refused = run("report", folder / "own", "--out", out)

    assert refused.code == 2
    assert "is there and is not a report" in complaint(refused)
    assert out.read_text() == "<!doctype html><title>Mine</title>"
    out.unlink()
    assert run("report", folder / "own", "--out", out).code == 0
    assert run("report", folder / "own", "--out", out).code == 0
    assert "is a folder" in complaint(run("report", folder / "own", "--out", tmp_path))


@pytest.mark.parametrize("name", ["variables.csv", "economy/report.html", "report.html"])
def test_nothing_is_written_into_a_plan(folder: Path, tmp_path: Path, name: str) -> None:
    place = copied(folder, "own", tmp_path)
    (tmp_path / "link").symlink_to(place)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    goal = ("--x", "consumption", "--y", "hours", "--points", "2")

    for target in (place / name, tmp_path / "link" / name):
        for words in (("report", place), ("frontier", folder / "own.yaml", *goal)):
            answer = run(*words, "--out", target)
            assert answer.code == 2
            assert "is inside the plan" in complaint(answer)
    assert before == {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_only_points_are_written_over_by_points(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.csv"
    words = ("frontier", folder / "own.yaml", "--x", "consumption", "--y", "hours", "--points", "2")
    out.write_text("family,item,period,value\n")

    assert "is not the points of a frontier" in complaint(run(*words, "--out", out))
    assert out.read_text() == "family,item,period,value\n"
    out.unlink()
    assert run(*words, "--out", out).code == 0
    assert run(*words, "--out", out).code == 0


# ---- explain, compare, report -----------------------------------------------------------------


@pytest.mark.parametrize("command", ["explain", "compare", "compare first", "report", "reference"])
def test_an_altered_plan_is_not_read(folder: Path, tmp_path: Path, command: str) -> None:
    place = copied(folder, "own", tmp_path)
    lines = (place / "variables.csv").read_text().splitlines()
    (place / "variables.csv").write_text("\n".join(lines[:-1]) + "\n")
    out = tmp_path / "report.html"
    words: dict[str, tuple[str | Path, ...]] = {
        "explain": ("explain", place, "corn"),
        "compare": ("compare", folder / "short", place),
        "compare first": ("compare", place, folder / "short"),
        "report": ("report", place, "--out", out),
        "reference": ("report", folder / "short", "--reference", place, "--out", out),
    }
    answer = run(*words[command])

    assert answer.code == 1
    assert f"'{place}' is refused: variables.csv was altered" in complaint(answer)
    assert f"`counterplan verify {place}`" in complaint(answer)
    assert answer.out == ""
    assert not out.exists()


def test_a_product_is_explained(folder: Path) -> None:
    answer = run("explain", folder / "short", "corn", "--period", "2022")

    assert answer.code == 0
    assert "2022" in answer.out
    assert "corn" in answer.out


@pytest.mark.parametrize(
    ("words", "mend"),
    [(("cron",), "did you mean 'corn'?"), (("corn", "--period", "1999"), "2021, 2022")],
)
def test_what_is_not_in_the_plan_cannot_be_explained(
    folder: Path, words: tuple[str, ...], mend: str
) -> None:
    answer = run("explain", folder / "short", *words)

    assert answer.code == 2
    assert mend in complaint(answer)


def test_plans_are_compared(folder: Path) -> None:
    answer = run("compare", folder / "own", folder / "short")

    assert answer.code == 0
    assert "with capacity (branches agriculture, share 0.95)" in answer.out


def test_a_report_is_written(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    answer = run("report", folder / "short", "--reference", folder / "own", "--out", out)

    assert answer.code == 0
    assert answer.out == f"wrote {out}\n"
    assert out.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")


def test_the_plan_without_a_shock_is_found_among_the_others(folder: Path, tmp_path: Path) -> None:
    named, found = tmp_path / "named.html", tmp_path / "found.html"
    run("report", folder / "short", "--reference", folder / "own", "--out", named)
    run("report", folder / "short", folder / "own", "--out", found)

    assert named.read_text(encoding="utf-8") == found.read_text(encoding="utf-8")


def test_a_report_of_what_cannot_be_compared_is_refused(folder: Path, tmp_path: Path) -> None:
    run("plan", "three-workplaces-canal", "--out", tmp_path / "plan")
    out = tmp_path / "report.html"
    answer = run("report", folder / "own", tmp_path / "plan", "--out", out)

    assert answer.code == 2
    assert complaint(answer)
    assert not out.exists()


def test_the_certificate_file_says_who_made_the_plan(folder: Path) -> None:
    content = json.loads((folder / "own" / "certificate.json").read_text())

    assert content["certificate"]["holds"] is True
    assert plans.SECONDS_MAX >= 60


# ---- frontier -----------------------------------------------------------------------------------


def test_a_frontier_is_written_point_by_point(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "frontier.csv"
    goal = "import_dependence:machine:2022"
    answer = run(
        "frontier", folder / "own.yaml", "--x", "consumption", "--y", goal, "--points", "3",
        "--out", out,
    )  # fmt: skip
    points = pd.read_csv(out)

    assert answer.code == 0
    assert "planning own: 3 of 3" in answer.err
    assert len(points) == 3
    assert points["certified"].all()
    # Each point asks for a smaller imported share, and gets it; the mandate's value falls.
    assert points[goal].diff().dropna().lt(0).all()
    assert (points[goal] <= points["level"] + 1e-6).all()
    assert points["value_lost"].diff().dropna().gt(0).all()
    assert [path.name for path in out.parent.iterdir()] == ["frontier.csv"]


def test_a_frontier_with_a_plan_that_is_not_certified_ends_with_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Certificate, "holds", property(lambda self: False))
    words = ("--x", "consumption", "--y", "hours", "--points", "2")
    answer = run("frontier", folder / "own.yaml", *words, "--out", tmp_path / "f.csv")

    assert answer.code == 1
    assert "not every plan on the frontier is certified" in answer.err


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("consumtion", "hours", "did you mean 'consumption'?"),
        ("consumption", "import_dependence:cron", "did you mean 'corn'?"),
        ("consumption", "reserves", "name the period"),
    ],
)
def test_a_measure_that_is_not_there_is_refused(
    folder: Path, tmp_path: Path, x: str, y: str, words: str
) -> None:
    out = tmp_path / "f.csv"
    answer = run("frontier", folder / "own.yaml", "--x", x, "--y", y, "--out", out)

    assert answer.code == 2
    assert words in complaint(answer)
    assert list(tmp_path.iterdir()) == []


def test_a_frontier_is_not_written_over_a_folder(folder: Path, tmp_path: Path) -> None:
    words = ("--x", "consumption", "--y", "hours", "--out", tmp_path)

    assert "is a folder" in complaint(run("frontier", folder / "own.yaml", *words))
