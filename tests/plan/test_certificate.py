"""The certificate: a bound that no valuations can break, residuals to scale, nothing slips by."""

from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterplan.economy.economy import Economy, Projects
from counterplan.plan.certificate import (
    GAP_MAX,
    RESIDUAL_MAX,
    Certificate,
    bound_violation,
    certify,
    dual_bound,
    fraction_left,
)
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.plan import Plan
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import PriceShock
from counterplan.solve.program import Program
from tests.plan.builders import outlook_of, problem_of, scenario_of
from tests.plan.growing import Best, best, growing_economy

ROWS, COLUMNS = 6, 7
ANY = st.floats(-1e3, 1e3, allow_nan=False)
SMALL = st.integers(-4, 4).map(float)


@dataclass(frozen=True)
class Known:
    """A programme with a plan and valuations that are best by construction."""

    program: Program
    primal: np.ndarray
    dual: np.ndarray

    @property
    def optimum(self) -> float:
        """The value that no plan exceeds."""
        return float(self.program.reward @ self.primal)


@st.composite
def known_programs(draw: st.DrawFn) -> Known:
    """Draw a programme backwards, from an answer that fulfils the conditions of optimality.

    Each row binds from below (valuation <= 0), from above (>= 0), on both sides, or not at all
    (0); each variable stands at its lower bound (its reward falls short), at its upper bound, or
    between (its reward is exactly covered). Then the reward follows: c = A'y + d.
    """
    matrix = draw(arrays(np.float64, (ROWS, COLUMNS), elements=SMALL))
    primal = draw(arrays(np.float64, COLUMNS, elements=SMALL))
    rowkind = draw(st.lists(st.sampled_from("lube"), min_size=ROWS, max_size=ROWS))
    place = draw(st.lists(st.sampled_from("lub"), min_size=COLUMNS, max_size=COLUMNS))
    size = draw(arrays(np.float64, ROWS, elements=st.integers(0, 4).map(float)))
    worth = draw(arrays(np.float64, COLUMNS, elements=st.integers(0, 4).map(float)))
    room = draw(arrays(np.float64, ROWS + COLUMNS, elements=st.integers(1, 5).map(float)))
    left = matrix @ primal
    low = np.where([k in "lb" for k in rowkind], left, left - room[:ROWS])
    high = np.where([k in "ub" for k in rowkind], left, left + room[:ROWS])
    low[[k == "u" for k in rowkind]] = -np.inf
    high[[k == "l" for k in rowkind]] = np.inf
    signs = {"l": -1.0, "u": 1.0, "b": draw(st.sampled_from((-1.0, 1.0))), "e": 0.0}
    dual = size * np.array([signs[k] for k in rowkind])
    pull = worth * np.array([{"l": -1.0, "u": 1.0, "b": 0.0}[k] for k in place])
    program = Program(
        matrix=sp.csr_array(matrix),
        row_lower=low,
        row_upper=high,
        lower=np.where([k == "l" for k in place], primal, primal - room[ROWS:]),
        upper=np.where([k == "u" for k in place], primal, primal + room[ROWS:]),
        reward=matrix.T @ dual + pull,
        integer=np.zeros(COLUMNS, dtype=bool),
    )
    return Known(program, primal, dual)


@given(known=known_programs(), dual=arrays(np.float64, ROWS, elements=ANY))
@settings(max_examples=300, deadline=None)
def test_no_valuations_whatever_give_a_bound_below_the_best_plan(
    known: Known, dual: np.ndarray
) -> None:
    bound = dual_bound(known.program, dual)

    assert np.isfinite(bound)
    assert bound >= known.optimum - 1e-9 * max(1.0, abs(bound))


@given(known=known_programs())
@settings(max_examples=300, deadline=None)
def test_the_best_valuations_give_the_best_value(known: Known) -> None:
    assert dual_bound(known.program, known.dual) == pytest.approx(known.optimum, abs=1e-9)


def test_a_textbook_programme() -> None:
    """The Wyndor Glass Co. (Hillier and Lieberman): 36 at (2, 6), shadow prices 0, 3/2, 1."""
    program = Program(
        matrix=sp.csr_array([[1.0, 0.0], [0.0, 2.0], [3.0, 2.0]]),
        row_lower=np.full(3, -np.inf),
        row_upper=np.array([4.0, 12.0, 18.0]),
        lower=np.zeros(2),
        upper=np.full(2, 100.0),
        reward=np.array([3.0, 5.0]),
        integer=np.zeros(2, dtype=bool),
    )

    assert dual_bound(program, np.array([0.0, 1.5, 1.0])) == pytest.approx(36.0)
    # Without valuations only the box bounds the value: 3 x 100 + 5 x 100.
    assert dual_bound(program, np.zeros(3)) == pytest.approx(800.0)
    # The wrong sign against a side that is open proves nothing and must not be believed.
    assert dual_bound(program, np.array([-5.0, 1.5, 1.0])) == pytest.approx(36.0)


@cache
def crisis() -> Best:
    """Return a plan under a fall in the export price: most rules bind somewhere."""
    drop = PriceShock(kind="export_price", products=("corn",), factor=0.75)
    mandate = Mandate(foreign=ForeignRules(reserves_floor=1.0, credit={2021: 1.0}, debt_limit=2.0))
    return best(problem_of(growing_economy(), shocks=(drop,), mandate=mandate))


@cache
def crisis_plan() -> Plan:
    return crisis().plan


def certified(primal: np.ndarray) -> Certificate:
    """Certify other numbers for the same plan."""
    plan = crisis_plan()
    return certify(plan.problem, primal=primal, dual=plan.dual)


def altered(variable: str, *, item: int, period: int, by: float) -> np.ndarray:
    """Return the plan's numbers with one of them changed."""
    problem = crisis_plan().problem
    primal = crisis_plan().primal.copy()
    items = len(problem.variables.blocks[variable].items)
    primal[problem.columns[variable] + period * items + item] += by
    return primal


def test_the_plan_itself_is_certified() -> None:
    certificate = certified(crisis_plan().primal)

    assert certificate.holds
    assert certificate.residual <= RESIDUAL_MAX
    assert abs(certificate.gap) <= GAP_MAX
    assert {r.family for r in certificate.residuals} >= {"product_balance", "labour", "capacity"}
    assert certificate.value == pytest.approx(
        float(crisis_plan().problem.program.reward @ crisis_plan().primal)
    )


@pytest.mark.parametrize(
    ("variable", "item", "by", "family", "place", "terms"),
    [
        # 80 t net of seed, 2 used by industry, 59 eaten, 20 exported: 161, two years later.
        ("exports", 0, 1e-3, "product_balance", "corn, 2022", 161 * 1.02**2),
        ("activity", 0, 1e-2, "labour", "hand, 2022", None),
        ("capacity", 1, 1e-3, "capital_accumulation", "shop, 2022", None),
        ("reserves", 0, 1e-3, "foreign_balance", "whole, 2022", None),
    ],
)
def test_a_changed_quantity_leaves_a_residual_that_says_where(
    variable: str, item: int, by: float, family: str, place: str, terms: float | None
) -> None:
    changed = certified(altered(variable, item=item, period=1, by=by))
    found = {r.family: r for r in changed.residuals}[family]

    assert not changed.holds
    assert found.place in (place, place.replace("2022", "2023"))
    assert found.absolute == pytest.approx(by, rel=0.25)
    assert found.relative > RESIDUAL_MAX
    if terms is not None:
        assert found.relative == pytest.approx(by / terms, rel=0.05)


def test_a_number_outside_its_box_is_seen() -> None:
    problem = crisis_plan().problem
    program = problem.program
    middle = program.lower + 0.5 * (program.upper - program.lower)

    assert bound_violation(problem, middle) == 0.0
    for name in ("exports", "capacity", "credit"):
        primal, j = middle.copy(), problem.columns[name]
        assert program.upper[j] > 0
        primal[j] = program.upper[j] * (1 + 1e-3)
        assert bound_violation(problem, primal) == pytest.approx(1e-3)
        primal[j] = program.lower[j] - 1e-3 * program.upper[j]
        assert bound_violation(problem, primal) == pytest.approx(1e-3)


def test_anything_in_a_box_that_holds_nothing_is_seen() -> None:
    problem = crisis_plan().problem
    overtime = problem.columns["overtime"]
    assert problem.program.upper[overtime] == 0

    for little in (1e-12, 1.0):
        primal = crisis_plan().primal.copy()
        primal[overtime] = little
        assert bound_violation(problem, primal) > 1.0


def idle() -> set[str]:
    """Return the variables that neither stand in a row nor earn anything."""
    problem = crisis_plan().problem
    touched = np.asarray(abs(problem.program.matrix).sum(axis=0)).ravel() + np.abs(
        problem.program.reward
    )
    names = set()
    for name, block in problem.variables.blocks.items():
        first = problem.columns[name]
        if block.size and (touched[first : first + block.size] == 0).all():
            names.add(name)
    return names


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_plan_altered_anywhere_is_caught(sign: float) -> None:
    """Each number in turn, by a hundredth of itself or of a unit: the plan is not certified."""
    plan = crisis_plan()
    missed, tried = [], 0
    assert idle() == {"worst_satisfaction"}  # the mandate gives the worst year no weight
    for name, block in plan.problem.variables.blocks.items():
        first = plan.problem.columns[name]
        for position in range(first, first + block.size if name not in idle() else first):
            primal = plan.primal.copy()
            primal[position] += sign * 1e-2 * max(1.0, abs(primal[position]))
            tried += 1
            if certified(primal).holds:
                missed.append((name, position - first))

    assert tried > 1_000
    assert missed == []


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_never_certified(bad: float) -> None:
    plan = crisis_plan()
    for position in range(0, plan.primal.size, 37):
        primal = plan.primal.copy()
        primal[position] = bad
        with np.errstate(invalid="ignore"):
            assert not certified(primal).holds
    dual = plan.dual.copy()
    dual[0] = bad
    with np.errstate(invalid="ignore"):
        assert not certify(plan.problem, primal=plan.primal, dual=dual).holds


def test_wrong_valuations_loosen_the_bound_and_never_break_it() -> None:
    plan = crisis_plan()
    rng = np.random.default_rng(1)

    for size in (1e-3, 1e-1, 10.0):
        dual = plan.dual + size * rng.standard_normal(plan.dual.size)
        certificate = certify(plan.problem, primal=plan.primal, dual=dual)
        assert certificate.gap > GAP_MAX
        assert not certificate.holds


def test_nobodys_word_for_a_bound_is_taken_where_valuations_prove_one() -> None:
    plan = crisis_plan()
    poor = np.zeros_like(plan.dual)

    believed = certify(plan.problem, primal=plan.primal, dual=poor, bound=plan.certificate.value)

    assert believed.bound == pytest.approx(dual_bound(plan.problem.program, poor))
    assert not believed.holds


def test_a_worse_plan_is_not_certified_although_it_is_feasible() -> None:
    """With corn exports dearer at home, the plan for another price keeps every rule and loses."""
    given_up = crisis_plan()
    other = best(problem_of(growing_economy())).plan
    problem = given_up.problem
    same = other.problem.program.matrix.shape == problem.program.matrix.shape
    assert same
    certificate = certify(other.problem, primal=other.primal, dual=given_up.dual)

    assert certificate.residual <= RESIDUAL_MAX
    assert certificate.gap > GAP_MAX
    assert not certificate.holds


def resized(economy: Economy, factor: float) -> Economy:
    """Return the economy with every quantity in other units of size: tonnes instead of grams."""

    def times(part: object, *names: str) -> object:
        return replace(part, **{name: getattr(part, name) * factor for name in names})

    return replace(
        economy,
        techniques=times(economy.techniques, "activity"),
        labour=times(economy.labour, "force"),
        capital=times(economy.capital, "capacity", "investment"),
        demand=times(economy.demand, "consumption", "collective", "other"),
        trade=times(economy.trade, "exports", "imports_other", "imports_investment"),
        accounts=times(economy.accounts, "reserves", "transfers", "debt_service"),
    )


@pytest.mark.parametrize("factor", [2.0**-20, 2.0**20])
def test_the_verdict_does_not_depend_on_the_units(factor: float) -> None:
    """A plan for an economy a million times smaller, or larger, is judged by the same measure."""
    plan = best(problem_of(growing_economy())).plan
    problem = assemble(outlook_of(resized(growing_economy(), factor)))
    dual = plan.dual
    slightly = plan.primal * (1 + 1e-5 * np.random.default_rng(2).standard_normal(plan.primal.size))

    for primal in (plan.primal, slightly):
        before = certify(plan.problem, primal=primal, dual=dual)
        after = certify(problem, primal=factor * primal, dual=dual)
        assert after.holds == before.holds
        assert after.gap == pytest.approx(before.gap, rel=1e-6, abs=1e-13)
        assert after.outside == pytest.approx(before.outside, rel=1e-6, abs=1e-13)
        for one, other in zip(after.residuals, before.residuals, strict=True):
            assert one.relative == pytest.approx(other.relative, rel=1e-6, abs=1e-13)
    assert not before.holds


def test_indivisible_projects_are_whole() -> None:
    program = SimpleNamespace(integer=np.array([False, True, True]))

    assert fraction_left(program, np.array([0.5, 1.0, 0.0])) == 0.0
    assert fraction_left(program, np.array([0.5, 1.0, 0.25])) == 0.25
    assert fraction_left(program, np.array([0.5, 0.999, 0.0])) == pytest.approx(1e-3)


def with_a_project() -> Economy:
    """Return the growing economy with a workshop that can be built or not."""
    shop = Projects(
        codes=("hall",),
        names=("A hall",),
        cost=(((1, 0, 0.5),),),
        capital=np.array([1]),
        capacity=np.array([2.0]),
        lag=np.array([1]),
    )
    return replace(growing_economy(), projects=shop)


def test_half_a_project_is_no_plan() -> None:
    plan = make_plan(with_a_project(), scenario_of(), seconds_max=60.0)
    assert plan.certificate.holds
    half = plan.primal.copy()
    half[plan.problem.columns["project"]] = 0.5

    certificate = certify(plan.problem, primal=half, dual=plan.dual, bound=plan.making.bound)

    assert certificate.fractional == 0.5
    assert not certificate.holds
