"""The command ``ranges``: every draw kept, taken up again, and never mixed with others."""

import csv
import re
import signal
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from counterplan.cli import estimates
from counterplan.examples import packaged_scenario
from counterplan.plan.certificate import Certificate
from counterplan.plan.conflict import ImpossibleMandateError
from counterplan.plan.open import open_scenario
from counterplan.plan.ranges import ranges
from tests.cli.running import complaint, program, run

NAME = "three-workplaces-plain"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of two draws."""
    out = tmp_path_factory.mktemp("ranges") / "deep" / "draws.csv"
    answer = run("ranges", NAME, "--draws", "2", "--seed", "3", "--out", out)
    assert answer.code == 0, answer.err
    return out


def copied(made: Path, folder: Path) -> Path:
    place = folder / "draws.csv"
    place.write_bytes(made.read_bytes())
    return place


def test_the_file_holds_every_draw_and_the_table_its_lowest_and_highest(
    made: Path, tmp_path: Path
) -> None:
    scenario, economy = open_scenario(NAME)
    expected = ranges(economy, scenario, draws=2, seed=3)
    draws = pd.read_csv(made)

    answer = run("ranges", NAME, "--draws", "2", "--seed", "3", "--out", copied(made, tmp_path))

    assert [path.name for path in made.parent.iterdir()] == ["draws.csv"]
    assert set(draws["seed"]) == {3, 4}
    assert set(draws["outcome"]) == {"certified"}
    line = "investment (trend = 1)"
    chosen = draws[(draws["headline"] == line) & (draws["period"] == 4)]["value"]
    assert chosen.min() == pytest.approx(expected.low.loc[line, "4"], rel=1e-6)
    assert chosen.max() == pytest.approx(expected.high.loc[line, "4"], rel=1e-6)
    row = next(text for text in answer.out.splitlines() if text.startswith(line))
    assert f"{chosen.min():.3f} to {chosen.max():.3f}" in row
    assert "2 of 2 draws are in" in answer.out
    assert "Lowest and highest of 2 plans, with noise of 0.3" in answer.out


def test_more_draws_go_on_where_the_file_ends(made: Path, tmp_path: Path) -> None:
    place = copied(made, tmp_path)
    before = place.read_text().splitlines()

    answer = run("ranges", NAME, "--draws", "3", "--seed", "2", "--out", place)

    assert answer.code == 0
    assert f"planning {NAME}: 1 of 1" in answer.err
    lines = place.read_text().splitlines()
    assert set(before) < set(lines)
    assert set(pd.read_csv(place)["seed"]) == {2, 3, 4}


def test_an_interrupted_run_keeps_its_draws_and_says_how_to_go_on(tmp_path: Path) -> None:
    out = tmp_path / "draws.csv"
    words = [program(), "ranges", NAME, "--draws", "150", "--out", str(out)]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "2 of 150" in line:
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)

    assert process.returncode == 130
    said = re.search(r"stopped; (\d+) of 150 draws are in .*; the same command goes on", err)
    assert said is not None
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["draws.csv"]
    kept = pd.read_csv(out)["seed"].nunique()
    assert kept == int(said[1]) >= 2
    again = run("ranges", NAME, "--draws", str(kept), "--out", out)
    assert again.code == 0
    assert f"{kept} of {kept} draws are in" in again.out


def test_an_interruption_before_the_first_draw_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(work: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(estimates, "interruptible", pressed)
    answer = run("ranges", NAME, "--draws", "2", "--out", tmp_path / "draws.csv")

    assert answer.code == 130
    assert "stopped; nothing was written" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--spread", "0.2"), "row 2: its spread is 0.3, and that asked for is 0.2"),
        (("three-workplaces-canal",), "its scenario is three-workplaces-plain, and that asked for"),
    ],
)
def test_draws_of_something_else_are_not_mixed_in(
    made: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    place = copied(made, tmp_path)
    name, *rest = words if len(words) == 1 else (NAME, *words)

    answer = run("ranges", name, *rest, "--out", place)

    assert answer.code == 2
    assert said in complaint(answer)
    assert place.read_bytes() == made.read_bytes()


def test_draws_of_a_changed_scenario_are_not_mixed_in(made: Path, tmp_path: Path) -> None:
    place = copied(made, tmp_path)
    other = tmp_path / "own.yaml"
    text = packaged_scenario(NAME).read_text()
    other.write_text(
        text + "\nshocks: [{kind: reserves, lost: 1}]\n"
        if "shocks" not in text
        else text.replace("periods: 5", "periods: 4")
    )

    answer = run("ranges", other, "--out", place)

    assert answer.code == 2
    assert "its fingerprint is" in complaint(answer)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"years of work"])
def test_a_file_of_something_else_is_not_written_over(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "thesis.csv"
    place.write_bytes(content)

    answer = run("ranges", NAME, "--out", place)

    assert answer.code == 2
    assert "is no file of draws" in complaint(answer)
    assert place.read_bytes() == content


def test_a_number_that_is_none_names_its_row(made: Path, tmp_path: Path) -> None:
    place = copied(made, tmp_path)
    with place.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[3][-1] = "much"
    with place.open("w", newline="") as file:
        csv.writer(file).writerows(rows)

    assert "draws.csv row 4: '3' and 'much' are to be numbers" in complaint(
        run("ranges", NAME, "--out", place)
    )


def test_a_file_too_large_and_a_folder_are_refused(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = copied(made, tmp_path)
    monkeypatch.setattr(estimates, "BYTES_MAX", 100)

    assert "it is too large" in complaint(run("ranges", NAME, "--out", place))
    assert "is a folder" in complaint(run("ranges", NAME, "--out", tmp_path))


def test_draws_without_a_plan_are_told_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterplan.plan import ranges as module

    honest, place = module.make_plan, tmp_path / "draws.csv"
    calls: list[int] = []

    def second_impossible(*given: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise ImpossibleMandateError("no plan")
        return honest(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "make_plan", second_impossible)
    first = run("ranges", NAME, "--draws", "2", "--out", place)
    again = run("ranges", NAME, "--draws", "2", "--out", place)

    assert first.code == again.code == 0
    assert len(calls) == 2
    for answer in (first, again):
        assert "Lowest and highest of 1 plans" in answer.out
        assert "1 draws leave no plan that keeps the mandate: seeds 1" in answer.out


def test_without_any_certified_plan_the_command_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Certificate, "holds", property(lambda self: False))
    answer = run("ranges", NAME, "--draws", "1", "--out", tmp_path / "draws.csv")

    assert answer.code == 2
    assert "no draw led to a certified plan; lower the spread" in answer.err
    assert set(pd.read_csv(tmp_path / "draws.csv")["outcome"]) == {"uncertified"}
