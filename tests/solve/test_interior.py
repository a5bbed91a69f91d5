"""The interior point for small programmes, against HiGHS."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.solve import kernel
from counterplan.solve.highs import solve
from counterplan.solve.interior import narrow_order, pattern_of, solve_many
from counterplan.solve.program import Engine, Outcome, Program


def drawn(seed: int) -> tuple[np.ndarray, ...]:
    """Return A, b, c, u of a programme that has a best solution."""
    rng = np.random.default_rng(seed)
    count, width = int(rng.integers(1, 9)), int(rng.integers(9, 30))
    a = rng.normal(size=(count, width)) * (rng.random((count, width)) < 0.4)
    a[np.arange(count), rng.permutation(width)[:count]] += 2.0
    u = np.where(rng.random(width) < 0.7, rng.uniform(0.1, 10, width), np.inf)
    inside = rng.uniform(0.1, 0.9, width) * np.where(np.isfinite(u), u, 3.0)
    c = rng.normal(size=width)
    c[~np.isfinite(u)] = np.abs(c[~np.isfinite(u)])
    return a, a @ inside, c, u


def by_highs(a: np.ndarray, b: np.ndarray, c: np.ndarray, u: np.ndarray) -> float:
    """Return the least cost, by the simplex of HiGHS."""
    program = Program(
        sp.csr_array(a), b, b, np.zeros(c.size), np.minimum(u, 1e6), -c, np.zeros(c.size, bool)
    )
    answer = solve(program, engine=Engine.SIMPLEX)
    assert answer.outcome is Outcome.SOLVED
    return float(c @ answer.primal)


def ours(a: np.ndarray, b: np.ndarray, c: np.ndarray, u: np.ndarray, **more: Any) -> Any:
    """Solve one programme, rows in the narrow order; return z, y and the iterations."""
    rows, columns = (place.astype(np.int64) for place in np.nonzero(a))
    order = narrow_order(rows, columns, count=b.size)
    place = np.argsort(order)
    z, y, taken = solve_many(
        pattern_of(place[rows], columns),
        coefficients=a[rows, columns][None],
        sides=b[order][None],
        costs=c[None],
        upper=u[None],
        tolerance=1e-9,
        **more,
    )
    return z[0], y[0][place], int(taken[0])


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**6))
def test_the_cost_is_the_least(seed: int) -> None:
    a, b, c, u = drawn(seed)
    z, _, taken = ours(a, b, c, u)

    assert taken > 0
    assert np.abs(a @ z - b).max() <= 1e-7 * (1 + np.abs(b).max())
    assert (z >= 0).all()
    assert (z <= u).all()
    assert float(c @ z) == pytest.approx(by_highs(a, b, c, u), rel=1e-6, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_the_duals_prove_it(seed: int) -> None:
    a, b, c, u = drawn(seed)
    z, y, _ = ours(a, b, c, u)
    reduced = c - a.T @ y
    closed = np.isfinite(u)
    bound = b @ y + np.minimum(reduced[closed] * u[closed], 0.0).sum()

    assert (reduced[~closed] >= -1e-6).all()
    assert bound == pytest.approx(float(c @ z), rel=1e-5, abs=1e-5)


def test_a_row_that_says_what_others_say_does_no_harm() -> None:
    a = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [2.0, 1.0, 1.0]])
    z, _, taken = ours(a, np.array([1.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0]), np.full(3, 3.0))

    assert taken > 0
    assert z == pytest.approx([1.0, 0.0, 0.0], abs=1e-7)


def test_programmes_of_one_pattern_are_solved_each_by_itself() -> None:
    rows, columns = np.array([0, 0]), np.array([0, 1])
    z, _, taken = solve_many(
        pattern_of(rows, columns),
        coefficients=np.array([[1.0, 1.0], [1.0, 2.0]]),
        sides=np.array([[1.0], [1.0]]),
        costs=np.array([[1.0, 2.0], [3.0, 1.0]]),
        upper=np.array([[5.0, 5.0], [5.0, 5.0]]),
        tolerance=1e-9,
    )

    assert (taken > 0).all()
    assert z == pytest.approx(np.array([[1.0, 0.0], [0.0, 0.5]]), abs=1e-7)


def test_what_is_not_done_in_time_is_said() -> None:
    _, _, taken = ours(*drawn(3), iterations_max=2)

    assert taken == -1


def test_the_loops_do_the_same_without_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c, u = drawn(11)
    compiled, dual, taken = ours(a, b, c, u)
    for name in dir(kernel):
        plain = getattr(getattr(kernel, name), "py_func", None)
        if plain is not None:
            monkeypatch.setattr(kernel, name, plain)
    read, read_dual, read_taken = ours(a, b, c, u)

    assert read_taken == taken
    np.testing.assert_allclose(read, compiled, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(read_dual, dual, rtol=1e-7, atol=1e-9)
