"""Whose each variable and rule is."""

import numpy as np

from counterplan.dialogue.parts import CENTRE, parts_of
from tests.plan.builders import problem_of, two_branch_economy
from tests.plan.growing import growing_economy

OWN = {"activity", "capacity", "investment"} | {
    f"{what}_{way}" for what in ("output", "investment") for way in ("up", "down")
}
OWN_RULES = {"capacity", "capital_accumulation", "output_change", "investment_change"}


def test_a_producer_owns_its_techniques_its_capital_and_the_costs_of_changing_them() -> None:
    problem = problem_of(two_branch_economy())
    parts = parts_of(problem)

    for name, block in problem.variables.blocks.items():
        first = problem.columns[name]
        if not block.size:
            continue
        owners = parts.columns[first : first + block.size]
        assert (owners != CENTRE).all() == (name in OWN), name
    technique = problem.outlook.economy.techniques.producer
    activity = problem.value("activity", parts.columns.astype(float))
    assert (activity == technique[:, None]).all()


def test_a_rule_of_one_producer_is_its_own_and_every_other_is_shared() -> None:
    problem = problem_of(two_branch_economy())
    parts = parts_of(problem)

    for name, block in problem.rows.items():
        rows = block.rows[block.rows >= 0]
        if rows.size:
            assert (parts.rows[rows] != CENTRE).all() == (name in OWN_RULES), name


def test_no_rule_of_a_producer_speaks_of_anothers_variables() -> None:
    parts = parts_of(problem_of(two_branch_economy()))
    entries = parts.program.matrix.tocoo()
    row, column = entries.coords
    own = parts.rows[row] != CENTRE

    np.testing.assert_array_equal(parts.rows[row][own], parts.columns[column][own])


def test_capital_that_anothers_technique_needs_is_shared() -> None:
    problem = problem_of(growing_economy())  # patching needs the works' shop
    rows = parts_of(problem).rows[problem.rows["capacity"].rows]

    assert (rows == CENTRE).all(axis=1).tolist() == [False, True]
