"""The dialogue's benchmark: rounds against an optimum, and rivals on an economy of two branches."""

from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pytest

from benchmarks import bench_dialogue
from benchmarks import dialogue_cases as cases
from benchmarks.bench_dialogue import Rival, first_certain, first_near, followed, standing_rows
from benchmarks.dialogue_cases import Case, Central, Line, central, first_within, held, optimum_of
from benchmarks.dialogue_field import Field
from benchmarks.dialogue_rivals import Stand, dantzig_wolfe, fictitious, subgradient
from counterplan.dialogue.beginning import Beginning
from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.faults import Faults
from counterplan.dialogue.rounds import Dialogue, dialogue_of
from counterplan.economy.split import split_producers
from counterplan.plan.shocks import PriceShock
from counterplan.solve.program import Engine
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
CASE = Case("small", 12, 3, 25, ((Engine.IPX, 30.0),))
NAN = float("nan")


@cache
def dialogue() -> Dialogue:
    economy = split_producers(two_branch_economy(), producers=12, seed=3, regions=1)
    return dialogue_of(problem_of(economy, shocks=(DROP,)), scenario_of(shocks=(DROP,)))


@cache
def optimum() -> Central:
    return central(dialogue().parts.problem, Engine.SIMPLEX, seconds_max=30.0)


@cache
def field() -> Field:
    """Begin with an offer in which every product is worth something."""
    rows = dialogue().centre.rows.size
    answer = cases.solve_divisible(
        dialogue().parts.program, engine=Engine.SIMPLEX, seconds_max=30.0
    )
    best = answer.dual[dialogue().centre.rows]
    rng = np.random.default_rng(2)
    first = Offer(0, best * rng.uniform(0.5, 2.0, size=rows))
    return Field(dialogue(), Beginning(first, (as_before(dialogue().parts.problem),)))


@cache
def stands(name: str, rounds: int) -> list[Stand]:
    ways = {
        "subgradient": lambda: subgradient(field(), length=0.3),
        "fictitious": lambda: fictitious(field(), times=2.0),
        "dantzig-wolfe": lambda: dantzig_wolfe(field()),
    }
    return list(islice(ways[name](), rounds))


@pytest.mark.parametrize("name", ["subgradient", "fictitious", "dantzig-wolfe"])
def test_every_bound_is_one_and_every_plan_is_no_better_than_the_optimum(name: str):
    found, unit = stands(name, 40), dialogue().yardstick

    assert min(one.bound for one in found) >= optimum().value - 1e-9 * unit
    values = [one.value for one in found if np.isfinite(one.value)]
    assert values
    assert max(values) <= optimum().value + 1e-7 * unit
    assert np.diff([one.bound for one in found]).max() <= 0
    assert np.diff(values).min(initial=0) >= -1e-7 * unit
    assert np.diff([one.seconds for one in found]).min() > 0


def test_simplex_dantzig_wolfe_comes_to_the_optimum_exactly():
    last, unit = stands("dantzig-wolfe", 40)[-1], dialogue().yardstick

    assert last.value == pytest.approx(optimum().value, abs=1e-7 * unit)
    assert last.bound == pytest.approx(optimum().value, abs=1e-7 * unit)


@pytest.mark.parametrize("name", ["subgradient", "fictitious"])
def test_the_bounds_of_the_others_fall_towards_the_optimum(name: str):
    over = [one.bound - optimum().value for one in stands(name, 200)]

    assert over[-1] <= 0.5 * over[0]
    assert over[-1] < over[100] < over[0]


def test_rounds_come_to_the_optimum_and_count_both_sides_seconds():
    begun = field().begin
    found = list(held(CASE, dialogue(), optimum=optimum().value, begin=begun))

    assert found[-1].gap <= cases.ENOUGH
    assert [line.round for line in found] == list(range(1, len(found) + 1))
    for line in found:
        assert -1e-9 <= line.distance <= line.gap + 1e-9
        assert line.residual <= 1e-7
    assert found[-1].producer_seconds > 0
    assert found[-1].centre_seconds > 0


def test_those_who_are_silent_are_counted():
    case = replace(CASE, faults=Faults(seed=1, silent=0.3, late=1), rounds_max=4)
    found = list(held(case, dialogue(), optimum=optimum().value, begin=field().begin))

    assert min(line.answered for line in found) < 12


def line(number: int, gap: float, distance: float, value: float = 0.0) -> Line:
    return Line(number, gap, distance, 1e-12, value, 5, 2.0, 1.0)


def test_the_first_round_within_a_share_is_told_or_that_there_is_none():
    lines = [line(1, np.inf, NAN), line(2, 0.5, 0.009), line(3, 0.0099, 0.002)]

    assert first_within(lines, 0.01, of="distance") == "2"
    assert first_within(lines, 0.01, of="gap") == "3"
    assert first_within(lines, 0.001, of="gap") == "not in 3"


def test_a_case_in_short_says_whether_any_plan_was_worse():
    best = Central(Engine.IPX, 9.0, 4.25, 1.0, 1e-12, 1e-9)
    none = Central(Engine.HIPO, 9.0, 9.5, NAN, NAN, NAN)
    better = [line(1, 0.5, 0.5, NAN), line(2, 0.5, 0.5, 1.0), line(3, 0.5, 0.5, 2.0)]

    row = cases.row_of(CASE, better, [best, none])
    assert (row["never worse"], row["CPU s, HiGHS' best"]) == ("yes", "4.2")
    assert cases.row_of(CASE, better[::-1], [none])["never worse"] == "no"
    assert cases.row_of(CASE, better, [none])["CPU s, HiGHS' best"] == "no plan"
    assert optimum_of([none, best]) == 1.0
    assert np.isnan(optimum_of([none]))
    assert list(cases.central_table([best, none])["plan"]) == ["certified", "none"]
    assert list(cases.rounds_table(better)["round"]) == [1, 2, 3]


def test_only_a_certified_answer_of_highs_counts():
    assert optimum().residual <= 1e-7
    assert optimum().value > 0
    assert np.isnan(central(dialogue().parts.problem, Engine.SIMPLEX, seconds_max=0.0).value)


def test_a_rival_stops_at_its_limits_and_is_told_where_it_stands():
    rival = Rival("steps", dantzig_wolfe)
    assert len(followed(rival, field(), rounds=3, seconds=99.0)) == 3
    assert len(followed(rival, field(), rounds=3, seconds=0.0)) == 1

    told = [Stand(1, 120.0, NAN, 0.0, 1.0), Stand(2, 101.5, 99.5, 0.0, 2.5)]
    assert first_near(told, optimum=100.0, allowed=1.0) == "2 (2.5 s)"
    assert first_near(told, optimum=100.0, allowed=0.1) == "not in 2 (2.5 s)"
    assert first_certain(told, allowed=2.0) == "2 (2.5 s)"
    assert first_certain(told, allowed=1.0) == "not in 2 (2.5 s)"
    (row,) = standing_rows("way", told, optimum=100.0, unit=10.0)
    assert row["bound over the optimum, %"] == pytest.approx(15.0)
    assert row["plan under it, %"] == pytest.approx(5.0)


def test_every_case_has_a_command_that_says_what_it_does():
    assert {"thousand", "hundred", "silent", "tenyears", "rivals"} <= set(bench_dialogue.PARTS)
    assert all(part.__doc__ for part in bench_dialogue.PARTS.values())
