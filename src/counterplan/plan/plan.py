"""The plan: quantities and valuations for every product, producer and period, with its certificate.

Results are read by verbs. Every table has the planned periods as columns; the period that stands
for all the years after the horizon is left out unless a verb says otherwise.
"""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from counterplan.economy.economy import Codes, Economy, Floats
from counterplan.plan.cases import Case
from counterplan.plan.certificate import Certificate
from counterplan.plan.families.consumption import breakpoints
from counterplan.plan.families.import_share import investment_use, other_use
from counterplan.plan.families.transport import carrying_use
from counterplan.plan.linear import Expression
from counterplan.plan.outlook import COLLECTIVE, Outlook
from counterplan.plan.problem import Problem
from counterplan.plan.scenario import Scenario

if TYPE_CHECKING:
    from counterplan.plan.comparison import Comparison
    from counterplan.plan.explanation import Explanation


@dataclass(frozen=True)
class Making:
    """How a plan was found: which engine, how long, how many iterations. Proves nothing.

    ``bound`` is what branch and bound stated of all choices of projects, where there are any;
    ``promise`` the gap that the plan promises, where it is larger than that of every other plan.
    """

    engine: str
    seconds: float
    iterations: int
    bound: float | None = None
    promise: float | None = None


@dataclass(frozen=True)
class Plan:
    """A plan with its valuations and certificate.

    Attributes
    ----------
    primal
        [N] value of every variable; ``problem`` knows what stands where.
    dual
        [R] raw valuation of every row, in discounted units of the mandate's value.
    cases
        Where projects are indivisible: the proof that no other choice of them is better.
    """

    scenario: Scenario
    problem: Problem
    primal: Floats
    dual: Floats
    certificate: Certificate
    making: Making
    cases: tuple[Case, ...] = ()

    @property
    def outlook(self) -> Outlook:
        """What the scenario gave."""
        return self.problem.outlook

    @property
    def economy(self) -> Economy:
        """The economy that was planned."""
        return self.outlook.economy

    @property
    def years(self) -> Codes:
        """Labels of the planned periods [T]."""
        return self.outlook.periods.labels[:-1]

    # ---- reading numbers -------------------------------------------------------------

    def quantity(self, variable: str) -> Floats:
        """Return one variable [items x P], the tail last."""
        return self.problem.value(variable, self.primal)

    def evaluate(self, expression: Expression) -> Floats:
        """Return the value of an expression over the plan's variables [items x P]."""
        total = expression.constant.T.ravel().copy()
        for name, block in expression.blocks.items():
            first = self.problem.columns[name]
            total += block @ self.primal[first : first + block.shape[1]]
        count = len(self.outlook.periods)
        value: Floats = total.reshape(count, -1).T
        return value

    def worth(self, family: str) -> Floats:
        """Return what each row of a family is worth, in base-period money of its own period.

        [items x P], per unit of the row; nan where the family says nothing. For a row that says
        "at least": what relieving it by one unit is worth. For an equation: what one more unit
        on its right-hand side is worth.
        """
        program = self.problem.program
        sign = np.where(program.row_lower == program.row_upper, 1.0, -1.0)
        dual = self.problem.row_values(family, sign * self.dual)
        value: Floats = dual / self.outlook.periods.weights
        return value

    def table(self, values: Floats, items: Codes, *, name: str) -> pd.DataFrame:
        """Return [items x T] values as a table with the planned periods as columns."""
        return pd.DataFrame(
            values[:, : len(self.years)], index=pd.Index(items, name=name), columns=list(self.years)
        )

    # ---- quantities -------------------------------------------------------------------

    def activity(self) -> pd.DataFrame:
        """Activity of each technique [units of activity]."""
        codes = self.economy.techniques.codes
        return self.table(self.quantity("activity"), codes, name="technique")

    def output(self) -> pd.DataFrame:
        """Domestic output of each product [product units]."""
        made = self.economy.techniques.output @ self.quantity("activity")
        return self.table(np.asarray(made), self.economy.products.codes, name="product")

    def output_by_branch(self) -> pd.DataFrame:
        """Output of each branch at base prices [base-period money]."""
        worth = self.outlook.activity_price[:, None] * self.quantity("activity")
        return self._by_branch(worth, self.economy.branch_of_technique())

    def investment(self) -> pd.DataFrame:
        """Investment started in each branch at base prices [base-period money]."""
        worth = self.outlook.capital_price[:, None] * self.quantity("investment")
        return self._by_branch(worth, self.economy.branch_of_capital())

    def employment(self) -> pd.DataFrame:
        """People at work in each branch [skill units]."""
        need = np.asarray(self.economy.labour.need.sum(axis=0))[:, None]
        people = need * self.quantity("activity") / self.outlook.efficiency
        return self._by_branch(people, self.economy.branch_of_technique())

    def _by_branch(self, values: Floats, owners: Codes) -> pd.DataFrame:
        frame = self.table(values, owners, name="branch")
        return frame.groupby(level=0, sort=False).sum()

    def basket(self) -> Floats:
        """Consumption of each basket entry [c x P], product units."""
        pieces = len(breakpoints(self.outlook.mandate.satisfaction)) - 1
        flat = self.quantity("consumption")
        value: Floats = flat.reshape(-1, pieces, flat.shape[1]).sum(axis=1)
        return value

    def consumption(self) -> pd.DataFrame:
        """Consumption by group and product [product units]."""
        outlook, codes = self.outlook, self.economy.products.codes
        index = pd.MultiIndex.from_arrays(
            [
                [outlook.groups[g] for g in outlook.basket_group],
                [codes[i] for i in outlook.basket_product],
            ],
            names=["group", "product"],
        )
        values = self.basket()[:, : len(self.years)]
        return pd.DataFrame(values, index=index, columns=list(self.years))

    def consumption_value(self) -> pd.DataFrame:
        """Consumption of each group at base prices [base-period money]."""
        prices = self.economy.products.prices[self.outlook.basket_product]
        worth = self.consumption().mul(prices, axis=0)
        return worth.groupby(level="group", sort=False).sum()

    def satisfaction(self) -> pd.DataFrame:
        """Consumption of each group against its mandated basket, at base prices [share]."""
        outlook = self.outlook
        price = self.economy.products.prices[outlook.basket_product][:, None]
        wanted = price * outlook.baskets
        groups = [outlook.groups[g] for g in outlook.basket_group]
        frame = self.table(wanted, tuple(groups), name="group").groupby(level=0, sort=False).sum()
        return self.consumption_value() / frame

    def imports(self) -> pd.DataFrame:
        """Imports of each product for all uses [product units]."""
        both = self.quantity("imports") + self.quantity("investment_imports")
        return self.table(both, self.economy.products.codes, name="product")

    def exports(self) -> pd.DataFrame:
        """Exports of each product [product units]."""
        return self.table(self.quantity("exports"), self.economy.products.codes, name="product")

    def domestic_use(self) -> pd.DataFrame:
        """Domestic use of each product [product units]."""
        outlook, variables = self.outlook, self.problem.variables
        used = self.evaluate(
            other_use(outlook, variables)
            + investment_use(outlook, variables)
            + carrying_use(outlook, variables)
        )
        return self.table(used, self.economy.products.codes, name="product")

    def import_dependence(self) -> pd.DataFrame:
        """Imported share of each product's domestic use [share]."""
        use = self.domestic_use()
        return (self.imports() / use.where(use > 0)).fillna(0.0)

    def foreign_account(self) -> pd.DataFrame:
        """Every entry of the foreign balance [foreign currency]; the column sums are zero."""
        outlook = self.outlook
        reserves = self.quantity("reserves")[0]
        drawn = -np.diff(np.concatenate([[outlook.reserves], reserves[:-1]]))
        bought = self.quantity("imports") + self.quantity("investment_imports")
        paid = (bought * outlook.import_price).sum(axis=0)
        entries = {
            "exports": (self.quantity("exports") * outlook.export_price).sum(axis=0),
            "credit as observed": outlook.observed_credit,
            "new credit": self.quantity("credit")[0],
            "reserves drawn": np.append(drawn, 0.0),
            "imports": -paid,
            "debt service": -outlook.debt_service,
            "repayment of new credit": -self.quantity("repayment")[0],
            "transfers": -outlook.transfers,
        }
        table = np.array([values[: len(self.years)] for values in entries.values()])
        unused = -table.sum(axis=0)
        rows = (*entries, "left unused")
        return self.table(np.vstack([table, unused]), rows, name="entry")

    def reserves(self) -> pd.Series:
        """Reserves at the end of each period [foreign currency]."""
        return pd.Series(self.quantity("reserves")[0][:-1], index=list(self.years), name="reserves")

    # ---- valuations -------------------------------------------------------------------

    def valuations(self) -> pd.DataFrame:
        """What one more unit of each product is worth, against the basket's [basket's price = 1].

        The valuation of a product divided by the valuation of what households consume in the
        same period, so that 1 is the base-period price of a product whose price is 1.
        """
        values = ratio(self.worth("product_balance"), self.basket_valuation())
        return self.table(values, self.economy.products.codes, name="product")

    def basket_valuation(self) -> Floats:
        """Value-weighted valuation of household consumption [P]; 1 where nothing changed.

        In a period in which households consume nothing the basket asked for is weighed, and where
        there are no households the one of collective consumption. What is divided by a valuation
        of zero (one more unit of anything would serve nobody) is not defined: nan.
        """
        outlook = self.outlook
        households = np.array([g != COLLECTIVE for g in outlook.groups])[outlook.basket_group]
        chosen = households if households.any() else ~households
        product = outlook.basket_product[chosen]
        price = self.economy.products.prices[product][:, None]
        consumed, wanted = self.basket()[chosen], outlook.baskets[chosen]
        quantity = np.where((price * consumed).sum(axis=0) > 0, consumed, wanted)
        worth = self.worth("product_balance")[product]
        return ratio((worth * quantity).sum(axis=0), (price * quantity).sum(axis=0))

    def currency_valuation(self) -> pd.Series:
        """What one more unit of foreign currency is worth, against the basket's valuation."""
        values = ratio(self.worth("foreign_balance")[0], self.basket_valuation())[:-1]
        return pd.Series(values, index=list(self.years), name="currency")

    def rents(self) -> pd.DataFrame:
        """Rent of each capital item against its user cost [share]: above 1 is a bottleneck.

        nan where an item costs nothing, or the basket's valuation is zero.
        """
        capital = self.economy.capital
        rate = 1 / self.outlook.periods.beta - 1 + capital.depreciation
        user_cost = (rate * self.outlook.capital_price)[:, None]
        rent = ratio(self.worth("capacity"), self.basket_valuation())
        return self.table(ratio(rent, user_cost), capital.codes, name="capital")

    def bottlenecks(self, *, most: int = 10) -> pd.DataFrame:
        """Return the capital items with the highest rent, with the branch and the worst period."""
        rents = self.rents().dropna(how="all")
        top = rents.max(axis=1).sort_values(ascending=False, kind="stable").head(most)
        codes, owners = self.economy.capital.codes, self.economy.branch_of_capital()
        branch = dict(zip(codes, owners, strict=True))
        return pd.DataFrame(
            {
                "branch": [branch[item] for item in top.index],
                "period": rents.loc[top.index].idxmax(axis=1).to_numpy(),
                "rent_to_user_cost": top.to_numpy(),
            },
            index=top.index,
        )

    # ---- why, and what is different ------------------------------------------------------

    def explain(self, product_code: str, period: int | str | None = None) -> "Explanation":
        """Return why the plan makes not more of a product; see :mod:`counterplan.plan.explain`."""
        from counterplan.plan.explain import explain

        return explain(self, product_code, period)

    def compare(self, other: "Plan") -> "Comparison":
        """Return how the plan differs from another; see :mod:`counterplan.plan.compare`."""
        from counterplan.plan.compare import compare

        return compare(self, other)

    # ---- everything at once --------------------------------------------------------------

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Every variable and every valuation by name, labelled; the tail included."""
        periods = list(self.outlook.periods.labels)
        arrays: dict[str, Any] = {}
        for name, block in self.problem.variables.blocks.items():
            arrays[name] = self._array(self.quantity(name), block.items, f"{name} item", block.unit)
        for name, rows in self.problem.rows.items():
            unit = f"base money per {rows.family.unit}"
            label = f"{name} row"
            arrays[f"worth of {name}"] = self._array(self.worth(name), rows.items, label, unit)
        about = {"scenario": self.scenario.name}
        return xr.Dataset(arrays, coords={"period": periods}, attrs=about)

    def _array(self, values: Floats, items: Codes, dimension: str, unit: str) -> xr.DataArray:
        coords = {dimension: list(items)}
        dims = (dimension, "period")
        return xr.DataArray(values, dims=dims, coords=coords, attrs={"unit": unit})

    def summary(self) -> pd.DataFrame:
        """The headline rows by period: levels against the trend, and the currency's valuation."""
        outlook = self.outlook
        trend, count = outlook.trend, len(self.years)
        price = self.economy.products.prices
        trade = self.economy.trade
        goods = trade.imports_other + trade.imports_investment
        base = {
            "household consumption": float((price @ self.economy.demand.consumption).sum()),
            "output": float(outlook.activity_price @ self.economy.techniques.activity),
            "investment": float(outlook.capital_price @ self.economy.capital.investment),
            "imports": float(price @ goods),
            "exports": float(price @ trade.exports),
        }
        households = self.consumption_value().drop(index=COLLECTIVE, errors="ignore").sum()
        now = {
            "household consumption": households.to_numpy(),
            "output": self.output_by_branch().sum().to_numpy(),
            "investment": self.investment().sum().to_numpy(),
            "imports": price @ self.imports().to_numpy(),
            "exports": price @ self.exports().to_numpy(),
        }
        rows = {
            f"{name} (trend = 1)": now[name] / (base[name] * trend[:count])
            for name in base
            if base[name] > 0
        }
        rows["valuation of foreign currency"] = self.currency_valuation().to_numpy()
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(self.years))

    def _repr_html_(self) -> str:
        verdict = "certified" if self.certificate.holds else "NOT certified"
        title = escape(self.scenario.title)
        head = f"<p><b>{title}</b>: {verdict}, gap {self.certificate.gap:.1e}</p>"
        return head + str(self.summary().to_html(float_format="{:.3f}".format))


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return one divided by the other, elementwise; nan where the other is zero or nan."""
    part, whole = np.broadcast_arrays(part, whole)
    there = np.isfinite(whole) & (whole != 0)
    found: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=there)
    return found
