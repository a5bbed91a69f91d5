"""Sheets: from the economy's arrays to the columns of its tables; the way back of assembly."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Codes, Economy, Floats, Sparse
from counterplan.economy.package.schema import ACCOUNT_ITEMS
from counterplan.errors import InputError

Sheet = Mapping[str, Sequence[Any]]  # column name to its cells


def sheets_of(economy: Economy) -> dict[str, Sheet]:
    """Return every table of an economy, those without rows included.

    Raises
    ------
    InputError
        Where the economy holds something that the format cannot say.
    """
    return {
        **_production(economy),
        **_resources(economy),
        **_uses(economy),
        **_choices(economy),
    }


def _entries(matrix: Sparse, *, down: tuple[str, Codes], across: tuple[str, Codes]) -> Sheet:
    """Return the entries of a matrix as rows, column by column of the matrix."""
    entries = sp.coo_array(sp.csc_array(matrix))
    kept = entries.data != 0
    row, column = entries.coords[0][kept], entries.coords[1][kept]
    order = np.lexsort((row, column))
    return {
        across[0]: [across[1][j] for j in column[order].tolist()],
        down[0]: [down[1][i] for i in row[order].tolist()],
        "quantity": entries.data[kept][order].tolist(),
    }


def _where(keep: Any, codes: Codes, **columns: Floats) -> Sheet:  # noqa: ANN401
    """Return the rows of the products to be kept."""
    rows = np.flatnonzero(keep)
    cells = {name: values[rows].tolist() for name, values in columns.items()}
    return {"product": [codes[i] for i in rows.tolist()], **cells}


def _production(economy: Economy) -> dict[str, Sheet]:
    products, techniques = economy.products, economy.techniques
    product, technique = ("product", products.codes), ("technique", techniques.codes)
    emission = ("emission", techniques.emission_codes)
    return {
        "products": {
            "product": products.codes,
            "name": products.names,
            "unit": products.units,
            "region": products.regions,
            "price": products.prices.tolist(),
        },
        "producers": {
            "producer": economy.producers.codes,
            "name": economy.producers.names,
            "region": economy.producers.regions,
            "branch": economy.producers.branches,
        },
        "techniques": {
            "technique": techniques.codes,
            "name": techniques.names,
            "producer": [economy.producers.codes[s] for s in techniques.producer.tolist()],
            "activity": techniques.activity.tolist(),
        },
        "outputs": _entries(techniques.output, down=product, across=technique),
        "inputs": _entries(techniques.use, down=product, across=technique),
        "emissions": {"emission": techniques.emission_codes, "unit": techniques.emission_units},
        "emission_rates": _entries(techniques.emissions, down=emission, across=technique),
    }


def _resources(economy: Economy) -> dict[str, Sheet]:
    labour, capital, stocks = economy.labour, economy.capital, economy.stocks
    technique = ("technique", economy.techniques.codes)
    item = ("capital", capital.codes)
    stored = (stocks.initial != 0) | (stocks.minimum != 0) | (stocks.loss != 0)
    for i in np.flatnonzero(stored & ~stocks.storable)[:1]:
        code = economy.products.codes[i]
        raise InputError(
            f"product '{code}' has a stock and may not be stored",
            place="stocks",
            mend="make it storable, or set its stock, minimum and loss to zero",
        )
    return {
        "skills": {
            "skill": labour.codes,
            "name": labour.names,
            "unit": labour.units,
            "force": labour.force.tolist(),
        },
        "labour": _entries(labour.need, down=("skill", labour.codes), across=technique),
        "capital": {
            "capital": capital.codes,
            "name": capital.names,
            "producer": [economy.producers.codes[s] for s in capital.producer.tolist()],
            "asset": capital.assets,
            "capacity": capital.capacity.tolist(),
            "investment": capital.investment.tolist(),
            "depreciation": capital.depreciation.tolist(),
            "lag": capital.lag.tolist(),
        },
        "capacity_needs": _entries(capital.need, down=item, across=technique),
        "investment_goods": _entries(
            capital.composition, down=("product", economy.products.codes), across=item
        ),
        "stocks": _where(
            stocks.storable,
            economy.products.codes,
            initial=stocks.initial,
            minimum=stocks.minimum,
            loss=stocks.loss,
        ),
    }


def _uses(economy: Economy) -> dict[str, Sheet]:
    codes, demand, trade = economy.products.codes, economy.demand, economy.trade
    figures = {
        "exports": trade.exports,
        "imports_other": trade.imports_other,
        "imports_investment": trade.imports_investment,
        "export_price": trade.export_price,
        "import_price": trade.import_price,
        "export_limit": trade.export_limit,
    }
    items = (
        ACCOUNT_ITEMS if any(astuple(economy.accounts)) or "accounts" in economy.provenance else ()
    )
    return {
        "groups": {"group": demand.groups, "name": demand.group_names},
        "consumption": _entries(
            demand.consumption, down=("product", codes), across=("group", demand.groups)
        ),
        "final_use": _where(
            (demand.collective != 0) | (demand.other != 0),
            codes,
            collective=demand.collective,
            other=demand.other,
        ),
        "trade": _where(np.any([values != 0 for values in figures.values()], 0), codes, **figures),
        "accounts": {
            "item": items,
            "amount": [getattr(economy.accounts, item) for item in items],
        },
    }


def _choices(economy: Economy) -> dict[str, Sheet]:
    codes, projects, routes = economy.products.codes, economy.projects, economy.routes
    costs = [
        (project, offset, codes[product], quantity)
        for project, cost in zip(projects.codes, projects.cost, strict=True)
        for product, offset, quantity in cost
    ]
    names = ("project", "offset", "product", "quantity")
    return {
        "projects": {
            "project": projects.codes,
            "name": projects.names,
            "capital": [economy.capital.codes[e] for e in projects.capital.tolist()],
            "capacity": projects.capacity.tolist(),
            "lag": projects.lag.tolist(),
        },
        "project_costs": {name: [row[i] for row in costs] for i, name in enumerate(names)},
        "routes": {
            "route": routes.codes,
            "origin": [codes[i] for i in routes.origin.tolist()],
            "destination": [codes[i] for i in routes.destination.tolist()],
            "limit": routes.limit.tolist(),
        },
        "route_needs": _entries(
            routes.need, down=("product", codes), across=("route", routes.codes)
        ),
    }
