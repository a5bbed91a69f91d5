r"""Settling choices: one proposal for each producer, so that the centre can make do with them.

Around a point of the centre's own problem that lies inside every bound, the centre's cost of taking
up a difference e in the shared rules is, to second order,

.. math:: \varphi(e) = -y^\top e + \tfrac12 e^\top Q\, e, \qquad
          Q = (A_0 D_0 A_0^\top)^{-1}_{TT}

D_0 how much room each of its variables has (small where one is near a bound, so that Q is stiff
there), y what the rules are worth. Producers choose one after another, each the proposal with which
the sum of all is cheapest, until nobody changes. What comes of it is a choice to begin from: not
the best one, and not always one that keeps every rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg as sl
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.selection import ranks, shaken, twins
from counterplan.economy.economy import Bools, Floats, Integers
from counterplan.solve.frame import Frame
from counterplan.solve.mixing import DIAGONAL, Proposals, Pull, Wish, mix
from counterplan.solve.points import Point

KEPT = 6  # proposals of each producer to choose from, beside those with a weight
WEIGHING = 1e-3  # a weight that counts
SWEEPS_MAX = 30
ROUGH = 1e-6  # what the centre's point may leave of its rules
MOVING = 1e-12  # of a producer's cost: what a change must save


@dataclass(frozen=True)
class Candidates:
    """What producers can choose from, producer by producer.

    Attributes
    ----------
    shares
        [T x K] of the shared rules that are touched.
    values
        [K] of the proposals by themselves.
    first
        [S + 1] where each producer's begin.
    entry
        [K] the place of each in the pool.
    """

    shares: Floats
    values: Floats
    first: Integers
    entry: Integers

    @property
    def owner(self) -> Integers:
        """Whose each is [K]."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))


def settled(
    frame: Frame,
    candidates: Candidates,
    weights: Floats,
    places: Integers,
    who: Bools,
    *,
    gap: float,
    pull: Pull,
) -> Integers | None:
    """Return the place [S] among the candidates of what each producer chooses.

    Parameters
    ----------
    weights
        [K] beside which the centre's point lies: of a mixture, or of an earlier choice.
    places
        [S] where each producer begins.
    who
        [S] whose proposals are all or nothing; the others keep their weights and places.
    gap
        How far inside the bounds the centre's point is, in units of the reward.
    pull
        How much may be missing of the shared rules for a change of what they are worth: a choice
        may miss some on the way.

    Returns
    -------
    None where the centre's problem comes to nothing beside such weights.
    """
    point = inside(frame, candidates, weights, gap, pull)
    if point is None:
        return None
    curvature = curvature_at(frame, point, pull)
    shares = frame.scaled(candidates.shares)
    cost = -frame.unit * candidates.values - shares.T @ point.rules[frame.touched]
    stiff = curvature @ shares
    pressure = stiff @ (chosen_weights(candidates, weights, places, who) - weights)
    own = np.einsum("tk,tk->k", shares, stiff)
    after = places.copy()
    for _ in range(SWEEPS_MAX):
        if not sweep(candidates, after, np.flatnonzero(who), (cost, shares, stiff, own), pressure):
            break
    return after


def chosen_weights(candidates: Candidates, weights: Floats, places: Integers, who: Bools) -> Floats:
    """Return weights [K] in which some producers have their place alone."""
    kept = np.where(who[candidates.owner], 0.0, weights)
    kept[places[who]] = 1.0
    return kept


def sweep(
    candidates: Candidates,
    places: Integers,
    who: Integers,
    model: tuple[Floats, Floats, Floats, Floats],
    pressure: Floats,
) -> int:
    """Let each producer choose once, and return how many changed; works in place."""
    cost, shares, stiff, own = model
    changed = 0
    for s in who:
        here = slice(candidates.first[s], candidates.first[s + 1])
        now = places[s]
        loss = cost[here] - cost[now] + (shares[:, here].T @ pressure - shares[:, now] @ pressure)
        loss += 0.5 * (own[here] + own[now]) - stiff[:, now] @ shares[:, here]
        best = here.start + int(np.argmin(loss))
        if loss[best - here.start] < -MOVING * (1 + abs(cost[now])):
            pressure += stiff[:, best] - stiff[:, now]
            places[s] = best
            changed += 1
    return changed


def inside(
    frame: Frame, candidates: Candidates, weights: Floats, gap: float, pull: Pull
) -> Point | None:
    """Return a point of the centre's problem beside some weights, well inside the bounds."""
    whole = Proposals(
        frame.scaled(candidates.shares @ weights[:, None]),
        np.array([candidates.values @ weights]),
        np.array([0, 1]),
    )
    found = mix(frame, whole, Wish(0.5 * gap, keep_gap=gap, primal=ROUGH), pull=pull)
    return None if found is None else found.kept


def curvature_at(frame: Frame, point: Point, pull: Pull) -> Floats:
    """Return Q [T x T], in the frame's units."""
    count = frame.cost.size
    curve = point.low[:count] / point.z[:count]
    curve[frame.boxed] += point.high / point.room
    matrix = (frame.matrix @ sp.diags_array(1 / curve) @ frame.transposed).toarray()
    matrix[np.diag_indices_from(matrix)] += DIAGONAL
    matrix[frame.touched, frame.touched] += pull.weight
    unit = np.eye(len(matrix))[:, frame.touched]
    inverse: Floats = sl.cho_solve(sl.cho_factor(matrix), unit)[frame.touched]
    return inverse


def relieving(
    candidates: Candidates, places: Integers, who: Bools, worth: Floats, *, rule: int, need: float
) -> Integers:
    """Return the candidates that bring a rule what it needs, the cheapest change first.

    Parameters
    ----------
    worth
        [K] of each candidate.
    rule, need
        Which of the touched rules, and how much more (below 0: less) has to be put into it.
    """
    owner = candidates.owner
    brings = candidates.shares[rule] - candidates.shares[rule, places][owner]
    loss = worth[places][owner] - worth
    enough = (brings * np.sign(need) >= abs(need)) & who[owner]
    found = np.flatnonzero(enough)
    return found[np.argsort(loss[found], kind="stable")]


def heaviest(candidates: Candidates, weights: Floats) -> Integers:
    """Return the place of each producer's proposal with the largest weight [S]."""
    spans = zip(candidates.first[:-1], candidates.first[1:], strict=True)
    return np.array([a + int(np.argmax(weights[a:b])) for a, b in spans], dtype=np.int64)


def candidates_kept(pool: Sequence[Answers], weights: Floats, valuations: Floats) -> Bools:
    """Return which proposals can be chosen [E x S]: the best, and those that have a weight."""
    there = np.stack([one.answered for one in pool])
    values = np.stack([one.values for one in pool])
    measures = np.stack([valuations, valuations * shaken(valuations.size)])
    costs = np.stack([measures @ one.shares for one in pool])
    first = np.equal(twins(there, values, costs), np.arange(len(pool))[:, None])
    best = ranks(np.where(there & first, values - costs[:, 0], -np.inf)) < KEPT
    return there & ((first & best) | (weights > WEIGHING))


def gathered(pool: Sequence[Answers], kept: Bools, touched: Integers) -> Candidates:
    """Return the kept proposals [E x S], producer by producer."""
    who, entry = np.nonzero(kept.T)
    shares = np.empty((touched.size, who.size), order="F")
    values = np.empty(who.size)
    for k, one in enumerate(pool):
        here = entry == k
        shares[:, here] = one.shares[np.ix_(touched, who[here])]
        values[here] = one.values[who[here]]
    first = np.concatenate([[0], np.cumsum(kept.sum(axis=0))])
    return Candidates(shares, values, first, entry)
