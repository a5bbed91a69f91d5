r"""Names: what a row or a variable is about, with its unit and how many of it one row unit is.

Capacity has no unit of its own: it is counted in what it can make. One unit of capacity carries

.. math:: \phi_e = \frac{V_{ij}}{\kappa_{ej}}

units of the main product i of the techniques j that need it; where these differ from technique
to technique, the output they make of it at base-period prices stands for it,
:math:`\phi_e = \sum_j p_j x_j / \sum_j \kappa_{ej} x_j` with the observed activities x.
"""

from typing import NamedTuple

import numpy as np

from counterplan.economy.economy import Economy
from counterplan.plan.problem import Problem
from counterplan.plan.wording import figure, titled

PRODUCT_ROWS = (
    "product_balance",
    "import_share",
    "investment_import_share",
    "export_change",
    "self_reliance",
    "stocks",
)
CAPITAL_ROWS = ("capacity", "capital_accumulation", "investment_change", "investment_goal")
CURRENCY_ROWS = ("foreign_balance", "reserves_floor", "foreign_debt_account")
PRODUCT_VARIABLES = ("imports", "investment_imports", "exports", "stock")
MONEY_VARIABLES = ("credit", "repayment", "reserves", "foreign_debt")
SAME = 1e-9  # relative: two techniques carry as much


class Thing(NamedTuple):
    """What a row or a variable is about.

    Attributes
    ----------
    name
        In words, with its code.
    unit
        What it is counted in.
    factor
        Of these units, how many one unit of the row or variable is.
    """

    name: str
    unit: str
    factor: float


def row_name(problem: Problem, family: str, item: int) -> tuple[str, str]:
    """Return the name and unit of one item of a family; the unit is the family's own."""
    found = row_thing(problem, family, item)
    if family not in CAPITAL_ROWS or abs(found.factor - 1) <= SAME:
        return found.name, found.unit
    return found.name, f"unit that makes {figure(found.factor)} {found.unit}"


def row_thing(problem: Problem, family: str, item: int) -> Thing:
    """Return what one item of a family is about."""
    economy = problem.outlook.economy
    products, capital, labour = economy.products, economy.capital, economy.labour
    emissions = economy.techniques.emission_codes
    if family in CAPITAL_ROWS:
        factor, unit = capacity_measure(economy, item)
        return Thing(titled(capital.names[item], capital.codes[item]), unit, factor)
    lists = {
        **dict.fromkeys(PRODUCT_ROWS, (products.names, products.codes, products.units)),
        "labour": (labour.names, labour.codes, labour.units),
        "emissions": (emissions, emissions, economy.techniques.emission_units),
    }
    if family in lists:
        names, codes, units = lists[family]
        return Thing(titled(names[item], codes[item]), units[item], 1.0)
    if family == "transport":
        origin = int(economy.routes.origin[item])
        return Thing(f"the route {economy.routes.codes[item]}", products.units[origin], 1.0)
    if family in CURRENCY_ROWS:
        return Thing("foreign currency", economy.trade.currency, 1.0)
    if family == "needs":
        return Thing(*need_name(problem, item), 1.0)
    rows = problem.rows[family]
    unit = quota_unit(problem, item) if family == "quota" else rows.family.unit
    return Thing(rows.items[item], unit, 1.0)


def quota_unit(problem: Problem, item: int) -> str:
    """Return the unit of the product or skill that a quota is about."""
    economy, quota = problem.outlook.economy, problem.outlook.mandate.quotas[item]
    of = economy.labour if quota.line == "work" else economy.products
    return of.units[of.codes.index(quota.item)]


def variable_thing(problem: Problem, variable: str, item: int) -> Thing:
    """Return what one item of a variable is about."""
    economy = problem.outlook.economy
    products, techniques = economy.products, economy.techniques
    word = variable.replace("_", " ")
    if variable in PRODUCT_VARIABLES:
        word = {"investment_imports": "imports for investment"}.get(variable, word)
        name = titled(products.names[item], products.codes[item])
        return Thing(f"{word} of {name}", products.units[item], 1.0)
    if variable == "activity":
        name = titled(techniques.names[item], techniques.codes[item])
        product, made = main_product(economy, item)
        unit = products.units[product]
        return Thing(name, unit, made) if product >= 0 else Thing(name, "units of activity", 1.0)
    if variable == "shipment":
        return row_thing(problem, "transport", item)
    if variable in MONEY_VARIABLES:
        return Thing(word, economy.trade.currency, 1.0)
    block = problem.variables.blocks[variable]
    return Thing(f"{word} of {block.items[item]}", block.unit, 1.0)


def main_product(economy: Economy, technique: int) -> tuple[int, float]:
    """Return what a technique makes most of, by base value, and how much; -1 for nothing."""
    made = economy.techniques.output
    part = slice(made.indptr[technique], made.indptr[technique + 1])
    products, amounts = made.indices[part], made.data[part]
    if not amounts.size:
        return -1, 1.0
    best = int(np.argmax(amounts * economy.products.prices[products]))
    return int(products[best]), float(amounts[best])


def capacity_measure(economy: Economy, item: int) -> tuple[float, str]:
    """Return how much output one unit of capacity carries in a period, and that output's unit."""
    need, products = economy.capital.need.tocsr()[[item]].tocoo(), economy.products
    carried: set[tuple[int, float]] = set()
    for technique, amount in zip(need.coords[1], need.data, strict=True):
        product, made = main_product(economy, int(technique))
        carried.add((product, round(made / amount, 12)))
    if len(carried) == 1:
        product, factor = carried.pop()
        if product >= 0:
            return factor, f"{products.units[product]} a {economy.period}"
    return money_carried(economy, item)


def money_carried(economy: Economy, item: int) -> tuple[float, str]:
    """Return the base value of the output that one unit of capacity carries in a period."""
    techniques = economy.techniques
    prices = np.asarray(techniques.output.T @ economy.products.prices)
    need = economy.capital.need.tocsr()[[item]].toarray().ravel()
    ran = np.where(need > 0, techniques.activity, 0.0)
    ran = ran if ran.any() else (need > 0).astype(float)
    used, made = float(need @ ran), float(prices @ ran)
    unit = f"{economy.currency} of output a {economy.period}, at base-period prices"
    return (made / used, unit) if used > 0 and made > 0 else (1.0, "units of capacity")


def need_name(problem: Problem, item: int) -> tuple[str, str]:
    """Return the product and group of a basket entry, with the product's unit."""
    outlook = problem.outlook
    products, product = outlook.economy.products, int(outlook.basket_product[item])
    group = outlook.groups[outlook.basket_group[item]]
    name = titled(products.names[product], products.codes[product])
    return f"{name} for {group}", products.units[product]
