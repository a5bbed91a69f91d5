"""Plans that are proved within a gap that they promise, and no others."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from counterplan.errors import InputError
from counterplan.plan.certificate import GAP_MAX, PROMISE_MAX, certify, promise_of
from counterplan.plan.certificate_file import CERTIFICATE, SEAL, seal_of, written
from counterplan.plan.make import make_plan
from counterplan.plan.open import open_scenario
from counterplan.plan.plan import Making, Plan
from counterplan.plan.storage import load_plan, save_plan
from counterplan.plan.verify import open_plan, verify
from tests.plan.builders import scenario_of, two_branch_economy

MADE = {"bound": None, "engine": "dialogue", "iterations": 7, "seconds": 0.0}


@cache
def best() -> Plan:
    """Return the best plan."""
    return make_plan(two_branch_economy(), scenario_of(periods=2))


def near(gap: float, promise: float | None) -> Plan:
    """Return a plan that lacks a share of the baskets' value, by eating less of it."""
    plan = best()
    program, problem = plan.problem.program, plan.problem
    primal = plan.primal.copy()
    first = problem.columns["consumption"]
    column = max(
        (c for c in range(first, first + problem.variables.blocks["consumption"].size)),
        key=lambda c: program.reward[c] * primal[c],
    )
    primal[column] -= gap * problem.base_consumption / program.reward[column]
    certificate = certify(problem, primal=primal, dual=plan.dual, promise=promise)
    making = Making("dialogue", 0.0, 7, promise=promise)
    return replace(plan, primal=primal, certificate=certificate, making=making)


def test_a_plan_within_its_promise_holds_and_says_within_what(tmp_path: Path) -> None:
    plan = near(8.32e-4, 1e-3)
    save_plan(plan, tmp_path / "plan")
    verdict = verify(tmp_path / "plan")
    content = json.loads((tmp_path / "plan" / CERTIFICATE).read_text())

    assert plan.certificate.gap == pytest.approx(8.32e-4, rel=1e-3)
    assert verdict.holds
    assert verdict.proved
    assert verdict.words == (
        "holds within 0.084% of the consumption of the reported years: no plan is better by more; "
        "it promises 0.1%"
    )
    assert content["making"] == {**MADE, "promise": 1e-3}
    assert content["certificate"]["holds"] is True
    assert load_plan(tmp_path / "plan").making.promise == 1e-3
    assert open_plan(tmp_path / "plan").certificate.promised


def test_without_a_promise_nothing_is_weaker(tmp_path: Path) -> None:
    plan = near(2e-6, None)
    save_plan(plan, tmp_path / "plan")
    verdict = verify(tmp_path / "plan")
    content = json.loads((tmp_path / "plan" / CERTIFICATE).read_text())

    assert not plan.certificate.holds
    assert verdict.words == "REFUSED"
    assert "above 1e-06" in verdict.differences[0]
    assert content["making"] == MADE
    assert "gap_max" not in content["certificate"]


def test_a_promise_that_is_not_kept_is_refused(tmp_path: Path) -> None:
    plan = near(2e-3, 1e-3)
    save_plan(plan, tmp_path / "plan")

    assert not plan.certificate.holds
    assert verify(tmp_path / "plan").differences == (
        "the gap to the best possible plan is 0.002, above 0.001, which it promises",
    )


@pytest.mark.parametrize("promise", [1.0, PROMISE_MAX * 1.01, GAP_MAX, 0.0, -1.0, True, 1, "1e-3"])
def test_a_promise_that_is_none_is_refused(tmp_path: Path, promise: object) -> None:
    save_plan(near(8e-4, 1e-3), tmp_path / "plan")
    path = tmp_path / "plan" / CERTIFICATE
    content = json.loads(path.read_text())
    content["making"]["promise"] = promise
    content[SEAL] = seal_of(content)
    path.write_text(written(content))

    with pytest.raises(InputError, match=f"nothing readable of 'promise' .given: {promise!r}"):
        verify(tmp_path / "plan")


def test_a_promise_beside_a_bound_of_branch_and_bound_is_refused(tmp_path: Path) -> None:
    scenario, economy = open_scenario("three-workplaces-canal")
    plan = make_plan(economy, scenario, seconds_max=60)
    making = replace(plan.making, promise=1e-3)
    save_plan(replace(plan, making=making), tmp_path / "plan")

    found = verify(tmp_path / "plan").differences
    assert f"{CERTIFICATE} promises a gap and states a bound by branch and bound beside it" in found


@pytest.mark.parametrize(
    ("gap", "promised"),
    [
        (8.32e-4, 8.4e-4),
        (8.4e-4, 8.4e-4),
        (9.96e-4, 1e-3),
        (0.0123, 0.013),
        (0.04999, 0.05),
        (1.0000001e-6, 1.1e-6),
        (GAP_MAX, None),
        (-1.0, None),
        (0.051, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_a_promise_is_the_gap_rounded_up(gap: float, promised: float | None) -> None:
    assert promise_of(gap) == promised
