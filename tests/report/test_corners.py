"""Trade at zero and at the far edge of its bands, found by hand."""

from dataclasses import replace

import numpy as np

from counterplan.plan.plan import Plan
from counterplan.report.corners import Corner, at_far_edge, corners_of
from counterplan.report.findings import Findings
from counterplan.report.report import render_report
from tests.report.plans import Page


def with_values(plan: Plan, variable: str, values: np.ndarray) -> Plan:
    """Return a plan with other values of one variable [items x P]."""
    primal = plan.primal.copy()
    first = plan.problem.columns[variable]
    primal[first : first + values.size] = values.T.ravel()
    return replace(plan, primal=primal)


def test_nothing_is_at_a_corner_as_usual(small: dict[str, Plan]) -> None:
    plan = small["reference"]
    still = with_values(plan, "exports_up", 0 * plan.quantity("exports_up"))
    for name in ("exports_down", "imports_up", "imports_down"):
        still = with_values(still, name, 0 * plan.quantity(name))
    for name in ("investment_imports_up", "investment_imports_down"):
        still = with_values(still, name, 0 * plan.quantity(name))
    assert corners_of(still) == ()


def test_exports_that_are_gone_and_bands_that_are_full(small: dict[str, Plan]) -> None:
    plan = small["reference"]
    sold = plan.quantity("exports")
    sold[0, 1] = 0.0  # corn in 2022
    gone = with_values(plan, "exports", sold)
    first = corners_of(gone)[0]
    assert first == Corner("Exports: nothing is left", (("corn", "2022"),), 3)
    # 8 tonnes, bands of 2, 3, 5 and 8 hundredths: 1.44 tonnes are all of them in 2021.
    bands = 0 * plan.quantity("exports_up")
    bands[:4, 0] = 8 * np.array([0.02, 0.03, 0.05, 0.08])
    full = with_values(plan, "exports_up", bands)
    assert at_far_edge(full, "exports_up").tolist() == [[True] + [False] * 3, [False] * 4]
    bands[3, 0] *= 0.99
    assert not at_far_edge(with_values(plan, "exports_up", bands), "exports_up").any()


def test_the_page_names_and_counts_them(russian_page: Page, russia: dict[str, Plan]) -> None:
    head, *rows = russian_page.tables["Trade at the end of what the rules allow"]
    assert head[0] == ""
    cells = {row[0]: row[1:] for row in rows}
    plan = russia["crisis"]
    bought = plan.quantity("imports")[:, :3]
    base = plan.economy.trade.imports_other
    usual = base[:, None] * plan.outlook.trend[:3]
    none = int((bought[base > 0] <= 1e-6 * usual[base > 0]).sum())
    key = "Imports for uses other than investment: nothing is left"
    assert cells[key][0] == f"{none} of {3 * int((base > 0).sum())}"
    assert none > 0


def test_no_corner_is_said_so(findings: Findings) -> None:
    plan = findings.plan
    still = plan
    for name in ("exports", "imports", "investment_imports"):
        for way in ("up", "down"):
            key = f"{name}_{way}"
            still = with_values(still, key, 0 * plan.quantity(key))
    page = Page(render_report(replace(findings, plan=still)))
    assert "No trade is at zero or at the end of the steps" in page.text
