"""The spread of blocks' proposals around their own means, as a loop for the machine."""

import numpy as np
from numba import njit

from counterplan.solve.program import Floats, Integers


@njit(cache=True, error_model="numpy")
def spread(
    shares: Floats,
    first: Integers,
    width: Floats,
    around: Floats,
    means: Floats,
    totals: Floats,
) -> None:
    r"""Write each proposal's distance from its block's mean, times the root of its width.

    .. math:: \text{around}_k = \sqrt{d_k} (a_k - \bar a_s), \qquad
              \bar a_s = \sum_k d_k a_k / \sum_k d_k

    Parameters
    ----------
    shares
        [T x K], column by column.
    first
        [S + 1] where each block's columns begin.
    width
        [K] d.
    around, means, totals
        [T x K], [T x S], [S] where the answer goes; totals are the sums of the widths.
    """
    rows = shares.shape[0]
    for s in range(first.size - 1):
        total = 0.0
        for k in range(first[s], first[s + 1]):
            total += width[k]
        totals[s] = total
        for r in range(rows):
            means[r, s] = 0.0
        for k in range(first[s], first[s + 1]):
            part = width[k] / total
            for r in range(rows):
                means[r, s] += part * shares[r, k]
        for k in range(first[s], first[s + 1]):
            root = np.sqrt(width[k])
            for r in range(rows):
                around[r, k] = root * (shares[r, k] - means[r, s])
