"""The centre's problem: against HiGHS over everything, and what happens where mixing fails."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from counterplan.dialogue import master
from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.master import (
    FAINT,
    Mixture,
    best_mixture,
    best_of_all,
    gathered,
    mixed,
    pulled,
)
from counterplan.dialogue.rounds import FINISHED, Dialogue, State, dialogue_of
from counterplan.economy.economy import Floats
from counterplan.economy.split import split_producers
from counterplan.errors import CounterplanError
from counterplan.plan.shocks import PriceShock
from counterplan.solve.highs import solve
from counterplan.solve.mixing import Pull
from counterplan.solve.program import Answer, Engine, Outcome
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
COUNT = 12
PROVED = 5  # rounds after which valuations are known that prove something


@cache
def dialogue() -> Dialogue:
    """Return a dialogue of a few producers."""
    economy = split_producers(two_branch_economy(), producers=COUNT, seed=3, regions=1)
    return dialogue_of(problem_of(economy, shocks=(DROP,)), scenario_of(shocks=(DROP,)))


@cache
def state(rounds: int = 3) -> State:
    """Return how the dialogue stands after some rounds."""
    first = Offer(0, np.zeros(dialogue().centre.rows.size))
    drafts = (as_before(dialogue().parts.problem),)
    return list(dialogue().rounds(first, drafts=drafts, rounds_max=rounds))[-1]


def unit() -> float:
    """Return what gaps are measured against."""
    return dialogue().yardstick


def best_by_highs(pool: tuple[Answers, ...]) -> float:
    """Return the value of the best mixture of everything, by the simplex."""
    program = mixed(dialogue().centre, pool)
    answer = solve(program, engine=Engine.SIMPLEX, seconds_max=20.0)
    assert answer.outcome is Outcome.SOLVED
    return float(program.reward @ answer.primal)


def missed(found: Mixture, pool: tuple[Answers, ...]) -> float:
    """Return the largest violation of a shared rule, against its terms."""
    own = dialogue().centre.program
    into, size = own.matrix @ found.decided, abs(own.matrix) @ np.abs(found.decided)
    for weights, one in zip(found.weights, pool, strict=True):
        into = into + one.shares @ weights
        size = size + np.abs(one.shares) @ weights
    out = np.maximum(own.row_lower - into, into - own.row_upper)
    return float((out / (size + 1e-9)).max())


def sound(found: Mixture, pool: tuple[Answers, ...]) -> None:
    """Weights add up, of what was proposed alone, and the value is that of the mixture."""
    there = np.stack([one.answered for one in pool])
    np.testing.assert_allclose(found.weights.sum(axis=0), 1.0, rtol=1e-12)
    assert (found.weights >= 0).all()
    assert not found.weights[~there].any()
    value = dialogue().centre.program.reward @ found.decided
    value += sum(
        found.weights[k, s] * one.values[s] for k, one in enumerate(pool) for s in range(COUNT)
    )
    assert found.value == pytest.approx(value, rel=1e-12)
    assert missed(found, pool) <= 1e-7


@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_the_mixture_is_the_best_of_everything(rounds: int) -> None:
    pool, exact = state(rounds).pool, 1e-7 * unit()
    found = best_mixture(dialogue().centre, pool, gap=1e-3 * unit(), exact=exact)
    assert found is not None

    sound(found, pool)
    assert found.value == pytest.approx(best_by_highs(pool), abs=2 * exact)


def test_from_the_last_mixture_it_is_the_same() -> None:
    before, pool = state(2), state(3).pool
    exact = 1e-7 * unit()
    found = best_mixture(
        dialogue().centre, pool, gap=1e-3 * unit(), exact=exact, last=before.mixture
    )
    assert found is not None

    sound(found, pool)
    assert found.value == pytest.approx(best_by_highs(pool), abs=1e-5 * unit())  # not all is mixed


def test_the_valuations_are_worth_the_gap_that_was_asked_for() -> None:
    pool, centre = state(3).pool, dialogue().centre
    for gap in (0.1 * unit(), 1e-3 * unit()):
        found = best_mixture(centre, pool, gap=gap, exact=1e-8 * unit())
        assert found is not None
        worth = np.stack([one.values - found.valuations @ one.shares for one in pool])
        bound = centre.bound(found.valuations) + worth.max(axis=0).sum()
        best = best_by_highs(pool)
        assert best * (1 - 1e-9) <= bound <= best + master.CENTRAL * gap + 1e-5 * unit()


# ---- where mixing fails -------------------------------------------------------------------------


def test_where_mixing_comes_to_nothing_highs_mixes_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool, before = state(3).pool, state(2)
    calls: list[Any] = []
    monkeypatch.setattr(master, "mix", lambda *_, **more: calls.append(more.get("start")))
    found = best_mixture(
        dialogue().centre, pool, gap=unit(), exact=1e-7 * unit(), last=before.mixture
    )
    assert found is not None

    sound(found, pool)
    assert found.value == pytest.approx(best_by_highs(pool), rel=1e-7)
    assert found.start is None
    assert [one is None for one in calls] == [False, True]  # from the last point, from the outset


def test_a_start_that_makes_no_way_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, before, real = state(3).pool, state(2), master.mix

    def stubborn(*given: Any, **more: Any) -> Any:
        return None if more.get("start") is not None else real(*given, **more)

    monkeypatch.setattr(master, "mix", stubborn)
    monkeypatch.setattr(master, "best_of_all", lambda *_: pytest.fail("not needed"))
    found = best_mixture(
        dialogue().centre, pool, gap=unit(), exact=1e-7 * unit(), last=before.mixture
    )
    assert found is not None
    assert found.value == pytest.approx(best_by_highs(pool), rel=1e-6)


def test_rounds_go_on_after_a_mixture_by_highs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(master, "mix", lambda *_, **__: None)
    one = state(2)
    without = dialogue().next(one)
    monkeypatch.undo()
    after = dialogue().next(without)

    assert without.mixture is not None
    assert without.mixture.start is None
    assert len(without.offering) == 5
    assert without.rounds[-1].value == pytest.approx(best_by_highs(without.pool), rel=1e-7)
    assert after.mixture is not None
    assert after.mixture.start is not None
    left = best_by_highs(after.pool) - after.rounds[-1].value
    assert -1e-7 * unit() <= left <= FINISHED * without.rounds[-1].gap * unit()
    assert after.rounds[-1].value >= without.rounds[-1].value


def impossible() -> tuple[Answers, ...]:
    """Return proposals to hire without end, which no mixture of keeps the rule on labour."""
    rows = dialogue().parts.problem.rows["labour"].rows
    dear = np.zeros(dialogue().centre.rows.size)
    dear[np.searchsorted(dialogue().centre.rows, rows[rows >= 0])] = -50.0
    return (dialogue().workplaces.answer(Offer(0, dear, own_costs=0.0)),)


def test_where_no_mixture_keeps_the_rules_there_is_none() -> None:
    pool, centre = impossible(), dialogue().centre

    assert best_of_all(centre, pool) is None
    assert best_mixture(centre, pool, gap=unit(), exact=1e-3 * unit()) is None


def test_an_interior_points_word_that_there_is_none_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool, asked = state(2).pool, []

    def doubtful(program: Any, *, engine: Engine, seconds_max: float) -> Answer:
        asked.append(engine)
        answer = solve(program, engine=engine, seconds_max=seconds_max)
        if engine is Engine.SIMPLEX:
            return answer
        return replace(answer, outcome=Outcome.IMPOSSIBLE)

    monkeypatch.setattr(master, "solve_divisible", doubtful)
    found = best_of_all(dialogue().centre, pool)
    assert found is not None
    assert found.value == pytest.approx(best_by_highs(pool), rel=1e-9)
    assert asked == list(master.ENGINES)

    def stopped(program: Any, *, engine: Engine, seconds_max: float) -> Answer:
        return replace(doubtful(program, engine=engine, seconds_max=20.0), outcome=Outcome.STOPPED)

    monkeypatch.setattr(master, "solve_divisible", stopped)
    with pytest.raises(CounterplanError, match="no engine could mix the proposals"):
        best_of_all(dialogue().centre, pool)


def test_what_is_gathered_goes_producer_by_producer() -> None:
    pool, centre = state(2).pool, dialogue().centre
    chosen = np.random.default_rng(2).random((len(pool), COUNT)) < 0.5
    chosen[1] = True
    proposals = gathered(centre, pool, chosen)
    scale = centre.frame.scale[centre.touched]
    k = 0
    for s in range(COUNT):
        assert proposals.first[s] == k
        for entry in np.flatnonzero(chosen[:, s]):
            expected = pool[entry].shares[centre.touched, s] * scale
            np.testing.assert_array_equal(proposals.shares[:, k], expected)
            assert proposals.values[k] == pool[entry].values[s]
            k += 1
    assert proposals.first[COUNT] == k == proposals.values.size


# ---- held back ----------------------------------------------------------------------------------


def known() -> Floats:
    """Return the valuations of the best bound."""
    proved = state(PROVED).proved
    assert proved is not None
    return proved.offer.valuations


def held(reach: float, *, towards: Floats | None = None, gap: float | None = None) -> Floats | None:
    """Return the valuations that known ones hold back."""
    one = state(PROVED)
    assert one.mixture is not None
    return pulled(
        dialogue().centre,
        one.pool,
        one.mixture,
        gap=0.1 * unit() if gap is None else gap,
        towards=known() if towards is None else towards,
        reach=reach,
    )


def test_the_further_valuations_may_reach_the_further_they_go() -> None:
    towards, at = known(), dialogue().centre.touched
    size = np.abs(towards[at])
    away = []
    for reach in (1e-3, 0.1, 10.0):
        found = held(reach)
        assert found is not None
        away.append(float((np.abs(found - towards)[at] / (size + 1e-3 * size.max())).mean()))

    assert away[0] < 0.05
    assert away[0] < away[1] < away[2]


def test_valuations_that_are_held_back_still_prove_something() -> None:
    found, one = held(0.3), state(PROVED)
    assert found is not None
    worth = np.stack([answers.values - found @ answers.shares for answers in one.pool])
    bound = dialogue().centre.bound(found) + worth.max(axis=0).sum()

    assert best_by_highs(one.pool) * (1 - 1e-6) <= bound < np.inf
    assert one.bound > bound  # of what was proposed, less than of what could be


def test_what_holds_back_costs_the_gap_where_all_go_as_far_as_they_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Pull] = []
    monkeypatch.setattr(master, "mix", lambda *_, pull, **__: seen.append(pull))
    gap, reach, centre = 0.03 * unit(), 0.4, dialogue().centre
    assert held(reach, gap=gap) is None
    (pull,) = seen
    valuations = known()[centre.touched]
    # In the frame's units, as the pull is.
    size = np.abs(valuations) * centre.frame.unit / centre.frame.scale[centre.touched]
    faint = FAINT * np.median(size[size > 0])
    away = reach * np.maximum(size, faint)

    np.testing.assert_allclose(np.abs(pull.towards), size, rtol=1e-12)
    np.testing.assert_allclose(pull.weight * away**2, pull.weight[0] * away[0] ** 2, rtol=1e-12)
    assert 0.5 * (pull.weight @ away**2) / centre.frame.unit == pytest.approx(gap)


def test_valuations_of_nothing_hold_nothing() -> None:
    assert held(0.3, towards=np.zeros(dialogue().centre.rows.size)) is None
