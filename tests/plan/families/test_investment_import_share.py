"""Import shares of investment goods: apart from other uses, with the lag and the projects."""

import numpy as np
import pytest

from counterplan.plan.mandate import Bands, Mandate, Rules
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import PriceShock, QuantityShock
from tests.plan.builders import changed, outlook_of, problem_of, value_of
from tests.plan.growing import best, best_for, growing_economy, relieved, rows_of, slope

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)


def capped(share: float, **rules: object) -> Outlook:
    """Return an outlook in which only a share of the observed investment goods comes in."""
    cap = QuantityShock(kind="import_limit", products=("machine",), share=share, use="investment")
    return outlook_of(growing_economy(), shocks=(cap,), mandate=Mandate(rules=Rules(**rules)))


def test_the_row_is_imports_less_their_share_of_what_is_built_and_the_bands() -> None:
    problem = problem_of(growing_economy(), periods=2)
    started = np.array([[10.0, 20.0, 30.0], [4.0, 6.0, 8.0]])
    bought = np.array([[0.0, 0.0, 0.0], [3.0, 4.0, 5.0]])
    up, down = np.arange(36.0).reshape(12, 3), np.arange(36.0, 72.0).reshape(12, 3) ** 1.1

    rows = rows_of(problem, "investment_import_share")
    value = value_of(
        rows.expression,
        problem,
        investment=started,
        investment_imports=bought,
        investment_imports_up=up,
        investment_imports_down=down,
    )

    goods = started[0] + 0.5 * started[1]
    shift = up[6:].sum(axis=0) - down[6:].sum(axis=0)
    np.testing.assert_allclose(value[1], bought[1] - 0.25 * goods - shift, rtol=1e-12)
    assert np.array_equal(rows.keep, [[False] * 3, [True] * 3])
    assert (rows.lower == 0).all()
    assert (rows.upper == 0).all()


def test_works_that_take_two_years_are_paid_in_halves() -> None:
    economy = changed(growing_economy(), "capital", lag=np.array([2, 1]))
    problem = problem_of(economy, periods=2)
    started = np.array([[10.0, 20.0, 30.0], [0.0, 0.0, 0.0]])

    value = value_of(
        rows_of(problem, "investment_import_share").expression, problem, investment=started
    )

    b = 0.96 * 1.02
    before = 12.0  # what was started in the base period
    late = (1 - b) * 20 + 0.96 * 30
    halves = 0.5 * (started[0] + np.array([before, 10.0, late]))
    np.testing.assert_allclose(value[1], -0.25 * halves)


def test_the_bands_are_shares_of_the_observed_imports_for_investment() -> None:
    bands = Bands(widths=(0.02, 0.05), costs=(0.1, 0.3), beyond=0.9)
    problem = problem_of(
        growing_economy(), periods=2, mandate=Mandate(rules=Rules(imports=bands, width_growth=1.0))
    )

    for name in ("investment_imports_up", "investment_imports_down"):
        block = problem.variables.blocks[name]
        wide = 3.3 * np.array([1.02, 2 * 1.02**2])
        np.testing.assert_allclose(block.upper[3:5, :2], np.outer([0.02, 0.05], wide))
        np.testing.assert_allclose(block.reward[3:, :2], np.outer([-0.2, -0.6, -1.8], np.ones(2)))


@pytest.mark.parametrize("first", [2020, 2021])
def test_the_observed_imports_need_no_band(first: int) -> None:
    problem = problem_of(growing_economy(), first=first, periods=3)
    given = problem.outlook

    value = value_of(
        rows_of(problem, "investment_import_share").expression,
        problem,
        investment=given.economy.capital.investment[:, None] * given.trend,
        investment_imports=np.array([[0.0], [3.3]]) * given.trend,
    )

    np.testing.assert_allclose(value, 0.0, atol=1e-12)


@pytest.mark.parametrize("period", [0, 1])
def test_the_dual_is_what_a_higher_habit_adds(period: int) -> None:
    problem = assemble(outlook_of(growing_economy(), shocks=(DROP,)))
    worth = best(problem).plan.worth("investment_import_share")[1, period]

    value = slope(
        lambda by: relieved(problem, "investment_import_share", item=1, period=period, by=by)
    )

    assert worth < -0.1
    assert value / problem.outlook.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_the_dual_is_the_cost_of_the_band_in_which_imports_stand() -> None:
    found = best_for(capped(0.93))
    down = found.plan.quantity("investment_imports_down").reshape(2, 6, -1)[1]
    room = found.problem.variables.blocks["investment_imports_down"].upper.reshape(2, 6, -1)[1]
    worth = found.plan.worth("investment_import_share")[1]
    costs = 2 * np.array([0.05, 0.10, 0.20, 0.35, 0.80, 0.80])

    inside = [
        (k, t)
        for k in range(6)
        for t in range(down.shape[1])
        if 1e-9 < down[k, t] < room[k, t] - 1e-9
    ]
    assert inside
    for k, t in inside:
        assert worth[t] == pytest.approx(-costs[k], rel=1e-7)


def test_a_tighter_cap_on_investment_goods_never_raises_consumption_or_value() -> None:
    found = [best_for(capped(share)) for share in (1.0, 0.9, 0.7, 0.4, 0.0)]
    values = [one.value for one in found]

    assert values == sorted(values, reverse=True)
    assert values[-1] < values[0]
    for one, share in zip(found, (1.0, 0.9, 0.7, 0.4, 0.0), strict=True):
        most = share * 3.3 * one.problem.outlook.trend
        assert (one.plan.quantity("investment_imports")[1] <= most + 1e-9).all()
