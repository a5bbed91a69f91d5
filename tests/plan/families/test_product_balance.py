"""The product balance: the observed year by hand, every term's sign, and prices that add up."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.economy import Economy, Techniques
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import CapacityShock, LabourShock
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy, value_of
from tests.plan.relief import (
    FRICTIONLESS,
    assert_worth,
    basket_filled,
    best_value,
    is_possible,
    left_over,
    plan_for,
    rows_of,
    three_workplaces,
)

FEWER_PEOPLE = LabourShock(kind="labour", skills=("worker",), factor=0.95)


def joint_economy(*, straw_wanted: float) -> Economy:
    """Return corn and machines with straw: farming makes half a unit of it beside the corn.

    A second way to farm needs no corn but more people and makes no straw. Both need land.
    """
    base = two_branch_economy()
    n = 3
    economy = replace(
        base,
        products=replace(
            base.products,
            codes=("corn", "machine", "straw"),
            names=("Corn", "Machines", "Straw"),
            units=("t", "piece", "t"),
            regions=("",) * n,
            prices=np.array([1.0, 2.0, 0.1]),
        ),
        techniques=Techniques(
            codes=("farming", "making", "gardening"),
            names=("Farming", "Making", "Gardening"),
            producer=np.array([0, 1, 0]),
            use=sp.csc_array([[0.2, 0.1, 0.0], [0.0, 0.1, 0.0], [0.0, 0.0, 0.0]]),
            output=sp.csc_array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.5, 0.0, 0.0]]),
            activity=np.array([90.0, 20.0, 10.0]),
            emission_codes=(),
            emission_units=(),
            emissions=sp.csc_array((0, 3)),
        ),
        labour=replace(base.labour, need=sp.csc_array([[1.0, 2.0, 1.6]]), force=np.array([146.0])),
        capital=replace(
            base.capital,
            need=sp.csc_array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]),
            composition=sp.csc_array([[0.0, 0.0], [1.0, 0.5], [0.0, 0.0]]),
        ),
        demand=replace(
            base.demand,
            consumption=np.array([[72.0], [10.0], [straw_wanted]]),
            collective=np.zeros(n),
            other=np.zeros(n),
        ),
    )
    zeros = np.zeros(n)
    economy = changed(
        economy,
        "stocks",
        storable=np.zeros(n, dtype=bool),
        initial=zeros,
        minimum=zeros,
        loss=zeros,
    )
    economy = changed(
        economy,
        "trade",
        exports=np.array([8.0, 0.0, 0.0]),
        imports_other=np.array([0.0, 1.0, 0.0]),
        imports_investment=np.array([0.0, 2.0, 0.0]),
        export_price=np.array([1.0, 2.0, 0.1]),
        import_price=np.array([1.0, 2.0, 0.1]),
        export_limit=np.full(n, np.inf),
    )
    return changed(economy, "routes", need=sp.csc_array((n, 0)))


def test_the_observed_year_of_three_workplaces_leaves_nothing_over() -> None:
    # The quantities of the example's page, which a reader adds up with pencil and paper.
    economy = three_workplaces()
    problem = problem_of(economy, first=2, periods=2)

    gap = left_over(
        problem,
        "product_balance",
        activity=np.array([[1000.0], [1000.0], [1000.0], [100.0]]),
        imports=np.array([[0.0], [0.0], [0.0], [0.0], [0.0], [700.0], [200.0]]),
        investment_imports=np.array([[0.0], [0.0], [0.0], [0.0], [10.0], [0.0], [0.0]]),
        stock=np.array([[500.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0]]),
        shipment=2200.0,
        investment=np.array([[100.0], [100.0], [100.0], [10.0]]),
        exports=np.array([[1000.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0]]),
        consumption=basket_filled(problem.outlook),
    )

    assert gap == pytest.approx(np.zeros((7, 3)), abs=1e-9)


# What one unit more, from the first planned year on, adds to corn and to machines in that year.
SIGNS = {
    "activity": [[0.8, -0.1], [0.0, 0.9]],
    "imports": [[1.0, 0.0], [0.0, 1.0]],
    "investment_imports": [[1.0, 0.0], [0.0, 1.0]],
    "exports": [[-1.0, 0.0], [0.0, -1.0]],
    "stock": [[-1.0, 0.0], [0.0, -1.0]],
    "investment": [[0.0, 0.0], [-1.0, -0.25]],  # the shop is paid half a year at a time
}


@pytest.mark.parametrize("name", sorted(SIGNS))
def test_every_term_enters_on_its_side(name: str) -> None:
    problem = problem_of(changed(two_branch_economy(), "capital", lag=np.array([1, 2])))
    shape = problem.variables.blocks[name].lower.shape
    nothing = left_over(problem, "product_balance")

    for item in range(shape[0]):
        one = np.zeros(shape)
        one[item] = 1.0
        more = left_over(problem, "product_balance", **{name: one}) - nothing
        assert more[:, 0] == pytest.approx(np.array(SIGNS[name])[:, item])


def test_consumption_and_other_final_use_are_taken_out() -> None:
    economy = changed(two_branch_economy(), "demand", other=np.array([3.0, -2.0]))
    problem = problem_of(changed(economy, "trend", growth=0.02))
    outlook = problem.outlook

    nothing = left_over(problem, "product_balance")
    eaten = nothing - left_over(
        problem, "product_balance", consumption=basket_filled(outlook, level=0.5)
    )

    # On their trend of 2%; a negative one adds to what there is.
    assert nothing[:, 1] == pytest.approx([-3.0 * 1.02**2, 2.0 * 1.02**2])
    assert eaten[:, 0] == pytest.approx([35.0 * 1.02, 5.0 * 1.02])


def test_more_than_needed_is_allowed_and_less_is_not() -> None:
    rows = rows_of(problem_of(two_branch_economy()), "product_balance")

    assert np.all(rows.lower == 0)
    assert np.all(np.isinf(rows.upper))
    assert rows.keep is None


def test_joint_products_are_made_together() -> None:
    problem = problem_of(joint_economy(straw_wanted=40.0), periods=1)

    made = left_over(problem, "product_balance", activity=[[10.0], [0.0], [4.0]])
    nothing = left_over(problem, "product_balance")

    assert (made - nothing)[:, 0] == pytest.approx([0.8 * 10 + 4.0, 0.0, 5.0])


def test_a_joint_product_that_nobody_wants_more_of_is_worth_nothing() -> None:
    # Ninety units of farming make 45 t of straw; the basket stops at 3.5 times its 1 t.
    plan = plan_for(outlook_of(joint_economy(straw_wanted=1.0), mandate=FRICTIONLESS))
    wanted = plan_for(outlook_of(joint_economy(straw_wanted=45.0), mandate=FRICTIONLESS))

    assert plan.worth("product_balance")[2] == pytest.approx(np.zeros(4), abs=1e-5)
    assert np.all(wanted.worth("product_balance")[2] > 0.05)


def test_what_a_technique_makes_is_worth_what_it_takes() -> None:
    # Inputs, people and the rent of land, at the plan's own valuations; joint products together.
    plan = plan_for(
        outlook_of(joint_economy(straw_wanted=45.0), mandate=FRICTIONLESS, shocks=(FEWER_PEOPLE,))
    )
    economy = plan.economy

    earned = economy.net_output.T @ plan.worth("product_balance")
    paid = economy.capital.need.T @ plan.worth("capacity")
    paid = paid + economy.labour.need.T @ plan.worth("labour")
    runs = plan.quantity("activity") > 1e-3

    assert runs[:2].all()
    assert earned[runs] == pytest.approx(paid[runs], rel=1e-5)
    assert np.all(earned <= paid + 1e-5)


def labour_only() -> Outlook:
    """Return an economy of corn and machines that needs nothing but people: no capital, no trade.

    Consumed are 100 - 20 - 2 corn and 20 - 2 machines.
    """
    economy = two_branch_economy()
    economy = changed(economy, "capital", need=sp.csc_array((2, 2)), investment=np.zeros(2))
    nothing = np.zeros(2)
    economy = changed(
        economy, "trade", exports=nothing, imports_other=nothing, imports_investment=nothing
    )
    economy = changed(economy, "accounts", transfers=0.0)
    economy = changed(economy, "demand", consumption=np.array([[78.0], [18.0]]))
    return outlook_of(economy, mandate=FRICTIONLESS)


def test_without_capital_products_are_worth_the_labour_they_contain() -> None:
    # Labour values l (I - A)^-1 (Leontief; Miller and Blair, ch. 2): corn 1 / 0.8 = 1.25,
    # a machine (2 + 0.1 x 1.25) / 0.9 = 2.36111, whatever people prefer.
    plan = plan_for(labour_only())

    people = plan.worth("labour")[0]
    assert np.all(people > 0.1)
    assert plan.worth("product_balance") / people == pytest.approx(
        np.array([[1.25], [2.125 / 0.9]]) * np.ones(4), rel=1e-6
    )


@pytest.mark.parametrize(("item", "period"), [(0, 0), (0, 1), (1, 1), (1, 2)])
def test_the_valuation_is_what_the_optimum_gains_from_one_more_unit(item: int, period: int) -> None:
    shock = CapacityShock(
        kind="capacity", branches=("agriculture",), share=0.93, start=2022, end=2022
    )
    plan = plan_for(outlook_of(two_branch_economy(), shocks=(shock,)))

    assert assert_worth(plan, "product_balance", item=item, period=period) > 0.5


def test_corn_that_nobody_has_to_deliver_elsewhere_is_worth_its_valuation() -> None:
    # The same from the data: other final use of corn falls by 0.01 t in 2022.
    outlook = outlook_of(two_branch_economy(), shocks=(FEWER_PEOPLE,))
    plan = plan_for(outlook)
    less = np.array(outlook.other)
    less[0, 1] -= 0.01

    gain = best_value(assemble(outlook.altered(other=less)).program)
    gain -= best_value(plan.problem.program)

    assert gain / 0.01 / 0.96 == pytest.approx(plan.worth("product_balance")[0, 1], rel=1e-5)


def test_a_plan_cannot_use_what_is_not_there() -> None:
    # Other final use takes more corn than land and people can make.
    outlook = outlook_of(two_branch_economy())
    greedy = np.array(outlook.other)
    greedy[0, 0] = 90.0

    assert is_possible(assemble(outlook).program)
    assert not is_possible(assemble(outlook.altered(other=greedy)).program)


def test_the_expression_is_linear_in_everything_at_once() -> None:
    problem = problem_of(three_workplaces(), first=2, periods=2)
    rows = rows_of(problem, "product_balance")
    rng = np.random.default_rng(7)
    values = {
        name: rng.random(block.lower.shape) for name, block in problem.variables.blocks.items()
    }
    nothing = value_of(rows.expression, problem)

    apart = sum(
        value_of(rows.expression, problem, **{name: value}) - nothing
        for name, value in values.items()
    )

    assert value_of(rows.expression, problem, **values) - nothing == pytest.approx(apart)
