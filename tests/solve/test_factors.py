"""Factors of a sparse matrix with a dense block, against NumPy's dense solution."""

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.solve.factors import factors_of


def drawn(seed: int, *, dense: int) -> tuple[np.ndarray, ...]:
    """Return M [8 x 8] that is definite, B, and which rows are dense and which are not."""
    rng = np.random.default_rng(seed)
    part = rng.normal(size=(8, 12)) * (rng.random((8, 12)) < 0.4)
    matrix = part @ part.T + 0.1 * np.eye(8)
    own = rng.normal(size=(dense, dense + 2))
    order = rng.permutation(8)
    return matrix, own @ own.T, np.sort(order[:dense]), np.sort(order[dense:])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dense", [1, 3, 7, 8])
def test_the_solution_is_that_of_the_dense_matrix(seed: int, dense: int) -> None:
    matrix, block, at, apart = drawn(seed, dense=dense)
    whole = matrix.copy()
    whole[np.ix_(at, at)] += block
    spoiled = np.tril(block) + np.triu(np.full_like(block, 77.0), 1)  # only the lower half counts
    factors = factors_of(sp.csr_array(matrix), spoiled, at, apart)
    side = np.random.default_rng(seed).normal(size=8)
    assert factors is not None

    np.testing.assert_allclose(factors.solve(side), np.linalg.solve(whole, side), rtol=1e-9)
    assert (factors.inner is None) == (dense == 8)


def test_the_side_is_left_as_it_is() -> None:
    matrix, block, at, apart = drawn(1, dense=4)
    factors = factors_of(sp.csr_array(matrix), block, at, apart)
    side = np.arange(8.0)
    assert factors is not None
    factors.solve(side)

    assert side.tolist() == list(range(8))


def test_what_is_not_definite_has_no_factors() -> None:
    matrix, block, at, apart = drawn(2, dense=4)
    less = matrix.copy()
    less[np.ix_(at, at)] -= 100 * np.eye(4)
    assert factors_of(sp.csr_array(less), block, at, apart) is None

    flat = matrix.copy()
    flat[apart[0], :] = flat[:, apart[0]] = 0.0
    assert factors_of(sp.csr_array(flat), block, at, apart) is None
