"""Dates against the periods of a plan: what is refused, and what is used and told of."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from counterplan.economy.economy import Projects
from counterplan.errors import InputError
from counterplan.plan.dates import called, date_notes
from counterplan.plan.mandate import (
    EmissionGoal,
    ForeignRules,
    Goal,
    InvestmentGoal,
    LabourRules,
    Mandate,
    SelfRelianceGoal,
)
from counterplan.plan.overlay import lay_out
from counterplan.plan.shocks import (
    CapacityShock,
    CreditShock,
    DebtShock,
    LabourShock,
    PriceShock,
    QuantityShock,
    Shock,
)
from tests.plan.builders import scenario_of, two_branch_economy

# The builders' plans cover 2021 to 2023.
Dates = dict[str, int]


def every_shock(dates: Dates) -> list[Shock]:
    """Return one shock of each kind that has a start and an end."""
    return [
        PriceShock(kind="export_price", products=("corn",), factor=0.9, **dates),
        PriceShock(kind="import_price", products=("machine",), factor=1.1, **dates),
        QuantityShock(kind="export_limit", products=("corn",), share=0.9, **dates),
        QuantityShock(kind="import_limit", products=("machine",), share=0.9, **dates),
        CreditShock(kind="credit", factor=0.5, **dates),
        CapacityShock(kind="capacity", branches=("industry",), share=0.9, **dates),
        LabourShock(kind="labour", skills=("worker",), factor=0.9, **dates),
    ]


def every_goal(dates: Dates) -> list[Goal]:
    """Return one goal of each kind."""
    return [
        InvestmentGoal(kind="investment", branches=("industry",), factor=1.0, **dates),
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.9, **dates),
        EmissionGoal(kind="emission", emission="smoke", factor=1.0, **dates),
    ]


def refusal(*, shocks: tuple[Any, ...] = (), mandate: Mandate | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        lay_out(two_branch_economy(), scenario_of(mandate=mandate or Mandate(), shocks=shocks))
    return caught.value


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize(
    ("dates", "thing", "mend"),
    [
        ({"start": 2024}, "starts in 2024, after the plan ends (it covers 2021 to 2023)", "plan 4"),
        ({"start": 2105, "end": 2106}, "starts in 2105, after the plan ends", "plan 85 periods"),
        (
            {"end": 2020},
            "ends in 2020, before the plan starts in 2021 (it covers",
            "move its dates",
        ),
        ({"start": 2023, "end": 2022}, "ends in 2022, before it starts in 2023", "exchange"),
    ],
)
def test_a_shock_of_which_a_plan_shows_nothing_is_refused(
    number: int, dates: Dates, thing: str, mend: str
) -> None:
    shock = every_shock(dates)[number]
    error = refusal(shocks=(shock,))

    assert error.thing.startswith(f"{shock.kind}")
    assert thing in error.thing
    assert mend in error.mend
    assert error.place == "shocks.0"


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("dates", [{"start": 2024}, {"end": 2020}])
def test_a_goal_of_which_a_plan_shows_nothing_is_refused(number: int, dates: Dates) -> None:
    error = refusal(mandate=Mandate(goals=(every_goal(dates)[number],)))

    assert "the plan" in error.thing
    assert error.place == "mandate.goals.0"


@pytest.mark.parametrize("dates", [{"start": 2023}, {"end": 2021}, {"start": 2021, "end": 2050}])
def test_what_reaches_into_the_plan_is_laid_out(dates: Dates) -> None:
    shocks = tuple(every_shock(dates))

    assert lay_out(two_branch_economy(), scenario_of(shocks=shocks)).periods.first == 2021


@pytest.mark.parametrize("period", [2020, 2024])
def test_amounts_wholly_outside_the_plan_are_refused(period: int) -> None:
    debt = refusal(shocks=(DebtShock(kind="debt_service", amounts={period: 1.0}),))
    credit = refusal(mandate=Mandate(foreign=ForeignRules(credit={period: 1.0}, debt_limit=9.0)))
    hours = refusal(mandate=Mandate(labour=LabourRules(hours={period: 0.9})))

    for error, what in ((debt, "debt_service"), (credit, "credit"), (hours, "hours")):
        assert error.thing == f"{what} of period {period} is outside the plan"
        assert error.mend == "the plan covers 2021 to 2023"
    assert debt.place == "shocks.0.amounts"
    assert credit.place == "mandate.foreign.credit"


def test_a_debt_that_goes_on_after_the_plan_is_told_of() -> None:
    debt = DebtShock(kind="debt_service", amounts={2022: 1.0, 2024: 2.0, 2025: 1.0})
    scenario = scenario_of(shocks=(debt,))

    (note,) = date_notes(two_branch_economy(), scenario)

    assert note.startswith("debt_service of 2024, 2025 is after the plan's last period 2023")
    assert lay_out(two_branch_economy(), scenario).debt_service[-1] > 0


def test_a_shock_that_began_before_the_plan_is_told_of() -> None:
    shock = CapacityShock(kind="capacity", branches=("industry",), share=0.9, start=2014)

    (note,) = date_notes(two_branch_economy(), scenario_of(shocks=(shock,)))

    assert note == (
        "capacity of industry starts in 2014: the plan sees it from 2021, its first period"
    )


def test_a_project_that_opens_after_the_plan_is_told_of() -> None:
    projects = Projects(
        codes=("dam", "hall"),
        names=("Dam", "Hall"),
        cost=((), ()),
        capital=np.array([0, 1]),
        capacity=np.array([12.0, 5.0]),
        lag=np.array([3, 2]),
    )
    economy = replace(two_branch_economy(), projects=projects)

    (note,) = date_notes(economy, scenario_of())

    assert note.startswith("project 'dam' opens 3 periods after it is begun, and 3 are planned")


def test_without_anything_to_tell_nothing_is_told() -> None:
    debt = DebtShock(kind="debt_service", amounts={2022: 1.0})

    assert date_notes(two_branch_economy(), scenario_of(shocks=(debt,))) == ()


def test_long_lists_are_cut_short_in_a_message() -> None:
    shock = PriceShock(kind="export_price", products=("a", "b", "c", "d"), factor=1)

    assert called(shock) == "export_price of a, b, c ..."
