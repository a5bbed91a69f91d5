r"""Where the next search for a mixture begins: at a point of the last one, fitted to the new pool.

A proposal that is new gets a small weight, and the block's dual falls until no proposal of its own
costs less than nothing:

.. math:: \pi_s \leftarrow \pi_s - \max_k \big(0,\; -(c_{sk} - a_{sk}^\top y - \pi_s)\big)

so that the duals stay feasible, and what is missing is the gap that the answers have shown.
"""

from dataclasses import dataclass, replace

import numpy as np

from counterplan.economy.economy import Bools, Floats
from counterplan.solve.frame import Frame
from counterplan.solve.mixing import Proposals
from counterplan.solve.points import Point

NEW = 0.02  # the largest weight of all new proposals of a producer together
LEAST = 1e-3  # of that: the least weight of a new proposal
HEAVY = 0.5  # a weight at which a product is average


@dataclass(frozen=True)
class Start:
    """A point of a search, its weights by entry of the pool.

    Attributes
    ----------
    point
        Without its weights' part.
    weights, low
        [E x S] the weights and their duals; 0 where a proposal was not mixed.
    """

    point: Point
    weights: Floats
    low: Floats


def kept_start(point: Point, chosen: Bools) -> Start:
    """Return a point as a start; ``chosen`` [E x S] says whose its weights are."""
    own = point.z.size - int(chosen.sum())
    weights, low = np.zeros(chosen.shape), np.zeros(chosen.shape)
    weights.T[chosen.T], low.T[chosen.T] = point.z[own:], point.low[own:]
    return Start(replace(point, z=point.z[:own], low=point.low[:own]), weights, low)


def point_of(start: Start, frame: Frame, proposals: Proposals, chosen: Bools) -> Point:
    """Return a start as a point for the chosen proposals [E x S] of a pool that has changed."""
    point, owner, blocks = start.point, proposals.owner, proposals.first.size - 1
    old = chosen.copy()
    old[len(start.weights) :] = False
    old[: len(start.weights)] &= start.weights > 0
    new = ~old.T[chosen.T]
    weights, low = np.zeros(chosen.shape), np.zeros(chosen.shape)
    weights[: len(start.weights)], low[: len(start.low)] = start.weights, start.low
    weights, low = weights.T[chosen.T], low.T[chosen.T]
    weights /= np.maximum(np.bincount(owner, weights=weights, minlength=blocks), 1e-300)[owner]
    cost = -proposals.values * frame.unit - proposals.shares.T @ point.rules[frame.touched]
    cost -= point.ones[owner]
    lowest = np.minimum.reduceat(np.where(new, cost, 0.0), proposals.first[:-1])
    fall = np.maximum(0.0, -lowest)
    own = point.z @ point.low + point.room @ point.high + weights @ low
    mean = own / (point.z.size + point.room.size + weights.size)
    low = np.maximum(np.where(new, cost, low) + fall[owner], mean / HEAVY)
    count = np.bincount(owner[new], minlength=blocks)
    share = NEW / np.maximum(count, 1)[owner]
    fresh = np.clip(mean / low, LEAST * NEW, share)
    taken = np.bincount(owner[new], weights=fresh[new], minlength=blocks)
    anew = np.bincount(owner[~new], minlength=blocks) == 0
    fresh = np.where(anew[owner], 1 / proposals.counts[owner], fresh)
    weights = np.where(new, fresh, weights * (1 - taken)[owner])
    return replace(
        point,
        z=np.concatenate([point.z, weights]),
        low=np.concatenate([point.low, low]),
        ones=point.ones - fall,
    )
