"""People add up."""

from dataclasses import replace

import numpy as np
import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.mandate import LabourRules, Mandate
from counterplan.plan.plan import Plan
from counterplan.report.people import ABLE, IDLE, MOVING, OVERTIME, WORKING, people_of
from tests.plan.builders import changed, scenario_of, two_branch_economy


def test_who_can_work_does_or_is_without_work(russia: dict[str, Plan]) -> None:
    people = people_of(russia["crisis"])
    assert people.unit == "thousand persons"
    table = people.table
    np.testing.assert_allclose(table.loc[ABLE], table.loc[WORKING] + table.loc[IDLE], rtol=1e-6)
    np.testing.assert_allclose(table.loc[ABLE], 68_015, rtol=1e-4)  # Penn World Table 9.1
    np.testing.assert_allclose(table.loc[WORKING], russia["crisis"].employment().sum())
    np.testing.assert_allclose(table.loc[MOVING], people.movers.sum())
    assert OVERTIME not in table.index


def test_overtime_is_shown_where_it_is_worked() -> None:
    mandate = Mandate(labour=LabourRules(overtime_share=0.1, overtime_cost=0.0))
    short = changed(two_branch_economy(), "labour", force=np.array([130.0]))
    table = people_of(make_plan(short, scenario_of(mandate=mandate))).table
    assert (table.loc[OVERTIME] > 1).all()
    np.testing.assert_allclose(
        table.loc[WORKING] + table.loc[IDLE], table.loc[ABLE] + table.loc[OVERTIME], rtol=1e-6
    )


def test_units() -> None:
    economy = two_branch_economy()
    assert people_of(make_plan(economy, scenario_of(periods=1))).unit == "people"
    odd = replace(economy, labour=replace(economy.labour, units=("shift\x00",)))
    assert people_of(make_plan(odd, scenario_of(periods=1))).unit == "shift\ufffd"


def test_skills_in_several_units_are_skill_units() -> None:
    from counterplan.economy.package import read_package
    from counterplan.examples import packaged_economy, packaged_scenario
    from counterplan.plan.scenario import read_scenario

    economy = read_package(packaged_economy("three-workplaces"))
    mixed = replace(economy, labour=replace(economy.labour, units=("person", "hour")))
    plan = make_plan(mixed, read_scenario(packaged_scenario("three-workplaces-canal")))
    assert people_of(plan).unit == "skill units"


@pytest.mark.parametrize("name", ["reference", "variant"])
def test_nobody_moves_without_a_reason(russia: dict[str, Plan], name: str) -> None:
    moved = people_of(russia[name]).table.loc[MOVING].sum()
    assert (moved < 1.0) == (name == "reference")
