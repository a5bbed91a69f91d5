"""Worth of capacity, against what a plan with more of it really gains."""

from dataclasses import replace
from itertools import product as product_of
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from counterplan.economy.economy import Floats
from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.report.bottlenecks import bottlenecks_of, weighty_branches
from counterplan.report.names import names_of
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine
from tests.plan.builders import changed, outlook_of, scenario_of, two_branch_economy
from tests.report.plans import Page, number


def slopes(plan: Plan, direction: Floats) -> tuple[float, float]:
    """Return what the plan's value gains with a step along its rows' sides, and loses without."""
    program, step, values = plan.problem.program, 1e-3, []
    for way in (-step, 0.0, step):
        lower, upper = (side + way * direction for side in (program.row_lower, program.row_upper))
        moved = replace(program, row_lower=lower, row_upper=upper)
        answer = solve(moved, engine=Engine.SIMPLEX, seconds_max=60)
        values.append(float(program.reward @ answer.primal))
    return (values[2] - values[1]) / step, (values[1] - values[0]) / step


@pytest.mark.parametrize("item", [0, 1])
def test_worth_over_cost_by_solving_again(small: dict[str, Plan], item: int) -> None:
    # A unit of capacity given at the start of the second period, against what investing it in
    # the first takes from every other row. The value is concave: a step more gains no more than
    # the valuation says, and a step less costs no less.
    plan = small["crisis"]
    problem = plan.problem
    given, taken = np.zeros_like(plan.dual), np.zeros_like(plan.dual)
    given[problem.rows["capital_accumulation"].rows[item, 1]] = 1.0
    column = problem.columns["investment"] + item
    taken += problem.program.matrix.toarray()[:, column]
    for name in ("capital_accumulation", "investment_change"):
        taken[problem.rows[name].rows.ravel()] = 0.0
    assert (taken != 0).sum() == 2  # machines, and the habit of importing them
    (least, most), (cheap, dear) = (sorted(map(abs, slopes(plan, one))) for one in (given, taken))
    worth = bottlenecks_of(plan).worth.iloc[item, 1]
    assert least / dear - 1e-3 <= worth <= most / cheap + 1e-3
    assert most / cheap - least / dear < 0.3


def test_the_page_and_explain_agree(russia: dict[str, Plan], russian_page: Page) -> None:
    plan = russia["crisis"]
    found = bottlenecks_of(plan)
    capital = plan.economy.capital
    head, *rows = russian_page.tables[
        "One more unit of capacity: worth over cost, and rent over user cost"
    ]
    printed = {row[0]: row[1:] for row in rows}
    seen = set()
    for product, period in product_of(("C28", "B", "F"), ("2016", "2017")):
        for one in plan.explain(product, period).reliefs:
            if one.kind != "capacity":
                continue
            code = one.name.rpartition("(")[2].rstrip(")")
            worth = found.worth.loc[code, period]
            assert worth == pytest.approx(one.ratio, rel=1e-9)
            cell = printed[names_of(plan.economy).capital[code]][head.index(period) - 1]
            assert number(cell) == pytest.approx(one.ratio, abs=0.0051)
            seen.add((code, period, one.ratio > 1))
    assert len({code for code, _, _ in seen}) > 5
    assert {above for *_, above in seen} == {True, False}  # both signs were compared
    assert {period for _, period, _ in seen} == {"2016", "2017"}
    assert found.worth["2015"].isna().all()
    assert len(capital.codes) == len(found.order)


def test_without_a_shock_capacity_is_worth_its_cost(russia: dict[str, Plan]) -> None:
    found = bottlenecks_of(russia["reference"])
    assert list(found.counted().columns) == ["2016", "2017"]
    np.testing.assert_allclose(found.counted(), 1.0, atol=0.02)


def test_order_and_peak(russia: dict[str, Plan]) -> None:
    plan = russia["crisis"]
    found = bottlenecks_of(plan)
    peaks = [found.peak(item)[1] for item in found.order]
    assert peaks == sorted(peaks, reverse=True)
    assert found.tightest() == found.weighty[0]
    assert set(found.weighty) < set(found.order)
    period, worth = found.peak(found.order[0])
    assert found.worth.loc[found.order[0], period] == worth


def test_in_one_period_nothing_opens_that_is_begun_in_it() -> None:
    found = bottlenecks_of(make_plan(two_branch_economy(), scenario_of(periods=1)))
    assert found.counted().empty  # what is begun opens after the plan
    assert found.order == found.weighty == ()


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
