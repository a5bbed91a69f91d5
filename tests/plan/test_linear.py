"""Labelled expressions, against the same sums written out with dense arrays."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.errors import CounterplanError
from counterplan.plan.family import Variables
from counterplan.plan.linear import (
    Block,
    Expression,
    at_least,
    at_most,
    equal,
    fixed,
    of_block,
)
from counterplan.plan.periods import Periods
from counterplan.plan.problem import first_columns, flatten
from counterplan.solve.program import Program
from tests.plan.relief import best_value

PERIODS = Periods(first=2021, count=3, base=2020, beta=0.9, growth=0.02)
COUNT = len(PERIODS)


def block(name: str, items: int) -> Block:
    shape = (items, COUNT)
    return Block(
        name=name,
        unit="units",
        dimension="item",
        items=tuple(f"{name}{i}" for i in range(items)),
        lower=np.zeros(shape),
        upper=np.ones(shape),
        reward=np.zeros(shape),
    )


def value(expression: Expression, **values: np.ndarray) -> np.ndarray:
    """Evaluate an expression, item by item and period by period, from its matrices."""
    total = expression.constant.copy()
    for name, matrix in expression.blocks.items():
        dense = sp.csr_array(matrix).toarray()
        items = expression.items
        for t in range(COUNT):
            for i in range(items):
                flat = values[name].T.ravel()  # item i of period t stands at t * items + i
                total[i, t] += dense[t * items + i] @ flat
    return total


RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(3, COUNT)), RNG.normal(size=(2, COUNT))
PLAN = Variables([block("x", 3), block("y", 2)], PERIODS)
MATRIX = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
BY_PERIOD = np.array([1.0, 10.0, 100.0, 1000.0])
BY_ITEM = np.array([[2.0], [3.0], [5.0]])

CASES: dict[str, tuple[Any, np.ndarray]] = {
    "itself": (PLAN.x, X),
    "negative": (-PLAN.x, -X),
    "sum with itself": (PLAN.x + PLAN.x, 2 * X),
    "number added": (PLAN.x + 1.5, X + 1.5),
    "number first": (1.5 + PLAN.x, X + 1.5),
    "array added": (PLAN.x + BY_ITEM, X + BY_ITEM),
    "number less": (2.0 - PLAN.x, 2.0 - X),
    "array less": (BY_ITEM - PLAN.x, BY_ITEM - X),
    "less a number": (PLAN.x - BY_ITEM, X - BY_ITEM),
    "times a number": (PLAN.x * 3.0, 3.0 * X),
    "times by period": (PLAN.x * BY_PERIOD, X * BY_PERIOD),
    "times by item": (BY_ITEM * PLAN.x, BY_ITEM * X),
    "times by both": (PLAN.x * (BY_ITEM * BY_PERIOD), X * BY_ITEM * BY_PERIOD),
    "array in front": (BY_PERIOD * PLAN.x, X * BY_PERIOD),
    "matrix": (MATRIX @ PLAN.x, MATRIX @ X),
    "sparse matrix": (sp.csr_array(MATRIX) @ PLAN.x, MATRIX @ X),
    "matrix by name": (PLAN.x.through(sp.csr_array(MATRIX)), MATRIX @ X),
    "matrix of a sum": (MATRIX @ (PLAN.x + 2.0), MATRIX @ (X + 2.0)),
    "two variables": (MATRIX @ PLAN.x - PLAN.y * BY_PERIOD, MATRIX @ X - Y * BY_PERIOD),
    "sum over items": (PLAN.x.total(), X.sum(axis=0, keepdims=True)),
    "some items": (PLAN.x.within(np.array([2, 0])), X[[2, 0]]),
    "constant": (fixed(X, PERIODS) + PLAN.x, 2 * X),
    "scaled after adding": ((PLAN.x + 1.0) * BY_PERIOD, (X + 1.0) * BY_PERIOD),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_expressions_are_the_sums_they_look_like(name: str) -> None:
    expression, expected = CASES[name]

    assert value(expression, x=X, y=Y) == pytest.approx(expected)
    assert expression.items == len(expected)


@settings(deadline=None, max_examples=80)
@given(
    count=st.integers(1, 6),
    steps=st.integers(1, 4),
    beta=st.floats(0.5, 0.96),
    growth=st.floats(-0.05, 0.02),
    seed=st.integers(0, 10_000),
)
def test_the_lag_shifts_a_path_and_its_tail_is_that_of_the_shifted_years(
    count: int, steps: int, beta: float, growth: float, seed: int
) -> None:
    # A path for every year from before the plan to years after: the operator must give the tail
    # of the shifted path from nothing but the planned years and the tail of the path itself.
    p = Periods(first=2021, count=count, base=2020, beta=beta, growth=growth)
    years = 900
    rng = np.random.default_rng(seed)
    path = rng.normal(size=(2, steps + count + years))
    weights = (1 - p.b) * p.beta ** np.arange(years)

    def with_tail(shift: int) -> np.ndarray:
        """Return the planned years and the tail of the path ``shift`` years earlier."""
        at = steps - shift
        tail = path[:, at + count : at + count + years] @ weights
        return np.column_stack([path[:, at : at + count], tail])

    x = of_block(two_items(p), p)
    late = x.lag(path[:, :steps], steps=steps)
    flat = with_tail(0).T.ravel()
    found = (late.blocks["x"] @ flat).reshape(-1, 2).T + late.constant

    assert found == pytest.approx(with_tail(steps), rel=1e-6, abs=1e-6)


def two_items(p: Periods) -> Block:
    shape = (2, len(p))
    zeros = np.zeros(shape)
    return Block("x", "units", "item", ("a", "b"), zeros, zeros + 1, zeros)


def test_the_lag_of_a_sum_shifts_its_constant_too() -> None:
    # (x + 1) a year earlier, where 7 stood before the plan.
    late = (PLAN.x + 1.0).lag(np.full((3, 1), 7.0))

    constant = late.constant[0]

    assert constant == pytest.approx([7.0, 1.0, 1.0, (1 - 0.918) + 0.9])


@pytest.mark.parametrize(
    ("make", "sign", "highest"), [(at_least, 1, np.inf), (at_most, -1, np.inf), (equal, 1, 0.0)]
)
def test_rows_say_which_side_is_larger(make: Any, sign: int, highest: float) -> None:
    rows = make(PLAN.y, MATRIX @ PLAN.x + 1.0, items=("a", "b"), dimension="item")

    assert value(rows.expression, x=X, y=Y) == pytest.approx(sign * (Y - MATRIX @ X - 1.0))
    assert np.all(rows.lower == 0)
    assert np.all(rows.upper == highest)


@pytest.mark.parametrize("make", [at_least, at_most, equal])
def test_rows_may_compare_with_numbers(make: Any) -> None:
    rows = make(PLAN.y, np.array([[2.0], [4.0]]), items=("a", "b"), dimension="item")

    difference = Y - np.array([[2.0], [4.0]])
    assert np.abs(value(rows.expression, x=X, y=Y)) == pytest.approx(np.abs(difference))


def test_rows_that_say_nothing_are_marked() -> None:
    keep = np.array([[True] * COUNT, [False] * COUNT])
    rows = at_least(PLAN.y, 0.0, items=("a", "b"), dimension="item")

    assert rows.keep is None
    assert np.array_equal(rows.only(keep).keep, keep)


def test_variables_are_found_by_name() -> None:
    assert PLAN.items("y") == ("y0", "y1")
    assert block("x", 3).size == 3 * COUNT
    with pytest.raises(AttributeError, match="no variable named 'z'"):
        _ = PLAN.z


def test_a_variable_has_one_maker() -> None:
    with pytest.raises(CounterplanError, match="two families bring in a variable named 'x'"):
        Variables([block("x", 1), block("x", 2)], PERIODS)


# ---- Economic planning: Williams, Model Building in Mathematical Programming (5th ed., 2013) -----
# Coal, steel and transport for five years, a dynamic input-output model. What is used in a year
# gives output in the next and capacity in the year after that. The published optima are total
# capacity 2142, production 2619 in years 4 and 5 (without outside demand) and manpower 2450
# (without its limit); "Economic Planning" in SAS/OR: Mathematical Programming Examples prints
# more digits of them.
INPUTS = np.array([[0.1, 0.5, 0.4], [0.1, 0.1, 0.2], [0.2, 0.1, 0.2]])
BUILDING = np.array([[0.0, 0.7, 0.9], [0.1, 0.1, 0.2], [0.2, 0.1, 0.2]])
PEOPLE, BUILDERS = np.array([[0.6, 0.3, 0.2]]), np.array([[0.4, 0.2, 0.1]])
CAPACITY, STOCK = np.array([300.0, 350.0, 280.0]), np.array([150.0, 80.0, 100.0])
DEMAND = np.array([60.0, 60.0, 30.0])
LAST = 5  # inputs of years 0 to 5; what stands in year 5 goes on as if for ever


def decided(name: str, periods: Periods, *, least: float | np.ndarray = 0.0) -> Block:
    """Return a variable for three industries: at least so much in the last year, none after."""
    lower, upper = np.zeros((3, len(periods))), np.full((3, len(periods)), 1e5)
    lower[:, LAST] = least
    upper[:, -1] = 0.0
    if name == "building":
        upper[:, LAST - 1 :] = 0.0
    return Block(
        name, "million pounds", "industry", ("coal", "steel", "transport"), lower, upper, 0 * lower
    )


def economic_planning(*, demand: float, people: float) -> tuple[Program, dict[str, int]]:
    """Return the model's programme, without anything to be gained, and where variables begin."""
    periods = Periods(first=2020, count=LAST + 1, base=2020, beta=0.9, growth=0.0)
    for_ever = np.linalg.solve(np.eye(3) - INPUTS, DEMAND)
    blocks = [
        decided("using", periods, least=for_ever),  # inputs for the next year's output
        decided("building", periods),
        decided("kept", periods),
        decided("capacity", periods),
    ]
    plan = Variables(blocks, periods)
    names = ("coal", "steel", "transport")
    wanted = demand * np.array([[0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]]) * DEMAND[:, None]
    none = np.zeros((3, 1))
    made = plan.using.lag(none) + plan.kept.lag(STOCK[:, None]) - plan.kept
    work = PEOPLE @ plan.using + BUILDERS @ plan.building
    standing = plan.capacity.lag(CAPACITY[:, None]) + plan.building.lag(none)
    rules = [
        equal(
            made,
            INPUTS @ plan.using + BUILDING @ plan.building + wanted,
            items=names,
            dimension="i",
        ),
        equal(plan.capacity, standing, items=names, dimension="i"),
        at_most(plan.using, plan.capacity, items=names, dimension="i"),
        at_most(work, people, items=("all",), dimension="whole"),
    ]
    columns, width = first_columns(plan)
    years = np.arange(len(periods)) <= LAST
    pieces = [
        flatten(rule.only(np.broadcast_to(years, rule.lower.shape)), columns, width)
        for rule in rules
    ]
    program = Program(
        matrix=sp.vstack([piece[0] for piece in pieces], format="csr"),
        row_lower=np.concatenate([piece[1] for piece in pieces]),
        row_upper=np.concatenate([piece[2] for piece in pieces]),
        lower=np.concatenate([b.lower.T.ravel() for b in blocks]),
        upper=np.concatenate([b.upper.T.ravel() for b in blocks]),
        reward=np.zeros(width),
        integer=np.zeros(width, dtype=bool),
    )
    return program, columns


def gained(
    columns: dict[str, int], what: dict[str, dict[int, np.ndarray]], width: int
) -> np.ndarray:
    """Return the reward of each column, from variable and year."""
    reward = np.zeros(width)
    for name, years in what.items():
        for year, per_industry in years.items():
            start = columns[name] + 3 * year
            reward[start : start + 3] = per_industry
    return reward


ONES = np.ones(3)
AIMS = {
    "capacity of year 5": (1.0, 470.0, {"capacity": {4: ONES}}, 2141.8751966),
    "production of years 4 and 5": (0.0, 470.0, {"using": {3: ONES, 4: ONES}}, 2618.5791147),
    "manpower": (
        1.0,
        1e5,
        {
            "using": dict.fromkeys(range(1, 6), PEOPLE[0]),
            "building": dict.fromkeys(range(1, 6), BUILDERS[0]),
        },
        2450.0266228,
    ),
}


@pytest.mark.parametrize("aim", sorted(AIMS))
def test_the_textbooks_economic_plan_is_found(aim: str) -> None:
    demand, people, what, published = AIMS[aim]
    program, columns = economic_planning(demand=demand, people=people)
    program = replace(program, reward=gained(columns, what, program.reward.size))

    assert best_value(program) == pytest.approx(published, abs=1e-5)
