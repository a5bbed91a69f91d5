"""Needs: the floors by hand, and what a lower one is worth."""

import numpy as np
import pytest

from counterplan.economy.economy import Economy
from counterplan.plan.families.consumption import basket_consumption, consumed, floors
from counterplan.plan.mandate import Group, Mandate, Need
from counterplan.plan.shocks import LabourShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy, value_of
from tests.plan.relief import (
    PIECES,
    assert_worth,
    basket_filled,
    is_possible,
    left_over,
    plan_for,
    rows_of,
)

FEWER_PEOPLE = LabourShock(kind="labour", skills=("worker",), factor=0.9)


def two_groups() -> Economy:
    """Return the two-branch economy with town and village, and schools that use machines.

    Corn: 40 in the village, 30 in the town. Machines: 2, 5, and 3 for the schools.
    """
    return changed(
        two_branch_economy(),
        "demand",
        groups=("village", "town"),
        group_names=("Village", "Town"),
        consumption=np.array([[40.0, 30.0], [2.0, 5.0]]),
        collective=np.array([0.0, 3.0]),
    )


def of_entries(outlook_floors: np.ndarray, items: tuple[str, ...]) -> dict[str, float]:
    """Return the first period's floor under each basket entry."""
    return dict(zip(items, outlook_floors[:, 0].tolist(), strict=True))


def test_needs_are_shares_of_the_basket_and_the_highest_of_several_holds() -> None:
    needs = (
        Need(share=0.5),
        Need(group="town", share=0.8),
        Need(product="machine", share=0.6),
        Need(group="collective", product="machine", share=1.2),
    )
    economy = changed(two_groups(), "trend", growth=0.02)
    outlook = outlook_of(economy, mandate=Mandate(needs=needs, collective_floor=0.9))

    floor = of_entries(floors(outlook) / 1.02, outlook.basket_items)

    assert floor == pytest.approx(
        {
            "corn for village": 0.5 * 40,
            "corn for town": 0.8 * 30,
            "machine for village": 0.6 * 2,
            "machine for town": 0.8 * 5,
            "machine for collective": 1.2 * 3,
        }
    )


def test_a_need_grows_with_the_basket_that_the_mandate_wants() -> None:
    mandate = Mandate(needs=(Need(group="town", share=0.5),), groups={"town": Group(growth=0.01)})
    outlook = outlook_of(changed(two_groups(), "trend", growth=0.02), mandate=mandate)
    town = outlook.basket_items.index("corn for town")

    assert floors(outlook)[town, :3] == pytest.approx(
        0.5 * 30.0 * (1.02 * 1.01) ** np.array([1.0, 2.0, 3.0])
    )


def test_households_needs_do_not_bind_collective_consumption() -> None:
    mandate = Mandate(needs=(Need(share=2.0),), collective_floor=0.0)
    outlook = outlook_of(two_groups(), mandate=mandate)

    assert floors(outlook)[outlook.basket_items.index("machine for collective"), 0] == 0.0


def test_what_is_consumed_above_a_need_is_the_sum_of_its_pieces() -> None:
    mandate = Mandate(needs=(Need(group="town", share=0.8),), collective_floor=0.0)
    problem = problem_of(two_groups(), mandate=mandate)
    items = problem.outlook.basket_items
    town = items.index("corn for town")
    pieces = np.zeros((len(items) * PIECES, 4))
    pieces[town * PIECES : town * PIECES + 4] = [[9.0], [6.0], [3.0], [3.5]]

    above = left_over(problem, "needs", consumption=pieces)

    assert above[town] == pytest.approx([21.5 - 24.0] * 4)
    rows = rows_of(problem, "needs")
    assert [items[c] for c in np.flatnonzero(rows.keep[:, 0])] == [
        "corn for town",
        "machine for town",
    ]
    assert np.all(np.isinf(rows.upper))


def test_groups_add_up_to_the_consumption_of_a_product() -> None:
    problem = problem_of(two_groups())
    half = basket_filled(problem.outlook, level=0.5)

    eaten = value_of(consumed(problem.outlook, problem.variables), problem, consumption=half)
    baskets = value_of(
        basket_consumption(problem.outlook, problem.variables), problem, consumption=half
    )

    assert eaten == pytest.approx(np.array([[35.0] * 4, [5.0] * 4]))
    assert baskets == pytest.approx(0.5 * problem.outlook.baskets)


def test_a_need_is_kept_and_its_price_is_what_the_optimum_gains_from_a_lower_one() -> None:
    mandate = Mandate(needs=(Need(product="machine", share=1.1),))
    plan = plan_for(outlook_of(two_branch_economy(), mandate=mandate, shocks=(FEWER_PEOPLE,)))
    machine = plan.outlook.basket_items.index("machine for people")

    assert plan.basket()[machine] == pytest.approx([11.0] * 4, rel=1e-6)
    assert assert_worth(plan, "needs", item=machine, period=1, step=1e-3) > 0.1


def test_the_price_of_a_need_is_its_products_worth_less_the_benefit_that_is_left() -> None:
    # Between 1.09 and 1.12 of a basket the marginal benefit is the mean of 0.925 / s^2 there, and
    # a machine has the base price 2: what it is worth elsewhere, less that, is the need's price.
    mandate = Mandate(needs=(Need(product="machine", share=1.1),))
    plan = plan_for(outlook_of(two_branch_economy(), mandate=mandate, shocks=(FEWER_PEOPLE,)))
    machine = plan.outlook.basket_items.index("machine for people")

    benefit = 2.0 * 0.925 * (1 / 1.09 - 1 / 1.12) / 0.03
    # A machine more for people also raises habitual imports: 1 imported of 2 + 10 used.
    worth = plan.worth("product_balance")[1] - plan.worth("import_share")[1] / 12.0

    assert plan.worth("needs")[machine] == pytest.approx(worth - benefit, rel=1e-5)


def test_needs_beyond_all_means_make_the_plan_impossible() -> None:
    greedy = problem_of(two_branch_economy(), mandate=Mandate(needs=(Need(share=1.5),)))
    modest = problem_of(two_branch_economy(), mandate=Mandate(needs=(Need(share=0.9),)))

    assert is_possible(modest.program)
    assert not is_possible(greedy.program)
