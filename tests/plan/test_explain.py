"""Explanations: parts that add up, against prices known by hand and an optimum that is moved."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

import counterplan
from counterplan.economy.analysis import LeontiefModel
from counterplan.economy.economy import Economy, no_projects
from counterplan.economy.package import read_package
from counterplan.errors import InputError
from counterplan.plan.chain import chain, total_requirements
from counterplan.plan.explain import explain
from counterplan.plan.explanation import Component, Explanation, Relief
from counterplan.plan.family import Variables, own_family
from counterplan.plan.flows import Flow, largest
from counterplan.plan.linear import Rows, at_most
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import Mandate, Need
from counterplan.plan.outlook import Outlook
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem
from counterplan.plan.shocks import CapacityShock, LabourShock, PriceShock, QuantityShock
from tests.plan.builders import changed, outlook_of, scenario_of, two_branch_economy
from tests.plan.relief import (
    FRICTIONLESS,
    assert_worth,
    best_value,
    plan_for,
    steady_economy,
    three_workplaces,
)
from tests.plan.test_hunger import closed_economy

RENT = 2.0 * (1 / 0.96 - 1 + 0.1)  # of one machine for a year, see steady_economy
WAGE = 1.0 - 0.2 - RENT


@cache
def steady() -> Plan:
    """Return a plan whose valuations are the base prices."""
    return plan_for(outlook_of(steady_economy(), mandate=FRICTIONLESS))


@cache
def shocked() -> Plan:
    """Return a plan with every cost of change at work: corn sells at half its price."""
    half = PriceShock(kind="export_price", products=("corn",), factor=0.5)
    mandate = Mandate(needs=(Need(product="machine", share=1.02),))
    return plan_for(outlook_of(two_branch_economy(), mandate=mandate, shocks=(half,)))


@cache
def three() -> Plan:
    economy = three_workplaces()
    return plan_for(outlook_of(economy, first=economy.base_period + 1, periods=3))


@cache
def dry_year() -> Plan:
    """Return the packaged dry year without its project, which only branch and bound decides."""
    economy = replace(three_workplaces(), projects=no_projects())
    dry = CapacityShock(kind="capacity", branches=("agriculture",), share=0.85, start=3, end=3)
    return make_plan(economy, scenario_of(first=2, periods=5, shocks=(dry,)), seconds_max=60)


def banned(*, share: float) -> Outlook:
    """Return an outlook in which no machine is made in 2021 and few may be bought."""
    stop = CapacityShock(kind="capacity", branches=("industry",), share=0, start=2021, end=2021)
    ban = QuantityShock(
        kind="import_limit", products=("machine",), share=share, start=2021, end=2021
    )
    return outlook_of(two_branch_economy(), periods=2, shocks=(stop, ban))


def part(parts: tuple[Component, ...], kind: str, name: str = "") -> Component:
    [found] = [one for one in parts if one.kind == kind and name in one.name]
    return found


def value(parts: tuple[Component, ...]) -> float:
    return sum(one.value for one in parts)


@pytest.mark.parametrize("make", [steady, shocked, three])
def test_both_resolutions_add_up_to_the_valuation(make: object) -> None:
    plan = make()  # type: ignore[operator]
    for product in plan.economy.products.codes:
        for year in plan.years:
            said = explain(plan, product, year)
            assert said.valuation == plan.valuations().loc[product, year]
            assert value(said.direct) == pytest.approx(said.valuation, abs=1e-6)
            assert value(said.total) == pytest.approx(said.valuation, abs=1e-6)


def test_nothing_of_the_valuation_is_hidden_in_bounds() -> None:
    # What the parts leave over would be the rent of a variable at its bound; nothing is there.
    for plan in (steady(), shocked(), three()):
        for product in plan.economy.products.codes:
            for year in plan.years:
                said = explain(plan, product, year)
                hidden = [one.value for one in said.direct if one.kind == "limit"]
                assert np.abs(hidden).max(initial=0.0) <= 1e-6 * max(1.0, said.price)


def test_corn_is_made_of_rent_and_wage_per_net_unit() -> None:
    said = explain(steady(), "corn", 2022)

    # A unit of farming leaves 0.8 t: one takes 1.25 of land and 1.25 workers.
    land, work = part(said.direct, "capacity"), part(said.direct, "labour")
    assert (land.name, land.quantity) == ("land", pytest.approx(1.25))
    assert (work.name, work.quantity) == ("Workers (worker)", pytest.approx(1.25))
    assert land.value == pytest.approx(1.25 * RENT, abs=1e-6)
    assert work.value == pytest.approx(1.25 * WAGE, abs=1e-6)
    assert land.share == pytest.approx(1.25 * RENT, abs=1e-6)
    assert said.source == "made by farming"


def test_an_input_brings_its_habitual_imports_and_the_chain_resolves_them() -> None:
    said = explain(steady(), "machine", 2022)

    # A unit of making leaves 0.9; a twelfth of the machines used up is imported by habit.
    assert part(said.direct, "input", "corn").quantity == pytest.approx(0.1 / 0.9)
    imported = 0.1 / 0.9 / 12
    home_made = 1 / (1 + imported)
    assert part(said.total, "capacity", "shop").quantity == pytest.approx(home_made / 0.9)
    assert part(said.total, "capacity", "land").quantity == pytest.approx(home_made * 0.125 / 0.9)
    assert part(said.total, "currency").quantity == pytest.approx(2 * home_made * imported)
    assert part(said.total, "currency").value == pytest.approx(2 * home_made * imported, abs=1e-6)


def closed() -> Economy:
    """Return the two-branch economy without trade: what machines lacked is not consumed."""
    economy = two_branch_economy()
    none = np.zeros(2)
    economy = changed(economy, "trade", exports=none, imports_other=none, imports_investment=none)
    economy = changed(economy, "accounts", transfers=0.0)
    return changed(economy, "demand", consumption=np.array([[78.0], [7.0]]))


def test_without_trade_the_chain_is_the_leontief_inverse() -> None:
    economy = closed()
    plan = plan_for(outlook_of(economy))
    model = LeontiefModel.from_flows(
        economy.techniques.use.toarray() * [100.0, 20.0], [100.0, 20.0]
    )
    labour = model.content([1.0, 2.0])
    outputs = model.inverse()

    for product, code in enumerate(economy.products.codes):
        for year in plan.years:
            said = explain(plan, code, year)
            assert part(said.total, "labour").quantity == pytest.approx(labour[product])
            for item, name in enumerate(("land", "shop")):
                needed = [c.quantity for c in said.total if c.name == name]
                assert sum(needed) == pytest.approx(outputs[item, product])


def test_rents_and_wages_are_what_the_optimum_says() -> None:
    # Without costs of change, and off the steady course: valuations between two kinks.
    less = PriceShock(kind="export_price", products=("corn",), factor=0.9)
    plan = plan_for(outlook_of(steady_economy(), mandate=FRICTIONLESS, shocks=(less,)))
    basket = plan.basket_valuation()
    said = explain(plan, "machine", 2023)
    families = {"shop": ("capacity", 1), "Workers": ("labour", 0)}

    for name, (family, item) in families.items():
        moved = assert_worth(plan, family, item=item, period=2)
        one = part(said.total, family, name)
        assert one.value / one.quantity == pytest.approx(moved / basket[2], rel=1e-5)


def test_capacity_that_lasts_is_worth_what_the_optimum_says() -> None:
    plan = shocked()
    moved = assert_worth(plan, "capital_accumulation", item=1, period=1)

    [shop] = [one for one in explain(plan, "machine", 2022).reliefs if one.name == "shop"]

    assert shop.lasting == pytest.approx(moved / plan.basket_valuation()[1], rel=1e-5)


def test_in_a_steady_plan_capacity_is_worth_what_building_costs() -> None:
    said = explain(steady(), "machine", 2022)

    [land] = [one for one in said.reliefs if one.name == "land"]
    # A machine of 2 crowns, bought a year earlier at a discount of 0.96.
    assert land.cost == pytest.approx(2 / 0.96, abs=1e-5)
    assert land.lasting == pytest.approx(land.cost, abs=1e-5)
    assert land.start == "2021"
    assert "building it from 2021 on costs 2.083 crown, as much as it is worth." in said.text()
    assert "1% more of land, 1 t a year, is worth" in said.text()


def test_what_could_not_be_built_before_the_plan_says_when_it_can() -> None:
    said = explain(shocked(), "machine", 2021)

    assert [one.cost for one in said.reliefs] == [None] * len(said.reliefs)
    assert "what is begun in the plan opens in 2022 at the earliest." in said.text()


def test_what_is_only_bought_is_made_of_currency_and_what_limits_imports() -> None:
    given = banned(share=0.5)
    plan = plan_for(given)

    said = explain(plan, "machine", 2021)

    assert said.source == "bought abroad"
    assert part(said.direct, "currency").quantity == pytest.approx(2.0)
    limit = part(said.total, "limit")
    assert limit.name.endswith("of Machines (machine)")
    assert limit.value > 0
    assert value(said.direct) == pytest.approx(said.valuation, abs=1e-6)
    variable = "investment_imports" if "investment" in limit.name else "imports"
    assert limit.value == pytest.approx(gain(plan.problem, variable) / price_level(plan), rel=1e-4)
    [relief] = [one for one in said.reliefs if one.name == limit.name]
    assert relief.unit == "piece"
    assert f"the limit on {limit.name} higher by 1%, " in said.text()


def test_currency_is_worth_what_the_optimum_says() -> None:
    plan = plan_for(banned(share=0.5))
    moved = assert_worth(plan, "foreign_balance", item=0, period=0)

    [currency] = [one for one in explain(plan, "machine", 2021).reliefs if one.kind == "currency"]

    assert currency.worth == pytest.approx(moved / price_level(plan), rel=1e-5)
    assert (currency.unit, currency.cost) == ("dollar", None)


def price_level(plan: Plan) -> float:
    return float(plan.basket_valuation()[0])


def gain(problem: Problem, variable: str, step: float = 1e-3) -> float:
    """Return what a limit on machines higher by one is worth, by moving it."""
    program = problem.program
    upper = program.upper.copy()
    upper[problem.columns[variable] + 1] += step
    return (best_value(replace(program, upper=upper)) - best_value(program)) / step


def test_a_need_that_binds_says_what_it_costs() -> None:
    plan = shocked()
    years = [y for y in plan.years if plan.consumption().loc[("people", "machine"), y] < 10.2001]
    assert years
    [row] = [i for i, item in enumerate(plan.outlook.basket_items) if item.startswith("machine")]

    for year in years:
        t = plan.years.index(year)
        said = explain(plan, "machine", year)
        [(group, worth)] = said.needs
        expected = plan.worth("needs")[row, t] / plan.basket_valuation()[t]
        assert (group, worth) == ("people", pytest.approx(expected))
        assert "The need of people of it binds: lower by one piece, it would free" in said.text()
    assert explain(plan, "corn", years[0]).needs == ()


@pytest.mark.parametrize("make", [steady, shocked, three])
def test_sources_and_uses_are_the_same_whole(make: object) -> None:
    plan = make()  # type: ignore[operator]
    for product in plan.economy.products.codes:
        for year in plan.years:
            said = explain(plan, product, year)
            made = sum(one.quantity for one in said.sources)
            used = sum(one.quantity for one in said.uses)
            assert made == pytest.approx(used, rel=1e-4)
            assert sum(one.share for one in said.uses) == pytest.approx(1.0, abs=1e-4)


def test_sources_and_uses_are_those_of_the_steady_year() -> None:
    said = explain(steady(), "machine", 2021)

    uses = {one.name: one.quantity for one in said.uses}
    assert uses["investment"] == pytest.approx(11.0, abs=1e-3)
    assert uses["consumption of people"] == pytest.approx(10.0, abs=1e-3)
    corn = {one.name: one.quantity for one in explain(steady(), "corn", 2021).uses}
    assert corn["making"] == pytest.approx(2.0, abs=1e-3)
    assert "It comes from: making 18 piece (86%), imports " in said.text()


def test_stocks_routes_and_projects_are_named() -> None:
    grain = explain(three(), "grain-north", 2)
    south = explain(three(), "grain-south", 2)

    assert "route river" in {one.name for one in grain.uses}
    assert {"stocks from before the plan"} <= {one.name for one in grain.sources}
    assert {"stock built", "stock drawn"} & {one.name for one in (*grain.uses, *grain.sources)}
    assert south.source == "brought on the route river"
    assert part(south.direct, "input", "Grain in the North").quantity == pytest.approx(1.0)
    assert part(south.direct, "input", "fuel").quantity == pytest.approx(0.05)


def test_what_comes_beside_another_product_is_credited_with_it() -> None:
    straw = explain(three(), "straw", 2)
    grain = explain(three(), "grain-north", 2)

    assert straw.source.startswith("made beside other things by ")
    assert part(straw.direct, "input", "Grain in the North").quantity == pytest.approx(-3.6)
    assert part(grain.direct, "input", "straw").quantity == pytest.approx(-1 / 3.6)


def test_an_own_rule_has_its_part() -> None:
    def smog(given: Outlook, plan: Variables) -> Rows:
        return at_most(
            given.economy.techniques.emissions @ plan.activity,
            10.0,
            items=("smog",),
            dimension="emission",
        )

    rule = own_family(smog, dual="", unit="t of smog")
    plan = plan_for(outlook_of(two_branch_economy()), extra=(rule,))

    said = explain(plan, "machine", 2022)

    assert part(said.direct, "smog").quantity == pytest.approx(0.5 / 0.9)
    assert part(said.direct, "smog").value > 0
    assert "smog of smog" in said.text()
    assert any(one.kind == "smog" and one.worth > 0 for one in said.reliefs)
    assert value(said.total) == pytest.approx(said.valuation, abs=1e-6)


def test_without_a_period_all_are_shown_and_the_first_scarce_one_is_explained() -> None:
    plan = shocked()
    worth = plan.valuations().loc["machine"]
    eaten = plan.consumption().loc[("people", "machine")] / 10.0  # the basket of the builder
    scarce = [year for year in plan.years if worth[year] > 2.02 or eaten[year] < 0.99]

    said = explain(plan, "machine")

    assert said.period == scarce[0]
    assert said.scarce
    assert [one.period for one in said.years] == list(plan.years)
    for one in said.years:
        assert one.valuation == worth[one.period]
        assert one.made == pytest.approx(plan.output().loc["machine", one.period])
        assert one.imported == pytest.approx(plan.imports().loc["machine", one.period])
        assert one.filled == pytest.approx(eaten[one.period])
    lines = said.text().splitlines()
    assert lines[0] == "Machines (machine), 2021 to 2023: why not more?"
    assert lines[1].split("  ")[-1] == "what weighs most"
    assert [line.split()[0] for line in lines[2:5]] == list(plan.years)
    assert f"The reasons in {said.period}, the first period in which it is scarce" in said.text()


def test_what_is_missing_from_the_baskets_is_scarce_though_it_is_worth_little() -> None:
    # In the dry year bread is short, and so is everything else: against the basket it is cheap.
    plan = dry_year()

    said = explain(plan, "bread")

    assert said.valuation < said.price
    assert next(one for one in said.years if one.period == said.period).filled < 0.99
    assert all(one.filled >= 0.99 for one in said.years if one.period < said.period)


def test_what_is_scarce_in_no_period_says_so() -> None:
    said = explain(steady(), "corn")

    assert not said.scarce
    assert "It is scarce in no period: the baskets asked for are filled" in said.text()


def test_the_period_that_was_asked_for_stands_alone() -> None:
    said = explain(shocked(), "machine", 2022)

    assert said.years == ()
    assert said.text().startswith("Machines (machine) in 2022: why not more?\nOne more piece is")


def test_the_first_planned_period_is_said_to_be_doubtful() -> None:
    words = "the first planned period, capacity and people are as they are"

    assert words in explain(shocked(), "machine", 2021).text()
    assert words not in explain(shocked(), "machine", 2022).text()


def test_skills_are_published_together_against_what_work_added() -> None:
    fewer = LabourShock(kind="labour", skills=("*",), factor=0.9)
    plan = plan_for(outlook_of(three_workplaces(), first=2, periods=3, shocks=(fewer,)))
    wages = plan.worth("labour")[:, :-1] / plan.basket_valuation()[:-1]

    said = explain(plan, "tools", 4)

    skills = {one.name: one.quantity for one in said.total if one.kind == "labour"}
    assert said.work is not None
    mix = np.array([skills["hands"], skills["mechanics"]])
    each = mix @ wages / mix.sum()
    assert said.work.now == pytest.approx(each[plan.years.index("4")])
    assert said.work.mean == pytest.approx(each.mean())
    assert said.work.base == plan.outlook.labour_value
    assert "work of people of all skills" in said.text()
    assert "mean of the planned periods" in said.text()
    assert "hands" not in said.text()
    assert "mechanics" not in said.text()


def test_every_sentence_with_a_number_has_its_unit() -> None:
    for line in explain(shocked(), "machine", 2022).text().splitlines()[1:]:
        if any(sign.isdigit() for sign in line):
            assert "crown" in line or "piece" in line, line


def test_an_unknown_product_or_period_is_a_clear_error() -> None:
    with pytest.raises(InputError, match="did you mean 'machine'"):
        explain(steady(), "machin")
    with pytest.raises(InputError, match="period 2040 is not in the plan; give one of 2021, 2022"):
        explain(steady(), "corn", 2040)


def test_a_period_without_consumption_is_explained_by_the_basket_asked_for() -> None:
    shocks = (
        CapacityShock(kind="capacity", branches=("*",), share=0.0, start=2022, end=2022),
        QuantityShock(kind="import_limit", products=("*",), share=0.0),
        QuantityShock(kind="export_limit", products=("*",), share=0.0),
    )
    plan = make_plan(closed_economy(), scenario_of(shocks=shocks), seconds_max=60)

    said = explain(plan, "corn")

    assert [one.period for one in said.years] == list(plan.years)
    assert said.years[1].filled == pytest.approx(0.0, abs=1e-6)
    assert "forbidden by shock 2, import limit" in explain(plan, "machine", 2022).text()


def test_where_the_basket_is_worth_nothing_there_is_nothing_to_explain() -> None:
    nothing = replace(steady(), dual=np.zeros_like(steady().dual))
    dual = steady().dual.copy()
    rows = steady().problem.rows["product_balance"].rows
    dual[rows[:, 0]] = 0.0
    partly = replace(steady(), dual=dual)

    with pytest.raises(InputError, match="in no period one more unit of what people consume"):
        explain(nothing, "corn")
    with pytest.raises(InputError, match=r"in 2021 one more unit .* is worth nothing"):
        explain(partly, "corn", 2021)
    assert [one.period for one in explain(partly, "corn").years] == ["2022", "2023"]


def test_a_plan_explains_by_its_verb() -> None:
    assert steady().explain("corn", "2021") == explain(steady(), "corn", 2021)


def test_a_product_without_any_source_says_so() -> None:
    # Nobody makes or buys corn: the technique makes machines only.
    economy = two_branch_economy()
    economy = changed(economy, "techniques", output=sp.csc_array([[0.0, 0.0], [0.0, 1.0]]))
    economy = changed(economy, "techniques", use=sp.csc_array(np.zeros((2, 2))))
    economy = changed(economy, "trade", exports=np.zeros(2))
    economy = changed(economy, "accounts", transfers=0.0, reserves=50.0)
    mandate = Mandate(foreign=Mandate().foreign.model_copy(update={"reserves_floor": 0.0}))
    plan = plan_for(outlook_of(economy, periods=1, mandate=mandate))

    said = explain(plan, "corn", 2021)

    assert said.direct == said.total == ()
    assert "Nothing in the plan makes or buys it" in said.text()
    assert "It comes from: nowhere." in said.text()


def test_a_chain_that_runs_in_a_circle_is_not_resolved() -> None:
    circle = sp.csc_array([[0.0, 1.0], [1.0, 0.0]])
    one = np.array([1.0, 0.0])

    assert total_requirements(circle)(one) is None
    nearly = sp.csc_array([[0.0, 1.0], [1.0 - 1e-9, 0.0]])
    assert total_requirements(nearly)(one) is None
    assert total_requirements(sp.csc_array([[0.5]]))(np.ones(1)) == pytest.approx([2.0])
    assert total_requirements(sp.csc_array((0, 0)))(np.zeros(0)) == pytest.approx([])


def test_a_circle_in_the_chain_falls_back_to_the_direct_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = chain(steady(), 0)
    monkeypatch.setattr("counterplan.plan.chain.total_requirements", lambda _: lambda _: None)

    assert given.total(1) == given.direct(1)


def test_small_flows_are_added_up() -> None:
    flows = tuple(Flow(f"use {k}", 10.0 - k, 0.1) for k in range(9))

    assert largest(flows[:3], most=2) == flows[:3]
    assert largest(flows, most=6)[-1] == Flow("3 others", 4.0 + 3.0 + 2.0, pytest.approx(0.3))


def test_the_verdict_on_building_follows_worth_and_cost() -> None:
    base = explain(steady(), "corn", 2022)

    def said(lasting: float) -> str:
        relief = Relief(
            kind="capacity",
            name="land",
            unit="t a year",
            size=100.0,
            worth=0.5,
            gain=0.5,
            own=0.4,
            lasting=lasting,
            cost=2.0,
            start="2021",
        )
        return replace(base, reliefs=(relief,)).text()

    assert "costs 2 crown, less than it is worth." in said(2.5)
    assert "costs 2 crown, more than it is worth." in said(1.5)
    assert "costs 2 crown, as much as it is worth." in said(2.0005)


def test_an_explanation_is_data() -> None:
    said = explain(steady(), "corn", 2021)

    assert isinstance(said, Explanation)
    assert said.money == "crown"
    assert said.unit == "t"
    assert (said.valuation, said.price) == (pytest.approx(1.0, abs=1e-6), 1.0)


@pytest.mark.slow
def test_every_valuation_of_russia_under_the_shock_adds_up() -> None:
    folder = Path(counterplan.__file__).parent / "examples" / "russia-2014"
    oil = PriceShock(kind="export_price", products=("B", "C19"), factor=0.55)
    scenario = scenario_of(periods=6, first=2015, shocks=(oil,))
    plan = make_plan(read_package(folder), scenario, seconds_max=120)

    for product in plan.economy.products.codes:
        for year in ("2015", "2018"):
            said = explain(plan, product, year)
            assert value(said.direct) == pytest.approx(said.valuation, abs=1e-6)
            assert value(said.total) == pytest.approx(said.valuation, abs=1e-6)
    # Medicines have no domestic branch: they are made of the currency that buys them.
    medicine = explain(plan, "C21", 2015)
    currency = plan.currency_valuation()["2015"]
    assert part(medicine.total, "currency").value == pytest.approx(currency, rel=1e-9)
    assert medicine.source == "bought abroad"
