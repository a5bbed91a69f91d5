"""The command ``replan``: an event, the new plan, and what it changes."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from counterplan.economy.package import write_package
from counterplan.plan.verify import verify
from tests.cli.running import complaint, run
from tests.dialogue.test_rounds import DROP
from tests.plan.builders import scenario_of, two_branch_economy

SHOCK = {"kind": "capacity", "branches": ["industry"], "share": 0.9}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a dialogue that came to its end."""
    place = tmp_path_factory.mktemp("dialogue")
    write_package(two_branch_economy(), place / "economy")
    asked = scenario_of(shocks=(DROP,)).model_copy(update={"economy": "economy"})
    (place / "scenario.yaml").write_text(yaml.safe_dump(asked.model_dump(mode="json")))
    words = ("--producers", "13", "--seed", "3", "--out", place / "held")
    assert run("dialogue", place / "scenario.yaml", *words).code == 0
    (place / "event.yaml").write_text(yaml.safe_dump({"shocks": [SHOCK]}))
    return place


def test_it_writes_a_plan_that_anybody_can_verify_and_says_who_changes(folder: Path) -> None:
    out = folder / "deep" / "anew"
    answer = run("replan", folder / "held", folder / "event.yaml", "--out", out)
    assert answer.code == 0, answer.err
    verdict = verify(out / "plan")

    assert verdict.holds
    assert verdict.plan is not None
    assert verdict.plan.scenario.shocks[-1].model_dump()["share"] == 0.9
    lines = (out / "changes.txt").read_text().splitlines()
    assert lines[0] == "Only 90% of the capacity of branch industry can be used."
    assert all(line in answer.out for line in lines)
    table = pd.read_csv(out / "changes.csv")
    assert len(table) == 13
    changed = table[~table["touched"] & table["changed"]]
    assert f"{len(changed)} of {(~table['touched']).sum()} workplaces that the event" in answer.out
    assert set(pd.read_csv(out / "consumption.csv").columns) == {
        "group",
        "before",
        "after",
        "change",
    }
    again = run("replan", folder / "held", folder / "event.yaml", "--out", out)
    assert again.code == 0
    assert again.out == answer.out


def test_without_an_event_the_plan_stays(folder: Path) -> None:
    whole = folder / "held" / "plan" / "scenario.yaml"
    answer = run("replan", folder / "held", whole, "--out", folder / "same")

    assert answer.code == 0, answer.err
    assert "Nothing has happened that was not planned for." in answer.out
    assert "without a round" in answer.out


def test_the_old_plan_stays_where_the_new_one_is_not_proved(folder: Path) -> None:
    words = ("--gap", "1e-6", "--rounds-max", "1", "--out", folder / "none")
    answer = run("replan", folder / "held", folder / "event.yaml", *words)

    assert answer.code == 1
    assert "the old plan stays in force and nothing was written" in answer.err
    assert not (folder / "none").exists()


def test_bad_input_is_refused(folder: Path, tmp_path: Path) -> None:
    event, held = folder / "event.yaml", folder / "held"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("")
    (tmp_path / "early").mkdir()
    (tmp_path / "early" / "dialogue.json").write_bytes((held / "dialogue.json").read_bytes())
    cases = [
        ((tmp_path, event, "--out", tmp_path / "a"), "holds no dialogue"),
        ((tmp_path / "early", event, "--out", tmp_path / "a"), "has come to no plan yet"),
        ((held, tmp_path / "none.yaml", "--out", tmp_path / "a"), "there is no event file"),
        ((held, event, "--out", tmp_path / "other"), "holds 'mine.txt'"),
        ((held, event, "--out", tmp_path / "file"), "is a file"),
        ((held, event, "--out", held / "plan" / "x"), "is inside the plan"),
    ]
    for words, expected in cases:
        answer = run("replan", *words)
        assert answer.code == 2
        assert expected in complaint(answer)
