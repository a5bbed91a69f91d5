"""The plan in a dialogue's folder belongs to that dialogue, by what the folder holds."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

from counterplan.dialogue.assignments import assignments_of
from counterplan.dialogue.sealed import Array, read_sealed, write_sealed
from counterplan.economy.package import write_package
from counterplan.plan.make import make_plan
from counterplan.plan.storage import load_plan, save_plan
from tests.cli.running import complaint, run
from tests.cli.test_dialogue import contents
from tests.dialogue.test_rounds import DROP
from tests.plan.builders import scenario_of, two_branch_economy

WORDS = ("--producers", "13", "--seed", "3")
QUOTA = "producer,line,item,least,most,start,end\nworks-1,made,machine,4,,,2022\n"
Change = Callable[[dict[str, Array]], None]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a scenario about corn and machines."""
    folder = tmp_path_factory.mktemp("scenario")
    write_package(two_branch_economy(), folder / "economy")
    asked = scenario_of(shocks=(DROP,)).model_copy(update={"economy": "economy"})
    (folder / "scenario.yaml").write_text(yaml.safe_dump(asked.model_dump(mode="json")))
    return folder / "scenario.yaml"


@pytest.fixture(scope="module")
def ended(scenario: Path) -> Path:
    """Return the folder of a dialogue that came to its end."""
    out = scenario.parent / "held"
    assert run("dialogue", scenario, *WORDS, "--out", out).code == 0
    return out


@pytest.fixture
def held(ended: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    return Path(shutil.copytree(ended, tmp_path / "held"))


def altered(path: Path, change: Change) -> None:
    """Change the arrays of a file, and seal it."""
    arrays = read_sealed(path, mend="")
    change(arrays)
    write_sealed(path, arrays)


def by_nobody(held: Path) -> None:
    """Put a plan in the folder that nobody in its dialogue proposed: the best, with everything."""
    plan = load_plan(held / "plan")
    save_plan(make_plan(plan.economy, plan.scenario), held / "plan")


def test_verify_says_what_it_compared_and_what_not_and_changes_nothing(held: Path) -> None:
    (held / "rounds" / ".0009.npz.part").write_bytes(b"half")
    before = contents(held)
    answer = run("verify", held)
    rounds = len(list((held / "rounds").glob("0*")))

    assert answer.code == 0, answer.err
    assert "the dialogue is about this plan's economy and scenario" in answer.out
    assert f"its rounds ({rounds}) follow from their answers" in answer.out
    assert "not checked: that the producers said what the files hold" in answer.out
    assert contents(held) == before


@pytest.mark.parametrize("value", [1e14, 1e308, -1e14])
def test_a_draft_that_its_producer_could_not_follow_counts_for_nothing(
    held: Path, value: float
) -> None:
    by_nobody(held)
    plan = load_plan(held / "plan")
    honest = assignments_of(held, plan)
    assert not honest.hold

    def spoil(arrays: dict[str, Array]) -> None:
        arrays["courses-0"] = np.full_like(arrays["courses-0"], value)

    altered(held / "begin.npz", spoil)
    found = assignments_of(held, plan)

    assert not found.hold
    assert (found.counts == honest.counts - 1).all()
    answer = run("verify", held)
    assert answer.code == 1
    assert "is no mixture of its own proposals" in answer.out


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_draft_that_is_no_number_is_refused(held: Path, value: float) -> None:
    by_nobody(held)

    def spoil(arrays: dict[str, Array]) -> None:
        arrays["courses-0"] = np.full_like(arrays["courses-0"], value)

    altered(held / "begin.npz", spoil)
    answer = run("verify", held)
    assert answer.code == 2
    assert f"{held / 'begin.npz'}: does not fit this dialogue" in answer.err


def test_what_was_refused_when_it_arrived_is_no_proposal(held: Path) -> None:
    """A batch more, with everybody's assignment in another plan, and numbers that are none."""
    last = sorted((held / "answers").iterdir())[-1]
    number = last.name[:4]
    batch = held / "answers" / f"{number}-{len(list(last.parent.glob(number + '-*'))) + 1:04d}.npz"
    shutil.copy(last, batch)

    def count(arrays: dict[str, Array]) -> None:
        told = json.loads(arrays["story"].tobytes())
        told["batches"] += 1
        arrays["story"] = np.frombuffer(json.dumps(told, sort_keys=True).encode(), dtype=np.uint8)

    def spoil(arrays: dict[str, Array]) -> None:
        arrays["courses"] = arrays["courses"] * 50

    before = assignments_of(held, load_plan(held / "plan"))
    altered(batch, spoil)
    altered(held / "rounds" / f"{number}.npz", count)
    after = assignments_of(held, load_plan(held / "plan"))

    assert after.hold
    assert after.counts.tolist() == before.counts.tolist()


def test_a_plan_of_another_scenario_or_a_forged_first_file_is_refused(
    held: Path, scenario: Path
) -> None:
    manifest = held / "dialogue.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(content | {"scenario": "0" * 64}))
    forged = run("verify", held)
    assert forged.code == 1
    assert "is about another scenario than the dialogue" in forged.out
    manifest.write_text(json.dumps(content | {"counterplan": "9.9"}))
    assert "the dialogue was held with counterplan 9.9" in run("verify", held).out
    manifest.write_text(json.dumps(content))
    asked = yaml.safe_load(scenario.read_text())
    other = scenario.parent / "other.yaml"
    other.write_text(yaml.safe_dump(asked | {"shocks": []}))
    assert run("dialogue", other, *WORDS, "--out", held.parent / "calm").code == 0
    shutil.rmtree(held / "plan")
    shutil.copytree(held.parent / "calm" / "plan", held / "plan")
    swapped = run("verify", held)
    assert swapped.code == 1
    assert "is about another scenario than the dialogue" in swapped.out
    assert f"delete '{held / 'plan'}'" in swapped.out


def test_a_plan_that_breaks_a_quota_that_stands_is_refused(
    held: Path, scenario: Path, tmp_path: Path
) -> None:
    plan = shutil.copytree(held / "plan", tmp_path / "before")
    quotas = tmp_path / "quotas.csv"
    quotas.write_text(QUOTA)
    words = (*WORDS, "--quotas", quotas, "--gap", "0.05", "--out", held)
    assert run("dialogue", scenario, *words).code == 0
    assert run("verify", held).code == 0
    shutil.rmtree(held / "plan")
    shutil.copytree(plan, held / "plan")
    answer = run("verify", held)
    assert answer.code == 1
    assert "other quotas stand by now than those that the plan keeps" in answer.out


def test_rounds_that_are_gone_or_junk_are_named(held: Path) -> None:
    first, last = sorted((held / "rounds").iterdir())[0], sorted((held / "rounds").iterdir())[-1]
    kept = first.read_bytes()
    first.unlink()
    gone = run("verify", held)
    assert gone.code == 2
    assert f"{first}: is missing" in gone.err
    first.write_bytes(kept)
    last.write_bytes(b"junk")
    junk = run("verify", held)
    assert junk.code == 2
    assert f"{last}: is damaged" in junk.err


def test_an_altered_plan_is_refused_by_every_command_with_what_does_not_lose_the_dialogue(
    held: Path, scenario: Path
) -> None:
    before, table = contents(held), held / "plan" / "variables.csv"
    head, _, last = table.read_text().rstrip("\n").rpartition("\n")
    table.write_text(head + "\n" + last[:-1] + ("1" if last[-1] != "1" else "2") + "\n")
    event = scenario.parent / "event.yaml"
    event.write_text("shocks: [{kind: capacity, branches: [industry], share: 0.9}]\n")
    replanned = run("replan", held, event, "--out", held.parent / "anew")
    again = run("dialogue", scenario, *WORDS, "--out", held)

    assert replanned.code == 1
    assert "variables.csv" in complaint(replanned)
    assert not (held.parent / "anew").exists()
    assert again.code == 2
    for answer in (replanned, again):
        assert f"delete '{held / 'plan'}' and give the command that made it" in complaint(answer)
    shutil.rmtree(held / "plan")
    assert run("dialogue", scenario, *WORDS, "--out", held).code == 0
    assert contents(held) == before


def test_the_plan_of_another_dialogue_is_not_replanned(held: Path, scenario: Path) -> None:
    manifest = held / "dialogue.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(content | {"scenario": "0" * 64}))
    event = scenario.parent / "event.yaml"
    event.write_text("shocks: [{kind: capacity, branches: [industry], share: 0.9}]\n")
    answer = run("replan", held, event, "--out", held.parent / "anew")
    assert answer.code == 1
    assert "is about another scenario than the dialogue" in complaint(answer)


def test_terms_that_are_gone_are_missed_by_name(held: Path, scenario: Path, tmp_path: Path) -> None:
    quotas = tmp_path / "quotas.csv"
    quotas.write_text(QUOTA)
    words = (*WORDS, "--quotas", quotas, "--gap", "0.05", "--out", held)
    assert run("dialogue", scenario, *words).code == 0
    (terms,) = (held / "terms").iterdir()
    kept = terms.read_bytes()
    event = scenario.parent / "event.yaml"
    event.write_text("shocks: [{kind: capacity, branches: [industry], share: 0.9}]\n")
    commands = (
        ("dialogue", scenario, *WORDS, "--gap", "0.05", "--out", held),
        ("verify", held),
        ("replan", held, event, "--out", tmp_path / "anew"),
    )
    terms.unlink()
    for command in commands:
        answer = run(*command)
        assert answer.code == 2
        assert f"{terms}: is missing" in answer.err
        assert "was made under these terms; put it back from a copy, or begin in" in answer.err
    terms.write_bytes(kept)
    altered(terms, lambda arrays: arrays.update(other=np.zeros(1)))
    assert "holds other terms than" in run(*commands[0]).err
    terms.write_bytes(kept)
    assert run(*commands[0]).code == 0


@pytest.mark.parametrize(
    ("file", "name", "array"),
    [
        ("begin.npz", "valuations", np.zeros((1, 2, 3))),
        ("begin.npz", "valuations", np.array(["dear"])),
        ("begin.npz", "valuations-0", np.zeros((1, 2, 3))),
        ("begin.npz", "courses-0", np.array(["much"])),
        ("begin.npz", "who-0", np.array([-1])),
        ("answers", "bounds", np.zeros((2, 2))),
        ("answers", "duals", np.array(["dear"])),
        ("answers", "offer", np.array([0.0, 0.0])),
        ("rounds", "valuations", np.zeros((1, 2, 3))),
        ("rounds", "valuations", np.zeros((5, 2))),
        ("rounds", "mixture-weights", np.zeros((2, 2))),
        ("rounds", "mixture-decided", np.array(["much"])),
        ("rounds", "mixture-start-weights", np.array(["much"])),
        ("rounds", "mixture-point-z", np.zeros((2, 2))),
    ],
)
def test_arrays_of_another_shape_are_refused(
    held: Path, scenario: Path, file: str, name: str, array: Array
) -> None:
    path = held / file
    if path.is_dir():
        path = sorted(path.iterdir())[-1]
    assert name in read_sealed(path, mend="")
    altered(path, lambda arrays: arrays.update({name: array}))
    answer = run("dialogue", scenario, *WORDS, "--gap", "0.0005", "--out", held)
    assert answer.code == 2
    assert f"{path}: does not fit this dialogue; " in answer.err


def test_nothing_else_is_written_into_the_folder_of_a_dialogue(
    held: Path, scenario: Path, tmp_path: Path
) -> None:
    event = tmp_path / "event.yaml"
    event.write_text("shocks: [{kind: capacity, branches: [industry], share: 0.9}]\n")
    (tmp_path / "link").symlink_to(held)
    before = contents(held)
    points = ("--x", "consumption", "--y", "investment:industry", "--out", held / "points.csv")
    for command in (
        ("replan", held, event, "--out", held / "anew"),
        ("report", held / "plan", "--out", held / "dialogue.html"),
        ("report", held / "plan", "--out", tmp_path / "link" / "zz.html"),
        ("frontier", scenario, *points),
        ("plan", scenario, "--out", held / "plan"),
        ("dialogue", scenario, *WORDS, "--out", held / "answers" / "deep"),
    ):
        answer = run(*command)
        assert answer.code == 2
        assert "is inside the dialogue '" in complaint(answer)
        assert complaint(answer).endswith("; give a name outside of it")
    assert contents(held) == before
    assert run("dialogue", scenario, *WORDS, "--out", held).code == 0
