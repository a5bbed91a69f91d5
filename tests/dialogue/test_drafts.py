"""Who can follow a draft: those whose own rules and limits it keeps."""

import numpy as np

from counterplan.dialogue.drafts import Draft, as_before, followed
from counterplan.dialogue.parts import parts_of
from counterplan.economy.split import split_producers
from tests.plan.builders import problem_of, two_branch_economy


def test_everybody_can_go_on_as_before() -> None:
    parts = parts_of(problem_of(two_branch_economy()))
    course, able = followed(parts, as_before(parts.problem))

    assert able.all()
    activity = parts.problem.value("activity", course)
    np.testing.assert_allclose(activity, np.array([[100.0], [20.0]]) * np.ones((1, 4)), rtol=1e-12)


def test_a_producer_that_would_break_a_rule_of_its_own_cannot_follow() -> None:
    """Two per cent more corn than the land carries: within every limit, against one rule."""
    parts = parts_of(problem_of(split_producers(two_branch_economy(), producers=9, seed=1)))
    before = as_before(parts.problem)
    more = before.activity.copy()
    more[0, 0] = 1.02
    course, able = followed(parts, Draft(more, before.investment))
    economy, program = parts.problem.outlook.economy, parts.program
    own = parts.own
    farm = np.array([branch == "agriculture" for branch in economy.producers.branches])

    assert (course[own] <= program.upper[own] * (1 + 1e-12)).all()
    assert (course[own] >= program.lower[own] - 1e-12).all()
    np.testing.assert_array_equal(able, ~farm)


def test_a_producer_that_would_go_beyond_a_limit_cannot_follow() -> None:
    """With half the output there is capacity to spare: no rule forbids to sell a little of it."""
    parts = parts_of(problem_of(two_branch_economy()))
    before = as_before(parts.problem)
    activity, investment = before.activity.copy(), before.investment.copy()
    activity[1], investment[1, 1] = 0.5, -0.01
    course, able = followed(parts, Draft(activity, investment))
    own_rules = parts.rows == 1
    left, program = parts.program.matrix @ course, parts.program

    assert (left >= program.row_lower - 1e-9)[own_rules].all()
    assert (left <= program.row_upper + 1e-9)[own_rules].all()
    assert able.tolist() == [True, False]
