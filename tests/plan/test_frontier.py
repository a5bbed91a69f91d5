"""Frontiers: measures and extremes known by hand, and prices against the value itself."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

import counterplan.plan.frontier as frontier_module
from counterplan.errors import CounterplanError, InputError, LimitError
from counterplan.plan.frontier import Frontier, extreme, frontier, level_rule, measured
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import InvestmentGoal, Mandate, SelfRelianceGoal
from counterplan.plan.measures import parse_measure
from counterplan.plan.plan import Plan
from counterplan.plan.wording import figure
from counterplan.solve.program import Answer, Engine, Outcome
from tests.plan.builders import changed, outlook_of, scenario_of, two_branch_economy
from tests.plan.relief import FRICTIONLESS, plan_for, steady_economy


@cache
def observed() -> Plan:
    """Return a plan that keeps the observed course; its shares of machines are 3 of 23."""
    return plan_for(outlook_of(steady_economy()))


@cache
def made(y: str, points: int = 4) -> Frontier:
    return frontier(
        two_branch_economy(), scenario_of(), x="consumption", y=y, points=points, seconds_max=60
    )


MEASURES = [
    ("consumption", 90.0, "crown"),
    ("consumption:2022", 90.0, "crown"),
    ("investment:industry", 2.0, "crown"),
    ("investment:agriculture+industry:2021", 22.0, "crown"),
    ("import_dependence:machine", 3 / 23, "of its use"),
    ("import_dependence:machine:2023", 3 / 23, "of its use"),
    ("emission:smoke", 11.0, "t"),
    ("hours:2021", 1.0, "of the labour force at observed hours"),
    ("reserves:2023", 5.0, "dollar"),
]
GOALS = [
    "investment:industry",
    "import_dependence:machine",
    "emission:smoke",
    "hours",
    "reserves:2022",
    "consumption:2023",
]


@pytest.mark.parametrize(("name", "value", "unit"), MEASURES)
def test_measures_of_the_observed_course(name: str, value: float, unit: str) -> None:
    measure = parse_measure(name, observed().economy)

    assert measured(observed(), measure) == pytest.approx(value, rel=2e-4)
    assert measure.unit == unit


def test_a_mean_weighs_periods_by_the_discount() -> None:
    plan = observed()
    measure = parse_measure("consumption", plan.economy)
    weights = 0.96 ** np.arange(3)

    assert measure.weights(plan.outlook.periods) == pytest.approx([*weights / weights.sum(), 0.0])
    total = plan.consumption_value().loc["people"].to_numpy()
    assert measured(plan, measure) == pytest.approx(total @ weights / weights.sum())
    assert measure.label == "household consumption at base prices, mean of all periods"


def test_shorter_hours_of_the_mandate_do_not_move_the_yardstick() -> None:
    labour = Mandate().labour.model_copy(update={"hours": {2021: 0.8}})
    plan = plan_for(outlook_of(steady_economy(), mandate=Mandate(labour=labour)))

    assert measured(plan, parse_measure("hours:2022", plan.economy)) == pytest.approx(0.8, abs=1e-4)


@pytest.mark.parametrize(("goal", "least"), [("emission:smoke", 0.025), ("hours", 2.5 / 140)])
def test_the_least_is_what_the_transfers_abroad_take(goal: str, least: float) -> None:
    # 2 dollars a year are paid with 2 t of corn: 2.5 units of farming, and nothing else runs.
    assert made(goal).extreme == pytest.approx(least, abs=1e-6)


def test_a_share_falls_to_nought_and_reserves_to_what_is_sold() -> None:
    assert made("import_dependence:machine").extreme == pytest.approx(0.0, abs=1e-6)

    economy = changed(two_branch_economy(), "trade", export_limit=np.array([8.0, 0.0]))
    plan = plan_for(outlook_of(economy, periods=2))
    most = extreme(
        plan,
        parse_measure("reserves:2022", economy),
        engine=Engine.SIMPLEX,
        seconds_max=60,
    )
    assert most == pytest.approx(5 + 2 * (8 - 2))  # nothing is imported


@pytest.mark.parametrize("goal", GOALS)
def test_every_point_is_a_certified_plan_at_its_level(goal: str) -> None:
    found = made(goal)

    assert len(found.points) == 4
    assert all(point.plan.certificate.holds for point in found.points)
    levels = np.array([point.level for point in found.points])
    reached = np.array([point.y for point in found.points])
    assert reached == pytest.approx(levels, rel=1e-5, abs=1e-7)
    start = levels[0]
    assert levels == pytest.approx(
        start + 0.9 * np.arange(4) / 3 * (found.extreme - start), abs=1e-9
    )


@pytest.mark.parametrize("goal", GOALS)
def test_the_slope_lies_between_what_the_steps_before_and_after_cost(goal: str) -> None:
    found = made(goal)
    sense = found.y.sense
    value = [point.value for point in found.points]
    level = [point.level for point in found.points]
    step = [(value[k + 1] - value[k]) / (level[k + 1] - level[k]) for k in range(3)]

    assert all(sense * one <= 1e-9 for one in step)
    for k in (1, 2):
        low, high = sorted((step[k - 1], step[k]))
        assert low - 1e-4 * abs(low) <= found.points[k].slope <= high + 1e-4 * abs(high)


def test_the_slope_of_a_share_is_what_a_small_step_costs() -> None:
    economy, name = two_branch_economy(), "import_dependence:machine"
    [_, point, _, _] = made(name).points
    rule = level_rule(parse_measure(name, economy), point.level + 1e-4)

    nearby = make_plan(economy, scenario_of(), extra=[rule], seconds_max=60)

    step = (nearby.certificate.value - point.value) / 1e-4
    assert point.slope == pytest.approx(step, rel=0.02)


def test_a_self_reliance_goal_in_one_period_is_the_same_as_its_level() -> None:
    name = "import_dependence:machine:2022"
    point = frontier(
        two_branch_economy(), scenario_of(), x="consumption", y=name, points=2, seconds_max=60
    ).points[1]
    goal = SelfRelianceGoal(
        kind="self_reliance", product="machine", share=point.level, start=2022, end=2022
    )

    plan = make_plan(
        two_branch_economy(), scenario_of(mandate=Mandate(goals=(goal,))), seconds_max=60
    )

    assert plan.certificate.value == pytest.approx(point.value, rel=1e-8)
    assert plan.import_dependence().loc["machine", "2022"] == pytest.approx(point.y, rel=1e-4)


def test_an_investment_goal_in_one_period_is_the_same_as_its_level() -> None:
    point = made("investment:industry:2022", 5).points[1]
    goal = InvestmentGoal(
        kind="investment", branches=("industry",), factor=point.level / 2, start=2022, end=2022
    )

    plan = make_plan(
        two_branch_economy(), scenario_of(mandate=Mandate(goals=(goal,))), seconds_max=60
    )

    assert plan.certificate.value == pytest.approx(point.value, rel=1e-8)


def test_the_table_holds_both_measures_the_price_and_the_certificate() -> None:
    table = made("emission:smoke").table()

    assert list(table.columns) == [
        "consumption",
        "consumption with the years after",
        "emission:smoke",
        "level",
        "slope",
        "value_lost",
        "residual",
        "gap",
        "certified",
    ]
    assert isinstance(table, pd.DataFrame)
    assert table["certified"].all()
    assert table["value_lost"].is_monotonic_increasing
    assert table["value_lost"][0] == 0
    assert table["slope"][0] == 0
    assert table["consumption"].is_monotonic_decreasing


def test_the_text_says_both_goals_with_units_and_the_price_of_one_in_the_other() -> None:
    found = made("emission:smoke")
    lines = found.text().splitlines()
    first, *_, last = found.points

    assert lines[0] == (
        "What less smoke takes from the mandate, and what becomes of household consumption. "
        "Smoke and household consumption are means of the planned periods, in which later ones "
        "count less."
    )
    assert lines[1].startswith("The mandate's best plan gives smoke of ")
    assert lines[1].endswith(" crown a year at base-period prices with the years after).")
    assert lines[2] == "The least that any plan gives is 0.025 t a year."
    assert all(line.startswith("- smoke of ") for line in lines[3:6])
    assert all(line.endswith("; certified.") for line in lines[3:6])
    # Some 3 t of smoke lie between two points, so prices are said for each t.
    average = (first.x - last.x) / (first.y - last.y)
    assert f"for each 1 t, {figure(average)} crown less on average, " in lines[6]
    assert f"{figure(first.y - last.y)} t less of smoke took " in lines[6]
    # Nothing grows: all periods weigh 1 / (1 - 0.96), and 90 crowns are consumed in each.
    lost = (first.value - last.value) / (90 / 0.04)
    assert f"the mandate loses {figure(100 * lost, digits=2)}% of observed consump" in lines[5]
    assert f"took {figure(100 * lost, digits=2)}% of observed consumption from the" in lines[6]
    assert "price of" not in found.text()
    assert not {"level", "slope", "mandate's value"} & set(found.text().split())


def test_prices_between_points_and_of_the_next_step_are_those_of_the_points() -> None:
    found = made("emission:smoke")
    weights = 0.96 ** np.arange(3)

    for line, before, point in zip(
        found.text().splitlines()[3:6], found.points, found.points[1:], strict=False
    ):
        went = (before.x - point.x) / (before.y - point.y)
        assert f"and went with {figure(went)} crown less of household" in line
        took = (before.value - point.value) / (before.y - point.y) / weights.sum()
        assert f"each 1 t less took {figure(took)} crown a year from all that the mandate" in line
        takes = point.slope / weights.sum()
        assert f"1 t less still would take at least {figure(takes)} crown a year" in line


def test_the_next_step_takes_at_least_what_it_is_said_to() -> None:
    found = made("hours")
    planned = (0.96 ** np.arange(3)).sum()

    for point, after in zip(found.points[1:], found.points[2:], strict=False):
        said = abs(point.slope) / planned
        taken = (point.value - after.value) / abs(after.y - point.y) / planned
        assert taken >= said * (1 - 1e-4)


def test_a_goal_of_one_period_is_said_in_the_money_of_that_period() -> None:
    found = made("reserves:2022")
    [_, point, *_] = found.points

    text = found.text()

    assert text.startswith(
        "What more reserves in 2022 takes from the mandate, and what becomes of household "
    )
    assert " dollar at the end of 2022" in text
    step = float(text.split(" dollar more still")[0].split()[-1].replace(",", ""))
    said = f"{figure(abs(point.slope) * step / 0.96)} crown in 2022; certified"
    assert said in text


def test_shares_are_said_in_percent() -> None:
    found = made("import_dependence:machine")
    text = found.text()

    start = figure(100 * found.points[0].y)
    assert f"import dependence on Machines (machine) of {start}% of its use" in text
    assert "1 percentage point less" in text


def test_a_goal_that_does_not_move_is_said_to_stay() -> None:
    found = made("emission:smoke")
    first = found.points[0]
    still = replace(found, points=(first, replace(first, value=first.value - 1.0)))

    assert "as before" in still.text()
    assert "went with 0 crown" in still.text()


def test_a_mean_with_the_years_after_counts_them_as_the_mandate_does() -> None:
    plan = observed()
    measure = parse_measure("consumption", plan.economy)
    periods = plan.outlook.periods

    weights = measure.lasting(periods)

    # Nothing grows: 90 crowns for ever are 90 on the mean of all years.
    assert weights is not None
    assert weights[:3] == pytest.approx(0.04 * 0.96 ** np.arange(3))
    assert measured(plan, measure, weights=weights) == pytest.approx(90.0, rel=2e-4)
    assert parse_measure("consumption:2022", plan.economy).lasting(periods) is None


def better(found: Frontier, *, after: float | None) -> Frontier:
    """Return a frontier whose x rose by 5 in the planned periods, and by ``after`` in all."""
    first, *_, last = found.points
    lasting = None if after is None else (first.lasting or 0.0) + after
    here = first if after is not None else replace(first, lasting=None)
    return replace(found, points=(here, replace(last, x=first.x + 5.0, lasting=lasting)))


def test_where_people_get_more_now_the_years_after_are_said_to_pay() -> None:
    found = better(made("emission:smoke"), after=-2.0)
    line = found.text().splitlines()[-2]

    fell = [point.plan.investment().sum() @ 0.96 ** np.arange(3) for point in found.points]
    less = figure(100 * (1 - fell[1] / fell[0]), digits=2)
    assert fell[1] < fell[0]
    assert line == (
        "In the planned periods household consumption is higher, because less is invested "
        f"({less}%); the years after pay: with them it is 2 crown a year at base-period prices "
        "lower."
    )
    assert "price of" not in found.text()


@pytest.mark.parametrize("after", [3.0, None])
def test_where_nobody_is_seen_to_pay_the_mandate_still_loses(after: float | None) -> None:
    line = better(made("emission:smoke"), after=after).text().splitlines()[-2]

    assert "is higher" in line
    assert "no gain: all that the mandate values together falls" in line


def test_the_loss_is_split_into_what_people_get_and_what_moving_costs() -> None:
    found = made("emission:smoke")
    first, *_, last = found.points

    def costs(plan: Plan) -> float:
        reward = plan.problem.program.reward
        return float(reward[reward < 0] @ plan.primal[reward < 0])

    share = 1 - (costs(first.plan) - costs(last.plan)) / (first.value - last.value)
    assert f"({share:.0%} of that in what people get in all years, the rest what" in found.text()
    only = replace(found, points=(first, replace(last, plan=first.plan)))
    assert "(0% of that in what people get" in only.text()


def test_nothing_is_printed_as_nothing() -> None:
    share = parse_measure("import_dependence:machine", two_branch_economy())

    assert share.amount(2.224e-22) == "0% of its use"
    assert share.step(-1e-12) == "0 percentage points"
    text = made("import_dependence:machine").text()
    assert "The least that any plan gives is 0% of its use." in text
    assert made("import_dependence:machine").extreme == 0.0


def test_the_progress_is_told() -> None:
    told: list[tuple[int, int]] = []

    frontier(
        two_branch_economy(),
        scenario_of(),
        x="consumption",
        y="hours",
        points=3,
        seconds_max=60,
        progress=lambda done, every: told.append((done, every)),
    )

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_own_rules_hold_at_every_point() -> None:
    economy = two_branch_economy()
    rule = level_rule(parse_measure("investment:agriculture:2021", economy), 30.0)
    rule = type(rule)("my_rule", rule.rows, rule.dual, rule.unit, rule.variables)

    found = frontier(
        economy,
        scenario_of(),
        x="hours",
        y="emission:smoke",
        points=2,
        extra=[rule],
        seconds_max=60,
    )

    for point in found.points:
        assert point.plan.investment().loc["agriculture", "2021"] >= 30 * (1 - 1e-6)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("consumtion", "did you mean 'consumption'"),
        ("happiness", "the measures are consumption, investment"),
        ("investment", "needs a name; write investment:NAME"),
        ("investment:industri", "did you mean 'industry'"),
        ("import_dependence:corm", "did you mean 'corn'"),
        ("emission:soot", "emission 'soot' is not in the economy"),
        ("reserves", "name the period; write reserves:PERIOD"),
        ("consumption:soon", "'soon' is not a period"),
        ("consumption:2021:2022", "'2021:2022' is not a period"),
    ],
)
def test_a_measure_that_is_not_there_is_a_clear_error(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        parse_measure(name, two_branch_economy())
    assert error.value.place == name


def test_a_period_outside_the_plan_is_refused() -> None:
    with pytest.raises(InputError, match="period 2050 is outside the plan"):
        frontier(two_branch_economy(), scenario_of(), x="consumption", y="hours:2050")


@pytest.mark.parametrize(
    ("points", "reach", "kind"),
    [(1, 0.9, InputError), (101, 0.9, LimitError), (3, 1.0, InputError), (3, 0.0, InputError)],
)
def test_a_frontier_of_no_points_or_too_many_is_refused(
    points: int, reach: float, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        frontier(
            two_branch_economy(),
            scenario_of(),
            x="consumption",
            y="hours",
            points=points,
            reach=reach,
        )


def test_a_goal_that_cannot_be_moved_is_refused() -> None:
    economy = changed(two_branch_economy(), "trade", imports_other=np.array([0.0, 1.0]))

    # Corn was never imported, and never is.
    with pytest.raises(InputError, match="cannot be moved from 0 of its use"):
        frontier(economy, scenario_of(), x="consumption", y="import_dependence:corn")


def test_an_extreme_that_no_engine_finds_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_for(outlook_of(steady_economy(), mandate=FRICTIONLESS))

    def stopped(program: object, **_: object) -> Answer:
        none = np.full(plan.primal.shape, np.nan)
        return Answer(Outcome.STOPPED, none, plan.dual, "ipx", 0.0, 0)

    monkeypatch.setattr(frontier_module, "solve", stopped)

    with pytest.raises(CounterplanError, match="did not find the extreme of work done"):
        extreme(plan, parse_measure("hours", plan.economy), engine=Engine.AUTOMATIC, seconds_max=60)
