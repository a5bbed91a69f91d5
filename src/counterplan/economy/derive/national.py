"""A plannable economy from one national input-output table."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.employment import Employment
from counterplan.economy.derive.estimate import Estimate, estimate
from counterplan.economy.derive.evidence import host_of
from counterplan.economy.derive.flows import Flows, check_rows, flows_of
from counterplan.economy.derive.record import notes_of, provenance_of
from counterplan.economy.derive.trade import FinalUse, foreign_flow
from counterplan.economy.economy import (
    Accounts,
    Capital,
    Codes,
    Demand,
    Economy,
    Floats,
    Integers,
    Labour,
    Producers,
    Products,
    Sparse,
    Stocks,
    Techniques,
    Trade,
    Trend,
    no_projects,
    no_routes,
)
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean


def derive_economy(table: Table, assumptions: Assumptions | None = None) -> Economy:
    r"""Return the economy that a table shows, with what it does not show estimated.

    One technique for each active branch, whose activity is its gross output. Prices of 1 are
    a steady state of it: for every branch that does not run at a loss

    .. math:: 1 = \sum_i U_{ij} + \sum_k w_k L_{kj} + (\rho + \delta_j) \sum_i B_{ij},

    and in the base period every product balances,

    .. math:: V x + m = U x + B J + c + g + o + e .

    Parameters
    ----------
    table
        A national table with imported use apart, each branch making one product.
    assumptions
        What the table does not say; the defaults are conventions, labelled as such.

    Returns
    -------
    The economy; every estimate is graded in ``provenance`` and the rest said in ``notes``.

    Raises
    ------
    InputError
        If the table does not balance by product, or the assumptions contradict it.
    """
    given = assumptions or Assumptions()
    flows = flows_of(table)
    check_rows(flows)
    whole = estimate(flows, given)
    n, m = len(whole.rows), len(whole.branches)
    names = branch_names(flows)
    products = products_of(flows, whole.rows)
    return Economy(
        name=f"{flows.name}-{flows.year}".lower(),
        title=f"{flows.name} {flows.year}: {m} branches, {n} products, {flows.unit}",
        base_period=flows.year,
        period="year",
        currency=flows.unit,
        products=products,
        producers=Producers(whole.branches, names, ("",) * m, whole.branches),
        techniques=techniques_of(flows, whole, given),
        labour=labour_of(whole.employment, whole.output),
        capital=capital_of(whole, names=names),
        stocks=empty_stocks([flows.codes[i] for i in whole.rows], loss=given.storage_loss),
        demand=demand_of(whole.use, whole.rows),
        trade=trade_of(whole.use, products, whole.rows, currency=flows.unit, given=given),
        accounts=Accounts(
            reserves=given.reserves,
            transfers=foreign_flow(flows, whole.use).surplus,
            debt_service=0.0,
            new_credit=0.0,
        ),
        projects=no_projects(),
        routes=no_routes(n),
        trend=Trend(growth=given.growth, labour=given.labour_growth),
        provenance=provenance_of(flows, given),
        notes=notes_of(flows, given, whole=whole),
    )


def branch_names(flows: Flows) -> Codes:
    """Return the names of the active branches [m]."""
    return tuple(flows.names[j] for j in flows.active)


def products_of(flows: Flows, rows: Integers) -> Products:
    """Return the products in ``rows``, in the table's money at prices of 1."""
    n = len(rows)
    return Products(
        codes=tuple(flows.codes[i] for i in rows),
        names=tuple(flows.names[i] for i in rows),
        units=(f"{flows.unit} of {flows.year}",) * n,
        regions=("",) * n,
        prices=np.ones(n),
    )


def techniques_of(flows: Flows, whole: Estimate, given: Assumptions) -> Techniques:
    """Return one technique a branch: output 1, and what the table says it uses of the rest."""
    n, m = len(whole.rows), len(whole.branches)
    place = np.searchsorted(whole.rows, flows.active)
    return Techniques(
        codes=whole.branches,
        names=branch_names(flows),
        producer=np.arange(m, dtype=np.int64),
        use=sp.csc_array(flows.use[np.ix_(whole.rows, flows.active)] / whole.output),
        output=sp.csc_array((np.ones(m), (place, np.arange(m))), shape=(n, m)),
        activity=whole.output.copy(),
        emission_codes=tuple(e.code for e in given.emissions),
        emission_units=tuple(e.unit for e in given.emissions),
        emissions=emissions_per_activity(given, branches=whole.branches, output=whole.output),
    )


def emissions_per_activity(given: Assumptions, *, branches: Codes, output: Floats) -> Sparse:
    """Return emissions per unit of activity [q x m], counted where the table counts them."""
    active = frozenset(branches)
    column = {code: j for j, code in enumerate(branches)}
    total = np.zeros((len(given.emissions), len(branches)))
    for q, emission in enumerate(given.emissions):
        for code, amount in emission.by_branch.items():
            host = host_of(code, active)
            if host:
                total[q, column[host]] += amount
            elif amount:
                raise InputError(
                    f"emission '{emission.code}' of branch '{code}', which is not in the table",
                    place="assumptions.emissions",
                    mend="give it to another branch",
                )
    return sp.csc_array(total / output)


def labour_of(employment: Employment, output: Floats) -> Labour:
    """Return labour per unit of activity; the force is what the base period used."""
    need = sp.csc_array(employment.persons / output)
    return Labour(
        employment.codes, employment.names, employment.units, need, np.asarray(need @ output)
    )


def capital_of(whole: Estimate, *, names: Codes) -> Capital:
    """Return one composite item a branch, whose unit of capacity carries a unit of activity."""
    m = len(names)
    rate = whole.capital.depreciation + whole.capital.growth
    started = rate * whole.output
    return Capital(
        codes=whole.branches,
        names=tuple(f"Capacity of {name}" for name in names),
        producer=np.arange(m, dtype=np.int64),
        assets=("",) * m,
        need=sp.csc_array(sp.eye_array(m)),
        composition=sp.csc_array(whole.goods / started),
        capacity=whole.output.copy(),
        investment=started,
        depreciation=whole.capital.depreciation.copy(),
        lag=np.ones(m, dtype=np.int64),
    )


def empty_stocks(codes: Sequence[str], *, loss: float) -> Stocks:
    """Return stocks that start at nothing; goods (sections A to C) may be stored."""
    n = len(codes)
    storable = np.array([code[0] in "ABC" for code in codes])
    return Stocks(storable, np.zeros(n), np.zeros(n), np.where(storable, loss, 0.0))


def demand_of(use: FinalUse, rows: Integers) -> Demand:
    """Return final use of the products in ``rows``; households are one group."""
    return Demand(
        groups=("households",),
        group_names=("All households",),
        consumption=use.households[rows][:, None],
        collective=use.collective[rows],
        other=use.other[rows],
    )


def trade_of(
    use: FinalUse, products: Products, rows: Integers, *, currency: str, given: Assumptions
) -> Trade:
    """Return trade of the products in ``rows``, at prices of 1, exports bounded where told."""
    n, codes = len(rows), products.codes
    for code in given.exports_bounded:
        if code not in codes:
            raise InputError(
                f"no product '{code}' to bound the exports of",
                place="assumptions.exports_bounded",
                mend=did_you_mean(code, codes) or "name products of the table",
            )
    bounded = np.isin(codes, given.exports_bounded)
    return Trade(
        currency=currency,
        exports=use.exports[rows],
        imports_other=use.imports_other[rows],
        imports_investment=use.imports_investment[rows],
        export_price=np.ones(n),
        import_price=np.ones(n),
        export_limit=np.where(bounded, use.exports[rows], np.inf),
    )
