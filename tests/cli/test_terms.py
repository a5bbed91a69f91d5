"""The command ``dialogue`` with quotas and overrides: they come, stand, and are withdrawn."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml

from counterplan.dialogue.bases import BASES
from counterplan.dialogue.register import register_of
from counterplan.dialogue.rounds import dialogue_of
from counterplan.dialogue.sealed import read_sealed
from counterplan.dialogue.statement import telling_of
from counterplan.dialogue.wire import proposal_for
from counterplan.economy.package import write_package
from counterplan.economy.split import split_producers
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import PriceShock
from counterplan.plan.storage import load_plan
from counterplan.plan.verify import verify
from tests.cli.running import Answer, complaint, run
from tests.plan.builders import scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
COUNT = 13
WORDS = ("--producers", str(COUNT), "--seed", "3")
HEAD = "producer,line,item,least,most,start,end,reason\n"
BINDS = "works-1,made,machine,,4,,2022,repairs\n"  # it would make 6
GAP = 1e-3


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a scenario about corn and machines."""
    folder = tmp_path_factory.mktemp("scenario")
    write_package(two_branch_economy(), folder / "economy")
    asked = scenario_of(shocks=(DROP,)).model_copy(update={"economy": "economy"})
    (folder / "scenario.yaml").write_text(yaml.safe_dump(asked.model_dump(mode="json")))
    return folder / "scenario.yaml"


@pytest.fixture(scope="module")
def plain(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a dialogue without terms that came to its end."""
    out = tmp_path_factory.mktemp("plain") / "dialogue"
    assert run("dialogue", scenario, *WORDS, "--out", out).code == 0
    return out


@pytest.fixture
def going(plain: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return Path(shutil.copytree(plain, tmp_path / "going"))


def file_of(folder: Path, *rows: str, name: str = "quotas.csv", head: str = HEAD) -> Path:
    """Write a file."""
    path = folder / name
    path.write_text(head + "".join(rows))
    return path


def proposal_file(folder: Path, producer: str, *, number: int, factor: float = 1.0) -> Path:
    """Write the proposal that goes on as before, with a factor on what is made."""
    economy = split_producers(two_branch_economy(), producers=COUNT, seed=3, techniques=2)
    asked = scenario_of(shocks=(DROP,))
    dialogue = dialogue_of(assemble(lay_out(economy, asked)), asked)
    from counterplan.dialogue.drafts import as_before
    from counterplan.dialogue.exchange import Offer

    offer = Offer(0, dialogue.centre.program.row_lower * 0)
    draft = dialogue.workplaces.follow(as_before(dialogue.parts.problem), offer)
    form = proposal_for(
        telling_of(dialogue.parts).statement(draft.courses), producer=producer, number=number
    )
    for entry in form["products"]:
        if "made" in entry:
            entry["made"] = {t: factor * value for t, value in entry["made"].items()}
    path = folder / f"{producer}.json"
    path.write_text(json.dumps(form))
    assert register_of(dialogue.parts).producers[9] == "works-1"
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def log_of(out: Path) -> list[str]:
    """Return the lines of the log."""
    return (out / "log.txt").read_text().splitlines()


def optimum_of(out: Path) -> float:
    """Return the best value of the saved plan's own economy and scenario, by HiGHS."""
    plan = load_plan(out / "plan")
    return make_plan(plan.economy, plan.scenario).certificate.value


def assert_best(out: Path) -> None:
    """Check that the plan in a folder is as good as it says, against HiGHS."""
    verdict = verify(out / "plan")
    assert verdict.holds
    assert verdict.plan is not None
    proof, unit = verdict.plan.certificate, verdict.plan.problem.base_consumption
    best = optimum_of(out)
    assert proof.gap <= GAP + 1e-9
    assert proof.value <= best + 1e-6 * unit
    assert proof.bound >= best - 1e-6 * unit


# ---- quotas -------------------------------------------------------------------------------------


def test_quotas_stand_from_the_next_round_on_and_the_plan_keeps_them(
    scenario: Path, going: Path, plain: Path, tmp_path: Path
) -> None:
    before = len(list((plain / "rounds").iterdir()))
    quotas = file_of(tmp_path, BINDS)
    answer = run("dialogue", scenario, *WORDS, "--out", going, "--quotas", quotas)

    assert answer.code == 0, answer.err
    assert f"what was handed in stands from round {before + 1} on" in answer.err
    assert "1 quota stands; without, the best plan would be better by " in answer.out
    plan = load_plan(going / "plan")
    quota = plan.scenario.mandate.quotas[0]
    assert (quota.producer, quota.most, quota.reason) == ("works-1", 4.0, "repairs")
    own = plan.economy.techniques.producer == plan.economy.producers.codes.index("works-1")
    made = plan.economy.techniques.output.toarray()[:, own] @ plan.quantity("activity")[own]
    assert made.max(axis=0)[:2] == pytest.approx([4.0, 4.0], rel=1e-6)
    assert made.max(axis=0)[2] > 4.2
    assert_best(going)
    log = log_of(going)
    assert log[: len(log_of(plain))] == log_of(plain)
    assert (
        f"round {before + 1}: quota of works-1, to make at most 4 of machine, until 2022 "
        "(repairs): it stands from now on"
    ) in log
    assert any("set aside as long as it stands: works-1" in line for line in log)


def test_from_the_beginning_as_from_later_on(scenario: Path, tmp_path: Path) -> None:
    out = tmp_path / "dialogue"
    quotas = file_of(tmp_path, BINDS, "farm-2,work,worker,5,,2021,2021,\n")
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--quotas", quotas)

    assert answer.code == 0, answer.err
    assert "2 quotas stand" in answer.out
    assert_best(out)
    assert len(load_plan(out / "plan").scenario.mandate.quotas) == 2


@pytest.mark.parametrize(
    "row",
    ["works-1,made,machine,,0,", "works-1,used,corn,,0,", "works-1,work,worker,,0,"],
)
def test_a_workplace_may_be_promised_nothing(scenario: Path, tmp_path: Path, row: str) -> None:
    out = tmp_path / "dialogue"
    quotas = file_of(tmp_path, f"{row}2021,2022,\n")
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--quotas", quotas)

    assert answer.code == 0, answer.err
    assert_best(out)


def test_the_same_command_goes_on_to_the_same_bytes(scenario: Path, tmp_path: Path) -> None:
    quotas = file_of(tmp_path, BINDS)
    words = ("dialogue", scenario, *WORDS, "--quotas", quotas)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert run(*words, "--out", whole).code == 0
    for rounds in ("1", "2", "3"):
        run(*words, "--out", parts, "--rounds-max", rounds)
    # Batches of the fourth round are there, and the rest is not.
    answers = sorted(path.name for path in (whole / "answers").iterdir())
    fourth = [name for name in answers if name.startswith("0004-")]
    for name in fourth[:3]:
        shutil.copy(whole / "answers" / name, parts / "answers" / name)
    # Without the option what stands goes on standing.
    last = run("dialogue", scenario, *WORDS, "--out", parts)

    assert last.code == 0, last.err
    assert "going on after round 3, with 3 batches of answers of the next" in last.err
    there, wanted = contents(parts), contents(whole)
    assert set(there) == set(wanted)
    assert [name for name in wanted if there[name] != wanted[name]] == []
    assert len([name for name in wanted if name.startswith("terms/")]) == 1


def test_changed_in_the_middle_of_a_round_they_stand_from_the_one_after(
    scenario: Path, plain: Path, tmp_path: Path
) -> None:
    out = tmp_path / "dialogue"
    run("dialogue", scenario, *WORDS, "--out", out, "--rounds-max", "2")
    for path in sorted((plain / "answers").glob("0003-*"))[:2]:
        shutil.copy(path, out / "answers" / path.name)
    quotas = file_of(tmp_path, BINDS)
    answer = run("dialogue", scenario, *WORDS, "--out", out, "--quotas", quotas)

    assert answer.code == 0, answer.err
    assert "what was handed in stands from round 4 on" in answer.err
    assert [path.name for path in (out / "terms").iterdir()] == ["0004-0001.npz"]
    assert (out / "rounds" / "0003.npz").read_bytes() == (
        plain / "rounds" / "0003.npz"
    ).read_bytes()
    assert_best(out)


def test_an_empty_file_withdraws_them_and_the_plan_is_as_good_as_before(
    scenario: Path, going: Path, plain: Path, tmp_path: Path
) -> None:
    run("dialogue", scenario, *WORDS, "--out", going, "--quotas", file_of(tmp_path, BINDS))
    answer = run("dialogue", scenario, *WORDS, "--out", going, "--quotas", file_of(tmp_path))

    assert answer.code == 0, answer.err
    assert "quota stands" not in answer.out
    assert load_plan(going / "plan").scenario.mandate.quotas == ()
    assert_best(going)
    log = "\n".join(log_of(going))
    assert "until 2022 (repairs): it is withdrawn" in log
    assert "come back, for the quota that they broke stands no more: works-1" in log
    assert len(list((going / "terms").iterdir())) == 2
    best, again = (verify(out / "plan").certificate for out in (plain, going))
    assert best is not None
    assert again is not None
    assert again.bound >= best.value


def rounds_told(out: Path) -> list[list[str]]:
    """Return the lines of the table of rounds on the page."""
    page = (out / "dialogue.html").read_text()
    table = page[page.index("Round by round") :].partition("</table>")[0].partition("<tbody>")[2]
    lines = re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, flags=re.DOTALL) for line in lines]


def test_the_page_keeps_the_rounds_before_a_change_as_they_stood(
    scenario: Path, going: Path, plain: Path, tmp_path: Path
) -> None:
    before = rounds_told(plain)
    quotas = file_of(tmp_path, BINDS)
    run("dialogue", scenario, *WORDS, "--out", going, "--quotas", quotas)
    lines, count = rounds_told(going), len(before)
    page = (going / "dialogue.html").read_text()

    assert lines[:count] == before
    assert lines[count][0] == "other quotas from here on"
    assert [line[0] for line in lines[count + 1 :]] == [
        str(k + 1) for k in range(count, len(lines) - 1)
    ]
    gap, now = 5, 6
    for stretch in (before, lines[count + 1 :]):
        assert stretch[-1][gap] == stretch[-1][now]
        assert all(float(line[now]) >= float(stretch[-1][now]) > 0 for line in stretch)
    assert f"Other quotas stand from round {count + 1} on." in page
    assert f"{len(lines) - 1 - count} of them under the quotas that stand now" in page
    assert "Under the quotas that stand now the gap" in page
    gained = page.partition("of the same: what the rounds after that of round")[0]
    assert "-" not in re.findall(r"<b>(.*?)</b>|>([-+\d.,]+%)<", gained)[-1][1]
    assert "other quotas" not in (plain / "dialogue.html").read_text().lower()


def test_quotas_hold_for_whole_assignments_too(scenario: Path, going: Path, tmp_path: Path) -> None:
    quotas = file_of(tmp_path, BINDS)
    words = ("--quotas", quotas, "--whole", "--gap", "0.01")
    answer = run("dialogue", scenario, *WORDS, "--out", going, *words)

    assert answer.code in (0, 1), answer.err
    plan = load_plan(going / "plan")
    residuals = {one.family: one.relative for one in plan.certificate.residuals}
    assert residuals["quota"] <= 1e-7


# ---- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("works-9,made,machine,1,,,2022,\n", "row 2: there is no producer 'works-9'"),
        ("works-1,made,machine,500,,,2022,\n", "'works-1' can make at most "),
        ("works-1,made,machine,1,,,2030,\n", "the quota ends in 2030, after the plan's last"),
        ('works-1,made,machine,1,,,2022,"a\nb"\n', "'reason': the text holds the character U+000A"),
        ("works-1,made,machine,x,,,2022,\n", "row 2 column 'least': 'x' is not a number"),
    ],
)
def test_a_bad_quota_ends_with_2_and_changes_nothing(
    scenario: Path, going: Path, tmp_path: Path, rows: str, words: str
) -> None:
    before = contents(going)
    quotas = file_of(tmp_path, rows)
    answer = run("dialogue", scenario, *WORDS, "--out", going, "--quotas", quotas)

    assert answer.code == 2
    assert complaint(answer).startswith("quotas.csv row 2")
    assert words in complaint(answer)
    assert contents(going) == before
    new = run("dialogue", scenario, *WORDS, "--out", tmp_path / "new", "--quotas", quotas)
    assert new.code == 2
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_not_there_is_named(scenario: Path, tmp_path: Path) -> None:
    for option in ("--quotas", "--overrides"):
        words = (option, tmp_path / "nowhere.csv")
        answer = run("dialogue", scenario, *WORDS, "--out", tmp_path / "new", *words)
        assert answer.code == 2
        assert "nowhere.csv" in complaint(answer)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_of_terms_is_named(scenario: Path, going: Path, tmp_path: Path) -> None:
    run("dialogue", scenario, *WORDS, "--out", going, "--quotas", file_of(tmp_path, BINDS))
    (path,) = (going / "terms").iterdir()
    path.write_bytes(path.read_bytes()[:-80])
    answer = run("dialogue", scenario, *WORDS, "--out", going)

    assert answer.code == 2
    assert f"terms/{path.name}: is damaged" in complaint(answer)
    path.rename(going / "terms" / "notes.txt")
    answer = run("dialogue", scenario, *WORDS, "--out", going)
    assert answer.code == 2
    assert "notes.txt: is no part of a dialogue" in complaint(answer)


# ---- overrides ----------------------------------------------------------------------------------

OVERRIDES = "proposal,lasts,reason\n"


def overridden(
    scenario: Path, out: Path, folder: Path, *rows: str, more: tuple[str, ...] = ()
) -> Answer:
    """Go on with overrides."""
    path = file_of(folder, *rows, name="overrides.csv", head=OVERRIDES)
    return run("dialogue", scenario, *WORDS, "--out", out, "--overrides", path, *more)


def test_a_person_answers_until_it_is_withdrawn(
    scenario: Path, going: Path, plain: Path, tmp_path: Path
) -> None:
    proposal_file(tmp_path, "works-1", number=0)
    number = len(list((plain / "rounds").iterdir())) + 1
    answer = overridden(scenario, going, tmp_path, "works-1.json,until withdrawn,a strike\n")

    assert answer.code == 0, answer.err
    assert (
        f"round {number}: a person answers for works-1 in place of its model: every offer from "
        f"{number} on, until that is withdrawn (a strike)"
    ) in log_of(going)
    assert_best(going)
    again = run("dialogue", scenario, *WORDS, "--out", going)
    assert again.code == 0
    assert len(list((going / "terms").iterdir())) == 1
    assert rounds_told(going)[number - 1][0] == "other overrides from here on"
    gone = overridden(scenario, going, tmp_path)
    assert gone.code == 0, gone.err
    what = "the override of works-1 is withdrawn: its model answers by itself again"
    assert log_of(going)[-1].endswith(what) or any(what in line for line in log_of(going))


def test_an_override_from_the_beginning_goes_on_to_the_same_bytes(
    scenario: Path, tmp_path: Path
) -> None:
    proposal_file(tmp_path, "works-1", number=1)
    row = "works-1.json,once,a trial\n"
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert overridden(scenario, whole, tmp_path, row).code == 0
    for rounds in ("1", "2"):
        overridden(scenario, parts, tmp_path, row, more=("--rounds-max", rounds))
    assert overridden(scenario, parts, tmp_path, row).code == 0

    assert contents(parts) == contents(whole)
    line = "a person answers for works-1 in place of its model: offer 2 (a trial)"
    assert f"round 1: {line}" in log_of(whole)
    assert_best(whole)


def test_what_nobody_can_trust_is_refused_in_the_log_and_the_model_answers(
    scenario: Path, plain: Path, tmp_path: Path
) -> None:
    proposal_file(tmp_path, "works-1", number=0, factor=1.2)
    out = tmp_path / "dialogue"
    answer = overridden(scenario, out, tmp_path, "works-1.json,until withdrawn,\n")

    assert answer.code == 0, answer.err
    refusals = [line for line in log_of(out) if "override of works-1 was refused" in line]
    assert len(refusals) == 1
    assert "and its model answers: its registered model has no course that does this" in refusals[0]
    # But for that line, and the terms that files name, it is as if nobody had said anything.
    for path in (*(plain / "answers").iterdir(), *(plain / "rounds").iterdir()):
        wanted = read_sealed(path, mend="")
        there = read_sealed(out / path.relative_to(plain), mend="")
        assert set(there) == {*wanted, BASES}
        assert all(np.array_equal(there[name], wanted[name]) for name in wanted)


def bad_rows() -> Iterator[tuple[str, str]]:
    """Yield rows that are refused, and the words."""
    yield (
        "nowhere.json,once,\n",
        "row 2 column 'proposal': the proposal 'nowhere.json' cannot be read",
    )
    yield "works-1.json,always,\n", "row 2 column 'lasts': 'always' does not say how long it lasts"
    yield (
        "broken.json,once,\n",
        "row 2 column 'proposal', file 'broken.json': proposal: is not JSON",
    )
    yield "other.json,once,\n", "there is no producer 'nobody'"
    yield (
        "../outside.json,once,\n",
        "'outside.json' cannot be read: it lies outside the folder of the overrides",
    )
    yield "/etc/hostname,once,\n", "it lies outside the folder of the overrides"
    yield "link.json,once,\n", "it lies outside the folder of the overrides"
    yield (
        "pipe,once,\n",
        "row 2 column 'proposal': the proposal 'pipe' cannot be read: it is no file",
    )
    yield "a\0b,once,\n", "the text holds the character U+0000"
    yield (
        'works-1.json,once,"a\nround 9: forged"\n',
        "column 'reason': the text holds the character U+000A; delete it",
    )
    yield "works-1.json,once,a\x1b[2J\n", "'reason': the text holds the character U+001B"
    yield "works-1.json,once,a\u202eb\n", "'reason': the text holds the character U+202E"
    yield "works-1.json,once,\nworks-1.json,once,\n", "row 3: 'works-1' is overridden for the same"
    yield f"works-1.json,once,{201 * 'x'}\n", "row 2 column 'reason': the reason is longer than 200"


@pytest.mark.parametrize(("rows", "words"), list(bad_rows()))
def test_a_bad_override_ends_with_2_and_changes_nothing(
    scenario: Path, going: Path, tmp_path: Path, rows: str, words: str
) -> None:
    path = proposal_file(tmp_path, "works-1", number=60)
    (tmp_path / "broken.json").write_text("{")
    (tmp_path.parent / "outside.json").write_text(path.read_text())
    (tmp_path / "link.json").symlink_to(tmp_path.parent / "outside.json")
    os.mkfifo(tmp_path / "pipe")
    form = json.loads(path.read_text()) | {"producer": "nobody"}
    (tmp_path / "other.json").write_text(json.dumps(form))
    before = contents(going)
    answer = overridden(scenario, going, tmp_path, rows)

    assert answer.code == 2
    assert words in complaint(answer)
    assert contents(going) == before


def test_an_offer_that_was_answered_before_cannot_be_overridden(
    scenario: Path, going: Path, tmp_path: Path
) -> None:
    proposal_file(tmp_path, "works-1", number=1)
    before = contents(going)
    answer = overridden(scenario, going, tmp_path, "works-1.json,once,\n")

    assert answer.code == 2
    assert "offer 1 was answered in a round that is over" in answer.err
    assert "or let it last until it is withdrawn" in answer.err
    assert contents(going) == before


# ---- an event -----------------------------------------------------------------------------------


def test_quotas_stand_after_an_event_too(scenario: Path, going: Path, tmp_path: Path) -> None:
    run("dialogue", scenario, *WORDS, "--out", going, "--quotas", file_of(tmp_path, BINDS))
    event = tmp_path / "event.yaml"
    event.write_text(
        "title: A tenth of farming stands still\n"
        "shocks:\n  - {kind: capacity, branches: [agriculture], share: 0.9}\n"
    )
    answer = run("replan", going, event, "--out", tmp_path / "new")

    assert answer.code == 0, answer.err
    plan = load_plan(tmp_path / "new" / "plan")
    assert [one.producer for one in plan.scenario.mandate.quotas] == ["works-1"]
    assert_best(tmp_path / "new")


def test_overrides_end_with_an_event_and_that_is_said(
    scenario: Path, going: Path, tmp_path: Path
) -> None:
    proposal_file(tmp_path, "works-1", number=0)
    assert overridden(scenario, going, tmp_path, "works-1.json,until withdrawn,\n").code == 0
    event = tmp_path / "event.yaml"
    event.write_text("shocks: [{kind: capacity, branches: [agriculture], share: 0.9}]\n")
    out = tmp_path / "new"
    early = run("replan", going, event, "--out", out, "--gap", "1e-6", "--rounds-max", "1")
    answer = run("replan", going, event, "--out", out)

    assert (early.code, answer.code) == (1, 0)
    ends = "overrides of works-1 end here: in a plan made anew every model answers by itself"
    assert f"The {ends}." in early.out
    assert f"The {ends}." in answer.out
    assert f"The {ends}." in (out / "changes.txt").read_text()
    assert log_of(out).count(f"before the first round: the {ends}") == 1
    withdrawn = overridden(scenario, going, tmp_path)
    assert withdrawn.code == 0
    assert "end here" not in run("replan", going, event, "--out", tmp_path / "none").out


def test_a_quota_that_an_event_makes_impossible_is_named_and_nothing_is_written(
    scenario: Path, going: Path, tmp_path: Path
) -> None:
    quotas = file_of(tmp_path, "works-1,made,machine,4,,,2022,\n")
    assert run("dialogue", scenario, *WORDS, "--out", going, "--quotas", quotas).code == 0
    event = tmp_path / "event.yaml"
    event.write_text("shocks: [{kind: outage, producers: [works-1], share: 0.1}]\n")
    before = contents(going)
    answer = run("replan", going, event, "--out", tmp_path / "new")

    assert answer.code == 2
    words = complaint(answer)
    assert words.startswith("quota 'works-1: made machine, until 2022': after the event 'works-1' ")
    assert "can make at most " in words
    assert "ask for at least " in words
    assert "in the dialogue that the plan came from, by --quotas, and replan that" in words
    assert not (tmp_path / "new").exists()
    assert contents(going) == before


def test_a_plan_that_keeps_other_quotas_than_stand_is_not_replanned(
    scenario: Path, going: Path, plain: Path, tmp_path: Path
) -> None:
    quotas = file_of(tmp_path, BINDS)
    assert run("dialogue", scenario, *WORDS, "--out", going, "--quotas", quotas).code == 0
    shutil.rmtree(going / "plan")  # as where the first round under new terms is interrupted
    shutil.copytree(plain / "plan", going / "plan")
    event = tmp_path / "event.yaml"
    event.write_text("title: Dearer\nshocks: [{kind: labour, skills: [worker], factor: 0.99}]\n")
    answer = run("replan", going, event, "--out", tmp_path / "new")

    assert answer.code == 2
    assert "other quotas stand by now than those that the plan keeps" in complaint(answer)
