r"""The elastic programme: the least that has to give so that a plan is possible at all.

.. math:: \min \sum_d \kappa_d w_d\, s_d \quad\text{s.t.}\quad
          A x + \sum_d a_d \bar q_d s_d \ge r,\; l \le x \le u,\; 0 \le s_d \le \bar s_d

s relief relative to the size q of the demand; w the periods it stands for, where the time after
the plan stands for :math:`1 / (1 - b)`; kappa 1 where it counts and 0 where the demand was given
up. A set of demands can hold together exactly if the optimum is zero with kappa = 1 on the set
and 0 elsewhere (Chinneck, *Feasibility and Infeasibility in Optimization*, 2008).

Nothing is valued here, so columns that do the same merge into one: the bands of a cost, the
pieces of a benefit. That leaves a ninth of the columns of a national plan.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from counterplan.economy.economy import Floats, Integers, Sparse
from counterplan.errors import LimitError
from counterplan.plan.demand import Demand
from counterplan.plan.problem import Problem
from counterplan.solve.highs import solve
from counterplan.solve.program import Answer, Engine, Outcome, Program

POSSIBLE = 1e-6  # a total relative relief below this is rounding
DOUBTFUL = 1e-2  # below this the simplex method's answer is looked at again


@dataclass(frozen=True)
class Merged:
    """A programme without reward whose equal and opposite columns are one.

    Attributes
    ----------
    group, sign
        [N] which merged column each column went into, and whether it was turned round.
    """

    program: Program
    group: Integers
    sign: Floats


@dataclass(frozen=True)
class Elastic:
    """An elastic programme.

    Attributes
    ----------
    program
        The merged columns, then one relief for each group of demands, relative to their sizes.
    merged, original
        What it was made of.
    most, weight
        [G] most relief of each group, relative to the sizes, and the periods it stands for.
    deadline
        When to stop, on the clock of ``time.monotonic`` [seconds].
    """

    program: Program
    merged: Merged
    original: Program
    most: Floats
    weight: Floats
    deadline: float


@dataclass(frozen=True)
class Relief:
    """The least relief.

    Attributes
    ----------
    total
        Weighted sum of the relative reliefs that count; infinite when none makes a plan possible.
    amounts
        [G] relief of each group of demands, relative to their sizes.
    pressure
        [G] how much the total would fall if the group gave way by its size: its part in the
        conflict. All nan when the plan has indivisible projects.
    primal
        [N] the variables of a plan that is possible then.
    """

    total: float
    amounts: Floats
    pressure: Floats
    primal: Floats

    @property
    def needed(self) -> bool:
        """Whether the demands that count cannot hold together."""
        return self.total > POSSIBLE


def elastic(
    problem: Problem, wanted: Sequence[Demand], *, groups: Integers, deadline: float
) -> Elastic:
    """Build the elastic programme over some demands.

    Parameters
    ----------
    groups
        [D] number of the group, from 0, within which all demands give alike.
    """
    program, periods = problem.program, problem.outlook.periods
    columns = np.array([one.column for one in wanted if one.column >= 0], dtype=np.int64)
    merged = merge(program, apart=columns)
    count = int(groups.max(initial=-1)) + 1
    each = np.arange(len(wanted))
    gather = sp.csc_array((np.ones(len(wanted)), (each, groups)), shape=(len(wanted), count))
    most, weight = np.full(count, np.inf), np.zeros(count)
    for group, one in zip(groups, wanted, strict=True):
        most[group] = min(most[group], one.most / one.size)
        weight[group] = 1.0 if one.period < periods.count else 1 / (1 - periods.b)
    base, none = merged.program, np.zeros(count)
    joint = replace(
        base,
        matrix=sp.hstack([base.matrix, relief_columns(program, wanted) @ gather], format="csr"),
        lower=np.concatenate([base.lower, none]),
        upper=np.concatenate([base.upper, most]),
        reward=np.concatenate([base.reward, none]),
        integer=np.concatenate([base.integer, none > 0]),
    )
    return Elastic(joint, merged, program, most=most, weight=weight, deadline=deadline)


def relief_columns(program: Program, wanted: Sequence[Demand]) -> Sparse:
    """Return the columns of the reliefs [R x D], per size of the demand.

    A row's relief stands alone in its row; a bound's relief is more of the same column.
    """
    size = np.array([one.size for one in wanted])
    on_row = [d for d, one in enumerate(wanted) if one.row >= 0]
    on_column = [d for d, one in enumerate(wanted) if one.column >= 0]
    shape = (program.row_lower.size, len(wanted))
    signs = [float(wanted[d].sign) for d in on_row]
    rows = [wanted[d].row for d in on_row]
    direct = sp.csc_array((signs, (rows, on_row)), shape=shape)
    picks = ([1.0] * len(on_column), ([wanted[d].column for d in on_column], on_column))
    pick = sp.csc_array(picks, shape=(program.reward.size, len(wanted)))
    return (direct + program.matrix @ pick) @ sp.diags_array(size)


def merge(program: Program, *, apart: Integers) -> Merged:
    """Merge columns that are equal or opposite; ``apart`` names those to leave alone."""
    matrix = sp.csc_array(program.matrix)
    matrix.sort_indices()
    count = program.reward.size
    alone = np.isin(np.arange(count), apart) | program.integer
    group, sign = np.zeros(count, dtype=np.int64), np.ones(count)
    keys: dict[object, int] = {}
    for j in range(count):
        part = slice(matrix.indptr[j], matrix.indptr[j + 1])
        values = matrix.data[part]
        if values.size and values[0] < 0 and not alone[j]:
            sign[j], values = -1.0, -values
        key = j if alone[j] else (matrix.indices[part].tobytes(), values.tobytes())
        group[j] = keys.setdefault(key, len(keys))
    size = len(keys)
    first = np.zeros(size, dtype=np.int64)
    first[group[::-1]] = np.arange(count)[::-1]
    lower, upper = turned(program, sign)
    joint = Program(
        matrix=sp.csr_array(matrix[:, first] @ sp.diags_array(sign[first])),
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        lower=np.bincount(group, lower, size).astype(np.float64),
        upper=np.bincount(group, upper, size).astype(np.float64),
        reward=np.zeros(size),
        integer=program.integer[first],
    )
    return Merged(joint, group, sign)


def turned(program: Program, sign: Floats) -> tuple[Floats, Floats]:
    """Return the bounds of the columns, those with sign -1 turned round."""
    lower = np.where(sign > 0, program.lower, -program.upper)
    upper = np.where(sign > 0, program.upper, -program.lower)
    return lower, upper


def parted(merged: Merged, program: Program, values: Floats) -> Floats:
    """Return values of the original columns that add up to those of the merged ones [N]."""
    lower, upper = turned(program, merged.sign)
    room = merged.program.upper - merged.program.lower
    filled = np.divide(
        values - merged.program.lower, room, out=np.zeros_like(values), where=room > 0
    )
    return merged.sign * (lower + filled[merged.group] * (upper - lower))


def least_relief(
    problem: Elastic, counts: npt.NDArray[np.bool_], *, engine: Engine = Engine.SIMPLEX
) -> Relief:
    """Return the least relief of the groups that count; the others may give for nothing.

    Parameters
    ----------
    counts
        [G].
    engine
        The simplex method says soonest whether anything has to give, with four digits of how much;
        the interior point with crossover says how much.

    Raises
    ------
    LimitError
        When the time is over.
    """
    first = problem.program.reward.size - counts.size
    cost = np.append(np.zeros(first), np.where(counts, problem.weight, 0.0))
    program = replace(problem.program, reward=-cost)
    answer = asked(program, engine=engine, deadline=problem.deadline)
    total = float(cost @ answer.primal)
    if POSSIBLE < total < DOUBTFUL and engine is Engine.SIMPLEX:
        answer = asked(program, engine=Engine.VERTEX, deadline=problem.deadline)
    if answer.outcome is Outcome.IMPOSSIBLE:
        nothing = np.zeros(counts.size)
        return Relief(float("inf"), nothing, nothing, nothing)
    amounts = np.maximum(answer.primal[first:], 0.0)
    pressure = -(problem.program.matrix.T @ answer.dual)[first:]
    if not program.divisible:
        pressure = np.full(counts.size, np.nan)
    return Relief(
        total=float(cost[first:] @ amounts),
        amounts=amounts,
        pressure=pressure,
        primal=parted(problem.merged, problem.original, answer.primal[:first]),
    )


def asked(program: Program, *, engine: Engine, deadline: float) -> Answer:
    """Return an engine's answer, or raise a LimitError when the time is over."""
    left = deadline - time.monotonic()
    if left > 0:
        answer = solve(program, engine=engine, seconds_max=left)
        if answer.outcome is not Outcome.STOPPED:
            return answer
    raise LimitError("the time for looking into the conflict is over")
