"""Verifying saved plans: one altered digit is refused, and a false certificate is found out."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterplan.errors import CheckError, InputError, LimitError
from counterplan.plan.certificate import GAP_MAX, RECOMPUTED, STATED, certify
from counterplan.plan.certificate_file import SEAL, as_dictionary, seal_of, written
from counterplan.plan.digests import digests, open_ordinary
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import Mandate, Need
from counterplan.plan.open import open_scenario
from counterplan.plan.plan import Plan
from counterplan.plan.storage import load_plan, save_plan
from counterplan.plan.verify import Verdict, open_plan, verify
from tests.plan.builders import scenario_of, two_branch_economy

CERTIFICATE, VARIABLES = "certificate.json", "variables.csv"


@cache
def two_branch_plan() -> Plan:
    mandate = Mandate(needs=(Need(product="corn", share=0.9),))
    return make_plan(two_branch_economy(), scenario_of(mandate=mandate), seconds_max=60)


@cache
def plan_with_a_project() -> Plan:
    scenario, economy = open_scenario("three-workplaces-dry-year")
    return make_plan(economy, scenario, seconds_max=60)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "plan"
    save_plan(two_branch_plan(), folder)
    return folder


@pytest.fixture
def plan_folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "plan"))


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    save_plan(plan_with_a_project(), tmp_path / "plan")
    return tmp_path / "plan"


def certificate_file(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / CERTIFICATE).read_text(encoding="utf-8"))
    return content


def rewrite(
    folder: Path, change: Callable[[dict[str, Any]], object], *, sealed: bool = True
) -> None:
    """Change the certificate file as its owner would write it, or without a seal."""
    content = certificate_file(folder)
    change(content)
    content.pop(SEAL, None)
    if sealed:
        content[SEAL] = seal_of(content)
    (folder / CERTIFICATE).write_text(written(content), encoding="utf-8")


def fix_digests(content: dict[str, Any], folder: Path) -> None:
    content["files"] = digests(folder)


def change_value(folder: Path, variable: str, by: float) -> None:
    """Multiply the first figure of a variable."""
    lines = (folder / VARIABLES).read_text(encoding="utf-8").splitlines()
    place = next(k for k, line in enumerate(lines) if line.startswith(f"{variable},"))
    head, _, value = lines[place].rpartition(",")
    lines[place] = f"{head},{float(value) * by!r}"
    (folder / VARIABLES).write_text("\n".join(lines) + "\n", encoding="utf-8")


# ---- what holds ------------------------------------------------------------------------------


def test_a_plan_as_it_was_saved_holds(plan_folder: Path) -> None:
    verdict = verify(plan_folder)

    assert verdict.differences == ()
    assert verdict.holds
    assert verdict.certificate is not None
    assert abs(verdict.certificate.gap) <= 1e-6
    assert verdict.certificate.residual <= 1e-7
    assert verdict.projects is None


def test_a_sealed_plan_holds_with_figures_from_a_machine_that_rounds_otherwise(
    plan_folder: Path,
) -> None:
    def round_otherwise(content: dict[str, Any]) -> None:
        content["certificate"]["value"] *= 1 + 1e-14
        content["certificate"]["gap"] += 1e-14
        content["certificate"]["residuals"][0]["relative"] += 1e-16

    rewrite(plan_folder, round_otherwise)

    assert verify(plan_folder).differences == ()


def test_verifying_asks_no_solver(plan_folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from counterplan.plan.verify import verify; "
        "verdict = verify(Path(sys.argv[1])); "
        "print(verdict.holds, [m for m in ('highspy', 'clarabel') if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, str(plan_folder)], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "True []"


# ---- one digit --------------------------------------------------------------------------------


def digit_places(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character in "0123456789"]


def other_digit(text: str, place: int, step: int) -> str:
    digit = (int(text[place]) + step) % 10
    return text[:place] + str(digit) + text[place + 1 :]


def is_anybodys_word(before: str, after: str) -> bool:
    """Whether two certificate files differ only in how, and with what, the plan was made.

    Where a file is sealed, that is protected as well.
    """
    first, second = json.loads(before), json.loads(after)
    if SEAL in first:
        return False
    for content in (first, second):
        content.pop("counterplan")
        for word in ("engine", "seconds", "iterations"):
            content["making"].pop(word)
    return bool(first == second)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_plan_altered_in_any_digit_of_any_file_is_refused(
    saved: Path, data: st.DataObject
) -> None:
    files = sorted(path for path in saved.rglob("*") if path.is_file())
    file = data.draw(st.sampled_from(files), label="file")
    before = file.read_text(encoding="utf-8")
    place = data.draw(st.sampled_from(digit_places(before) or [0]), label="place")
    if not before[place].isdigit():
        return
    after = other_digit(before, place, data.draw(st.integers(1, 9), label="step"))
    file.write_text(after, encoding="utf-8")
    try:
        verdict = verdict_or_refusal(saved)
        allowed = file.name == CERTIFICATE and verdict is not None and verdict.holds
        assert verdict is None or not verdict.holds or (allowed and is_anybodys_word(before, after))
    finally:
        file.write_text(before, encoding="utf-8")


def verdict_or_refusal(folder: Path) -> Verdict | None:
    try:
        return verify(folder)
    except InputError:
        return None


@pytest.mark.parametrize(
    "name", [VARIABLES, "valuations.csv", "scenario.yaml", "economy/inputs.csv"]
)
def test_the_altered_file_is_named_first(plan_folder: Path, name: str) -> None:
    file = plan_folder / name
    text = file.read_text(encoding="utf-8")
    file.write_text(other_digit(text, digit_places(text)[-1], 1), encoding="utf-8")

    assert verify(plan_folder).differences[0].startswith(f"{name} was altered")


def test_an_altered_file_that_cannot_be_read_is_refused_and_not_an_error(plan_folder: Path) -> None:
    (plan_folder / VARIABLES).write_text("variable,item,period,value\nx,y,z,1\n", encoding="utf-8")

    verdict = verify(plan_folder)

    assert not verdict.holds
    assert verdict.certificate is None
    assert verdict.differences[0].startswith(f"{VARIABLES} was altered")
    assert "'x' is not in the plan" in verdict.differences[-1]


def test_a_seal_protects_how_the_plan_was_made(plan_folder: Path) -> None:
    rewrite(plan_folder, lambda content: None)
    text = (plan_folder / CERTIFICATE).read_text(encoding="utf-8")
    place = text.index('"iterations": ') + len('"iterations": ')
    (plan_folder / CERTIFICATE).write_text(other_digit(text, place, 1), encoding="utf-8")

    assert "seal" in verify(plan_folder).differences[0]


# ---- files ------------------------------------------------------------------------------------


def test_a_missing_file_is_named(plan_folder: Path) -> None:
    (plan_folder / "valuations.csv").unlink()

    assert verify(plan_folder).differences[0] == "valuations.csv is missing"


def test_a_file_that_was_added_is_named(plan_folder: Path) -> None:
    (plan_folder / "economy" / "certificate.json").write_text("{}", encoding="utf-8")

    assert verify(plan_folder).differences == (
        "economy/certificate.json is no part of the plan that was saved",
    )


def test_a_link_is_no_part_of_a_plan(plan_folder: Path) -> None:
    (plan_folder / "link").symlink_to(plan_folder / "nowhere")

    assert verify(plan_folder).differences == ("link is no part of the plan that was saved",)


def test_a_pipe_is_no_part_of_a_plan(plan_folder: Path) -> None:
    os.mkfifo(plan_folder / "pipe")

    assert verify(plan_folder).differences == ("pipe is no part of the plan that was saved",)


def test_a_certificate_that_is_a_link_is_refused(plan_folder: Path, tmp_path: Path) -> None:
    (plan_folder / CERTIFICATE).rename(tmp_path / CERTIFICATE)
    (plan_folder / CERTIFICATE).symlink_to(tmp_path / CERTIFICATE)

    with pytest.raises(InputError, match="is a link; put the file itself there"):
        verify(plan_folder)


def test_a_certificate_too_large_is_refused_without_reading_it(plan_folder: Path) -> None:
    with (plan_folder / CERTIFICATE).open("ab") as file:
        file.truncate(60_000_000)

    with pytest.raises(LimitError, match="larger than 50,000,000 bytes"):
        verify(plan_folder)


def test_an_empty_folder_is_no_part_of_a_plan(plan_folder: Path) -> None:
    (plan_folder / "economy" / "empty" / "folder").mkdir(parents=True)

    assert verify(plan_folder).differences == (
        "economy/empty/folder is no part of the plan that was saved",
    )


def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(plan_folder: Path) -> None:
    (plan_folder / "valuations.csv").unlink()
    os.mkfifo(plan_folder / "valuations.csv")

    with pytest.raises(InputError, match="a link or no ordinary file"):
        verify(plan_folder)


def test_a_pipe_that_takes_a_files_place_at_the_last_moment_is_refused(
    plan_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (plan_folder / "valuations.csv").unlink()
    os.mkfifo(plan_folder / "valuations.csv")
    monkeypatch.setattr(Path, "is_file", lambda path: True)

    with pytest.raises(InputError, match="a link or no ordinary file"):
        open_ordinary(plan_folder / "valuations.csv")


def test_what_is_parsed_is_what_was_compared(
    plan_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody changes the folder between comparing and reading: it makes no difference."""
    from counterplan.plan import verify as module

    real = module.load_plan

    def changed_meanwhile(folder: Path) -> Plan:
        shutil.rmtree(plan_folder / "economy")
        (plan_folder / VARIABLES).write_text("variable,item,period,value\n", encoding="utf-8")
        return real(folder)

    monkeypatch.setattr(module, "load_plan", changed_meanwhile)

    assert verify(plan_folder).holds


def test_a_complaint_about_the_copy_names_the_folder_that_was_given(plan_folder: Path) -> None:
    (plan_folder / VARIABLES).write_text("variable,item,period,value\nx,y,z,1\n", encoding="utf-8")
    rewrite(plan_folder, lambda content: fix_digests(content, plan_folder))

    with pytest.raises(InputError) as caught:
        verify(plan_folder)
    assert str(caught.value).startswith(str(plan_folder / VARIABLES))


# ---- attackers who write a certificate of their own -------------------------------------------


@pytest.mark.parametrize("variable", ["activity", "consumption", "investment", "imports"])
@pytest.mark.parametrize("by", [1.001, 0.9])
def test_new_digests_do_not_hide_a_changed_plan(
    plan_folder: Path, variable: str, by: float
) -> None:
    change_value(plan_folder, variable, by)
    rewrite(plan_folder, lambda content: fix_digests(content, plan_folder))

    verdict = verify(plan_folder)

    assert not verdict.holds
    assert f"{CERTIFICATE} states" in verdict.differences[0]


@pytest.mark.parametrize("variable", ["activity", "consumption", "investment"])
def test_a_false_certificate_that_fits_its_plan_does_not_hold(
    plan_folder: Path, variable: str
) -> None:
    change_value(plan_folder, variable, 0.99)
    rewrite(plan_folder, lambda content: fix_digests(content, plan_folder))
    recomputed = verify(plan_folder).certificate
    assert recomputed is not None

    def lie(content: dict[str, Any]) -> None:
        content["certificate"] = json.loads(json.dumps(as_dictionary(recomputed)))

    rewrite(plan_folder, lie)
    verdict = verify(plan_folder)

    assert not verdict.holds
    assert "above 1e-0" in verdict.differences[0]


def test_a_better_plan_than_the_valuations_allow_is_found_out(plan_folder: Path) -> None:
    def boast(content: dict[str, Any]) -> None:
        content["certificate"]["gap"] = 0.0
        content["certificate"]["bound"] = content["certificate"]["value"]

    change = 1.5
    text = (plan_folder / "valuations.csv").read_text(encoding="utf-8").splitlines()
    head, _, value = text[1].rpartition(",")
    text[1] = f"{head},{float(value) * change!r}"
    (plan_folder / "valuations.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    rewrite(plan_folder, lambda c: (fix_digests(c, plan_folder), boast(c)))
    found = " / ".join(verify(plan_folder).differences)

    assert "states bound" in found
    assert "states gap" in found
    assert "the gap to the best possible plan" in found


def test_nobodys_word_is_taken_for_the_bound_of_a_divisible_plan(plan_folder: Path) -> None:
    rewrite(plan_folder, lambda c: c["making"].update(bound=c["certificate"]["value"]))

    assert "states a bound by branch and bound" in verify(plan_folder).differences[0]


@pytest.mark.parametrize("form", ["plain", "sealed"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(value=float("nan")), "states value nan"),
        (lambda c: c.update(gap="small"), "states gap 'small'"),
        (lambda c: c.update(outside=True), "states outside"),
        (lambda c: c.update(holds=False), "states holds False"),
        (lambda c: c["residuals"].pop(), "other constraint families"),
        (lambda c: c.update(residuals=None), "other constraint families"),
        (lambda c: c["residuals"][0].update(rows=1), "rows of capacity 1"),
        (lambda c: c["residuals"][0].update(relative=0.5), "residual of capacity 0.5"),
    ],
)
def test_a_false_figure_is_named(
    plan_folder: Path, change: Callable[[Any], object], words: str, form: str
) -> None:
    rewrite(plan_folder, lambda content: change(content["certificate"]), sealed=form == "sealed")

    assert any(words in line for line in verify(plan_folder).differences)


def test_a_certificate_without_figures_is_refused(plan_folder: Path) -> None:
    rewrite(plan_folder, lambda content: content.pop("certificate"))

    assert f"{CERTIFICATE} states no figures" in verify(plan_folder).differences


def test_without_a_seal_a_plan_is_refused(plan_folder: Path) -> None:
    rewrite(plan_folder, lambda content: None, sealed=False)

    assert verify(plan_folder).differences == (f"{CERTIFICATE} was altered: it carries no seal",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(remark="trust me"), "has an unknown key 'remark'"),
        (lambda c: c.pop("counterplan"), "lacks the key 'counterplan'"),
        (lambda c: c["certificate"].update(remark=1), "unknown key 'remark' among its figures"),
        (lambda c: c["certificate"].pop("gap"), "lacks 'gap' among its figures"),
        (
            lambda c: c["certificate"]["residuals"][0].update(remark=1),
            "unknown key 'remark' among the residuals of capacity",
        ),
        (
            lambda c: c["certificate"]["residuals"][0].update(absolute=0.5),
            "states absolute residual of capacity 0.5",
        ),
        (
            lambda c: c["certificate"]["residuals"][0].update(place="the moon"),
            "states place of capacity 'the moon'",
        ),
        (
            lambda c: c["certificate"]["residuals"][0].pop("place"),
            "lacks 'place' among the residuals of capacity",
        ),
    ],
)
def test_every_key_is_compared_and_no_other_is_read(
    plan_folder: Path, change: Callable[[Any], object], words: str
) -> None:
    rewrite(plan_folder, change)

    assert any(words in line for line in verify(plan_folder).differences)


def test_a_place_as_bad_as_the_worst_is_another_machines_worst(plan_folder: Path) -> None:
    """Where nothing is violated but by rounding, which row is first depends on the machine."""
    plan = two_branch_plan()
    family = plan.certificate.residuals[0]
    block = plan.problem.rows[family.family]
    places = [
        f"{block.items[i]}, {plan.problem.outlook.periods.labels[t]}"
        for i, t in zip(*(block.rows >= 0).nonzero(), strict=True)
    ]
    other = next(one for one in places if one != family.place)
    rewrite(plan_folder, lambda c: c["certificate"]["residuals"][0].update(place=other))

    assert verify(plan_folder).holds


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n",
        lambda text: json.dumps(json.loads(text)),
        lambda text: json.dumps(dict(reversed(json.loads(text).items())), indent=1) + "\n",
    ],
)
def test_a_certificate_is_written_in_one_way(
    plan_folder: Path, change: Callable[[str], str]
) -> None:
    text = change((plan_folder / CERTIFICATE).read_text(encoding="utf-8"))
    content = json.loads(text)
    text = text.replace(content[SEAL], seal_of(content))
    (plan_folder / CERTIFICATE).write_bytes(text.encode())

    (found,) = verify(plan_folder).differences
    assert "not written as a saved plan's is" in found


def test_a_key_that_stands_twice_is_refused(plan_folder: Path) -> None:
    text = (plan_folder / CERTIFICATE).read_text(encoding="utf-8")
    text = text.replace('"gap":', '"gap": 0.0, "gap":')
    (plan_folder / CERTIFICATE).write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="has the key 'gap' twice"):
        verify(plan_folder)


def test_a_listed_file_that_no_plan_has_is_refused(plan_folder: Path) -> None:
    (plan_folder / "notes.txt").write_text("precious", encoding="utf-8")
    rewrite(plan_folder, lambda content: fix_digests(content, plan_folder))

    assert verify(plan_folder).differences == ("notes.txt is no part of any plan",)


def test_an_absurd_valuation_is_refused(plan_folder: Path) -> None:
    text = (plan_folder / "valuations.csv").read_text(encoding="utf-8").splitlines()
    text[1] = f"{text[1].rpartition(',')[0]},-1e+101"
    (plan_folder / "valuations.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    rewrite(plan_folder, lambda content: fix_digests(content, plan_folder))

    assert any(
        line == "valuations.csv has a valuation that is not finite or above 1e+100"
        for line in verify(plan_folder).differences
    )


def test_the_checks_of_the_economy_are_run(tmp_path: Path) -> None:
    """Made and sealed by the library, which does not run them."""
    economy = two_branch_economy()
    demand = replace(economy.demand, consumption=10 * economy.demand.consumption)
    made = make_plan(replace(economy, demand=demand), scenario_of(), seconds_max=60)
    assert made.certificate.holds
    save_plan(made, tmp_path / "plan")

    found = verify(tmp_path / "plan").differences

    assert found
    assert all(line.startswith("the economy fails a check: ") for line in found)


# ---- projects ----------------------------------------------------------------------------------


def test_a_plan_with_projects_is_proved_over_every_choice_by_its_cases(
    project_folder: Path,
) -> None:
    verdict = verify(project_folder)

    assert verdict.holds
    assert verdict.projects is not None
    assert verdict.projects.cases > 1
    assert verdict.projects.proved
    assert verdict.certificate is not None
    assert verdict.certificate.basis == RECOMPUTED
    assert abs(verdict.projects.choices_kept) <= GAP_MAX
    assert verdict.projects.every_choice >= verdict.projects.choices_kept - GAP_MAX
    assert verdict.words == "holds, and for every other choice of projects it is recomputed, too"


def without_cases(folder: Path) -> None:
    """Save a plan with projects as one whose proof was not found in time."""
    save_plan(replace(plan_with_a_project(), cases=()), folder)
    content = certificate_file(folder)
    plan = load_plan(folder)
    content["certificate"] = as_dictionary(plan.certificate)
    rewrite(folder, lambda old: old.update(content))


def test_a_plan_without_cases_says_that_the_bound_is_not_proved(tmp_path: Path) -> None:
    without_cases(tmp_path / "plan")

    verdict = verify(tmp_path / "plan")

    assert verdict.differences == ()
    assert verdict.projects is not None
    assert not verdict.projects.proved
    # As if a canal could be half dug, every plan could be better: weak duality over the box.
    assert verdict.projects.every_choice > GAP_MAX
    assert verdict.certificate is not None
    assert verdict.certificate.basis == STATED
    assert "is stated in the file, not proved" in verdict.words
    assert verdict.words.startswith("NOT PROVED: it holds for the projects that it builds")
    assert verdict.holds
    assert not verdict.proved


def test_a_stated_bound_does_not_hide_a_worse_plan_with_the_same_projects(tmp_path: Path) -> None:
    """Less is consumed of everything, no cases, and a bound that is just what the plan is worth."""
    best = plan_with_a_project()
    problem, primal = best.problem, best.primal.copy()
    first = problem.columns["consumption"]
    primal[first : first + problem.variables.blocks["consumption"].size] *= 0.99
    worth = float(problem.program.reward @ primal)
    worse = replace(
        best,
        primal=primal,
        cases=(),
        making=replace(best.making, bound=worth),
        certificate=certify(problem, primal=primal, dual=best.dual, bound=worth),
    )
    save_plan(worse, tmp_path / "plan")

    verdict = verify(tmp_path / "plan")

    assert worth < best.certificate.value
    assert abs(worse.certificate.gap) <= GAP_MAX
    assert any("with the choices of projects kept" in line for line in verdict.differences)


def test_only_a_plan_that_holds_is_opened(plan_folder: Path) -> None:
    assert open_plan(plan_folder).certificate.holds
    change_value(plan_folder, "activity", 1.001)

    with pytest.raises(CheckError, match=r"variables.csv was altered.*`counterplan verify .*plan`"):
        open_plan(plan_folder)


def test_the_words_of_a_verdict_tell_plans_apart(plan_folder: Path) -> None:
    assert verify(plan_folder).words == "holds"
    (plan_folder / VARIABLES).write_text("", encoding="utf-8")
    assert verify(plan_folder).words == "REFUSED"


def test_a_false_basis_is_found_out(tmp_path: Path) -> None:
    without_cases(tmp_path / "plan")
    rewrite(tmp_path / "plan", lambda c: c["certificate"].update(basis=RECOMPUTED))

    assert "states basis 'recomputed'" in verify(tmp_path / "plan").differences[0]


def test_a_stated_bound_worse_than_the_recomputed_one_is_refused(project_folder: Path) -> None:
    worth = plan_with_a_project().certificate.value
    rewrite(project_folder, lambda c: c["making"].update(bound=worth * 1.001))

    (found,) = verify(project_folder).differences

    assert "is worse than the recomputed one" in found


def test_a_stated_bound_below_the_plan_itself_is_refused(project_folder: Path) -> None:
    worth = plan_with_a_project().certificate.value
    rewrite(project_folder, lambda c: c["making"].update(bound=worth * 0.999))

    assert any("and this plan is worth" in line for line in verify(project_folder).differences)


def test_cases_that_leave_out_a_choice_are_refused(project_folder: Path) -> None:
    for name in ("cases.csv", "case_valuations.csv"):
        lines = (project_folder / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("1,")]
        assert len(kept) < len(lines)
        (project_folder / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    rewrite(project_folder, lambda content: fix_digests(content, project_folder))

    found = verify(project_folder).differences

    assert any("leave out some choices" in line for line in found)


def test_cases_are_of_no_use_to_a_divisible_plan(plan_folder: Path) -> None:
    _, row, *_ = (plan_folder / "valuations.csv").read_text(encoding="utf-8").splitlines()
    (plan_folder / "cases.csv").write_text("case,variable,item,period,value\n", encoding="utf-8")
    (plan_folder / "case_valuations.csv").write_text(
        f"case,family,item,period,value\n1,{row}\n", encoding="utf-8"
    )
    rewrite(plan_folder, lambda content: fix_digests(content, plan_folder))

    assert any("without indivisible" in line for line in verify(plan_folder).differences)


@pytest.mark.parametrize(
    ("row", "thing"),
    [
        ("x,project,canal,3,1.0", "not the number of a case"),
        ("99999999999,project,canal,3,1.0", "not the number of a case"),
        ("129,project,canal,3,1.0", "not the number of a case"),
        ("1,project,canal,3,0.5", "neither 0 nor 1"),
        ("1,project,moat,3,1.0", "not an item"),
        ("1,project,canal,3", "4 cells instead of 5"),
    ],
)
def test_a_case_that_cannot_be_read_is_named(project_folder: Path, row: str, thing: str) -> None:
    (project_folder / "cases.csv").write_text(
        f"case,variable,item,period,value\n{row}\n", encoding="utf-8"
    )
    rewrite(project_folder, lambda content: fix_digests(content, project_folder))

    with pytest.raises(InputError, match=thing) as caught:
        verify(project_folder)
    assert str(project_folder / "cases.csv") in caught.value.place


def test_a_choice_made_twice_in_a_case_is_named(project_folder: Path) -> None:
    file = project_folder / "cases.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")
    rewrite(project_folder, lambda content: fix_digests(content, project_folder))

    with pytest.raises(InputError, match="stands twice"):
        verify(project_folder)


def test_the_bound_with_choices_kept_is_the_optimum_of_that_divisible_plan(
    project_folder: Path,
) -> None:
    """An independent solver of the same programme with its integers fixed finds that value."""
    import numpy as np
    from scipy.optimize import linprog

    plan = plan_with_a_project()
    program = plan.problem.program
    chosen = np.round(plan.primal)
    low = np.where(program.integer, chosen, program.lower)
    high = np.where(program.integer, chosen, program.upper)
    equal = program.row_lower == program.row_upper
    above = np.isfinite(program.row_lower) & ~equal
    below = np.isfinite(program.row_upper) & ~equal
    rows = program.matrix.tocsr()
    from scipy.sparse import vstack

    best = linprog(
        -program.reward,
        A_ub=vstack([-rows[above], rows[below]]),
        b_ub=np.concatenate([-program.row_lower[above], program.row_upper[below]]),
        A_eq=rows[equal],
        b_eq=program.row_lower[equal],
        bounds=np.column_stack([low, high]),
        method="highs-ds",
        options={"time_limit": 60},
    )
    projects = verify(project_folder).projects
    assert projects is not None
    kept = plan.certificate.value + projects.choices_kept * plan.problem.base_consumption

    assert -best.fun == pytest.approx(kept, rel=1e-7)


def test_a_false_choice_of_projects_is_found_out(project_folder: Path) -> None:
    lines = (project_folder / VARIABLES).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("project,")]
    assert len(kept) < len(lines)
    (project_folder / VARIABLES).write_text("\n".join(kept) + "\n", encoding="utf-8")
    rewrite(project_folder, lambda content: fix_digests(content, project_folder))

    assert not verify(project_folder).holds


def test_half_a_project_is_found_out(project_folder: Path) -> None:
    change_value(project_folder, "project", 0.5)
    rewrite(project_folder, lambda content: fix_digests(content, project_folder))

    assert any("not whole" in line for line in verify(project_folder).differences)


# ---- what is no plan -----------------------------------------------------------------------------


def test_a_folder_without_a_certificate_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a plan"):
        verify(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"format": 99}', '{"format": 1.0}', "[" * 100_000]
)
def test_a_certificate_that_is_none_is_an_input_error(plan_folder: Path, content: str) -> None:
    (plan_folder / CERTIFICATE).write_text(content, encoding="utf-8")

    with pytest.raises(InputError):
        verify(plan_folder)


@pytest.mark.parametrize("files", [None, [], {"variables.csv": 1}])
def test_a_certificate_that_lists_no_files_is_an_input_error(plan_folder: Path, files: Any) -> None:
    rewrite(plan_folder, lambda content: content.update(files=files))

    with pytest.raises(InputError, match="lists no files"):
        verify(plan_folder)


def test_a_plan_that_was_never_readable_is_an_input_error(plan_folder: Path) -> None:
    (plan_folder / VARIABLES).write_text("variable,item,period,value\nx,y,z,1\n", encoding="utf-8")
    rewrite(plan_folder, lambda content: fix_digests(content, plan_folder))

    with pytest.raises(InputError, match="'x' is not in the plan"):
        verify(plan_folder)


def test_another_version_is_said(plan_folder: Path) -> None:
    rewrite(plan_folder, lambda content: content.update(counterplan="0.0.0"))

    verdict = verify(plan_folder)

    assert verdict.holds
    assert "made with counterplan 0.0.0" in verdict.remarks[0]
