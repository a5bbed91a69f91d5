"""Labelled expressions, against the same sums written out with dense arrays."""

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
