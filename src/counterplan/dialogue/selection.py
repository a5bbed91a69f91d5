"""Which proposals of a pool the centre mixes: not all of them, once there are many.

A proposal that has a weight stays; so do those that the last valuations find best, and whatever has
just arrived. The others stay in the pool and come back when valuations change. Of proposals that
are the same twice one is mixed.
"""

from collections.abc import Sequence

import numpy as np

from counterplan.dialogue.exchange import Answers
from counterplan.economy.economy import Bools, Floats, Integers

BEST = 5  # proposals of each producer that are mixed for their worth alone, at least
WEIGHING = 1e-4  # the least weight for which a proposal stays
TWICE = 1e-9  # of a number: what makes two proposals the same


def selected(pool: Sequence[Answers], weights: Floats, valuations: Floats, *, rules: int) -> Bools:
    """Return which proposals are mixed [E x S].

    Parameters
    ----------
    weights
        [E' x S] of the last mixture, whose pool had E' entries.
    valuations
        [L] of the shared rules that the worth of proposals is measured by.
    rules
        How many shared rules producers have a part in. A corner of the centre's problem mixes one
        proposal of each producer and at most one more for each such rule.
    """
    there = np.stack([one.answered for one in pool])
    values = np.stack([one.values for one in pool])
    costs = np.stack([valuations @ one.shares for one in pool])
    there &= ~repeated(there, values, costs)
    known = len(weights)
    weighing = np.zeros_like(there)
    weighing[:known] = weights > WEIGHING
    new = np.zeros_like(there)
    new[known:] = True
    best = BEST + -(-rules // there.shape[1])
    chosen: Bools = there & (
        weighing | new | (ranks(np.where(there, values - costs, -np.inf)) < best)
    )
    return chosen


def repeated(there: Bools, values: Floats, costs: Floats) -> Bools:
    """Return which proposals were there before in another entry, by what they are worth [E x S]."""
    found = np.zeros_like(there)
    for late in range(1, len(there)):
        for early in range(late):
            found[late] |= (
                there[early]
                & ~found[early]
                & near(values[late], values[early])
                & near(costs[late], costs[early])
            )
    return found & there


def near(one: Floats, other: Floats) -> Bools:
    """Return where numbers are the same, but for rounding."""
    same: Bools = np.abs(one - other) <= TWICE * (np.abs(one) + np.abs(other))
    return same


def ranks(worth: Floats) -> Integers:
    """Return the place of each proposal among its producer's, from 0 for the best [E x S]."""
    order = np.argsort(-worth, axis=0, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(worth))[:, None], axis=0)
    return places
