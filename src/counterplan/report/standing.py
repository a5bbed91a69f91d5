"""Standing: what a plan, or the observed course, holds by product, branch and period.

One shape for whatever is compared, so that every difference in the report is one subtraction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.economy.economy import Floats
from counterplan.errors import InputError
from counterplan.plan.compare import check_periods
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.plan import Plan

TREND = "the observed course, grown on its trend"
TOTALS = (
    "household consumption",
    "collective consumption",
    "investment",
    "output",
    "value added",
    "real income",
    "imports",
    "exports",
)

LATER = ("output", "investment", "exports", "imports")


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
    whole
        [totals x P] the sums of :data:`TOTALS`, the tail last.
    terms
        [P] terms of trade, the tail last; 1 in the base period.
    later
        For each of :data:`LATER`: the same in the tail, by branch or product.
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
    whole: pd.DataFrame
    terms: pd.Series
    later: dict[str, pd.Series]

    def households(self) -> pd.DataFrame:
        """Consumption of all households by product."""
        private = self.consumption.drop(index=COLLECTIVE, level="group", errors="ignore")
        return private.groupby(level="product", sort=False).sum()

    def totals(self) -> pd.DataFrame:
        """Return the sums by planned period, one row for each of :data:`TOTALS`."""
        return self.whole.iloc[:, :-1]

    def after(self) -> pd.Series:
        """Return the same sums in the tail, which stands for all the periods after."""
        return self.whole.iloc[:, -1]

    def dependence(self) -> pd.DataFrame:
        """Return the imported share of each product's domestic use."""
        return (self.imports / self.use.where(self.use > 0)).fillna(0.0)

    def dependence_of_all(self) -> pd.Series:
        """Return the imported share of all domestic use."""
        return self.imports.sum() / self.use.sum()


def standing_of(plan: Plan, *, title: str) -> Standing:
    """Return what a plan holds."""
    prices, codes = plan.economy.products.prices, plan.economy.products.codes
    basket_prices = prices[plan.outlook.basket_product]
    outlook = plan.outlook
    makers, builders = plan.economy.branch_of_technique(), plan.economy.branch_of_capital()

    def last(variable: str) -> Floats:
        value: Floats = plan.quantity(variable)[:, -1]
        return value

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
        whole=whole_of(plan),
        terms=terms_of_trade(plan),
        later={
            "output": apart(outlook.activity_price * last("activity"), makers),
            "investment": apart(outlook.capital_price * last("investment"), builders),
            "exports": apart(prices * last("exports"), codes),
            "imports": apart(prices * (last("imports") + last("investment_imports")), codes),
        },
    )


def apart(values: Floats, owners: Sequence[str]) -> pd.Series:
    """Return amounts added up by owner, in the owners' order."""
    return pd.Series(values, index=list(owners)).groupby(level=0, sort=False).sum()


def whole_of(plan: Plan) -> pd.DataFrame:
    r"""Return the totals of a plan by period, the tail last.

    Value added at base prices, and real income, which counts what exports buy:

    .. math:: Y_t = \sum_j \Big(\sum_i p_i (V_{ij} - U_{ij})\Big) x_{jt}, \qquad
              Y^r_t = Y_t + (\tau_t - 1) \sum_i p_i e_{it}

    p base prices, x activity, e exports, tau the terms of trade (System of National Accounts
    2008, 15.187-188, with the prices of imports as deflator).
    """
    outlook, economy = plan.outlook, plan.economy
    price = economy.products.prices
    eaten = price[outlook.basket_product][:, None] * plan.basket()
    collective = outlook.basket_group == outlook.groups.index(COLLECTIVE)
    margin = np.asarray(economy.net_output.T @ price)
    activity, sold = plan.quantity("activity"), price @ plan.quantity("exports")
    bought = plan.quantity("imports") + plan.quantity("investment_imports")
    added = margin @ activity
    sums = {
        "household consumption": eaten[~collective].sum(axis=0),
        "collective consumption": eaten[collective].sum(axis=0),
        "investment": outlook.capital_price @ plan.quantity("investment"),
        "output": outlook.activity_price @ activity,
        "value added": added,
        "real income": added + (terms_of_trade(plan).to_numpy() - 1) * sold,
        "imports": price @ bought,
        "exports": sold,
    }
    return pd.DataFrame.from_dict(sums, orient="index", columns=list(outlook.periods.labels))


def terms_of_trade(plan: Plan) -> pd.Series:
    r"""Return the prices of exports over those of imports [P], the tail last; 1 = base period.

    .. math:: \tau_t = \frac{\sum_i p^e_{it} e_{it} / \sum_i p^e_{i0} e_{it}}
              {\sum_i p^m_{it} m_{it} / \sum_i p^m_{i0} m_{it}}

    Price indices of Paasche, at the volumes of the period.
    """
    outlook, trade = plan.outlook, plan.economy.trade
    bought = plan.quantity("imports") + plan.quantity("investment_imports")
    earned = index(plan.quantity("exports"), outlook.export_price, trade.export_price)
    terms = earned / index(bought, outlook.import_price, trade.import_price)
    return pd.Series(terms, index=list(outlook.periods.labels))


def index(volumes: Floats, now: Floats, then: Floats) -> Floats:
    """Return prices over base prices at given volumes [n x P]; 1 where nothing is traded."""
    base = then @ volumes
    ratio: Floats = np.divide(
        (now * volumes).sum(axis=0), base, out=np.ones_like(base), where=base > 0
    )
    return ratio


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
    made = outlook.activity_price * economy.techniques.activity
    built = outlook.capital_price * economy.capital.investment
    bought = prices * (trade.imports_other + trade.imports_investment)
    codes, years = economy.products.codes, list(plan.years)
    makers = economy.branch_of_technique()
    return Standing(
        title=TREND,
        consumption=pd.DataFrame(on_trend(wanted), index=plan.consumption().index, columns=years),
        output=by_branch(plan, on_trend(made), makers),
        investment=by_branch(plan, on_trend(built), economy.branch_of_capital()),
        people=by_branch(plan, people[:, None] * (trend / outlook.efficiency[:count]), makers),
        imports=plan.table(on_trend(bought), codes, name="product"),
        exports=plan.table(on_trend(prices * trade.exports), codes, name="product"),
        use=plan.table(on_trend(prices * used_of(plan)), codes, name="product"),
        currency=pd.Series(np.ones(count), index=years, name="currency"),
        whole=observed_totals(plan),
        terms=pd.Series(1.0, index=list(outlook.periods.labels)),
        later={
            "output": apart(made * outlook.trend[-1], makers),
            "investment": apart(built * outlook.trend[-1], economy.branch_of_capital()),
            "exports": apart(prices * trade.exports * outlook.trend[-1], codes),
            "imports": apart(bought * outlook.trend[-1], codes),
        },
    )


def used_of(plan: Plan) -> Floats:
    """Return what was used of each product at home in the base period [n], product units."""
    economy = plan.economy
    demand = economy.demand
    goods = np.asarray(economy.capital.composition @ economy.capital.investment)
    used = economy.techniques.use @ economy.techniques.activity + demand.consumption.sum(axis=1)
    total: Floats = used + demand.collective + np.maximum(demand.other, 0.0) + goods
    return total


def observed_totals(plan: Plan) -> pd.DataFrame:
    """Return the totals of the base period, grown on the trend, the tail last."""
    outlook, economy = plan.outlook, plan.economy
    price, activity = economy.products.prices, economy.techniques.activity
    demand, trade = economy.demand, economy.trade
    added = float(np.asarray(economy.net_output.T @ price) @ activity)
    base = {
        "household consumption": float((price @ demand.consumption).sum()),
        "collective consumption": float(price @ demand.collective),
        "investment": float(outlook.capital_price @ economy.capital.investment),
        "output": float(outlook.activity_price @ activity),
        "value added": added,
        "real income": added,
        "imports": float(price @ (trade.imports_other + trade.imports_investment)),
        "exports": float(price @ trade.exports),
    }
    sums = {name: value * outlook.trend for name, value in base.items()}
    return pd.DataFrame.from_dict(sums, orient="index", columns=list(outlook.periods.labels))


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
    check_periods(plan, other, role=role)
    for what, mine, its in (
        ("products", plan.economy.products.codes, other.economy.products.codes),
        ("branches", plan.economy.branches(), other.economy.branches()),
        ("capital items", plan.economy.capital.codes, other.economy.capital.codes),
        ("currency", (plan.economy.currency,), (other.economy.currency,)),
        ("basket entries", plan.outlook.basket_items, other.outlook.basket_items),
    ):
        if mine != its:
            raise InputError(
                f"{role} '{other.scenario.name}' is of another economy: other {what}",
                mend="compare plans of one economy",
            )
