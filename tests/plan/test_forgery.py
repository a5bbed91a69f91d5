"""Forged plans that were once believed: each must be refused."""

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from counterplan.economy.economy import Floats
from counterplan.errors import InputError
from counterplan.plan.cases import Case, narrowed, open_choices
from counterplan.plan.certificate import (
    GAP_MAX,
    RECOMPUTED,
    STATED,
    case_bound,
    certify,
    dual_bound,
    usable,
)
from counterplan.plan.certificate_file import CERTIFICATE, SEAL, seal_of, written
from counterplan.plan.digests import digests
from counterplan.plan.family import Variables
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.open import open_scenario
from counterplan.plan.plan import Plan
from counterplan.plan.scenario import parse_scenario
from counterplan.plan.shocks import DebtShock
from counterplan.plan.storage import save_plan
from counterplan.plan.verify import Verdict, verify
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine, Program
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


def test_a_plan_that_somebody_altered_is_never_replaced(tmp_path: Path) -> None:
    """Whoever lists a file of his own as the plan's, or works on the plan's own, loses nothing."""
    plan = make_plan(two_branch_economy(), scenario_of(periods=1))
    folder = tmp_path / "plan"
    save_plan(plan, folder)
    whole = (folder / CERTIFICATE).read_text(encoding="utf-8")

    def refused(words: str) -> None:
        with pytest.raises(InputError, match=words):
            save_plan(plan, folder)

    content = json.loads(whole)
    (folder / "notes.txt").write_text("precious", encoding="utf-8")
    content["files"]["notes.txt"] = "0" * 64
    (folder / CERTIFICATE).write_text(written(content), encoding="utf-8")
    refused("does not have the seal")
    content["files"] = digests(folder)
    content[SEAL] = seal_of(content)
    (folder / CERTIFICATE).write_text(written(content), encoding="utf-8")
    refused(r"notes\.txt is no part of any plan")
    (folder / "notes.txt").unlink()
    (folder / CERTIFICATE).write_text(whole, encoding="utf-8")
    scenario = folder / "scenario.yaml"
    as_saved = scenario.read_text(encoding="utf-8")
    scenario.write_text(f"# my work\n{as_saved}", encoding="utf-8")
    refused(r"scenario\.yaml was altered")
    scenario.write_text(as_saved, encoding="utf-8")
    save_plan(plan, folder)


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
    with pytest.raises(InputError, match=r"is not YAML|is not a plain decimal number"):
        parse_scenario(f"title: {tag}\n".encode(), place="x.yaml")


def test_many_keys_are_read_in_one_pass() -> None:
    text = "".join(f"k{i}: 1\n" for i in range(50_000))
    with pytest.raises(InputError, match="unknown key 'k0'; keys here: description"):
        parse_scenario(text.encode(), place="x.yaml")


# ---- a worse plan, certified by valuations that double precision cannot add up ------------------


@cache
def canal() -> Plan:
    """The best plan digs a canal."""
    scenario, economy = open_scenario("three-workplaces-canal")
    return make_plan(economy, scenario, seconds_max=60)


@cache
def without_canal() -> tuple[Plan, tuple[Case, ...]]:
    """Return the best plan that digs none, and honest cases: dug in each year, or in none."""
    best = canal()
    program = best.problem.program
    columns = open_choices(program)
    none = dict.fromkeys(columns, 0)
    cases = []
    for k, column in enumerate(columns):
        choices = {**dict.fromkeys(columns[:k], 0), column: 1}
        cases.append(Case(choices, solved(narrowed(program, choices))[1]))
    primal, dual = solved(narrowed(program, none))
    worth = float(program.reward @ primal)
    worse = replace(best, primal=primal, dual=dual, making=replace(best.making, bound=worth))
    return worse, (*cases, Case(none, dual))


def solved(program: Program) -> tuple[Floats, Floats]:
    answer = solve(program, engine=Engine.AUTOMATIC, seconds_max=60)
    return answer.primal, answer.dual


def forged(cases: tuple[Case, ...], folder: Path) -> Verdict:
    """Save the plan without a canal with somebody's cases, as its owner would, and verify it."""
    worse = without_canal()[0]
    certificate = certify(
        worse.problem, primal=worse.primal, dual=worse.dual, bound=worse.making.bound, cases=cases
    )
    save_plan(replace(worse, certificate=certificate, cases=cases), folder)
    return verify(folder)


def exact_bound(program: Program, dual: Floats) -> Fraction:
    """The bound in fractions, without any rounding."""
    y = [Fraction(one) for one in usable(program, dual)]
    reduced = [Fraction(one) for one in program.reward]
    matrix = program.matrix.tocoo()
    for value, row, column in zip(matrix.data, *matrix.coords, strict=True):
        reduced[column] -= Fraction(value) * y[row]

    def most(factor: Fraction, low: float, high: float) -> Fraction:
        return max(factor * Fraction(low), factor * Fraction(high)) if factor else Fraction(0)

    rows = zip(y, program.row_lower, program.row_upper, strict=True)
    columns = zip(reduced, program.lower, program.upper, strict=True)
    # A valuation that counts at an open limit is zero, by `usable`; the open side is not taken.
    priced = (
        most(one, low if np.isfinite(low) else high, high if np.isfinite(high) else low)
        for one, low, high in rows
    )
    return sum(priced, Fraction(0)) + sum((most(*one) for one in columns), Fraction(0))


@pytest.mark.parametrize("size", [0.0, 1e8, 1e24, 1e60])
def test_the_bound_is_never_below_the_exact_one(size: float) -> None:
    """However large a valuation: what other terms lose beside it is added to the bound."""
    worse, cases = without_canal()
    program = worse.problem.program
    row = int(worse.problem.rows["projects"].rows.max())
    for case in cases:
        within, dual = narrowed(program, case.choices), case.dual.copy()
        dual[row] -= size
        assert dual_bound(within, dual) >= exact_bound(within, dual)


def test_what_rounding_adds_is_far_below_the_gap_that_is_allowed() -> None:
    worse, cases = without_canal()
    program, yardstick = worse.problem.program, worse.problem.base_consumption
    for case in cases:
        within = narrowed(program, case.choices)
        added = Fraction(dual_bound(within, case.dual)) - exact_bound(within, case.dual)
        assert 0 <= added <= 1e-3 * GAP_MAX * yardstick


def test_a_valuation_that_absorbs_all_others_certifies_no_worse_plan(tmp_path: Path) -> None:
    """In a row whose terms cancel exactly, it left nothing of every other term."""
    worse, honest = without_canal()
    rows = worse.problem.rows["projects"].rows
    row = int(rows[rows >= 0][0])
    cases = [replace(one, dual=one.dual.copy()) for one in honest]
    for case in cases[:-1]:
        case.dual[row] -= 1e24

    verdict = forged(tuple(cases), tmp_path / "plan")

    assert (canal().certificate.value - worse.problem.program.reward @ worse.primal) > (
        100 * GAP_MAX * worse.problem.base_consumption
    )
    assert verdict.projects is not None
    assert not verdict.projects.proved
    assert verdict.certificate is not None
    assert verdict.certificate.basis == STATED


def test_a_bound_that_is_no_number_bounds_nothing(tmp_path: Path) -> None:
    """Valuations whose products overflow: the case had no bound, and was not counted."""
    worse, honest = without_canal()
    rows = worse.problem.rows["product_balance"].rows
    absurd = np.zeros_like(worse.dual)
    absurd[rows[rows >= 0]] = -1.7e308
    cases = (honest[-1], *(replace(one, dual=absurd) for one in honest[:-1]))

    assert case_bound(worse.problem.program, cases[1]) == np.inf
    verdict = forged(cases, tmp_path / "plan")

    assert verdict.certificate is not None
    assert verdict.certificate.basis == STATED


@pytest.mark.parametrize("what", [np.nan, np.inf, -np.inf])
def test_a_valuation_that_is_no_number_bounds_nothing(what: float) -> None:
    plan = canal()
    dual = plan.dual.copy()
    dual[:] = what
    assert dual_bound(plan.problem.program, dual) == np.inf
    assert plan.certificate.basis == RECOMPUTED
