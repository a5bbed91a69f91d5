"""Import shares: the observed share, the bands around it, bans, and what the habit is worth."""

import numpy as np
import pytest

from counterplan.plan.families.import_share import observed_shares
from counterplan.plan.mandate import Bands, Mandate, Rules
from counterplan.plan.outlook import Outlook
from counterplan.plan.periods import TAIL_PERIODS
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import PriceShock, QuantityShock
from tests.plan.builders import changed, outlook_of, problem_of, value_of
from tests.plan.growing import best, best_for, growing_economy, relieved, rows_of, slope

SHARE = 2 / 13.1  # of 2 used up, 9 consumed by households, 1.1 collectively, 1 put into store
DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)


def storing_economy() -> object:
    """Return the growing economy with a machine put into store: other final use above zero."""
    return changed(growing_economy(), "demand", other=np.array([-1.0, 1.0]))


def under_a_shock(*, periods: int = 3, **rules: object) -> Outlook:
    """Return an outlook in which imports must shrink."""
    mandate = Mandate(rules=Rules(**rules))
    return outlook_of(growing_economy(), periods=periods, shocks=(DROP,), mandate=mandate)


def pieces(problem: object, value: np.ndarray) -> np.ndarray:
    """Return the consumption block with all of each basket entry [c x P] in its first piece."""
    count = problem.variables.blocks["consumption"].lower.shape[0] // len(value)
    spread = np.zeros((len(value), count, value.shape[1]))
    spread[:, 0] = value
    return spread.reshape(-1, value.shape[1])


def test_shares_are_of_what_is_used_and_what_leaves_the_stores_is_no_use() -> None:
    given = outlook_of(storing_economy())

    other, goods = observed_shares(given)

    np.testing.assert_allclose(other, [0.0, SHARE])
    np.testing.assert_allclose(goods, [0.0, 0.25])


def test_the_row_is_imports_less_their_share_and_the_bands() -> None:
    problem = problem_of(storing_economy(), periods=2)
    given = problem.outlook
    x = np.array([[100.0, 90.0, 95.0], [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]])
    # corn for town, country, collective; then machines for the same.
    eaten = np.arange(18.0).reshape(6, 3) + 1
    bought = np.array([[0.0, 0.0, 0.0], [3.0, 4.0, 5.0]])
    up, down = np.arange(36.0).reshape(12, 3), np.arange(36.0, 72.0).reshape(12, 3) ** 1.1

    rows = rows_of(problem, "import_share")
    value = value_of(
        rows.expression,
        problem,
        activity=x,
        consumption=pieces(problem, eaten),
        imports=bought,
        imports_up=up,
        imports_down=down,
    )

    stored = 1.0 * given.trend
    use = 0.1 * x[1] + 0.1 * x[2] + eaten[3:].sum(axis=0) + stored
    shift = up[6:].sum(axis=0) - down[6:].sum(axis=0)
    assert [given.basket_items[c][:7] for c in range(6)] == ["corn fo"] * 3 + ["machine"] * 3
    np.testing.assert_allclose(value[1], bought[1] - SHARE * use - shift, rtol=1e-12)
    assert np.array_equal(rows.keep, [[False] * 3, [True] * 3])
    assert (rows.lower == 0).all()
    assert (rows.upper == 0).all()


def test_what_leaves_the_stores_is_no_use_in_the_row_either() -> None:
    emptying = changed(growing_economy(), "demand", other=np.array([-1.0, -0.5]))
    problem = problem_of(emptying, periods=2)

    value = value_of(rows_of(problem, "import_share").expression, problem, imports=1.0)

    np.testing.assert_allclose(value[1], 1.0)  # nothing runs, nobody eats: no use at all
    assert observed_shares(problem.outlook)[0][1] == pytest.approx(2 / 12.1)


def test_the_bands_widen_with_the_years_and_the_years_after_count() -> None:
    bands = Bands(widths=(0.02, 0.05), costs=(0.1, 0.3), beyond=0.9)
    problem = problem_of(
        growing_economy(), periods=2, mandate=Mandate(rules=Rules(imports=bands, width_growth=0.5))
    )

    block = problem.variables.blocks["imports_up"]

    b = 0.96 * 1.02
    years = np.arange(3, 3 + TAIL_PERIODS)
    later = (b ** (years - 3) * np.sqrt(years)).sum() / (b ** (years - 3)).sum()
    wide = 2 * np.array([1.02, 1.02**2, 1.02**3]) * np.array([1.0, np.sqrt(2), later])
    np.testing.assert_allclose(block.upper[3:5], np.outer([0.02, 0.05], wide), rtol=1e-9)
    np.testing.assert_allclose(block.reward[3:], np.outer([-0.2, -0.6, -1.8], np.ones(3)))
    assert (block.upper[5] >= 2 * problem.outlook.trend).all()
    assert (block.upper[:3] == 0).all()


def test_a_plan_that_starts_in_the_observed_period_has_the_room_of_one_year() -> None:
    rules = Rules(imports=Bands(widths=(0.02, 0.05), costs=(0.1, 0.3), beyond=0.9))
    outlook = outlook_of(
        growing_economy(), first=2020, periods=2, mandate=Mandate(rules=rules), shocks=(DROP,)
    )

    found = best_for(outlook).plan
    block = found.problem.variables.blocks["imports_down"]

    # Zero years after the base period is as wide as one: 2% and 5% of 2 machines.
    np.testing.assert_allclose(block.upper[3:5, 0], [0.04, 0.1])
    np.testing.assert_allclose(block.upper[3:5, 1], [0.0408, 0.102])
    # The cheap bands are used before the dear one.
    assert found.quantity("imports_down")[3, 0] == pytest.approx(0.04)


def test_every_band_down_costs_as_much_as_up() -> None:
    blocks = assemble(under_a_shock()).variables.blocks

    np.testing.assert_array_equal(blocks["imports_up"].upper, blocks["imports_down"].upper)
    np.testing.assert_array_equal(blocks["imports_up"].reward, blocks["imports_down"].reward)


def test_the_observed_imports_need_no_band() -> None:
    problem = problem_of(storing_economy(), first=2020, periods=3)
    given = problem.outlook
    trade = given.economy.trade.imports_other[:, None] * given.trend
    x = np.array([100.0, 16.0, 4.0])[:, None] * given.trend

    value = value_of(
        rows_of(problem, "import_share").expression,
        problem,
        activity=x,
        imports=trade,
        consumption=pieces(problem, given.baskets),
    )

    np.testing.assert_allclose(value, 0.0, atol=1e-12)


def test_the_dual_is_the_cost_of_the_band_in_which_imports_stand() -> None:
    found = best_for(under_a_shock(periods=5))
    given, plan = found.problem.outlook, found.plan
    down = plan.quantity("imports_down").reshape(2, 6, -1)[1]
    room = found.problem.variables.blocks["imports_down"].upper.reshape(2, 6, -1)[1]
    costs = 2 * np.array([0.05, 0.10, 0.20, 0.35, 0.80, 0.80])
    worth = plan.worth("import_share")[1]

    seen = 0
    for t in range(len(given.periods)):
        inside = np.flatnonzero((down[:, t] > 1e-9) & (down[:, t] < room[:, t] - 1e-9))
        for k in inside:
            assert worth[t] == pytest.approx(-costs[k], rel=1e-7)
            seen += 1
    assert seen >= 2


@pytest.mark.parametrize("period", [0, 1])
def test_the_dual_is_what_a_higher_habit_adds(period: int) -> None:
    problem = assemble(under_a_shock())
    worth = best(problem).plan.worth("import_share")[1, period]

    value = slope(lambda by: relieved(problem, "import_share", item=1, period=period, by=by))

    assert worth < -0.1
    assert value / problem.outlook.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_a_ban_holds_for_its_dates_and_its_use() -> None:
    ban = QuantityShock(
        kind="import_limit", products=("machine",), share=0.0, use="other", start=2022, end=2022
    )
    plan = best_for(outlook_of(growing_economy(), shocks=(ban,))).plan

    assert plan.quantity("imports")[1, 1] == 0
    assert plan.quantity("imports")[1, [0, 2]].min() > 1.0
    assert plan.quantity("investment_imports")[1].min() > 1.0


def test_leaving_the_share_costs_something() -> None:
    free = Bands(widths=(0.5,), costs=(0.0,), beyond=0.0)
    costly, costless = best_for(under_a_shock()), best_for(under_a_shock(imports=free))

    assert costless.value > costly.value + 1.0


def test_bands_fill_in_their_order() -> None:
    found = best_for(under_a_shock())
    filled = found.plan.quantity("imports_down").reshape(2, 6, -1)[1]
    room = found.problem.variables.blocks["imports_down"].upper.reshape(2, 6, -1)[1]

    for t in range(filled.shape[1]):
        last = int(np.flatnonzero(filled[:, t] > 1e-9)[-1])
        np.testing.assert_allclose(filled[:last, t], room[:last, t])
