"""Capital accumulation: paths and lags by hand, the tail, and prices of capital that add up."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.economy import Economy, Projects
from counterplan.plan.families.capital_accumulation import works
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import CapacityShock, LabourShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy, value_of
from tests.plan.relief import FRICTIONLESS, assert_worth, left_over, plan_for, steady_economy

BETA = 0.96
FEWER_PEOPLE = LabourShock(kind="labour", skills=("worker",), factor=0.95)
LESS_LAND = CapacityShock(
    kind="capacity", branches=("agriculture",), share=0.93, start=2022, end=2022
)


def lagged(lags: tuple[int, int], *, growth: float = 0.0) -> Economy:
    economy = changed(two_branch_economy(), "capital", lag=np.array(lags))
    return changed(economy, "trend", growth=growth)


def test_capacity_follows_from_what_is_left_and_what_is_finished() -> None:
    # Land: 0.9 x 100 + 10 started in 2020; then 0.9 x 100 + 6, 0.9 x 96 + 8. Shop likewise.
    problem = problem_of(two_branch_economy())
    started = np.array([[6.0, 8.0, 5.0, 0.0], [1.0, 3.0, 2.0, 0.0]])
    there = np.array([[100.0, 96.0, 94.4, 0.0], [20.0, 19.0, 20.1, 0.0]])

    gap = left_over(problem, "capital_accumulation", capacity=there, investment=started)

    assert gap[:, :3] == pytest.approx(np.zeros((2, 3)))
    # The years after inherit 4% of 0.9 x the last capacity and of the last investment.
    assert gap[:, 3] == pytest.approx([-0.04 * (0.9 * 94.4 + 5), -0.04 * (0.9 * 20.1 + 2)])


@pytest.mark.parametrize("growth", [0.0, 0.02])
def test_the_tail_ties_capacity_and_investment_as_a_dual_equilibrium_asks(growth: float) -> None:
    # K* [1 - beta (1 - delta)] - beta J* = (1 - b) [(1 - delta) K_T + J_T]
    problem = problem_of(lagged((1, 1), growth=growth), periods=2)
    capacity = np.array([[50.0, 70.0, 90.0], [50.0, 70.0, 90.0]])
    started = np.array([[3.0, 4.0, 7.0], [3.0, 4.0, 7.0]])

    gap = left_over(problem, "capital_accumulation", capacity=capacity, investment=started)

    b = BETA * (1 + growth)
    left = 90.0 * (1 - BETA * 0.9) - BETA * 7.0
    assert gap[0, 2] == pytest.approx(left - (1 - b) * (0.9 * 70.0 + 4.0))


def test_what_takes_three_years_arrives_after_three_years() -> None:
    # Started before the plan, on a trend of 2%: 10 / 1.02^2 in 2018, 10 / 1.02 in 2019, 10 in 2020.
    problem = problem_of(lagged((3, 1), growth=0.02), periods=4)
    started = np.array([[6.0, 8.0, 5.0, 7.0, 0.0], [0.0] * 5])

    gap = left_over(problem, "capital_accumulation", investment=started)

    arrives = [0.9 * 100 + 10 / 1.0404, 10 / 1.02, 10.0, 6.0]
    assert gap[0, :4] == pytest.approx(-np.array(arrives))
    # The tail: (1 - b)(J_{T-2} + beta J_{T-1} + beta^2 J_T) are the first three years' arrivals.
    b = BETA * 1.02
    assert gap[0, 4] == pytest.approx(-(1 - b) * (8.0 + BETA * 5.0 + BETA**2 * 7.0))


@pytest.mark.parametrize("lags", [(1, 1), (2, 1), (3, 2)])
@pytest.mark.parametrize("first", [2020, 2021])
def test_on_trend_the_observed_capacity_is_met_whichever_year_the_plan_starts(
    lags: tuple[int, int], first: int
) -> None:
    # (0.1 + 0.02) of capacity is started each year, so long a lag ahead that it keeps its trend.
    growth = 0.02
    lead = (1 + growth) ** (np.array(lags) - 1)
    economy = changed(
        lagged(lags, growth=growth), "capital", investment=np.array([12.0, 2.4]) * lead
    )
    problem = problem_of(economy, first=first)
    trend = (1 + growth) ** (np.arange(4) + first - 2020)

    gap = left_over(
        problem,
        "capital_accumulation",
        capacity=economy.capital.capacity[:, None] * trend,
        investment=economy.capital.investment[:, None] * trend,
    )

    assert gap == pytest.approx(np.zeros((2, 4)), abs=1e-12)


@pytest.mark.parametrize("first", [2020, 2021])
def test_what_wears_out_in_one_period_is_met_whichever_year_the_plan_starts(first: int) -> None:
    # Nothing is left of last year's shop: all 20 units of it are finished anew each year.
    economy = changed(
        two_branch_economy(),
        "capital",
        depreciation=np.array([0.1, 1.0]),
        investment=np.array([10.0, 20.0]),
    )
    problem = problem_of(economy, first=first)
    capital = economy.capital

    gap = left_over(
        problem,
        "capital_accumulation",
        capacity=capital.capacity[:, None],
        investment=capital.investment[:, None],
    )

    assert gap == pytest.approx(np.zeros((2, 4)), abs=1e-12)
    economy = changed(two_branch_economy(), "capital", depreciation=np.array([0.1, 1.0]))
    given = outlook_of(economy, first=first)
    # Where less was built than wears out, the first period still has what was observed.
    left = 20.0 - 2.0 if first == 2020 else 0.0
    assert given.capacity_left()[1] == pytest.approx(left)


def test_an_investment_is_paid_in_equal_parts_while_it_is_built() -> None:
    problem = problem_of(lagged((3, 1)), periods=3)
    started = np.array([[6.0, 9.0, 3.0, 0.0], [4.0, 5.0, 6.0, 7.0]])

    paid = value_of(works(problem.outlook, problem.variables), problem, investment=started)

    # Land: a third each of this year's, the last and the one before that (10 before the plan).
    assert paid[0, :3] == pytest.approx([(6 + 20) / 3, (9 + 6 + 10) / 3, (3 + 9 + 6) / 3])
    # The years after inherit beta-weighted rests: one year of 9's, two of 3's third parts.
    assert paid[0, 3] == pytest.approx((0.04 * 3 + 0.04 * (9 + BETA * 3)) / 3)
    assert paid[1] == pytest.approx([4.0, 5.0, 6.0, 7.0])


def test_what_projects_open_is_capacity_from_then_on() -> None:
    projects = Projects(
        codes=("dam",),
        names=("Dam",),
        cost=(((1, 0, 5.0),),),
        capital=np.array([1]),
        capacity=np.array([40.0]),
        lag=np.array([2]),
    )
    problem = problem_of(replace(two_branch_economy(), projects=projects))
    built = np.array([[1.0, 0.0, 0.0, 0.0]])

    without = left_over(problem, "capital_accumulation")
    opened = without - left_over(problem, "capital_accumulation", project=built)

    assert opened == pytest.approx(np.array([[0.0] * 4, [0.0, 0.0, 40.0, 0.0]]))


def prices_of_capital(plan: Plan) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return value of capacity, rent, and price of new capacity [e x P], each in its own year."""
    composition = plan.economy.capital.composition
    bought = np.asarray(composition.T @ plan.worth("product_balance"))
    return plan.worth("capital_accumulation"), plan.worth("capacity"), bought


def test_capacity_is_worth_its_rents_and_new_capacity_its_price() -> None:
    plan = plan_for(outlook_of(two_branch_economy(), shocks=(FEWER_PEOPLE,), mandate=FRICTIONLESS))
    value, rent, price = prices_of_capital(plan)

    # Value = this year's rent + what is left of next year's value; the tail follows itself.
    following = np.column_stack([value[:, 1:], value[:, -1]])
    assert value == pytest.approx(rent + BETA * 0.9 * following, rel=1e-5)
    # Where something is built, what it takes now is worth what it is next year.
    built = plan.quantity("investment") > 1e-3
    assert built.sum() >= 6
    assert price[built] == pytest.approx((BETA * following)[built], rel=1e-5)


def test_with_a_lag_the_payments_are_worth_what_arrives() -> None:
    # Half is paid at the start, half a year later; the capacity stands after two years.
    economy = lagged((1, 2))
    plan = plan_for(outlook_of(economy, shocks=(FEWER_PEOPLE,), mandate=FRICTIONLESS, periods=4))
    value, _, price = prices_of_capital(plan)

    paid = (price[1, :3] + BETA * price[1, 1:4]) / 2
    built = plan.quantity("investment")[1, :3] > 1e-3
    assert built.any()
    assert paid[built] == pytest.approx((BETA**2 * value[1, 2:5])[built], rel=1e-5)


@pytest.mark.parametrize("period", [0, 1, 2])
def test_the_value_of_capacity_is_what_the_optimum_gains_from_one_more_unit(period: int) -> None:
    plan = plan_for(outlook_of(two_branch_economy(), shocks=(LESS_LAND,)))

    if period == 2:
        assert assert_worth(plan, "capital_accumulation", item=0, period=period) > 0
    assert plan.worth("capital_accumulation")[0, period] > 0


@pytest.mark.parametrize(("lag", "share"), [(1, 1.0), (2, (1 + BETA) / (2 * BETA))])
def test_in_the_years_after_the_rent_is_the_textbook_user_cost(lag: int, share: float) -> None:
    # p (1/beta - 1 + delta) with one year's lag. With two, half is paid a year later, and it
    # earns from the second year on: p (1 + beta) / 2 = beta^2 r / (1 - beta (1 - delta)).
    economy = changed(steady_economy(), "capital", lag=np.array([lag, 1]))
    plan = plan_for(outlook_of(economy, shocks=(FEWER_PEOPLE,), mandate=FRICTIONLESS, periods=6))
    _, rent, price = prices_of_capital(plan)

    assert plan.quantity("investment")[0, -1] > 1
    assert rent[0, -1] == pytest.approx(price[0, -1] * (1 / BETA - 0.9) * share, rel=1e-5)


def test_no_capital_at_all_is_no_difficulty() -> None:
    economy = two_branch_economy()
    none = np.zeros(0)
    economy = changed(
        economy,
        "capital",
        codes=(),
        names=(),
        producer=none.astype(np.int64),
        assets=(),
        need=sp.csc_array((0, 2)),
        composition=sp.csc_array((2, 0)),
        capacity=none,
        investment=none,
        depreciation=none,
        lag=none.astype(np.int64),
    )

    plan = plan_for(outlook_of(economy, periods=2))

    assert plan.quantity("capacity").shape == (0, 3)
