"""Batches, and several answers of one producer: what the pool makes of them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from counterplan.dialogue.exchange import Answers, Offer, nothing
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.pool import Gathering, entries_of
from counterplan.dialogue.rounds import Dialogue, dialogue_of
from counterplan.economy.economy import Bools
from counterplan.economy.split import split_producers
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

COUNT = 13
FIELDS = ("answered", "shares", "values", "bounds", "courses", "duals")


@cache
def dialogue(batch: int = COUNT) -> Dialogue:
    """Return a dialogue with producers that answer in batches."""
    economy = split_producers(two_branch_economy(), producers=COUNT, seed=3, regions=1)
    return dialogue_of(problem_of(economy), scenario_of(), batch=batch)


def offer(number: int = 0) -> Offer:
    """Return an offer at which producers differ."""
    rng = np.random.default_rng(4)
    return Offer(number, rng.normal(size=dialogue().centre.rows.size))


def parts() -> Parts:
    """Return whose each variable is."""
    return dialogue().parts


def some(*who: int) -> Bools:
    """Return a mask of producers."""
    mask = np.zeros(COUNT, dtype=bool)
    mask[list(who)] = True
    return mask


def gathered(*batches: tuple[Answers, Bools]) -> Gathering:
    """Return a pool after some batches."""
    gathering = Gathering(parts(), ())
    for batch, who in batches:
        gathering.take(batch, who)
    return gathering


def assert_same(one: Answers, other: Answers) -> None:
    """Compare to the last bit."""
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@pytest.mark.parametrize("batch", [1, 4, 5, 12, 50])
def test_what_a_producer_answers_does_not_depend_on_the_batch(batch: int) -> None:
    whole = dialogue().workplaces.answer(offer())
    batches = list(dialogue(batch).workplaces.ask(offer(), some(*range(COUNT))))
    each = gathered(*((one, one.answered) for one in batches))

    assert len(batches) == -(-COUNT // batch)
    assert max(one.answered.sum() for one in batches) == min(batch, COUNT)
    assert_same(each.entries[0], whole)


def test_only_those_who_are_asked_answer_and_the_same_as_ever() -> None:
    whole, whom = dialogue().workplaces.answer(offer()), some(2, 3, 11)
    few = list(dialogue(4).workplaces.ask(offer(), whom))
    alone = gathered(*((one, one.answered) for one in few)).entries[0]

    assert len(few) == 2
    np.testing.assert_array_equal(alone.answered, whom)
    assert_same(alone, gathered((whole, whom)).entries[0])


def test_nobody_asked_is_nobody_answering() -> None:
    assert list(dialogue(4).workplaces.ask(offer(), some())) == []
    assert gathered((nothing(parts(), offer()), some())).pool() == ()


def test_answers_that_come_apart_make_one_entry_and_leave_the_old_pool_alone() -> None:
    whole = dialogue().workplaces.answer(offer())
    early = gathered((whole, some(0, 4))).pool()
    before = early[0].shares.copy()
    gathering = Gathering(parts(), early)
    taken = gathering.take(whole, some(*range(COUNT)))

    assert taken.first.sum() == COUNT - 2
    assert not taken.other.any()
    assert_same(gathering.pool()[0], whole)
    np.testing.assert_array_equal(early[0].shares, before)
    assert early[0].answered.sum() == 2


def test_the_same_answer_twice_is_one() -> None:
    whole = dialogue().workplaces.answer(offer())
    nearly = replace(whole, shares=whole.shares * (1 + 1e-13), values=whole.values * (1 - 1e-13))
    gathering = gathered((whole, whole.answered))
    taken = gathering.take(nearly, whole.answered)

    assert not (taken.first | taken.other | taken.raised).any()
    assert len(gathering.entries) == 1
    assert_same(gathering.entries[0], whole)


def test_of_two_answers_both_proposals_stay_and_the_larger_bound_counts() -> None:
    one = dialogue().workplaces.answer(offer())
    other = replace(
        dialogue().workplaces.answer(replace(offer(), valuations=-offer().valuations)),
        offer=offer(),
        bounds=one.bounds + np.where(some(5), 3.0, -3.0),
    )
    gathering = gathered((one, one.answered))
    taken = gathering.take(other, some(5, 6))
    first, second = gathering.pool()

    np.testing.assert_array_equal(taken.other, some(5, 6))
    np.testing.assert_array_equal(taken.raised, some(5))
    np.testing.assert_array_equal(second.answered, some(5, 6))
    assert first.bounds[5] == one.bounds[5] + 3.0
    assert first.bounds[6] == one.bounds[6]
    np.testing.assert_array_equal(first.shares, one.shares)
    np.testing.assert_array_equal(second.shares[:, 5], other.shares[:, 5])
    own = parts().columns == 6
    np.testing.assert_array_equal(second.courses[own], other.courses[own])
    assert np.isinf(second.bounds[[5, 6]]).all()
    own_rules = parts().rows == 5
    np.testing.assert_array_equal(first.duals[own_rules], other.duals[own_rules])


def test_a_third_answer_finds_a_place_of_its_own() -> None:
    one = dialogue().workplaces.answer(offer())
    others = [replace(one, shares=one.shares * k, values=one.values - k) for k in (2.0, 3.0)]
    everybody = some(*range(COUNT))
    gathering = gathered((one, everybody), (others[0], some(1, 2)), (others[1], some(2, 3)))
    gathering.take(replace(one, offer=replace(offer(), part=1)), everybody)
    places = entries_of(gathering.pool(), (0, 0))
    pool = gathering.pool()

    assert places == [0, 1, 2]
    assert entries_of(pool, (0, 1)) == [3]  # another valuation of the same round
    assert entries_of(pool, (1, 0)) == []
    np.testing.assert_array_equal(pool[1].answered, some(1, 2, 3))
    np.testing.assert_array_equal(pool[2].answered, some(2))
    np.testing.assert_array_equal(pool[1].shares[:, 3], others[1].shares[:, 3])
    np.testing.assert_array_equal(pool[2].shares[:, 2], others[1].shares[:, 2])
    assert gathering.take(others[0], some(1, 2)).other.sum() == 0
