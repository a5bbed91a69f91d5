"""A programme that falls apart into many small ones, block by block of a larger one.

Blocks with one pattern of coefficients are solved together in machine code. A block that the
interior point does not finish goes to HiGHS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from counterplan.errors import CounterplanError
from counterplan.solve.highs import solve_divisible
from counterplan.solve.interior import Pattern, narrow_order, pattern_of, solve_many
from counterplan.solve.program import Engine, Floats, Integers, Outcome, Program, Sparse

TOLERANCE = 1e-9
SECONDS_MAX = 60.0


@dataclass(frozen=True)
class Batch:
    """Blocks of one pattern, in the form of :func:`counterplan.solve.interior.solve_many`.

    Attributes
    ----------
    blocks
        [S] their numbers.
    columns, rows
        [S x n], [S x R] where their variables and rows stand in the whole programme; rows in the
        order of the pattern.
    coefficients, sides, upper
        [S x nnz], [S x R], [S x N], in units of ``size``; slacks come after the n variables.
    size
        [S] the unit of each block's quantities.
    """

    pattern: Pattern
    blocks: Integers
    columns: Integers
    rows: Integers
    coefficients: Floats
    sides: Floats
    upper: Floats
    size: Floats


@dataclass(frozen=True)
class BlockDiagonal:
    """Many small programmes that share nothing.

    Attributes
    ----------
    program
        The whole, whose rows and columns the blocks are taken from.
    batches
        The blocks, by pattern.
    """

    program: Program
    batches: tuple[Batch, ...]

    def solve(self, reward: Floats) -> tuple[Floats, Floats]:
        """Return the best of every block at a reward [N] for the whole's variables.

        Returns
        -------
        Primal [N] and dual [R] of the whole programme, zero outside the blocks.

        Raises
        ------
        CounterplanError
            When a block has no solution.
        """
        primal, dual = np.zeros(reward.size), np.zeros(self.program.row_lower.size)
        for batch in self.batches:
            undone = solve_batch(batch, self.program, reward, primal=primal, dual=dual)
            for place in undone:
                solve_alone(batch, place, self.program, reward, primal=primal, dual=dual)
        return primal, dual


def solve_batch(
    batch: Batch, program: Program, reward: Floats, *, primal: Floats, dual: Floats
) -> Integers:
    """Put the solutions of a batch into primal and dual; return the places that were not done."""
    count = batch.columns.shape[1]
    costs = np.zeros_like(batch.upper)
    costs[:, :count] = -reward[batch.columns]
    price = np.abs(costs).max(axis=1, initial=0.0)
    price[price == 0] = 1.0
    z, y, taken = solve_many(
        batch.pattern,
        coefficients=batch.coefficients,
        sides=batch.sides,
        costs=costs / price[:, None],
        upper=batch.upper,
        tolerance=TOLERANCE,
    )
    found = program.lower[batch.columns] + z[:, :count] * batch.size[:, None]
    primal[batch.columns] = np.minimum(found, program.upper[batch.columns])
    dual[batch.rows] = -y * price[:, None]
    return np.flatnonzero(taken < 0)


def solve_alone(
    batch: Batch, place: int, program: Program, reward: Floats, *, primal: Floats, dual: Floats
) -> None:
    """Solve one block with HiGHS."""
    columns, rows = batch.columns[place], batch.rows[place]
    alone = Program(
        matrix=sp.csr_array(sp.csr_array(program.matrix)[rows][:, columns]),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        lower=program.lower[columns],
        upper=program.upper[columns],
        reward=reward[columns],
        integer=np.zeros(columns.size, dtype=bool),
    )
    answer = solve_divisible(alone, engine=Engine.SIMPLEX, seconds_max=SECONDS_MAX)
    if answer.outcome is not Outcome.SOLVED:
        raise CounterplanError(f"block {batch.blocks[place]} has no solution: {answer.outcome}")
    primal[columns], dual[rows] = answer.primal, answer.dual


def block_diagonal(
    program: Program, *, column_block: Integers, row_block: Integers
) -> BlockDiagonal:
    """Take the blocks out of a programme.

    Parameters
    ----------
    column_block, row_block
        [N], [R] number of the block, -1 for what belongs to none. A block's rows have
        coefficients in no other block; columns may have more, in rows that belong to none.
    """
    matrix = sp.csr_array(program.matrix)
    blocks: dict[tuple[bytes, bytes, int], list[Single]] = {}
    columns, rows = members(column_block), members(row_block)
    for number, own in enumerate(columns):
        if own.size == 0:
            continue
        held = rows[number] if number < len(rows) else np.empty(0, dtype=np.int64)
        one = single(program, matrix, number=number, columns=own, rows=held)
        blocks.setdefault(one.key(), []).append(one)
    return BlockDiagonal(program, tuple(batch_of(program, same) for same in blocks.values()))


def members(owner: Integers) -> list[Integers]:
    """Return the positions that belong to each block."""
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], np.arange(int(owner.max(initial=-1)) + 2))
    return [np.sort(order[a:b]).astype(np.int64) for a, b in pairwise(ends)]


@dataclass(frozen=True)
class Single:
    """One block: its columns and rows in the whole, its coefficients at (at_row, at_column)."""

    number: int
    columns: Integers
    rows: Integers
    at_row: Integers
    at_column: Integers
    values: Floats

    def key(self) -> tuple[bytes, bytes, int]:
        """Return what blocks of one pattern have in common."""
        return self.at_row.tobytes(), self.at_column.tobytes(), self.columns.size


def single(
    program: Program, matrix: Sparse, *, number: int, columns: Integers, rows: Integers
) -> Single:
    """Return one block, with a slack for every row that is not an equation."""
    coo = sp.csr_array(matrix[rows]).tocoo()
    at_row = coo.coords[0]
    at_column = np.searchsorted(columns, coo.coords[1])
    slack = np.flatnonzero(program.row_lower[rows] != program.row_upper[rows])
    sign = np.where(np.isfinite(program.row_lower[rows[slack]]), -1.0, 1.0)
    return Single(
        number=number,
        columns=columns,
        rows=rows,
        at_row=np.concatenate([at_row, slack]).astype(np.int64),
        at_column=np.concatenate([at_column, columns.size + np.arange(slack.size)]).astype(
            np.int64
        ),
        values=np.concatenate([coo.data, sign]),
    )


def batch_of(program: Program, same: Sequence[Single]) -> Batch:
    """Put blocks of one pattern together, rows in an order that keeps the factor narrow."""
    first = same[0]
    order = narrow_order(first.at_row, first.at_column, count=first.rows.size)
    place = np.argsort(order)
    columns = np.stack([one.columns for one in same])
    rows = np.stack([one.rows for one in same])[:, order]
    width = program.upper[columns] - program.lower[columns]
    size = width.max(axis=1, initial=0.0) / 10
    size[size == 0] = 1.0
    values = np.stack([one.values for one in same])
    low, high = program.row_lower[rows], program.row_upper[rows]
    start = np.zeros_like(low)
    for s, one in enumerate(same):
        real = one.at_column < one.columns.size
        at = program.lower[one.columns][one.at_column[real]] * one.values[real]
        start[s] = np.bincount(place[one.at_row[real]], weights=at, minlength=one.rows.size)
    # a row that is open above is met from above, and so on; one with two ends has a finite slack
    span = (high - low)[(slice(None), place[first.at_row[first.at_column >= columns.shape[1]]])]
    return Batch(
        pattern=pattern_of(place[first.at_row], first.at_column),
        blocks=np.array([one.number for one in same]),
        columns=columns,
        rows=rows,
        coefficients=values,
        sides=(np.where(np.isfinite(low), low, high) - start) / size[:, None],
        upper=np.hstack([width, span]) / size[:, None],
        size=size,
    )
