"""How far a variable stands outside its bounds, where its box is all but empty."""

from dataclasses import replace

import pytest

from counterplan.plan.certificate import RESIDUAL_MAX, SMALL_ROW, bound_violation
from tests.plan.builders import problem_of, two_branch_economy


def test_a_plan_that_stands_a_hair_outside_a_box_that_is_all_but_empty_is_found() -> None:
    # Exports of machines could be a millionth of a millionth of those of corn. Two of that is
    # nothing that a solver, or anybody, could tell from one.
    problem = problem_of(two_branch_economy())
    column = problem.columns["exports"]
    largest = problem.program.upper[column : column + 8].max()
    upper, primal = problem.program.upper.copy(), problem.program.lower.copy()
    upper[column + 1] = 1e-12 * largest
    primal[column + 1] = 2e-12 * largest
    narrow = replace(problem, program=replace(problem.program, upper=upper))

    assert largest > 0
    assert bound_violation(narrow, primal) == pytest.approx(1e-12 / SMALL_ROW)
    assert bound_violation(narrow, primal) <= 10 * RESIDUAL_MAX


def test_what_stands_further_outside_such_a_box_is_seen() -> None:
    problem = problem_of(two_branch_economy())
    column = problem.columns["exports"]
    upper, primal = problem.program.upper.copy(), problem.program.lower.copy()
    largest = upper[column : column + 8].max()
    upper[column + 1] = 1e-12 * largest
    primal[column + 1] = 1e-6 * largest
    narrow = replace(problem, program=replace(problem.program, upper=upper))

    assert bound_violation(narrow, primal) == pytest.approx(1.0, rel=1e-5)
