"""Comparisons: differences worked out by hand, and what two real optima say of each other."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from counterplan.errors import InputError
from counterplan.plan.compare import compare, give_up, in_words, moved_valuations
from counterplan.plan.comparison import Comparison, account_lines, reason_lines, signed
from counterplan.plan.family import Variables, own_family
from counterplan.plan.linear import Rows, at_most
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import Mandate, Need
from counterplan.plan.outlook import Outlook
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import CapacityShock, PriceShock
from tests.plan.builders import changed, scenario_of, two_branch_economy

HALF = PriceShock(kind="export_price", products=("corn",), factor=0.5)


def made(*, economy: Any = None, **scenario: Any) -> Plan:
    plan = make_plan(economy or two_branch_economy(), scenario_of(**scenario), seconds_max=60)
    assert plan.certificate.holds
    return plan


@cache
def calm() -> Plan:
    return made()


@cache
def shocked() -> Plan:
    return made(shocks=(HALF,))


@cache
def both() -> Comparison:
    return compare(shocked(), calm())


def with_quantities(plan: Plan, **factors: float) -> Plan:
    """Return a plan with some of its quantities multiplied: what is compared is then known."""
    primal = plan.primal.copy()
    for name, factor in factors.items():
        first = plan.problem.columns[name]
        primal[first : first + plan.problem.variables.blocks[name].size] *= factor
    return replace(plan, primal=primal)


def test_differences_are_this_less_other_product_by_product() -> None:
    other = calm()
    plan = with_quantities(other, activity=1.1, exports=0.5)

    said = compare(plan, other)

    assert said.products["output"].to_numpy() == pytest.approx(0.1 * other.output().to_numpy())
    assert said.relative["output"].to_numpy() == pytest.approx(np.full((2, 3), 0.1))
    assert said.products["exports"].loc["corn"].to_numpy() == pytest.approx(
        -0.5 * other.exports().loc["corn"].to_numpy()
    )
    assert np.isnan(said.relative["exports"].loc["machine"]).all()
    assert said.foreign_account.loc["exports"].to_numpy() == pytest.approx(
        -0.5 * other.foreign_account().loc["exports"].to_numpy()
    )
    assert (said.products["imports"] == 0).all(axis=None)
    assert list(said.products) == ["output", "consumption", "imports", "exports", "valuation"]


def test_the_headline_holds_both_plans_and_their_difference() -> None:
    table = both().headline

    for row in shocked().summary().index:
        here, there = shocked().summary().loc[row], calm().summary().loc[row]
        assert (table.loc[(row, "this")] == here).all()
        assert (table.loc[(row, "other")] == there).all()
        assert table.loc[(row, "difference")].to_numpy() == pytest.approx((here - there).to_numpy())
    assert table.loc[("valuation of foreign currency", "difference")].min() > 0


def test_consumption_is_that_of_households() -> None:
    economy = two_branch_economy()
    economy = changed(
        economy,
        "demand",
        consumption=np.array([[60.0], [10.0]]),
        collective=np.array([10.0, 0.0]),
    )
    other = made(economy=economy)
    plan = with_quantities(other, consumption=0.9)

    said = compare(plan, other)

    households = other.consumption().loc[("people", "corn")].to_numpy()
    assert said.products["consumption"].loc["corn"].to_numpy() == pytest.approx(-0.1 * households)
    assert set(said.given_up["use"]) == {"consumption", "collective consumption"}


def test_investment_differs_by_branch() -> None:
    plan = with_quantities(calm(), investment=2.0)

    said = compare(plan, calm())

    assert said.investment.to_numpy() == pytest.approx(calm().investment().to_numpy())
    assert list(said.investment.index) == ["agriculture", "industry"]


def test_what_is_given_up_first_comes_first_and_the_deepest_before() -> None:
    reference = calm()
    plan = with_quantities(reference, consumption=0.95, exports=0.8)
    # Investment stays in the first year, and falls by a tenth after it.
    block = reference.problem.variables.blocks["investment"]
    first = reference.problem.columns["investment"]
    primal = plan.primal.copy()
    primal[first + 2 : first + block.size] *= 0.9
    plan = replace(plan, primal=primal)

    table = give_up(plan, reference)

    rows = list(zip(table["use"], table["name"], table["first"], strict=True))
    assert rows[0] == ("exports", "corn", "2021")
    assert set(rows[1:3]) == {
        ("consumption", "corn", "2021"),
        ("consumption", "Machines (machine)", "2021"),
    }
    assert rows[3:] == [
        ("investment", "Farm (agriculture)", "2022"),
        ("investment", "Works (industry)", "2022"),
    ]
    assert table["share"].to_numpy() == pytest.approx([0.2, 0.05, 0.05, 0.1, 0.1])
    corn = float(reference.exports().loc["corn"].sum())
    assert table["lost"][0] == pytest.approx(0.2 * corn)


def test_small_falls_and_small_uses_are_not_given_up() -> None:
    economy = two_branch_economy()
    economy = changed(
        economy, "demand", consumption=np.array([[69.99], [10.0]]), collective=np.array([0.01, 0])
    )
    reference = made(economy=economy)

    assert give_up(with_quantities(reference, consumption=0.995), reference).empty
    table = give_up(with_quantities(reference, consumption=0.9), reference)
    assert "collective consumption" not in set(table["use"])
    assert len(table) == 2


def test_a_fall_of_the_export_price_is_seen_in_the_currency() -> None:
    reasons = both().reasons

    [currency] = [row for _, row in reasons.iterrows() if row["family"] == "foreign_balance"]
    assert (currency["item"], currency["unit"]) == ("foreign currency", "dollar")
    difference = (shocked().currency_valuation() - calm().currency_valuation()).abs()
    year = currency["period"]
    assert year in set(difference.nlargest(2).index)
    assert currency["this"] == pytest.approx(shocked().currency_valuation()[year])
    assert currency["other"] == pytest.approx(calm().currency_valuation()[year])
    assert currency["this"] > currency["other"]
    assert reasons["moved"].is_monotonic_decreasing


def test_the_stake_is_what_passes_through_a_row() -> None:
    moves = moved_valuations(shocked(), calm(), list(calm().years))

    land = moves[(moves["family"] == "capacity") & (moves["item"] == "land")]
    used = calm().activity().loc["farming"], shocked().activity().loc["farming"]
    most = np.maximum(used[0].to_numpy(), used[1].to_numpy())
    assert land["stake"].to_numpy() == pytest.approx(most, rel=0.02)
    assert land["moved"].to_numpy() == pytest.approx(
        (land["this"] - land["other"]).abs().to_numpy() * land["stake"].to_numpy()
    )


def test_families_add_up_every_move() -> None:
    said = both()
    moves = moved_valuations(shocked(), calm(), list(calm().years))

    assert said.families.to_numpy().sum() == pytest.approx(moves["moved"].sum())
    assert said.families.sum(axis=1).is_monotonic_decreasing


def test_skills_are_taken_together() -> None:
    reasons = both().reasons

    labour = reasons[reasons["family"] == "labour"]
    assert list(labour["item"]) == ["all skills"]
    assert list(labour["unit"]) == ["person"]


def test_a_demand_of_one_plan_only_is_worth_nothing_in_the_other() -> None:
    needy = made(mandate=Mandate(needs=(Need(product="machine", share=1.05),)))

    said = compare(needy, calm())

    need = said.reasons[said.reasons["family"] == "needs"].iloc[0]
    assert need["item"] == "Machines (machine) for people"
    assert need["this"] > 0
    assert need["other"] == 0
    assert "mandate, needs: group *, product machine, share 1.05 instead of none" in said.asked


def test_an_own_rule_is_a_reason_though_the_other_plan_does_not_know_it() -> None:
    def smog(given: Outlook, plan: Variables) -> Rows:
        smoke = given.economy.techniques.emissions @ plan.activity
        return at_most(smoke, 10.0, items=("smog",), dimension="emission")

    rule = own_family(smog, dual="", unit="t of smog")
    ruled = make_plan(two_branch_economy(), scenario_of(), extra=[rule], seconds_max=60)

    said = compare(ruled, calm())

    assert "smog" in set(said.reasons["family"])
    assert "- relaxing smog by one t of smog in " in said.text()
    assert "smog" not in set(compare(calm(), ruled).reasons["family"])


def test_a_plan_does_not_differ_from_itself() -> None:
    said = compare(calm(), calm())

    assert all((table == 0).all(axis=None) for table in said.products.values())
    assert said.given_up.empty
    assert said.reasons.empty
    assert said.asked == ()
    assert "Nothing that matters is given up." in said.text()
    assert "No valuation of anything scarce or asked for moved." in said.text()


def test_what_is_asked_differently_is_said() -> None:
    gone = CapacityShock(kind="capacity", branches=("industry",), share=0.5, note="fire")
    other = made(shocks=(gone,), economy=replace(two_branch_economy(), name="other"))

    asked = compare(other, shocked()).asked

    assert asked == (
        "the economy is other instead of two-branch",
        "with capacity (note fire, branches industry, share 0.5)",
        "without export price (products corn, factor 0.5)",
    )
    assert in_words({}) == "none"
    assert in_words(()) == "none"


def test_only_plans_of_the_same_periods_are_compared() -> None:
    economy = two_branch_economy()
    later = made(economy=replace(economy, base_period=2030), first=2031)
    for other, span in ((made(periods=4), "2021 to 2024"), (later, "2031 to 2033")):
        with pytest.raises(InputError, match=f"'test' covers {span}, and the plan") as caught:
            compare(calm(), other)
        assert "'horizon: {first: 2021, periods: 3}'" in caught.value.mend


def test_plans_that_have_nothing_in_common_are_refused() -> None:
    economy = two_branch_economy()
    renamed = made(economy=changed(economy, "products", codes=("maize", "engine")))
    with pytest.raises(InputError, match="no product in common"):
        compare(renamed, calm())

    weighed = made(economy=changed(economy, "products", units=("kg", "piece")))
    with pytest.raises(InputError, match="'corn' is measured in kg in one plan and in t"):
        compare(weighed, calm())


def test_tables_have_titles_with_units() -> None:
    tables = both().tables()

    assert next(iter(tables)) == "headline"
    assert all(isinstance(table, pd.DataFrame) for table in tables.values())
    assert "output, difference [product units]" in tables
    assert "valuation, difference [crown per product unit]" in tables
    assert "foreign account, difference [dollar]" in tables
    assert "given up [crown]" in tables
    assert len(tables) == 1 + 5 + 4 + 5


def test_the_text_says_levels_losses_and_reasons() -> None:
    lines = both().text().splitlines()

    assert lines[0] == "Test, against Test, 2021 to 2023"
    assert lines[1] == "Asked differently: with export price (products corn, factor 0.5)."
    consumption = both().headline.loc[("household consumption (trend = 1)", "this")]
    assert lines[2].startswith(
        f"Household consumption (trend = 1): {consumption['2021']:.3f} in 2021 ("
    )
    assert any(
        line.startswith("Foreign account, all periods together: exports earn ")
        and " dollar less" in line
        for line in lines
    )
    assert any(line.startswith("Given up from 2021 on: ") for line in lines)
    assert any(line.startswith("Made less of in 2023: ") for line in lines)
    assert any(line.startswith("- one more dollar of foreign currency in 20") for line in lines)


def test_what_is_made_good_later_is_said() -> None:
    reference = calm()
    block = reference.problem.variables.blocks["exports"]
    first = reference.problem.columns["exports"]
    primal = reference.primal.copy()
    primal[first : first + 2] *= 0.5
    primal[first + 2 : first + block.size] *= 2.0

    text = compare(replace(reference, primal=primal), reference).text()

    assert "Given up from 2021 on: exports of corn (-50%, made good later)." in text


def test_long_lists_are_cut() -> None:
    rows = [
        {"use": "exports", "name": f"p{k}", "first": "2021", "share": 0.5, "lost": 3.0}
        for k in range(9)
    ]
    text = replace(both(), given_up=pd.DataFrame(rows)).text()

    assert "exports of p5 (-50%, 3 crown in all periods); and 3 more." in text


def test_what_an_engine_leaves_of_nought_is_nought() -> None:
    row = {
        "family": "capacity",
        "item": "land",
        "unit": "capacity units",
        "period": "2021",
        "this": 1e-9,
        "other": 0.4,
        "moved": 1.0,
    }
    said = replace(both(), reasons=pd.DataFrame([row]))

    assert reason_lines(said)[1] == (
        "- one more unit of land in 2021 is worth 0 crown, in the other plan 0.4 crown"
    )
    assert signed(-1e-9) == "0.000"
    assert signed(-0.0126) == "-0.013"
    assert account_lines(replace(said, foreign_account=said.foreign_account * 0)) == []


def test_a_plan_compares_by_its_verb() -> None:
    assert shocked().compare(calm()).text() == both().text()
