"""Registered models: the plan is made with what producers know, not with what the centre thinks."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.plausible import refusals
from counterplan.dialogue.register import register_of
from counterplan.dialogue.registered import LocalModel, with_models
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.economy.economy import Economy
from counterplan.errors import InputError
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from tests.dialogue.strategies import ENOUGH, SECONDS_MAX, case_of, held
from tests.plan.builders import two_branch_economy

SEEDS = (0, 2, 5, 9)
THRIFT = 0.93  # of the inputs that the centre thinks are needed


def thrifty(economy: Economy, producer: int) -> Economy:
    """Return an economy in which one producer needs less of all inputs."""
    techniques = economy.techniques
    own = np.equal(techniques.producer, producer)
    factor = np.where(own, THRIFT, 1.0)
    use = sp.csc_array(techniques.use @ sp.diags_array(factor))
    codes = tuple(f"own-{c}" if mine else c for c, mine in zip(techniques.codes, own, strict=True))
    return replace(economy, techniques=replace(techniques, use=use, codes=codes))


def owner_of_most(economy: Economy) -> int:
    """Return who uses most inputs at base prices."""
    spent = economy.products.prices @ economy.techniques.use * economy.techniques.activity
    count = len(economy.producers)
    return int(np.bincount(economy.techniques.producer, weights=spent, minlength=count).argmax())


@cache
def talked(seed: int) -> tuple[Dialogue, State, Economy]:
    """Hold a dialogue in which one producer knows better than the centre."""
    case = case_of(seed)
    s = owner_of_most(case.economy)
    known = dialogue_of(assemble(lay_out(case.economy, case.scenario)), case.scenario)
    model = LocalModel(case.economy.producers.codes[s], thrifty(case.economy, s))
    economy = with_models(case.economy, [model])
    dialogue = dialogue_of(
        assemble(lay_out(economy, case.scenario)),
        case.scenario,
        refusing=partial(refusals, register_of(known.parts)),
    )
    begin = beginning(known)
    for state in dialogue.rounds(begin.first, drafts=begin.drafts):
        if state.rounds[-1].gap <= ENOUGH:
            break
    return dialogue, state, economy


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_optimum_of_what_the_producers_know(seed: int) -> None:
    dialogue, state, economy = talked(seed)
    best = make_plan(economy, dialogue.scenario, seconds_max=SECONDS_MAX).certificate
    thought = held(seed).optimum.certificate
    plan, unit = dialogue.plan(state).certificate, dialogue.yardstick

    assert plan.residual <= 1e-7
    assert plan.gap <= ENOUGH + 1e-9
    assert plan.value <= best.bound + 1e-9 * unit
    assert plan.bound >= best.value - 1e-9 * unit
    # What the centre thinks is possible is less, by more than the gap.
    assert best.value > thought.value + 2 * ENOUGH * unit


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_of_the_model_is_refused_where_it_is_plausible(seed: int) -> None:
    _, state, _ = talked(seed)

    assert [one.sentence for one in state.log if one.kind == "refused"] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_model_that_says_what_the_centre_thinks_changes_nothing(seed: int) -> None:
    economy = case_of(seed).economy
    models = [LocalModel(code, economy) for code in economy.producers.codes]
    same = with_models(economy, models)

    order = [economy.techniques.codes.index(code) for code in same.techniques.codes]
    items = [economy.capital.codes.index(code) for code in same.capital.codes]
    np.testing.assert_array_equal(
        same.techniques.output.toarray(), economy.techniques.output.toarray()[:, order]
    )
    np.testing.assert_array_equal(
        same.labour.need.toarray(), economy.labour.need.toarray()[:, order]
    )
    np.testing.assert_array_equal(
        same.capital.need.toarray(), economy.capital.need.toarray()[np.ix_(items, order)]
    )
    np.testing.assert_array_equal(same.techniques.producer, economy.techniques.producer[order])
    np.testing.assert_array_equal(same.capital.lag, economy.capital.lag[items])
    scenario = case_of(seed).scenario
    values = [
        make_plan(one, scenario, seconds_max=SECONDS_MAX).certificate.value
        for one in (same, economy)
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-7)


def test_a_model_may_have_more_techniques_than_the_centre_knows() -> None:
    economy = two_branch_economy()
    techniques = economy.techniques
    twice = sp.csc_array(np.array([[0.2, 0.1, 0.0], [0.0, 0.1, 0.2]]))
    own = replace(
        economy,
        techniques=replace(
            techniques,
            codes=("farming", "making", "tinkering"),
            names=("Farming", "Making", "Tinkering"),
            producer=np.array([0, 1, 1]),
            use=twice,
            output=sp.csc_array(np.array([[1.0, 0.0, 0.1], [0.0, 1.0, 1.0]])),
            activity=np.array([100.0, 15.0, 5.0]),
            emissions=sp.csc_array(np.array([[0.01, 0.5, 0.1]])),
        ),
        labour=replace(economy.labour, need=sp.csc_array(np.array([[1.0, 2.0, 3.0]]))),
        capital=replace(
            economy.capital, need=sp.csc_array(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]))
        ),
    )
    found = with_models(economy, [LocalModel("works", own)])

    assert found.techniques.codes == ("farming", "making", "tinkering")
    assert found.techniques.producer.tolist() == [0, 1, 1]
    assert found.techniques.output.toarray().tolist() == [[1.0, 0.0, 0.1], [0.0, 1.0, 1.0]]
    assert found.capital.need.toarray().tolist() == [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]
    assert found.labour.need.toarray().tolist() == [[1.0, 2.0, 3.0]]


def test_what_is_no_model_is_refused() -> None:
    economy = two_branch_economy()
    other = replace(economy, products=replace(economy.products, codes=("corn", "tractor")))
    clash = replace(economy, techniques=replace(economy.techniques, codes=("making", "farming")))
    shared = replace(
        economy,
        capital=replace(economy.capital, need=sp.csc_array(np.array([[1.0, 0.1], [0.0, 1.0]]))),
    )
    for model, words in (
        (LocalModel("work", economy), r"producer 'work'.*works"),
        (LocalModel("works", other), r"model of 'works': speaks of other products"),
        (LocalModel("works", clash), r"the code 'farming' is another's"),
        (LocalModel("works", shared), r"capital item 'land' is shared with others"),
    ):
        with pytest.raises(InputError, match=words):
            with_models(economy, [model])
    with pytest.raises(InputError, match="registers two models"):
        with_models(economy, [LocalModel("works", economy), LocalModel("works", economy)])
