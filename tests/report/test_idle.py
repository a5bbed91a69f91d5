"""Capacity that stands idle: by hand, and as the page says it."""

from dataclasses import replace

import numpy as np
import pytest

from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings, find
from counterplan.report.idle import idle_of
from counterplan.report.report import render_report
from tests.report.plans import Page, number


def slowed(plan: Plan, *, farming: float) -> Plan:
    """Return a plan in which the farm runs at a share of what it ran at, in all periods."""
    primal = plan.primal.copy()
    first = plan.problem.columns["activity"]
    count = len(plan.outlook.periods)
    primal[first : first + 2 * count : 2] *= farming
    return replace(plan, primal=primal)


def test_idle_capacity_by_hand(small: dict[str, Plan]) -> None:
    # As usual all capacity runs: 100 of land, of which each unit costs a machine at 2 crowns, and
    # 20 shops of half a machine. A farm at three quarters leaves 25 units idle: 50 of 220 crowns.
    usual = idle_of(small["reference"])
    np.testing.assert_allclose(usual.share, 0.0, atol=1e-6)
    assert usual.named() == []
    idle = idle_of(slowed(small["reference"], farming=0.75))
    np.testing.assert_allclose(idle.share.loc["land"], 0.25, atol=1e-6)
    assert idle.worth.loc["land", "2021"] == pytest.approx(50.0, rel=1e-5)
    assert idle.whole["2021"] == pytest.approx(220.0, rel=1e-5)
    assert idle.share_of_all()["2021"] == pytest.approx(50 / 220, rel=1e-5)
    assert idle.total()["after"] == pytest.approx(idle.worth.loc["land", "after"])
    assert list(idle.share.columns) == ["2021", "2022", "2023", "after"]
    assert idle.named() == ["land"]
    assert idle.main("2022")[0] == "land"


def test_idleness_is_what_activity_leaves_of_capacity(russia: dict[str, Plan]) -> None:
    plan = russia["variant"]
    used = plan.economy.capital.need @ plan.quantity("activity")
    idle = idle_of(plan)
    np.testing.assert_allclose(1 - idle.share, used / plan.quantity("capacity"), atol=1e-7)
    assert (idle.share >= 0).all().all()


def test_the_page_says_what_stands_idle(small: dict[str, Plan]) -> None:
    plan = slowed(small["crisis"], farming=0.5)
    page = Page(render_report(find(plan, variants=[small["reference"]])))
    table = page.tables["Share of the usable capacity that stands idle: this plan"]
    head, *rows = table
    assert head == ["", "2021", "2022", "2023", "after 2023"]
    cells = {row[0]: row[1:] for row in rows}
    shares = 100 * idle_of(plan).share.loc["land"]
    assert [number(one) for one in cells["Farm"]] == pytest.approx(list(shares), abs=0.05)
    assert "no capacity stands idle by as much as 1%" in page.text
    assert page.text.count("Under this plan capacity worth") == 2  # in short, and where it is shown


def test_without_idle_capacity_the_opening_is_silent(findings: Findings) -> None:
    variant = findings.variants[0]
    empty = replace(findings.idle, share=findings.idle.share * 0, worth=findings.idle.worth * 0)
    still = replace(findings, idle=empty, variants=(replace(variant, idle=empty),))
    page = Page(render_report(still))
    assert "stands idle in" not in page.text
    assert page.text.count("no capacity stands idle by as much as 1%") == 2
