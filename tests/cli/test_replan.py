"""The command ``replan``: an event, the new plan, and what it changes."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from counterplan.economy.package import write_package
from counterplan.plan.conflict import ImpossibleMandateError
from counterplan.plan.make import make_plan
from counterplan.plan.storage import load_plan
from counterplan.plan.verify import verify
from tests.cli.running import complaint, run
from tests.cli.test_dialogue import contents
from tests.dialogue.test_rounds import DROP
from tests.plan.builders import scenario_of, two_branch_economy

SHOCK = {"kind": "capacity", "branches": ["industry"], "share": 0.9}
DROUGHT = {"kind": "capacity", "branches": ["agriculture"], "share": 0.95, "start": 2022}
WORDS = ("--producers", "13", "--seed", "3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a dialogue that came to its end."""
    place = tmp_path_factory.mktemp("dialogue")
    write_package(two_branch_economy(), place / "economy")
    asked = scenario_of(shocks=(DROP,)).model_copy(update={"economy": "economy"})
    (place / "scenario.yaml").write_text(yaml.safe_dump(asked.model_dump(mode="json")))
    assert run("dialogue", place / "scenario.yaml", *WORDS, "--out", place / "held").code == 0
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
    (worth,) = [line for line in lines if "the plan is worth" in line]
    assert worth.startswith("Over the reported years and all years after them together the plan ")
    assert "100% is what the reported years alone consume as observed" in worth
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
    assert "the old plan stays in force; the same command with a larger" in answer.err
    assert not (folder / "none" / "plan").exists()
    assert not (folder / "none" / "changes.txt").exists()
    early = run("replan", folder / "none", folder / "event.yaml", "--out", folder / "chained")
    assert early.code == 2
    assert "has come to no plan yet" in complaint(early)
    more = ("--out", folder / "none")
    again = run("replan", folder / "held", folder / "event.yaml", *more)
    assert again.code == 0
    assert "going on after round 1" in again.err
    assert verify(folder / "none" / "plan").holds


def test_where_no_plan_keeps_the_rules_what_is_missing_is_said(
    folder: Path, tmp_path: Path
) -> None:
    event = tmp_path / "event.yaml"
    event.write_text("shocks: [{kind: capacity, branches: ['*'], share: 0}]\n")
    out = tmp_path / "none"
    answer = run("replan", folder / "held", event, "--out", out, "--rounds-max", "2")

    assert answer.code == 1
    assert "nan" not in answer.err
    assert "after the event no plan is possible" in answer.err
    whole = yaml.safe_load((folder / "held" / "plan" / "scenario.yaml").read_text())
    shocks = [*whole["shocks"], *yaml.safe_load(event.read_text())["shocks"]]
    asked = scenario_of(shocks=()).model_validate({**whole, "shocks": shocks}, strict=False)
    with pytest.raises(ImpossibleMandateError) as caught:
        make_plan(load_plan(folder / "held" / "plan").economy, asked)
    for line in str(caught.value).splitlines():
        assert line in answer.err
    assert "the old plan stays in force" in answer.err
    assert not (out / "plan").exists()


def test_a_plan_made_anew_is_kept_like_a_dialogue(folder: Path) -> None:
    out = folder / "kept"
    event = folder / "event.yaml"
    assert run("replan", folder / "held", event, "--out", out).code == 0
    whole = contents(out)
    rounds = sorted(path.name for path in (out / "rounds").iterdir())
    answer = run("verify", out)

    assert {"dialogue.json", "begin.npz", "log.txt", "changes.txt"} <= set(whole)
    assert rounds
    assert answer.code == 0
    assert "each assignment is a mixture of that producer's own proposals: 13 producers" in (
        answer.out
    )
    (out / "rounds" / rounds[-1]).unlink()
    (out / "rounds" / f".{rounds[-1]}.part").write_bytes(b"half")
    shutil.rmtree(out / "plan")
    again = run("replan", folder / "held", event, "--out", out)
    assert again.code == 0, again.err
    assert f"going on after round {len(rounds) - 1}, with" in again.err
    assert f"rounds/.{rounds[-1]}.part was only half written and is ignored" in again.err
    assert contents(out) == whole


def test_an_outage_at_one_workplace_touches_it_alone(folder: Path, tmp_path: Path) -> None:
    codes = pd.read_csv(folder / "held" / "plan" / "economy" / "producers.csv")
    code = str(codes.loc[codes["branch"] == "industry", "producer"].iloc[1])
    down = {"kind": "outage", "producers": [code], "share": 0.0, "start": 2022}
    (tmp_path / "event.yaml").write_text(yaml.safe_dump({"shocks": [down]}))
    out = tmp_path / "anew"
    answer = run("replan", folder / "held", tmp_path / "event.yaml", "--out", out)
    assert answer.code == 0, answer.err
    table = pd.read_csv(out / "changes.csv")
    verdict = verify(out / "plan")

    assert table.loc[table["touched"], "producer"].tolist() == [code]
    assert f"Only 0% of the capacity of workplace {code} can be used from 2022 on." in answer.out
    assert "It touches what 1 of 13 workplaces can do." in answer.out
    assert verdict.plan is not None
    plan = verdict.plan
    own = plan.economy.techniques.producer == plan.economy.producers.codes.index(code)
    made = plan.quantity("activity")[own]
    assert made[:, 0].max() > 0
    assert made[:, 1:].max() <= 1e-9
    best = make_plan(plan.economy, plan.scenario).certificate
    assert verdict.certificate is not None
    found, unit = verdict.certificate, plan.problem.base_consumption
    assert best.value - (found.gap + 1e-6) * unit <= found.value <= best.value + 1e-6 * unit
    down["producers"] = ["works-99"]
    (tmp_path / "event.yaml").write_text(yaml.safe_dump({"shocks": [down]}))
    wrong = run("replan", folder / "held", tmp_path / "event.yaml", "--out", tmp_path / "wrong")
    assert wrong.code == 2
    assert "producer 'works-99' is not in the economy" in wrong.err


def test_another_event_or_cost_is_not_mixed_in(folder: Path, tmp_path: Path) -> None:
    out, held, event = tmp_path / "anew", folder / "held", folder / "event.yaml"
    assert run("replan", held, event, "--out", out).code == 0
    other = tmp_path / "other.yaml"
    other.write_text(yaml.safe_dump({"shocks": [SHOCK | {"share": 0.95}]}))
    cases = [
        (("replan", held, other, "--out", out), "about another scenario"),
        (("replan", held, event, "--out", out, "--cost", "0.1"), "has cost 0.0005"),
        (("replan", held, event, "--out", held), "holds the plan that is in force"),
        (("replan", out, event, "--out", held), "was begun by another command"),
        (("dialogue", folder / "scenario.yaml", *WORDS, "--out", out), "begun by another command"),
    ]
    for words, expected in cases:
        answer = run(*words)
        assert answer.code == 2
        assert expected in answer.err.splitlines()[-1]


def test_one_event_after_another_comes_to_what_both_at_once_come_to(
    folder: Path, tmp_path: Path
) -> None:
    held = folder / "held"
    events = {"one": [SHOCK], "two": [DROUGHT], "both": [SHOCK, DROUGHT]}
    for name, shocks in events.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump({"shocks": shocks}))
    steps = [(held, "one"), (tmp_path / "one", "two"), (held, "both")]
    for before, name in steps:
        answer = run("replan", before, tmp_path / f"{name}.yaml", "--out", tmp_path / name)
        assert answer.code == 0, answer.err
    chained, once = (verify(tmp_path / name / "plan") for name in ("two", "both"))

    assert chained.plan is not None
    assert once.plan is not None
    assert chained.plan.scenario.shocks == once.plan.scenario.shocks
    one, other = chained.certificate, once.certificate
    assert one is not None
    assert other is not None
    assert max(one.gap, other.gap) <= 1e-3 + 1e-9
    unit = once.plan.problem.base_consumption
    assert abs(one.value - other.value) <= max(one.gap, other.gap) * unit
    best = make_plan(once.plan.economy, once.plan.scenario).certificate
    assert best.holds
    for found in (one, other):
        assert best.value - (found.gap + 1e-6) * unit <= found.value <= best.value + 1e-6 * unit
    changed = (tmp_path / "two" / "changes.txt").read_text().splitlines()
    assert changed[0] == "Only 95% of the capacity of branch agriculture can be used from 2022 on."
    assert run("verify", tmp_path / "two").code == 0


@pytest.mark.parametrize("settings", ["abc", [1], 3, None, {"seed": [1]}])
def test_a_damaged_first_file_is_refused_by_name(
    folder: Path, tmp_path: Path, settings: object
) -> None:
    copy = Path(shutil.copytree(folder / "held", tmp_path / "held"))
    content = json.loads((copy / "dialogue.json").read_text()) | {"settings": settings}
    (copy / "dialogue.json").write_text(json.dumps(content))
    answer = run("replan", copy, folder / "event.yaml", "--out", tmp_path / "new")

    assert answer.code == 2
    assert complaint(answer) == (
        f"{copy / 'dialogue.json'}: 'settings' holds no names with values; put the file back from "
        "a copy, or begin in another folder"
    )
    assert not (tmp_path / "new").exists()


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
