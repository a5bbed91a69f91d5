"""Output change: the trend, the bands and what they cost, by hand."""

import numpy as np
import pytest

from counterplan.plan.families.output_change import output_down, output_up
from counterplan.plan.mandate import Bands, Mandate, Rules
from counterplan.plan.shocks import CapacityShock, LabourShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy
from tests.plan.relief import assert_worth, left_over, plan_for, rows_of, steady_economy

BETA = 0.96
BANDS = 5  # four closed ones and an open one
FEWER_PEOPLE = LabourShock(kind="labour", skills=("worker",), factor=0.95)


def of_first_band(farming: float, making: float) -> np.ndarray:
    """Return the variable of one direction with only its first bands used, in every period."""
    return np.array([[farming]] + [[0.0]] * 4 + [[making]] + [[0.0]] * 4)


def test_an_activity_is_last_years_on_trend_with_its_steps_up_and_down() -> None:
    # Farming: 100 in 2020, on a trend of 2%. 105 = 102 + 3; 105 x 1.02 = 107.1; 100 = 107.1 - 7.1.
    problem = problem_of(changed(two_branch_economy(), "trend", growth=0.02))
    runs = np.array([[105.0, 107.1, 100.0, 0.0], [20.4, 20.0, 20.0, 0.0]])
    up, down = np.zeros((2 * BANDS, 4)), np.zeros((2 * BANDS, 4))
    up[0, 0], up[1, 0] = 2.0, 1.0
    down[4, 2], down[2, 2] = 9.242 - 2.0, 2.0
    down[5, 1], down[5, 2] = 20.4 * 1.02 - 20.0, 0.4

    gap = left_over(problem, "output_change", activity=runs, output_up=up, output_down=down)

    assert gap[:, :3] == pytest.approx(np.zeros((2, 3)), abs=1e-12)
    rows = rows_of(problem, "output_change")
    assert np.all(rows.lower == 0)
    assert np.all(rows.upper == 0)


def test_in_the_tail_a_change_that_stays_is_one_step() -> None:
    # A step of 5 up in the first year after the horizon, on trend from then on: the activity of
    # the years after is 1.02 x 100 + 5, and their sum holds that one step times (1 - b).
    problem = problem_of(changed(two_branch_economy(), "trend", growth=0.02), periods=1)
    b = BETA * 1.02
    runs = np.array([[100.0, 102.0 + 5.0], [20.0, 20.4]])
    step = of_first_band((1 - b) * 5.0, 0.0)

    gap = left_over(problem, "output_change", activity=runs, output_up=step)

    assert gap[:, 1] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize(("first", "before"), [(2020, 100 / 1.02), (2021, 100.0)])
def test_the_plan_moves_from_the_observed_year_or_from_the_one_before_it(
    first: int, before: float
) -> None:
    problem = problem_of(changed(two_branch_economy(), "trend", growth=0.02), first=first)

    gap = left_over(problem, "output_change")

    assert gap[0, 0] == pytest.approx(-1.02 * before)


@pytest.mark.parametrize("make", [output_up, output_down])
def test_the_bands_are_shares_of_what_ran_and_cost_shares_of_its_price(make: object) -> None:
    outlook = outlook_of(changed(two_branch_economy(), "trend", growth=0.02))

    block = make(outlook)  # type: ignore[operator]

    # Farming ran 100 and makes 1 a unit; making ran 20 and makes 2. Widths and costs as mandated.
    assert block.upper[:4, 0] == pytest.approx(1.02 * np.array([2.0, 3.0, 4.0, 5.0]))
    assert block.upper[5:9, 1] == pytest.approx(1.02**2 * np.array([0.4, 0.6, 0.8, 1.0]))
    assert block.upper[:4, 3] == pytest.approx(1.02**4 * np.array([2.0, 3.0, 4.0, 5.0]))
    assert block.upper[4, 0] >= 900.0
    assert block.reward[:5, 0] == pytest.approx([-0.02, -0.08, -0.2, -0.5, -2.0])
    assert block.reward[5:, 2] == pytest.approx([-0.04, -0.16, -0.4, -1.0, -4.0])
    assert np.all(block.lower == 0)


def test_a_technique_that_never_ran_may_start() -> None:
    # It is measured against a twentieth of what its product's largest maker runs.
    base = two_branch_economy()
    outlook = outlook_of(changed(base, "techniques", activity=np.array([100.0, 0.0])))
    twin = changed(base, "techniques", output=base.techniques.output[:, [0, 0]])
    beside = outlook_of(changed(twin, "techniques", activity=np.array([100.0, 0.0])))

    assert output_up(beside).upper[5, 0] == pytest.approx(0.02 * 0.05 * 100.0)
    # Where nobody makes the product there is nothing to measure it against.
    assert output_up(outlook).upper[5, 0] == 0.0


def test_in_the_middle_of_a_band_the_pull_of_the_past_is_the_cost_of_the_band() -> None:
    costs = np.array([0.02, 0.08, 0.20, 0.50, 2.0])[None, :] * np.array([[1.0], [2.0]])
    shock = CapacityShock(
        kind="capacity", branches=("agriculture",), share=0.93, start=2022, end=2022
    )
    plan = plan_for(outlook_of(two_branch_economy(), shocks=(shock, FEWER_PEOPLE)))
    worth = plan.worth("output_change")

    seen = set()
    for name, sign in (("output_up", 1), ("output_down", -1)):
        used = plan.quantity(name).reshape(2, BANDS, -1)
        room = plan.problem.variables.blocks[name].upper.reshape(2, BANDS, -1) - used
        for item, band, period in np.argwhere((used > 1e-3) & (room > 1e-3)):
            # A higher habit saves that much of a rise, and adds that much to a fall.
            assert worth[item, period] == pytest.approx(sign * costs[item, band], rel=1e-5)
            seen.add((name, int(band)))
    assert {("output_down", 1), ("output_up", 0)} <= seen


def test_the_pull_of_the_past_is_what_the_optimum_gains_from_a_higher_habit() -> None:
    plan = plan_for(outlook_of(two_branch_economy(), shocks=(FEWER_PEOPLE,)))

    assert any(
        abs(assert_worth(plan, "output_change", item=1, period=t, step=1e-3)) > 0.01 for t in (2, 3)
    )


def test_a_plan_of_an_economy_that_nothing_disturbs_changes_nothing() -> None:
    plan = plan_for(outlook_of(steady_economy(), periods=4))

    for name in ("output_up", "output_down"):
        assert plan.quantity(name) == pytest.approx(np.zeros((2 * BANDS, 5)), abs=1e-5)


def test_dearer_change_makes_smaller_changes() -> None:
    def largest_change(cost: float) -> float:
        bands = Bands(widths=(0.01,), costs=(cost,), beyond=cost)
        mandate = Mandate(rules=Rules(output=bands))
        shock = CapacityShock(
            kind="capacity", branches=("industry",), share=0.7, start=2022, end=2022
        )
        plan = plan_for(outlook_of(two_branch_economy(), mandate=mandate, shocks=(shock,)))
        runs = plan.quantity("activity")[0, :3]
        return float(np.abs(np.diff([100.0, *runs])).max())

    assert largest_change(5.0) < 0.5 * largest_change(0.0)
