"""Which proposals of a pool the centre mixes: not all of them, once there are many.

A proposal that has a weight stays; so do those that the last valuations find best, and whatever has
just arrived. The others stay in the pool and come back when valuations change. Of proposals that
are the same twice one is mixed.
"""

from collections.abc import Sequence

import numpy as np

from counterplan.dialogue.groups import Proposed
from counterplan.economy.economy import Bools, Floats, Integers

BEST = 5  # proposals of each producer that are mixed for their worth alone, at least
WEIGHING = 3e-3  # the least weight for which a proposal stays
TWICE = 1e-9  # of a number: what makes two proposals the same


def selected(pool: Sequence[Proposed], weights: Floats, valuations: Floats, *, rules: int) -> Bools:
    """Return which proposals are mixed [E x G].

    Parameters
    ----------
    weights
        [E' x G] of the last mixture, whose pool had E' entries.
    valuations
        [L] of the shared rules that the worth of proposals is measured by.
    rules
        How many shared rules producers have a part in. A corner of the centre's problem mixes one
        proposal of each producer and at most one more for each such rule.
    """
    there = np.stack([one.answered for one in pool])
    values = np.stack([one.values for one in pool])
    measures = np.stack([valuations, valuations * shaken(valuations.size)])
    costs = np.stack([measures @ one.shares for one in pool])
    known, producers = len(weights), there.shape[1]
    wanted = np.zeros_like(there)
    wanted[:known] = weights > WEIGHING
    wanted[known:] = True
    twin = twins(there, values, costs)
    at, who = np.nonzero(there & wanted)
    wanted[twin[at, who], who] = True
    there &= np.equal(twin, np.arange(len(pool))[:, None])
    best = BEST + -(-rules // producers)
    worth = np.where(there, values - costs[:, 0], -np.inf)
    chosen: Bools = there & (wanted | (ranks(worth) < best))
    return chosen


def shaken(count: int) -> Floats:
    """Return factors near one, the same ever again: what costs the same by chance differs by them.

    At the valuations of a corner all proposals that a producer mixes are worth the same.
    """
    return np.random.default_rng(0).uniform(0.5, 1.5, count)


def twins(there: Bools, values: Floats, costs: Floats) -> Integers:
    """Return the first entry with the same proposal; its own where there is none [E x G].

    Parameters
    ----------
    costs
        [E x M x G] by several measures.
    """
    entries, producers = there.shape
    found = np.repeat(np.arange(entries)[:, None], producers, axis=1)
    for late in range(1, entries):
        for early in range(late):
            same = there[late] & there[early] & (found[late] == late) & (found[early] == early)
            same &= near(values[late], values[early])
            same &= near(costs[late], costs[early]).all(axis=0)
            found[late, same] = early
    return found


def near(one: Floats, other: Floats) -> Bools:
    """Return where numbers are the same, but for rounding."""
    same: Bools = np.abs(one - other) <= TWICE * (np.abs(one) + np.abs(other))
    return same


def ranks(worth: Floats) -> Integers:
    """Return the place of each proposal among its producer's, from 0 for the best [E x G]."""
    order = np.argsort(-worth, axis=0, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(worth))[:, None], axis=0)
    return places
