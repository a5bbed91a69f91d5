"""Tidied courses keep their producers' own rules to rounding, and change nothing else."""

import numpy as np
import pytest

from counterplan.dialogue.parts import Parts, parts_of
from counterplan.dialogue.tidy import TRADE, tidied, tidied_trade
from counterplan.dialogue.workplaces import workplaces_of
from counterplan.economy.economy import Floats
from counterplan.plan.certificate import violations
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from tests.dialogue.strategies import case_of
from tests.plan.builders import problem_of
from tests.plan.growing import growing_economy

SEEDS = (6, 36, 45, 49)  # engines leave the most there: producers whose capacity cannot be used


def own_residual(parts: Parts, course: Floats) -> float:
    """Return the worst relative violation of any producer's own rule."""
    violation, scale = violations(parts.problem, course)
    return float((violation / scale)[~parts.shared].max())


def raw_courses(parts: Parts, seed: int) -> Floats:
    """Return what the engine says at random rewards."""
    reward = parts.program.reward * np.random.default_rng(seed).uniform(0, 2, parts.columns.size)
    shift = np.random.default_rng(seed + 1).normal(size=parts.columns.size)
    wanted = np.where(parts.own, reward + 0.1 * shift, 0.0)
    return workplaces_of(parts).own.solve(wanted)[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tidied_course_keeps_every_rule_of_its_producers_and_stays_where_it_was(
    seed: int,
) -> None:
    case = case_of(seed)
    parts = parts_of(assemble(lay_out(case.economy, case.scenario)))
    raw = raw_courses(parts, seed)
    course = tidied(parts, raw)

    assert own_residual(parts, course) <= 1e-12 < own_residual(parts, np.where(parts.own, raw, 0))
    assert (course >= parts.program.lower)[parts.own].all()
    for name in ("activity", "investment", "capacity"):
        one, other = (parts.problem.value(name, values) for values in (course, raw))
        np.testing.assert_allclose(one, other, atol=1e-7 * np.abs(other).max())
    assert not course[~parts.own].any()


def test_tidying_twice_changes_nothing_more() -> None:
    parts = parts_of(problem_of(growing_economy()))
    once = tidied(parts, raw_courses(parts, 1))

    np.testing.assert_allclose(tidied(parts, once), once, rtol=1e-12, atol=1e-12)


def test_capacity_that_another_shares_is_for_the_centre_to_limit() -> None:
    problem = problem_of(growing_economy())  # patching needs the works' shop
    parts = parts_of(problem)
    course = np.zeros(parts.columns.size)
    first = problem.columns["activity"]
    course[first : first + 3] = (50.0, 500.0, 70.0)  # farming, making, patching in the first period
    kept = problem.value("activity", tidied(parts, course))[:, 0]

    assert kept.tolist() == [50.0, 500.0, 70.0]


def test_trade_that_an_engine_left_a_little_wrong_keeps_its_rules_to_rounding() -> None:
    problem = problem_of(growing_economy())
    parts = parts_of(problem)
    random = np.random.default_rng(3)
    rows = np.concatenate([problem.rows[family].rows.ravel() for family, _, _ in TRADE])
    plan = random.uniform(0, 0.1, parts.columns.size) * problem.program.upper
    course = tidied_trade(parts, plan)
    missing = (problem.program.matrix @ course - problem.program.row_lower)[rows[rows >= 0]]

    np.testing.assert_allclose(missing, 0.0, atol=1e-9)
    bands = np.zeros(parts.columns.size, dtype=bool)
    for _, up, down in TRADE:
        for name in (up, down):
            first = problem.columns[name]
            bands[first : first + problem.variables.blocks[name].size] = True
    np.testing.assert_array_equal(course[~bands], plan[~bands])
    assert (course >= 0).all()
    assert (course <= problem.program.upper * (1 + 1e-12)).all()
