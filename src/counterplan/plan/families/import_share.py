"""Import shares: what is bought abroad moves away from its share only at a rising cost."""

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.families.bands import band_block, moved
from counterplan.plan.families.capital_accumulation import works
from counterplan.plan.families.consumption import consumed
from counterplan.plan.families.projects import project_use
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, equal
from counterplan.plan.outlook import WIDE, Outlook


def trade_width(given: Outlook, base: Floats) -> Floats:
    """Return what the widths of trade bands are shares of [n x P]: wider with the years."""
    power = given.mandate.rules.width_growth
    widening = given.periods.path(lambda years: np.maximum(years, 1.0) ** power)
    width: Floats = base[:, None] * given.trend * widening
    return width


def import_block(given: Outlook, *, name: str, base: Floats, limit: Floats) -> Block:
    """Return imports for one use as a variable; what was never imported is not."""
    upper = np.minimum(WIDE * base[:, None] * given.trend, limit)
    return Block(
        name=name,
        unit="product units",
        dimension="product",
        items=given.economy.products.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


def imports(given: Outlook) -> Block:
    """Imports for all uses but investment."""
    base = given.economy.trade.imports_other
    return import_block(given, name="imports", base=base, limit=given.import_limit)


def investment_imports(given: Outlook) -> Block:
    """Imports of investment goods."""
    base = given.economy.trade.imports_investment
    limit = given.investment_import_limit
    return import_block(given, name="investment_imports", base=base, limit=limit)


def share_band(given: Outlook, *, name: str, base: Floats) -> Block:
    """Return the bands of one direction in which imports leave their share."""
    return band_block(
        name=name,
        unit="product units",
        dimension="product",
        items=given.economy.products.codes,
        bands=given.mandate.rules.imports,
        reference=trade_width(given, base),
        price=given.economy.products.prices[:, None] * np.ones(len(given.periods)),
        box=WIDE * base[:, None] * given.trend,
    )


def imports_up(given: Outlook) -> Block:
    """Imports above their share of other uses."""
    return share_band(given, name="imports_up", base=given.economy.trade.imports_other)


def imports_down(given: Outlook) -> Block:
    """Imports below their share of other uses."""
    return share_band(given, name="imports_down", base=given.economy.trade.imports_other)


def investment_imports_up(given: Outlook) -> Block:
    """Imports above their share of investment goods."""
    base = given.economy.trade.imports_investment
    return share_band(given, name="investment_imports_up", base=base)


def investment_imports_down(given: Outlook) -> Block:
    """Imports below their share of investment goods."""
    base = given.economy.trade.imports_investment
    return share_band(given, name="investment_imports_down", base=base)


def other_use(given: Outlook, plan: Variables) -> Expression:
    """Return domestic use apart from investment goods [n x P]."""
    economy = given.economy
    used: Expression = economy.techniques.use @ plan.activity
    return used + consumed(given, plan) + np.maximum(given.other, 0.0)


def investment_use(given: Outlook, plan: Variables) -> Expression:
    """Return the use of investment goods, projects included [n x P]."""
    goods: Expression = given.economy.capital.composition @ works(given, plan)
    return goods + project_use(given, plan)


def observed_shares(given: Outlook) -> tuple[Floats, Floats]:
    """Return the observed import shares of other use and of investment goods, both [n]."""
    economy = given.economy
    techniques, demand, trade = economy.techniques, economy.demand, economy.trade
    other = techniques.use @ techniques.activity + demand.consumption.sum(axis=1)
    other = other + demand.collective + np.maximum(demand.other, 0.0)
    goods = np.asarray(economy.capital.composition @ economy.capital.investment)
    return ratio(trade.imports_other, other), ratio(trade.imports_investment, goods)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, zero where the whole is."""
    share: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return share


@family(
    dual="what a higher habitual import share is worth: the pull away from observed trade",
    unit="product units",
    variables=(imports, imports_up, imports_down),
)
def import_share(given: Outlook, plan: Variables) -> Rows:
    r"""Imports for other uses keep their share, or move away from it at a cost.

    .. math:: m_{it} = \sigma_i \Big(\sum_j U_{ij} x_{jt} + c_{it} + o^+_{it}\Big) + u_{it} - d_{it}

    sigma the observed share, u and d the sums of rising-cost bands. Rows: product i that is
    imported, period t [product units].
    """
    share, _ = observed_shares(given)
    shift = moved(plan, up="imports_up", down="imports_down", bands=given.mandate.rules.imports)
    rows = equal(
        plan.imports,
        other_use(given, plan) * share[:, None] + shift,
        items=given.economy.products.codes,
        dimension="product",
    )
    keep = np.broadcast_to(given.economy.trade.imports_other[:, None] > 0, rows.lower.shape)
    return rows.only(keep)


@family(
    dual="what a higher habitual import share of investment goods is worth",
    unit="product units",
    variables=(investment_imports, investment_imports_up, investment_imports_down),
)
def investment_import_share(given: Outlook, plan: Variables) -> Rows:
    r"""Imports of investment goods keep their share, or move away from it at a cost.

    .. math:: m^J_{it} = \sigma^J_i \Big(\sum_e B_{ie} J_{et} + h_{it}\Big) + u_{it} - d_{it}

    Rows: product i imported for investment, period t [product units].
    """
    _, share = observed_shares(given)
    shift = moved(
        plan,
        up="investment_imports_up",
        down="investment_imports_down",
        bands=given.mandate.rules.imports,
    )
    rows = equal(
        plan.investment_imports,
        investment_use(given, plan) * share[:, None] + shift,
        items=given.economy.products.codes,
        dimension="product",
    )
    keep = np.broadcast_to(given.economy.trade.imports_investment[:, None] > 0, rows.lower.shape)
    return rows.only(keep)
