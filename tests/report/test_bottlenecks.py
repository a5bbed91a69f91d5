"""Worth of capacity, against what a plan with more of it really gains."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.report.bottlenecks import bottlenecks_of, weighty_branches
from counterplan.solve.program import Engine
from tests.plan.builders import changed, outlook_of, scenario_of, two_branch_economy


@pytest.mark.parametrize("item", [0, 1])
def test_worth_lies_between_what_a_unit_more_adds_and_a_unit_less_takes(
    small: dict[str, Plan], item: int
) -> None:
    # The plan's value is concave in capacity. A unit more at the end of the base period is
    # 1 - depreciation of one in the first, whose weight is 1.
    plan = small["crisis"]
    step, left = 1e-3, 1 - 0.1
    values = []
    for change in (-step, 0.0, step):
        capacity = plan.economy.capital.capacity.copy()
        capacity[item] += change
        economy = changed(two_branch_economy(), "capital", capacity=capacity)
        values.append(make_plan(economy, plan.scenario, engine=Engine.SIMPLEX).certificate.value)
    price = plan.outlook.capital_price[item] * plan.basket_valuation()[0]
    more, less = ((values[high] - values[high - 1]) / step / left / price for high in (2, 1))
    worth = bottlenecks_of(plan).worth.iloc[item, 0]
    assert more - 1e-3 <= worth <= less + 1e-3
    assert less > 0.1


def test_without_a_shock_capacity_is_worth_its_cost(russia: dict[str, Plan]) -> None:
    found = bottlenecks_of(russia["reference"])
    assert found.counted().shape[1] == found.worth.shape[1] - 1
    np.testing.assert_allclose(found.counted(), 1.05, atol=0.08)


def test_order_and_peak(russia: dict[str, Plan]) -> None:
    plan = russia["crisis"]
    found = bottlenecks_of(plan)
    peaks = [found.peak(item)[1] for item in found.order]
    assert peaks == sorted(peaks, reverse=True)
    assert found.tightest() == found.weighty[0]
    assert set(found.weighty) < set(found.order)
    period, worth = found.peak(found.order[0])
    assert found.worth.loc[found.order[0], period] == worth


def test_one_period_is_counted_where_there_is_no_other() -> None:
    found = bottlenecks_of(make_plan(two_branch_economy(), scenario_of(periods=1)))
    assert list(found.counted().columns) == ["2021"]


@pytest.mark.parametrize(
    ("machines", "weighty"), [(0.4, {"agriculture"}), (0.6, {"agriculture", "industry"})]
)
def test_a_branch_of_weight_makes_a_hundredth_of_the_output(
    machines: float, weighty: set[str]
) -> None:
    # 100 crowns of corn, and machines at 2 crowns: 0.8 or 1.2 crowns.
    economy = changed(two_branch_economy(), "techniques", activity=np.array([100.0, machines]))
    plan: Any = SimpleNamespace(economy=economy, outlook=outlook_of(economy))
    assert weighty_branches(plan) == weighty
