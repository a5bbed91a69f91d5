"""Accounts: what input-output analysis needs of an economy or of a table, in one form.

Everything is at base prices and by product. Where branches make several products, or several
techniques one product, each branch's inputs are split by the industry technology (all products of
a branch are made with the same inputs). An economy does not say which of its inputs were imported:
every use of a product is taken to have the same imported share. Carrying a product from one region
to another is one more way to make it there.

Source: Eurostat, *Manual of Supply, Use and Input-Output Tables* (2008), chapter 11.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from scipy.optimize import nnls

from counterplan.economy.analysis import LeontiefModel, MakeUse, industry_technology
from counterplan.economy.checks import product_flows
from counterplan.economy.economy import Codes, Economy, Floats, Products

if TYPE_CHECKING:
    from counterplan.economy.tables.table import Table

ASIDE = "put aside"


@dataclass(frozen=True)
class Accounts:
    """One base period. p counts the products made at home, F the final uses, q the extensions.

    Attributes
    ----------
    output
        [p] value of what was made.
    domestic
        [p x p] value of home-made input per value of output.
    imported
        [p] value of imported inputs per value of output.
    final
        [p x F] final use of home-made products, by ``final_names``.
    final_imports
        [F] imported products in final use.
    extensions
        [q x p] per value of output, by ``extension_names`` (with their units).
    labour
        How many of the extensions, the first ones, are labour.
    prices, units
        [p] of the products; 1 in a money table.
    currency
        Unit of every value.
    remarks
        What was put aside before anything was asked.
    """

    codes: Codes
    names: Codes
    output: Floats
    domestic: Floats
    imported: Floats
    final: Floats
    final_names: Codes
    final_imports: Floats
    extensions: Floats
    extension_names: Codes
    labour: int
    prices: Floats
    units: Codes
    currency: str
    remarks: Codes = ()

    @property
    def model(self) -> LeontiefModel:
        """The open model of home production."""
        return LeontiefModel(self.domestic, labels=self.codes)

    @property
    def value_added(self) -> Floats:
        """[p] what is left of one unit of value when all inputs are paid, taxes included."""
        left: Floats = 1 - self.domestic.sum(axis=0) - self.imported
        return left


def accounts_of_economy(economy: Economy) -> Accounts:
    """Return the accounts of an economy's base period."""
    prices, techniques, trade = economy.products.prices, economy.techniques, economy.trade
    demand, labour, n = economy.demand, economy.labour, len(economy.products)
    carried_out, carried_in = freight(economy)
    make = np.hstack([techniques.output.toarray() * techniques.activity, carried_in])
    use = np.hstack([techniques.use.toarray() * techniques.activity, carried_out])
    goods = np.asarray(economy.capital.composition @ economy.capital.investment)
    other = use.sum(axis=1) + demand.consumption.sum(axis=1)
    other = other + demand.collective + np.maximum(demand.other, 0)
    share = imported_share(trade.imports_other, other)
    final = {
        **{group: demand.consumption[:, k] for k, group in enumerate(demand.groups)},
        "collective": demand.collective,
        "investment": goods,
        "exports": trade.exports,
        "other": demand.other,
    }
    shares = dict.fromkeys(final, share) | {
        "investment": imported_share(trade.imports_investment, goods),
        "exports": np.zeros(n),
    }
    flows = np.vstack([labour.need.toarray(), techniques.emissions.toarray()])
    by_routes = np.zeros((len(flows), len(economy.routes)))
    units = (*labour.units, *techniques.emission_units)
    codes = (*labour.codes, *techniques.emission_codes)
    return accounts(
        make=prices[:, None] * make,
        use=prices[:, None] * use,
        domestic_use=(prices * (1 - share))[:, None] * use,
        final=np.column_stack([prices * (1 - shares[k]) * v for k, v in final.items()]),
        final_imports=np.array([float(prices @ (shares[k] * v)) for k, v in final.items()]),
        final_names=tuple(final),
        flows=np.hstack([flows * techniques.activity, by_routes]),
        flow_names=tuple(f"{code} [{unit}]" for code, unit in zip(codes, units, strict=True)),
        labour=len(labour.codes),
        products=economy.products,
        branches=(*techniques.codes, *economy.routes.codes),
        currency=economy.currency,
    )


def freight(economy: Economy) -> tuple[Floats, Floats]:
    r"""Return what each route took and brought in the base period, both [n x L].

    What was carried is not data: it is what closes the balances of the products best,

    .. math:: \min_{w \ge 0} \sum_i \big((g_i + \sum_l F_{il} w_l) / z_i\big)^2

    g what is left over of a product without routes, F their effect, z its use.
    """
    routes, n = economy.routes, len(economy.products)
    lines, ones = np.arange(len(routes)), np.ones(len(routes))
    into = sp.csc_array((ones, (routes.destination, lines)), shape=(n, len(routes))).toarray()
    out = sp.csc_array((ones, (routes.origin, lines)), shape=(n, len(routes))).toarray()
    out = out + routes.need.toarray()
    if not len(routes):
        return out, into
    supply, used = product_flows(economy)
    size = np.maximum(np.maximum(supply, used), 1e-9 * max(used.max(), 1.0))
    carried, _ = nnls((into - out) / size[:, None], (used - supply) / size)
    return out * carried, into * carried


def imported_share(imports: Floats, use: Floats) -> Floats:
    """Return the imported share of each use [n], at most 1, zero where there is none."""
    share: Floats = np.divide(imports, use, out=np.zeros_like(imports), where=use > 0)
    return np.minimum(share, 1.0)


def accounts_of_table(table: "Table") -> Accounts:
    """Return the accounts of a table, its negative inputs put aside as a final use."""
    from counterplan.economy.tables.axes import FinalKind

    n = len(table.products)
    kept = [k for k, kind in enumerate(table.final.kinds) if kind is not FinalKind.IMPORTS]
    use, home = inputs_that_are_used(table)
    aside_home = (table.domestic_use - home).sum(axis=1)
    aside = float((table.use() - use).sum())
    changed = bool((use != table.use()).any() or (home != table.domestic_use).any())
    final, names = table.domestic_final[:, kept], tuple(table.final.codes[k] for k in kept)
    imported = table.imported_final[:, kept].sum(axis=0)
    if changed:
        final, names = np.column_stack([final, aside_home]), (*names, ASIDE)
        imported = np.append(imported, aside - float(aside_home.sum()))
    found = accounts(
        make=table.make,
        use=use,
        domestic_use=home,
        final=final,
        final_imports=imported,
        final_names=names,
        flows=np.zeros((0, len(table.branches))),
        flow_names=(),
        labour=0,
        products=Products(
            table.products.codes, table.products.names, (table.unit,) * n, ("",) * n, np.ones(n)
        ),
        branches=table.branches.codes,
        currency=table.unit,
    )
    return replace(found, remarks=remarks_on(table, use, home))


def inputs_that_are_used(table: "Table") -> tuple[Floats, Floats]:
    """Return what branches use of each product, of any origin and home-made, both [n x m].

    A negative input (used goods sold, a correction) is no input, and no more is imported for a
    use than it takes: else a recipe would need less than nothing.
    """
    use = np.maximum(table.use(), 0.0)
    return use, np.clip(table.domestic_use, 0.0, use)


def remarks_on(table: "Table", use: Floats, home: Floats) -> Codes:
    """Return how much was put aside."""
    negative = np.minimum(table.use(), 0.0)
    moved = np.abs(home - table.domestic_use)[use > 0]
    found = []
    if negative.any():
        found.append(
            f"{np.count_nonzero(negative):,} negative inputs, {negative.sum():,.0f} {table.unit}, "
            f"are no inputs: they are put aside as the final use '{ASIDE}'"
        )
    if moved.any():
        found.append(
            f"in {np.count_nonzero(moved):,} cells the table imports more than is used, or less "
            f"than nothing, by {moved.sum():,.0f} {table.unit} in all: they are kept between "
            "nothing and all"
        )
    return tuple(found)


def accounts(
    *,
    make: Floats,
    use: Floats,
    domestic_use: Floats,
    final: Floats,
    final_imports: Floats,
    final_names: Codes,
    flows: Floats,
    flow_names: Codes,
    labour: int,
    products: Products,
    branches: Codes,
    currency: str,
) -> Accounts:
    """Return accounts from flows of all products [n] and branches or techniques [m].

    Products that nobody makes at home leave the matrix and count as imported inputs.
    """
    output = make.sum(axis=1)
    there = output > 0
    tables = MakeUse(make.T, use, products=products.codes, branches=branches)
    at_home = MakeUse(make.T, domestic_use, products=products.codes, branches=branches)
    domestic = industry_technology(at_home)
    everything = industry_technology(tables)
    per_output = np.divide(
        flows, make.sum(axis=0), out=np.zeros_like(flows), where=make.sum(axis=0) > 0
    )
    home = domestic[np.ix_(there, there)]
    return Accounts(
        codes=chosen(products.codes, there),
        names=chosen(products.names, there),
        output=output[there],
        domestic=home,
        imported=everything.sum(axis=0)[there] - home.sum(axis=0),
        final=final[there],
        final_names=final_names,
        final_imports=final_imports + final[~there].sum(axis=0),
        extensions=(per_output @ tables.market_shares)[:, there],
        extension_names=flow_names,
        labour=labour,
        prices=products.prices[there],
        units=chosen(products.units, there),
        currency=currency,
    )


def chosen(words: Codes, kept: np.ndarray) -> Codes:
    """Return the words at which a mask is true."""
    return tuple(word for word, keep in zip(words, kept, strict=True) if keep)
