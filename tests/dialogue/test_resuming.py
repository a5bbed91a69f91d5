"""Where the next search begins: weights add up, everything is positive, duals stay feasible."""

from dataclasses import replace

import numpy as np
import pytest

from counterplan.dialogue.resuming import NEW, Start, kept_start, point_of
from counterplan.economy.economy import Bools, Floats
from counterplan.solve.mixing import Proposals, mix
from counterplan.solve.points import Point
from tests.solve.mixtures import Mixture, mixture, wished

SEEDS = range(10)
FEASIBLE = 2e-4  # a point is kept once its dual residual is below 1e-4


def entries(one: Mixture, counts: Floats) -> Bools:
    """Return in which entry of a pool each block's proposals stand [E x S], some left empty."""
    chosen = np.zeros((int(counts.max()) + 1, counts.size), dtype=bool)
    for s, count in enumerate(counts):
        chosen[np.arange(count) + s % 2, s] = True
    return chosen


def grown(one: Mixture, seed: int, more: int = 2) -> tuple[Mixture, Bools, Bools]:
    """Return a problem with more proposals, and what was chosen before and is now [E x S]."""
    rng = np.random.default_rng(seed)
    counts = np.diff(one.first)
    before = entries(one, counts)
    now = np.vstack([before, rng.random((more, counts.size)) < 0.7])
    shares, values = [], []
    for s in range(counts.size):
        own = slice(one.first[s], one.first[s + 1])
        added = int(now[len(before) :, s].sum())
        drawn = rng.normal(size=(len(one.shares), added)) * np.abs(one.shares).max(axis=1)[:, None]
        shares += [one.shares[:, own], drawn]
        values += [one.values[own], rng.normal(size=added)]
    first = np.concatenate([[0], np.cumsum(now.sum(axis=0))])
    whole = replace(one, shares=np.hstack(shares), values=np.concatenate(values), first=first)
    return whole, before, now


def started(one: Mixture, chosen: Bools) -> Start:
    """Return the start that a search leaves."""
    answer = mix(one.frame, one.proposals, wished(one, keep_gap=0.02 * one.size))
    assert answer is not None
    return kept_start(answer.kept, chosen)


def reduced(one: Mixture, proposals: Proposals, point: Point) -> Floats:
    """Return what each proposal costs at the point's duals, by hand [K]."""
    prices = point.rules[one.touched]
    cost = [
        -v * one.frame.unit - a @ prices
        for v, a in zip(proposals.values, proposals.shares.T, strict=True)
    ]
    return np.array(cost) - point.ones[proposals.owner]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_start_gives_back_the_point_that_was_kept(seed: int) -> None:
    one = mixture(seed)
    chosen = entries(one, np.diff(one.first))
    answer = mix(one.frame, one.proposals, wished(one, keep_gap=0.02 * one.size))
    assert answer is not None
    start = kept_start(answer.kept, chosen)
    again = point_of(start, one.frame, one.proposals, chosen)

    np.testing.assert_array_equal(start.weights > 0, chosen)
    own = one.frame.cost.size
    weights = answer.kept.z[own:] / np.add.reduceat(answer.kept.z[own:], one.first[:-1])[one.owner]
    np.testing.assert_allclose(again.z[own:], weights, rtol=1e-12)
    np.testing.assert_array_equal(again.z[:own], answer.kept.z[:own])
    mean = answer.kept.products / (answer.kept.z.size + answer.kept.room.size)
    np.testing.assert_allclose(
        again.low,
        np.where(
            np.arange(again.low.size) < own, answer.kept.low, np.maximum(answer.kept.low, 2 * mean)
        ),
        rtol=1e-6,
    )
    for name in ("room", "high", "rules", "ones"):
        np.testing.assert_array_equal(getattr(again, name), getattr(answer.kept, name))


@pytest.mark.parametrize("seed", SEEDS)
def test_with_new_proposals_weights_add_up_and_duals_stay_feasible(seed: int) -> None:
    one = mixture(seed)
    whole, before, now = grown(one, seed)
    start = started(one, before)
    point = point_of(start, whole.frame, whole.proposals, now)
    own = whole.frame.cost.size
    weights, low = point.z[own:], point.low[own:]
    costs = reduced(whole, whole.proposals, point)
    scale = 1 + np.abs(whole.values).max() * whole.frame.unit

    np.testing.assert_allclose(np.add.reduceat(weights, whole.first[:-1]), 1.0, rtol=1e-12)
    assert min(part.min() for part in (point.z, point.low, point.room, point.high)) > 0
    assert costs.min() >= -FEASIBLE * scale  # every proposal, old or new
    floor = low.min()
    # A dual is what its proposal costs, or the floor that keeps it from the boundary.
    np.testing.assert_allclose(low, np.maximum(costs, floor), atol=FEASIBLE * scale)
    assert (point.ones <= start.point.ones).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_new_proposals_weigh_little_and_old_ones_keep_their_order(seed: int) -> None:
    one = mixture(seed)
    whole, before, now = grown(one, seed)
    start = started(one, before)
    point = point_of(start, whole.frame, whole.proposals, now)
    weights = np.zeros(now.shape)
    weights.T[now.T] = point.z[whole.frame.cost.size :]
    there = now[: len(before)]
    old, new = weights[: len(before)], weights[len(before) :]

    assert (new.sum(axis=0) <= NEW * (1 + 1e-12)).all()
    assert (new[now[len(before) :]] > 0).all()
    share = start.weights / start.weights.sum(axis=0)
    left = (1 - new.sum(axis=0)) * share
    np.testing.assert_allclose(old[there], left[there], rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_search_from_there_comes_to_the_best(seed: int) -> None:
    one = mixture(seed)
    whole, before, now = grown(one, seed)
    point = point_of(started(one, before), whole.frame, whole.proposals, now)
    answer = mix(whole.frame, whole.proposals, wished(whole), start=point)
    assert answer is not None

    assert whole.value(answer) == pytest.approx(whole.best(), abs=1e-6 * whole.size)


def test_a_producer_all_of_whose_proposals_are_new_mixes_them_evenly() -> None:
    one = mixture(4)
    chosen = entries(one, np.diff(one.first))
    start = started(one, chosen)
    block = int(np.diff(one.first).argmax())
    start.weights[:, block] = 0.0  # none of them was mixed before
    point = point_of(start, one.frame, one.proposals, chosen)
    own = slice(one.first[block], one.first[block + 1])
    weights = point.z[one.frame.cost.size :]

    np.testing.assert_allclose(weights[own], 1 / np.diff(one.first)[block], rtol=1e-15)
    np.testing.assert_allclose(np.add.reduceat(weights, one.first[:-1]), 1.0, rtol=1e-12)


def test_what_is_left_out_gives_its_weight_to_the_others() -> None:
    one = mixture(4)
    counts = np.diff(one.first)
    chosen = entries(one, counts)
    start = started(one, chosen)
    block = int(counts.argmax())
    gone = one.first[block]
    fewer = chosen.copy()
    fewer[np.flatnonzero(chosen[:, block])[0], block] = False
    kept = np.arange(one.values.size) != gone
    first = np.concatenate([[0], np.cumsum(fewer.sum(axis=0))])
    less = replace(one, shares=one.shares[:, kept], values=one.values[kept], first=first)
    point = point_of(start, less.frame, less.proposals, fewer)
    weights = point.z[less.frame.cost.size :]

    np.testing.assert_allclose(np.add.reduceat(weights, first[:-1]), 1.0, rtol=1e-12)
    was = start.weights.T[fewer.T][first[block] : first[block + 1]]
    np.testing.assert_allclose(
        weights[first[block] : first[block + 1]], was / was.sum(), rtol=1e-12
    )
