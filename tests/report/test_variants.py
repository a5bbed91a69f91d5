"""What variants ask and change."""

import pandas as pd
import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.mandate import InvestmentGoal, Mandate, SelfRelianceGoal
from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings
from counterplan.report.standing import trend_of
from counterplan.report.variants import dependents, indicators, ratio, variant_of
from tests.plan.builders import scenario_of, two_branch_economy


def test_what_a_variant_asks_beyond_the_plan(small: dict[str, Plan]) -> None:
    variant = variant_of(small["variant"], small["crisis"])
    assert variant.branches == ("industry",)
    assert variant.products == ()
    assert variant_of(small["variant"], small["variant"]).branches == ()


def test_goals_for_all_branches_and_for_products(small: dict[str, Plan]) -> None:
    goals = (
        InvestmentGoal(kind="investment", branches=("*",), factor=0.1),
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.9),
    )
    plan = make_plan(two_branch_economy(), scenario_of(mandate=Mandate(goals=goals)))
    variant = variant_of(plan, small["reference"])
    assert variant.branches == ("agriculture", "industry")
    assert variant.products == ("machine",)


def test_indicators_of_the_observed_course_are_noughts(small: dict[str, Plan]) -> None:
    course = trend_of(small["crisis"])
    found = indicators(course, course, ())
    assert found.consumption_lowest == found.consumption_all == found.consumption_last == 0
    assert found.investment_all == found.output_last == 0
    assert found.dependence_last == pytest.approx(6 / 138)
    assert found.currency_last == 1


def test_indicators_follow_the_named_branches(russian_findings: Findings) -> None:
    found = russian_findings
    variant = found.variants[0]
    named = indicators(variant.standing, found.then, variant.branches)
    now, then = (
        one.investment().loc[list(variant.branches)].to_numpy().sum()
        for one in (variant.plan, found.reference)
        if one is not None
    )
    assert named.investment_all == pytest.approx(now / then - 1)
    assert named.investment_all > indicators(found.now, found.then, variant.branches).investment_all
    level = variant.plan.consumption_value().loc["households"]
    base = found.reference.consumption_value().loc["households"] if found.reference else level
    assert named.consumption_last == pytest.approx(level.iloc[-1] / base.iloc[-1] - 1)
    assert named.consumption_lowest == pytest.approx((level / base - 1).min())
    assert named.dependence_last == pytest.approx(
        variant.plan.imports().iloc[:, -1].sum() / variant.plan.domestic_use().iloc[:, -1].sum()
    )


def test_only_products_that_are_also_made_at_home_are_followed(russian_findings: Findings) -> None:
    codes = dependents(russian_findings.now)
    share = russian_findings.now.dependence().loc[list(codes)]
    assert len(codes) == 8
    assert ((share > 0) & (share < 1 - 1e-6)).all().all()
    bought = russian_findings.now.imports.loc[list(codes)].sum(axis=1)
    assert bought.is_monotonic_decreasing
    assert isinstance(bought, pd.Series)


def test_a_share_of_nothing_is_not_a_number() -> None:
    assert ratio(3.0, 2.0) == 0.5
    assert str(ratio(1.0, 0.0)) == "nan"
