r"""The observed path and prices of 1 as an answer to a plan problem, made without a solver.

Where base prices are a steady state, the observed quantities on their trend are feasible and
these valuations prove that no plan is better: with weights :math:`w_t` of the periods,
product :math:`w_t p_i`, currency :math:`w_t`, labour :math:`w_t \epsilon_t w_k`, capacity
:math:`w_t (\rho + \delta_e) P_e`, capacity handed over :math:`w_t P_e / \beta`; all others 0.
For economies with lags of one period, one unit of currency for each product's price, and reserves
at their floor.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.derive.prices import base_prices
from counterplan.economy.economy import Floats
from counterplan.plan.families.consumption import breakpoints
from counterplan.plan.problem import Problem


@dataclass(frozen=True)
class Answered:
    """Values of the variables [N] and valuations of the rows [R]."""

    primal: Floats
    dual: Floats


def observed_path(problem: Problem) -> Answered:
    """Return the observed quantities on trend, valued at base prices."""
    return Answered(observed_primal(problem), base_price_dual(problem))


def observed_primal(problem: Problem) -> Floats:
    """Return what was observed, on trend, as values of the variables [N]."""
    given = problem.outlook
    economy, trade = given.economy, given.economy.trade
    ends = breakpoints(given.mandate.satisfaction)
    filled = np.diff(ends) * (ends[1:] <= 1 + 1e-12)
    known = {
        "activity": economy.techniques.activity[:, None] * given.trend,
        "capacity": economy.capital.capacity[:, None] * given.trend,
        "investment": economy.capital.investment[:, None] * given.trend,
        "imports": trade.imports_other[:, None] * given.trend,
        "investment_imports": trade.imports_investment[:, None] * given.trend,
        "exports": trade.exports[:, None] * given.trend,
        "consumption": (given.baskets[:, None, :] * filled[None, :, None]).reshape(
            -1, len(given.periods)
        ),
    }
    primal = np.zeros(problem.program.reward.size)
    for name, values in known.items():
        first = problem.columns[name]
        primal[first : first + values.size] = values.T.ravel()
    return primal


def base_price_dual(problem: Problem) -> Floats:
    """Return the valuations at which base prices hold for ever [R]."""
    given = problem.outlook
    economy, weights = given.economy, given.periods.weights
    beta = given.periods.beta
    price = given.capital_price
    rent = (1 / beta - 1 + economy.capital.depreciation) * price
    pay = base_prices(economy, discount=1 / beta - 1).pay
    # A row that says "at least" is worth less the more it asks for.
    known = {
        "product_balance": -economy.products.prices[:, None] * weights,
        "foreign_balance": -np.ones((1, 1)) * weights,
        "labour": -pay[:, None] * (weights * given.efficiency),
        "capacity": -rent[:, None] * weights,
        "capital_accumulation": price[:, None] * (weights / beta),
    }
    dual = np.zeros(problem.program.row_lower.size)
    for name, values in known.items():
        rows = problem.rows[name].rows
        dual[rows] = values
    return dual
