"""From the files of a dialogue alone: everybody is assigned a mixture of its own proposals.

The files are read by a reader of this test's own, and the weights are found by linear programming,
not taken from the rounds.
"""

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.optimize import linprog

from counterplan.dialogue.assignments import FITS, assignments_of, distance
from counterplan.errors import CheckError
from counterplan.plan.make import make_plan
from counterplan.plan.open import open_scenario
from counterplan.plan.problem import Problem
from counterplan.plan.storage import load_plan, save_plan
from tests.cli.running import complaint, run

COUNT, PERIODS = 40, 2
SHIFT = 1e-4  # of its size: what a check must not let pass
OWNED = {
    "activity": "technique",
    "output_up": "technique",
    "output_down": "technique",
    "capacity": "capital",
    "investment": "capital",
    "investment_up": "capital",
    "investment_down": "capital",
}
Label = tuple[str, str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a dialogue of forty workplaces of Russia over two years."""
    place = tmp_path_factory.mktemp("dialogue")
    asked = open_scenario("oil-055")[0].model_dump(mode="json")
    asked["horizon"]["periods"] = PERIODS
    (place / "scenario.yaml").write_text(yaml.safe_dump(asked))
    words = ("--producers", str(COUNT), "--seed", "1", "--gap", "0.02", "--out", place / "held")
    answer = run("dialogue", place / "scenario.yaml", *words)
    assert answer.code == 0, answer.err
    return place / "held"


# ---- a reader of the files ----------------------------------------------------------------------


@dataclass(frozen=True)
class Files:
    """What the folder of a dialogue holds, read without the product's resumption."""

    folder: Path

    @cached_property
    def problem(self) -> Problem:
        """The plan problem, which gives the order of its variables."""
        return load_plan(self.folder / "plan").problem

    @cached_property
    def owner(self) -> dict[tuple[str, str], str]:
        """Producer of each technique and capital item, by the economy's tables."""
        found = {}
        for table in ("technique", "capital"):
            name = {"technique": "techniques", "capital": "capital"}[table]
            for row in self.table(f"economy/{name}.csv"):
                found[table, row[table]] = row["producer"]
        return found

    @cached_property
    def producers(self) -> list[str]:
        """Their codes."""
        return [row["producer"] for row in self.table("economy/producers.csv")]

    @cached_property
    def labels(self) -> list[tuple[str | None, Label]]:
        """Owner, None where there is none, and label of every variable, in the problem's order."""
        found: list[tuple[str | None, Label]] = []
        for name, block in self.problem.variables.blocks.items():
            for period in self.problem.outlook.periods.labels:
                for item in block.items:
                    code = (OWNED.get(name, ""), item.rpartition(" band ")[0] or item)
                    found.append((self.owner.get(code), (name, item, period)))
        return found

    def table(self, name: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table of the plan."""
        with (self.folder / "plan" / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    @cached_property
    def plan(self) -> dict[Label, float]:
        """The plan's variables that are not zero."""
        return {
            (row["variable"], row["item"], row["period"]): float(row["value"])
            for row in self.table("variables.csv")
        }

    @cached_property
    def entries(self) -> list[dict[str, np.ndarray]]:
        """Proposals by producer, entry by entry: drafts, then offer by offer."""
        with np.load(self.folder / "begin.npz") as file:
            begin = {name: file[name] for name in file.files}
        count = sum(name.startswith("who-") for name in begin)
        found = [self.said(begin[f"who-{k}"], begin[f"courses-{k}"]) for k in range(count)]
        offers: dict[tuple[int, int], dict[str, np.ndarray]] = defaultdict(dict)
        for path in sorted((self.folder / "answers").iterdir()):
            with np.load(path) as file:
                number, part = file["offer"]
                offers[int(number), int(part)] |= self.said(file["who"], file["courses"])
        return [*found, *(offers[key] for key in sorted(offers))]

    def said(self, who: np.ndarray, values: np.ndarray) -> dict[str, np.ndarray]:
        """Return each producer's values, of some that stand in the problem's order."""
        some = {self.producers[int(s)] for s in who}
        owners = [code for code, _ in self.labels if code in some]
        assert len(owners) == len(values)
        lists: dict[str, list[float]] = {code: [] for code in some}
        for code, value in zip(owners, values, strict=True):
            lists[str(code)].append(value)
        return {code: np.array(one) for code, one in lists.items()}

    @cached_property
    def assigned(self) -> dict[str, np.ndarray]:
        """What each producer is assigned in the plan."""
        own = [(code, label) for code, label in self.labels if code is not None]
        values = np.array([self.plan.get(label, 0.0) for _, label in own])
        return self.said(np.arange(len(self.producers)), values)

    def proposals(self, code: str) -> np.ndarray:
        """Return a producer's proposals [K x n]."""
        return np.array([one[code] for one in self.entries if code in one])

    @cached_property
    def rounds(self) -> list[dict[str, Any]]:
        """What was saved of each round: arrays, and what is told of it."""
        found = []
        for path in sorted((self.folder / "rounds").iterdir()):
            with np.load(path) as file:
                arrays: dict[str, Any] = {name: file[name] for name in file.files}
            found.append(arrays | json.loads(arrays["story"].tobytes()))
        return found


def away(assigned: np.ndarray, proposals: np.ndarray) -> float:
    """Return how far an assignment is from all mixtures of proposals, by linear programming.

    The largest difference of any variable, as a share of the largest value it has.
    """
    size = np.maximum(np.abs(proposals).max(axis=0), np.abs(assigned))
    matrix = (proposals[:, size > 0] / size[size > 0]).T
    wanted = assigned[size > 0] / size[size > 0]
    least = np.vstack([np.hstack([s * matrix, -np.ones((wanted.size, 1))]) for s in (1.0, -1.0)])
    answer = linprog(
        np.append(np.zeros(len(proposals)), 1.0),
        A_ub=least,
        b_ub=np.concatenate([wanted, -wanted]),
        A_eq=np.append(np.ones(len(proposals)), 0.0)[None],
        b_eq=[1.0],
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    weights = np.maximum(answer.x[:-1], 0.0)
    return float(np.abs(matrix @ (weights / weights.sum()) - wanted).max())


@pytest.fixture(scope="module")
def files(folder: Path) -> Files:
    """Return the reader of the folder."""
    return Files(folder)


# ---- the last plan, and those on the way --------------------------------------------------------


def test_everybody_is_assigned_a_mixture_of_its_own_proposals(files: Files) -> None:
    assert len(files.assigned) == COUNT
    for code, assigned in files.assigned.items():
        assert assigned.any()
        assert away(assigned, files.proposals(code)) <= 1e-8


def test_nobody_could_be_assigned_a_little_else(files: Files) -> None:
    for code, assigned in files.assigned.items():
        shifted = assigned.copy()
        place = int(np.abs(assigned).argmax())
        shifted[place] *= 1 + SHIFT
        assert away(shifted, files.proposals(code)) > 1e-8
        assert distance(shifted, files.proposals(code)) > FITS


def test_somebody_elses_proposals_would_not_do(files: Files) -> None:
    alike = [code for code in files.producers if code.startswith("A01")]
    others = [c for c in files.producers if files.assigned[c].size == files.assigned[alike[0]].size]
    assert away(files.assigned[alike[0]], files.proposals(others[1])) > 0.01


def test_the_plan_in_force_after_each_round_was_such_a_mixture(files: Files) -> None:
    reward = files.problem.program.reward
    own = np.array([code is not None for code, _ in files.labels])
    parts: dict[str, list[float]] = {code: [] for code in files.producers}
    for value, (code, _) in zip(reward, files.labels, strict=True):
        if code is not None:
            parts[code].append(value)
    worth = {code: np.array(one) for code, one in parts.items()}

    assert len(files.rounds) > 2
    for number, one in enumerate(files.rounds):
        weights, value = one["mixture-weights"], one["round"]["value"]
        assert len(weights) <= len(files.entries)
        assert (weights >= 0).all()
        np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=1e-12)
        total = float(reward[~own] @ one["mixture-decided"])
        for s, code in enumerate(files.producers):
            there = [k for k, entry in enumerate(files.entries[: len(weights)]) if code in entry]
            assert np.isclose(weights[there, s].sum(), 1.0, rtol=1e-12)
            assignment = sum(weights[k, s] * files.entries[k][code] for k in there)
            total += float(worth[code] @ assignment)
            if number == len(files.rounds) - 1:
                np.testing.assert_allclose(assignment, files.assigned[code], rtol=1e-9, atol=1e-9)
        assert total == pytest.approx(value, rel=1e-9)


# ---- the command --------------------------------------------------------------------------------


def test_verify_finds_the_weights_anew_and_says_so(folder: Path, files: Files) -> None:
    answer = run("verify", folder)
    proposals = sum(len(one) for one in files.entries)
    found = assignments_of(folder, load_plan(folder / "plan"))

    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"{folder / 'plan'}: holds within")
    assert (
        f"each assignment is a mixture of that producer's own proposals: {COUNT} producers, "
        f"{proposals:,} proposals, to {found.distances.max():.1e} of their size"
    ) in answer.out
    assert found.counts.tolist() == [len(files.proposals(code)) for code in files.producers]


def test_verify_refuses_a_plan_that_nobody_proposed(folder: Path, tmp_path: Path) -> None:
    held = tmp_path / "held"
    shutil.copytree(folder, held)
    plan = load_plan(held / "plan")
    best = make_plan(plan.economy, plan.scenario)
    assert best.certificate.holds
    save_plan(best, held / "plan")
    answer = run("verify", held)

    assert answer.code == 1
    assert run("verify", held / "plan").code == 0
    assert "is no mixture of its own proposals:" in answer.out
    assert "of its size away" in answer.out


def test_a_shifted_assignment_is_found_and_named(folder: Path, files: Files) -> None:
    plan = load_plan(folder / "plan")
    shifted = plan.primal.copy()
    own = [n for n, (code, _) in enumerate(files.labels) if code == files.producers[7]]
    shifted[own[int(plan.primal[own].argmax())]] *= 1 + SHIFT
    found = assignments_of(folder, replace(plan, primal=shifted))

    assert not found.hold
    assert np.flatnonzero(found.distances > FITS).tolist() == [7]
    assert found.words().startswith(
        f"the assignment of {files.producers[7]} is no mixture of its own proposals: "
    )


def test_folders_that_cannot_be_compared_are_refused(folder: Path, tmp_path: Path) -> None:
    held = tmp_path / "held"
    shutil.copytree(folder, held)
    batch = sorted((held / "answers").iterdir())[3]
    batch.write_bytes(batch.read_bytes()[:-70])
    damaged = run("verify", held)
    assert damaged.code == 2
    assert f"{batch}: is damaged" in damaged.err
    shutil.rmtree(held / "answers")
    (held / "answers").mkdir()
    bare = run("verify", held)
    assert bare.code == 2
    assert f"{held / 'answers' / '0001-0001.npz'}: is missing" in bare.err
    shutil.rmtree(held / "answers")
    gone = run("verify", held)
    assert gone.code == 2
    assert f"{held / 'answers'}: is missing; put it back" in gone.err
    content = json.loads((held / "dialogue.json").read_text())
    (held / "dialogue.json").write_text(json.dumps(content | {"economy": "0"}))
    with pytest.raises(CheckError, match="about another economy"):
        assignments_of(held, load_plan(folder / "plan"))
    shutil.rmtree(held / "plan")
    early = run("verify", held)
    assert early.code == 2
    assert "has come to no plan yet" in complaint(early)


def test_distances_that_can_be_found_by_hand() -> None:
    square = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]])

    assert distance(np.array([0.5, 0.5]), square) < 1e-15
    assert distance(np.array([2.0, 2.0]), square) == pytest.approx(0.5)  # (1, 1) is the nearest
    assert distance(np.array([2.0, 0.0]), square[:1]) == 1.0
    assert distance(np.array([0.0, 0.0]), square[:1]) == 0.0
    assert distance(np.array([1.0, 1.0]), square[:0]) == np.inf
