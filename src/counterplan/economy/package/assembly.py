"""Assembly: from tables to the economy's arrays."""

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import (
    Accounts,
    Capital,
    Codes,
    Demand,
    Economy,
    Floats,
    Labour,
    Producers,
    Products,
    Projects,
    Provenance,
    Routes,
    Sparse,
    Stocks,
    Techniques,
    Trade,
    Trend,
)
from counterplan.economy.package.descriptor import Descriptor
from counterplan.economy.package.rows import Rows
from counterplan.economy.package.schema import table
from counterplan.economy.package.tables import Tables


def assemble(
    tables: Tables, descriptor: Descriptor, provenance: Mapping[str, Provenance]
) -> Economy:
    """Build the economy from checked tables."""
    return Economy(
        name=descriptor.name,
        title=descriptor.title,
        base_period=descriptor.base_period,
        period=descriptor.period,
        currency=descriptor.currency,
        products=_products(tables["products"]),
        producers=_producers(tables["producers"]),
        techniques=_techniques(tables),
        labour=_labour(tables),
        capital=_capital(tables),
        stocks=_stocks(tables),
        demand=_demand(tables),
        trade=_trade(tables, descriptor.foreign_currency),
        accounts=_accounts(tables["accounts"]),
        projects=_projects(tables),
        routes=_routes(tables),
        trend=Trend(descriptor.growth, descriptor.labour_growth),
        provenance=dict(provenance),
        notes=descriptor.notes,
    )


def _names(rows: Rows, code: str) -> Codes:
    """Return the names; a code speaks for itself where the name is left empty."""
    pairs = zip(rows.text("name"), rows.text(code), strict=True)
    return tuple(name or own for name, own in pairs)


def _products(rows: Rows) -> Products:
    return Products(
        codes=rows.text("product"),
        names=_names(rows, "product"),
        units=rows.text("unit"),
        regions=rows.text("region"),
        prices=rows.numbers("price"),
    )


def _producers(rows: Rows) -> Producers:
    return Producers(
        codes=rows.text("producer"),
        names=_names(rows, "producer"),
        regions=rows.text("region"),
        branches=rows.text("branch"),
    )


def _matrix(tables: Tables, name: str, *, down: str, across: str) -> Sparse:
    """Return the column "quantity" as a sparse matrix; ``down`` and ``across`` are links."""
    schema = table(name)
    height = len(tables[schema.column(down).refers])
    width = len(tables[schema.column(across).refers])
    at = (tables.positions(name, down), tables.positions(name, across))
    found = sp.csc_array((tables[name].numbers("quantity"), at), shape=(height, width))
    found.eliminate_zeros()
    return found


def _spread(tables: Tables, name: str, column: str, *, elsewhere: float = 0.0) -> Floats:
    """Return a column of a table by product, for every product of the economy."""
    found = np.full(len(tables["products"]), elsewhere)
    found[tables.positions(name, "product")] = tables[name].numbers(column)
    return found


def _techniques(tables: Tables) -> Techniques:
    rows = tables["techniques"]
    return Techniques(
        codes=rows.text("technique"),
        names=_names(rows, "technique"),
        producer=tables.positions("techniques", "producer"),
        use=_matrix(tables, "inputs", down="product", across="technique"),
        output=_matrix(tables, "outputs", down="product", across="technique"),
        activity=rows.numbers("activity"),
        emission_codes=tables["emissions"].text("emission"),
        emission_units=tables["emissions"].text("unit"),
        emissions=_matrix(tables, "emission_rates", down="emission", across="technique"),
    )


def _labour(tables: Tables) -> Labour:
    rows = tables["skills"]
    return Labour(
        codes=rows.text("skill"),
        names=_names(rows, "skill"),
        units=rows.text("unit"),
        need=_matrix(tables, "labour", down="skill", across="technique"),
        force=rows.numbers("force"),
    )


def _capital(tables: Tables) -> Capital:
    rows = tables["capital"]
    return Capital(
        codes=rows.text("capital"),
        names=_names(rows, "capital"),
        producer=tables.positions("capital", "producer"),
        assets=rows.text("asset"),
        need=_matrix(tables, "capacity_needs", down="capital", across="technique"),
        composition=_matrix(tables, "investment_goods", down="product", across="capital"),
        capacity=rows.numbers("capacity"),
        investment=rows.numbers("investment"),
        depreciation=rows.numbers("depreciation"),
        lag=rows.numbers("lag").astype(np.int64),
    )


def _stocks(tables: Tables) -> Stocks:
    storable = np.zeros(len(tables["products"]), dtype=np.bool_)
    storable[tables.positions("stocks", "product")] = True
    return Stocks(
        storable=storable,
        initial=_spread(tables, "stocks", "initial"),
        minimum=_spread(tables, "stocks", "minimum"),
        loss=_spread(tables, "stocks", "loss"),
    )


def _demand(tables: Tables) -> Demand:
    groups = tables["groups"]
    consumption = _matrix(tables, "consumption", down="product", across="group")
    return Demand(
        groups=groups.text("group"),
        group_names=_names(groups, "group"),
        consumption=consumption.toarray(),
        collective=_spread(tables, "final_use", "collective"),
        other=_spread(tables, "final_use", "other"),
    )


def _trade(tables: Tables, currency: str) -> Trade:
    return Trade(
        currency=currency,
        exports=_spread(tables, "trade", "exports"),
        imports_other=_spread(tables, "trade", "imports_other"),
        imports_investment=_spread(tables, "trade", "imports_investment"),
        export_price=_spread(tables, "trade", "export_price"),
        import_price=_spread(tables, "trade", "import_price"),
        export_limit=_spread(tables, "trade", "export_limit"),
    )


def _accounts(rows: Rows) -> Accounts:
    amounts = dict(zip(rows.text("item"), rows.numbers("amount").tolist(), strict=True))
    return Accounts(
        reserves=amounts.get("reserves", 0.0),
        transfers=amounts.get("transfers", 0.0),
        debt_service=amounts.get("debt_service", 0.0),
        new_credit=amounts.get("new_credit", 0.0),
    )


def _projects(tables: Tables) -> Projects:
    rows, costs = tables["projects"], tables["project_costs"]
    found: list[list[tuple[int, int, float]]] = [[] for _ in range(len(rows))]
    for project, product, offset, quantity in zip(
        tables.positions("project_costs", "project").tolist(),
        tables.positions("project_costs", "product").tolist(),
        costs.numbers("offset").astype(np.int64).tolist(),
        costs.numbers("quantity").tolist(),
        strict=True,
    ):
        found[project].append((product, offset, quantity))
    return Projects(
        codes=rows.text("project"),
        names=_names(rows, "project"),
        cost=tuple(tuple(one) for one in found),
        capital=tables.positions("projects", "capital"),
        capacity=rows.numbers("capacity"),
        lag=rows.numbers("lag").astype(np.int64),
    )


def _routes(tables: Tables) -> Routes:
    rows = tables["routes"]
    return Routes(
        codes=rows.text("route"),
        origin=tables.positions("routes", "origin"),
        destination=tables.positions("routes", "destination"),
        need=_matrix(tables, "route_needs", down="product", across="route"),
        limit=rows.numbers("limit"),
    )
