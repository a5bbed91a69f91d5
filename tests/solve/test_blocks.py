"""Programmes that fall apart, against HiGHS on the whole."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.errors import CounterplanError
from counterplan.solve import blocks as module
from counterplan.solve.blocks import BlockDiagonal, block_diagonal
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine, Floats, Program


def fallen_apart(*, count: int = 7, seed: int = 5) -> tuple[Program, Floats, Floats]:
    """Return a programme of blocks with equations, limits from one side and from two, and whose."""
    rng = np.random.default_rng(seed)
    parts, lower, upper, low, high, owner, held = [], [], [], [], [], [], []
    for number in range(count):
        height, width = (3, 6) if number % 2 else (2, 5)
        part = rng.uniform(0.2, 2.0, (height, width)) * (rng.random((height, width)) < 0.8)
        part[np.arange(height), np.arange(height)] += 1.0
        least = rng.uniform(-1.0, 1.0, width)
        most = least + rng.uniform(0.5, 4.0, width)
        value = part @ (0.5 * (least + most))
        ends = np.array([[0.0, 0.0], [-np.inf, 0.4], [-0.3, 0.2]])[:height]
        parts.append(part)
        lower.append(least)
        upper.append(most)
        low.append(value + ends[:, 0])
        high.append(value + ends[:, 1])
        owner += [number] * width
        held += [number] * height
    matrix = sp.block_diag(parts, format="csr")
    size = matrix.shape[1]
    program = Program(
        sp.csr_array(matrix),
        *(np.concatenate(side) for side in (low, high, lower, upper)),
        rng.normal(size=size),
        np.zeros(size, dtype=bool),
    )
    return program, np.array(owner), np.array(held)


def apart() -> tuple[Program, BlockDiagonal]:
    """Return a programme and its blocks."""
    program, owner, held = fallen_apart()
    return program, block_diagonal(program, column_block=owner, row_block=held)


def test_blocks_of_one_pattern_go_together() -> None:
    program, owner, held = fallen_apart()
    dense = program.matrix.toarray()
    dense[dense == 0] = 0.0
    _, whole = apart()

    assert sum(len(batch.blocks) for batch in whole.batches) == 7
    assert owner.size == sum(batch.columns.size for batch in whole.batches)
    assert held.size == sum(batch.rows.size for batch in whole.batches)


def test_each_block_is_solved_to_the_end() -> None:
    program, whole = apart()
    primal, dual = whole.solve(program.reward)
    best = solve(program, engine=Engine.SIMPLEX)
    left = program.matrix @ primal

    assert program.reward @ primal == pytest.approx(program.reward @ best.primal, rel=1e-7)
    assert (left >= program.row_lower - 1e-7).all()
    assert (left <= program.row_upper + 1e-7).all()
    np.testing.assert_allclose(dual, best.dual, atol=1e-5)


def test_another_reward_gives_another_best() -> None:
    program, whole = apart()
    primal, _ = whole.solve(-program.reward)
    worst = solve(
        Program(
            program.matrix,
            program.row_lower,
            program.row_upper,
            program.lower,
            program.upper,
            -program.reward,
            program.integer,
        ),
        engine=Engine.SIMPLEX,
    )

    assert program.reward @ primal == pytest.approx(program.reward @ worst.primal, rel=1e-7)


def test_what_the_interior_point_does_not_finish_goes_to_highs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program, whole = apart()
    done, _ = whole.solve(program.reward)
    unfinished = module.solve_many
    monkeypatch.setattr(module, "solve_many", lambda *a, **k: unfinished(*a, **k, iterations_max=1))
    primal, _ = whole.solve(program.reward)

    assert program.reward @ primal == pytest.approx(program.reward @ done, rel=1e-7)


def test_nothing_is_above_its_limit_by_what_the_engine_rounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program, whole = apart()
    exact = module.solve_many

    def rounded_up(*words: Any, **named: Any) -> tuple[Floats, Floats, Any]:
        z, y, taken = exact(*words, **named)
        return z + 1e-9 * np.where(np.isfinite(named["upper"]), named["upper"], 0.0), y, taken

    monkeypatch.setattr(module, "solve_many", rounded_up)
    primal, _ = whole.solve(program.reward)
    full = primal == program.upper

    assert full.any()
    assert (primal <= program.upper).all()


def test_a_block_without_a_solution_is_named() -> None:
    program = Program(
        sp.csr_array(np.array([[1.0]])),
        np.array([3.0]),
        np.array([3.0]),
        np.array([0.0]),
        np.array([1.0]),
        np.array([1.0]),
        np.array([False]),
    )
    whole = block_diagonal(
        program, column_block=np.array([0]), row_block=np.array([0], dtype=np.int64)
    )

    with pytest.raises(CounterplanError, match="block 0 has no solution"):
        whole.solve(program.reward)
