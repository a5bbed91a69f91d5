"""Export change: the observed volume, the bands around it, limits, and what the habit is worth."""

import numpy as np
import pytest

from counterplan.plan.mandate import Bands, Mandate, Rules
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import PriceShock, QuantityShock
from tests.plan.builders import changed, outlook_of, problem_of, value_of
from tests.plan.growing import (
    best,
    best_for,
    growing_economy,
    relieved,
    rows_of,
    shifted,
    slope,
)

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.8)
COSTS = np.array([0.05, 0.15, 0.35, 0.80, 1.6])


def test_the_row_is_exports_less_the_observed_on_trend_and_the_bands() -> None:
    problem = problem_of(growing_economy(), periods=2)
    sold = np.array([[21.0, 22.0, 23.0], [1.0, 2.0, 3.0]])
    up, down = np.arange(30.0).reshape(10, 3), np.arange(30.0, 60.0).reshape(10, 3) ** 1.1

    rows = rows_of(problem, "export_change")
    value = value_of(rows.expression, problem, exports=sold, exports_up=up, exports_down=down)

    shift = up[:5].sum(axis=0) - down[:5].sum(axis=0)
    observed = 20 * np.array([1.02, 1.02**2, 1.02**3])
    np.testing.assert_allclose(value[0], sold[0] - observed - shift, rtol=1e-12)
    assert np.array_equal(rows.keep, [[True] * 3, [False] * 3])
    assert (rows.lower == 0).all()
    assert (rows.upper == 0).all()


def test_what_was_never_exported_is_not() -> None:
    block = problem_of(growing_economy()).variables.blocks["exports"]

    assert (block.upper[1] == 0).all()
    assert (block.upper[0] >= 20).all()


def test_the_world_takes_no_more_than_its_limit_and_a_ban_is_a_limit_of_zero() -> None:
    limited = changed(growing_economy(), "trade", export_limit=np.array([20.5, np.inf]))
    closed = QuantityShock(kind="export_limit", products=("corn",), share=0.0, start=2022, end=2022)

    free = problem_of(limited).variables.blocks["exports"].upper
    banned = problem_of(limited, shocks=(closed,)).variables.blocks["exports"].upper

    np.testing.assert_allclose(free[0], 20.5 * 1.02 ** np.arange(1, 5))
    np.testing.assert_allclose(banned[0, [0, 2, 3]], free[0, [0, 2, 3]])
    assert banned[0, 1] == 0


def test_the_bands_are_shares_of_the_observed_volume_and_its_price() -> None:
    bands = Bands(widths=(0.02, 0.05), costs=(0.1, 0.3), beyond=0.9)
    problem = problem_of(
        growing_economy(), periods=2, mandate=Mandate(rules=Rules(exports=bands, width_growth=1.0))
    )

    for name in ("exports_up", "exports_down"):
        block = problem.variables.blocks[name]
        wide = 20 * np.array([1.02, 2 * 1.02**2])
        np.testing.assert_allclose(block.upper[:2, :2], np.outer([0.02, 0.05], wide))
        np.testing.assert_allclose(block.reward[:3, :2], np.outer([-0.1, -0.3, -0.9], np.ones(2)))
        assert (block.upper[2] >= 20 * problem.outlook.trend).all()


def test_the_dual_is_the_cost_of_the_band_in_which_exports_stand() -> None:
    found = best_for(outlook_of(growing_economy(), periods=4, shocks=(DROP,)))
    worth = found.plan.worth("export_change")[0]

    seen = 0
    for name, sign in (("exports_up", 1.0), ("exports_down", -1.0)):
        filled = found.plan.quantity(name).reshape(2, 5, -1)[0]
        room = found.problem.variables.blocks[name].upper.reshape(2, 5, -1)[0]
        for k, t in np.argwhere((filled > 1e-9) & (filled < room - 1e-9)):
            assert worth[t] == pytest.approx(sign * COSTS[k], rel=1e-7)
            seen += 1
    assert seen >= 2


@pytest.mark.parametrize("period", [0, 2])
def test_the_dual_is_what_a_higher_habit_adds(period: int) -> None:
    problem = assemble(outlook_of(growing_economy(), shocks=(DROP,)))
    worth = best(problem).plan.worth("export_change")[0, period]

    value = slope(lambda by: relieved(problem, "export_change", item=0, period=period, by=by))

    assert abs(worth) > 0.01
    assert value / problem.outlook.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_a_limit_on_exports_costs_the_price_abroad_less_the_product_and_the_band() -> None:
    """A unit sold earns its dollars, takes a unit of the product, and moves along the bands."""
    market = QuantityShock(kind="export_limit", products=("corn",), share=0.87)
    given = outlook_of(growing_economy(), shocks=(market,))
    plan = best_for(given).plan

    value = slope(lambda by: assemble(shifted(given, "export_limit", place=(0, 0), by=by)))

    np.testing.assert_allclose(plan.exports().loc["corn"], 17.4 * given.trend[:3])
    earned = 0.5 * plan.worth("foreign_balance")[0, 0]
    given_up = plan.worth("product_balance")[0, 0] + plan.worth("export_change")[0, 0]
    assert value > 0.01
    assert value == pytest.approx(earned - given_up, rel=1e-5)


def test_a_tighter_market_never_helps() -> None:
    values = []
    for share in (1.0, 0.9, 0.7, 0.5):
        market = QuantityShock(kind="export_limit", products=("corn",), share=share)
        values.append(best_for(outlook_of(growing_economy(), shocks=(market,))).value)

    assert values == sorted(values, reverse=True)
