"""Silence, late answers, two answers, and answers that contradict themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from counterplan.dialogue.arrivals import contradicting
from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Answers, Key, Offer
from counterplan.dialogue.faults import Faults, Faulty
from counterplan.dialogue.log import Event, Kind, named
from counterplan.dialogue.pool import entries_of
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.transport import Transport
from counterplan.economy.economy import Bools, Floats
from counterplan.economy.split import split_producers
from counterplan.plan.certificate import certify
from counterplan.plan.shocks import PriceShock
from counterplan.solve.highs import solve
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
COUNT = 12


@cache
def plain() -> Dialogue:
    """Return a dialogue in which nothing goes wrong."""
    economy = split_producers(two_branch_economy(), producers=COUNT, seed=3, regions=1)
    return dialogue_of(problem_of(economy, shocks=(DROP,)), scenario_of(shocks=(DROP,)), batch=5)


@cache
def optimum() -> float:
    """Return the best value that HiGHS finds from all data."""
    problem = plain().parts.problem
    answer = solve(problem.program)
    assert certify(problem, primal=answer.primal, dual=answer.dual).holds
    return float(problem.program.reward @ answer.primal)


def first() -> Offer:
    """Return the offer at which nothing is worth anything."""
    return Offer(0, np.zeros(plain().centre.rows.size))


def held(transport: Transport, *, rounds: int = 8) -> list[State]:
    """Hold some rounds over a transport."""
    dialogue = replace(plain(), transport=transport)
    drafts = (as_before(dialogue.parts.problem),)
    return list(dialogue.rounds(first(), drafts=drafts, rounds_max=rounds))


def faulty(faults: Faults) -> Faulty:
    """Return a transport with faults."""
    return Faulty(plain().workplaces, faults)


def of_kind(state: State, kind: Kind) -> list[Event]:
    """Return the events of one kind."""
    return [one for one in state.log if one.kind is kind]


def assert_sound(states: list[State]) -> None:
    """Every plan keeps every rule, is no worse than the last, and no bound is below the best."""
    values = [state.rounds[-1].value for state in states]
    assert np.diff(values).min() >= 0
    for state in states:
        assert state.bound >= optimum() * (1 - 1e-9)
        certificate = plain().plan(state).certificate
        assert certificate.residual <= 1e-7
        assert state.rounds[-1].residual == pytest.approx(certificate.residual, abs=1e-12)


# ---- silence --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Without:
    """A transport that never hears one producer."""

    lost: int

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Ask the others."""
        kept = whom.copy()
        kept[self.lost] = False
        yield from plain().workplaces.ask(offer, kept)


def test_no_bound_counts_while_anybody_is_silent() -> None:
    states = held(Without(4), rounds=4)

    assert all(state.bound == np.inf and state.proved is None for state in states)
    assert all(state.rounds[-1].proved == -1 for state in states)
    assert all(state.rounds[-1].answered == COUNT - 1 for state in states)
    assert states[-1].mixture is not None  # the draft is the silent one's proposal
    silent = of_kind(states[-1], Kind.SILENT)
    code = plain().parts.producers[4]
    assert [one.producers for one in silent] == [(code,)] * 4
    assert silent[2].round == 2
    assert silent[2].sentence == f"1 of 12 producers did not answer offer 3 in time: {code}"


class Nobody:
    """A transport over which nobody is heard in some rounds."""

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Lose everything in the third and fourth round."""
        if offer.number not in (2, 3):
            yield from plain().workplaces.ask(offer, whom)


def test_where_everybody_is_silent_the_plan_and_the_offer_stay() -> None:
    states = held(Nobody(), rounds=6)
    before, first_silent, second_silent, after = states[1:5]

    for silent in (first_silent, second_silent):
        assert silent.mixture is before.mixture
        assert silent.bound == before.bound
        assert len(silent.pool) == len(before.pool)
        assert [one.part for one in silent.offering] == [0, 1, 2, 3, 4]
        for one, other in zip(silent.offering, before.offering, strict=True):
            np.testing.assert_array_equal(one.valuations, other.valuations)
        assert silent.rounds[-1].answered == 0
    assert second_silent.offer.number == before.offer.number + 2
    stayed = [one.round for one in of_kind(after, Kind.STAYED) if "nothing new" in one.sentence]
    assert stayed == [2, 3]
    assert after.rounds[-1].value > before.rounds[-1].value
    assert_sound(states)


def test_nobody_at_all_leaves_no_plan_and_no_crash() -> None:
    dialogue = replace(plain(), transport=faulty(Faults(seed=0, silent=1.0)))
    states = list(dialogue.rounds(first(), rounds_max=2))

    assert states[-1].mixture is None
    assert states[-1].pool == ()
    missing = of_kind(states[-1], Kind.MISSING)
    assert missing[0].count == COUNT
    assert "7 more" in missing[0].sentence


# ---- lateness -------------------------------------------------------------------------------


def test_a_bound_counts_once_the_last_late_answer_is_in() -> None:
    states = held(faulty(Faults(seed=5, silent=0.3, late=2)), rounds=10)
    faults = Faults(seed=5, silent=0.3, late=2)
    quiet = [faults.quiet(k, COUNT) for k in range(10)]

    assert all(mask.any() for mask in quiet[:8])
    for k, state in enumerate(states):
        line = state.rounds[-1]
        assert line.answered == (~quiet[k]).sum()
        assert line.late == (quiet[k - 2].sum() if k >= 2 else 0)
        older = [one.key for one in state.offers if one.number <= k - 2]
        assert [key for key, _ in state.totals] == sorted(older)
    assert {len(state.offering) for state in states} == {1, 5}
    assert states[-1].proved is not None
    assert states[-1].rounds[-1].proved == states[-1].proved.offer.number <= 7
    late = of_kind(states[-1], Kind.LATE)
    assert "answered offer 1 late" in late[0].sentence
    assert late[0].round == 2
    assert late[0].count == quiet[0].sum()
    told = of_kind(states[-1], Kind.PROVED)
    begins = "everybody's answer to offer 1 is in, the last in round 3: the bound"
    assert told[0].sentence.startswith(begins)
    assert_sound(states)


def test_late_answers_prove_what_they_would_have_proved_in_time() -> None:
    prompt = held(plain().workplaces, rounds=1)[-1]
    late = held(faulty(Faults(seed=5, silent=0.3, late=1)), rounds=2)[-1]

    assert late.totals[0] == prompt.totals[0]
    assert late.totals[0][0] == (0, 0)
    np.testing.assert_array_equal(late.pool[1].shares, prompt.pool[1].shares)


def test_an_offer_that_only_asks_what_is_possible_proves_nothing() -> None:
    dialogue = plain()
    rows = dialogue.parts.problem.rows["labour"].rows
    dear = np.zeros(dialogue.centre.rows.size)
    dear[np.searchsorted(dialogue.centre.rows, rows[rows >= 0])] = -50.0
    states = list(dialogue.rounds(replace(first(), valuations=dear, own_costs=0.0), rounds_max=4))
    last = states[-1]

    assert [one.own_costs for one in last.offers[:4]] == [0.0, 0.0, 0.0, 1.0]
    assert all(one.answered.all() for one in last.pool)
    assert [key for key, _ in last.totals] == [(3, 0)]


# ---- two answers ----------------------------------------------------------------------------


def test_of_two_answers_both_are_mixed_and_the_log_says_so() -> None:
    faults = Faults(seed=2, silent=0.2, late=1, different=0.4)
    states = held(faulty(faults), rounds=9)
    last = states[-1]
    told = of_kind(last, Kind.DIFFERENT)

    assert told
    assert "a second time and differently" in told[0].sentence
    doubled = [one.key for one in last.offers if len(entries_of(last.pool, one.key)) == 2]
    assert {key[1] for key in doubled} == {0, 1, 2, 3, 4}
    for number in {key[0] for key in doubled}:
        twice = np.zeros(COUNT, dtype=bool)
        for key in (one for one in doubled if one[0] == number):
            main, other = (last.pool[k] for k in entries_of(last.pool, key))
            twice |= other.answered
            who = np.flatnonzero(other.answered)
            assert (main.shares[:, who] != other.shares[:, who]).any(axis=0).all()
        named_there = [one for one in told if f"offer {number + 1} " in one.sentence]
        assert named_there[0].count == twice.sum()
    assert_sound(states)


def test_a_larger_bound_takes_back_what_was_proved() -> None:
    assert held_plain().proved is not None
    best = held_plain().proved.offer.key
    states = held(Doubting(best), rounds=4)
    before, after = states[2], states[3]
    totals = dict(before.totals)

    assert best == min(totals, key=totals.__getitem__)
    assert best[1] > 0  # one of several offers of its round
    assert dict(after.totals) == {**totals, best: pytest.approx(totals[best] + 1e6)}
    assert of_kind(after, Kind.RAISED)[0].producers == (plain().parts.producers[3],)
    assert after.proved is not None
    assert after.proved.offer.key == min(totals.keys() - {best}, key=totals.__getitem__)
    assert after.bound > before.bound
    assert "the bound rises to" in of_kind(after, Kind.PROVED)[-1].sentence


@dataclass(frozen=True)
class Doubting:
    """A transport over which a producer takes its bound at one offer back."""

    key: Key

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Ask; in the fourth round hear nothing but an older answer with a larger bound."""
        if offer.number < 3:
            yield from plain().workplaces.ask(offer, whom)
        elif offer.part == 0:
            older = next(one for one in held_plain().offers if one.key == self.key)
            told = plain().workplaces.answer(older)
            yield replace(told, bounds=told.bounds + 1e6, answered=np.arange(COUNT) == 3)


@cache
def held_plain() -> State:
    """Return a dialogue in which nothing goes wrong after three rounds."""
    return held(plain().workplaces, rounds=3)[-1]


# ---- answers that cannot be -----------------------------------------------------------------


def test_an_honest_answer_does_not_contradict_itself() -> None:
    rng = np.random.default_rng(3)
    for _ in range(3):
        valuations = rng.normal(size=first().valuations.size)
        answers = plain().workplaces.answer(Offer(0, valuations))
        assert not contradicting(plain().parts, answers).any()


def spoiled(answers: Answers, what: str) -> Answers:
    """Return answers of which the third producer's is spoiled."""
    fields = {name: getattr(answers, name).copy() for name in ("shares", "values", "bounds")}
    courses, duals = answers.courses.copy(), answers.duals.copy()
    if what == "bound":
        worth = answers.worth()[2]
        fields["bounds"][2] = worth - 1e-3 * abs(worth) - 1e-3
    elif what == "course":
        courses[np.flatnonzero(plain().parts.columns == 2)[0]] = np.inf
    elif what == "dual":
        duals[np.flatnonzero(plain().parts.rows == 2)[0]] = np.nan
    elif what == "share":
        fields["shares"][0, 2] = np.nan
    else:
        field: Floats = fields[what]
        field[2] = np.nan
    return replace(answers, courses=courses, duals=duals, **fields)


@dataclass(frozen=True)
class Spoiling:
    """A transport that spoils one's answers to the second offer, and sends one to no offer."""

    what: str

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Spoil what arrives."""
        answers = plain().workplaces.answer(offer)
        if offer.number == 1:
            yield replace(answers, offer=replace(offer, number=40), answered=np.arange(COUNT) == 6)
            answers = spoiled(answers, self.what)
        yield answers


@pytest.mark.parametrize("what", ["bound", "values", "share", "course", "dual", "bounds"])
def test_a_proposal_that_contradicts_itself_is_refused_and_logged(what: str) -> None:
    states = held(Spoiling(what), rounds=3)
    last = states[-1]
    keys = [one.key for one in last.offers if one.number <= 2]
    told = of_kind(last, Kind.CONTRADICTION)

    assert keys == [(0, 0), *((number, part) for number in (1, 2) for part in range(5))]
    for key in keys:
        (place,) = entries_of(last.pool, key)
        quiet = {2} if key[0] == 1 else set()
        assert set(np.flatnonzero(~last.pool[place].answered)) == quiet
    assert [key for key, _ in last.totals] == [key for key in keys if key[0] != 1]
    assert told[0].producers == (plain().parts.producers[2],)
    assert "without numbers; it was refused" in told[0].sentence
    assert of_kind(last, Kind.SILENT)[0].producers == told[0].producers
    unknown = of_kind(last, Kind.UNKNOWN)
    assert unknown[0].producers == (plain().parts.producers[6],)
    assert "offer 41 that was never made" in unknown[0].sentence
    assert_sound(states)


@dataclass(frozen=True)
class Implausible:
    """A refusal."""

    producer: int
    sentence: str


def test_what_is_not_plausible_is_refused_with_its_reason() -> None:
    def refusing(answers: Answers) -> list[Implausible]:
        return [Implausible(7, "it makes bread out of nothing")] if answers.answered[7] else []

    dialogue = replace(plain(), refusing=refusing)
    drafts = (as_before(dialogue.parts.problem),)
    state = list(dialogue.rounds(first(), drafts=drafts, rounds_max=2))[-1]
    code = plain().parts.producers[7]

    assert state.pool[0].answered[7]
    assert not any(one.answered[7] for one in state.pool[1:])
    assert state.bound == np.inf
    told = of_kind(state, Kind.REFUSED)
    assert [one.producers for one in told] == [(code,)] * 2
    assert told[0].sentence == (
        f"the answer of {code} to offer 1 was refused: it makes bread out of nothing"
    )


# ---- the same faults again ------------------------------------------------------------------


def test_faults_follow_from_the_seed_and_the_round_alone() -> None:
    faults = Faults(seed=9, silent=0.4, late=1, different=0.3)
    rng = np.random.default_rng(1)
    offers = [
        Offer(k, rng.normal(size=first().valuations.size), part=part)
        for k in range(4)
        for part in range(2)
    ]
    through, later = faulty(faults), Faulty(plain().workplaces, faults, offers=offers[:-2])
    everybody = np.ones(COUNT, dtype=bool)
    rounds = [list(through.ask(one, everybody)) for one in offers]
    whole = rounds[-2] + rounds[-1]
    again = [batch for one in offers[-2:] for batch in later.ask(one, everybody)]

    assert len(whole) == len(again) > 3
    assert {one.offer.key for one in rounds[-2]} == {(2, 0), (2, 1), (3, 0)}
    assert {one.offer.key for one in rounds[-1]} == {(3, 1)}
    for one, other in zip(whole, again, strict=True):
        assert one.offer is other.offer
        np.testing.assert_array_equal(one.answered, other.answered)
        np.testing.assert_array_equal(one.shares, other.shares)


def test_a_round_with_fewer_offers_brings_all_that_is_late() -> None:
    faults = Faults(seed=9, silent=0.4, late=1)
    many = [replace(first(), number=1, part=part) for part in range(5)]
    later = Faulty(plain().workplaces, faults, offers=many)
    batches = list(later.ask(replace(first(), number=2), np.ones(COUNT, dtype=bool)))

    for one in many:
        heard = np.any([b.answered for b in batches if b.offer.key == one.key], axis=0)
        np.testing.assert_array_equal(heard, faults.quiet(1, COUNT))


def test_a_sentence_names_a_few() -> None:
    assert named(("a", "b")) == "a, b"
    assert named(tuple("abcdefg")) == "a, b, c, d, e and 2 more"
