"""Whole assignments against every combination, and what must hold of each of them."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from counterplan.dialogue import whole
from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.master import mixed
from counterplan.dialogue.result import proof
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.whole import whole_assignment
from counterplan.economy.split import split_producers
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import RESIDUAL_MAX, certify
from counterplan.plan.shocks import PriceShock
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine, Outcome
from tests.dialogue.strategies import held as drawn
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
COMBINATIONS_MAX = 700


@cache
def held(producers: int, seed: int, rounds: int) -> tuple[Dialogue, State]:
    """Hold a few rounds of a small dialogue."""
    economy = split_producers(two_branch_economy(), producers=producers, seed=seed, regions=1)
    dialogue = dialogue_of(problem_of(economy, shocks=(DROP,)), scenario_of(shocks=(DROP,)))
    first = Offer(0, np.zeros(dialogue.centre.rows.size))
    drafts = (as_before(dialogue.parts.problem),)
    *_, state = dialogue.rounds(first, drafts=drafts, rounds_max=rounds)
    return dialogue, state


def distinct(state: State, producer: int) -> list[int]:
    """Return the places of a producer's proposals, each one once."""
    found: dict[bytes, int] = {}
    for k, one in enumerate(state.pool):
        if one.answered[producer]:
            numbers = np.append(one.shares[:, producer], one.values[producer])
            found.setdefault(np.round(numbers, 9).tobytes(), k)
    return list(found.values())


def by_force(dialogue: Dialogue, state: State) -> float:
    """Return the best value over all combinations of one proposal each."""
    program = mixed(dialogue.centre, state.pool)
    count, people = dialogue.centre.columns.size, len(dialogue.parts.producers)
    places = np.stack([one.answered for one in state.pool])
    choices = [distinct(state, s) for s in range(people)]
    assert np.prod([len(one) for one in choices]) <= COMBINATIONS_MAX
    best = -np.inf
    for choice in product(*choices):
        weights = np.zeros(places.shape)
        weights[list(choice), np.arange(people)] = 1.0
        fixed = np.concatenate([program.lower[:count], weights[places]])
        upper = np.concatenate([program.upper[:count], weights[places]])
        one = replace(program, lower=fixed, upper=upper)
        answer = solve_divisible(one, engine=Engine.SIMPLEX, seconds_max=10.0)
        if answer.outcome is Outcome.SOLVED:
            best = max(best, float(program.reward @ answer.primal))
    return best


@pytest.mark.parametrize(("producers", "seed", "rounds"), [(3, 3, 2), (5, 4, 1)])
def test_few_choices_are_as_good_as_the_best_of_all_combinations(
    producers: int, seed: int, rounds: int
) -> None:
    dialogue, state = held(producers, seed, rounds)
    found = whole_assignment(dialogue, state)

    assert found.mixture is not None
    best = by_force(dialogue, state)
    assert found.mixture.value == pytest.approx(best, abs=2 * whole.CLOSE * dialogue.yardstick)


@pytest.mark.parametrize("few", [0, whole.FEW])
@pytest.mark.parametrize("every", [1, 2])
def test_everybody_has_one_own_proposal_or_a_mixture_and_every_rule_is_kept(
    few: int, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "FEW", few)
    dialogue, state = held(12, 3, 4)
    who = np.arange(12) % every == 0
    found = whole_assignment(dialogue, state, who)

    checked(dialogue, state, found, who)


@pytest.mark.parametrize("seed", range(3))
def test_on_random_economies_no_assignment_is_better_than_the_mixture(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "FEW", 0)
    case = drawn(seed)
    people = len(case.dialogue.parts.producers)
    who = np.random.default_rng(seed).random(people) < 0.5
    found = whole_assignment(case.dialogue, case.states[-1], who)

    if found.mixture is None:
        assert found.hindrances
    else:
        checked(case.dialogue, case.states[-1], found, who)


def checked(dialogue: Dialogue, state: State, found: whole.Whole, who: np.ndarray) -> None:
    """Check an assignment by what is recomputed of it, and not by its own word."""
    assert found.mixture is not None
    assert state.mixture is not None
    weights, unit = found.mixture.weights, dialogue.yardstick
    primal = dialogue.primal(found.mixture, state.pool)
    certificate = certify(dialogue.parts.problem, primal=primal, dual=proof(dialogue, state))

    assert certificate.residual <= RESIDUAL_MAX
    assert set(np.unique(weights[:, who])) <= {0.0, 1.0}
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=1e-12)
    answered = np.stack([one.answered for one in state.pool])
    assert not weights[~answered].any()
    assert (found.chosen[~who] == -1).all()
    assert (weights[found.chosen[who], np.flatnonzero(who)] == 1.0).all()
    assert certificate.value <= state.mixture.value + max(1e-6, state.rounds[-1].gap) * unit
    assert certificate.value <= state.bound + 1e-9 * unit
    assert found.short == pytest.approx(certificate.gap, abs=1e-9)
    assert found.loss == pytest.approx((state.mixture.value - certificate.value) / unit, abs=1e-9)
    assert f"{100 * found.loss:.3g}%" in found.verdict()


def test_it_is_the_same_every_time() -> None:
    dialogue, state = held(12, 3, 4)
    one, other = whole_assignment(dialogue, state), whole_assignment(dialogue, state)

    np.testing.assert_array_equal(one.chosen, other.chosen)
    assert one.loss == other.loss


@pytest.mark.parametrize("few", [0, whole.FEW])
def test_where_all_or_nothing_breaks_rules_they_are_named(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each producer does twice or three times what the mixture asks of it: labour is short."""
    monkeypatch.setattr(whole, "FEW", few)
    dialogue, state = held(3, 3, 4)
    assert state.mixture is not None
    double = summed(state, state.mixture.weights, 2.0)
    more = summed(state, state.mixture.weights, 3.0)
    halves = replace(state.mixture, weights=np.full((2, 3), 0.5))
    hard = replace(state, pool=(double, more), mixture=halves)
    found = whole_assignment(dialogue, hard)

    assert found.mixture is None
    assert found.split == 3
    assert found.hindrances[0].share > 1e-3
    assert "no assignment" in found.verdict()
    assert found.hindrances[0].place in found.verdict()


def summed(state: State, weights: np.ndarray, factor: float) -> Answers:
    """Return one proposal of each producer: so many times its mixture."""
    shares = sum(one.shares * row for row, one in zip(weights, state.pool, strict=True))
    values = sum(one.values * row for row, one in zip(weights, state.pool, strict=True))
    first = state.pool[0]
    return replace(
        first,
        answered=np.ones_like(first.answered),
        shares=factor * np.asarray(shares),
        values=factor * np.asarray(values),
    )


def test_without_a_mixture_there_is_nothing_to_make_whole() -> None:
    dialogue, state = held(3, 3, 4)

    with pytest.raises(CounterplanError, match="no mixture"):
        whole_assignment(dialogue, replace(state, mixture=None))
