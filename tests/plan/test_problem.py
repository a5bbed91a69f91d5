"""Assembly: what stands where, with which bounds and weights; rules of one's own."""

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.economy import Economy
from counterplan.errors import CounterplanError
from counterplan.plan.family import REGISTRY, Variables, family, own_family
from counterplan.plan.linear import Block, Rows, at_least, at_most
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import (
    EmissionGoal,
    Group,
    InvestmentGoal,
    Mandate,
    Need,
    Quota,
    SelfRelianceGoal,
)
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.shocks import CapacityShock, LabourShock
from tests.plan.builders import (
    changed,
    outlook_of,
    problem_of,
    scenario_of,
    two_branch_economy,
    value_of,
)
from tests.plan.relief import (
    best_value,
    plan_for,
    rows_of,
    slopes,
    steady_economy,
    three_workplaces,
)

BETA = 0.96


def everything() -> Problem:
    """Return a problem in which every family has rows: the packaged example with all goals."""
    goals = (
        InvestmentGoal(kind="investment", branches=("*",), factor=0.5),
        SelfRelianceGoal(kind="self_reliance", product="tools", share=0.2),
        EmissionGoal(kind="emission", emission="co2", factor=1.0),
    )
    quota = Quota(producer="farm", item="grain-north", least=1.0, end=2)
    mandate = Mandate(goals=goals, quotas=(quota,), needs=(Need(share=0.5),), worst_year=1.0)
    return problem_of(three_workplaces(), first=2, periods=2, mandate=mandate)


def point(problem: Problem, seed: int) -> dict[str, np.ndarray]:
    """Return arbitrary values of all variables."""
    rng = np.random.default_rng(seed)
    blocks = problem.variables.blocks
    return {name: rng.normal(size=block.lower.shape) for name, block in blocks.items()}


def vector(problem: Problem, values: dict[str, np.ndarray]) -> np.ndarray:
    """Write values into a vector over columns, each cell by its documented place."""
    x = np.full(problem.program.reward.size, np.nan)
    for name, value in values.items():
        items, periods = value.shape
        for t in range(periods):
            for i in range(items):
                x[problem.columns[name] + t * items + i] = value[i, t]
    assert not np.isnan(x).any()  # no column belongs to nobody
    return x


def test_every_column_stands_where_the_labels_say() -> None:
    problem = everything()
    values = point(problem, 1)
    x = vector(problem, values)

    for name, value in values.items():
        assert np.array_equal(problem.value(name, x), value)
    program = problem.program
    for name, block in problem.variables.blocks.items():
        assert np.array_equal(problem.value(name, program.lower), block.lower)
        assert np.array_equal(problem.value(name, program.upper), block.upper)
        assert len(block.items) == len(block.lower) == len(set(block.items))
        assert np.all(problem.value(name, program.integer.astype(float)) == block.integer)


def test_every_bound_is_finite_so_that_any_valuations_prove_a_bound() -> None:
    program = everything().program

    assert np.all(np.isfinite(program.lower))
    assert np.all(np.isfinite(program.upper))
    assert np.all(program.lower <= program.upper)


def test_rewards_are_weighted_by_period_and_the_tail_by_all_years_after() -> None:
    problem = problem_of(changed(two_branch_economy(), "trend", growth=0.01), periods=3)
    weights = [1.0, BETA, BETA**2, BETA**3 / (1 - BETA * 1.01)]

    reward = problem.value("consumption", problem.program.reward)

    unweighted = problem.variables.blocks["consumption"].reward
    assert reward == pytest.approx(unweighted * weights)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_familys_rows_stand_where_the_labels_say(name: str) -> None:
    problem = everything()
    values = point(problem, 2)
    rows, places = rows_of(problem, name), problem.rows[name]

    stated = value_of(rows.expression, problem, **values)
    left = problem.row_values(name, problem.program.matrix @ vector(problem, values))
    low = problem.row_values(name, problem.program.row_lower)
    high = problem.row_values(name, problem.program.row_upper)

    keep = np.ones(rows.lower.shape, bool) if rows.keep is None else rows.keep
    assert np.array_equal(places.rows >= 0, keep)
    assert np.isnan(left[~keep]).all()
    # What the expression says less its bound is what the programme's row says less its own.
    assert (left - low)[keep] == pytest.approx((stated - rows.lower)[keep])
    if np.isfinite(rows.upper).any():
        assert (left - high)[keep] == pytest.approx((stated - rows.upper)[keep])
    assert len(places.items) == len(rows.lower)


def test_every_row_belongs_to_one_family() -> None:
    problem = everything()

    numbers = np.concatenate([block.rows[block.rows >= 0] for block in problem.rows.values()])

    assert sorted(numbers.tolist()) == list(range(problem.program.row_lower.size))
    assert set(problem.rows) == set(REGISTRY)
    assert all(np.any(block.rows >= 0) for block in problem.rows.values())


def test_a_plan_is_measured_against_the_baskets_of_its_planned_years() -> None:
    # 70 t of corn at 1 and 10 machines at 2, over three years on a trend of 2%.
    problem = problem_of(changed(two_branch_economy(), "trend", growth=0.02))

    weighted = 1.02 + 0.96 * 1.02**2 + 0.96**2 * 1.02**3
    assert problem.base_consumption == pytest.approx(90.0 * weighted)


def test_the_yardstick_cannot_be_stretched_by_what_is_asked() -> None:
    plain = problem_of(two_branch_economy()).base_consumption
    asked = Mandate(groups={"people": Group(growth=0.02)})
    assert problem_of(two_branch_economy(), mandate=asked).base_consumption == plain
    light = Mandate(groups={"people": Group(weight=1e-3)})
    scaled = problem_of(two_branch_economy(), mandate=light).base_consumption
    assert scaled == pytest.approx(1e-3 * plain)


@pytest.mark.parametrize(
    "shock",
    [
        CapacityShock(kind="capacity", branches=("agriculture",), share=0.93, start=2022, end=2022),
        LabourShock(kind="labour", skills=("worker",), factor=0.95),
    ],
    ids=["less land", "fewer people"],
)
def test_every_valuation_lies_between_relief_and_tightening(shock: object) -> None:
    """Every row of every family: the worth that is shown against the optimum found again."""
    plan = plan_for(outlook_of(two_branch_economy(), periods=2, shocks=(shock,)))
    sharp = 0

    for name, block in plan.problem.rows.items():
        if name == "foreign_debt_account":
            continue  # no debt is allowed: tightened at all, it cannot be kept
        for item, period in np.argwhere(block.rows >= 0):
            gain, loss = slopes(plan.problem, family=name, item=item, period=period, step=1e-3)
            worth = plan.worth(name)[item, period]
            slack = 1e-5 * max(1.0, abs(gain))
            assert gain - slack <= worth <= loss + slack, (name, item, period)
            sharp += loss - gain < slack
    assert sharp > 30


# ---- the tail ---------------------------------------------------------------------------------


@pytest.mark.parametrize("growth", [0.0, 0.01, 0.02])
def test_on_the_balanced_path_every_horizon_has_the_same_value(growth: float) -> None:
    # Consumption 1 + g, (1 + g)^2, ... for ever: the first year's value over 1 - beta (1 + g).
    economy = steady_economy(growth=growth)
    filled = 0.3 / 0.3**2 + (1 / 0.3 - 1)  # the benefit of a full basket at sigma 0.5
    basket = float(economy.products.prices @ economy.demand.consumption[:, 0])
    forever = basket * filled * (1 + growth) / (1 - BETA * (1 + growth))

    values = [plan_for(outlook_of(economy, periods=t)).certificate.value for t in (1, 2, 5, 9)]

    assert values == pytest.approx([forever] * 4, rel=1e-7)


@pytest.mark.parametrize("first", [2020, 2021])
@pytest.mark.parametrize("growth", [0.0, 0.02])
def test_an_economy_that_nothing_disturbs_stays_on_its_path(growth: float, first: int) -> None:
    economy = steady_economy(growth=growth)
    plan = plan_for(outlook_of(economy, periods=4, first=first))
    trend = (1 + growth) ** (np.arange(5) + first - 2020)

    observed = {
        "activity": economy.techniques.activity,
        "capacity": economy.capital.capacity,
        "investment": economy.capital.investment,
        "imports": economy.trade.imports_other,
        "investment_imports": economy.trade.imports_investment,
        "exports": economy.trade.exports,
    }
    for name, level in observed.items():
        assert plan.quantity(name) == pytest.approx(level[:, None] * trend, abs=1e-4), name
    assert plan.basket() == pytest.approx(economy.demand.consumption * trend, abs=1e-4)


def test_the_tail_promises_at_least_what_a_longer_plan_can_do() -> None:
    # The years after in one are a relaxation of those years one by one (Grinold 1983), so that
    # the value of a plan can only fall as its horizon grows, towards the value of planning all.
    values = [
        best_value(problem_of(two_branch_economy(), periods=t, shocks=(shaken(),)).program)
        for t in (3, 4, 6, 9, 14)
    ]

    assert np.all(np.diff(values) <= 1e-6)
    assert values[0] - values[-1] > 1e-3
    # And it converges: each further year changes less.
    assert values[-2] - values[-1] < 0.1 * (values[0] - values[-1])


def shaken() -> CapacityShock:
    return CapacityShock(
        kind="capacity", branches=("agriculture",), share=0.9, start=2022, end=2022
    )


# ---- rules of one's own -----------------------------------------------------------------------


def no_exports(given: Outlook, plan: Variables) -> Rows:
    """Nothing is sold abroad."""
    codes = given.economy.products.codes
    return at_most(plan.exports, 0.0, items=codes, dimension="product")


def test_a_rule_of_ones_own_is_kept_labelled_and_valued() -> None:
    rule = own_family(no_exports, dual="what one unit sold abroad would be worth", unit="t")
    economy = changed(two_branch_economy(), "accounts", reserves=500.0)
    mandate = Mandate.model_validate({"foreign": {"reserves_floor": 0.0}})

    free = make_plan(economy, scenario_of(mandate=mandate))
    bound = make_plan(economy, scenario_of(mandate=mandate), extra=(rule,))

    assert free.exports().to_numpy()[0] == pytest.approx([8.0] * 3, abs=3.0)
    assert bound.exports().to_numpy() == pytest.approx(np.zeros((2, 3)), abs=1e-5)
    assert bound.certificate.holds
    assert bound.problem.rows["no_exports"].items == ("corn", "machine")
    assert "worth of no_exports" in bound.dataset
    assert bound.certificate.value < free.certificate.value
    assert bound.worth("no_exports")[0, 0] > 0


def test_a_rule_of_ones_own_may_bring_in_a_variable() -> None:
    # Festivals: each takes 2 t of corn and is worth 9 to the mandate, three a year at most.
    def festival(given: Outlook) -> Block:
        """Festivals held."""
        shape = (1, len(given.periods))
        return Block(
            name="festival",
            unit="festivals",
            dimension="whole",
            items=("festival",),
            lower=np.zeros(shape),
            upper=np.full(shape, 3.0),
            reward=np.full(shape, 9.0),
        )

    def festivals(given: Outlook, plan: Variables) -> Rows:
        """Corn for festivals is corn that was exported otherwise."""
        corn = sp.csr_array([[1.0, 0.0]]) @ plan.exports
        return at_least(8.0 - corn, plan.festival * 2.0, items=("corn",), dimension="whole")

    rule = own_family(festivals, dual="corn", unit="t", variables=(festival,))
    economy = changed(two_branch_economy(), "accounts", reserves=500.0)
    mandate = Mandate.model_validate({"foreign": {"reserves_floor": 0.0}})

    plan = make_plan(economy, scenario_of(mandate=mandate), extra=(rule,))

    assert plan.quantity("festival")[0] == pytest.approx([3.0] * 4, abs=1e-5)
    assert np.all(plan.exports().to_numpy()[0] <= 2.0 + 1e-5)


def test_a_rule_without_variables_is_no_rule_but_does_no_harm() -> None:
    def nothing(given: Outlook, plan: Variables) -> Rows:
        """Say that one is at least nought."""
        return at_least(plan.activity.total() * 0.0 + 1.0, 0.0, items=("all",), dimension="whole")

    problem = assemble(
        outlook_of(two_branch_economy()), extra=(own_family(nothing, dual="", unit=""),)
    )

    assert problem.rows["nothing"].rows.shape == (1, 4)
    assert problem.program.matrix[problem.rows["nothing"].rows.ravel()].nnz == 0


def test_two_rules_cannot_bring_in_one_variable() -> None:
    def activity(given: Outlook) -> Block:
        """Return a variable that is there already."""
        return problem_of(two_branch_economy()).variables.blocks["activity"]

    rule = own_family(no_exports, dual="", unit="", variables=(activity,))

    with pytest.raises(CounterplanError, match="variable named 'activity'"):
        assemble(outlook_of(two_branch_economy()), extra=(rule,))


def test_two_rules_cannot_have_one_name() -> None:
    def capacity(given: Outlook, plan: Variables) -> Rows:
        """Say something else under a name that is taken."""
        return no_exports(given, plan)

    rule = own_family(capacity, dual="", unit="")

    with pytest.raises(CounterplanError, match="two constraint families are named 'capacity'"):
        assemble(outlook_of(two_branch_economy()), extra=(rule,))


def test_a_packaged_family_cannot_be_declared_twice() -> None:
    def capacity(given: Outlook, plan: Variables) -> Rows:
        """Say something else."""
        return no_exports(given, plan)

    with pytest.raises(CounterplanError, match="two constraint families are named 'capacity'"):
        family(dual="", unit="")(capacity)


def test_an_economy_is_left_as_it_was() -> None:
    economy: Economy = two_branch_economy()
    assemble(outlook_of(economy))

    assert economy.techniques.activity.tolist() == [100.0, 20.0]
    with pytest.raises(ValueError, match="read-only"):
        economy.techniques.activity[0] = 1.0
