"""Which proposals are mixed: what weighs, the best five, what is new; nothing twice."""

from collections.abc import Sequence

import numpy as np
import pytest

from counterplan.dialogue import selection
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.selection import BEST, WEIGHING, ranks
from counterplan.economy.economy import Bools, Floats

RULES = 4
VALUATIONS = np.array([1.0, -2.0, 0.5, 0.0])


def entry(shares: Floats, values: Floats, answered: Sequence[bool] | None = None) -> Answers:
    """Return proposals [L x S] of producers, and nothing that selection does not read."""
    count = values.size
    return Answers(
        offer=Offer(0, VALUATIONS),
        answered=np.ones(count, dtype=bool) if answered is None else np.array(answered),
        shares=shares,
        values=values,
        bounds=np.zeros(count),
        courses=np.zeros(0),
        duals=np.zeros(0),
    )


def drawn(entries: int, producers: int, *, seed: int = 0, heard: float = 1.0) -> list[Answers]:
    """Draw a pool in which no two proposals are the same."""
    rng = np.random.default_rng(seed)
    pool = []
    for k in range(entries):
        answered = rng.random(producers) < heard
        answered |= k == 0
        shares, values = rng.normal(size=(RULES, producers)), rng.normal(size=producers)
        pool.append(entry(shares * answered, values * answered, answered.tolist()))
    return pool


def selected(pool: Sequence[Answers], weights: Floats, *, rules: int = 0) -> Bools:
    """Return which proposals are mixed [E x S]."""
    return selection.selected(pool, weights, VALUATIONS, rules=rules)


def worths(pool: Sequence[Answers]) -> Floats:
    """Return what each proposal is worth [E x S], by hand."""
    return np.array(
        [
            [one.values[s] - sum(VALUATIONS * one.shares[:, s]) for s in range(one.values.size)]
            for one in pool
        ]
    )


def test_the_best_five_and_what_weighs_and_what_is_new_are_mixed() -> None:
    pool = drawn(14, 3)
    worth, known = worths(pool), 11
    places = np.argsort(np.argsort(-worth, axis=0), axis=0)
    weights = np.zeros((known, 3))
    worst = int(places[:known, 1].argmax())
    weights[worst, 1] = 2 * WEIGHING
    last_but = int(np.argsort(places[:known, 2])[-1])
    weights[last_but, 2] = 0.5 * WEIGHING  # that is as good as none
    chosen = selected(pool, weights)

    expected = places < BEST
    expected[known:] = True
    expected[worst, 1] = True
    np.testing.assert_array_equal(chosen, expected)
    assert not chosen[last_but, 2]
    assert not chosen.all()


def test_with_many_rules_for_few_producers_more_are_mixed() -> None:
    pool = drawn(14, 3)
    places = np.argsort(np.argsort(-worths(pool), axis=0), axis=0)
    for rules, more in ((0, 0), (1, 1), (3, 1), (4, 2), (12, 4)):
        chosen = selected(pool, np.zeros((14, 3)), rules=rules)
        np.testing.assert_array_equal(chosen, places < BEST + more)


def test_only_what_was_proposed_is_mixed() -> None:
    pool = drawn(12, 6, heard=0.4)
    chosen = selected(pool, np.zeros((9, 6)))

    there = np.stack([one.answered for one in pool])
    assert not (chosen & ~there).any()
    old = there[:9].sum(axis=0)
    np.testing.assert_array_equal(chosen.sum(axis=0) >= np.minimum(old, BEST), True)


@pytest.mark.parametrize("seed", range(20))
def test_no_producer_is_left_without_a_proposal(seed: int) -> None:
    pool = drawn(9, 5, seed=seed, heard=0.15)
    again = [*pool, *pool]  # everything a second time
    chosen = selected(again, np.zeros((16, 5)))

    assert chosen.any(axis=0).all()


def test_of_the_same_twice_one_is_mixed() -> None:
    one, other = drawn(2, 3)
    nearly = entry(other.shares * (1 + 1e-13), other.values * (1 - 1e-13))
    chosen = selected([one, other, nearly, other], np.zeros((1, 3)))

    assert chosen.tolist() == [[True] * 3, [True] * 3, [False] * 3, [False] * 3]


@pytest.mark.parametrize("what", ["shares", "values"])
def test_what_differs_in_anything_is_not_the_same(what: str) -> None:
    (one,) = drawn(1, 1)
    shares, values = one.shares.copy(), one.values.copy()
    if what == "shares":
        shares[0] += 1e-3
    else:
        values += 1e-3
    chosen = selected([one, entry(shares, values)], np.zeros((1, 1)))

    assert chosen.all()


def test_two_proposals_of_the_same_worth_are_not_the_same() -> None:
    # At the valuations of a corner all proposals of a mixture are worth the same.
    one = entry(np.array([[4.0], [1.0], [0.0], [0.0]]), np.zeros(1))
    other = entry(np.array([[0.0], [-1.0], [0.0], [0.0]]), np.zeros(1))
    assert VALUATIONS @ one.shares == VALUATIONS @ other.shares
    chosen = selected([one, other], np.array([[0.5], [0.5]]))

    assert chosen.all()


def test_what_weighs_or_is_new_stays_in_the_place_where_it_was_first() -> None:
    pool = drawn(9, 2)
    worth = worths(pool)
    worst = worth.argmin(axis=0)  # not among the best five
    shares = np.stack([pool[k].shares[:, s] for s, k in enumerate(worst)], axis=1)
    values = np.array([pool[k].values[s] for s, k in enumerate(worst)])
    weights = np.zeros((10, 2))
    weights[9, 0] = 0.5
    by_weight = selected([*pool, entry(shares, values)], weights)
    as_new = selected([*pool, entry(shares, values)], np.zeros((9, 2)))

    assert by_weight[worst[0], 0]
    assert not by_weight[worst[1], 1]
    assert as_new[worst, [0, 1]].all()
    assert not by_weight[9].any()
    assert not as_new[9].any()


def test_ranks_count_from_the_best() -> None:
    assert ranks(np.array([[3.0, 1.0], [5.0, 1.0], [-np.inf, 2.0]])).T.tolist() == [
        [1, 0, 2],
        [1, 2, 0],
    ]
