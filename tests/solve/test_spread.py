"""The spread of proposals around their block's mean, against NumPy."""

import numpy as np
import pytest

from counterplan.solve.spread import spread


@pytest.mark.parametrize("seed", range(5))
def test_the_spread_is_that_of_the_formula(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 5, size=6)
    first = np.concatenate([[0], np.cumsum(counts)])
    shares = np.asfortranarray(rng.normal(size=(4, first[-1])))
    width = rng.lognormal(0.0, 4.0, first[-1])
    around = np.full((4, first[-1]), np.nan, order="F")
    means, totals = np.full((4, 6), np.nan, order="F"), np.full(6, np.nan)
    spread(shares, first, width, around, means, totals)

    for s in range(6):
        own = slice(first[s], first[s + 1])
        mean = np.average(shares[:, own], axis=1, weights=width[own])
        np.testing.assert_allclose(totals[s], width[own].sum(), rtol=1e-14)
        np.testing.assert_allclose(means[:, s], mean, rtol=1e-12, atol=1e-12)
        expected = (shares[:, own] - mean[:, None]) * np.sqrt(width[own])
        np.testing.assert_allclose(around[:, own], expected, rtol=1e-9, atol=1e-12)


def test_a_block_of_one_does_not_spread() -> None:
    shares = np.asfortranarray([[3.0], [-7.0]])
    around, means, totals = (np.empty((2, 1), order="F") for _ in range(3))
    spread(shares, np.array([0, 1]), np.array([0.37]), around, means, totals[0])

    assert around.ravel().tolist() == [0.0, 0.0]
    assert means.ravel().tolist() == [3.0, -7.0]


def test_the_spread_makes_the_matrix_that_is_left_of_the_rule_of_ones() -> None:
    rng = np.random.default_rng(2)
    shares, width = np.asfortranarray(rng.normal(size=(3, 5))), rng.uniform(1, 9, 5)
    around, means, totals = np.empty((3, 5), order="F"), np.empty((3, 1), order="F"), np.empty(1)
    spread(shares, np.array([0, 5]), width, around, means, totals)
    rules = np.vstack([shares, np.ones(5)])
    whole = rules * width @ rules.T  # with the rule that weights add up to one as its last row
    left = whole[:3, :3] - np.outer(whole[:3, 3], whole[3, :3]) / whole[3, 3]

    np.testing.assert_allclose(around @ around.T, left, rtol=1e-10, atol=1e-10)
