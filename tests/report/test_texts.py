"""Every shock and every part of a mandate is told in words, with its figures."""

from typing import Any, get_args

import pytest

from counterplan.plan import mandate as asked
from counterplan.plan import shocks as given
from counterplan.plan.plan import Plan
from counterplan.report.names import names_of
from counterplan.report.texts import GOALS, SHOCKS, Teller


@pytest.fixture
def teller(small: dict[str, Plan]) -> Teller:
    """Tells of the economy of corn and machines."""
    plan = small["reference"]
    return Teller(plan, names_of(plan.economy))


def told(teller: Teller, **mandate: Any) -> list[str]:
    """Return what is told of a mandate."""
    scenario = teller.plan.scenario.model_copy(update={"mandate": asked.Mandate(**mandate)})
    plan = type("Plan", (), {"scenario": scenario, "economy": teller.plan.economy})()
    return Teller(plan, teller.names).mandate()


def test_every_kind_of_shock_and_goal_has_its_words() -> None:
    assert set(SHOCKS) == set(get_args(get_args(given.Shock)[0]))
    assert set(GOALS) == set(get_args(get_args(asked.Goal)[0]))


@pytest.mark.parametrize(
    ("shock", "words"),
    [
        (
            given.PriceShock(kind="export_price", products=("corn",), factor=0.606, start=2021),
            "The world price of exports of Corn is 0.606 times that of the base period "
            "(\u221239.4%), from 2021 on",
        ),
        (
            given.PriceShock(
                kind="import_price", products=("*",), factor=1.5, end=2022, note="a rumour"
            ),
            "The world price of imports of all products is 1.500 times that of the base period "
            "(+50.0%), until 2022 (a rumour)",
        ),
        (
            given.QuantityShock(
                kind="import_limit", products=("machine",), share=0.7, use="investment"
            ),
            "Imports for investment of Machines are at most 70% of the observed volume on its "
            "trend, in every period and after",
        ),
        (
            given.QuantityShock(
                kind="export_limit", products=("corn", "machine"), share=0, start=2022, end=2022
            ),
            "Exports of Corn and Machines are banned, in 2022",
        ),
        (
            given.DebtShock(kind="debt_service", amounts={2022: 2.0, 2021: 150.0}),
            "Debt service beyond the observed falls due: 150 dollar in 2021 and 2.00 dollar in "
            "2022",
        ),
        (
            given.CreditShock(kind="credit", factor=0, start=2022),
            "Of the observed foreign credit nothing goes on coming, from 2022 on",
        ),
        (
            given.CreditShock(kind="credit", factor=0.5),
            "Of the observed foreign credit 50% goes on coming, in every period and after",
        ),
        (
            given.CapacityShock(
                kind="capacity", branches=("industry",), share=0.85, start=2021, end=2023
            ),
            "Only 85% of the capacity of Works can be used, from 2021 to 2023",
        ),
        (
            given.OutageShock(kind="outage", producers=("farm",), share=0, start=2022),
            "Only 0% of the capacity of Farm can be used, from 2022 on",
        ),
        (
            given.LabourShock(kind="labour", skills=("worker",), factor=0.9),
            "The labour force (Workers) changes by \u221210.0%, in every period and after",
        ),
        (
            given.ReserveShock(kind="reserves", lost=3.0),
            "3.00 dollar of the reserves cannot be used any more",
        ),
    ],
)
def test_shocks(teller: Teller, shock: Any, words: str) -> None:
    assert teller.shock(shock) == words


@pytest.mark.parametrize(
    ("mandate", "words"),
    [
        ({}, None),
        ({"discount": 0.95}, "A year counts 0.95 times the one before"),
        (
            {"worst_year": 2.0},
            "The year in which people are worst off has an extra weight of 2 base baskets",
        ),
        (
            {"groups": {"people": asked.Group(weight=2.0)}},
            "The satisfaction of People weighs 2 times",
        ),
        (
            {"groups": {"people": asked.Group(growth=0.01)}},
            "The basket of People grows by 1.0% a year above the trend",
        ),
        (
            {"needs": (asked.Need(share=0.8),)},
            "A need: all households have at least 80% of the observed basket of every product on "
            "its trend",
        ),
        (
            {"needs": (asked.Need(group="people", product="corn", share=0.9),)},
            "A need: People have at least 90% of the observed basket of Corn on its trend",
        ),
        (
            {"collective_floor": 0.95},
            "Collective consumption is at least 95% of the observed on its trend",
        ),
        (
            {"satisfaction": asked.Satisfaction(sigma=0.4)},
            "The benefit of consumption falls with an elasticity of 0.4, a kink of 7.5% at the "
            "observed basket, in pieces of 3.0%",
        ),
        (
            {
                "goals": (
                    asked.InvestmentGoal(
                        kind="investment", branches=("*",), factor=3, start=2022, end=2023
                    ),
                )
            },
            "Investment in every branch is at least 3 times the observed on its trend, from 2022 "
            "to 2023",
        ),
        (
            {
                "goals": (
                    asked.SelfRelianceGoal(kind="self_reliance", product="machine", share=0.1),
                )
            },
            "At most 10% of the use of Machines is imported, in every period and after",
        ),
        (
            {"goals": (asked.EmissionGoal(kind="emission", emission="smoke", factor=0.5),)},
            "smoke is at most 0.5 times the observed, in every period and after",
        ),
        (
            {
                "quotas": (
                    asked.Quota(producer="works", item="machine", least=18.0, most=22.0, end=2022),
                )
            },
            "A quota: works makes at least 18 and at most 22 piece of Machines, until 2022",
        ),
        (
            {
                "quotas": (
                    asked.Quota(
                        producer="works",
                        line="work",
                        item="worker",
                        most=40.0,
                        start=2022,
                        end=2022,
                    ),
                )
            },
            "A quota: works employs at most 40 person of Workers, in 2022",
        ),
        (
            {"foreign": asked.ForeignRules(reserves_floor=1.0)},
            "Reserves may be drawn down to 1.00 dollar",
        ),
        (
            {"foreign": asked.ForeignRules(surplus=0.0)},
            "Of the observed net outflow abroad (2.00 dollar in the base period: income, capital "
            "and services that the trade surplus paid for), nothing goes on",
        ),
        (
            {"foreign": asked.ForeignRules(surplus=0.5)},
            "Of the observed net outflow abroad (2.00 dollar in the base period: income, capital "
            "and services that the trade surplus paid for), 50% goes on",
        ),
        (
            {"foreign": asked.ForeignRules(credit={2021: 5.0}, debt_limit=4.0)},
            "New foreign credit of at most 5.00 dollar in 2021, at 5.0% interest, with at most "
            "4.00 dollar of new debt outstanding",
        ),
        (
            {"labour": asked.LabourRules(hours={2022: 0.9})},
            "Hours per person are 0.9 times the observed from 2022 on",
        ),
        (
            {"labour": asked.LabourRules(overtime_share=0.05)},
            "Overtime of at most 5.0% of the force is allowed, at 50% above its usual cost",
        ),
        (
            {"labour": asked.LabourRules(moving_share=0.01)},
            "At most 1.0% of the labour force change branch in a year, which costs 10% of what "
            "their labour is worth",
        ),
        (
            {"rules": asked.Rules(width_growth=0.5)},
            "Moving width_growth costs other than the usual rates",
        ),
    ],
)
def test_the_mandate(teller: Teller, mandate: dict[str, Any], words: str | None) -> None:
    assert told(teller, **mandate) == ([] if words is None else [words])


def test_every_key_of_the_mandate_is_told_of_when_it_is_not_usual(teller: Teller) -> None:
    """A key added to the mandate must be told of as well."""
    changed = {
        "discount": 0.9,
        "worst_year": 1.0,
        "groups": {"people": asked.Group(weight=3.0)},
        "needs": (asked.Need(share=0.5),),
        "collective_floor": 0.5,
        "satisfaction": asked.Satisfaction(kink=0.1),
        "goals": (asked.EmissionGoal(kind="emission", emission="smoke", factor=1),),
        "quotas": (asked.Quota(producer="works", item="machine", least=1.0, end=2022),),
        "labour": asked.LabourRules(overtime_share=0.1),
        "foreign": asked.ForeignRules(surplus=0.9),
        "rules": asked.Rules(width_growth=0.1),
    }
    assert set(changed) == set(asked.Mandate.model_fields)
    for key, value in changed.items():
        assert told(teller, **{key: value}), f"nothing is told of '{key}'"


def test_long_lists_are_cut(teller: Teller) -> None:
    codes = [f"c{k}" for k in range(9)]
    said = teller.those(codes, {}, everything="all")
    assert said == "c0, c1, c2, c3, c4, c5 and 3 more"
