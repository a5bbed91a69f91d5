"""Product balance: nothing is used that was not produced, imported or taken from stock."""

from counterplan.plan.families.capital_accumulation import works
from counterplan.plan.families.consumption import consumed
from counterplan.plan.families.projects import project_use
from counterplan.plan.families.stocks import drawn
from counterplan.plan.families.transport import carried
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Rows, at_least
from counterplan.plan.outlook import WIDE, Outlook


def activity(given: Outlook) -> Block:
    """How much each technique runs."""
    upper = WIDE * given.activity_reference[:, None] * given.trend
    return Block(
        name="activity",
        unit="units of activity",
        dimension="technique",
        items=given.economy.techniques.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


@family(
    dual="the product's valuation: what one more unit is worth to the mandate, in base prices",
    unit="product units",
    variables=(activity,),
)
def product_balance(given: Outlook, plan: Variables) -> Rows:
    r"""Nothing is used that was not produced, imported or taken from stock.

    .. math:: \sum_j (V_{ij} - U_{ij})\,x_{jt} + m_{it} + m^J_{it} + (1 - \ell_i) s_{i,t-1} - s_{it}
              + f_{it} \;\ge\; \sum_e B_{ie}\,J_{et} + h_{it} + c_{it} + e_{it} + o_{it}

    x activity, m and m^J imports, s stocks, f carried in from other regions less what carrying
    takes, J investment under way, h projects under way, c consumption, e exports, o exogenous
    final use. Rows: product i, period t [product units].
    """
    economy = given.economy
    return at_least(
        economy.net_output @ plan.activity
        + plan.imports
        + plan.investment_imports
        + drawn(given, plan)
        + carried(given, plan),
        economy.capital.composition @ works(given, plan)
        + project_use(given, plan)
        + consumed(given, plan)
        + plan.exports
        + given.other,
        items=economy.products.codes,
        dimension="product",
    )
