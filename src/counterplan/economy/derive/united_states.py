"""The United States in 2017: 402 commodities, 402 industries, capital by asset class.

The make table stays rectangular: an industry makes every commodity that the table shows it
making, so scrap and secondary products are joint products of their industries.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.detail_capital import (
    DetailCapital,
    detail_capital,
    holdings,
    investment_by_class,
)
from counterplan.economy.derive.detail_concordance import CLASSES, holder_of
from counterplan.economy.derive.detail_flows import DetailFlows, detail_flows
from counterplan.economy.derive.detail_record import notes, provenance
from counterplan.economy.economy import (
    Accounts,
    Capital,
    Demand,
    Economy,
    Floats,
    Labour,
    Producers,
    Products,
    Stocks,
    Techniques,
    Trade,
    Trend,
    no_projects,
    no_routes,
)
from counterplan.economy.tables.bea import read_make_use
from counterplan.economy.tables.table import Table

YEAR = 2017
#: The conventions that every derived economy shares: discount, growth, caps, mixing.
GIVEN = Assumptions()
#: Least weight of an industry in its holder's capital, per unit of output: an industry whose
#: surplus is nothing or negative still has plant. A convention.
LEAST_WEIGHT = 0.05
SURPLUS = "V00300"


def industry_weights(table: Table) -> Floats:
    """Return what a holder's capital is split by [m]: surplus, at least a share of output.

    Industries that use no products (duties, servants) have no capital.
    """
    surplus = table.other_rows.values[table.other_rows.codes.index(SURPLUS)][: len(table.branches)]
    weight = np.maximum(surplus, LEAST_WEIGHT * table.make.sum(axis=0))
    return np.where(table.use().sum(axis=0) > 0, weight, 0.0)


def united_states_2017(shared: Path) -> Economy:
    """Return the United States of 2017, derived afresh from the tables beside the project.

    Parameters
    ----------
    shared
        The folder that holds ``data/``.

    Returns
    -------
    402 products, 402 techniques with joint products, and a capital item for each asset class
    that an industry holds; million USD, producers' prices of 1.
    """
    data = shared / "data" / "bea_us"
    table = read_make_use(
        data / f"Detail_Make_{YEAR}_AfterRedef_17sch.parquet",
        data / f"Detail_Use_{YEAR}_PRO_AfterRedef_17sch.parquet",
        data / f"Detail_Import_{YEAR}_BeforeRedef_17sch.parquet",
        year=YEAR,
    )
    stock = pd.read_parquet(data / "fixed_assets_net_stock_current_cost_2000_2017.parquet")
    return detail_economy(table, stock)


def detail_economy(table: Table, stock: pd.DataFrame) -> Economy:
    """Return the economy of a table of the detail level and a stock table of the same year."""
    flows = detail_flows(table, least_value_added=GIVEN.least_value_added)
    bought = investment_by_class(table)
    capital = detail_capital(
        holdings(stock, bought, year=table.year, growth=GIVEN.growth),
        bought,
        holders=tuple(holder_of(code) for code in table.branches.codes),
        weights=industry_weights(table),
        most=GIVEN.user_cost_share * flows.value_added,
        products=table.products.codes,
        given=GIVEN,
    )
    n, m = len(table.products), len(table.branches)
    branches = table.branches.codes
    income = flows.value_added - capital.user_cost(discount=GIVEN.discount, industries=m)
    return Economy(
        name=f"united-states-{table.year}",
        title=f"United States {table.year}: {m} industries, {n} commodities, {table.unit}",
        base_period=table.year,
        period="year",
        currency=table.unit,
        products=products_of(table),
        producers=Producers(branches, table.branches.names, ("",) * m, branches),
        techniques=techniques_of(table, flows),
        labour=Labour(
            ("labour",),
            ("Labour at its base-year cost",),
            (table.unit,),
            sp.csc_array(income[None, :] / flows.activity),
            np.array([float(income.sum())]),
        ),
        capital=capital_of(table, capital, activity=flows.activity),
        stocks=empty_stocks(table),
        demand=Demand(
            groups=("households",),
            group_names=("All households",),
            consumption=flows.households[:, None],
            collective=flows.collective,
            other=flows.other,
        ),
        trade=Trade(
            currency=table.unit,
            exports=flows.exports,
            imports_other=flows.imports_other,
            imports_investment=flows.imports_investment,
            export_price=np.ones(n),
            import_price=np.ones(n),
            export_limit=np.full(n, np.inf),
        ),
        accounts=Accounts(
            reserves=0.0,
            transfers=float((flows.exports - flows.imports_other - flows.imports_investment).sum()),
            debt_service=0.0,
            new_credit=0.0,
        ),
        projects=no_projects(),
        routes=no_routes(n),
        trend=Trend(growth=GIVEN.growth, labour=GIVEN.labour_growth),
        provenance=provenance(table),
        notes=notes(table, given=GIVEN, flows=flows, capital=capital),
    )


def products_of(table: Table) -> Products:
    """Return every commodity, at producers' prices of 1."""
    n = len(table.products)
    unit = f"{table.unit} of {table.year}"
    return Products(table.products.codes, table.products.names, (unit,) * n, ("",) * n, np.ones(n))


def techniques_of(table: Table, flows: DetailFlows) -> Techniques:
    """Return one technique an industry, whose outputs per unit of activity sum to 1."""
    m = len(table.branches)
    return Techniques(
        codes=table.branches.codes,
        names=table.branches.names,
        producer=np.arange(m, dtype=np.int64),
        use=sp.csc_array(flows.use / flows.activity),
        output=sp.csc_array(table.make / flows.activity),
        activity=flows.activity,
        emission_codes=(),
        emission_units=(),
        emissions=sp.csc_array((0, m)),
    )


def capital_of(table: Table, capital: DetailCapital, *, activity: Floats) -> Capital:
    """Return the items; a unit of capacity carries a unit of its industry's activity."""
    capacity = activity[capital.industry]
    started = (capital.depreciation + GIVEN.growth) * capacity
    e = len(capital.asset)
    codes = [table.branches.codes[j] for j in capital.industry]
    named = list(zip(codes, capital.asset, strict=True))
    need = sp.csc_array(
        (np.ones(e), (np.arange(e), capital.industry)), shape=(e, len(table.branches))
    )
    return Capital(
        codes=tuple(f"{code} {asset}" for code, asset in named),
        names=tuple(f"{CLASSES[asset]} of {code}" for code, asset in named),
        producer=capital.industry,
        assets=capital.asset,
        need=need,
        composition=sp.csc_array(capital.goods / started),
        capacity=capacity,
        investment=started,
        depreciation=capital.depreciation,
        lag=np.ones(e, dtype=np.int64),
    )


def empty_stocks(table: Table) -> Stocks:
    """Return stocks that start at nothing; farming, mining and manufactures may be stored."""
    n = len(table.products)
    storable = np.array([code[0] in "13" or code[:2] == "21" for code in table.products.codes])
    return Stocks(storable, np.zeros(n), np.zeros(n), np.where(storable, GIVEN.storage_loss, 0.0))
