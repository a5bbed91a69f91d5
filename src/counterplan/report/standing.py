"""Standing: what a plan, or the observed course, holds by product, branch and period.

One shape for whatever is compared, so that every difference in the report is one subtraction.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.economy.economy import Floats
from counterplan.errors import InputError
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.plan import Plan

TREND = "the observed course, grown on its trend"
TOTALS = (
    "household consumption",
    "collective consumption",
    "investment",
    "output",
    "imports",
    "exports",
)


@dataclass(frozen=True)
class Standing:
    """Amounts at base prices [base-period money], with the planned periods as columns.

    Attributes
    ----------
    title
        What the amounts belong to.
    consumption
        By group and product.
    output, investment, people
        By branch; ``people`` in skill units.
    imports, exports, use
        By product; ``use`` is domestic use.
    currency
        Valuation of foreign currency, against the basket's.
    """

    title: str
    consumption: pd.DataFrame
    output: pd.DataFrame
    investment: pd.DataFrame
    people: pd.DataFrame
    imports: pd.DataFrame
    exports: pd.DataFrame
    use: pd.DataFrame
    currency: pd.Series

    def households(self) -> pd.DataFrame:
        """Consumption of all households by product."""
        private = self.consumption.drop(index=COLLECTIVE, level="group", errors="ignore")
        return private.groupby(level="product", sort=False).sum()

    def collective(self) -> pd.DataFrame:
        """Collective consumption by product."""
        groups = self.consumption.index.get_level_values("group")
        return self.consumption[groups == COLLECTIVE].droplevel("group")

    def totals(self) -> pd.DataFrame:
        """Return the sums by period, one row for each of :data:`TOTALS`."""
        rows = (
            self.households(),
            self.collective(),
            self.investment,
            self.output,
            self.imports,
            self.exports,
        )
        sums = {name: table.sum() for name, table in zip(TOTALS, rows, strict=True)}
        return pd.DataFrame(sums).T.reindex(columns=self.output.columns)

    def dependence(self) -> pd.DataFrame:
        """Return the imported share of each product's domestic use."""
        return (self.imports / self.use.where(self.use > 0)).fillna(0.0)

    def dependence_of_all(self) -> pd.Series:
        """Return the imported share of all domestic use."""
        return self.imports.sum() / self.use.sum()


def standing_of(plan: Plan, *, title: str) -> Standing:
    """Return what a plan holds."""
    prices = plan.economy.products.prices
    basket_prices = prices[plan.outlook.basket_product]
    return Standing(
        title=title,
        consumption=plan.consumption().mul(basket_prices, axis=0),
        output=plan.output_by_branch(),
        investment=plan.investment(),
        people=plan.employment(),
        imports=plan.imports().mul(prices, axis=0),
        exports=plan.exports().mul(prices, axis=0),
        use=plan.domestic_use().mul(prices, axis=0),
        currency=plan.currency_valuation(),
    )


def trend_of(plan: Plan) -> Standing:
    """Return the observed base period, grown on its trend, over a plan's periods.

    Everything grows at the economy's rate g; the plan's own mandate and shocks play no part.
    """
    outlook, economy = plan.outlook, plan.economy
    count = len(plan.years)
    prices, trend = economy.products.prices, outlook.trend[:count]
    demand, trade = economy.demand, economy.trade

    def on_trend(values: Floats) -> Floats:
        path: Floats = values[:, None] * trend
        return path

    base = np.column_stack([demand.consumption, demand.collective])
    wanted = (prices[:, None] * base)[outlook.basket_product, outlook.basket_group]
    people = np.asarray(economy.labour.need.sum(axis=0)) * economy.techniques.activity
    goods = economy.capital.composition @ economy.capital.investment
    used = economy.techniques.use @ economy.techniques.activity + base.sum(axis=1)
    used = used + np.maximum(demand.other, 0.0) + np.asarray(goods)
    codes, years = economy.products.codes, list(plan.years)
    return Standing(
        title=TREND,
        consumption=pd.DataFrame(on_trend(wanted), index=plan.consumption().index, columns=years),
        output=by_branch(
            plan,
            on_trend(outlook.activity_price * economy.techniques.activity),
            economy.branch_of_technique(),
        ),
        investment=by_branch(
            plan,
            on_trend(outlook.capital_price * economy.capital.investment),
            economy.branch_of_capital(),
        ),
        people=by_branch(
            plan,
            people[:, None] * (trend / outlook.efficiency[:count]),
            economy.branch_of_technique(),
        ),
        imports=plan.table(
            on_trend(prices * (trade.imports_other + trade.imports_investment)),
            codes,
            name="product",
        ),
        exports=plan.table(on_trend(prices * trade.exports), codes, name="product"),
        use=plan.table(on_trend(prices * used), codes, name="product"),
        currency=pd.Series(np.ones(count), index=years, name="currency"),
    )


def by_branch(plan: Plan, values: Floats, owners: tuple[str, ...]) -> pd.DataFrame:
    """Return values of techniques or capital items [items x T] added up to branches."""
    frame = plan.table(values, owners, name="branch")
    return frame.groupby(level=0, sort=False).sum()


def check_comparable(plan: Plan, other: Plan, *, role: str) -> None:
    """Refuse to compare plans of different economies or periods.

    Raises
    ------
    InputError
        Naming the plan and what does not fit.
    """
    mend = "compare plans of one economy over the same periods"
    if other.years != plan.years:
        raise InputError(
            f"{role} '{other.scenario.name}' covers {other.years[0]} to {other.years[-1]}, "
            f"and the plan {plan.years[0]} to {plan.years[-1]}",
            mend=mend,
        )
    for what, mine, its in (
        ("products", plan.economy.products.codes, other.economy.products.codes),
        ("branches", plan.economy.branches(), other.economy.branches()),
        ("capital items", plan.economy.capital.codes, other.economy.capital.codes),
        ("currency", (plan.economy.currency,), (other.economy.currency,)),
        ("basket entries", plan.outlook.basket_items, other.outlook.basket_items),
    ):
        if mine != its:
            raise InputError(
                f"{role} '{other.scenario.name}' is of another economy: other {what}", mend=mend
            )
