"""Overrides: what a person says goes before the model, where the model stands behind it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from counterplan.dialogue.beginning import Beginning, beginning
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.register import Register, register_of
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.dialogue.standing import Backed, Judged, Overridden, Override, judged
from counterplan.dialogue.statement import Telling, telling_of
from counterplan.dialogue.terms import Terms, carried, under
from counterplan.dialogue.wire import parse_proposal, proposal_for
from counterplan.economy.economy import Bools
from counterplan.plan.mandate import Quota
from tests.dialogue.strategies import ENOUGH, FIRST, Held, held

SEEDS = (0, 1, 2, 3)
EACH = [*SEEDS[:2], *(pytest.param(one, marks=pytest.mark.slow) for one in SEEDS[2:])]
SEED = 3
Form = Mapping[str, Any]


@cache
def found(seed: int = SEED) -> Held:
    """Return a dialogue that came to its end."""
    return held(seed)


@cache
def register(seed: int = SEED) -> Register:
    """Return what the centre knows of its producers."""
    return register_of(found(seed).dialogue.parts)


@cache
def telling(seed: int = SEED) -> Telling:
    """Return how its producers put courses into words."""
    return telling_of(found(seed).dialogue.parts)


@cache
def begun(seed: int = SEED) -> Beginning:
    """Return how it begins."""
    return beginning(found(seed).dialogue)


@cache
def first_answers(seed: int = SEED) -> Answers:
    """Return what the models answer at the first offer."""
    return found(seed).dialogue.workplaces.answer(begun(seed).first)


def form_of(producer: str, *, seed: int = SEED, number: int = 0) -> dict[str, Any]:
    """Return the proposal of a model at the first offer as JSON, as a person can take it over."""
    statement = telling(seed).statement(first_answers(seed).courses)
    return proposal_for(statement, producer=producer, number=number)


def override(form: Form, *, lasting: bool = True, seed: int = SEED) -> Override:
    """Return an override by a proposal on the wire."""
    words = register(seed).reading.words
    return Override(parse_proposal(words, json.dumps(form).encode()), lasting)


def verdict(*overrides: Override, dialogue: Dialogue | None = None, seed: int = SEED) -> Judged:
    """Judge overrides."""
    there = dialogue or found(seed).dialogue
    return judged(overrides, there.workplaces, register(seed))


def scaled(form: Form, factor: float, *, digits: int = 17) -> dict[str, Any]:
    """Return a proposal with every quantity times a factor, rounded to some digits."""

    def changed(value: Any) -> Any:
        if isinstance(value, float):
            return float(f"{value * factor:.{digits}g}")
        if isinstance(value, dict):
            return {key: changed(one) for key, one in value.items()}
        return [changed(one) for one in value] if isinstance(value, list) else value

    return {key: changed(value) for key, value in form.items()}


class Asked:
    """A transport that remembers what was answered."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.answers: list[Answers] = []

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield what the models answer."""
        for one in self.dialogue.workplaces.ask(offer, whom):
            self.answers.append(one)
            yield one


def held_with(*overrides: Backed, rounds: int) -> list[State]:
    """Hold rounds from the beginning in which people answer before models."""
    dialogue = found().dialogue
    over = replace(dialogue, transport=Overridden(dialogue.workplaces, overrides))
    state, states = over.begin(begun().first, drafts=begun().drafts), []
    for _ in range(rounds):
        state = over.next(state)
        states.append(state)
    return states


# ---- the model stands behind it -----------------------------------------------------------------


@pytest.mark.parametrize("seed", EACH)
def test_what_the_model_would_say_is_what_goes_out(seed: int) -> None:
    answers = first_answers(seed)
    for s, code in enumerate(found(seed).dialogue.parts.producers):
        (backed,) = verdict(override(form_of(code, seed=seed), seed=seed), seed=seed).backed
        size = np.abs(answers.shares).max()
        np.testing.assert_allclose(backed.shares, answers.shares[:, s], rtol=1e-6, atol=1e-9 * size)
        # Of the courses that say the same the cheapest is taken, and the model's own is cheapest.
        assert backed.value == pytest.approx(answers.values[s], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("seed", EACH)
def test_figures_rounded_to_four_digits_are_followed(seed: int) -> None:
    for code in found(seed).dialogue.parts.producers:
        form = scaled(form_of(code, seed=seed), 1.0, digits=4)
        assert verdict(override(form, seed=seed), seed=seed).backed


@pytest.mark.parametrize("seed", EACH)
def test_what_goes_out_is_a_course_of_the_models_own(seed: int) -> None:
    dialogue = found(seed).dialogue
    parts, program = dialogue.parts, dialogue.parts.program
    for code in parts.producers:
        form = scaled(form_of(code, seed=seed), 1.0, digits=4)
        (backed,) = verdict(override(form, seed=seed), seed=seed).backed
        course = np.zeros(parts.columns.size)
        course[backed.columns] = backed.course
        mine = parts.rows == backed.override.producer
        left = (program.matrix @ course)[mine]
        size = (abs(program.matrix) @ np.abs(course))[mine] + 1e-9
        beyond = np.maximum(program.row_lower[mine] - left, left - program.row_upper[mine])
        assert (beyond / size).max(initial=0.0) <= 1e-9
        np.testing.assert_allclose(
            dialogue.workplaces.shares_of(course)[:, backed.override.producer], backed.shares
        )


def test_an_override_that_repeats_the_model_changes_nothing() -> None:
    dialogue = found().dialogue
    backed = [
        verdict(override(form_of(code), lasting=False)).backed[0]
        for code in dialogue.parts.producers
    ]
    plain, over = held_with(rounds=4), held_with(*backed, rounds=4)

    unit = dialogue.yardstick
    for one, other in zip(plain, over, strict=True):
        assert other.rounds[-1].bound == pytest.approx(one.rounds[-1].bound, rel=1e-9)
        assert other.rounds[-1].gap == pytest.approx(one.rounds[-1].gap, abs=1e-4, nan_ok=True)
    assert abs(plain[-1].rounds[-1].value - over[-1].rounds[-1].value) <= 1e-4 * unit


# ---- the bound is honest ------------------------------------------------------------------------


@cache
def modest() -> Backed:
    """Return a lasting override of whom it costs most: go on as before, whatever is offered."""
    dialogue = found().dialogue
    draft = dialogue.workplaces.follow(begun().drafts[0], begun().first)
    lost = first_answers().worth() - draft.worth()
    s = int(np.where(draft.answered, lost, -np.inf).argmax())
    code = dialogue.parts.producers[s]
    form = proposal_for(telling().statement(draft.courses), producer=code, number=0)
    return verdict(override(form)).backed[0]


@cache
def largest() -> int:
    """Return who makes most at the first offer."""
    statement = telling().statement(first_answers().courses)
    made = np.tensordot(register().prices, statement.of("made"), axes=1)
    return int(made[0].argmax())


def test_an_overridden_answer_brings_the_models_own_bound() -> None:
    dialogue = found().dialogue
    backed = modest()
    s = backed.override.producer
    everybody = np.ones(len(dialogue.parts.producers), dtype=bool)
    (plain,) = dialogue.workplaces.ask(begun().first, everybody)
    (over,) = Overridden(dialogue.workplaces, [backed]).ask(begun().first, everybody)

    np.testing.assert_array_equal(over.bounds, plain.bounds)
    np.testing.assert_array_equal(over.duals, plain.duals)
    np.testing.assert_array_equal(over.shares[:, s], backed.shares)
    assert over.worth()[s] < plain.worth()[s] - 1e-6  # a person gives something up
    others = np.arange(everybody.size) != s
    np.testing.assert_array_equal(over.shares[:, others], plain.shares[:, others])
    assert plain.shares[:, s].tolist() != over.shares[:, s].tolist()


def test_what_an_override_costs_stays_in_the_gap_and_the_certificate_does_not_lie() -> None:
    dialogue, best = found().dialogue, found().optimum.certificate
    backed = modest()
    states = held_with(backed, rounds=14)
    unit = dialogue.yardstick
    over = replace(dialogue, transport=Overridden(dialogue.workplaces, [backed]))
    for state in states:
        if state.mixture is None:
            continue
        proof = over.plan(state).certificate
        assert proof.bound >= best.value - 1e-9 * unit
        assert proof.value <= best.bound + 1e-9 * unit
        assert proof.residual <= 1e-7
    lost = (best.value - states[-1].rounds[-1].value) / unit
    assert lost > 10 * ENOUGH  # going on as before is not the best that this one could do
    assert states[-1].rounds[-1].gap >= lost - 1e-9
    # As soon as it is withdrawn the model answers, and the gap closes.
    state = states[-1]
    for _ in range(30):
        state = dialogue.next(state)
        if state.rounds[-1].gap <= ENOUGH:
            break
    assert state.rounds[-1].gap <= ENOUGH


def test_it_answers_the_offers_it_is_for_and_no_others() -> None:
    once = verdict(override(form_of(found().dialogue.parts.producers[0], number=2), lasting=False))
    lasting = replace(once.backed[0].override, lasting=True)

    assert [once.backed[0].override.answers(k) for k in range(5)] == [0, 0, 1, 0, 0]
    assert [lasting.answers(k) for k in range(5)] == [0, 0, 1, 1, 1]


def test_who_is_not_asked_or_does_not_answer_is_not_overridden() -> None:
    dialogue = found().dialogue
    backed = verdict(override(form_of(dialogue.parts.producers[0]))).backed
    others = np.ones(len(dialogue.parts.producers), dtype=bool)
    others[0] = False
    asked = Asked(dialogue)
    (over,) = Overridden(asked, backed).ask(begun().first, others)

    assert over is asked.answers[0]


# ---- what nobody can trust ----------------------------------------------------------------------


def test_what_is_not_plausible_is_refused_with_the_rule() -> None:
    code = found().dialogue.parts.producers[largest()]
    form = form_of(code)
    for entry in form["products"]:
        entry.pop("used", None)
        entry.pop("built", None)
    form["skills"] = []
    result = verdict(override(form))

    assert not result.backed
    (refused,) = result.refused
    assert any("take" in one or "cost" in one or "inputs" in one for one in refused.sentences)


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_what_the_model_has_no_course_for_is_refused_with_the_line(factor: float) -> None:
    # A tenth more or less of everything made from the same inputs is within what can be.
    code = found().dialogue.parts.producers[largest()]
    form = form_of(code)
    for entry in form["products"]:
        if "made" in entry:
            entry["made"] = {t: factor * value for t, value in entry["made"].items()}
    result = verdict(override(form))

    assert not result.backed
    (sentence,) = result.refused[0].sentences
    assert "its registered model has no course that does this: the nearest has '" in sentence
    assert "is stated; state what it can do, or have the model registered anew" in sentence


def test_an_override_that_breaks_the_producers_quota_is_refused() -> None:
    dialogue = found().dialogue
    code = dialogue.parts.producers[largest()]
    form = form_of(code)
    entry = max(form["products"], key=lambda one: one.get("made", {}).get(str(FIRST), 0.0))
    level = entry["made"][str(FIRST)]
    quota = Quota(producer=code, item=entry["product"], most=0.5 * level, end=FIRST)
    there = under(dialogue, Terms((quota,)))

    assert verdict(override(form)).backed
    (refused,) = verdict(override(form), dialogue=there).refused
    assert "has no course that does this" in refused.sentences[0]


def test_a_quota_and_an_override_stand_beside_each_other() -> None:
    dialogue = found().dialogue
    code, other = dialogue.parts.producers[:2]
    form = form_of(other)
    quota = Quota(producer=code, item=form_of(code)["products"][0]["product"], least=0.0, end=FIRST)
    there = under(dialogue, Terms((quota,)))
    backed = verdict(override(form), dialogue=there).backed
    start = there.begin(begun().first, drafts=begun().drafts)
    over = replace(there, transport=Overridden(there.workplaces, backed))
    state = over.next(carried(dialogue, dialogue, start))

    answers = [one for one in state.pool if one.offer.number == 0]
    np.testing.assert_array_equal(answers[0].shares[:, 1], backed[0].shares)
    assert answers[0].complete()
