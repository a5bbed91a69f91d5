"""Proofs by cases: nothing is left out, every choice is bounded, impossible ones are proved so."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.plan import case_search
from counterplan.plan.case_search import impossibility, proof_by_cases, raised
from counterplan.plan.cases import Case, leave_out_nothing, narrowed, open_choices
from counterplan.plan.certificate import case_bound, dual_bound, proved_bound
from counterplan.solve.program import Program

SECONDS_MAX = 60.0


def choices_program(*, worth: list[float], price: list[float], budget: float) -> Program:
    """Return a choice among investments that cannot be split, under one budget."""
    count = len(worth)
    return Program(
        matrix=sp.csr_array(np.array([price])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([budget]),
        lower=np.zeros(count),
        upper=np.ones(count),
        reward=np.array(worth),
        integer=np.ones(count, dtype=bool),
    )


# Winston, Operations Research: Applications and Algorithms, section 9.2: the optimum is 42.
STOCKCO = choices_program(worth=[16.0, 22.0, 12.0, 8.0], price=[5.0, 7.0, 4.0, 3.0], budget=14.0)


def best_of_all(program: Program) -> float:
    """Try every choice of a programme that is nothing but choices."""
    values = [
        float(program.reward @ choice)
        for choice in map(np.array, product((0.0, 1.0), repeat=program.reward.size))
        if np.all(program.matrix @ choice <= program.row_upper)
    ]
    return max(values)


# ---- nothing is left out -----------------------------------------------------------------------


@given(data=st.data())
def test_cases_that_were_split_leave_out_nothing_until_one_is_taken_away(
    data: st.DataObject,
) -> None:
    cases: list[dict[int, int]] = [{}]
    for _ in range(data.draw(st.integers(0, 6), label="splits")):
        place = data.draw(st.integers(0, len(cases) - 1), label="case")
        left = [column for column in range(4) if column not in cases[place]]
        if left:
            column = data.draw(st.sampled_from(left), label="column")
            split = cases.pop(place)
            cases += [{**split, column: choice} for choice in (0, 1)]
    whole = [Case(choices, np.zeros(1)) for choices in cases]

    assert leave_out_nothing(whole, STOCKCO)
    gone = data.draw(st.integers(0, len(whole) - 1), label="taken away")
    assert not leave_out_nothing(whole[:gone] + whole[gone + 1 :], STOCKCO)
    assert not leave_out_nothing([*whole, whole[gone]], STOCKCO)


@pytest.mark.parametrize(
    "choices",
    [
        [{0: 1}, {1: 0}],  # two halves that overlap, and half of what is left is nowhere
        [{0: 2}, {0: 0}],
        [{9: 0}, {9: 1}],  # no choice of the programme
        [{0: 1}],
        [],
    ],
)
def test_what_only_looks_like_all_choices_is_not_taken_for_them(
    choices: list[dict[int, int]],
) -> None:
    assert not leave_out_nothing([Case(one, np.zeros(1)) for one in choices], STOCKCO)


def test_a_choice_that_is_made_already_cannot_be_split() -> None:
    program = replace(STOCKCO, upper=np.array([1.0, 1.0, 0.0, 3.0]))

    assert open_choices(program) == [0, 1]


# ---- the bound ---------------------------------------------------------------------------------


def test_stockco_is_proved_to_be_worth_42_whatever_is_chosen() -> None:
    cases = proof_by_cases(STOCKCO, enough=42.0 + 1e-6, seconds_max=SECONDS_MAX)

    assert leave_out_nothing(cases, STOCKCO)
    assert proved_bound(STOCKCO, dual=np.zeros(1), cases=cases) == pytest.approx(42.0, abs=1e-5)
    # As if investments could be split the best is worth 44: the published relaxation.
    assert dual_bound(STOCKCO, np.array([22 / 7])) >= 44.0


def test_no_cases_prove_what_is_not_so() -> None:
    cases = proof_by_cases(STOCKCO, enough=41.0, seconds_max=SECONDS_MAX)

    assert leave_out_nothing(cases, STOCKCO)
    assert proved_bound(STOCKCO, dual=np.zeros(1), cases=cases) >= 42.0 - 1e-9


@settings(max_examples=25, deadline=None)
@given(
    worth=st.lists(st.integers(1, 40), min_size=3, max_size=5),
    seed=st.integers(0, 1000),
)
def test_the_bound_of_cases_is_the_best_of_all_choices(worth: list[int], seed: int) -> None:
    numbers = np.random.default_rng(seed)
    price = numbers.integers(1, 10, len(worth)).astype(float)
    program = choices_program(
        worth=[float(one) for one in worth], price=price.tolist(), budget=float(price.sum() // 2)
    )
    best = best_of_all(program)

    cases = proof_by_cases(program, enough=best + 1e-6, seconds_max=SECONDS_MAX)
    bound = proved_bound(program, dual=np.zeros(1), cases=cases)

    assert bound == pytest.approx(best, abs=1e-5)
    assert bound >= best - 1e-9


def test_choices_that_no_plan_can_make_are_proved_to_be_so() -> None:
    """Both cost 3 and there are 4: whoever chooses the first cannot choose the second."""
    program = choices_program(worth=[5.0, 5.0], price=[3.0, 3.0], budget=4.0)

    cases = proof_by_cases(program, enough=5.0 + 1e-6, seconds_max=SECONDS_MAX)
    both = next(case for case in cases if case.choices == {0: 1, 1: 1})

    assert narrowed(program, both.choices).lower.tolist() == [1.0, 1.0]
    assert case_bound(program, both) <= 5.0 + 1e-6


@pytest.mark.parametrize("enough", [4.0, -50.0])
def test_what_is_impossible_is_worth_less_than_anything(enough: float) -> None:
    """Three of two cannot be built: by valuations of the contradiction any bound can be proved."""
    program = Program(
        matrix=sp.csr_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([3.0]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(2),
        upper=np.ones(2),
        reward=np.array([5.0, 5.0]),
        integer=np.ones(2, dtype=bool),
    )

    cases = proof_by_cases(program, enough=enough, seconds_max=SECONDS_MAX)
    ray = impossibility(program, seconds_max=SECONDS_MAX)
    proof = raised(program, np.zeros(1), ray=ray, enough=enough)

    assert leave_out_nothing(cases, program)
    assert proved_bound(program, dual=np.zeros(1), cases=cases) <= enough
    assert dual_bound(program, np.zeros(1)) == pytest.approx(10.0, abs=1e-12)
    assert dual_bound(program, proof) <= enough


def test_valuations_that_contradict_nothing_raise_nothing() -> None:
    ray = impossibility(STOCKCO, seconds_max=SECONDS_MAX)
    kept = raised(STOCKCO, np.array([3.0]), ray=ray, enough=0.0)

    assert kept.tolist() == [3.0]


def test_at_a_limit_the_cases_still_leave_out_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_search, "CASES_MAX", 2)

    cases = proof_by_cases(STOCKCO, enough=42.0 + 1e-6, seconds_max=SECONDS_MAX)

    assert len(cases) <= 2
    assert leave_out_nothing(cases, STOCKCO)
    assert proved_bound(STOCKCO, dual=np.zeros(1), cases=cases) > 42.5


def test_without_time_there_is_one_case_of_everything() -> None:
    cases = proof_by_cases(STOCKCO, enough=42.0, seconds_max=0.0)

    assert [case.choices for case in cases] == [{}]
