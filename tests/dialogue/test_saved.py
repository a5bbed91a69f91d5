"""A dialogue on the disk: killed at any moment it goes on to the same plan; damage is named."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from counterplan.dialogue.exchange import Answers, Key, Offer
from counterplan.dialogue.manifest import MANIFEST, digest_of, manifest_of
from counterplan.dialogue.parts import parts_of
from counterplan.dialogue.records import answers_arrays, answers_of
from counterplan.dialogue.rounds import State
from counterplan.dialogue.saved import Folder, opened
from counterplan.dialogue.sealed import read_sealed, seal_of, write_sealed
from counterplan.dialogue.workplaces import workplaces_of
from counterplan.economy.economy import Bools
from counterplan.economy.split import split_producers
from counterplan.errors import InputError
from counterplan.plan.open import open_scenario
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Horizon
from tests.dialogue.holding import BATCH, COUNT, dialogue, first, held, manifest
from tests.plan.builders import two_branch_economy

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
KILLED = 5
FLIPPED = 300


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a dialogue that nothing interrupted."""
    path = tmp_path_factory.mktemp("dialogue") / "whole"
    run(path)
    return path


def run(path: Path) -> None:
    """Hold a dialogue to its end in a process of its own."""
    with program(path) as process:
        process.communicate(timeout=120)
    assert process.returncode == 0


def program(path: Path) -> "subprocess.Popen[str]":
    """Start a dialogue in a process of its own."""
    words = [sys.executable, "-m", "tests.dialogue.holding", str(path), str(ROUNDS)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def contents(path: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()
    }


def last_of(path: Path) -> State:
    """Return the state that a folder holds."""
    with opened(path, manifest()) as folder:
        state = folder.read(dialogue()).state
    assert state is not None
    return state


def fields_of(state: State) -> list[np.ndarray]:
    """Return every array of a state."""
    arrays = []
    for one in state.pool:
        arrays += [one.answered, one.shares, one.values, one.bounds, one.courses, one.duals]
        arrays.append(one.offer.valuations)
    if state.mixture is not None:
        mixture = dict(vars(state.mixture))
        start = mixture.pop("start")
        arrays += mixture.values()
        if start is not None:
            arrays += [start.weights, start.low, *vars(start.point).values()]
    for one in state.offers:
        arrays += [one.valuations, one.own_costs, one.key]
    return [np.asarray(one) for one in arrays]


# ---- going on -----------------------------------------------------------------------------------


def test_killed_at_any_moment_it_goes_on_to_the_same_files(whole: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(int(os.environ.get("COUNTERPLAN_SEED", "11")))
    path, killed = tmp_path / "killed", 0
    for _ in range(40):
        process = program(path)
        assert process.stdout is not None
        ended = kill_after(process, lines=int(rng.integers(1, 25)), wait=rng.uniform(0, 0.004))
        if ended:
            break
        killed += 1
        again = contents(path)
        assert all(name in again for name in (MANIFEST, "begin.npz") if killed > 2)
        if killed == KILLED:
            run(path)
            break

    assert killed >= 3
    assert contents(path) == contents(whole)


def kill_after(process: "subprocess.Popen[str]", *, lines: int, wait: float) -> bool:
    """Kill a process after so many lines and a moment; return whether it had ended before."""
    assert process.stdout is not None
    for _ in range(lines):
        if process.stdout.readline().startswith("done"):
            process.wait(timeout=60)
            return True
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    process.stdout.close()
    return False


def test_what_is_read_is_what_was_held_to_the_last_bit(tmp_path: Path) -> None:
    states = list(held(tmp_path / "one", 3))
    read = last_of(tmp_path / "one")

    assert read.mixture is not None
    assert read.mixture.start is not None
    assert len(read.offering) == 5
    for one, other in zip(fields_of(states[-1]), fields_of(read), strict=True):
        np.testing.assert_array_equal(one, other)
    assert read.log == states[-1].log
    assert repr(read.rounds) == repr(states[-1].rounds)
    assert read.totals == states[-1].totals


def test_only_what_does_not_follow_from_a_course_is_kept_beside_it() -> None:
    workplaces = dialogue().workplaces
    honest = workplaces.answer(first())
    shares, values = honest.shares.copy(), honest.values.copy()
    shares[3, 1] += 1.0
    shares[:, 4] = np.nan
    values[6] *= 1.01
    answers = replace(honest, shares=shares, values=values)
    arrays = answers_arrays(workplaces, answers)
    read = answers_of(workplaces, arrays, {answers.offer.key: answers.offer})

    assert answers_arrays(workplaces, honest)["told"].size == 0
    assert arrays["told"].tolist() == [1, 4, 6]
    for name in ("answered", "shares", "values", "bounds", "courses", "duals"):
        np.testing.assert_array_equal(getattr(read, name), getattr(answers, name))


def test_a_batch_of_answers_takes_a_tenth_of_its_numbers(tmp_path: Path) -> None:
    asked, economy = open_scenario("oil-055")
    split = split_producers(economy, producers=40, seed=1)
    short = asked.model_copy(update={"horizon": Horizon(first=2015, periods=2)})
    workplaces = workplaces_of(parts_of(assemble(lay_out(split, short))))
    rules = int(workplaces.parts.shared.sum())
    answers = workplaces.answer(Offer(0, np.ones(rules)))
    arrays = answers_arrays(workplaces, answers)
    write_sealed(tmp_path / "answers.npz", arrays)
    read = answers_of(workplaces, arrays, {(0, 0): answers.offer})
    kept = (answers.shares, answers.values, answers.bounds, answers.courses, answers.duals)

    assert answers.shares.any(axis=0).all()
    assert (tmp_path / "answers.npz").stat().st_size < 0.1 * sum(one.nbytes for one in kept)
    np.testing.assert_array_equal(read.shares, answers.shares)
    np.testing.assert_array_equal(read.values, answers.values)


def test_only_those_whose_answer_is_not_there_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "one"
    states = list(held(path, 3))
    for one in (path / "rounds" / "0003.npz", *sorted((path / "answers").glob("0003-*"))[7:]):
        one.unlink()
    with opened(path, manifest()) as folder:
        standing = folder.read(dialogue())
        assert standing.state is not None
        asked = Recording()
        state = folder.next(
            replace(dialogue(), transport=asked), standing.state, arrived=standing.arrived
        )
    there = {one.key: np.zeros(COUNT, dtype=bool) for one in states[1].offering}
    for one in standing.arrived:
        if one.offer.number == 2:
            there[one.offer.key] |= one.answered

    assert len(standing.arrived) == 7
    assert len(there) == 5
    assert len({mask.sum() for mask in there.values()}) >= 3  # all that can, some, none
    assert asked.whom.keys() == there.keys()
    for key, mask in there.items():
        np.testing.assert_array_equal(asked.whom[key], ~mask)
    assert state.rounds[-1].answered == there[2, 4].sum()


class Recording:
    """A transport that remembers who was asked what, and brings nothing."""

    def __init__(self) -> None:
        self.whom: dict[Key, Bools] = {}

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Remember."""
        self.whom[offer.key] = whom
        yield from ()


def test_what_is_half_written_is_ignored_and_said(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "half"
    copytree(whole, path)
    (path / "rounds" / ".0006.npz.part").write_bytes(b"PK half a file")
    (path / ".plan-abc").mkdir()
    with opened(path, manifest()) as folder:
        standing = folder.read(dialogue())

    assert standing.ignored == ("rounds/.0006.npz.part", ".plan-abc")
    assert contents(path) == contents(whole)


def test_files_are_only_added(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "grown"
    before: dict[str, bytes] = {}
    for rounds in range(1, ROUNDS + 1):
        list(held(path, rounds))
        now = contents(path)
        assert all(now[name] == content for name, content in before.items())
        before = now

    assert {name for name in contents(whole) if not name.startswith("plan/")} == set(before)
    batches = [name for name in before if name.startswith("answers/0001")]
    assert len(batches) >= -(-COUNT // BATCH)


# ---- other dialogues ----------------------------------------------------------------------------


def refused(path: Path, **fields: Any) -> InputError:
    """Return the refusal of a folder."""
    with pytest.raises(InputError) as caught, opened(path, replace(manifest(), **fields)):
        pass  # pragma: no cover
    return caught.value


def test_another_economy_scenario_version_or_setting_is_refused(whole: Path) -> None:
    other = split_producers(two_branch_economy(), producers=COUNT, seed=4, regions=1)
    scenario = dialogue().scenario.model_copy(update={"title": "Other"})
    economy = dialogue().parts.problem.outlook.economy

    error = refused(whole, economy=digest_of(other))
    assert error.place == str(whole / MANIFEST)
    assert "about another economy" in error.thing
    assert error.mend == "begin in another folder"
    changed = manifest_of(economy, scenario, manifest().settings).scenario
    assert "about another scenario" in refused(whole, scenario=changed).thing
    assert "made with counterplan" in refused(whole, counterplan="0.0.1").thing
    settings = refused(whole, settings={"seed": 6})
    assert settings.thing == "has seed 5, and that asked for is 6"
    assert settings.mend == "ask for 5, or begin in another folder"


def test_a_digest_is_that_of_every_number_and_name() -> None:
    economy = two_branch_economy()
    moved = replace(economy, labour=replace(economy.labour, force=np.array([140.0 + 1e-13])))
    named = replace(economy, title="Corn and engines")

    assert digest_of(economy) == digest_of(two_branch_economy())
    assert len({digest_of(one) for one in (economy, moved, named)}) == 3
    assert digest_of(("ab", "c")) != digest_of(("a", "bc"))
    assert digest_of({"a": 1, "b": None}) == digest_of({"b": None, "a": 1})
    with pytest.raises(TypeError, match="no digest of set"):
        digest_of({"a"})


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "is a file" in refused(tmp_path / "file").thing
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("mine")
    assert "holds 'thesis.txt'" in refused(foreign).thing
    (foreign / "thesis.txt").rename(foreign / ".plan-of-mine")
    assert "holds '.plan-of-mine'" in refused(foreign).thing
    (foreign / ".plan-of-mine").rename(foreign / "begin.npz")
    assert "holds files that are not a dialogue" in refused(foreign).thing
    assert sorted(one.name for one in foreign.iterdir()) == ["begin.npz"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "2"}', '{"format": true}', "\xff"])
def test_a_first_file_that_is_none_is_refused(whole: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "copy"
    copytree(whole, path)
    (path / MANIFEST).write_bytes(text.encode("latin-1"))
    error = refused(path)

    assert error.place == str(path / MANIFEST)
    assert error.mend == "put the file back from a copy, or begin in another folder"


def test_a_folder_of_another_format_is_refused_with_its_number(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    copytree(whole, path)
    content = json.loads((path / MANIFEST).read_text())
    (path / MANIFEST).write_text(json.dumps(content | {"format": 1}))
    error = refused(path)

    assert error.place == str(path / MANIFEST)
    assert error.thing == "is of format 1, and this version reads and writes format 2"
    assert error.mend == "begin in another folder, or go on with the version that wrote it"


def test_nobody_else_holds_it_meanwhile(tmp_path: Path) -> None:
    with opened(tmp_path / "one", manifest()):
        error = refused(tmp_path / "one")
        (tmp_path / "one" / MANIFEST).unlink()  # as if the other came before it was written
        assert refused(tmp_path / "one").thing == error.thing
    assert error.thing == "is being held by another command"
    with opened(tmp_path / "one", manifest()):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    error = refused(tmp_path / "file" / "below")
    assert error.place == str(tmp_path / "file" / "below")


# ---- damage -------------------------------------------------------------------------------------


def damaged(path: Path) -> InputError:
    """Return the refusal to read a folder."""
    with opened(path, manifest()) as folder, pytest.raises(InputError) as caught:
        folder.read(dialogue())
    return caught.value


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("begin.npz", "put it back from a copy, or begin in another folder"),
        ("answers/0001-0001.npz", "put it back from a copy, or begin in another folder"),
        (
            "answers/0003-0002.npz",
            "put it back from a copy, or delete the files of round 0003 and later in answers and "
            "rounds: the dialogue goes on after round 0002",
        ),
        (
            "rounds/0004.npz",
            "put it back from a copy, or delete the files of round 0004 and later in answers and "
            "rounds: the dialogue goes on after round 0003",
        ),
    ],
)
def test_a_damaged_or_missing_file_is_named_with_its_mend(
    whole: Path, tmp_path: Path, name: str, mend: str
) -> None:
    path = tmp_path / "copy"
    copytree(whole, path)
    intact = (path / name).read_bytes()
    for cut in (0, 10, len(intact) // 2, len(intact) - 5):
        (path / name).write_bytes(intact[:cut])
        error = damaged(path)
        assert (error.place, error.mend) == (str(path / name), mend)
        assert "is damaged" in error.thing
    (path / name).unlink()
    error = damaged(path)
    assert (error.place, error.mend, error.thing) == (str(path / name), mend, "is missing")


def test_what_the_mend_says_helps(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    copytree(whole, path)
    for one in [*(path / "answers").iterdir(), *(path / "rounds").iterdir()]:
        if one.name >= "0003":
            one.unlink()
    list(held(path, ROUNDS))

    assert contents(path) == contents(whole)


def test_no_flipped_byte_goes_unseen(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.npz"
    intact = (whole / "rounds" / "0002.npz").read_bytes()
    rng = np.random.default_rng(1)
    for place in rng.integers(0, len(intact), FLIPPED):
        spoiled = bytearray(intact)
        spoiled[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(spoiled)
        with pytest.raises(InputError, match="does not have its seal"):
            read_sealed(path, mend="put it back")


def test_a_sealed_file_is_one_that_numpy_reads(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    write_sealed(path, {"a": np.arange(3), "b": np.array(0.1)})
    with np.load(path) as file:
        assert file["a"].tolist() == [0, 1, 2]
    once = path.read_bytes()
    write_sealed(path, {"a": np.arange(3), "b": np.array(0.1)})
    assert path.read_bytes() == once
    assert [one.name for one in tmp_path.iterdir()] == ["arrays.npz"]


def test_a_sealed_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    for content in (b"", b"PK no archive", b"\x93NUMPY"):
        path.write_bytes(content + seal_of(content))
        with pytest.raises(InputError, match=r"is no file of arrays; put it back"):
            read_sealed(path, mend="put it back")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_sealed(tmp_path, mend="put it back")


def test_a_batch_of_the_round_that_is_open_may_go(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    copytree(whole, path)
    (path / "rounds" / f"{ROUNDS:04d}.npz").unlink()
    batch = path / "answers" / f"{ROUNDS:04d}-0002.npz"
    batch.write_bytes(batch.read_bytes()[:-30])
    error = damaged(path)
    assert error.place == str(batch)
    assert error.mend == "delete it, and its producers are asked again"
    batch.unlink()
    again = list(held(path, ROUNDS))[-1]

    assert again.rounds[-1] == last_of(whole).rounds[-1]


def test_files_that_do_not_fit_are_refused(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    copytree(whole, path)
    name = path / "answers" / "0002-0001.npz"
    arrays = dict(read_sealed(name, mend=""))
    write_sealed(name, {**arrays, "courses": arrays["courses"][:-1]})
    error = damaged(path)
    assert (error.thing, error.place) == ("does not fit this dialogue", str(name))
    write_sealed(name, {**arrays, "bounds": arrays["bounds"] + 1.0})
    error = damaged(path)
    assert error.thing == "does not follow from its answers"
    assert error.place.startswith(str(path / "rounds"))
    write_sealed(name, arrays)
    (path / "answers" / "notes.txt").write_text("mine")
    error = damaged(path)
    assert (error.thing, error.mend) == ("is no part of a dialogue", "move it away")


def test_an_altered_story_is_no_story(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    copytree(whole, path)
    name = path / "rounds" / "0001.npz"
    arrays = dict(read_sealed(name, mend=""))
    told = json.loads(arrays["story"].tobytes())
    for wrong in ({**told, "log": 3}, {**told, "round": {}}, {**told, "totals": [1]}, {}):
        text = np.frombuffer(json.dumps(wrong).encode(), dtype=np.uint8)
        write_sealed(name, {**arrays, "story": text})
        assert damaged(path).thing == "does not fit this dialogue"


def test_a_folder_is_named_by_its_rounds() -> None:
    folder = Folder(Path("here"))
    assert folder.answers_file(0, 1) == Path("here/answers/0001-0001.npz")
    assert folder.round_file(11) == Path("here/rounds/0012.npz")
