"""An economy and a mandate of years told in months: the same things, counted twelve times a year.

Flows are a twelfth; what exists stays (capacity, people, stocks, reserves); what a unit of activity
needs of what exists is twelve times as much, because it is used up in a twelfth of the time.
"""

from dataclasses import replace

from counterplan.economy.economy import Economy, no_projects
from counterplan.plan.mandate import Bands, LabourRules, Mandate, Rules

MONTHS = 12


def root(rate: float) -> float:
    """Return growth a month for growth a year."""
    return float((1 + rate) ** (1 / MONTHS) - 1)


def monthly(economy: Economy) -> Economy:
    """Return the economy in months; its observed month is the year's average, its number 0."""
    e = economy
    return replace(
        e,
        base_period=0,
        period="month",
        techniques=replace(e.techniques, activity=e.techniques.activity / MONTHS),
        labour=replace(e.labour, need=e.labour.need * MONTHS),
        capital=replace(
            e.capital,
            need=e.capital.need * MONTHS,
            investment=e.capital.investment / MONTHS,
            depreciation=e.capital.depreciation / MONTHS,
            lag=e.capital.lag * MONTHS,
        ),
        stocks=replace(e.stocks, loss=e.stocks.loss / MONTHS),
        demand=replace(
            e.demand,
            consumption=e.demand.consumption / MONTHS,
            collective=e.demand.collective / MONTHS,
            other=e.demand.other / MONTHS,
        ),
        trade=replace(
            e.trade,
            exports=e.trade.exports / MONTHS,
            imports_other=e.trade.imports_other / MONTHS,
            imports_investment=e.trade.imports_investment / MONTHS,
            export_limit=e.trade.export_limit / MONTHS,
        ),
        accounts=replace(
            e.accounts,
            transfers=e.accounts.transfers / MONTHS,
            debt_service=e.accounts.debt_service / MONTHS,
            new_credit=e.accounts.new_credit / MONTHS,
        ),
        projects=no_projects(),
        routes=replace(e.routes, limit=e.routes.limit / MONTHS),
        trend=replace(e.trend, growth=root(e.trend.growth), labour=root(e.trend.labour)),
    )


def scaled(bands: Bands, *, width: float, cost: float) -> Bands:
    """Return bands with other widths and costs."""
    return Bands(
        widths=tuple(w * width for w in bands.widths),
        costs=tuple(c * cost for c in bands.costs),
        beyond=bands.beyond * cost,
    )


def monthly_mandate(mandate: Mandate, *, discount: float) -> Mandate:
    """Return the mandate in months.

    Trade leaves its habit by so much after so many years, and pays for it every month: its widths
    grow with the number of months to a power and its costs stay. A pace is paid for once: a twelfth
    of the output moves in a month, for twelve times its monthly price.
    """
    rules, labour = mandate.rules, mandate.labour
    slow = MONTHS**-rules.width_growth
    return mandate.model_copy(
        update={
            "discount": discount,
            "labour": LabourRules(
                overtime_share=labour.overtime_share,
                overtime_cost=labour.overtime_cost,
                moving_share=labour.moving_share / MONTHS,
                moving_cost=labour.moving_cost * MONTHS,
            ),
            "rules": Rules(
                imports=scaled(rules.imports, width=slow, cost=1.0),
                exports=scaled(rules.exports, width=slow, cost=1.0),
                output=scaled(rules.output, width=1 / MONTHS, cost=MONTHS),
                investment=scaled(rules.investment, width=1 / MONTHS, cost=MONTHS),
                width_growth=rules.width_growth,
            ),
        }
    )
