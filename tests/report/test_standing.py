"""What plans hold, against sums by hand and the plan's own verbs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from counterplan.errors import InputError
from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings
from counterplan.report.standing import check_comparable, standing_of, trend_of
from tests.plan.builders import changed, scenario_of, two_branch_economy


def test_the_observed_course_by_hand(small: dict[str, Plan]) -> None:
    # Prices 1 and 2: 70 corn and 10 machines are 90 crowns of consumption, 100 corn and 20
    # machines 140 of output, 10 and 1 machines 22 of investment, 3 machines 6 of imports, 8 corn 8
    # of exports. Corn used: 20 + 2 + 70; machines: 2 + 11 + 10.
    course = trend_of(small["crisis"])
    expected = {
        "household consumption": 90.0,
        "collective consumption": 0.0,
        "investment": 22.0,
        "output": 140.0,
        "imports": 6.0,
        "exports": 8.0,
    }
    totals = course.totals()
    for name, value in expected.items():
        np.testing.assert_allclose(totals.loc[name], value, err_msg=name)
    np.testing.assert_allclose(course.use["2021"], [92.0, 2 * 23.0])
    np.testing.assert_allclose(course.dependence()["2021"], [0.0, 3 / 23])
    np.testing.assert_allclose(course.dependence_of_all(), 6 / 138)
    np.testing.assert_allclose(course.people.sum(), 140.0)


def test_the_observed_course_grows_on_the_trend() -> None:
    economy = replace(
        two_branch_economy(), trend=replace(two_branch_economy().trend, growth=0.02, labour=0.005)
    )
    course = trend_of(make_plan(economy, scenario_of(periods=2)))
    np.testing.assert_allclose(course.totals().loc["output"], [140 * 1.02, 140 * 1.02**2])
    np.testing.assert_allclose(course.people.sum(), [140 * 1.005, 140 * 1.005**2])


def test_a_plan_without_a_shock_holds_the_observed_course(russia: dict[str, Plan]) -> None:
    plan = russia["reference"]
    now, course = standing_of(plan, title="now"), trend_of(plan)
    for name in ("consumption", "output", "investment", "people", "imports", "exports", "use"):
        pd.testing.assert_frame_equal(
            getattr(now, name), getattr(course, name), rtol=1e-3, atol=5.0, check_names=False
        )


def test_totals_are_those_of_the_plan(russia: dict[str, Plan]) -> None:
    plan = russia["crisis"]
    totals = standing_of(plan, title="now").totals()
    money = plan.consumption_value()
    np.testing.assert_allclose(totals.loc["household consumption"], money.loc["households"])
    np.testing.assert_allclose(totals.loc["collective consumption"], money.loc["collective"])
    np.testing.assert_allclose(totals.loc["investment"], plan.investment().sum())
    np.testing.assert_allclose(totals.loc["imports"], plan.imports().sum())  # prices are 1


def test_dependence_is_the_plans_own(russian_findings: Findings) -> None:
    plan = russian_findings.plan
    pd.testing.assert_frame_equal(russian_findings.now.dependence(), plan.import_dependence())


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        (scenario_of(periods=2), "covers 2021 to 2022, and the plan 2021 to 2023"),
        (None, "is of another economy: other products"),
    ],
)
def test_only_plans_of_one_economy_and_horizon_are_compared(
    small: dict[str, Plan], other: object, complaint: str
) -> None:
    economy = two_branch_economy()
    if other is None:
        economy, other = changed(economy, "products", codes=("maize", "machine")), scenario_of()
    with pytest.raises(InputError, match=complaint) as caught:
        check_comparable(small["crisis"], make_plan(economy, other), role="the reference")  # type: ignore[arg-type]
    assert caught.value.mend
