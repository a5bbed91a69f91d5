"""The rounds against the central optimum that is found from all data."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from counterplan.dialogue import rounds
from counterplan.dialogue.drafts import as_before, draft_of
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.rounds import REACHES, WAY, Dialogue, State, dialogue_of
from counterplan.dialogue.statistics import by_branches
from counterplan.dialogue.transport import Transport
from counterplan.economy.economy import Bools, Economy
from counterplan.economy.split import split_producers
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import certify
from counterplan.plan.make import make_plan
from counterplan.plan.problem import Problem
from counterplan.plan.shocks import PriceShock
from counterplan.solve.highs import solve
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
ROUNDS, ENOUGH = 25, 1e-3


def split(producers: int = 12, seed: int = 3) -> Economy:
    """Return the two-branch economy in the hands of many workplaces."""
    return split_producers(two_branch_economy(), producers=producers, seed=seed, regions=1)


def begun(dialogue: Dialogue) -> Offer:
    """Return the first offer: nothing is worth anything."""
    return Offer(0, np.zeros(dialogue.centre.rows.size))


@cache
def held(producers: int = 12, seed: int = 3) -> tuple[Dialogue, tuple[State, ...]]:
    """Hold a dialogue under a fall of the export price; return the state after each round."""
    problem = problem_of(split(producers, seed), shocks=(DROP,))
    dialogue = dialogue_of(problem, scenario_of(shocks=(DROP,)))
    return dialogue, tuple(until_enough(dialogue))


def until_enough(dialogue: Dialogue) -> Iterator[State]:
    """Yield states until the gap is small."""
    drafts = (as_before(dialogue.parts.problem),)
    for state in dialogue.rounds(begun(dialogue), drafts=drafts, rounds_max=ROUNDS):
        yield state
        if state.rounds[-1].gap <= ENOUGH:
            return


@cache
def optimum(producers: int = 12, seed: int = 3) -> float:
    """Return the best value that HiGHS finds from all data."""
    problem: Problem = held(producers, seed)[0].parts.problem
    answer = solve(problem.program)
    certificate = certify(problem, primal=answer.primal, dual=answer.dual)
    assert certificate.holds
    return certificate.value


@pytest.mark.parametrize("seed", [3, 4])
def test_the_plan_comes_to_the_central_optimum_within_the_certified_gap(seed: int) -> None:
    dialogue, states = held(12, seed)
    last = states[-1].rounds[-1]
    best, allowed = optimum(12, seed), 1e-6 * dialogue.yardstick

    assert last.gap <= ENOUGH
    assert last.value <= best + allowed
    assert last.bound >= best - allowed
    assert dialogue.plan(states[-1]).certificate.gap == pytest.approx(last.gap, abs=1e-9)


def test_the_value_never_falls_and_the_bound_never_rises() -> None:
    _, states = held()
    values = [state.rounds[-1].value for state in states]
    bounds = [state.rounds[-1].bound for state in states]

    assert np.diff(values).min() >= 0
    assert np.diff(bounds).max() <= 0


def test_every_plan_on_the_way_keeps_every_rule() -> None:
    dialogue, states = held()

    for state in states:
        assert dialogue.plan(state).certificate.residual <= 1e-7


def test_nobody_is_assigned_anything_but_a_mixture_of_its_own_proposals() -> None:
    dialogue, states = held()
    state = states[-1]
    assert state.mixture is not None
    weights = state.mixture.weights
    primal = dialogue.plan(state).primal
    parts = dialogue.parts

    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=1e-12)
    for producer in range(len(parts.producers)):
        own = parts.columns == producer
        proposals = np.stack([answers.courses[own] for answers in state.pool])
        np.testing.assert_allclose(
            weights[:, producer] @ proposals, primal[own], rtol=1e-9, atol=1e-12
        )


def test_a_bound_holds_whatever_is_offered() -> None:
    dialogue, _ = held()
    rng = np.random.default_rng(1)
    width = dialogue.centre.rows.size

    for _ in range(3):
        offer = Offer(0, rng.normal(size=width) * rng.uniform(0, 3))
        bounds = dialogue.workplaces.answer(offer).bounds
        assert dialogue.centre.bound(offer.valuations) + bounds.sum() >= optimum() * (1 - 1e-9)


class Deaf:
    """A transport over which only some are heard in each round."""

    def __init__(self, transport: Transport, heard: Callable[[int], Bools]) -> None:
        self.transport, self.heard = transport, heard

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Lose the answers of the others."""
        heard = whom & self.heard(offer.number)
        if heard.any():
            yield from self.transport.ask(offer, heard)


def deaf(economy: Economy, heard: Callable[[int], Bools]) -> Dialogue:
    """Return a dialogue in which only some are heard."""
    dialogue = dialogue_of(problem_of(economy, shocks=(DROP,)), scenario_of(shocks=(DROP,)))
    return replace(dialogue, transport=Deaf(dialogue.workplaces, heard))


def test_those_who_are_silent_slow_the_rounds_and_break_nothing() -> None:
    economy = split()
    rng = np.random.default_rng(7)
    heard = [rng.random(len(economy.producers)) > 0.3 for _ in range(40)]
    for k in range(0, 40, 4):
        heard[k][:] = True
    dialogue = deaf(economy, lambda k: heard[k])
    drafts = (as_before(dialogue.parts.problem),)
    states = list(dialogue.rounds(begun(dialogue), drafts=drafts, rounds_max=9))
    values = [state.rounds[-1].value for state in states]

    assert states[1].rounds[-1].answered == heard[1].sum() < len(economy.producers)
    assert np.diff(values).min() >= 0
    assert states[-1].rounds[-1].bound >= optimum() * (1 - 1e-9)
    for state in states:
        assert dialogue.plan(state).certificate.residual <= 1e-7


def test_nothing_is_mixed_before_everybody_was_heard_once() -> None:
    economy = split()
    quiet = np.arange(len(economy.producers)) > 0
    dialogue = deaf(economy, lambda _: quiet)
    state = next(dialogue.rounds(begun(dialogue)))

    assert state.mixture is None
    with pytest.raises(CounterplanError, match="no mixture of the proposals"):
        dialogue.plan(state)


def test_the_centres_statistics_give_a_first_plan_that_is_near() -> None:
    economy = split(20)
    problem = problem_of(economy, shocks=(DROP,))
    scenario = scenario_of(shocks=(DROP,))
    dialogue = dialogue_of(problem, scenario)
    by_branch = make_plan(by_branches(economy), scenario)
    drafts = (as_before(problem), draft_of(by_branch))
    blind = next(dialogue.rounds(begun(dialogue), drafts=drafts[:1])).rounds[-1]
    told = next(dialogue.rounds(begun(dialogue), drafts=drafts)).rounds[-1]

    assert told.value > blind.value


def test_a_first_pool_that_cannot_be_mixed_is_asked_for_what_is_missing() -> None:
    problem = problem_of(split(), shocks=(DROP,))
    dialogue = dialogue_of(problem, scenario_of(shocks=(DROP,)))
    dear = np.zeros(dialogue.centre.rows.size)
    rows = problem.rows["labour"].rows
    place = np.searchsorted(dialogue.centre.rows, rows[rows >= 0])
    dear[place] = 50.0  # the sign that makes everybody hire
    states = list(dialogue.rounds(Offer(0, -dear), rounds_max=8))

    assert states[0].mixture is None or states[0].rounds[-1].shortage == 0.0
    assert states[-1].mixture is not None
    assert dialogue.plan(states[-1]).certificate.residual <= 1e-7


# ---- what a round offers ------------------------------------------------------------------------


def test_as_long_as_nothing_is_proved_the_mixtures_valuations_are_offered() -> None:
    dialogue, states = held()
    state = replace(states[1], totals=())
    assert state.proved is None
    assert state.mixture is not None
    (offer,) = dialogue.offers(state)

    np.testing.assert_array_equal(offer.valuations, state.mixture.valuations)
    with pytest.raises(CounterplanError, match="there is no mixture yet"):
        dialogue.offers(replace(state, mixture=None))


def test_offers_lie_on_the_way_from_the_best_bounds_to_the_mixtures_valuations() -> None:
    dialogue, states = held()
    state = states[3]
    assert state.proved is not None
    assert state.mixture is not None
    known, wanted = state.proved.offer.valuations, state.mixture.valuations
    offers = dialogue.offers(state)

    assert len(offers) == len(WAY) == 5
    assert WAY[-1] == 1.0
    for share, offer in zip(WAY, offers, strict=True):
        expected = (1 - share) * known + share * wanted
        np.testing.assert_allclose(offer.valuations, expected, rtol=1e-9, atol=1e-12)
        assert offer.own_costs == 1.0
    # The offers that were made carry the number of the round and their place on the way.
    assert [one.key for one in state.offering] == [(4, part) for part in range(5)]
    assert state.offer.key == (4, 4)


@pytest.mark.parametrize("made", [0, 1, 2])
def test_in_the_first_rounds_valuations_are_held_back(
    made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue, states = held()
    state = replace(states[3], rounds=states[3].rounds[:made])
    assert state.proved is not None
    assert state.mixture is not None
    known, gap = state.proved.offer.valuations, state.bound - state.mixture.value
    asked: list[dict[str, object]] = []

    def pulled(*_: object, **how: object) -> np.ndarray:
        asked.append(how)
        return known + 1.0

    monkeypatch.setattr(rounds, "pulled", pulled)
    offers = dialogue.offers(state)
    if made < len(REACHES):
        (how,) = asked
        assert (how["gap"], how["reach"]) == (pytest.approx(gap), REACHES[made])
        np.testing.assert_array_equal(how["towards"], known)
        np.testing.assert_allclose(offers[0].valuations, known + WAY[0], rtol=1e-12)
    else:
        assert asked == []
    monkeypatch.setattr(rounds, "pulled", lambda *_, **__: None)
    last = dialogue.offers(state)[-1]
    np.testing.assert_allclose(last.valuations, state.mixture.valuations, rtol=1e-9, atol=1e-12)


def test_how_exact_to_be_follows_from_what_is_proved_to_be_missing() -> None:
    dialogue, states = held()
    size, state = dialogue.yardstick, states[-1]
    assert state.mixture is not None
    blind, done = replace(state, totals=()), replace(state, totals=(((0, 0), state.mixture.value),))

    assert dialogue.known_gap(replace(state, mixture=None)) == size
    assert dialogue.known_gap(blind) == size
    assert dialogue.known_gap(state) == pytest.approx(state.bound - state.mixture.value)
    assert dialogue.known_gap(done) == pytest.approx(1e-7 * size)
    assert dialogue.exact(size) == pytest.approx(0.01 * size)
    assert dialogue.exact(1e-3 * size) == pytest.approx(1e-4 * size)


def test_the_least_bound_counts_whichever_part_of_an_offer_it_is_of() -> None:
    dialogue, states = held()
    for state in states:
        totals = dict(state.totals)
        assert state.proved is not None
        assert state.bound == min(totals.values())
        assert totals[state.proved.offer.key] == state.bound
        # Recomputed from the answers that are in the pool.
        for key, total in totals.items():
            (answers,) = (one for one in state.pool if one.offer.key == key)
            by_hand = dialogue.centre.bound(answers.offer.valuations) + answers.bounds.sum()
            assert total == pytest.approx(by_hand, rel=1e-12)
            again = dialogue.workplaces.answer(answers.offer)
            np.testing.assert_allclose(answers.bounds, again.bounds, rtol=1e-9, atol=1e-9)
    assert {key[1] for key in totals} == {0, 1, 2, 3, 4}
