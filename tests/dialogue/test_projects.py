"""Indivisible projects in a dialogue, against the optimum that branch and bound finds at once."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from counterplan.dialogue.assignments import assignments_of
from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.choices import all_parts
from counterplan.dialogue.manifest import manifest_of
from counterplan.dialogue.parts import parts_of
from counterplan.dialogue.projects import projects_of
from counterplan.dialogue.replanning.replan import replanning_of
from counterplan.dialogue.result import left_to_projects
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.saved import opened
from counterplan.economy.drawn.projects import with_projects
from counterplan.economy.economy import Economy
from counterplan.economy.split import split_producers
from counterplan.errors import CounterplanError, InputError
from counterplan.plan.make import make_plan
from counterplan.plan.open import open_scenario
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.scenario import Scenario
from counterplan.plan.storage import save_plan
from counterplan.plan.verify import verify
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine
from tests.dialogue.strategies import case_of, request_of

NAMES = ("three-workplaces-plain", "three-workplaces-dry-year", "three-workplaces-canal")
DRAWN = (0, 2)
PLACES, ROUNDS = 9, 7
RESIDUAL_MAX, ROUNDING = 1e-7, 1e-9


@cache
def asked(name: str) -> tuple[Economy, Scenario]:
    """Return a packaged economy with projects in nine workplaces, or one that is drawn."""
    if name in NAMES:
        scenario, economy = open_scenario(name)
        return split_producers(economy, producers=PLACES, seed=1, techniques=2), scenario
    case = case_of(int(name))
    request = replace(request_of(case.seed, np.random.default_rng([case.seed, 100])), projects=2)
    horizon = case.scenario.horizon.model_copy(update={"periods": 3})
    return with_projects(case.economy, request), case.scenario.model_copy(
        update={"horizon": horizon}
    )


@cache
def problem(name: str) -> Problem:
    """Return its plan problem."""
    return assemble(lay_out(*asked(name)))


@cache
def optimum(name: str) -> Plan:
    """Return the best plan from all data."""
    return make_plan(*asked(name), seconds_max=60.0)


@cache
def dialogue(name: str) -> Dialogue:
    """Return a dialogue about it."""
    return dialogue_of(problem(name), asked(name)[1], batch=3)


@cache
def held(name: str) -> tuple[State, ...]:
    """Return the states of a dialogue after each round."""
    begin = beginning(dialogue(name))
    rounds = dialogue(name).rounds(begin.first, drafts=begin.drafts, rounds_max=ROUNDS)
    return tuple(rounds)


@cache
def plans(name: str) -> tuple[Plan, ...]:
    """Return every plan on the way."""
    return tuple(dialogue(name).plan(one) for one in held(name) if one.mixture is not None)


EVERY = pytest.mark.parametrize("name", [*NAMES, *map(str, DRAWN)])


@EVERY
def test_the_plan_is_the_best_over_all_choices_within_the_gap_that_is_proved(name: str) -> None:
    best, last = optimum(name).certificate, plans(name)[-1].certificate
    unit = problem(name).base_consumption

    assert last.value <= best.bound + ROUNDING * unit
    assert last.bound >= best.value - ROUNDING * unit
    assert best.value - last.value <= (last.gap + ROUNDING) * unit
    assert best.value - last.value <= 0.05 * unit


@EVERY
def test_every_plan_is_whole_keeps_every_rule_and_is_no_worse_than_the_one_before(
    name: str,
) -> None:
    found, unit = plans(name), problem(name).base_consumption

    assert len(found) >= ROUNDS - 1
    for plan in found:
        begun = plan.problem.value("project", plan.primal)
        np.testing.assert_array_equal(begun, np.round(begun))
        assert plan.certificate.residual <= RESIDUAL_MAX
        assert plan.certificate.fractional == 0
        assert plan.certificate.bound >= optimum(name).certificate.value - ROUNDING * unit
    values = [one.certificate.value for one in found]
    assert np.diff(values).min() >= -ROUNDING * unit
    said = [one.rounds[-1].value for one in held(name) if one.mixture is not None]
    np.testing.assert_allclose(said, values, rtol=0, atol=ROUNDING * unit)


@EVERY
def test_what_is_said_of_a_round_is_no_less_than_what_is_recomputed(name: str) -> None:
    for state, plan in zip(held(name)[-3:], plans(name)[-3:], strict=True):
        made = state.rounds[-1]
        assert state.guide is not None
        assert made.bound >= plan.certificate.bound - ROUNDING * dialogue(name).yardstick
        assert made.gap - made.loss == pytest.approx(
            (made.bound - state.guide.value) / dialogue(name).yardstick, abs=1e-9
        )


def divisible(made: Problem) -> float:
    """Return the best value where parts of projects can be built, by the simplex."""
    program = replace(made.program, integer=np.zeros_like(made.program.integer))
    answer = solve_divisible(program, engine=Engine.SIMPLEX, seconds_max=60.0)
    return float(program.reward @ answer.primal)


def test_counting_on_projects_changes_nothing_of_the_problem() -> None:
    made = problem("three-workplaces-plain")
    counted = parts_of(made).problem
    width, height = made.program.reward.size, made.program.row_lower.size

    assert counted.columns == {**made.columns, "counted": width}
    for name, block in made.rows.items():
        np.testing.assert_array_equal(counted.rows[name].rows, block.rows)
    assert counted.program.row_lower.size > height
    assert divisible(counted) == pytest.approx(divisible(made), rel=1e-9)


def test_the_cases_leave_out_no_choice_and_their_bounds_are_those_of_the_certificate() -> None:
    name = "three-workplaces-plain"
    state, talk = held(name)[-1], dialogue(name)
    parts = all_parts(talk, state)
    assert talk.projects is not None
    assert len(parts) > 1
    periods = talk.projects.can.shape[1]
    for start in range(-1, periods - 1):
        choice = np.zeros_like(talk.projects.can)
        choice[0, start] = start >= 0
        assert sum(part.holds(choice) for part in parts) == 1


def test_a_saved_plan_is_verified_over_every_choice(tmp_path: Path) -> None:
    plan = plans("three-workplaces-plain")[-1]
    assert plan.certificate.holds
    save_plan(plan, tmp_path / "plan")
    verdict = verify(tmp_path / "plan")

    assert verdict.differences == ()
    assert verdict.proved
    assert verdict.words.endswith("whatever projects it builds")


def in_folder(path: Path, rounds: int) -> Iterator[State]:
    """Hold rounds in a folder, from where it stands."""
    talk = dialogue("three-workplaces-plain")
    economy, scenario = asked("three-workplaces-plain")
    with opened(path, manifest_of(economy, scenario, {})) as folder:
        state = folder.read(talk).state
        if state is None:
            begin = beginning(talk)
            state = folder.begin(talk, talk.begin(begin.first, drafts=begin.drafts))
        while len(state.rounds) < rounds:
            state = folder.next(talk, state)
            yield state


def test_a_dialogue_that_is_taken_up_again_comes_to_the_same_plan(tmp_path: Path) -> None:
    list(in_folder(tmp_path / "one", 3))
    *_, last = in_folder(tmp_path / "one", 5)
    one = dialogue("three-workplaces-plain").plan(last)
    other = plans("three-workplaces-plain")[4]

    np.testing.assert_array_equal(one.primal, other.primal)
    np.testing.assert_array_equal(one.dual, other.dual)
    save_plan(one, tmp_path / "one" / "plan")
    assert assignments_of(tmp_path / "one", one).distances.max() <= 1e-9


def test_rounds_end_when_only_whole_projects_keep_a_gap() -> None:
    state = held("three-workplaces-plain")[-1]
    line = replace(state.rounds[-1], gap=0.02, loss=0.0195)
    idle = replace(state, rounds=(line,) * 6)

    assert left_to_projects(idle, gap=0.001)
    assert not left_to_projects(idle, gap=0.0001)
    assert not left_to_projects(replace(idle, guide=None), gap=0.001)
    falling = tuple(replace(line, gap=gap) for gap in (0.05, 0.04, 0.03, 0.025, 0.02))
    assert not left_to_projects(replace(state, rounds=falling), gap=0.001)


def test_other_indivisible_things_and_events_are_refused() -> None:
    name = "three-workplaces-plain"
    talk, parts = dialogue(name), dialogue(name).parts
    whole = parts.program.integer.copy()
    whole[parts.problem.columns["activity"]] = True
    program = replace(parts.program, integer=whole)
    odd = replace(parts, problem=replace(parts.problem, program=program))

    with pytest.raises(CounterplanError, match="only projects may be indivisible"):
        projects_of(odd, talk.centre)
    with pytest.raises(InputError, match="no plan with projects is made anew yet"):
        replanning_of(talk, held(name)[-1], asked(name)[1])
