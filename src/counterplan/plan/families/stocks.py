"""Stocks: what is kept from one period to the next, with storage loss and strategic minimums."""

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least
from counterplan.plan.outlook import WIDE, Outlook


def stock(given: Outlook) -> Block:
    """Stock at the end of a period; only products that can be stored have one."""
    upper = stock_box(given)
    return Block(
        name="stock",
        unit="product units",
        dimension="product",
        items=given.economy.products.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


def stock_box(given: Outlook) -> Floats:
    """Return the most that can be stored: ten times the output, imports and initial stock.

    And ten times the minimum, which stays as it is where an economy shrinks on its trend.
    """
    economy = given.economy
    made = np.asarray(economy.techniques.output @ given.activity_reference)
    most = (made + economy.trade.imports_other + economy.stocks.initial)[:, None] * given.trend
    kept = economy.stocks.minimum[:, None] * given.periods.constant()
    box: Floats = np.where(economy.stocks.storable[:, None], WIDE * (most + kept), 0.0)
    return box


def drawn(given: Outlook, plan: Variables) -> Expression:
    r"""Return what is taken from stock, less what is put there [n x P].

    .. math:: (1 - \ell_i)\, s_{i,t-1} - s_{it}
    """
    stocks = given.economy.stocks
    left = plan.stock.lag(stocks.initial[:, None]) * (1 - stocks.loss)[:, None]
    return left - plan.stock


@family(
    dual="what a strategic minimum lower by one unit would be worth",
    unit="product units",
    variables=(stock,),
)
def stocks(given: Outlook, plan: Variables) -> Rows:
    r"""Stocks do not fall below the strategic minimum.

    .. math:: s_{it} \ge \underline{s}_i

    Rows: product i, period t, where a minimum is set [product units].
    """
    minimum = given.economy.stocks.minimum[:, None] * given.periods.constant()
    rows = at_least(plan.stock, minimum, items=given.economy.products.codes, dimension="product")
    return rows.only(minimum > 0)
