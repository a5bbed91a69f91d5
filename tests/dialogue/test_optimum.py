"""On random economies the dialogue comes to the central optimum that is found from all data.

Everybody answers truthfully by standing answers. Every figure is recomputed on the whole problem:
the dialogue's own word is not taken for its value, its bound, or its plan.
"""

from collections import Counter

import numpy as np
import pytest

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.replanning.recut import IN_FORCE
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.economy.economy import Bools
from counterplan.plan.certificate import Certificate
from tests.dialogue.membership import Turnover, turnover
from tests.dialogue.strategies import ENOUGH, Held, case_of, held

EVERY = range(50)
SOON = 8  # so many run with the other tests, the rest among the slow ones
SEEDS = [seed if seed < SOON else pytest.param(seed, marks=pytest.mark.slow) for seed in EVERY]
ROUNDING = 1e-9  # of base consumption
OFTEN = 10  # of the fifty: how often each feature must occur
RESIDUAL_MAX = 1e-7
NOBODY = {12, 15}  # seeds in whose economy no two producers can be spared
TURNING = range(4)  # so many run with the other tests
TURNS = [seed if seed in TURNING else pytest.param(seed, marks=pytest.mark.slow) for seed in EVERY]
FEATURES = (
    "joint products",
    "several periods",
    "zero capacities",
    "leave",
    "join",
    "idle techniques",
    "several skills",
    "long gestation",
    "imported only",
    "regions",
    "emission limits",
    "stocks",
)


def in_force(found: Held) -> list[State]:
    """Return the states in which there is a plan."""
    return [state for state in found.states if state.mixture is not None]


def certificates(found: Held) -> list[Certificate]:
    """Return the certificate of every plan on the way, recomputed on the whole problem."""
    return [found.dialogue.plan(state).certificate for state in in_force(found)]


def test_what_the_property_speaks_of_occurs_often() -> None:
    counts = Counter(feature for seed in EVERY for feature in case_of(seed).features)
    soon = Counter(feature for seed in range(SOON) for feature in case_of(seed).features)

    assert {name: counts[name] for name in FEATURES if counts[name] < OFTEN} == {}
    assert [name for name in FEATURES if not soon[name]] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_dialogue_comes_to_the_central_optimum(seed: int) -> None:
    found = held(seed)
    try:
        the_last_plan_is_the_optimum_within_the_certified_gap(found)
        every_plan_on_the_way_keeps_every_rule_and_none_is_worse_than_the_one_before(found)
        nobody_is_assigned_anything_but_a_mixture_of_its_own_proposals(found)
    finally:
        held.cache_clear()


def the_last_plan_is_the_optimum_within_the_certified_gap(found: Held) -> None:
    yardstick = found.dialogue.yardstick
    best, mine = found.optimum.certificate, certificates(found)[-1]
    allowed = ROUNDING * yardstick

    assert best.holds
    assert mine.gap <= ENOUGH
    # The two intervals, from the value found to the bound proved, overlap.
    assert mine.value <= best.bound + allowed
    assert mine.bound >= best.value - allowed
    assert abs(best.value - mine.value) <= (abs(mine.gap) + abs(best.gap)) * yardstick


def every_plan_on_the_way_keeps_every_rule_and_none_is_worse_than_the_one_before(
    found: Held,
) -> None:
    recomputed = certificates(found)
    values = [one.value for one in recomputed]

    assert max(one.residual for one in recomputed) <= RESIDUAL_MAX
    assert np.diff(values).min(initial=0.0) >= -ROUNDING * found.dialogue.yardstick
    said = [state.rounds[-1].value for state in in_force(found)]
    np.testing.assert_allclose(said, values, rtol=0, atol=ROUNDING * found.dialogue.yardstick)


def nobody_is_assigned_anything_but_a_mixture_of_its_own_proposals(found: Held) -> None:
    mixtures_of_own_proposals(found.dialogue, found.states[-1])


def mixtures_of_own_proposals(dialogue: Dialogue, state: State) -> None:
    parts = dialogue.parts
    assert state.mixture is not None
    weights, primal = state.mixture.weights, dialogue.plan(state).primal
    answered = np.stack([one.answered for one in state.pool])[: len(weights)]

    assert (weights >= 0).all()
    assert not weights[~answered].any()
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=1e-12)
    for producer in range(len(parts.producers)):
        own = parts.columns == producer
        proposals = np.stack([one.courses[own] for one in state.pool])[: len(weights)]
        mixed = weights[:, producer] @ proposals
        size = np.abs(proposals).max()
        np.testing.assert_allclose(mixed, primal[own], rtol=0, atol=1e-12 * size)


# ---- a producer comes, another leaves, while a plan is in force ---------------------------------


@pytest.mark.parametrize("seed", TURNS)
def test_from_anothers_pool_the_dialogue_comes_to_the_new_optimum(seed: int) -> None:
    found = turnover(seed)
    try:
        assert (found is None) == (seed in NOBODY)
        if found is not None:
            who_comes_has_proposed_nothing_and_who_leaves_is_cut_to_nothing(found)
            what_the_others_proposed_is_kept(found)
            the_new_plan_is_the_new_optimum_within_the_certified_gap(found)
    finally:
        turnover.cache_clear()


def who_comes_has_proposed_nothing_and_who_leaves_is_cut_to_nothing(found: Turnover) -> None:
    replanning, last = found.replanning, found.steps[-1]
    problem, codes = replanning.dialogue.parts.problem, replanning.dialogue.parts.producers
    owner = problem.outlook.economy.techniques.producer
    come, left = codes.index(found.newcomer), codes.index(found.leaver)

    assert len(found.before.pool[0].answered) == len(codes) - 1
    assert not any(one.answered[come] for one in replanning.start.pool)
    assert np.flatnonzero(replanning.touched).tolist() == [left]
    for one in last.state.pool:
        assert not problem.value("activity", one.courses)[owner == left].any()
    assert last.plan is not None
    assert last.plan.quantity("activity")[owner == come].max() > 0


def what_the_others_proposed_is_kept(found: Turnover) -> None:
    replanning = found.replanning
    codes = replanning.dialogue.parts.producers
    others = np.array([code not in (found.newcomer, found.leaver) for code in codes])
    before = others[np.array(codes) != found.newcomer]
    start = replanning.start.pool

    assert len(start) == len(found.before.pool) + 1
    assert start[IN_FORCE].answered[others].all()
    for old, new in zip(found.before.pool, start[IN_FORCE + 1 :], strict=True):
        np.testing.assert_array_equal(new.answered[others], old.answered[before])
        np.testing.assert_allclose(new.values[others], old.values[before], rtol=1e-12, atol=1e-12)
        kept = activities(found.dialogue, old, before)
        assert activities(replanning.dialogue, new, others) == kept


def activities(dialogue: Dialogue, answers: Answers, who: Bools) -> dict[str, list[float]]:
    """Return the activity of every technique of some producers in their proposals."""
    problem = dialogue.parts.problem
    techniques = problem.outlook.economy.techniques
    found = problem.value("activity", answers.courses)
    return {
        code: row.tolist()
        for code, row, owner in zip(techniques.codes, found, techniques.producer, strict=True)
        if who[owner]
    }


def the_new_plan_is_the_new_optimum_within_the_certified_gap(found: Turnover) -> None:
    replanning, last, best = found.replanning, found.steps[-1], found.optimum.certificate
    assert last.plan is not None
    mine, yardstick = last.plan.certificate, replanning.dialogue.yardstick

    assert best.holds
    assert mine.gap <= ENOUGH + ROUNDING
    assert mine.residual <= RESIDUAL_MAX
    assert mine.value <= best.bound + ROUNDING * yardstick
    assert abs(best.value - mine.value) <= (abs(mine.gap) + abs(best.gap)) * yardstick
    in_force = [step.state for step in found.steps if step.state.mixture is not None]
    for state in in_force:
        assert replanning.dialogue.plan(state).certificate.residual <= RESIDUAL_MAX
    mixtures_of_own_proposals(replanning.dialogue, in_force[-1])
