"""Stocks: losses, minimums and prices of keeping; the textbook's sailboats through the plan."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.economy import Economy
from counterplan.plan.families.stocks import drawn
from counterplan.plan.family import Family, Variables, own_family
from counterplan.plan.linear import Block, Rows, at_least
from counterplan.plan.outlook import Outlook
from counterplan.plan.shocks import CapacityShock
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

BETA = 0.96
BAD_YEAR = CapacityShock(
    kind="capacity", branches=("agriculture",), share=0.8, start=2023, end=2023
)


def granary(*, loss: float = 0.05, initial: float = 20.0, minimum: float = 0.0) -> Economy:
    """Return the two-branch economy with a granary: corn can be kept."""
    return changed(
        two_branch_economy(),
        "stocks",
        storable=np.array([True, False]),
        initial=np.array([initial, 0.0]),
        minimum=np.array([minimum, 0.0]),
        loss=np.array([loss, 0.0]),
    )


def test_what_is_drawn_is_what_was_kept_less_its_loss_less_what_is_kept() -> None:
    problem = problem_of(granary())
    kept = np.array([[10.0, 30.0, 8.0, 4.0], [0.0] * 4])

    taken = value_of(drawn(problem.outlook, problem.variables), problem, stock=kept)

    # 0.95 x 20 - 10 = 9; 0.95 x 10 - 30; 0.95 x 30 - 8; the years after: 4% of what is left at
    # the end, and 96% of their own.
    last = 0.95 * (0.04 * 8.0 + BETA * 4.0) - 4.0
    assert taken[0] == pytest.approx([9.0, -20.5, 20.5, last])
    assert taken[1] == pytest.approx(np.zeros(4))


def test_stocks_stay_above_their_minimum_which_does_not_grow() -> None:
    economy = changed(granary(minimum=6.0), "trend", growth=0.02)
    problem = problem_of(economy)

    over = left_over(problem, "stocks", stock=10.0)

    # In the tail a quantity that stays weighs (1 - b) / (1 - beta) against one on trend.
    assert over[0] == pytest.approx([4.0] * 3 + [10.0 - 6.0 * (1 - BETA * 1.02) / 0.04])
    rows = rows_of(problem, "stocks")
    assert rows.keep.tolist() == [[True] * 4, [False] * 4]
    assert np.all(np.isinf(rows.upper))


def test_only_what_can_be_stored_has_room() -> None:
    block = problem_of(granary()).variables.blocks["stock"]

    # Ten times the 100 made, none imported and 20 there.
    assert block.upper[:, 0] == pytest.approx([10 * (100.0 + 20.0), 0.0])


def test_a_plan_that_keeps_a_minimum_while_the_economy_shrinks_is_found() -> None:
    # Output falls by a fifth every year and the minimum does not: in the end it is more than ten
    # times all that is made and was there.
    economy = changed(granary(loss=0.0, initial=400.0, minimum=400.0), "trend", growth=-0.2)
    problem = problem_of(economy, periods=12)

    box = problem.variables.blocks["stock"].upper[0]

    assert 10 * (100.0 + 400.0) * 0.8**12 < 400.0
    assert (box >= 400.0 * problem.outlook.periods.constant()).all()
    assert is_possible(problem.program)


def test_corn_is_kept_for_a_bad_year_and_its_price_rises_by_loss_and_discount() -> None:
    plan = plan_for(outlook_of(granary(), mandate=FRICTIONLESS, shocks=(BAD_YEAR,)))
    kept, worth = plan.quantity("stock")[0], plan.worth("product_balance")[0]

    # Keeping earns exactly what it costs: p now = beta (1 - loss) p next year.
    assert kept[1] > 1.0
    assert worth[1] == pytest.approx(BETA * 0.95 * worth[2], rel=1e-5)
    # Nothing is kept where the price does not rise by as much.
    assert kept[2] == pytest.approx(0.0, abs=1e-5)
    assert worth[2] > BETA * 0.95 * worth[3] + 1e-3


def test_without_a_granary_the_bad_year_is_worse() -> None:
    kept = plan_for(outlook_of(granary(loss=0.01), shocks=(BAD_YEAR,)))
    empty = plan_for(
        outlook_of(
            changed(granary(loss=0.01), "stocks", storable=np.array([False, False])),
            shocks=(BAD_YEAR,),
        )
    )

    assert kept.satisfaction().iloc[0, 2] > empty.satisfaction().iloc[0, 2] + 0.01


def test_the_price_of_a_minimum_is_what_the_optimum_gains_from_a_lower_one() -> None:
    plan = plan_for(outlook_of(granary(minimum=15.0), mandate=FRICTIONLESS, shocks=(BAD_YEAR,)))

    in_bad_year = assert_worth(plan, "stocks", item=0, period=2)

    assert plan.quantity("stock")[0, 2] == pytest.approx(15.0, abs=1e-5)
    assert in_bad_year > 0.1


def test_the_reserve_of_three_workplaces_is_held() -> None:
    plan = plan_for(outlook_of(three_workplaces(), first=2, periods=2))

    assert np.all(plan.quantity("stock")[0, :2] >= 500.0 - 1e-3)


# ---- Sailco: Winston, Operations Research: Applications and Algorithms, section 3.10 -----------
# Sailboats for four quarters: 40, 60, 75 and 25; ten in store; at most 40 a quarter by regular
# labour at $400, any number by overtime at $450; $20 for each boat kept over. The published least
# cost is $78,450: 40, 40, 40 and 25 by regular labour, 0, 10, 35 and 0 by overtime.
BREAD = 17 / 3  # benefit of a filled basket at sigma 0.5: 0.3 / 0.3^2 + (1 / 0.3 - 1)


def boatyard() -> Economy:
    """Return the yard as an economy; beside it an oven feeds the people, always the same."""
    base = two_branch_economy()
    economy = changed(
        base,
        "techniques",
        codes=("regular", "overtime", "baking"),
        names=("Regular labour", "Overtime", "Baking"),
        producer=np.array([0, 0, 1]),
        use=sp.csc_array((2, 3)),
        output=sp.csc_array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        activity=np.array([40.0, 40.0, 1.0]),
        emissions=sp.csc_array((1, 3)),
    )
    economy = changed(economy, "labour", need=sp.csc_array((1, 3)))
    economy = changed(
        economy,
        "capital",
        need=sp.csc_array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
        composition=sp.csc_array((2, 2)),
        capacity=np.array([40.0, 1.0]),
        investment=np.zeros(2),
        depreciation=np.zeros(2),
    )
    nothing = np.zeros(2)
    economy = changed(
        economy, "trade", exports=nothing, imports_other=nothing, imports_investment=nothing
    )
    economy = changed(economy, "accounts", transfers=0.0)
    economy = changed(economy, "demand", consumption=np.array([[0.0], [1.0]]))
    economy = changed(
        economy, "stocks", storable=np.array([True, False]), initial=np.array([10.0, 0.0])
    )
    return replace(economy, products=replace(economy.products, prices=np.ones(2)))


def dollars(given: Outlook) -> Block:
    """Money spent in a quarter, counted in full whenever it is spent."""
    shape = (1, len(given.periods))
    return Block(
        name="dollars",
        unit="dollars",
        dimension="whole",
        items=("dollars",),
        lower=np.zeros(shape),
        upper=np.full(shape, 1e6),
        reward=-1 / given.periods.weights[None, :],
    )


def spending() -> Family:
    def spent(given: Outlook, plan: Variables) -> Rows:
        """Wages and storage."""
        wages = sp.csr_array([[400.0, 450.0, 0.0]]) @ plan.activity
        storage = sp.csr_array([[20.0, 0.0]]) @ plan.stock
        return at_least(plan.dollars, wages + storage, items=("dollars",), dimension="whole")

    return own_family(spent, dual="a dollar", unit="dollars", variables=(dollars,))


def test_sailco_is_planned_as_the_textbook_says() -> None:
    outlook = outlook_of(boatyard(), periods=4, mandate=FRICTIONLESS)
    orders = np.array([[40.0, 60.0, 75.0, 25.0, 0.0], [0.0] * 5])

    plan = plan_for(outlook.altered(other=orders), extra=(spending(),))

    assert plan.certificate.value == pytest.approx(BREAD / (1 - BETA) - 78_450, abs=1e-3)
    boats = plan.quantity("activity")[:2, :4]
    assert boats == pytest.approx(
        np.array([[40.0, 40.0, 40.0, 25.0], [0.0, 10.0, 35.0, 0.0]]), abs=1e-4
    )
    assert plan.quantity("stock")[0, :4] == pytest.approx([10.0, 0.0, 0.0, 0.0], abs=1e-4)


def test_sailco_values_a_boat_by_the_labour_that_can_still_make_one() -> None:
    # Overtime makes the last boat of the second and third quarters, regular labour that of the
    # fourth; in the first a boat saves overtime a quarter later but must be stored.
    outlook = outlook_of(boatyard(), periods=4, mandate=FRICTIONLESS)
    orders = np.array([[40.0, 60.0, 75.0, 25.0, 0.0], [0.0] * 5])

    plan = plan_for(outlook.altered(other=orders), extra=(spending(),))
    undiscounted = plan.outlook.periods.weights[:4]

    boat = plan.worth("product_balance")[0, :4] * undiscounted
    yard = plan.worth("capacity")[0, :4] * undiscounted
    assert boat == pytest.approx([430.0, 450.0, 450.0, 400.0], rel=1e-5)
    assert yard == pytest.approx([30.0, 50.0, 50.0, 0.0], abs=1e-2)
