"""Ways to have more: everything that could supply a product, its limits, and what made them."""

from dataclasses import replace
from functools import cache
from itertools import takewhile

import numpy as np
import pytest

from counterplan.economy.economy import Economy, no_projects
from counterplan.plan.causes import causes
from counterplan.plan.explain import explain
from counterplan.plan.explanation import Component, Explanation, Way
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate, Need, SelfRelianceGoal
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.sentences import minus_words, taken_words
from counterplan.plan.shocks import (
    CapacityShock,
    CreditShock,
    DebtShock,
    LabourShock,
    PriceShock,
    QuantityShock,
    ReserveShock,
)
from counterplan.plan.wording import figure
from tests.plan.builders import changed, scenario_of, two_branch_economy
from tests.plan.relief import best_value, three_workplaces


@cache
def embargo(*, share: float = 0.5) -> Plan:
    """Return a plan that may buy half of the machines it bought, for use and for investment."""
    note = "the embargo." if share else ""
    stop = QuantityShock(kind="import_limit", products=("machine",), share=share, note=note)
    looser = QuantityShock(kind="import_limit", products=("machine",), share=0.9, note="looser")
    need = Mandate(needs=(Need(product="machine", share=0.97),))
    return make_plan(two_branch_economy(), scenario_of(mandate=need, shocks=(looser, stop)))


@cache
def river() -> Plan:
    """Return a plan of three workplaces whose river carries no more than in the first year."""
    economy = replace(three_workplaces(), projects=no_projects())
    economy = changed(economy, "routes", limit=np.array([2150.0]))
    return make_plan(economy, scenario_of(first=2, periods=3))


def by_kind(said: Explanation, kind: str) -> Way:
    [found] = [one for one in said.ways if one.kind == kind]
    return found


@pytest.mark.parametrize("plan", [embargo(), river()], ids=["embargo", "river"])
def test_every_way_adds_up_to_the_valuation_with_what_its_limit_is_worth(plan: Plan) -> None:
    for product in plan.economy.products.codes:
        for year in plan.years:
            said = explain(plan, product, year)
            for one in said.ways:
                taken = sum(part.value for part in one.takes)
                assert taken + one.worth == pytest.approx(said.valuation, abs=1e-6)


def test_the_ways_bring_what_the_plan_has() -> None:
    plan = embargo()
    said = explain(plan, "machine", 2022)

    assert [one.kind for one in said.ways] == ["activity", "investment_imports", "imports"]
    for kind in ("imports", "investment_imports"):
        assert by_kind(said, kind).quantity == pytest.approx(plan.quantity(kind)[1, 1])
    assert sum(one.share for one in said.ways) == pytest.approx(1.0)


@pytest.mark.parametrize(("variable", "observed"), [("imports", 1.0), ("investment_imports", 2.0)])
def test_a_quota_is_named_with_its_shock_and_priced_as_the_optimum_says(
    variable: str, observed: float
) -> None:
    plan = embargo()
    problem, t = plan.problem, 1
    column = problem.columns[variable] + 2 * t + 1
    program, upper = problem.program, problem.program.upper.copy()
    upper[column] += 1e-3
    moved = (best_value(replace(program, upper=upper)) - best_value(program)) / 1e-3
    here = problem.outlook.periods.weights[t] * plan.basket_valuation()[t]

    one = by_kind(explain(plan, "machine", 2022), variable)

    assert one.limit == pytest.approx(0.5 * observed)
    assert one.observed == pytest.approx(0.5)
    assert one.worth == pytest.approx(moved / here, rel=1e-3)
    assert one.worth > 0.1
    assert one.causes == ('shock 2, "the embargo"',)


def test_a_quota_is_said_in_words_with_its_price() -> None:
    said = explain(embargo(), "machine", 2022)
    one = by_kind(said, "imports")

    assert (
        'no more than 0.5 piece may come, 0.5 of the observed on trend (shock 2, "the embargo"): '
        f"a limit higher by one piece is worth {one.worth:.4g}"
    ) in said.text()


def test_a_ban_is_told_of_though_nothing_comes() -> None:
    said = explain(embargo(share=0.0), "machine", 2022)

    for kind in ("imports", "investment_imports"):
        one = by_kind(said, kind)
        assert (one.quantity, one.limit) == (pytest.approx(0.0, abs=1e-6), 0.0)
        assert one.causes == ("shock 2, import limit on Machines (machine)",)
        assert one.worth > 0
    assert "forbidden by shock 2, import limit on Machines (machine); one piece let in is" in (
        said.text()
    )


def test_what_was_never_imported_is_said_to_be_so_without_a_price() -> None:
    said = explain(embargo(), "corn", 2022)

    # Corn has no observed imports, so what one unit let in would take is not known.
    assert "- imports: none were observed in the base period, and the plan allows none" in (
        said.text()
    )


def test_what_other_regions_carry_in_and_the_room_on_the_way_are_a_way() -> None:
    plan = river()
    said = explain(plan, "grain-south", 2)
    [one] = [way for way in said.ways if way.kind == "shipment"]

    assert one.name == "brought on the route river from Grain in the North (grain-north)"
    assert one.quantity == pytest.approx(plan.quantity("shipment")[0, 0])
    [room] = [part for part in one.takes if part.kind == "transport"]
    expected = plan.worth("transport")[0, 0] / plan.basket_valuation()[0]
    assert room.value == pytest.approx(expected, abs=1e-6)
    assert room.unit == "t"


def test_stocks_are_a_way_from_the_second_period_on() -> None:
    plan = river()

    assert "stock" not in {one.kind for one in explain(plan, "grain-north", 2).ways}
    kept = by_kind(explain(plan, "grain-north", 3), "stock")
    assert kept.name == "kept from 2"
    assert kept.quantity == pytest.approx(plan.quantity("stock")[0, 0], rel=1e-6)


def test_what_is_kept_from_before_is_said_in_the_consumption_of_the_period() -> None:
    plan = river()
    said = explain(plan, "grain-north", 3)
    kept = by_kind(said, "stock")

    # The valuation of period 2, in its own consumption, restated in that of period 3.
    [grain] = [part for part in kept.takes if part.kind == "stock"]
    row = plan.economy.product("grain-north")
    worth = plan.worth("product_balance")[row, 0] / plan.outlook.periods.beta
    price = worth / plan.basket_valuation()[1]
    assert grain.value / (grain.quantity or 1.0) == pytest.approx(price, rel=1e-6)
    money = plan.economy.currency
    cost = sum(part.value for part in kept.takes)
    assert f"one more takes {figure(cost)} {money} in consumption of year 3 (" in said.text()
    assert "All valuations are in " + money + " of household consumption in year 3." in said.text()


def test_a_part_below_zero_is_said_to_be_saved() -> None:
    text = explain(river(), "bread", 2).text()
    lines = text.splitlines()

    for head in ("One more ", "Along its whole supply chain"):
        [at] = [k for k, line in enumerate(lines) if line.startswith(head) and line[-1] == ":"]
        parts = lines[at + 1 : at + 13]
        below = any(line.startswith("- -") for line in takewhile_parts(parts))
        assert ("(a minus is what one more saves, or brings along):" in lines[at]) == below
    assert "(-" not in text.split("More could come")[1]


def takewhile_parts(lines: list[str]) -> list[str]:
    """Return the lines of a list, up to its end."""
    return list(takewhile(lambda line: line.startswith("- "), lines))


def test_a_minus_is_explained_where_there_is_one_and_only_there() -> None:
    assert minus_words(["- 2 florin (50%): fuel", "- -1 florin (-25%): straw"]) != ""
    assert minus_words(["- 2 florin (50%): fuel"]) == ""
    part = Component("change", "", None, "", -76.0, -0.2)
    assert taken_words(part) == "less 76 saved on changing the pace of output"


def test_a_way_that_does_not_pay_says_what_it_lacks() -> None:
    # Machines are made for less than they cost abroad at a tenth of the corn's price.
    poor = PriceShock(kind="export_price", products=("corn",), factor=0.1)
    plan = make_plan(two_branch_economy(), scenario_of(shocks=(poor,)))
    said = explain(plan, "machine", 2023)
    one = by_kind(said, "investment_imports")
    if one.share < 1e-6:
        assert one.worth < 0
        assert "more than it is worth" in said.text()
    else:
        assert sum(part.value for part in one.takes) == pytest.approx(said.valuation, rel=1e-5)


# ---- causes ---------------------------------------------------------------------------------


SHOCKS = (
    PriceShock(kind="export_price", products=("corn",), factor=0.5, note="corn at half"),
    PriceShock(kind="import_price", products=("machine",), factor=1.25),
    DebtShock(kind="debt_service", amounts={2021: 1.5}, note="due"),
    CreditShock(kind="credit", factor=0.5, note="credit"),
    ReserveShock(kind="reserves", lost=1.0, note="frozen"),
    CapacityShock(kind="capacity", branches=("industry",), share=0.9, start=2022, note="strike"),
    LabourShock(kind="labour", skills=("worker",), factor=0.95, end=2021, note="called up"),
)


def lender() -> Economy:
    return changed(two_branch_economy(), "accounts", new_credit=3.0, reserves=5.0)


@cache
def beset(floor: float | None = None) -> Plan:
    goal = SelfRelianceGoal(kind="self_reliance", product="machine", share=0.12, start=2022)
    mandate = Mandate(goals=(goal,), foreign=ForeignRules(reserves_floor=floor))
    return make_plan(lender(), scenario_of(mandate=mandate, shocks=SHOCKS))


def test_what_shocks_take_of_currency_is_their_amount_at_the_plans_trade() -> None:
    plan = beset(0.0)
    exports, imports = plan.exports().loc["corn"], plan.imports().loc["machine"]

    first = dict(causes(plan).currency_taken(0))
    second = dict(causes(plan).currency_taken(1))

    price = "shock 2, import price on Machines (machine)"
    assert first['shock 1, "corn at half"'] == pytest.approx(0.5 * exports["2021"])
    assert first[price] == pytest.approx(0.25 * 2 * imports["2021"])
    assert first['shock 3, "due"'] == pytest.approx(1.5)
    assert first['shock 4, "credit"'] == pytest.approx(1.5)
    assert first['shock 5, "frozen"'] == pytest.approx(1.0)
    assert set(second) == {'shock 1, "corn at half"', price, 'shock 4, "credit"'}
    assert list(first.values()) == sorted(first.values(), reverse=True)


def test_reserves_that_had_to_stay_anyway_are_not_taken() -> None:
    assert 'shock 5, "frozen"' not in dict(causes(beset()).currency_taken(0))


def test_capacity_people_and_goals_have_their_causes_in_their_periods() -> None:
    why = causes(beset())

    assert why.of_row("capacity", 1, 0) == ()
    assert why.of_row("capacity", 1, 1) == ('shock 6, "strike"',)
    assert why.of_row("capacity", 0, 1) == ()
    assert why.of_row("labour", 0, 0) == ('shock 7, "called up"',)
    assert why.of_row("labour", 0, 1) == ()
    assert why.of_row("self_reliance", 1, 1) == (
        "goal 1, self-reliance goal on Machines (machine)",
    )
    assert why.of_row("self_reliance", 1, 0) == ()
    assert why.of_row("needs", 0, 0) == ()
    assert why.of_column("activity", 0, 0) == ()


def test_the_text_names_what_the_shocks_take() -> None:
    text = explain(beset(0.0), "machine", 2021).text()

    assert "Of foreign currency in 2021 the shocks take " in text
    assert '1.5 dollar by shock 3, "due"' in text


def test_an_outlook_that_the_scenario_did_not_make_has_no_causes() -> None:
    plan = embargo()
    longer = plan.scenario.horizon.model_copy(update={"periods": 5})
    other = replace(plan, scenario=plan.scenario.model_copy(update={"horizon": longer}))
    broken = plan.scenario.horizon.model_copy(update={"first": 2030})
    wrong = replace(plan, scenario=plan.scenario.model_copy(update={"horizon": broken}))

    for one in (other, wrong):
        assert (causes(one).shocks, causes(one).goals) == ((), ())


def test_each_cause_is_laid_alone_over_the_calm_outlook() -> None:
    plan = beset()
    why = causes(plan)

    assert len(why.shocks) == len(SHOCKS)
    bare = plan.scenario.model_copy(update={"shocks": (), "mandate": Mandate()})
    calm = lay_out(plan.economy, bare)
    assert np.array_equal(why.calm.export_price, calm.export_price)
    assert np.array_equal(why.shocks[0].alone.import_price, calm.import_price)
