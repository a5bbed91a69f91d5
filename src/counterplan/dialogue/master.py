r"""The centre's problem: the best mixture of what the producers themselves proposed.

.. math:: \max\; c_0^\top x_0 + \sum_s \sum_k v_{sk}\lambda_{sk} \quad\text{s.t.}\quad
          r^- \le A_0 x_0 + \sum_s \sum_k a_{sk}\lambda_{sk} \le r^+,\quad
          \sum_k \lambda_{sk} = 1,\; \lambda \ge 0

x_0 what the centre decides (trade, consumption, reserves), a_sk what a proposal puts into the
shared rules. G. B. Dantzig and P. Wolfe, "Decomposition principle for linear programs",
*Operations Research* 8 (1960) 101-111.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.parts import Parts
from counterplan.economy.economy import Floats, Integers, Sparse
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import dual_bound
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine, Outcome, Program

ENGINES = (Engine.IPX, Engine.LOOSE, Engine.VERTEX, Engine.SIMPLEX)
SECONDS_MAX = 600.0


@dataclass(frozen=True)
class Centre:
    """What the centre knows: the shared rules and its own variables.

    Attributes
    ----------
    program
        Its variables [N0] under the shared rules [L], before anybody has proposed anything.
    columns, rows
        [N0], [L] where they stand in the whole plan problem.
    """

    program: Program
    columns: Integers
    rows: Integers

    def bound(self, valuations: Floats) -> float:
        """Return the bound on what the centre's own decisions can add at given valuations."""
        return dual_bound(self.program, valuations)


@dataclass(frozen=True)
class Mixture:
    """The centre's answer to its problem.

    Attributes
    ----------
    value
        Of the plan, to the mandate.
    decided
        [N0] the centre's own variables.
    weights
        [K x S] of the proposals of each round.
    valuations
        [L] of the shared rules.
    """

    value: float
    decided: Floats
    weights: Floats
    valuations: Floats


def centre_of(parts: Parts) -> Centre:
    """Return what the centre knows of a plan problem."""
    whole = parts.program
    columns, rows = np.flatnonzero(~parts.own), np.flatnonzero(parts.shared)
    if whole.integer.any():
        raise CounterplanError("indivisible projects are not part of the dialogue yet")
    program = Program(
        matrix=sp.csr_array(sp.csr_array(whole.matrix)[rows][:, columns]),
        row_lower=whole.row_lower[rows],
        row_upper=whole.row_upper[rows],
        lower=whole.lower[columns],
        upper=whole.upper[columns],
        reward=whole.reward[columns],
        integer=np.zeros(columns.size, dtype=bool),
    )
    return Centre(program, columns, rows)


def best_mixture(centre: Centre, pool: Sequence[Answers]) -> Mixture | None:
    """Return the best mixture of a pool, or None where no mixture keeps the shared rules."""
    program = mixed(centre, pool)
    answer = first_certain(program)
    if answer is None:
        return None
    primal, dual = answer
    split, shared = centre.columns.size, centre.rows.size
    weights = np.zeros((len(pool), pool[0].answered.size))
    weights[np.stack([one.answered for one in pool])] = primal[split:]
    weights = np.maximum(weights, 0.0)
    weights /= weights.sum(axis=0)
    return Mixture(
        value=float(program.reward @ primal),
        decided=primal[:split],
        weights=weights,
        valuations=dual[:shared],
    )


def first_certain(program: Program) -> tuple[Floats, Floats] | None:
    """Return the solution of the first engine that is certain, or None where there is none.

    An interior point's word that there is none is not taken; the simplex's is.

    Raises
    ------
    CounterplanError
        When none of the engines is certain of anything.
    """
    for engine in ENGINES:
        answer = solve_divisible(program, engine=engine, seconds_max=SECONDS_MAX)
        if answer.outcome is Outcome.SOLVED:
            return answer.primal, answer.dual
    if answer.outcome is Outcome.IMPOSSIBLE:
        return None
    raise CounterplanError("no engine could mix the proposals")


def mixed(centre: Centre, pool: Sequence[Answers]) -> Program:
    """Return the centre's problem: its own variables, then each round's proposals."""
    own = centre.program
    shares = np.hstack([one.shares[:, one.answered] for one in pool])
    values = np.concatenate([one.values[one.answered] for one in pool])
    who = np.concatenate([np.flatnonzero(one.answered) for one in pool])
    producers, count = pool[0].answered.size, values.size
    ones = sp.csr_array((np.ones(count), (who, np.arange(count))), shape=(producers, count))
    nothing: Sparse = sp.csr_array((producers, own.reward.size))
    return Program(
        matrix=sp.block_array([[own.matrix, sp.csr_array(shares)], [nothing, ones]], format="csr"),
        row_lower=np.concatenate([own.row_lower, np.ones(producers)]),
        row_upper=np.concatenate([own.row_upper, np.ones(producers)]),
        lower=np.concatenate([own.lower, np.zeros(count)]),
        upper=np.concatenate([own.upper, np.ones(count)]),
        reward=np.concatenate([own.reward, values]),
        integer=np.zeros(own.reward.size + count, dtype=bool),
    )
