"""The years after the horizon: their weight, how far they are off, and what the page says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings
from counterplan.report.report import render_report
from counterplan.report.standing import standing_of
from counterplan.report.tail import tail_of
from tests.plan.builders import scenario_of, two_branch_economy
from tests.report.plans import Page, number


def test_the_weight_of_the_tail_by_hand(russia: dict[str, Plan]) -> None:
    # On the steady path every year counts beta (1 + g) times the one before, and the years after
    # all of b^3 / (1 - b) against (1 - b^3) / (1 - b): b^3 of the whole.
    plan = russia["reference"]
    tail = tail_of(plan, standing_of(plan, title=""))
    assert tail.share == pytest.approx(plan.outlook.periods.b**3, abs=1e-3)
    assert tail.far().empty
    np.testing.assert_allclose(tail.drift, 0.0, atol=5e-3)


def test_the_parts_of_the_objective_are_the_certificates_value(small: dict[str, Plan]) -> None:
    plan = small["crisis"]
    gained = plan.problem.program.reward * plan.primal
    by_period = sum(plan.problem.value(name, gained).sum(axis=0) for name in plan.problem.columns)
    tail = tail_of(plan, standing_of(plan, title=""))
    assert float(np.sum(by_period)) == pytest.approx(plan.certificate.value)
    assert tail.share == pytest.approx(float(np.asarray(by_period)[-1]) / plan.certificate.value)


def test_satisfaction_in_the_tail(small: dict[str, Plan]) -> None:
    plan = small["crisis"]
    tail = tail_of(plan, standing_of(plan, title=""))
    had = (np.array([1.0, 2.0]) * plan.basket()[:, -1]).sum()
    assert tail.satisfaction["people"] == pytest.approx(had / 90)


def test_the_column_stands_beside_the_years(russian_page: Page, russia: dict[str, Plan]) -> None:
    head, *rows = russian_page.tables["Totals at base prices against the plan without the shock"]
    assert head == ["", "2015", "2016", "2017", "all, billion USD", "after 2017"]
    cells = {row[0]: row[1:] for row in rows}
    shocked, calm = russia["crisis"], russia["reference"]
    invested = [
        plan.outlook.capital_price @ plan.quantity("investment")[:, -1] for plan in (shocked, calm)
    ]
    assert number(cells["Investment"][4]) == pytest.approx(
        100 * (invested[0] / invested[1] - 1), abs=0.051
    )
    assert "% of everything the mandate counts" in russian_page.text
    assert russian_page.tables["Satisfaction by group"][0][4] == "after 2017"


def test_a_far_tail_is_warned_of(findings: Findings) -> None:
    drift = pd.Series({"household consumption": 0.0, "output": 0.02, "investment": -0.08})
    far = replace(findings, after=replace(findings.after, drift=drift))
    page = Page(render_report(far))
    said = "Mind the years after 2023: investment is 8.0% below the level of 2023"
    assert page.text.count(said) == 2  # in short, and under the totals
    drift = pd.Series({"exports": 0.09, "imports": 0.01})
    other = replace(findings, after=replace(findings.after, drift=drift))
    assert "exports are 9.0% above the level of 2023" in Page(render_report(other)).text
    near = replace(
        findings, later=(), after=replace(findings.after, drift=0 * drift, share=float("nan"))
    )
    page = Page(render_report(near))
    assert "Mind the years" not in page.text
    assert "Consumption, investment, output and trade are there within 5%" in page.text


def test_one_period_has_a_tail_too() -> None:
    plan = make_plan(two_branch_economy(), scenario_of(periods=1))
    assert 0 < tail_of(plan, standing_of(plan, title="")).share < 1
