"""The account of new foreign debt: credit, interest and repayment, in the plan and after it."""

from dataclasses import replace

import numpy as np
import pytest

from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import PriceShock
from tests.plan.builders import outlook_of, problem_of, value_of
from tests.plan.growing import (
    after,
    best,
    best_for,
    growing_economy,
    relieved,
    rows_of,
    slope,
)
from tests.plan.relief import is_possible

CREDIT = {2021: 1.5, 2022: 1.0}
DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)


def with_credit(**foreign: object) -> Outlook:
    """Return an outlook of four periods in which credit is offered under a low export price."""
    rules = {"credit": CREDIT, "debt_limit": 4.0, **foreign}
    mandate = Mandate(foreign=ForeignRules(**rules))
    return outlook_of(growing_economy(), periods=4, mandate=mandate, shocks=(DROP,))


def test_debt_grows_with_interest_and_credit_and_falls_with_repayment() -> None:
    rules = ForeignRules(credit=CREDIT, debt_limit=4.0, interest=0.08)
    problem = problem_of(growing_economy(), periods=3, mandate=Mandate(foreign=rules))
    debt = np.array([[2.0, 3.0, 2.5, 1.5]])
    credit, repayment = np.array([[1.0, 0.5, 0.3, 0.2]]), np.array([[0.1, 0.2, 0.4, 0.6]])

    rows = rows_of(problem, "foreign_debt_account")
    value = value_of(
        rows.expression, problem, foreign_debt=debt, credit=credit, repayment=repayment
    )

    b = 0.96 * 1.02
    before = np.array([[0.0, 2.0, 3.0, (1 - b) * 2.5 + 0.96 * 1.5]])
    np.testing.assert_allclose(value, debt - (1.08 * before + credit - repayment))
    assert (rows.lower == 0).all()
    assert (rows.upper == 0).all()


def test_the_mandate_limits_what_is_outstanding_for_ever() -> None:
    block = assemble(with_credit()).variables.blocks["foreign_debt"]

    np.testing.assert_allclose(block.upper, [[4.0] * 4 + [4 * after(lambda t: 1.0, count=4)]])
    assert (block.lower == 0).all()


def test_credit_is_paid_back_with_interest() -> None:
    plan = best_for(with_credit(interest=0.08)).plan
    credit, repayment = plan.quantity("credit")[0], plan.quantity("repayment")[0]
    debt = plan.quantity("foreign_debt")[0]

    owed = 0.0
    for t in range(4):
        owed = 1.08 * owed + credit[t] - repayment[t]
        assert debt[t] == pytest.approx(owed, abs=1e-9)
    rest = 1.08 * ((1 - 0.96 * 1.02) * owed + 0.96 * debt[4]) + credit[4] - repayment[4]
    assert debt[4] == pytest.approx(rest, abs=1e-9)
    assert credit[0] > 1.0
    assert repayment.sum() > 0


@pytest.mark.parametrize("period", [0, 1, 3])
def test_the_dual_is_what_a_debt_taken_over_costs(period: int) -> None:
    problem = assemble(with_credit())
    worth = best(problem).plan.worth("foreign_debt_account")[0, period]

    value = slope(
        lambda by: relieved(problem, "foreign_debt_account", item=0, period=period, by=by)
    )

    assert worth < -2.0
    assert value / problem.outlook.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_while_debt_stands_its_weight_grows_by_interest_against_the_discount() -> None:
    plan = best_for(with_credit()).plan
    debt, burden = plan.quantity("foreign_debt")[0], plan.worth("foreign_debt_account")[0]
    stands = (debt[:3] > 1e-6) & (debt[:3] < 4.0 - 1e-6)

    assert stands.all()
    np.testing.assert_allclose(burden[:3], 0.96 * 1.05 * burden[1:4], rtol=1e-9)


def test_credit_is_taken_to_its_limit_only_where_currency_is_worth_more_than_the_debt() -> None:
    plan = best_for(with_credit()).plan
    gain = plan.worth("foreign_balance")[0] + plan.worth("foreign_debt_account")[0]
    taken = plan.quantity("credit")[0]

    np.testing.assert_allclose(taken[:2], [1.5, 1.0])
    assert (gain[:2] > 0.01).all()


def test_dear_credit_is_not_taken() -> None:
    plan = best_for(with_credit(interest=0.5)).plan

    # What is paid back within its year bears no interest and changes nothing.
    np.testing.assert_allclose(plan.quantity("credit"), plan.quantity("repayment"), atol=1e-9)
    np.testing.assert_allclose(plan.quantity("foreign_debt"), 0.0, atol=1e-9)


def test_a_tighter_limit_on_debt_never_helps() -> None:
    values = [best_for(with_credit(debt_limit=limit)).value for limit in (0.0, 0.5, 1.0, 4.0)]

    assert values == sorted(values)
    assert values[0] < values[-1]


def test_a_plan_that_pays_back_principal_and_interest_at_once_is_found() -> None:
    # As much as may be owed is borrowed in the first year, and all of it falls due in the second.
    given = with_credit(credit={2021: 4.0}, interest=0.5, reserves_floor=0.0)
    problem = assemble(given)
    lower, upper = problem.program.lower.copy(), problem.program.upper.copy()
    lower[problem.columns["credit"]] = 4.0
    upper[problem.columns["repayment"]] = 0.0
    lower[problem.columns["repayment"] + 1] = 1.5 * 4.0

    assert is_possible(replace(problem.program, lower=lower, upper=upper))
