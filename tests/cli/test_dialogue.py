"""The command ``dialogue``: rounds, their result, and how it goes on."""

import fcntl
import os
import pty
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from counterplan.cli import dialogues
from counterplan.cli.boards import amount
from counterplan.dialogue import cluster, whole
from counterplan.dialogue.log import Event, Kind, named
from counterplan.dialogue.rounds import State
from counterplan.economy.package import write_package
from counterplan.plan.shocks import PriceShock
from counterplan.plan.verify import verify
from tests.cli.running import Answer, complaint, program, run
from tests.plan.builders import scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
COUNT = 13
WORDS = ("--producers", str(COUNT), "--seed", "3")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a scenario about corn and machines."""
    folder = tmp_path_factory.mktemp("scenario")
    write_package(two_branch_economy(), folder / "economy")
    asked = scenario_of(shocks=(DROP,)).model_copy(update={"economy": "economy"})
    text = yaml.safe_dump(asked.model_dump(mode="json"))
    (folder / "scenario.yaml").write_text(text)
    return folder / "scenario.yaml"


@pytest.fixture(scope="module")
def held(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """Return the folder of a dialogue that came to its end, and what the command said."""
    out = tmp_path_factory.mktemp("held") / "deep" / "dialogue"
    return out, run("dialogue", scenario, *WORDS, "--out", out)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_it_comes_to_a_plan_that_anybody_can_verify(held: tuple[Path, Answer]) -> None:
    out, answer = held
    verdict = verify(out / "plan")

    assert answer.code == 0, answer.err
    assert verdict.holds
    assert verdict.certificate is not None
    assert verdict.certificate.gap <= 1e-3
    assert verdict.plan is not None
    assert len(verdict.plan.economy.producers) == COUNT
    assert run("verify", out / "plan").out.startswith(f"{out / 'plan'}: holds within 0.")
    assert f"counterplan verify {out / 'plan'}" in answer.out
    assert "each is assigned a mixture of its own and nothing else" in answer.out
    assert "of the consumption of the reported years" in answer.out
    assert f"splitting two-branch into {COUNT} workplaces ..." in answer.err


def test_it_shows_each_round_and_keeps_the_log(held: tuple[Path, Answer]) -> None:
    out, answer = held
    rounds = [line for line in answer.err.splitlines() if line.startswith("round ")]
    table = answer.out.splitlines()

    assert len(rounds) == len(list((out / "rounds").iterdir())) > 2
    assert "gap, %" in rounds[0]
    assert f"answers {COUNT}" in rounds[0]
    assert "CPU seconds" in rounds[0]
    assert table[0].split()[:3] == ["round", "value", "bound"]
    gaps = [float(line.split()[3]) for line in table[1 : len(rounds) + 1]]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] <= 0.1 < gaps[-2]
    log = (out / "log.txt").read_text().splitlines()
    assert log[0].startswith("before the first round: ")
    assert any(line.startswith("round 1: everybody's answer to offer 1 is in") for line in log)
    assert f"the log has {len(log)} lines" in answer.out


def test_the_same_command_again_changes_nothing(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    shutil.copytree(held[0], tmp_path / "copy")
    answer = run("dialogue", scenario, *WORDS, "--out", tmp_path / "copy")

    assert answer.code == 0
    assert contents(tmp_path / "copy") == contents(held[0])
    assert f"going on after round {len(list((held[0] / 'rounds').iterdir()))}" in answer.err


def test_it_goes_on_where_it_was_told_to_stop(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    out = tmp_path / "dialogue"
    first = run("dialogue", scenario, *WORDS, "--out", out, "--rounds-max", "2")
    assert first.code == 1
    assert "no plan is written" in first.err or "above the 0.1% that was asked for" in first.err
    assert "a larger --rounds-max goes on" in first.err
    assert len(list((out / "rounds").iterdir())) == 2
    (out / "rounds" / ".0003.npz.part").write_bytes(b"half")
    second = run("dialogue", scenario, *WORDS, "--out", out)

    assert second.code == 0, second.err
    assert "going on after round 2" in second.err
    assert "rounds/.0003.npz.part was only half written and is ignored" in second.err
    assert contents(out) == contents(held[0])


def test_a_plan_that_is_not_as_good_as_was_asked_promises_less(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    rounds = str(len(list((held[0] / "rounds").iterdir())))
    words = (*WORDS, "--out", tmp_path / "dialogue", "--gap", "0.000002", "--rounds-max", rounds)
    answer = run("dialogue", scenario, *words)

    assert answer.code == 1
    assert f"after {rounds} rounds the gap is " in answer.err
    assert "above the 0.0002% that was asked for" in answer.err
    verdict = verify(tmp_path / "dialogue" / "plan")
    assert verdict.holds
    assert verdict.certificate is not None
    assert verdict.certificate.promised


def test_the_silent_answer_a_round_late(scenario: Path, tmp_path: Path) -> None:
    out = tmp_path / "dialogue"
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--silent", "0.3", "--gap", "0.01")
    lines = answer.out.splitlines()
    rows = [line.split() for line in lines[1 : len(list((out / "rounds").iterdir())) + 1]]

    assert answer.code == 0, answer.err
    assert any(int(row[-3]) < COUNT for row in rows)
    assert sum(int(row[-2]) for row in rows) > 0
    assert "did not answer offer 1 in time" in (out / "log.txt").read_text()
    assert verify(out / "plan").holds


def test_the_log_on_the_disk_names_everybody(tmp_path: Path) -> None:
    codes = tuple(f"works-{k}" for k in range(1, 15))
    late = f"14 of 20 producers did not answer offer 2 in time: {named(codes)}"
    few = f"2 of 20 producers answered offer 1 late: {named(codes[:2])}"
    log = (Event(1, Kind.SILENT, late, codes), Event(1, Kind.LATE, few, codes[:2]))
    dialogues.write_log(State((), (), (), log=log), tmp_path)

    assert "and 9 more" in late
    assert (tmp_path / "log.txt").read_text().splitlines() == [
        f"round 2: 14 of 20 producers did not answer offer 2 in time: {', '.join(codes)}",
        f"round 2: {few}",
    ]


def test_one_proposal_each_is_told_on_the_page_and_is_a_proposal(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    out = tmp_path / "whole"
    shutil.copytree(held[0], out)
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--whole", "--gap", "0.002")
    assert answer.code == 0, answer.err
    verdict = next(line for line in answer.out.splitlines() if line.startswith("one proposal for"))
    page = (out / "dialogue.html").read_text()

    assert "(--whole)" not in (held[0] / "dialogue.html").read_text()
    assert "of its own proposals and no mixture (--whole)" in page
    split = verdict.split("had split ")[1].split(":")[0]
    assert f"the mixture had split {split} of {COUNT} workplaces" in page
    loss = float(verdict.split("loses ")[1].split("%")[0])
    assert float(page.split("It costs ")[1].split("%")[0]) == pytest.approx(loss, rel=0.05)
    again = run("verify", out)
    assert again.code == 0
    assert "each assignment is a mixture of that producer's own proposals" in again.out


def test_one_proposal_each_is_held_against_the_gap_that_was_asked_for(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    out = tmp_path / "whole"
    shutil.copytree(held[0], out)
    wide = run("dialogue", scenario, *WORDS, "--out", out, "--whole", "--gap", "0.05")
    found = verify(out / "plan").certificate
    assert found is not None
    assert (wide.code, found.gap > 1e-3) == (0, True)
    assert "each is assigned one of its own and nothing else" in wide.out
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--whole")

    assert answer.code == 1
    asked = f"the gap is {100 * found.gap:.2g}%, above the 0.1% that was asked for"
    assert f"with one proposal for each workplace {asked}; without --whole it is " in answer.err
    assert f"wrote {out / 'plan'}" in answer.out


def test_ctrl_c_while_one_proposal_each_is_looked_for_says_what_is_there(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "whole"
    shutil.copytree(held[0], out)
    seen = []

    def pressed(*_: object) -> None:
        number = os.open(out, os.O_RDONLY)
        with pytest.raises(BlockingIOError):  # nobody else can hold the folder
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(number)
        seen.append(True)
        raise KeyboardInterrupt

    monkeypatch.setattr(whole, "whole_assignment", pressed)
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--whole")

    count = len(list((out / "rounds").iterdir()))
    assert (answer.code, seen) == (130, [True])
    assert answer.err.splitlines()[-1] == (
        f"counterplan: stopped; {count} finished rounds are in {out}; "
        "the same command goes on from there"
    )
    assert contents(out) == contents(held[0])


# ---- workers ------------------------------------------------------------------------------------


def test_two_workers_come_to_the_same_plan(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    out = tmp_path / "dialogue"
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--workers", "2")

    assert answer.code == 0, answer.err
    assert answer.out.replace(str(out), "") == held[1].out.replace(str(held[0]), "")
    there, wanted = contents(out), contents(held[0])
    assert set(there) == set(wanted)
    for name, content in wanted.items():
        if name.startswith(("rounds/", "plan/")):
            assert there[name] == content, name


def test_ctrl_c_ends_the_workers_too(scenario: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    words = [program(), "dialogue", str(scenario), *WORDS, "--out", str(tmp_path / "dialogue")]
    longer = ("--workers", "1", "--gap", "0.000001", "--rounds-max", "1000")
    with subprocess.Popen(
        [*words, *longer],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("round 2"):
                break
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        told = process.stderr.read()  # until the last of them has ended

    assert process.returncode == 130
    assert told.rstrip().endswith("the same command goes on from there")
    assert "Traceback" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["dialogue"]


def test_workers_without_dask_are_refused_at_once(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    out = tmp_path / "dialogue"
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--workers", "2")

    assert answer.code == 2
    assert complaint(answer) == (
        "Dask is not installed, which other processes are reached by; "
        "install it with: pip install 'counterplan[dask]'"
    )
    assert not out.exists()


# ---- interruption -------------------------------------------------------------------------------


def test_ctrl_c_leaves_what_can_go_on(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    out = tmp_path / "dialogue"
    words = [program(), "dialogue", str(scenario), *WORDS, "--out", str(out)]
    longer = ("--gap", "0.000001", "--rounds-max", "1000")  # than it takes to press two keys
    process = subprocess.Popen([*words, *longer], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("round 2"):
            break
    process.send_signal(signal.SIGINT)
    told = process.stderr.read()
    process.stderr.close()

    assert process.wait(timeout=60) == 130
    assert "finished rounds are in" in told
    assert told.rstrip().endswith("the same command goes on from there")
    assert "Traceback" not in told
    again = run("dialogue", scenario, *WORDS, "--out", out)
    assert again.code == 0
    there = contents(out)
    for name, content in contents(held[0]).items():
        if name.startswith(("answers/", "rounds/")):
            assert there[name] == content


def test_ctrl_c_before_it_has_begun_leaves_nothing(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dialogues, "held", stopped)
    answer = run("dialogue", scenario, *WORDS, "--out", tmp_path / "dialogue")

    assert answer.code == 130
    assert answer.err.splitlines()[-1] == "counterplan: stopped; nothing was written"
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_a_table_grows(scenario: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = [program(), "dialogue", str(scenario), *WORDS, "--out", str(tmp_path / "dialogue")]
    with subprocess.Popen(
        words,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        stdin=theirs,
        env=os.environ | {"COLUMNS": "100", "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        shown = read_all(ours)

    assert process.returncode == 0
    assert "CPU seconds" in shown
    assert f"of {COUNT}" in shown


def read_all(terminal: int) -> str:
    """Return everything that a terminal shows until it is closed."""
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            os.close(terminal)
            return b"".join(parts).decode(errors="replace")
        parts.append(part)


# ---- bad input ----------------------------------------------------------------------------------


def test_another_setting_is_refused(held: tuple[Path, Answer], scenario: Path) -> None:
    answer = run("dialogue", scenario, *WORDS[:3], "4", "--out", held[0])

    assert answer.code == 2
    assert answer.err.splitlines()[-1].endswith(
        "dialogue.json: has seed 3, and that asked for is 4; ask for 3, or begin in another folder"
    )


def test_what_is_damaged_is_named(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    out = tmp_path / "copy"
    shutil.copytree(held[0], out)
    (out / "rounds" / "0002.npz").write_bytes(b"gone")
    answer = run("dialogue", scenario, *WORDS, "--out", out)

    assert answer.code == 2
    assert f"{out / 'rounds' / '0002.npz'}: is damaged" in answer.err


def test_folders_of_other_things_are_refused(
    held: tuple[Path, Answer], scenario: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    answer = run("dialogue", scenario, *WORDS, "--out", tmp_path)
    assert answer.code == 2
    assert "holds 'mine.txt', which is no part of a dialogue" in complaint(answer)
    inside = run("dialogue", scenario, *WORDS, "--out", held[0] / "plan" / "below")
    assert inside.code == 2
    assert "is inside the plan" in complaint(inside)


def test_too_few_workplaces_are_bad_input(scenario: Path, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "dialogue")
    few = run("dialogue", scenario, "--producers", "1", *out)
    assert few.code == 2
    assert "give at least 2: every producer becomes one workplace or more" in few.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("--gap", "0"), ("--gap", "0.5"), ("--silent", "1"), ("--rounds-max", "0")]
)
def test_numbers_that_cannot_be_meant_are_refused(
    scenario: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    answer = run("dialogue", scenario, *WORDS, "--out", tmp_path / "dialogue", *words)

    assert answer.code == 2
    assert words[0] in answer.err


def test_numbers_are_shown_with_nine_digits_and_not_where_there_are_none() -> None:
    assert amount(306192012.3) == "306,192,012"
    assert amount(12.345678912) == "12.3456789"
    assert amount(float("inf")) == amount(float("nan")) == ""


def test_an_economy_with_projects_is_planned_whole(tmp_path: Path) -> None:
    words = ("--producers", "6", "--rounds-max", "12", "--gap", "0.05")
    answer = run("dialogue", "three-workplaces-canal", *words, "--out", tmp_path / "talk")

    assert answer.code == 0
    assert "of 1 projects start, each whole; against parts of projects" in answer.out
    assert "start" in (tmp_path / "talk" / "log.txt").read_text()
    page = (tmp_path / "talk" / "dialogue.html").read_text()
    told = float(answer.out.partition("the same proposals, that costs ")[2].partition("%")[0])
    heads, _, rest = page[page.index("Round by round") :].partition("</thead>")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", rest.partition("</tbody>")[0])
    assert "projects cost, %</th>" in heads
    assert float(cells[-1]) == pytest.approx(told, abs=0.05 * told)
    assert run("verify", tmp_path / "talk" / "plan").code == 0


def test_the_help_of_replan_says_what_it_has_not() -> None:
    told = " ".join(run("replan", "--help").out.split())
    assert "There is no page of a plan made anew, and no --workers" in told
