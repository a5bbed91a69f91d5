"""Retraining: the share of the force that can change branch, and what one more place is worth."""

import numpy as np
import pytest

from counterplan.plan.mandate import LabourRules, Mandate
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import QuantityShock
from tests.plan.builders import outlook_of, problem_of, value_of
from tests.plan.growing import (
    PATCHERS,
    after,
    best,
    best_for,
    growing_economy,
    relieved,
    rows_of,
    slope,
)

INDUSTRY = 24 + 4 * PATCHERS  # people at work there in the base period: 16 x 1.5 making, 4 patching


def few_machines(**labour: object) -> Outlook:
    """Return an outlook with few imported machines: industry must grow at agriculture's cost."""
    mandate = Mandate(labour=LabourRules(**labour))
    few = QuantityShock(kind="import_limit", products=("machine",), share=0.15)
    return outlook_of(growing_economy(), periods=2, mandate=mandate, shocks=(few,))


def test_only_a_share_of_the_force_changes_branch() -> None:
    rules = LabourRules(moving_share=0.07, hours={2022: 0.9})
    problem = problem_of(growing_economy(), periods=2, mandate=Mandate(labour=rules))
    come = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    rows = rows_of(problem, "retraining")
    value = value_of(rows.expression, problem, moving=come)

    force = np.array([1.01, 0.9 * 1.01**2, 0.9 * after(lambda t: 1.01 ** (t + 1), count=2)])
    expected = 0.07 * (100 + INDUSTRY) * force - come.sum(axis=0)
    np.testing.assert_allclose(value, expected[None, :], rtol=1e-12)
    assert (rows.lower == 0).all()
    assert np.isposinf(rows.upper).all()


def test_the_limit_binds_and_its_dual_is_what_one_more_move_adds() -> None:
    given = few_machines(moving_share=0.003)
    problem = assemble(given)
    plan = best(problem).plan

    np.testing.assert_allclose(
        plan.quantity("moving").sum(axis=0)[1], 0.003 * given.force.sum(0)[1]
    )
    worth = plan.worth("retraining")[0, 1]
    assert worth > 0.05
    value = slope(lambda by: relieved(problem, "retraining", item=0, period=1, by=by))
    assert value / given.periods.weights[1] == pytest.approx(worth, rel=1e-5)


def test_places_that_are_left_are_worth_nothing() -> None:
    plan = best_for(few_machines(moving_share=0.5)).plan

    assert plan.quantity("moving").sum() > 1.0
    np.testing.assert_allclose(plan.worth("retraining"), 0.0, atol=1e-9)


def test_freer_moves_never_lower_the_value_of_the_plan() -> None:
    values = [
        best_for(few_machines(moving_share=share)).value for share in (0.001, 0.002, 0.01, 0.5)
    ]

    assert values == sorted(values)
    assert values[0] < values[-1]
