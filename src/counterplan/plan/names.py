"""Names: what a row of a constraint family is about, with its unit."""

from counterplan.plan.problem import Problem
from counterplan.plan.wording import titled

PRODUCT_ROWS = (
    "product_balance",
    "import_share",
    "investment_import_share",
    "export_change",
    "self_reliance",
    "stocks",
)
CAPITAL_ROWS = ("capacity", "capital_accumulation", "investment_change", "investment_goal")
CAPACITY = ("capacity units",)
CURRENCY_ROWS = ("foreign_balance", "reserves_floor", "foreign_debt_account")


def row_name(problem: Problem, family: str, item: int) -> tuple[str, str]:
    """Return the name and unit of one item of a family."""
    economy = problem.outlook.economy
    products, capital, labour = economy.products, economy.capital, economy.labour
    emissions = economy.techniques.emission_codes
    lists = {
        **dict.fromkeys(PRODUCT_ROWS, (products.names, products.codes, products.units)),
        **dict.fromkeys(CAPITAL_ROWS, (capital.names, capital.codes, CAPACITY * len(capital))),
        "labour": (labour.names, labour.codes, labour.units),
        "emissions": (emissions, emissions, economy.techniques.emission_units),
    }
    if family in lists:
        names, codes, units = lists[family]
        return titled(names[item], codes[item]), units[item]
    if family in CURRENCY_ROWS:
        return "foreign currency", economy.trade.currency
    if family == "needs":
        return need_name(problem, item)
    rows = problem.rows[family]
    return rows.items[item], rows.family.unit


def need_name(problem: Problem, item: int) -> tuple[str, str]:
    """Return the product and group of a basket entry, with the product's unit."""
    outlook = problem.outlook
    products, product = outlook.economy.products, int(outlook.basket_product[item])
    group = outlook.groups[outlook.basket_group[item]]
    name = titled(products.names[product], products.codes[product])
    return f"{name} for {group}", products.units[product]
