"""Forged plans that were once believed: each must be refused."""

from pathlib import Path

import pytest

from counterplan.errors import InputError
from counterplan.plan.family import Variables
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.scenario import parse_scenario
from counterplan.plan.shocks import DebtShock
from counterplan.plan.storage import CERTIFICATE, save_plan
from counterplan.plan.verify import verify
from tests.plan.builders import outlook_of, problem_of, scenario_of, two_branch_economy


def test_credit_cannot_be_turned_over_within_a_period_to_hide_what_is_missing() -> None:
    offered = Mandate(foreign=ForeignRules(credit={2021: 400.0, 2022: 400.0}))
    problem = problem_of(two_branch_economy(), mandate=offered)
    variables: Variables = problem.variables
    assert variables.blocks["credit"].upper.max() == 0.0
    assert variables.blocks["repayment"].upper.max() == 0.0


@pytest.mark.parametrize(
    ("mandate", "shocks", "place"),
    [
        (Mandate(foreign=ForeignRules(credit={2021: 1e15})), (), "mandate.foreign.credit"),
        (Mandate(foreign=ForeignRules(debt_limit=1e15)), (), "mandate.foreign.debt_limit"),
        (Mandate(foreign=ForeignRules(reserves_floor=1e300)), (), "mandate.foreign.reserves_floor"),
        (
            Mandate(),
            (DebtShock(kind="debt_service", amounts={2021: 1e308}),),
            "shocks.0.amounts",
        ),
    ],
)
def test_amounts_that_dwarf_the_economy_are_refused(
    mandate: Mandate, shocks: tuple[DebtShock, ...], place: str
) -> None:
    with pytest.raises(InputError, match="times the economy's foreign trade") as caught:
        outlook_of(two_branch_economy(), mandate=mandate, shocks=shocks)
    assert caught.value.place == place


def test_a_folder_with_somebodys_own_files_is_never_replaced(tmp_path: Path) -> None:
    plan = make_plan(two_branch_economy(), scenario_of(periods=1))
    save_plan(plan, tmp_path / "plan")
    (tmp_path / "plan" / "notes.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(InputError, match=r"holds 'notes\.txt'"):
        save_plan(plan, tmp_path / "plan")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / CERTIFICATE).write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="is not of format"):
        save_plan(plan, tmp_path / "foreign")
    assert (tmp_path / "plan" / "notes.txt").read_text(encoding="utf-8") == "precious"


def test_a_link_is_followed_to_the_folder_it_means(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    save_plan(make_plan(two_branch_economy(), scenario_of(periods=1)), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link", "real"]
    assert verify(tmp_path / "real").holds


def test_a_file_that_is_a_link_is_refused(tmp_path: Path) -> None:
    save_plan(make_plan(two_branch_economy(), scenario_of(periods=1)), tmp_path / "plan")
    inside = tmp_path / "plan" / "variables.csv"
    inside.rename(tmp_path / "outside.csv")
    inside.symlink_to(tmp_path / "outside.csv")
    with pytest.raises(InputError, match="is a link"):
        verify(tmp_path / "plan")


@pytest.mark.parametrize("tag", ["!!bool maybe", '!!timestamp "x"', '!!int ""', '!!float ""'])
def test_a_yaml_tag_that_does_not_fit_is_bad_input(tag: str) -> None:
    with pytest.raises(InputError, match="is not YAML"):
        parse_scenario(f"title: {tag}\n".encode(), place="x.yaml")


def test_many_keys_are_read_in_one_pass() -> None:
    text = "".join(f"k{i}: 1\n" for i in range(50_000))
    with pytest.raises(InputError, match="unknown key 'k0'; keys here: description"):
        parse_scenario(text.encode(), place="x.yaml")
