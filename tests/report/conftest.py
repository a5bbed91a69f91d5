"""Plans that many of the report's tests read; each is made once."""

import pytest

from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings, find
from counterplan.report.report import render_report
from tests.report.plans import Page, packaged_plan, small_plans


@pytest.fixture(scope="session")
def small() -> dict[str, Plan]:
    """A reference, a crisis and a variant in an economy of two branches."""
    return small_plans()


@pytest.fixture(scope="session")
def findings(small: dict[str, Plan]) -> Findings:
    """The findings of the small crisis."""
    return find(small["crisis"], reference=small["reference"], variants=[small["variant"]])


@pytest.fixture(scope="session")
def russia() -> dict[str, Plan]:
    """Russia over three years: without a shock, in the crisis, and with industry rebuilt."""
    names = {
        "reference": "russia-2015",
        "crisis": "crisis-2014",
        "variant": "crisis-2014-reindustrialisation",
    }
    return {key: packaged_plan(name, periods=3) for key, name in names.items()}


@pytest.fixture(scope="session")
def russian_findings(russia: dict[str, Plan]) -> Findings:
    """The findings of the Russian crisis."""
    return find(russia["crisis"], reference=russia["reference"], variants=[russia["variant"]])


@pytest.fixture(scope="session")
def russian_html(russian_findings: Findings) -> str:
    """The Russian report."""
    return render_report(russian_findings)


@pytest.fixture(scope="session")
def russian_page(russian_html: str) -> Page:
    """The Russian report, read back."""
    return Page(russian_html)
