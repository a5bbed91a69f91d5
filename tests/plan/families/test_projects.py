"""Projects: costs over time and openings by hand; the best choice against all choices."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.economy import Economy, Projects
from counterplan.plan.families.projects import opened, project_use
from counterplan.plan.family import Family, Variables, own_family
from counterplan.plan.linear import Block, Rows, at_least
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import Problem
from counterplan.solve.highs import solve
from counterplan.solve.program import Outcome, Program
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy, value_of
from tests.plan.relief import (
    SECONDS_MAX,
    best_value,
    is_possible,
    left_over,
    plan_for,
    rows_of,
    three_workplaces,
)

BETA = 0.96
NEVER = None


def polder_and_hall() -> Economy:
    """Return the two-branch economy short of land, with two projects.

    The polder takes 4 machines at once, 6 a year later and 1 when it opens after two years with
    12 units of land; the hall takes 2 machines and 1 t of corn and gives 5 units of shop at once
    the year after. People enough stand ready.
    """
    economy = changed(two_branch_economy(), "labour", force=np.array([155.0]))
    return replace(
        economy,
        projects=Projects(
            codes=("polder", "hall"),
            names=("Polder", "Hall"),
            cost=(((1, 0, 4.0), (1, 1, 6.0), (1, 2, 1.0)), ((1, 0, 2.0), (0, 0, 1.0))),
            capital=np.array([0, 1]),
            capacity=np.array([12.0, 5.0]),
            lag=np.array([2, 1]),
        ),
    )


def start(polder: int | None, hall: int | None, *, periods: int) -> np.ndarray:
    """Return the variable ``project`` for two starting years, counted from the first."""
    chosen = np.zeros((2, periods + 1))
    for row, year in enumerate((polder, hall)):
        if year is not NEVER:
            chosen[row, year] = 1.0
    return chosen


def test_a_project_takes_products_over_its_years_and_opens_when_it_is_done() -> None:
    problem = problem_of(polder_and_hall(), periods=4)
    given, plan = problem.outlook, problem.variables
    chosen = start(1, 0, periods=4)

    used = value_of(project_use(given, plan), problem, project=chosen)
    gives = value_of(opened(given, plan), problem, project=chosen)

    assert used[0] == pytest.approx([1.0, 0.0, 0.0, 0.0, 0.0])
    assert used[1] == pytest.approx([2.0, 4.0, 6.0, 1.0, 0.0])
    assert gives[0] == pytest.approx([0.0, 0.0, 0.0, 12.0, 0.0])
    assert gives[1] == pytest.approx([0.0, 5.0, 0.0, 0.0, 0.0])


def test_what_is_left_to_pay_and_to_open_after_the_horizon_is_in_the_tail() -> None:
    problem = problem_of(polder_and_hall(), periods=2)
    given, plan = problem.outlook, problem.variables
    chosen = start(1, 1, periods=2)

    used = value_of(project_use(given, plan), problem, project=chosen)
    gives = value_of(opened(given, plan), problem, project=chosen)

    # The first year after weighs 1 - b = 0.04 of the tail, the second 0.04 x 0.96.
    assert used[1] == pytest.approx([0.0, 4.0 + 2.0, 0.04 * (6.0 + BETA * 1.0)])
    assert gives[0] == pytest.approx([0.0, 0.0, 0.04 * BETA * 12.0])
    assert gives[1] == pytest.approx([0.0, 0.0, 0.04 * 5.0])


def test_a_project_is_started_once_and_not_after_the_horizon() -> None:
    problem = problem_of(polder_and_hall(), periods=3)

    twice = left_over(problem, "projects", project=np.array([[1.0, 0.0, 1.0, 0.0]] * 2))
    rows = rows_of(problem, "projects")
    block = problem.variables.blocks["project"]

    assert twice[:, 0] == pytest.approx([-1.0, -1.0])
    assert rows.keep.tolist() == [[True, False, False, False]] * 2
    assert block.integer
    assert block.upper.tolist() == [[1.0, 1.0, 1.0, 0.0]] * 2


def fixed_at(problem: Problem, chosen: np.ndarray) -> Program:
    """Return the programme with the choice of projects made."""
    program = problem.program
    first = problem.columns["project"]
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[first : first + chosen.size] = chosen.T.ravel()
    upper[first : first + chosen.size] = chosen.T.ravel()
    return replace(program, lower=lower, upper=upper, integer=np.zeros_like(program.integer))


def test_the_best_choice_is_the_best_of_all_choices() -> None:
    periods = 4
    outlook = outlook_of(polder_and_hall(), periods=periods)
    plan = plan_for(outlook)
    years = (*range(periods), NEVER)

    values = {
        (polder, hall): best_value(fixed_at(plan.problem, start(polder, hall, periods=periods)))
        for polder, hall in product(years, years)
    }
    best = max(values, key=lambda choice: values[choice])
    chosen = plan.quantity("project")

    assert best != (NEVER, NEVER)
    assert np.round(chosen) == pytest.approx(start(*best, periods=periods))
    assert plan.certificate.value == pytest.approx(values[best], abs=1e-4)
    # The choice matters: the runner-up is worse by more than any tolerance.
    assert sorted(values.values())[-2] < values[best] - 1e-3


def test_a_plan_with_a_project_of_more_than_ten_times_what_there_is_is_found() -> None:
    # 3,000 units of land beside the 100 there are; they wear out by a tenth a year.
    economy = polder_and_hall()
    economy = changed(economy, "projects", capacity=np.array([3000.0, 5.0]))
    problem = problem_of(economy, periods=4)

    assert is_possible(fixed_at(problem, start(0, NEVER, periods=4)))


def test_a_plan_with_projects_has_the_proof_of_branch_and_bound_and_valuations() -> None:
    plan = plan_for(outlook_of(polder_and_hall(), periods=3))

    assert plan.certificate.fractional <= 1e-9
    assert plan.making.engine.startswith("branch and bound")
    assert plan.certificate.bound >= plan.certificate.value - 1e-5
    assert np.all(plan.worth("product_balance") > 0)
    # A choice that is made has no price at the margin: nothing stands there that means nothing.
    assert plan.worth("projects")[:, 0] == pytest.approx([0.0, 0.0])


def test_the_canal_of_three_workplaces_costs_forty_sets_of_tools_and_opens_after_two_years() -> (
    None
):
    problem = problem_of(three_workplaces(), first=2, periods=3)
    chosen = np.array([[1.0, 0.0, 0.0, 0.0]])

    tools = value_of(project_use(problem.outlook, problem.variables), problem, project=chosen)[4]
    fields = value_of(opened(problem.outlook, problem.variables), problem, project=chosen)[0]

    assert tools == pytest.approx([20.0, 20.0, 0.0, 0.0])
    assert fields == pytest.approx([0.0, 0.0, 200.0, 0.0])


# ---- Stockco: Winston, Operations Research: Applications and Algorithms, section 9.2 -----------
# Four investments worth 16, 22, 12 and 8 (thousand dollars) cost 5, 7, 4 and 3; 14 can be spent.
# The published optimum is 42: all but the first.
WORTH, PRICE, BUDGET = (16.0, 22.0, 12.0, 8.0), (5.0, 7.0, 4.0, 3.0), 14.0


def test_stockco_by_branch_and_bound() -> None:
    program = Program(
        matrix=sp.csr_array(np.array([PRICE])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([BUDGET]),
        lower=np.zeros(4),
        upper=np.ones(4),
        reward=np.array(WORTH),
        integer=np.ones(4, dtype=bool),
    )

    answer = solve(program, seconds_max=SECONDS_MAX)

    assert answer.outcome is Outcome.SOLVED
    assert answer.primal == pytest.approx([0.0, 1.0, 1.0, 1.0], abs=1e-6)
    assert answer.bound == pytest.approx(42.0)


def gains(given: Outlook) -> Block:
    """What the chosen investments are worth."""
    upper = np.zeros((1, len(given.periods)))
    upper[0, 0] = 100.0
    return Block(
        name="gains",
        unit="thousand dollars",
        dimension="whole",
        items=("gains",),
        lower=0 * upper,
        upper=upper,
        reward=(upper > 0).astype(float),
    )


def stockco() -> tuple[Family, Family]:
    def earned(given: Outlook, plan: Variables) -> Rows:
        """Gains are those of the investments made."""
        worth = np.array([WORTH]) @ plan.project
        return at_least(worth, plan.gains, items=("gains",), dimension="whole")

    def budget(given: Outlook, plan: Variables) -> Rows:
        """No more is spent than there is."""
        spent = np.array([PRICE]) @ plan.project
        return at_least(-spent + BUDGET, 0.0, items=("budget",), dimension="whole")

    return (
        own_family(earned, dual="a thousand dollars", unit="thousand dollars", variables=(gains,)),
        own_family(budget, dual="a thousand dollars", unit="thousand dollars"),
    )


def test_stockco_is_planned_as_the_textbook_says() -> None:
    # Beside the two branches, whose plan is the same with and without the four investments.
    alone = two_branch_economy()
    none = np.zeros(4)
    investments = Projects(
        codes=("one", "two", "three", "four"),
        names=("One", "Two", "Three", "Four"),
        cost=((), (), (), ()),
        capital=none.astype(np.int64),
        capacity=none,
        lag=np.ones(4, dtype=np.int64),
    )

    plan = plan_for(outlook_of(replace(alone, projects=investments), periods=1), extra=stockco())
    without = plan_for(outlook_of(alone, periods=1))

    assert plan.quantity("project")[:, 0] == pytest.approx([0.0, 1.0, 1.0, 1.0], abs=1e-6)
    assert plan.certificate.value - without.certificate.value == pytest.approx(42.0, abs=1e-4)
