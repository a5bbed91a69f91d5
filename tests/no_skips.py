"""A pytest plugin for CI: a test that was skipped has failed.

Tests that need the larger tables or a browser skip, with a printed reason, on a machine that
lacks them. CI has them, so a skip there means that nobody checked. Load it with
``-p tests.no_skips``. Expected failures (xfail) are left alone.
"""

from collections.abc import Generator

import pytest


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why the test was skipped, as it said itself."""
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that keeps its reason."""
    if report.skipped and not hasattr(report, "wasxfail"):
        report.longrepr = f"skipped where nothing may be skipped: {reason(report)}"
        report.outcome = "failed"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail tests that skip themselves or are marked to be skipped."""
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail modules that skip themselves while they are collected."""
    report = yield
    fail_if_skipped(report)
    return report
