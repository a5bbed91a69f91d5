"""Explanation: why a plan makes not more of a product.

The equations, what each part means and an example are on ``docs/plan/explain.md``.
"""

from collections.abc import Mapping

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.errors import InputError
from counterplan.plan.causes import Causes, causes
from counterplan.plan.chain import Chain, chain
from counterplan.plan.components import (
    SHOWN_MIN,
    components,
    inputs_joined,
    is_scarce,
    short_name,
)
from counterplan.plan.easing import reliefs, work_of
from counterplan.plan.explanation import Explanation, Year
from counterplan.plan.flows import product_flows
from counterplan.plan.labels import column_label
from counterplan.plan.plan import Plan
from counterplan.plan.ways import ways
from counterplan.plan.wording import titled

SCARCE_MIN = 0.01  # above the base-period price, or missing from the baskets: then it is scarce


def explain(plan: Plan, product_code: str, period: int | str | None = None) -> Explanation:
    """Return why a plan makes not more of a product.

    Parameters
    ----------
    plan
        The plan.
    product_code
        The product.
    period
        A planned period; when left out, every one in short, with the reasons of the first in
        which the product is scarce: over 1% of the mandated baskets is missing, or it is worth
        over 1% more than its base-period price, against the basket. Where there is none, of the
        one in which it is worth most.

    Raises
    ------
    InputError
        For a product or period that is not in the plan, and where the basket is worth nothing,
        so that no valuation can be held against it.
    """
    product = plan.economy.product(product_code)
    valued = valued_periods(plan, asked=None if period is None else str(period))
    if period is None:
        chains = {label: chain(plan, plan.years.index(label)) for label in valued}
        scarce = [label for label in scarce_periods(plan, product) if label in chains]
        label = scarce[0] if scarce else str(plan.valuations().iloc[product].idxmax())
        return explanation(chains[label], product, years=in_short(chains, product))
    return explanation(chain(plan, plan.years.index(str(period))), product, years=())


def valued_periods(plan: Plan, *, asked: str | None) -> list[str]:
    """Return the periods in which the basket is worth something; refuse one that is not so."""
    basket = plan.basket_valuation()
    valued = [label for label, worth in zip(plan.years, basket, strict=False) if worth > 0]
    if asked is not None and asked not in plan.years:
        raise InputError(
            f"period {asked} is not in the plan",
            mend=f"give one of {', '.join(plan.years)}",
        )
    if not valued or (asked is not None and asked not in valued):
        raise InputError(
            f"in {asked or 'no period'} one more unit of what people consume is worth "
            f"{'nothing' if asked else 'anything'}, and valuations are held against that",
            mend="explain another period" if valued else "look at what the mandate weighs",
        )
    return valued


def filled(plan: Plan, product: int) -> Floats:
    """Return what is consumed of a product against the mandated baskets [T]; nan without any."""
    entries = plan.outlook.basket_product == product
    asked = plan.outlook.baskets[entries].sum(axis=0)[: len(plan.years)]
    eaten = plan.basket()[entries].sum(axis=0)[: len(plan.years)]
    share: Floats = np.divide(eaten, asked, out=np.full_like(asked, np.nan), where=asked > 0)
    return share


def scarce_periods(plan: Plan, product: int) -> list[str]:
    """Return the periods in which a product is scarce."""
    dear = (1 + SCARCE_MIN) * float(plan.economy.products.prices[product])
    worth = plan.valuations().iloc[product].to_numpy()
    missing = filled(plan, product) < 1 - SCARCE_MIN  # no basket, nothing missing
    return [label for label, t in zip(plan.years, (worth > dear) | missing, strict=True) if t]


def explanation(given: Chain, product: int, *, years: tuple[Year, ...]) -> Explanation:
    """Return the explanation of a product in the period of a chain."""
    plan, position = given.plan, given.period
    products, label = plan.economy.products, plan.years[position]
    direct, total = given.direct(product), given.total(product)
    worth = float(plan.valuations().to_numpy()[product, position])
    sources, uses = product_flows(plan, product, position)
    why = causes(plan)
    return Explanation(
        code=products.codes[product],
        name=titled(products.names[product], products.codes[product]),
        unit=products.units[product],
        money=plan.economy.currency,
        foreign=plan.economy.trade.currency,
        calendar=plan.economy.period,
        period=label,
        valuation=worth,
        price=float(products.prices[product]),
        source=source_name(given, product),
        direct=components(given, inputs_joined(given, direct, product), worth=worth, why=why),
        total=components(given, [(p.family, (p,)) for p in total], worth=worth, why=why),
        sources=sources,
        uses=uses,
        ways=ways(given, product, why=why),
        needs=binding_needs(given, product),
        currency=currency_taken(given, total, why),
        work=work_of(given, total),
        reliefs=reliefs(given, product, why=why),
        years=years,
        first=position == 0,
        scarce=label in scarce_periods(plan, product),
    )


def source_name(given: Chain, product: int) -> str:
    """Say which source the valuation was resolved by."""
    row, known = given.product_row(product), given.source | given.beside
    if row not in known:
        return ""
    label = column_label(given.plan.problem, known[row])
    if label.name == "activity":
        techniques = given.plan.economy.techniques
        made = titled(techniques.names[label.item], techniques.codes[label.item])
        return f"made by {made}" if row in given.source else f"made beside other things by {made}"
    if label.name == "shipment":
        return f"brought on the route {given.plan.economy.routes.codes[label.item]}"
    return "taken from stock" if label.name == "stock" else "bought abroad"


def in_short(chains: Mapping[str, Chain], product: int) -> tuple[Year, ...]:
    """Return every planned period of a product in short."""
    found = []
    for label, given in chains.items():
        plan = given.plan
        made = plan.economy.techniques.output @ plan.quantity("activity")[:, given.period]
        bought = plan.quantity("imports") + plan.quantity("investment_imports")
        weights: dict[str, float] = {}
        for part in given.total(product):
            if is_scarce(part):
                name = short_name(given, part)
                weights[name] = weights.get(name, 0.0) + part.value
        largest = max(weights, key=lambda name: weights[name], default="")
        worth = float(plan.valuations().to_numpy()[product, given.period])
        share = float(filled(plan, product)[given.period])
        found.append(
            Year(
                period=label,
                valuation=worth,
                made=float(made[product]),
                imported=float(bought[product, given.period]),
                filled=None if np.isnan(share) else share,
                largest=largest,
                share=weights[largest] / worth if largest and worth else 0.0,
            )
        )
    return tuple(found)


def binding_needs(given: Chain, product: int) -> tuple[tuple[str, float], ...]:
    """Return the groups whose need of the product binds, and what one unit less is worth."""
    outlook = given.plan.outlook
    rows = given.plan.problem.rows["needs"].rows[:, given.period]
    found = []
    for c in np.flatnonzero(outlook.basket_product == product):
        price = float(given.price[rows[c]]) if rows[c] >= 0 else 0.0
        if price > SHOWN_MIN * float(outlook.economy.products.prices[product]):
            found.append((outlook.groups[outlook.basket_group[c]], price))
    return tuple(sorted(found, key=lambda one: -one[1]))


def currency_taken(
    given: Chain, total: tuple[object, ...], why: Causes
) -> tuple[tuple[str, float], ...]:
    """Return what each shock takes of foreign currency, where the product's chain takes some."""
    takes = any(getattr(part, "family", "") == "foreign_balance" for part in total)
    return why.currency_taken(given.period) if takes else ()
