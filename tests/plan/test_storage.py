"""Saving a plan and reading it back: bit for bit, whole or not at all; faults by their place."""

import hashlib
import json
import os
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml

from counterplan import __version__
from counterplan.economy.economy import Economy, Projects
from counterplan.errors import InputError, LimitError
from counterplan.plan import longtables, storage
from counterplan.plan.certificate_file import read_certificate
from counterplan.plan.digests import digests
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import (
    EmissionGoal,
    ForeignRules,
    Group,
    InvestmentGoal,
    LabourRules,
    Mandate,
    Need,
    SelfRelianceGoal,
)
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import (
    CapacityShock,
    DebtShock,
    LabourShock,
    PriceShock,
    QuantityShock,
    ReserveShock,
)
from counterplan.plan.storage import (
    check_writable,
    load_plan,
    save_plan,
)
from tests.plan.builders import scenario_of
from tests.plan.growing import growing_economy

EVERYTHING = Mandate(
    groups={"town": Group(weight=1.1, growth=0.001)},
    needs=(Need(share=0.5), Need(group="country", product="corn", share=0.7)),
    goals=(
        InvestmentGoal(kind="investment", branches=("industry",), factor=0.9),
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.3, start=2022),
        EmissionGoal(kind="emission", emission="smoke", factor=1.5),
    ),
    labour=LabourRules(hours={2022: 0.99}, overtime_share=0.05),
    foreign=ForeignRules(reserves_floor=2.0, credit={2021: 1.0}, debt_limit=2.0),
)
SHOCKS = (
    PriceShock(kind="export_price", products=("corn",), factor=0.9, note="cheap corn"),
    QuantityShock(kind="import_limit", products=("*",), share=0.9, use="investment", start=2022),
    DebtShock(kind="debt_service", amounts={2022: 0.2, 2030: 0.1}),
    CapacityShock(kind="capacity", branches=("agriculture",), share=0.98, end=2021),
    LabourShock(kind="labour", skills=("fitter",), factor=0.97),
    ReserveShock(kind="reserves", lost=0.5),
)


def with_a_project() -> Economy:
    """Return the growing economy with a workshop that can be built or not."""
    shop = Projects(
        codes=("hall",),
        names=("A hall",),
        cost=(((1, 0, 0.5), (1, 1, 0.25)),),
        capital=np.array([1]),
        capacity=np.array([2.0]),
        lag=np.array([1]),
    )
    return replace(growing_economy(), projects=shop)


@cache
def full_plan() -> Plan:
    """Return a plan whose scenario uses every part of the mandate and every kind of shock."""
    scenario = scenario_of(mandate=EVERYTHING, shocks=SHOCKS)
    return make_plan(growing_economy(), scenario, seconds_max=60.0)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans") / "plan"
    save_plan(full_plan(), folder)
    return folder


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "plan"))


def bits(vector: np.ndarray) -> bytes:
    """Return a vector's bits, with one zero only."""
    return (vector + 0.0).tobytes()


# ---- there and back ----------------------------------------------------------------------


def test_what_was_saved_is_read_bit_for_bit(saved: Path) -> None:
    plan, again = full_plan(), load_plan(saved)

    assert plan.certificate.holds
    assert bits(again.primal) == bits(plan.primal)
    assert bits(again.dual) == bits(plan.dual)
    assert again.certificate == plan.certificate
    assert again.making == plan.making


def test_the_scenario_comes_back_whole_but_for_where_the_economy_stands(saved: Path) -> None:
    again = load_plan(saved).scenario

    assert again == full_plan().scenario.model_copy(update={"economy": "economy"})
    assert again.mandate == EVERYTHING
    assert again.shocks == SHOCKS


def test_the_programme_that_is_assembled_again_is_the_same(saved: Path) -> None:
    before, after = full_plan().problem.program, load_plan(saved).problem.program

    for name in ("row_lower", "row_upper", "lower", "upper", "reward"):
        assert bits(getattr(before, name)) == bits(getattr(after, name))
    assert (before.matrix != after.matrix).nnz == 0


def test_a_plan_with_projects_keeps_the_bound_of_its_search(tmp_path: Path) -> None:
    plan = make_plan(with_a_project(), scenario_of(), seconds_max=60.0)

    save_plan(plan, tmp_path / "plan")
    again = load_plan(tmp_path / "plan")

    assert plan.making.bound is not None
    assert again.making == plan.making
    assert [case.choices for case in again.cases] == [case.choices for case in plan.cases]
    assert [bits(case.dual) for case in again.cases] == [bits(case.dual) for case in plan.cases]
    assert again.certificate == plan.certificate
    assert again.certificate.holds


def test_saving_what_was_read_gives_the_same_files(saved: Path, tmp_path: Path) -> None:
    save_plan(load_plan(saved), tmp_path / "again")

    assert digests(tmp_path / "again") == digests(saved)


def test_the_certificate_file_names_every_other_file_with_its_sha256(saved: Path) -> None:
    content = read_certificate(saved)
    files = {p.relative_to(saved).as_posix() for p in saved.rglob("*") if p.is_file()}

    assert set(content["files"]) == files - {"certificate.json"}
    for name, digest in content["files"].items():
        assert hashlib.sha256((saved / name).read_bytes()).hexdigest() == digest
    assert content["format"] == 1
    assert content["counterplan"] == __version__
    assert content["certificate"]["holds"] is True
    assert content["certificate"]["gap"] == full_plan().certificate.gap


def test_a_digit_changed_anywhere_changes_a_digest(copy: Path) -> None:
    before = digests(copy)
    lines = (copy / "variables.csv").read_text().splitlines()
    digit = lines[5][-1]
    lines[5] = lines[5][:-1] + ("7" if digit != "7" else "8")
    (copy / "variables.csv").write_text("\n".join(lines) + "\n")

    changed = [name for name, digest in digests(copy).items() if digest != before[name]]
    assert changed == ["variables.csv"]


def test_what_is_zero_is_not_written(saved: Path) -> None:
    plan = full_plan()
    written = (saved / "variables.csv").read_text().splitlines()

    assert written[0] == "variable,item,period,value"
    assert len(written) == 1 + np.count_nonzero(plan.primal)
    assert (saved / "valuations.csv").read_text().startswith("family,item,period,value\n")


# ---- whole or not at all -------------------------------------------------------------------


def test_nothing_is_left_when_writing_fails_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = storage.write_numbers, []

    def fails_on_the_second(path: Path, rows: object, *, heads: object) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(path, rows, heads=heads)

    monkeypatch.setattr(storage, "write_numbers", fails_on_the_second)

    with pytest.raises(InputError, match="No space left"):
        save_plan(full_plan(), tmp_path / "plan")

    assert len(calls) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_old_plan_stays_when_a_new_one_fails(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(copy)

    def fails(folder: Path) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "digests", fails)
    with pytest.raises(InputError, match="No space left"):
        save_plan(full_plan(), copy)

    assert digests(copy) == before
    assert list(copy.parent.iterdir()) == [copy]
    assert load_plan(copy).certificate.holds


def test_an_old_plan_comes_back_when_the_new_one_cannot_take_its_place(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(copy)
    real, calls = os.replace, []

    def fails_on_the_second(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        real(source, target)

    monkeypatch.setattr(storage.os, "replace", fails_on_the_second)
    with pytest.raises(InputError, match="Input/output"):
        save_plan(full_plan(), copy)

    assert len(calls) == 3
    assert digests(copy) == before
    assert list(copy.parent.iterdir()) == [copy]


# ---- before the work begins ------------------------------------------------------------------


def test_a_place_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b" / "plan")

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_found_before_the_work_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)

    with pytest.raises(InputError, match="No space left on device; make room on the disk") as error:
        check_writable(tmp_path / "a" / "plan")
    assert error.value.place == str(tmp_path / "a" / "plan")
    assert list(tmp_path.iterdir()) == []


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("a shopping list")

    with pytest.raises(InputError, match="is a file and no folder; name a folder"):
        check_writable(tmp_path / "list" / "a" / "plan")
    with pytest.raises(InputError):
        save_plan(full_plan(), tmp_path / "list" / "a" / "plan")
    assert [path.name for path in tmp_path.iterdir()] == ["list"]


def test_a_name_that_no_disk_can_hold_is_found_before_the_work_begins(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give it a shorter name"):
        check_writable(tmp_path / ("n" * 300))
    assert list(tmp_path.iterdir()) == []


def test_folders_made_on_the_way_go_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Path) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "digests", fails)
    (tmp_path / "there").mkdir()

    with pytest.raises(InputError, match="make room on the disk"):
        save_plan(full_plan(), tmp_path / "there" / "a" / "b" / "plan")

    assert list((tmp_path / "there").iterdir()) == []


def test_a_plan_takes_the_place_of_another(copy: Path) -> None:
    other = make_plan(growing_economy(), scenario_of(), seconds_max=60.0)

    save_plan(other, copy)

    assert bits(load_plan(copy).primal) == bits(other.primal)
    assert list(copy.parent.iterdir()) == [copy]


def test_folders_on_the_way_are_made_and_an_empty_one_is_used(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    save_plan(full_plan(), tmp_path / "empty")
    save_plan(full_plan(), tmp_path / "a" / "b" / "plan")

    assert load_plan(tmp_path / "empty").certificate.holds
    assert load_plan(tmp_path / "a" / "b" / "plan").certificate.holds


def test_a_folder_with_other_things_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-aunt.txt").write_text("dear aunt")

    with pytest.raises(
        InputError, match=r"letters' holds files that are not a plan; give an empty"
    ):
        save_plan(full_plan(), tmp_path / "letters")

    assert (tmp_path / "letters" / "to-aunt.txt").read_text() == "dear aunt"
    assert [p.name for p in tmp_path.iterdir()] == ["letters"]


def test_a_file_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("a shopping list")

    with pytest.raises(InputError, match=r"plan' is a file; give an empty or a new folder"):
        save_plan(full_plan(), tmp_path / "plan")

    assert (tmp_path / "plan").read_text() == "a shopping list"


# ---- what cannot be read -------------------------------------------------------------------


def complaint(folder: Path) -> InputError:
    """Return the error with which a folder is refused."""
    with pytest.raises(InputError) as caught:
        load_plan(folder)
    return caught.value


def test_a_folder_without_a_certificate_is_no_plan(tmp_path: Path) -> None:
    error = complaint(tmp_path)

    assert "is not a plan: it has no certificate.json" in str(error)
    assert error.mend == "give a folder that `counterplan plan` wrote"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("{", "is not JSON"),
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not of format 1"),
        ('{"format": 2}', "is not of format 1"),
        ('{"format": "1"}', "is not of format 1"),
    ],
)
def test_a_certificate_that_is_none(copy: Path, text: str, thing: str) -> None:
    (copy / "certificate.json").write_text(text)

    error = complaint(copy)

    assert error.thing == thing
    assert error.place == str(copy / "certificate.json")
    assert error.mend == "make the plan again"


@pytest.mark.parametrize("making", [None, [], "ipx", 1])
def test_a_certificate_that_does_not_say_how_the_plan_was_made(copy: Path, making: object) -> None:
    content = read_certificate(copy)
    content["making"] = making
    (copy / "certificate.json").write_text(json.dumps(content))

    assert complaint(copy).thing == "has no readable 'making'"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("engine", 1),
        ("engine", None),
        ("seconds", "long"),
        ("seconds", True),
        ("seconds", float("nan")),
        ("iterations", 1.5),
        ("iterations", -1),
        ("iterations", False),
        ("iterations", [3]),
        ("bound", "high"),
        ("bound", True),
        ("bound", float("inf")),
        ("bound", 10**400),
        ("bound", {}),
        ("unknown", 1),
    ],
)
def test_an_entry_of_another_kind_is_named(copy: Path, name: str, value: object) -> None:
    content = read_certificate(copy)
    content["making"][name] = value
    (copy / "certificate.json").write_text(json.dumps(content))

    error = complaint(copy)

    assert error.thing.startswith(f"'making' says nothing readable of '{name}' (given: ")
    assert len(error.thing) < 150
    assert error.place == str(copy / "certificate.json")


@pytest.mark.parametrize("name", ["engine", "seconds", "iterations", "bound"])
def test_an_entry_that_is_missing_is_named(copy: Path, name: str) -> None:
    content = read_certificate(copy)
    del content["making"][name]
    (copy / "certificate.json").write_text(json.dumps(content))

    assert complaint(copy).thing == f"'making' says nothing readable of '{name}'"


@pytest.mark.parametrize("name", ["variables.csv", "valuations.csv"])
@pytest.mark.parametrize(
    ("row", "thing"),
    [
        ("labour,hand,2021", "has 3 cells instead of 4"),
        ("labour,hand,2021,1,2", "has 5 cells instead of 4"),
        ("", "has 0 cells instead of 4"),
        ("weather,hand,2021,1", "'weather' is not in the plan"),
        ("{name},nobody,2021,1", "'nobody' is not an item of {name}"),
        ("{name},{item},1999,1", "'1999' is not a period of the plan"),
        ("{name},{item},2022,many", "'many' is not a number"),
        ("{name},{item},2022,nan", "'nan' is not a finite number"),
        ("{name},{item},2022,-inf", "'-inf' is not a finite number"),
        ("{name},{item},2022,1e999", "'1e999' is not a finite number"),
    ],
)
def test_a_row_that_does_not_fit_is_named(copy: Path, name: str, row: str, thing: str) -> None:
    known = {"name": "exports", "item": "machine"}
    if name == "valuations.csv":
        known = {"name": "retraining", "item": "all branches"}
    lines = (copy / name).read_text().splitlines()
    lines.insert(3, row.format(**known))
    (copy / name).write_text("\n".join(lines) + "\n")

    error = complaint(copy)

    assert error.thing == thing.format(**known)
    assert error.place == f"{copy / name} row 4"


@pytest.mark.parametrize("name", ["variables.csv", "valuations.csv"])
def test_a_row_that_stands_twice_is_named(copy: Path, name: str) -> None:
    lines = (copy / name).read_text().splitlines()
    (copy / name).write_text("\n".join([*lines, lines[1]]) + "\n")

    error = complaint(copy)

    assert error.thing == "the entry stands twice"
    assert error.place == f"{copy / name} row {len(lines) + 1}"


def test_a_valuation_where_the_family_says_nothing_is_named(copy: Path) -> None:
    with (copy / "valuations.csv").open("a") as file:
        file.write("import_share,corn,2021,1.0\n")

    assert complaint(copy).thing == "import_share says nothing of corn in 2021"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("", "its heads are not a name, item, period, value"),
        ("variable,period,item,value\n", "its heads are not a name, item, period, value"),
        ('variable,item,period,value\n"exports,corn,2021,1\n', "is not CSV"),
        (f"variable,item,period,value\n{'x' * 200_000},corn,2021,1\n", "is not CSV"),
    ],
)
def test_a_table_that_is_none_is_refused(copy: Path, text: str, thing: str) -> None:
    (copy / "variables.csv").write_text(text)

    error = complaint(copy)

    assert error.thing.startswith(thing)
    assert error.place.startswith(str(copy / "variables.csv"))


def test_text_that_is_not_utf8_is_refused(copy: Path) -> None:
    (copy / "valuations.csv").write_bytes(b"family,item,period,value\n\xff\xfe")

    assert complaint(copy).thing == "is not UTF-8 text"


@pytest.mark.parametrize("name", ["variables.csv", "valuations.csv", "scenario.yaml"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()

    assert name in str(complaint(copy))


def test_a_missing_economy_is_named(copy: Path) -> None:
    shutil.rmtree(copy / "economy")

    assert "economy" in str(complaint(copy))


def test_a_table_beyond_the_limit_is_refused(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(longtables, "BYTES_MAX", 1_000)

    with pytest.raises(LimitError, match="larger than 1,000 bytes"):
        load_plan(copy)


# ---- what was altered ----------------------------------------------------------------------


def rewrite(path: Path, start: str, value: float) -> None:
    """Give the row that starts so another value."""
    lines = path.read_text().splitlines()
    chosen = [k for k, line in enumerate(lines) if line.startswith(start)]
    assert len(chosen) == 1
    lines[chosen[0]] = f"{start}{float(value)!r}"
    path.write_text("\n".join(lines) + "\n")


def test_an_altered_quantity_is_recomputed_and_found(copy: Path) -> None:
    activity = full_plan().quantity("activity")[0, 0]
    rewrite(copy / "variables.csv", "activity,farming,2021,", activity * 1.0001)

    certificate = load_plan(copy).certificate

    assert not certificate.holds
    assert certificate.residual > 1e-6


def test_an_altered_valuation_loosens_the_bound(copy: Path) -> None:
    block = full_plan().problem.rows["foreign_balance"].rows[0, 0]
    rewrite(copy / "valuations.csv", "foreign_balance,whole,2021,", full_plan().dual[block] * 1.01)

    certificate = load_plan(copy).certificate

    assert certificate.residual <= 1e-7
    assert certificate.gap > 1e-6


def test_an_altered_figure_of_the_economy_is_found(copy: Path) -> None:
    path = copy / "economy" / "trade.csv"
    lines = path.read_text().splitlines()
    corn = next(k for k, line in enumerate(lines) if line.startswith("corn,"))
    assert ",20.0," in lines[corn] or ",20," in lines[corn]
    lines[corn] = lines[corn].replace(",20.0,", ",20.1,").replace(",20,", ",20.1,")
    path.write_text("\n".join(lines) + "\n")

    assert not load_plan(copy).certificate.holds


def test_an_altered_mandate_is_found(copy: Path) -> None:
    content = yaml.safe_load((copy / "scenario.yaml").read_text())
    content["mandate"]["foreign"]["reserves_floor"] = 2.5
    (copy / "scenario.yaml").write_text(yaml.safe_dump(content))

    assert not load_plan(copy).certificate.holds


def test_the_verdict_in_the_file_is_not_believed(copy: Path) -> None:
    """A plan made worse, with a certificate and a bound written to suit it."""
    content = read_certificate(copy)
    activity = full_plan().quantity("activity")[0, 0]
    rewrite(copy / "variables.csv", "activity,farming,2021,", activity * 0.999)
    content["making"]["bound"] = full_plan().certificate.value
    content["certificate"]["holds"] = True
    content["files"] = digests(copy)
    (copy / "certificate.json").write_text(json.dumps(content))

    assert not load_plan(copy).certificate.holds
