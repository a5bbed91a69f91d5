"""Every engine against programmes whose answers are published or can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.errors import CounterplanError
from counterplan.solve.highs import OPTIONS, as_model, fix_integers, outcome_of, run, solve
from counterplan.solve.program import Answer, Engine, Outcome, Program

EXACT = (Engine.SIMPLEX, Engine.VERTEX)
INTERIOR = (Engine.LOOSE, Engine.AUTOMATIC, Engine.IPX, Engine.HIPO)
EVERY = (*EXACT, *INTERIOR, Engine.PDLP)
FREE = np.inf


def close(engine: Engine) -> float:
    """Return how near to the known answer an engine must come, relative."""
    return {**dict.fromkeys(EXACT, 1e-9), **dict.fromkeys(INTERIOR, 1e-6)}.get(engine, 1e-4)


def program_of(
    matrix: list[list[float]],
    *,
    rows: list[tuple[float, float]],
    box: list[tuple[float, float]],
    reward: list[float],
    integer: tuple[int, ...] = (),
) -> Program:
    """Return a programme from plain lists; ``integer`` names the variables that are whole."""
    lower, upper = np.array(rows, dtype=float).T
    least, most = np.array(box, dtype=float).T
    whole = np.zeros(len(reward), dtype=bool)
    whole[list(integer)] = True
    return Program(
        matrix=sp.csr_array(np.array(matrix, dtype=float)),
        row_lower=lower,
        row_upper=upper,
        lower=least,
        upper=most,
        reward=np.array(reward, dtype=float),
        integer=whole,
    )


def wyndor() -> Program:
    """Return the Wyndor Glass Co. problem: 36 at (2, 6), shadow prices (0, 3/2, 1).

    Hillier and Lieberman, Introduction to Operations Research, chapter 3.
    """
    return program_of(
        [[1, 0], [0, 2], [3, 2]],
        rows=[(-FREE, 4), (-FREE, 12), (-FREE, 18)],
        box=[(0, 100), (0, 100)],
        reward=[3, 5],
    )


def canneries() -> Program:
    """Return Dantzig's transport of canned food from two plants to three markets: cost 153.675.

    Dantzig, Linear Programming and Extensions (1963), chapter 3-3. Distances in thousand miles,
    90 dollars a case and thousand miles, in thousands of dollars.
    """
    cost = 0.09 * np.array([2.5, 1.7, 1.8, 2.5, 1.8, 1.4])
    supply = [[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]]
    demand = [[1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1]]
    return program_of(
        supply + demand,
        rows=[(-FREE, 350), (-FREE, 600), (325, FREE), (300, FREE), (275, FREE)],
        box=[(0, 1000)] * 6,
        reward=(-cost).tolist(),
    )


def balances() -> Program:
    """Return a programme with an equation, a range and negative bounds: 13 at (3, -1, 4).

    x + y + z = 6 with 2 <= x - y <= 4, x in 0..5, y in -1..5, z in 0..4; maximise 2 x + y + 2 z.
    z is worth as much as x and takes no part in the range: z = 4. Then x + y = 2, x - y <= 4:
    x = 3, y = -1. One more unit of the equation goes half to x and half to y: 3/2; a wider range
    moves x up and y down by a half each: 1/2.
    """
    return program_of(
        [[1, 1, 1], [1, -1, 0]],
        rows=[(6, 6), (2, 4)],
        box=[(0, 5), (-1.5, 5), (0, 4)],
        reward=[2, 1, 2],
    )


def crossed() -> Program:
    """Return a programme that no plan can keep: x + y >= 5 with x, y <= 2."""
    return program_of([[1, 1]], rows=[(5, FREE)], box=[(0, 2), (0, 2)], reward=[1, 1])


def plants() -> Program:
    """Return an indivisible programme: 16 with two plants, demand worth 3 a unit.

    A plant costs 10 and makes up to 8; 12 units can be sold at 3. One plant: 24 - 10 = 14; two:
    36 - 20 = 16; three: 36 - 30 = 6. With plants divisible it would be 36 - 15 = 21.
    """
    return program_of(
        [[-8, 1], [0, 1]],
        rows=[(-FREE, 0), (-FREE, 12)],
        box=[(0, 3), (0, 100)],
        reward=[-10, 3],
        integer=(0,),
    )


def knapsack() -> Program:
    """Return the knapsack of Cormen, Leiserson, Rivest and Stein (section 16.2): 220."""
    return program_of(
        [[10, 20, 30]],
        rows=[(-FREE, 50)],
        box=[(0, 1)] * 3,
        reward=[60, 100, 120],
        integer=(0, 1, 2),
    )


def large(size: int = 250) -> Program:
    """Return a dense programme that takes longer than no time."""
    rng = np.random.default_rng(0)
    return Program(
        matrix=sp.csr_array(rng.uniform(0.0, 1.0, (size, size))),
        row_lower=np.full(size, -FREE),
        row_upper=rng.uniform(1.0, 2.0, size),
        lower=np.zeros(size),
        upper=np.full(size, 10.0),
        reward=rng.uniform(0.5, 1.0, size),
        integer=np.zeros(size, dtype=bool),
    )


def value(program: Program, answer: Answer) -> float:
    """Return what an answer is worth."""
    return float(program.reward @ answer.primal)


def test_every_engine_has_its_options() -> None:
    assert set(OPTIONS) == set(Engine)
    assert set(EVERY) == set(Engine)


@pytest.mark.parametrize("engine", EVERY)
def test_the_glass_works(engine: Engine) -> None:
    answer = solve(wyndor(), engine=engine, seconds_max=30.0)

    near = close(engine)
    assert answer.outcome is Outcome.SOLVED
    assert value(wyndor(), answer) == pytest.approx(36.0, rel=near)
    assert answer.primal == pytest.approx([2.0, 6.0], rel=100 * near)
    assert answer.dual == pytest.approx([0.0, 1.5, 1.0], abs=100 * near)


@pytest.mark.parametrize("engine", EVERY)
def test_the_canneries(engine: Engine) -> None:
    answer = solve(canneries(), engine=engine, seconds_max=30.0)

    assert answer.outcome is Outcome.SOLVED
    assert value(canneries(), answer) == pytest.approx(-153.675, rel=close(engine))
    # The second plant has 50 cases to spare: its room is worth nothing.
    assert answer.dual[1] == pytest.approx(0.0, abs=1e-3)
    # A case in New York costs its cheapest way from the plant with room: 2.5 x 0.09.
    assert answer.dual[2] == pytest.approx(-0.225, abs=1e-3)


@pytest.mark.parametrize("engine", EVERY)
def test_an_equation_a_range_and_negative_bounds(engine: Engine) -> None:
    answer = solve(balances(), engine=engine, seconds_max=30.0)

    near = close(engine)
    assert answer.primal == pytest.approx([3.0, -1.0, 4.0], rel=100 * near)
    assert value(balances(), answer) == pytest.approx(13.0, rel=near)
    assert answer.dual == pytest.approx([1.5, 0.5], rel=1000 * near)


@pytest.mark.parametrize("engine", EVERY)
def test_an_answer_stands_in_its_box(engine: Engine) -> None:
    for program in (wyndor(), canneries(), balances()):
        answer = solve(program, engine=engine, seconds_max=30.0)

        assert (answer.primal >= program.lower).all()
        assert (answer.primal <= program.upper).all()
        assert answer.primal.shape == program.reward.shape
        assert answer.dual.shape == program.row_lower.shape
        assert np.isnan(answer.bound)


@pytest.mark.parametrize("engine", [Engine.SIMPLEX, Engine.VERTEX])
def test_an_impossible_programme_is_called_so(engine: Engine) -> None:
    answer = solve(crossed(), engine=engine, seconds_max=30.0)

    assert answer.outcome is Outcome.IMPOSSIBLE
    assert answer.primal.shape == (2,)
    assert answer.dual.shape == (1,)


@pytest.mark.parametrize("engine", EVERY)
def test_no_engine_calls_an_impossible_programme_solved(engine: Engine) -> None:
    answer = solve(crossed(), engine=engine, seconds_max=30.0)

    assert answer.outcome is not Outcome.SOLVED


@pytest.mark.parametrize("engine", EVERY)
def test_an_engine_stops_when_its_time_is_up(engine: Engine) -> None:
    program = large()

    answer = solve(program, engine=engine, seconds_max=1e-6)

    # PDLP calls its last iterate what it is, and may be near enough when it looks at the clock.
    allowed = {Outcome.STOPPED, *([Outcome.SOLVED] if engine is Engine.PDLP else [])}
    assert answer.outcome in allowed
    assert answer.primal.shape == program.reward.shape
    assert answer.dual.shape == program.row_lower.shape


def test_the_name_of_the_engine_and_its_work_are_kept() -> None:
    simplex, interior = (
        solve(canneries(), engine=engine, seconds_max=30.0)
        for engine in (Engine.SIMPLEX, Engine.AUTOMATIC)
    )

    assert simplex.engine == "simplex"
    assert interior.engine == "ipx"
    assert interior.iterations > 0
    assert interior.seconds > 0


@pytest.mark.parametrize("engine", [Engine.AUTOMATIC, Engine.SIMPLEX])
def test_indivisible_plants_and_their_duals(engine: Engine) -> None:
    answer = solve(plants(), engine=engine, seconds_max=30.0)

    assert answer.outcome is Outcome.SOLVED
    assert answer.primal == pytest.approx([2.0, 12.0], abs=1e-6)
    assert value(plants(), answer) == pytest.approx(16.0, abs=1e-6)
    # With two plants there is room to spare, and one more unit of demand sells for 3.
    assert answer.dual == pytest.approx([0.0, 3.0], abs=1e-6)
    assert answer.bound == pytest.approx(16.0, abs=1e-6)
    assert answer.engine.startswith("branch and bound, then ")


def test_a_knapsack() -> None:
    answer = solve(knapsack(), seconds_max=30.0)

    assert answer.primal == pytest.approx([0.0, 1.0, 1.0], abs=1e-9)
    assert answer.bound == pytest.approx(220.0)


def test_indivisible_variables_are_whole_to_the_last_bit() -> None:
    for program in (plants(), knapsack()):
        answer = solve(program, seconds_max=30.0)
        whole = answer.primal[program.integer]

        assert np.array_equal(whole, np.round(whole))


def test_the_bound_of_branch_and_bound_holds_for_every_choice() -> None:
    program = plants()
    answer = solve(program, seconds_max=30.0)

    for count in range(4):
        alone = replace(
            program,
            lower=np.array([float(count), 0.0]),
            upper=np.array([float(count), 100.0]),
            integer=np.zeros(2, dtype=bool),
        )
        best = solve(alone, engine=Engine.SIMPLEX, seconds_max=30.0)
        assert value(program, best) <= answer.bound + 1e-6


def test_an_impossible_indivisible_programme_is_called_so() -> None:
    half = program_of([[2]], rows=[(1, 1)], box=[(0, 3)], reward=[1], integer=(0,))

    assert solve(half, seconds_max=30.0).outcome is Outcome.IMPOSSIBLE


def test_branch_and_bound_stops_when_its_time_is_up() -> None:
    whole = replace(large(80), integer=np.ones(80, dtype=bool))

    answer = solve(whole, seconds_max=1e-6)

    assert answer.outcome is Outcome.STOPPED


def test_fixed_integers_stand_at_the_nearest_whole_number() -> None:
    answer = run(plants(), options={"time_limit": 30.0})
    nearly = replace(answer, primal=np.array([1.9999999, 12.0]))

    settled = fix_integers(plants(), nearly)

    assert settled.divisible
    assert settled.lower.tolist() == [2.0, 0.0]
    assert settled.upper.tolist() == [2.0, 100.0]


def test_an_option_that_highs_does_not_know_is_refused() -> None:
    with pytest.raises(CounterplanError, match="does not take the option haste = 11"):
        run(wyndor(), options={"haste": 11})


def test_a_word_of_highs_that_is_unknown_counts_as_stopped() -> None:
    assert outcome_of("something new") is Outcome.STOPPED


def test_the_model_that_highs_gets_is_the_programme() -> None:
    model = as_model(plants())

    assert (model.num_col_, model.num_row_) == (2, 2)
    assert list(model.a_matrix_.start_) == [0, 1, 3]
    assert list(model.a_matrix_.index_) == [0, 0, 1]
    assert list(model.a_matrix_.value_) == [-8.0, 1.0, 1.0]
    assert list(model.col_cost_) == [-10.0, 3.0]
    assert [str(kind).rpartition(".")[2] for kind in model.integrality_] == [
        "kInteger",
        "kContinuous",
    ]


def test_small_coefficients_are_kept() -> None:
    """One part in 10^10 of a large quantity is not nothing; HiGHS would drop it by default."""
    program = program_of(
        [[1, -1e-10]], rows=[(0, FREE)], box=[(0, 1), (0, 1e10)], reward=[-1, 1e-9]
    )

    answer = run(program, options={"solver": "simplex", "time_limit": 30.0})

    # A unit of the second earns 1e-9 and takes 1e-10 of the first: run it to its bound.
    assert answer.primal == pytest.approx([1.0, 1e10])
