"""The foreign balance: its equation, the shocks that enter it, what foreign currency is worth."""

import numpy as np
import pytest

from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import DebtShock, PriceShock, QuantityShock
from tests.plan.builders import outlook_of, problem_of, value_of
from tests.plan.growing import after, best_for, growing_economy, rows_of, shifted, slope

OIL = PriceShock(kind="export_price", products=("corn",), factor=0.7)
FLOW = {
    "exports": np.array([[20.0, 21.0, 22.0], [1.0, 2.0, 3.0]]),
    "imports": np.array([[4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]),
    "investment_imports": np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]),
    "reserves": np.array([[6.0, 4.0, 5.0]]),
    "credit": np.array([[0.5, 0.6, 0.7]]),
    "repayment": np.array([[0.05, 0.06, 0.07]]),
}


def cheap_corn(**foreign: object) -> Outlook:
    """Return an outlook in which what the economy exports has lost three tenths of its price."""
    mandate = Mandate(foreign=ForeignRules(**foreign))
    return outlook_of(growing_economy(), mandate=mandate, shocks=(OIL,))


def expected_balance(*, corn: float, machine: float, paid_out: list[float]) -> np.ndarray:
    """Return earnings, credit and reserves drawn less spending, written out by hand."""
    b = 0.96 * 1.02
    drawn = [5 - 6, 6 - 4, (1 - b) * 4 + 0.96 * 5 - 5]
    rows = []
    for t in range(3):
        earned = corn * FLOW["exports"][0, t] + 1.0 * FLOW["exports"][1, t]
        bought = FLOW["imports"][:, t] + FLOW["investment_imports"][:, t]
        spent = 0.5 * bought[0] + machine * bought[1] + FLOW["repayment"][0, t]
        rows.append(earned + FLOW["credit"][0, t] + drawn[t] - spent - paid_out[t])
    return np.array([rows])


def test_the_row_is_what_comes_in_less_what_goes_out() -> None:
    problem = problem_of(growing_economy(), periods=2)

    rows = rows_of(problem, "foreign_balance")
    value = value_of(rows.expression, problem, **FLOW)

    grown = [4.7 * 1.02, 4.7 * 1.02**2, 4.7 * 1.02**3]
    np.testing.assert_allclose(value, expected_balance(corn=0.5, machine=1.0, paid_out=grown))
    assert (rows.lower == 0).all()
    assert np.isposinf(rows.upper).all()


def test_prices_debts_and_the_surplus_enter_the_row() -> None:
    shocks = (
        OIL,
        PriceShock(kind="import_price", products=("machine",), factor=1.3, start=2022),
        DebtShock(kind="debt_service", amounts={2021: 3.0, 2024: 2.0}),
    )
    problem = problem_of(
        growing_economy(),
        periods=2,
        shocks=shocks,
        mandate=Mandate(foreign=ForeignRules(surplus=0.25)),
    )

    value = value_of(rows_of(problem, "foreign_balance").expression, problem, **FLOW)

    # The debt of 2024 is due in the second year after the plan.
    extra = [3.0, 0.0, (1 - 0.96 * 1.02) * 0.96 * 2.0]
    out = [1.7 * 1.02 ** (t + 1) + extra[t] for t in range(3)]
    later = expected_balance(corn=0.35, machine=1.3, paid_out=out)
    first = expected_balance(corn=0.35, machine=1.0, paid_out=out)
    np.testing.assert_allclose(value[0, 0], first[0, 0])
    np.testing.assert_allclose(value[0, 1:], later[0, 1:])


@pytest.mark.parametrize("first", [2020, 2021])
def test_the_observed_trade_pays_for_itself(first: int) -> None:
    problem = problem_of(growing_economy(), first=first, periods=3)
    given = problem.outlook
    trade = given.economy.trade
    flow = {
        "exports": trade.exports[:, None] * given.trend,
        "imports": trade.imports_other[:, None] * given.trend,
        "investment_imports": trade.imports_investment[:, None] * given.trend,
        "reserves": 5 * given.periods.constant()[None, :],
    }

    value = value_of(rows_of(problem, "foreign_balance").expression, problem, **flow)

    np.testing.assert_allclose(value, 0.0, atol=1e-12)


def test_credit_is_limited_by_the_mandate_and_the_years_after_the_plan_count() -> None:
    given = cheap_corn(credit={2022: 1.5, 2025: 2.0}, debt_limit=9.0)
    blocks = assemble(given).variables.blocks

    tail = (1 - 0.96 * 1.02) * 0.96 * 2.0
    np.testing.assert_allclose(blocks["credit"].upper, [[0.0, 1.5, 0.0, tail]])
    assert (blocks["repayment"].upper > 0).all()


def test_without_credit_there_is_nothing_to_repay() -> None:
    blocks = assemble(cheap_corn()).variables.blocks

    assert (blocks["credit"].upper == 0).all()
    assert (blocks["repayment"].upper == 0).all()


@pytest.mark.parametrize("period", [0, 1, 3])
def test_the_dual_is_what_one_more_dollar_adds(period: int) -> None:
    given = cheap_corn()
    worth = best_for(given).plan.worth("foreign_balance")[0, period]

    value = slope(lambda by: assemble(shifted(given, "transfers", place=period, by=-by)))

    assert worth > 2.5  # two crowns where nothing changed
    assert value / given.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_a_higher_export_price_is_worth_the_currency_it_brings() -> None:
    given = cheap_corn()
    plan = best_for(given).plan

    value = slope(
        lambda by: assemble(shifted(given, "export_price", place=(0, 1), by=by)), step=1e-4
    )

    earned = plan.worth("foreign_balance")[0, 1] * plan.quantity("exports")[0, 1]
    assert value / given.periods.weights[1] == pytest.approx(earned, rel=1e-4)


def test_a_lost_credit_line_costs_what_its_currency_is_worth_less_what_repaying_takes() -> None:
    given = cheap_corn(credit={2021: 1.5}, debt_limit=4.0)
    plan = best_for(given).plan
    worth = plan.worth("foreign_balance") + plan.worth("foreign_debt_account")

    value = slope(lambda by: assemble(shifted(given, "credit_limit", place=0, by=by)))

    assert plan.quantity("credit")[0, 0] == pytest.approx(1.5)
    assert worth[0, 0] > 0.1
    assert value == pytest.approx(worth[0, 0], rel=1e-5)
    assert best_for(cheap_corn()).value < plan.certificate.value


def test_an_embargo_stops_imports_for_its_use_and_never_helps() -> None:
    values = []
    for share in (1.0, 0.5, 0.0):
        few = QuantityShock(
            kind="import_limit", products=("machine",), share=share, use="investment"
        )
        found = best_for(outlook_of(growing_economy(), shocks=(few,)))
        most = share * 3.3 * found.problem.outlook.trend
        assert (found.plan.quantity("investment_imports")[1] <= most + 1e-9).all()
        values.append(found.value)

    assert values[0] > values[1] > values[2]


def test_a_free_surplus_is_used() -> None:
    kept, freed = (
        best_for(outlook_of(growing_economy(), mandate=Mandate(foreign=ForeignRules(surplus=s))))
        for s in (1.0, 0.0)
    )

    assert freed.value > kept.value
    assert freed.plan.imports().loc["machine"].sum() > kept.plan.imports().loc["machine"].sum()


def test_the_currency_is_worth_two_crowns_where_nothing_changed() -> None:
    found = best_for(outlook_of(growing_economy()))

    # Inside the bands that nothing forces the plan to leave, a corner may stand anywhere.
    assert found.plan.currency_valuation().between(1.8, 2.2).all()


def test_a_constant_reserve_draws_nothing_after_the_plan() -> None:
    problem = problem_of(growing_economy(), periods=4)
    rows = rows_of(problem, "foreign_balance").expression
    constant = np.array([[5.0, 5.0, 5.0, 5.0, 5 * after(lambda t: 1.0, count=4)]])

    with_reserves = value_of(rows, problem, reserves=constant)
    grown = -4.7 * problem.outlook.trend

    np.testing.assert_allclose(with_reserves, grown[None, :])
