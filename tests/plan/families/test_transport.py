"""Regions: what carrying brings, takes and is worth, on the river of the packaged example."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.economy import Economy, Routes
from counterplan.plan.families.transport import carried, shipment
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy, value_of
from tests.plan.relief import (
    FRICTIONLESS,
    assert_worth,
    is_possible,
    left_over,
    plan_for,
    rows_of,
    three_workplaces,
)

NORTH, SOUTH, FUEL = 0, 1, 5


def river(*, limit: float) -> Economy:
    """Return the example with another limit on the river; without it 2,200 t are carried."""
    return changed(three_workplaces(), "routes", limit=np.array([limit]))


def test_a_tonne_carried_leaves_the_north_reaches_the_south_and_burns_fuel() -> None:
    problem = problem_of(three_workplaces(), first=2, periods=2)

    moved = value_of(carried(problem.outlook, problem.variables), problem, shipment=100.0)

    expected = np.zeros((7, 3))
    expected[NORTH], expected[SOUTH], expected[FUEL] = -100.0, 100.0, -5.0
    assert moved == pytest.approx(expected)


def test_a_route_carries_no_more_than_its_limit_on_trend() -> None:
    economy = changed(river(limit=2000.0), "trend", growth=0.02)
    problem = problem_of(economy, first=2, periods=2)

    room = left_over(problem, "transport", shipment=1990.0)

    assert room[0] == pytest.approx(2000.0 * 1.02 ** np.array([1.0, 2.0, 3.0]) - 1990.0)
    assert np.all(np.isinf(rows_of(problem, "transport").upper))


def test_a_route_without_a_limit_has_no_row() -> None:
    problem = problem_of(river(limit=np.inf), first=2, periods=2)

    assert np.all(problem.rows["transport"].rows == -1)


def test_two_routes_can_share_a_region() -> None:
    # Grain goes south by the river and back north by road, which burns twice as much.
    base = three_workplaces()
    need = np.zeros((7, 2))
    need[FUEL] = 0.05, 0.1
    routes = Routes(
        codes=("river", "road"),
        origin=np.array([NORTH, SOUTH]),
        destination=np.array([SOUTH, NORTH]),
        need=sp.csc_array(need),
        limit=np.array([3000.0, np.inf]),
    )
    problem = problem_of(replace(base, routes=routes), first=2, periods=1)

    moved = value_of(
        carried(problem.outlook, problem.variables), problem, shipment=[[100.0], [30.0]]
    )

    assert moved[[NORTH, SOUTH, FUEL], 0] == pytest.approx([-70.0, 70.0, -8.0])


def test_more_is_never_carried_than_ten_times_what_the_north_has() -> None:
    # 4,000 t grown and 500 t in store.
    block = shipment(outlook_of(three_workplaces(), first=2, periods=1))

    assert block.upper[0, 0] == pytest.approx(45_000.0)
    assert np.all(block.lower == 0)


def test_what_only_passes_through_a_region_can_be_carried_on() -> None:
    # The South grows no grain; from there it goes on to a third place, listed before the river.
    routes = Routes(
        codes=("on", "river"),
        origin=np.array([SOUTH, NORTH]),
        destination=np.array([2, SOUTH]),
        need=sp.csc_array((7, 2)),
        limit=np.full(2, np.inf),
    )
    outlook = outlook_of(replace(three_workplaces(), routes=routes), first=2, periods=1)

    assert shipment(outlook).upper[:, 0] == pytest.approx([45_000.0, 45_000.0])


def chain() -> Economy:
    """Return the two-branch economy with corn carried over three regions, which grow none.

    Half of the corn is eaten in the last of them. The routes are listed against their order.
    """
    base = two_branch_economy()
    nothing = np.zeros(3)
    add = {"techniques": ("use", "output"), "capital": ("composition",)}
    economy = replace(
        base,
        products=replace(
            base.products,
            codes=("corn", "machine", "corn-1", "corn-2", "corn-3"),
            names=("Corn", "Machines", "Corn 1", "Corn 2", "Corn 3"),
            units=("t", "piece", "t", "t", "t"),
            regions=("",) * 5,
            prices=np.array([1.0, 2.0, 1.0, 1.0, 1.0]),
        ),
        routes=Routes(
            codes=("third", "second", "first"),
            origin=np.array([3, 2, 0]),
            destination=np.array([4, 3, 2]),
            need=sp.csc_array((5, 3)),
            limit=np.full(3, np.inf),
        ),
    )
    for part, names in add.items():
        held = getattr(base, part)
        wide = {k: sp.csc_array(sp.vstack([getattr(held, k), sp.csc_array((3, 2))])) for k in names}
        economy = changed(economy, part, **wide)
    for part, names in {
        "stocks": ("initial", "minimum", "loss"),
        "demand": ("collective", "other"),
        "trade": ("exports", "imports_other", "imports_investment", "export_limit"),
    }.items():
        held = getattr(base, part)
        economy = changed(economy, part, **{k: np.append(getattr(held, k), nothing) for k in names})
    one = np.ones(5)
    economy = changed(economy, "trade", export_price=one, import_price=one)
    economy = changed(economy, "stocks", storable=np.zeros(5, dtype=bool))
    eaten = np.array([[35.0], [10.0], [0.0], [0.0], [35.0]])
    return changed(economy, "demand", consumption=eaten)


def test_a_plan_that_carries_over_three_regions_in_a_row_is_found() -> None:
    problem = problem_of(chain(), periods=2)
    lower = problem.program.lower.copy()
    lower[problem.columns["shipment"] : problem.columns["shipment"] + 9] = 30.0

    assert problem.variables.blocks["shipment"].upper == pytest.approx(np.full((3, 3), 1000.0))
    assert is_possible(replace(problem.program, lower=lower))


def test_room_on_the_river_is_worth_what_grain_gains_on_the_way() -> None:
    plan = plan_for(outlook_of(river(limit=1900.0), first=2, periods=3, mandate=FRICTIONLESS))
    worth = plan.worth("product_balance")

    gained = worth[SOUTH] - worth[NORTH] - 0.05 * worth[FUEL]

    assert plan.quantity("shipment")[0] == pytest.approx([1900.0] * 4, rel=1e-6)
    assert np.all(gained > 1.0)
    assert plan.worth("transport")[0] == pytest.approx(gained, rel=1e-5)


def test_a_river_that_is_wide_enough_earns_nothing() -> None:
    plan = plan_for(outlook_of(river(limit=1e5), first=2, periods=3, mandate=FRICTIONLESS))
    worth = plan.worth("product_balance")

    assert np.all(plan.quantity("shipment")[0, :3] > 1000.0)
    assert plan.worth("transport")[0] == pytest.approx(np.zeros(4), abs=1e-3)
    assert worth[SOUTH] == pytest.approx(worth[NORTH] + 0.05 * worth[FUEL], rel=1e-5)


def test_the_worth_of_room_is_what_the_optimum_gains_from_it() -> None:
    plan = plan_for(outlook_of(river(limit=1900.0), first=2, periods=3))

    assert assert_worth(plan, "transport", item=0, period=1, step=0.1) > 1.0
