"""Investment change: the trend, the bands and what they cost, by hand."""

import numpy as np
import pytest

from counterplan.plan.families.investment_change import investment_down, investment_up
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import CapacityShock, LabourShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy
from tests.plan.relief import assert_worth, left_over, plan_for, rows_of, steady_economy

BETA = 0.96
BANDS = 5
COSTS = np.array([0.03, 0.08, 0.18, 0.35, 0.8])
PRICES = np.array([2.0, 1.0])  # a machine for land, half a machine for the shop
FEWER_PEOPLE = LabourShock(kind="labour", skills=("worker",), factor=0.95)


def shaken(*, periods: int = 4) -> Plan:
    shock = CapacityShock(
        kind="capacity", branches=("agriculture",), share=0.9, start=2023, end=None
    )
    return plan_for(outlook_of(two_branch_economy(), shocks=(shock, FEWER_PEOPLE), periods=periods))


def test_investment_is_last_years_on_trend_with_its_steps_up_and_down() -> None:
    # Land: 10 in 2020, on a trend of 2%: 10.2 + 0.8 = 11, 11.22 - 1.22 = 10, 10.2 = 10.2.
    problem = problem_of(changed(two_branch_economy(), "trend", growth=0.02))
    started = np.array([[11.0, 10.0, 10.2, 0.0], [2.04, 2.0, 2.04, 0.0]])
    up, down = np.zeros((2 * BANDS, 4)), np.zeros((2 * BANDS, 4))
    up[0, 0], up[4, 0] = 0.5, 0.3
    down[1, 1], down[5, 1] = 1.22, 2.04 * 1.02 - 2.0

    gap = left_over(
        problem, "investment_change", investment=started, investment_up=up, investment_down=down
    )

    assert gap[:, :3] == pytest.approx(np.zeros((2, 3)), abs=1e-12)
    rows = rows_of(problem, "investment_change")
    assert np.all(rows.lower == 0)
    assert np.all(rows.upper == 0)


def test_in_the_tail_a_change_that_stays_is_one_step() -> None:
    problem = problem_of(changed(two_branch_economy(), "trend", growth=0.02), periods=1)
    b = BETA * 1.02
    started = np.array([[10.0, 10.2 - 3.0], [2.0, 2.04]])
    down = np.zeros((2 * BANDS, 2))
    down[3, 1] = (1 - b) * 3.0

    gap = left_over(problem, "investment_change", investment=started, investment_down=down)

    assert gap[:, 1] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize(("first", "before"), [(2020, 10 / 1.02), (2021, 10.0)])
def test_the_plan_moves_from_the_observed_year_or_from_the_one_before_it(
    first: int, before: float
) -> None:
    # However long building takes, the habit is last year's start.
    economy = changed(two_branch_economy(), "trend", growth=0.02)
    problem = problem_of(changed(economy, "capital", lag=np.array([3, 1])), first=first)

    gap = left_over(problem, "investment_change")

    assert gap[0, 0] == pytest.approx(-1.02 * before)


@pytest.mark.parametrize("make", [investment_up, investment_down])
def test_the_bands_are_shares_of_what_was_invested_and_cost_shares_of_its_price(
    make: object,
) -> None:
    outlook = outlook_of(changed(two_branch_economy(), "trend", growth=0.02))

    block = make(outlook)  # type: ignore[operator]

    assert block.upper[:4, 0] == pytest.approx(1.02 * np.array([0.7, 0.8, 1.5, 2.0]))
    assert block.upper[5:9, 3] == pytest.approx(1.02**4 * np.array([0.14, 0.16, 0.3, 0.4]))
    assert block.upper[4, 0] >= 40 * 10.0
    assert block.reward[:5, 1] == pytest.approx(-COSTS * 2.0)
    assert block.reward[5:, 3] == pytest.approx(-COSTS)
    assert np.all(block.lower == 0)


def test_what_was_never_invested_in_is_measured_against_half_its_wear() -> None:
    economy = changed(two_branch_economy(), "capital", investment=np.array([0.0, 2.0]))
    outlook = outlook_of(changed(economy, "trend", growth=0.02))

    # Half of (0.1 + 0.02) of the 100 units of land that farming needs.
    assert investment_up(outlook).upper[0, 0] == pytest.approx(1.02 * 0.07 * 6.0)


def test_in_the_middle_of_a_band_the_pull_of_the_past_is_the_cost_of_the_band() -> None:
    plan = shaken()
    worth = plan.worth("investment_change")

    seen = set()
    for name, sign in (("investment_up", 1), ("investment_down", -1)):
        used = plan.quantity(name).reshape(2, BANDS, -1)
        room = plan.problem.variables.blocks[name].upper.reshape(2, BANDS, -1) - used
        for item, band, period in np.argwhere((used > 1e-3) & (room > 1e-3)):
            cost = sign * COSTS[band] * PRICES[item]
            assert worth[item, period] == pytest.approx(cost, rel=1e-5)
            seen.add((name, int(band)))
    assert {name for name, _ in seen} == {"investment_up", "investment_down"}
    assert len({band for _, band in seen}) > 1


def test_the_pull_of_the_past_is_what_the_optimum_gains_from_a_higher_habit() -> None:
    plan = shaken()

    found = [
        assert_worth(plan, "investment_change", item=item, period=period, step=1e-3)
        for item, period in ((0, 1), (0, 2), (1, 2))
    ]

    assert max(abs(worth) for worth in found) > 0.05


def test_a_plan_of_an_economy_that_nothing_disturbs_changes_nothing() -> None:
    plan = plan_for(outlook_of(steady_economy(growth=0.02), periods=4))

    for name in ("investment_up", "investment_down"):
        assert plan.quantity(name) == pytest.approx(np.zeros((2 * BANDS, 5)), abs=1e-5)
