"""Directions of an interior point: what a turn changes, and that it pays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.solve import mixing
from counterplan.solve.mixing import Search, mix
from counterplan.solve.points import EVEN, FURTHER, Direction, Point, moved, reached, uneven
from tests.solve.mixtures import EXACT, mixture, wished

NONE = np.zeros(0)


def point(z: list[float], low: list[float]) -> Point:
    """Return a point of variables without upper bounds."""
    return Point(np.array(z), np.array(low), NONE, NONE, NONE, NONE)


def direction(z: list[float], low: list[float]) -> Direction:
    """Return a direction from it."""
    return Direction(np.array(z), np.array(low), NONE, NONE, NONE)


BOXED = np.zeros(0, dtype=np.int64)


def test_a_direction_can_be_gone_to_the_first_boundary() -> None:
    at, by = point([1.0, 2.0], [4.0, 1.0]), direction([-4.0, 1.0], [1.0, -2.0])
    assert reached(at, by, BOXED) == (0.25, 0.5)
    after = moved(at, by, BOXED, back_off=1.0)
    np.testing.assert_allclose(after.z, [0.0, 2.25])
    np.testing.assert_allclose(after.low, [4.5, 0.0])


def test_what_is_uneven_is_measured_a_little_farther_than_one_can_go() -> None:
    at, by = point([1.0, 2.0], [1.0, 1.0]), direction([-2.0, 0.0], [0.0, 0.0])
    low, high = uneven(at, by, BOXED, aim=1.0)
    assert high.size == 0
    beyond = (1 - 2 * (0.5 + FURTHER)) * 1.0  # of the first product: below nothing
    np.testing.assert_allclose(low, [EVEN[0] - beyond, 0.0])


def test_no_product_is_brought_down_by_more_than_is_even() -> None:
    at, by = point([1.0], [1000.0]), direction([0.0], [0.0])
    low, _ = uneven(at, by, BOXED, aim=1.0)
    np.testing.assert_allclose(low, [-EVEN[1]])


@settings(deadline=None, max_examples=20, derandomize=True)
@given(st.integers(0, 10**6))
def test_a_turn_moves_the_products_and_misses_nothing(seed: int) -> None:
    one, rng = mixture(seed), np.random.default_rng(seed)
    search = Search(one.frame, one.proposals, None)
    at = search.outset()
    curve = at.low / at.z
    curve[search.boxed] += at.high / at.room
    solver = search.factored(1 / curve)
    assert solver is not None
    low, high = rng.normal(size=at.z.size), rng.normal(size=at.room.size)
    turn = solver.direction(at, search.nothing, low, high)

    np.testing.assert_allclose(at.low * turn.z + at.z * turn.low, low, atol=1e-9)
    boxed = turn.z[search.boxed]
    np.testing.assert_allclose(at.room * turn.high - at.high * boxed, high, atol=1e-9)
    before, after = search.miss(at), search.miss(moved(at, turn, search.boxed, back_off=1e-3))
    np.testing.assert_allclose(after.rules, before.rules, atol=1e-6)
    np.testing.assert_allclose(after.ones, before.ones, atol=1e-6)
    np.testing.assert_allclose(after.costs, before.costs, atol=1e-6)


def test_turns_save_steps_and_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for turns in (0, mixing.EVENED):
        monkeypatch.setattr(mixing, "EVENED", turns)
        steps = 0
        for seed in range(30):
            one = mixture(seed)
            found = mix(one.frame, one.proposals, wished(one))
            assert found is not None
            assert one.value(found) == pytest.approx(one.best(), abs=2 * EXACT * one.size)
            steps += found.steps
        counts.append(steps)
    assert counts[1] < 0.95 * counts[0]
