"""What is missing while no mixture of the proposals keeps the shared rules."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.master import Centre, first_certain, mixed
from counterplan.economy.economy import Floats
from counterplan.errors import CounterplanError


def least_shortage(centre: Centre, pool: Sequence[Answers]) -> tuple[float, Floats]:
    """Return the least that is missing in the shared rules, and what one unit less is worth.

    Rules count in units of their largest term, so that a missing worker weighs as a missing ton.
    """
    program = mixed(centre, pool)
    shared, count = centre.rows.size, program.reward.size
    matrix = sp.csr_array(program.matrix)
    reach = abs(matrix[:shared]) @ np.maximum(np.abs(program.lower), np.abs(program.upper))
    size = np.where(reach > 0, reach, 1.0)
    more = sp.csr_array(
        (np.ones(shared), (np.arange(shared), np.arange(shared))), shape=(matrix.shape[0], shared)
    )
    elastic = replace(
        program,
        matrix=sp.hstack([matrix, more, -more], format="csr"),
        lower=np.concatenate([program.lower, np.zeros(2 * shared)]),
        upper=np.concatenate([program.upper, size, size]),
        reward=np.concatenate([np.zeros(count), -1 / size, -1 / size]),
        integer=np.zeros(count + 2 * shared, dtype=bool),
    )
    answer = first_certain(elastic)
    if answer is None:
        raise CounterplanError("the least shortage could not be found")
    primal, dual = answer
    return float(-elastic.reward @ primal), dual[:shared]
