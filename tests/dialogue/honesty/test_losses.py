"""What lies cost: by hand for two bakeries, between floor and ceiling for any."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.honesty.lies import Kind, Lie, drawn_liars
from counterplan.dialogue.honesty.losses import (
    Loss,
    baskets,
    certified_plan,
    loss_of,
    misled_plan,
)
from counterplan.dialogue.honesty.reports import Report, report_of
from counterplan.dialogue.rounds import dialogue_of
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import certify
from counterplan.plan.mandate import Mandate, Need
from counterplan.plan.plan import Plan
from tests.dialogue.honesty.cases import BETA, bakery_loss, bakery_plan, truth, workplaces
from tests.plan.builders import problem_of, scenario_of

# Just below the observed basket one more unit is worth the mean of s^-2 over 0.97 to 1.
STEEP = (1 / 0.97 - 1) / 0.03
DEGREES = (0.0, 0.05, 0.1, 0.2, 0.4)
CERTIFIED = 1e-6


@cache
def told(kind: Kind, degree: float, seed: int = 3) -> tuple[Report, Plan, Loss]:
    """Let a third of the workplaces lie."""
    problem, best = truth(seed)
    lie = Lie(kind, degree, drawn_liars(workplaces(seed=seed), share=0.3, seed=seed))
    report = report_of(problem, lie)
    misled = misled_plan(report, best.scenario)
    assert misled is not None
    return report, misled, loss_of(best, misled, report)


@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        # A makes 50 / 1.04 with 50 people, who ask for 0.208 of bread for each one made.
        (Kind.PADDING, 50 - 50 / 1.04),
        # A's oven bakes 2 less, of which 0.4 would have gone into it.
        (Kind.SANDBAGGING, 0.8 * 0.04 * 50),
    ],
)
def test_two_bakeries_lose_what_arithmetic_says(kind: Kind, lost: float) -> None:
    _, misled, loss = bakery_loss(kind, 0.04)

    np.testing.assert_allclose(misled.basket()[0], 80 - lost, rtol=1e-6)
    assert loss.share == pytest.approx(STEEP * lost / 80, rel=1e-4)
    np.testing.assert_allclose(loss.consumption, -lost / 80, rtol=1e-4)


def test_a_bakerys_reserve_costs_the_planned_years_and_none_after() -> None:
    _, misled, loss = bakery_loss(Kind.HOARDING, 0.4)
    # 0.4 of the 0.2 x 50 of a year, half in each of two years: 2 of 80.
    np.testing.assert_allclose(misled.basket()[0], [78.0, 78.0, 80.0], rtol=1e-6)
    years = (1 + BETA) / (1 / (1 - BETA))
    assert loss.share == pytest.approx(STEEP * 2 / 80 * years, rel=1e-4)
    assert loss.least / loss.reported == pytest.approx(STEEP * 2 / 80, rel=1e-4)


def test_the_yardstick_counts_all_years() -> None:
    problem, _ = bakery_plan()

    assert baskets(problem) == pytest.approx(80 / (1 - BETA))


@pytest.mark.parametrize("kind", list(Kind))
def test_no_lie_costs_nothing(kind: Kind) -> None:
    _, misled, loss = told(kind, 0.0)
    _, best = truth()

    assert misled.certificate.value == best.certificate.value
    assert loss.least == loss.floor == loss.ceiling == 0.0
    assert not loss.consumption.any()


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_larger_lie_costs_more_and_nobody_is_better_off(kind: Kind, seed: int) -> None:
    losses = [told(kind, degree, seed)[2] for degree in DEGREES]
    least = np.array([one.least for one in losses])
    allowed = CERTIFIED * losses[0].reported

    assert least.min() >= -allowed
    assert np.diff(least).min() >= -allowed
    assert least[-1] > 100 * allowed
    for one in losses:
        assert one.least <= one.most <= one.least + allowed


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(list(Kind)),
    st.floats(0.01, 0.6),
    st.floats(0.1, 0.9),
    st.integers(0, 1000),
)
def test_the_loss_lies_between_its_floor_and_its_ceiling(
    kind: Kind, degree: float, share: float, seed: int
) -> None:
    problem, best = truth()
    report = report_of(
        problem, Lie(kind, degree, drawn_liars(workplaces(), share=share, seed=seed))
    )
    misled = misled_plan(report, best.scenario)
    assert misled is not None
    loss = loss_of(best, misled, report)
    allowed = CERTIFIED * loss.reported

    assert loss.floor - allowed <= loss.least <= loss.ceiling + allowed
    assert min(loss.goods, loss.work, loss.plant) >= -allowed


@pytest.mark.parametrize("kind", [Kind.SANDBAGGING, Kind.PADDING])
def test_the_plan_can_be_carried_out_with_the_true_techniques(kind: Kind) -> None:
    report, misled, _ = told(kind, 0.2)
    problem, best = truth()
    carried = certify(problem, primal=misled.primal, dual=best.dual)
    kept = {one.family: one.relative for one in carried.residuals}

    assert kept["labour"] <= 1e-7
    assert kept["capacity"] <= 1e-7
    assert kept["product_balance"] <= 1e-7
    assert carried.value <= best.certificate.bound
    # The rules that count use miss by what was claimed, and by nothing else.
    surplus = report.surplus(misled.primal)
    made = problem.program.matrix @ misled.primal - surplus
    assert np.maximum(problem.program.row_lower - made, 0).max() <= 1e-5


def test_a_dialogue_on_the_same_reports_comes_to_the_same_plan() -> None:
    report, misled, _ = told(Kind.PADDING, 0.2)
    dialogue = dialogue_of(report.told, misled.scenario)
    first = Offer(0, np.zeros(dialogue.centre.rows.size))
    states = dialogue.rounds(first, drafts=(as_before(report.told),), rounds_max=25)
    last = next(one for one in states if one.rounds[-1].gap <= 1e-3 or one.rounds[-1].number == 24)
    made = last.rounds[-1]
    allowed = CERTIFIED * dialogue.yardstick

    assert made.gap <= 1e-3
    assert made.value - allowed <= misled.certificate.value <= made.bound + allowed
    assert dialogue.plan(last).certificate.residual <= 1e-7


def test_reports_that_leave_no_plan_are_said_to() -> None:
    hungry = Mandate(needs=(Need(share=1.0),))
    problem = problem_of(workplaces(), periods=2, mandate=hungry)
    scenario = scenario_of(periods=2, mandate=hungry)
    everybody = np.ones(len(workplaces().producers), dtype=bool)

    assert misled_plan(report_of(problem, Lie(Kind.PADDING, 0.4, everybody)), scenario) is None


def test_an_engine_without_time_finds_no_certified_plan() -> None:
    problem, best = truth()

    with pytest.raises(CounterplanError, match="no engine found a plan from the reports"):
        certified_plan(problem, best.scenario, seconds_max=1e-9)
