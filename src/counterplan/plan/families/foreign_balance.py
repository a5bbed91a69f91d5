"""Foreign balance: what is bought abroad is paid for in foreign currency.

Here a public monopoly of foreign trade, an embargo, a lost credit line and an oil price enter.
"""

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least, equal
from counterplan.plan.outlook import WIDE, Outlook


def foreign_block(given: Outlook, *, name: str, lower: Floats, upper: Floats) -> Block:
    """Return one amount of foreign currency for each period as a variable."""
    return Block(
        name=name,
        unit=given.economy.trade.currency,
        dimension="whole",
        items=(name,),
        lower=lower,
        upper=upper,
        reward=0 * upper,
    )


def turnover(given: Outlook) -> Floats:
    """Return a generous bound on any foreign amount [1 x P], foreign currency."""
    trade = given.economy.trade
    imports = (trade.imports_other + trade.imports_investment) @ trade.import_price
    flow = imports + trade.exports @ trade.export_price
    due = given.debt_service.max() + creditable(given).max() + given.observed_credit.max()
    total: Floats = (WIDE * flow * given.trend + given.reserves + due)[None, :]
    return total


def creditable(given: Outlook) -> Floats:
    """Return the most new credit in a period [P]: what is offered and the debt limit allows.

    Credit that is paid back in the same period is no credit; without this limit it could be
    turned over in any amount, and hide what is missing behind its size.
    """
    limit: Floats = given.mandate.foreign.debt_limit * given.periods.constant()
    return np.minimum(given.credit_limit, limit)


def reserves(given: Outlook) -> Block:
    """Reserves at the end of a period; what stays weighs more after a shrinking economy's plan."""
    kept = given.reserves * np.maximum(given.periods.constant(), 1.0)
    upper = kept[None, :] + turnover(given)
    return foreign_block(given, name="reserves", lower=0 * upper, upper=upper)


def credit(given: Outlook) -> Block:
    """New foreign credit taken."""
    upper = creditable(given)[None, :]
    return foreign_block(given, name="credit", lower=0 * upper, upper=upper)


def repayment(given: Outlook) -> Block:
    """New foreign debt paid back."""
    owed = given.mandate.foreign.debt_limit * given.periods.constant()[None, :]
    able = (given.credit_limit.max() > 0) * (1 + given.mandate.foreign.interest) * owed
    return foreign_block(given, name="repayment", lower=0 * able, upper=able)


def foreign_debt(given: Outlook) -> Block:
    """New foreign debt outstanding, beyond what was observed."""
    upper = given.mandate.foreign.debt_limit * given.periods.constant()[None, :]
    return foreign_block(given, name="foreign_debt", lower=0 * upper, upper=upper)


def reserves_drawn(given: Outlook, plan: Variables) -> Expression:
    """Return what is taken out of the reserves, less what is put in [1 x P]."""
    return plan.reserves.lag(np.array([[given.reserves]])) - plan.reserves


@family(
    dual="valuation of foreign currency; published against the valuation of the basket",
    unit="foreign currency",
    variables=(reserves, credit, repayment),
)
def foreign_balance(given: Outlook, plan: Variables) -> Rows:
    r"""Export earnings, new credit and reserves drawn pay for imports, debts and transfers.

    .. math:: \sum_i p^e_{it} e_{it} + \bar b_t + b_t + (R_{t-1} - R_t) \;\ge\; \sum_i p^m_{it}
              (m_{it} + m^J_{it}) + a_t + D_t + F_t

    b-bar credit that goes on as observed, b new credit, R reserves, a repayment, D debt service,
    F transfers that go on. Rows: one for each period t [foreign currency].
    """
    earned = (plan.exports * given.export_price).total()
    spent = ((plan.imports + plan.investment_imports) * given.import_price).total()
    return at_least(
        earned + plan.credit + given.observed_credit[None, :] + reserves_drawn(given, plan),
        spent + plan.repayment + (given.debt_service + given.transfers)[None, :],
        items=("whole",),
        dimension="whole",
    )


@family(
    dual="what a floor under the reserves lower by one unit would be worth",
    unit="foreign currency",
)
def reserves_floor(given: Outlook, plan: Variables) -> Rows:
    r"""Reserves do not fall below their floor.

    .. math:: R_t \ge \underline{R}_t

    Rows: one for each period t [foreign currency].
    """
    return at_least(
        plan.reserves, given.reserves_floor[None, :], items=("whole",), dimension="whole"
    )


@family(
    dual="what one more unit of foreign debt, taken over in this period, is worth: below zero",
    unit="foreign currency",
    variables=(foreign_debt,),
)
def foreign_debt_account(given: Outlook, plan: Variables) -> Rows:
    r"""New foreign debt grows with interest and credit and falls with repayment.

    .. math:: Q_t = (1 + r)\, Q_{t-1} + b_t - a_t

    Rows: one for each period t [foreign currency].
    """
    grown = plan.foreign_debt.lag(np.zeros((1, 1))) * (1 + given.mandate.foreign.interest)
    return equal(
        plan.foreign_debt,
        grown + plan.credit - plan.repayment,
        items=("whole",),
        dimension="whole",
    )
