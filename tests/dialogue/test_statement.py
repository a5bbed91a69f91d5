"""Statements: the producers' map and the centre's, against the coefficients of the plan problem."""

from collections.abc import Iterable
from functools import cache

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.dialogue.parts import parts_of
from counterplan.dialogue.reading import Reading, reading_of
from counterplan.dialogue.statement import Statement, Telling, telling_of
from counterplan.dialogue.workplaces import workplaces_of
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.errors import CounterplanError
from counterplan.examples import packaged_economy, packaged_scenarios
from counterplan.plan.family import Family, Variables, own_family
from counterplan.plan.linear import Rows, at_least
from counterplan.plan.mandate import Mandate
from counterplan.plan.open import open_scenario
from counterplan.plan.outlook import Outlook
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy
from tests.plan.growing import growing_economy


def together(problem: Problem) -> tuple[sp.csr_array, sp.csr_array]:
    """Return what both maps make of each variable in each shared rule [L x N], and the truth."""
    parts = parts_of(problem)
    telling, reading = telling_of(parts), reading_of(parts)
    links = workplaces_of(parts).links
    lines = sp.csc_array(telling.lines)
    made = sp.csc_array(reading.common @ lines)
    staffing = sp.csc_array(reading.staffing @ lines)
    height = len(reading.rules)
    for branch in range(len(reading.staffing_rows)):
        rows = reading.staffing_rows[branch]
        own = np.append(reading.branch == branch, False)[parts.columns]
        kept = np.flatnonzero(rows >= 0)
        put = sp.csr_array((np.ones(kept.size), (rows[kept], kept)), shape=(height, rows.size))
        made = made + put @ staffing @ sp.diags_array(own.astype(float))
    return sp.csr_array(made), sp.csr_array(links)


def assert_equal(problem: Problem) -> None:
    made, links = together(problem)
    largest = float(abs(links).max())
    tolerance = 1e-13 * np.maximum(abs(links).max(axis=1).toarray().ravel(), 1e-13 * largest)
    apart = abs(made - links).max(axis=1).toarray().ravel()

    assert links.nnz
    assert (apart <= tolerance).all()


@pytest.mark.parametrize("name", packaged_scenarios())
def test_both_maps_together_are_the_coefficients_of_every_packaged_scenario(name: str) -> None:
    scenario, economy = open_scenario(name)
    horizon = scenario.horizon.model_copy(update={"periods": 3})

    assert_equal(assemble(lay_out(economy, scenario.model_copy(update={"horizon": horizon}))))


@cache
def russia(producers: int) -> Economy:
    whole = read_package(packaged_economy("russia-2014"))
    return split_producers(whole, producers=producers, seed=5, techniques=2)


def test_both_maps_together_are_the_coefficients_of_russia_in_forty_workplaces() -> None:
    scenario, _ = open_scenario("oil-055")
    horizon = scenario.horizon.model_copy(update={"periods": 2})
    problem = assemble(lay_out(russia(40), scenario.model_copy(update={"horizon": horizon})))

    assert_equal(problem)


def slow_building(economy: Economy) -> Economy:
    """Return an economy whose capital takes one, two ... periods to build."""
    count = len(economy.capital)
    return changed(economy, "capital", lag=np.arange(1, count + 1) + 1)


def limited(economy: Economy) -> Outlook:
    """Return an outlook with limits on emissions and on the imported share of use."""
    given = outlook_of(economy, periods=4, mandate=Mandate())
    return given.altered(
        emission_limit=np.full(given.emission_limit.shape, 5.0),
        import_share_limit=np.full(given.import_share_limit.shape, 0.2),
    )


@pytest.mark.parametrize(
    "economy",
    [
        two_branch_economy(),
        growing_economy(),  # capital that another producer's technique needs
        slow_building(growing_economy()),
    ],
    ids=["two-branch", "growing", "slow"],
)
def test_both_maps_agree_with_lags_shared_capital_and_limits(economy: Economy) -> None:
    problem = assemble(limited(economy))
    shared = parts_of(problem).shared
    for family in ("emissions", "self_reliance"):
        rows = problem.rows[family].rows
        assert shared[rows[rows >= 0]].any()  # water is the farm's alone

    assert_equal(problem)


# ---- by hand ------------------------------------------------------------------------------------


@cache
def by_hand() -> tuple[Problem, Telling, Reading, Statement]:
    """Return the statements of the two-branch economy when everything goes on as before."""
    problem = problem_of(two_branch_economy(), periods=2)
    parts = parts_of(problem)
    telling = telling_of(parts)
    course = np.zeros(parts.columns.size)
    for name, values in (("activity", [100.0, 20.0]), ("investment", [10.0, 2.0])):
        first = problem.columns[name]
        course[first : first + 6] = np.tile(values, 3)
    return problem, telling, reading_of(parts), telling.statement(course)


def test_a_farm_and_a_works_say_what_they_make_use_and_build_with() -> None:
    _, _, _, statement = by_hand()

    def said(name: str) -> list[list[float]]:
        return statement.of(name)[:, 0].tolist()  # items x producers, in the first period

    assert said("made") == [[100.0, 0.0], [0.0, 20.0]]
    assert said("used") == [[20.0, 2.0], [0.0, 2.0]]
    assert said("built") == [[0.0, 0.0], [10.0, 1.0]]  # a machine, and half a machine
    assert said("work") == [[100.0, 40.0]]
    assert said("emitted") == [[1.0, 10.0]]
    assert statement.of("room").size == statement.of("handed").size == 0
    assert (statement.of("made")[:, 2] == statement.of("made")[:, 0]).all()


def test_what_they_say_enters_the_shared_rules_by_hand() -> None:
    _, _, reading, statement = by_hand()
    shares = reading.shares(statement)

    def of(family: str, item: int) -> list[float]:
        return shares[reading.places[family][item, 0]].tolist()

    # 100 - 20 corn net; 20 - 2 machines net less one built, and ten machines built with.
    assert of("product_balance", 0) == pytest.approx([80.0, -2.0])
    assert of("product_balance", 1) == pytest.approx([-10.0, 17.0])
    # Of 12 machines used and consumed one is imported, of 11 built with two are.
    assert of("import_share", 1) == pytest.approx([0.0, -2 * 1 / 12])
    assert of("investment_import_share", 1) == pytest.approx([-10 * 2 / 11, -1 * 2 / 11])
    assert of("labour", 0) == pytest.approx([-100.0, -40.0])
    # In the first period those at work before are the centre's knowledge; each in its branch.
    assert of("labour_mobility", 0) == pytest.approx([-100.0, 0.0])
    assert of("labour_mobility", 1) == pytest.approx([0.0, -40.0])
    assert reading.places["emissions"].max() < 0  # no limit is set


def test_in_later_periods_those_who_worked_before_are_at_home() -> None:
    problem, _, reading, statement = by_hand()
    shares = reading.shares(statement)
    second = reading.places["labour_mobility"][0, 1]
    beta, b = problem.outlook.periods.beta, problem.outlook.periods.b
    tail = reading.places["labour_mobility"][0, 2]

    assert shares[second, 0] == pytest.approx(0.0)
    assert shares[tail, 0] == pytest.approx((1 - b) * 100 + beta * 100 - 100)


def test_building_is_spread_over_its_time() -> None:
    economy = changed(two_branch_economy(), "capital", lag=np.array([1, 2]))
    problem = problem_of(economy, periods=3)
    telling = telling_of(parts_of(problem))
    course = np.zeros(problem.program.reward.size)
    course[problem.columns["investment"] + 1] = 6.0  # the works starts six units in 2021
    built = telling.statement(course).of("built")[1, :, 1]

    assert built[:3].tolist() == pytest.approx([1.5, 1.5, 0.0])  # half of six, half a machine each


def test_an_own_cost_is_what_the_bands_cost_in_money_of_the_period() -> None:
    problem, telling, reading, _ = by_hand()
    rules = problem.outlook.mandate.rules.output
    course = np.zeros(problem.program.reward.size)
    bands = len(rules.widths) + 1
    start = problem.columns["output_up"] + 2 * bands  # the second year's: two techniques each
    course[start] = 1.5  # farming, first band
    course[start + bands] = 0.5  # making, first band
    statement = telling.statement(course)

    assert statement.cost[1] == pytest.approx([1.5 * rules.costs[0], 0.5 * 2 * rules.costs[0]])
    assert statement.cost[[0, 2]].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    weight = problem.outlook.periods.weights[1]
    assert reading.values(statement) == pytest.approx(-weight * statement.cost[1])


def test_what_a_line_is_worth_is_the_offer_to_whoever_says_it() -> None:
    _, _, reading, statement = by_hand()
    valuations = np.random.default_rng(2).normal(size=len(reading.rules))
    worth = -valuations @ reading.shares(statement)

    for s in range(2):
        own = reading.worth(valuations, producer=s) @ statement.said[:, s]
        assert own == pytest.approx(worth[s], rel=1e-12)


def test_some_producers_may_speak_alone() -> None:
    problem, telling, reading, whole = by_hand()
    course = np.zeros(problem.program.reward.size)
    course[problem.columns["activity"] + 1] = 20.0
    alone = telling.statement(course, who=np.array([1]))

    assert alone.said.shape == (whole.words.size, 1)
    row = reading.places["labour_mobility"][1, 0]
    assert reading.shares(alone)[row].tolist() == [-40.0]
    assert reading.shares(alone)[reading.places["labour_mobility"][0, 0]].tolist() == [0.0]


def test_every_shared_rule_has_a_name() -> None:
    reading = by_hand()[2]

    assert all(reading.rules)
    assert reading.rules[reading.places["labour"][0, 1]] == "rule 'labour' of 'worker', 2022"


def test_a_rule_that_statements_have_no_words_for_is_refused() -> None:
    def rationing(given: Outlook, plan: Variables) -> Rows:
        count = len(given.periods)
        return at_least(
            plan.activity.total() * -1.0 + np.full((1, count), 500.0),
            0.0,
            items=("all",),
            dimension="whole",
        )

    own: Iterable[Family] = (own_family(rationing, dual="none", unit="units"),)
    problem = assemble(outlook_of(two_branch_economy()), extra=own)

    with pytest.raises(CounterplanError, match="'rationing' speaks of what producers do"):
        reading_of(parts_of(problem))
