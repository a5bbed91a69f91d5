"""Scaling changes units, and nothing else."""

import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.solve.highs import OPTIONS, run
from counterplan.solve.program import Engine, Program
from counterplan.solve.scaling import scaled


def programme(seed: int) -> Program:
    rng = np.random.default_rng(seed)
    rows, columns = 4, 7
    size = 10.0 ** rng.integers(-4, 5, size=columns)
    return Program(
        matrix=sp.csr_array(rng.uniform(0.1, 1, (rows, columns)) / size),
        row_lower=np.full(rows, -np.inf),
        row_upper=rng.uniform(1, 2, rows),
        lower=np.zeros(columns),
        upper=size,
        reward=rng.uniform(0, 1, columns) / size,
        integer=np.zeros(columns, dtype=bool),
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_optimum_is_the_same(seed: int) -> None:
    original = programme(seed)
    small = scaled(original)
    plain = run(original, options=OPTIONS[Engine.SIMPLEX])
    back = small.unscaled(run(small.program, options=OPTIONS[Engine.SIMPLEX]))
    np.testing.assert_allclose(original.reward @ back.primal, original.reward @ plain.primal)
    np.testing.assert_allclose(back.dual, plain.dual, rtol=1e-7, atol=1e-9)


def test_factors_are_powers_of_two_so_that_nothing_is_lost() -> None:
    small = scaled(programme(1))
    for factors in (small.columns, small.rows, np.array([small.reward])):
        mantissa, _ = np.frexp(factors)
        assert set(mantissa) == {0.5}


def test_rows_of_zeros_and_open_boxes_are_left_as_they_are() -> None:
    empty = Program(
        matrix=sp.csr_array((1, 1)),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([1.0]),
        lower=np.zeros(1),
        upper=np.array([np.inf]),
        reward=np.zeros(1),
        integer=np.zeros(1, dtype=bool),
    )
    small = scaled(empty)
    assert small.columns.tolist() == [1.0]
    assert small.rows.tolist() == [1.0]
    assert small.reward == 1.0
