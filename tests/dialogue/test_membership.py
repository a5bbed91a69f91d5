"""An economy that is known better while a plan is in force: other techniques, other capacities."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.dialogue.replanning.membership import passage_of
from counterplan.dialogue.replanning.replan import Replanning, Terms, replanning_of
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.economy.economy import Economy
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from tests.dialogue.strategies import ENOUGH, ROUNDS_MAX, SECONDS_MAX, case_of, until_enough

SEED = 3


@cache
def held() -> tuple[Dialogue, State]:
    """Return a dialogue that has come to its plan."""
    case = case_of(SEED)
    dialogue = dialogue_of(assemble(lay_out(case.economy, case.scenario)), case.scenario)
    *_, state = until_enough(dialogue)
    return dialogue, state


def reopened(economy: Economy) -> Replanning:
    """Return the replanning once the economy is known to be another one."""
    dialogue, state = held()
    terms = Terms(cost=0.0, gap=ENOUGH, rounds_max=ROUNDS_MAX)
    return replanning_of(dialogue, state, dialogue.scenario, economy=economy, terms=terms)


def jolted(given: sp.csc_array, random: np.random.Generator) -> sp.csc_array:
    """Return coefficients a few per cent away from what they were."""
    drawn = sp.csc_array(given, copy=True)
    drawn.data = drawn.data * np.exp(0.05 * random.standard_normal(drawn.data.size))
    return drawn


def known_better() -> Economy:
    """Return the economy with other techniques everywhere, and less capacity at one producer."""
    economy, random = case_of(SEED).economy, np.random.default_rng(5)
    own = economy.capital.producer == largest(economy)
    capacity = np.where(own, 0.9 * economy.capital.capacity, economy.capital.capacity)
    return replace(
        economy,
        techniques=replace(economy.techniques, use=jolted(economy.techniques.use, random)),
        capital=replace(economy.capital, capacity=capacity),
    )


def largest(economy: Economy) -> int:
    """Return a producer that has capital."""
    return int(economy.capital.producer[np.argmax(economy.capital.capacity)])


def test_the_same_economy_touches_nobody_and_changes_nothing() -> None:
    dialogue, state = held()
    replanning = reopened(case_of(SEED).economy)
    assert not replanning.touched.any()
    *_, last = replanning.steps()
    assert last.rounds == 0
    assert last.plan is not None
    np.testing.assert_allclose(last.plan.primal, dialogue.plan(state).primal, rtol=1e-9, atol=1e-9)


def test_the_programme_before_is_the_old_one_where_nothing_is_new() -> None:
    dialogue, _ = held()
    before, old = passage_of(dialogue, case_of(SEED).economy).before(), dialogue.parts.program
    assert abs(before.matrix - old.matrix).max() == 0
    np.testing.assert_array_equal(before.row_upper, old.row_upper)
    np.testing.assert_array_equal(before.upper, old.upper)
    np.testing.assert_array_equal(before.reward, old.reward)


def test_only_whose_own_rules_are_others_cut_what_they_proposed() -> None:
    economy = known_better()
    touched = reopened(economy).touched
    assert list(np.flatnonzero(touched)) == [largest(economy)]


def test_the_rounds_come_to_the_optimum_of_the_economy_as_it_is_now_known() -> None:
    economy, (dialogue, state) = known_better(), held()
    optimum = make_plan(economy, dialogue.scenario, seconds_max=SECONDS_MAX)
    *_, last = reopened(economy).steps()
    assert last.plan is not None
    unit = dialogue.yardstick
    old = dialogue.plan(state).certificate.value
    assert abs(optimum.certificate.value - old) > 10 * ENOUGH * unit  # it does make a difference
    assert last.plan.certificate.value == pytest.approx(
        optimum.certificate.value, abs=2 * ENOUGH * unit
    )
    assert last.plan.certificate.residual <= 1e-7
