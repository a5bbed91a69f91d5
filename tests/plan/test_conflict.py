"""Conflicts worked out by hand; the sets checked against every subset by another solver's front."""

from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import counterplan
import counterplan.plan.conflict as conflict_module
import counterplan.plan.make as make_module
from counterplan.economy.economy import Economy, Projects
from counterplan.economy.package import read_package
from counterplan.errors import CounterplanError, InputError, LimitError
from counterplan.plan.conflict import (
    Conflict,
    ImpossibleMandateError,
    explain_conflict,
    find_conflict,
)
from counterplan.plan.demands import Demand, demands
from counterplan.plan.elastic import merge, parted
from counterplan.plan.family import Family, Variables, own_family
from counterplan.plan.limits import gross_credit
from counterplan.plan.linear import Rows, at_least
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import (
    EmissionGoal,
    ForeignRules,
    InvestmentGoal,
    LabourRules,
    Mandate,
    Need,
    SelfRelianceGoal,
)
from counterplan.plan.outlook import Outlook
from counterplan.plan.overlay import lay_out
from counterplan.plan.periods import TAIL
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.relief import Change, change_lines, demand_lines
from counterplan.plan.shocks import (
    CapacityShock,
    DebtShock,
    LabourShock,
    PriceShock,
    QuantityShock,
)
from counterplan.solve.program import Answer, Engine, Outcome, Program
from tests.plan.builders import changed, outlook_of, problem_of, scenario_of, two_branch_economy
from tests.plan.relief import three_workplaces

YEARS = ("2021", "2022", "2023", "2024", TAIL)


def stopped(*, start: int = 2021, end: int | None = 2021) -> CapacityShock:
    return CapacityShock(kind="capacity", branches=("industry",), share=0, start=start, end=end)


def corn_exporter() -> Economy:
    """The world takes 8 t of corn for 8 dollars; 2 are transferred, so 6 buy 3 machines."""
    return changed(two_branch_economy(), "trade", export_limit=np.array([8.0, 0.0]))


def machines_only_bought(*, need: float, shocks: tuple[QuantityShock, ...] = ()) -> Problem:
    """No machine is made in the only planned year; the need is a share of 10 machines."""
    mandate = Mandate(needs=(Need(product="machine", share=need),), collective_floor=0.0)
    return problem_of(corn_exporter(), periods=1, mandate=mandate, shocks=(stopped(), *shocks))


def import_ban() -> QuantityShock:
    return QuantityShock(
        kind="import_limit", products=("machine",), share=0.0, start=2021, end=2021
    )


def conflict_of(problem: Problem) -> Conflict:
    # Time enough on any machine: how far the set is narrowed must not depend on its speed.
    found = find_conflict(problem, seconds_max=600)
    assert found is not None
    return found


def holds(problem: Problem, kept: tuple[Demand, ...]) -> bool:
    """Return whether a plan keeps some of the demands, all others dropped: asked of SciPy."""
    problem = gross_credit(problem)
    program = problem.program
    low, high = program.row_lower.copy(), program.row_upper.copy()
    upper = program.upper.copy()
    for one in demands(problem):
        if one in kept:
            continue
        if one.column >= 0:
            upper[one.column] += one.most
        elif one.sign > 0:
            low[one.row] = low[one.row] - one.most
        else:
            high[one.row] = high[one.row] + one.most
    above, below = np.isfinite(high), np.isfinite(low)
    answer = linprog(
        np.zeros(upper.size),
        A_ub=np.vstack([program.matrix.toarray()[above], -program.matrix.toarray()[below]]),
        b_ub=np.concatenate([high[above], -low[below]]),
        bounds=np.column_stack([program.lower, upper]),
        integrality=program.integer.astype(int),
        method="highs",
    )
    assert answer.status in (0, 2)
    return bool(answer.status == 0)


def assert_nothing_can_be_spared(problem: Problem, together: tuple[Demand, ...]) -> None:
    """Check every subset: the whole is impossible, everything smaller is possible."""
    subsets = chain.from_iterable(combinations(together, k) for k in range(len(together)))
    assert not holds(problem, together)
    assert all(holds(problem, part) for part in subsets)


def test_a_need_and_the_reserves_conflict_when_the_currency_does_not_suffice() -> None:
    problem = machines_only_bought(need=0.5)

    found = conflict_of(problem)

    # 5 machines cost 10 dollars, 6 are earned: without the floor 11 could be spent.
    assert [(one.source, one.period) for one in found.together] == [
        ("need of 0.5 for people", 0),
        ("reserves floor", 0),
    ]
    assert found.narrowed == "demand"
    assert_nothing_can_be_spared(problem, found.together)


def test_the_least_change_is_the_cheapest_relative_to_what_is_asked() -> None:
    found = conflict_of(machines_only_bought(need=0.5))

    # Two machines less are 0.4 of the need; 4 dollars are 0.8 of the reserves.
    [change] = found.changes
    assert change.first.item == "Machines (machine)"
    assert change.relative == pytest.approx(0.4)
    assert change.amount == pytest.approx(2.0)
    assert change.level == pytest.approx(0.3)


def test_a_need_and_two_bans_conflict_though_any_two_of_them_do_not() -> None:
    problem = machines_only_bought(need=0.25, shocks=(import_ban(),))

    found = conflict_of(problem)

    assert [one.what.format("machines") for one in found.together] == [
        "at least 25% of the basket of machines for people",
        "no imports of machines",
        "no investment imports of machines",
    ]
    assert_nothing_can_be_spared(problem, found.together)
    # To let 2.5 machines in would be 2.5 of the one observed, or 1.25 of the two for investment.
    assert [(one.first.row >= 0, one.level) for one in found.changes] == [(True, 0.0)]


def test_the_text_names_demands_items_periods_and_the_least_change() -> None:
    assert explain_conflict(machines_only_bought(need=0.5)) == (
        "no plan keeps the mandate. These demands cannot hold together:\n"
        "- at least 50% of the basket of Machines (machine) for people in 2021\n"
        "- reserves of at least 5 dollar in 2021\n"
        "The least change that makes a plan possible, all conflicts together:\n"
        "- lower the need of people for Machines (machine) in 2021 from 50% to 30% of the basket "
        "(by 2 piece)"
    )


def test_no_conflict_says_nothing() -> None:
    problem = problem_of(two_branch_economy())

    assert find_conflict(problem) is None
    assert explain_conflict(problem) == ""


def test_a_demand_that_cannot_be_met_stands_alone() -> None:
    mandate = Mandate(foreign=ForeignRules(reserves_floor=300.0))
    problem = problem_of(corn_exporter(), periods=1, mandate=mandate)

    found = conflict_of(problem)

    assert len(found.together) == 1
    assert "This demand cannot be met:\n- reserves of at least 300 dollar" in found.text()
    # 5 in reserve and 8 earned, of which 2 are transferred.
    assert "lower the floor under the reserves in 2021 from 300 to 11 dollar" in found.text()
    assert_nothing_can_be_spared(problem, found.together)


def test_a_plan_without_any_demand_may_be_impossible_too() -> None:
    problem = problem_of(
        corn_exporter(),
        periods=2,
        mandate=Mandate(collective_floor=0.0),
        shocks=(DebtShock(kind="debt_service", amounts={2022: 100.0}),),
    )

    found = conflict_of(problem)

    # 100 + 2 + 2 fall due; 5 are in reserve and 8 + 8 come in when nothing is imported.
    [short] = found.shortages
    assert (short.first.item, short.first.period) == ("foreign currency", 1)
    assert short.amount == pytest.approx(104 - 21)
    assert found.text() == (
        "no plan is possible, even if every demand of the mandate is dropped. Short are:\n"
        "- foreign currency in 2022: 83 dollar at the least; debt service of 100 and transfers of "
        "2 dollar fall due"
    )


def test_no_help_in_any_balance_can_mend_a_box_that_is_empty() -> None:
    problem = problem_of(corn_exporter(), periods=1)
    lower = problem.program.lower.copy()
    column = problem.columns["output_down"]
    lower[column] = 1e6
    upper = np.where(np.arange(lower.size) == column, 2e6, problem.program.upper)
    broken = replace(problem, program=replace(problem.program, lower=lower, upper=upper))

    with pytest.raises(InputError, match="even with help from outside"):
        find_conflict(broken)


@pytest.mark.parametrize(
    ("mandate", "said", "changed_line"),
    [
        (
            Mandate(
                goals=(InvestmentGoal(kind="investment", branches=("industry",), factor=15.0),)
            ),
            "investment of at least 15 times the observed in shop",
            "lower the investment goal of shop",
        ),
        (
            Mandate(
                needs=(Need(product="machine", share=0.9),),
                goals=(EmissionGoal(kind="emission", emission="smoke", factor=0.1),),
            ),
            "at most 1.1 t of smoke",
            "raise the limit on smoke",
        ),
        (
            Mandate(needs=(Need(share=0.95),), labour=LabourRules(hours={2022: 0.5})),
            "at most 50% of the observed hours for Workers (worker)",
            "lengthen the hours of Workers (worker)",
        ),
        (
            Mandate(
                needs=(Need(product="machine", share=1.2),),
                goals=(SelfRelianceGoal(kind="self_reliance", product="machine", share=0.02),),
                foreign=ForeignRules(reserves_floor=0.0),
            ),
            "imports of Machines (machine) of at most 2% of its use",
            "let in more imports than the self-reliance goal allows, of Machines (machine)",
        ),
    ],
)
def test_every_kind_of_demand_has_its_words(mandate: Mandate, said: str, changed_line: str) -> None:
    problem = problem_of(two_branch_economy(), periods=2, mandate=mandate)
    of_its_kind = [one for one in demands(problem) if said == one.what.format(one.item)]

    assert of_its_kind
    assert changed_line in {one.change.format(one.item) for one in of_its_kind}


def test_the_changed_mandate_is_possible_and_a_little_less_is_not() -> None:
    def asked(share: float) -> Problem:
        return machines_only_bought(need=share)

    [change] = conflict_of(asked(0.5)).changes

    assert find_conflict(asked(change.level)) is None
    assert find_conflict(asked(change.level + 0.001)) is not None


def test_a_self_reliance_goal_is_relieved_in_shares_of_the_use_that_the_plan_then_has() -> None:
    # No machine is made, so every machine is imported: the share can be nothing but 1.
    mandate = Mandate(
        needs=(Need(product="machine", share=0.2),),
        collective_floor=0.0,
        goals=(SelfRelianceGoal(kind="self_reliance", product="machine", share=0.5, end=2021),),
    )
    problem = problem_of(corn_exporter(), periods=1, mandate=mandate, shocks=(stopped(),))

    found = conflict_of(problem)

    assert {one.source for one in found.together} == {
        "need of 0.2 for people",
        "self-reliance in 1",
    }
    [change] = found.changes
    assert change.first.measure == "of the use"
    assert change.amount == pytest.approx(1.0)  # 2 imported, of which the goal allows 1
    assert change.level == pytest.approx(1.0)
    assert_nothing_can_be_spared(problem, found.together)


def in_debt(*, offered: float, limit: float, need: float = 0.5) -> Problem:
    """No machine is made, 6 dollars are earned, and lenders offer some in the only year."""
    mandate = Mandate(
        needs=(Need(product="machine", share=need),),
        collective_floor=0.0,
        foreign=ForeignRules(credit={2021: offered}, debt_limit=limit),
    )
    return problem_of(corn_exporter(), periods=1, mandate=mandate, shocks=(stopped(),))


def test_a_limit_on_new_debt_gives_way_where_credit_is_offered() -> None:
    problem = in_debt(offered=20.0, limit=1.0)

    found = conflict_of(problem)

    # 5 machines cost 10 dollars; 6 are earned and 1 may be borrowed: 3 more of the 20 offered are
    # 0.15 of what is offered; 1.5 machines would be 0.3 of the need, 3 dollars 0.6 of the reserves.
    [change] = found.changes
    assert (change.first.source, change.level) == ("debt limit", pytest.approx(4.0))
    assert {one.source for one in found.together} == {
        "need of 0.5 for people",
        "reserves floor",
        "debt limit",
    }
    assert "- new foreign debt of at most 1 dollar in 2021" in found.text()
    assert "- raise the limit on new foreign debt in 2021 from 1 to 4 dollar" in found.text()
    assert_nothing_can_be_spared(problem, found.together)


@pytest.mark.parametrize(("limit", "possible"), [(4.0, True), (3.99, False)])
def test_the_debt_limit_that_is_named_is_the_least(limit: float, possible: bool) -> None:  # noqa: FBT001
    assert (find_conflict(in_debt(offered=20.0, limit=limit)) is None) is possible


def test_nobody_borrows_more_than_lenders_offer() -> None:
    # 2 dollars are offered and 4 are missing: debt alone cannot help.
    found = conflict_of(in_debt(offered=2.0, limit=0.0))

    assert "need of 0.5 for people" in {one.first.source for one in found.changes}
    assert [one for one in demands(machines_only_bought(need=0.5)) if "debt" in one.source] == []


def short_of_people(*, overtime: float) -> Problem:
    """A third of the people are gone for a year; two lines of needs are dear to lower."""
    gone = LabourShock(kind="labour", skills=("worker",), factor=0.65, end=2021)
    mandate = Mandate(
        needs=(Need(product="corn", share=0.9), Need(product="machine", share=0.901)),
        labour=LabourRules(overtime_share=overtime, moving_share=1.0),
        foreign=ForeignRules(reserves_floor=0.0),
    )
    return problem_of(two_branch_economy(), periods=1, mandate=mandate, shocks=(gone,))


def test_overtime_gives_way_and_what_is_named_is_the_least() -> None:
    found = conflict_of(short_of_people(overtime=0.01))
    levels = [one.level for one in found.changes if one.first.source == "overtime"]

    assert levels
    assert {one.first.source for one in found.changes} == {"overtime"}
    assert find_conflict(short_of_people(overtime=max(levels) + 1e-4)) is None
    assert find_conflict(short_of_people(overtime=max(levels) - 1e-3)) is not None
    assert "allow more overtime of Workers (worker) in 2021 from 1% to " in found.text()
    assert "of the hours (by " in found.text()


def test_without_overtime_the_demand_says_there_is_none() -> None:
    words = {one.what for one in demands(short_of_people(overtime=0.0)) if one.source == "overtime"}

    assert words == {"no overtime of {}"}


def moving(*, share: float) -> Problem:
    """More machines are needed in the first year, and nobody may come to make them."""
    more = Need(product="machine", share=1.25)
    mandate = Mandate(needs=(more,), collective_floor=0.0, labour=LabourRules(moving_share=share))
    ban = QuantityShock(kind="import_limit", products=("machine",), share=1.0)
    economy = changed(two_branch_economy(), "capital", capacity=np.array([200.0, 60.0]))
    goal = InvestmentGoal(kind="investment", branches=("*",), factor=1.0)
    mandate = mandate.model_copy(update={"goals": (goal,)})
    return problem_of(economy, periods=1, mandate=mandate, shocks=(ban,))


def test_moving_between_branches_gives_way_and_what_is_named_is_the_least() -> None:
    found = conflict_of(moving(share=0.0))
    moves = [one for one in found.changes if one.first.source == "moving between branches"]

    assert [one.first.source for one in found.changes] == ["moving between branches"]
    level = moves[0].level
    assert find_conflict(moving(share=level)) is None
    assert find_conflict(moving(share=level - 1e-3)) is not None
    assert "- nobody changes branch in 2021" in found.text()
    assert "- let more people change branch in 2021 from 0% to " in found.text()


def test_capacity_that_is_short_is_said_in_what_it_makes() -> None:
    goal = InvestmentGoal(kind="investment", branches=("agriculture",), factor=15.0)
    economy = three_workplaces()
    problem = problem_of(economy, first=2, periods=1, mandate=Mandate(goals=(goal,)))
    [one, *_] = [d for d in demands(problem) if d.source.startswith("investment")]

    # A hectare carries 4 t of grain a year.
    assert (one.spoken, one.factor) == ("t a year", 4.0)
    assert Change((one,), relative=0.5, level=1.0).amount == pytest.approx(2 * one.size)


def own_rule(*, least: float, most: float) -> Family:
    def corn_quota(given: Outlook, plan: Variables) -> Rows:
        rows = at_least(plan.exports, 0.0, items=given.economy.products.codes, dimension="product")
        full = np.zeros(rows.lower.shape)
        keep = np.zeros(rows.lower.shape, dtype=bool)
        keep[0, 0] = True
        return replace(rows, lower=full + least, upper=full + most).only(keep)

    return own_family(corn_quota, dual="", unit="t")


def test_an_own_rule_gives_way_on_either_side() -> None:
    mandate = Mandate(foreign=ForeignRules(reserves_floor=0.0))
    given = outlook_of(corn_exporter(), periods=1, mandate=mandate)

    too_much = conflict_of(assemble(given, extra=[own_rule(least=9.0, most=20.0)]))
    never = conflict_of(assemble(given, extra=[own_rule(least=-9.0, most=-1.0)]))

    assert [(one.first.sign, one.level) for one in too_much.changes] == [(1, 8.0)]
    assert [(one.first.sign, one.level) for one in never.changes] == [(-1, 0.0)]
    assert "rule corn_quota for corn in 2021" in too_much.text()


def test_a_line_gives_way_for_all_its_items_alike_period_by_period() -> None:
    economy = two_branch_economy()
    mandate = Mandate(needs=(Need(share=1.5),))

    text = explain_conflict(problem_of(economy, periods=3, mandate=mandate))

    assert "- at least 150% of the basket of corn for people in the time after 2023\n" in text
    assert "- lower the need of people for corn and Machines (machine) in 2021 from 150% to" in text
    assert ", in 2023 from 150% to " in text
    assert " and in the time after 2023 from 150% to " in text


def test_a_conflict_that_is_there_only_because_a_project_cannot_be_divided() -> None:
    # A mill takes 4 machines, 8 dollars; 6 are earned. Half a mill could be paid for.
    mill = Projects(
        codes=("mill",),
        names=("Mill",),
        cost=(((1, 0, 4.0),),),
        capital=np.array([1]),
        capacity=np.array([4.0]),
        lag=np.array([1]),
    )
    given = outlook_of(
        replace(corn_exporter(), projects=mill),
        periods=1,
        mandate=Mandate(collective_floor=0.0),
        shocks=(stopped(),),
    )

    def must_build(given: Outlook, plan: Variables) -> Rows:
        rows = at_least(plan.project, 0.5, items=("mill",), dimension="project")
        keep = np.array([[True, False]])
        return rows.only(keep)

    problem = assemble(given, extra=[own_family(must_build, dual="", unit="projects")])
    divisible = replace(
        problem,
        program=replace(problem.program, integer=np.zeros_like(problem.program.integer)),
    )

    found = conflict_of(problem)

    assert find_conflict(divisible) is None
    assert [one.source for one in found.together] == [
        "reserves floor",
        "rule must_build, item 0, side 1",
    ]
    assert_nothing_can_be_spared(problem, found.together)


def test_a_strategic_minimum_is_a_demand() -> None:
    economy = two_branch_economy()
    economy = changed(
        economy, "stocks", storable=np.array([True, False]), minimum=np.array([500.0, 0.0])
    )
    problem = problem_of(economy, periods=1, mandate=Mandate(collective_floor=0.0))

    found = conflict_of(problem)

    assert {one.source for one in found.together} == {"stock of 0"}
    assert "- a stock of at least 500 t of corn in" in found.text()
    assert "lower the strategic minimum of corn in 2021 from 500 to " in found.text()
    assert_nothing_can_be_spared(problem, found.together)


def test_a_long_list_of_changes_is_cut_and_the_rest_counted() -> None:
    one = demands(machines_only_bought(need=0.5))[0]
    every = tuple(
        Change((replace(one, source=str(k), item=f"item {k}"),), relative=1.0, level=0.5)
        for k in range(15)
    )

    lines = change_lines(every, ("2021", "after"))

    assert len(lines) == 13
    assert lines[-1] == "and 3 smaller changes"


def test_a_line_of_many_items_is_said_item_by_item_the_largest_by_money_first() -> None:
    one = demands(machines_only_bought(need=0.5))[0]

    def part(period: int, relative: float) -> Change:
        items = tuple(
            replace(one, item=f"item {k:02}", period=period, size=10.0, price=float(k))
            for k in range(13)
        )
        return Change(items, relative=relative, level=0.5 * (1 - relative))

    [text] = change_lines((part(1, 0.1), part(0, 0.26827)), YEARS)
    head, *lines = text.splitlines()

    assert head.startswith("lower the need of people for 13 items, all alike, in 2021 from 50% to ")
    assert lines[0] == "  - item 12 by 2.683 in 2021 and 1 in 2022 [piece]"
    assert [line.split()[2] for line in lines[:10]] == [f"{k:02}" for k in range(12, 2, -1)]
    assert lines[10:] == ["  - and 3 others by at most 26.83% of what is asked"]


def test_the_same_demand_over_many_spans_is_said_once() -> None:
    one = demands(machines_only_bought(need=0.5))[0]
    spread = [
        replace(one, item=f"item {k}", period=t) for k in range(6) for t in range(3) if t <= k % 4
    ]

    apart = demand_lines(
        [replace(one, item="a", period=0), replace(one, item="b", period=1)], YEARS
    )
    merged = demand_lines([*spread, replace(one, item="item 9", period=4)], YEARS)

    assert len(apart) == 2
    assert merged == [
        "at least 50% of the basket of item 0, item 4, item 1, item 5 and 3 others for people in "
        "2021 to 2023 and the time after 2024"
    ]


def test_merged_columns_come_apart_into_what_they_were() -> None:
    program = problem_of(two_branch_economy()).program

    merged = merge(program, apart=np.zeros(0, dtype=np.int64))
    filled = 0.3 * merged.program.lower + 0.7 * merged.program.upper
    original = parted(merged, program, filled)

    assert merged.program.reward.size < program.reward.size / 4
    assert np.all(original >= program.lower - 1e-9)
    assert np.all(original <= program.upper + 1e-9)
    assert merged.program.matrix @ filled == pytest.approx(program.matrix @ original)


def test_when_the_time_is_over_it_says_so() -> None:
    with pytest.raises(LimitError, match="time"):
        find_conflict(machines_only_bought(need=0.5), seconds_max=0.0)


@pytest.mark.parametrize("answers", range(2, 8))
def test_what_was_found_in_time_is_told(answers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = machines_only_bought(need=0.5)
    whole = conflict_of(problem)
    left = [answers]
    real = conflict_module.least_relief

    def late(*given: object, **how: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise LimitError("over")
        return real(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(conflict_module, "least_relief", late)
    found = conflict_of(problem)

    assert not holds(problem, found.together)
    assert len(found.together) >= len(whole.together)
    assert found.changes == whole.changes
    levels = ["everything", "line", "period", "demand"]
    assert levels.index(found.narrowed) <= levels.index(whole.narrowed)
    if answers == 2:
        assert len(found.together) == len(demands(problem))


def test_making_an_impossible_plan_names_the_conflict() -> None:
    mandate = Mandate(needs=(Need(product="machine", share=0.5),), collective_floor=0.0)
    scenario = scenario_of(periods=1, mandate=mandate, shocks=(stopped(),))

    with pytest.raises(ImpossibleMandateError, match=r"at least 50% of the basket of Machines"):
        make_plan(corn_exporter(), scenario, engine=Engine.SIMPLEX, seconds_max=30)


def test_too_many_pieces_are_not_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = machines_only_bought(need=0.5)
    monkeypatch.setattr(conflict_module, "PIECES_MAX", 0)

    found = conflict_of(problem)

    assert found.narrowed == "everything"
    assert not holds(problem, found.together)


def silent_engines(monkeypatch: pytest.MonkeyPatch, *, outcomes: list[Outcome]) -> None:
    """Let the first engines find nothing and call it as listed; the others do their work."""
    real = make_module.solve

    def engine(program: Program, **how: Any) -> Answer:
        answer = real(program, **how)
        if not outcomes:
            return answer
        nothing = np.full(answer.primal.shape, np.nan)
        return replace(answer, outcome=outcomes.pop(0), primal=nothing)

    monkeypatch.setattr(make_module, "solve", engine)


def test_an_engine_that_calls_a_possible_mandate_impossible_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent_engines(monkeypatch, outcomes=[Outcome.IMPOSSIBLE])

    plan = make_plan(two_branch_economy(), scenario_of(periods=1), seconds_max=30)

    assert plan.certificate.holds


def test_when_it_takes_too_long_to_tell_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    silent_engines(monkeypatch, outcomes=[Outcome.STOPPED] * 4)

    def late(_: Problem) -> str:
        raise LimitError("over")

    monkeypatch.setattr(make_module, "explain_conflict", late)

    with pytest.raises(CounterplanError, match="every engine stopped without a plan") as error:
        make_plan(two_branch_economy(), scenario_of(periods=1), seconds_max=30)
    assert not isinstance(error.value, ImpossibleMandateError)


def test_a_conflict_of_russia_is_narrowed_to_single_demands() -> None:
    folder = Path(counterplan.__file__).parent / "examples" / "russia-2014"
    mandate = Mandate(needs=(Need(product="C21", share=0.95), Need(product="C13-C15", share=0.95)))
    shocks = (
        PriceShock(kind="export_price", products=("B", "C19"), factor=0.55),
        QuantityShock(kind="import_limit", products=("C13-C15", "C21"), share=0.0, start=2016),
    )
    scenario = scenario_of(periods=6, first=2015, mandate=mandate, shocks=shocks)
    problem = assemble(lay_out(read_package(folder), scenario))

    found = conflict_of(problem)

    # Russia's tables have no branch for medicines: without imports there are none in the end.
    medicine = problem.outlook.economy.product("C21")
    assert found.narrowed == "demand"
    assert {one.source for one in found.together} == {
        "need of 0.95 for households",
        f"limit on imports of {medicine}",
        f"limit on investment_imports of {medicine}",
    }
    assert all("(C21)" in one.item for one in found.together)
