"""A plannable economy from one national input-output table."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.capital import CapitalEstimate, capital_by_branch, capital_total
from counterplan.economy.derive.composition import balanced, first_guess, recorded_profile
from counterplan.economy.derive.employment import (
    Employment,
    employment_by_pay,
    labour_in_cost,
)
from counterplan.economy.derive.evidence import Profile, host_of, merged
from counterplan.economy.derive.flows import Flows, check_rows, flows_of
from counterplan.economy.derive.record import notes_of, provenance_of
from counterplan.economy.derive.trade import FinalUse, final_use, foreign_flow
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
from counterplan.errors import InputError


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
    rows, active = whole.rows, flows.active
    n, m = len(rows), len(active)
    output = flows.output[active]
    codes = tuple(flows.codes[i] for i in rows)
    branches = tuple(flows.codes[j] for j in active)
    names = tuple(flows.names[j] for j in active)
    unit = f"{flows.unit} of {flows.year}"
    place = np.searchsorted(rows, active)
    make = sp.csc_array((np.ones(m), (place, np.arange(m))), shape=(n, m))
    use = sp.csc_array(flows.use[np.ix_(rows, active)] / output)
    owner = np.arange(m, dtype=np.int64)
    return Economy(
        name=f"{flows.name}-{flows.year}".lower(),
        title=f"{flows.name} {flows.year}, {m} branches",
        base_period=flows.year,
        period="year",
        currency=flows.unit,
        products=Products(
            codes, tuple(flows.names[i] for i in rows), (unit,) * n, ("",) * n, np.ones(n)
        ),
        producers=Producers(branches, names, ("",) * m, branches),
        techniques=Techniques(
            codes=branches,
            names=names,
            producer=owner,
            use=use,
            output=make,
            activity=output.copy(),
            emission_codes=tuple(e.code for e in given.emissions),
            emission_units=tuple(e.unit for e in given.emissions),
            emissions=emissions_per_activity(given, branches=branches, output=output),
        ),
        labour=labour_of(whole.employment, output),
        capital=capital_of(whole, branches=branches, names=names, output=output),
        stocks=empty_stocks(codes, loss=given.storage_loss),
        demand=demand_of(whole.use, rows),
        trade=trade_of(whole.use, rows, currency=flows.unit),
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
        notes=notes_of(flows, given, use=whole.use, capital=whole.capital, loss=whole.at_a_loss),
    )


@dataclass(frozen=True)
class Estimate:
    """Everything estimated from the flows, over the m active branches.

    ``rows`` [n] are the products used at all; ``goods`` [n x m] is investment by product and
    branch; ``at_a_loss`` are branches whose costs exceed their output at base prices.
    """

    rows: Integers
    use: FinalUse
    capital: CapitalEstimate
    goods: Floats
    employment: Employment
    at_a_loss: Codes


def estimate(flows: Flows, given: Assumptions) -> Estimate:
    """Estimate capital, its composition and labour of the active branches."""
    use = final_use(flows)
    active = flows.active
    rows = np.flatnonzero((flows.use.sum(axis=1) > 0) | (flows.output > 0) | used_finally(use))
    output = flows.output[active]
    branches = tuple(flows.codes[j] for j in active)
    shown = output - flows.use[:, active].sum(axis=0)
    reckoned = np.maximum(shown, given.least_value_added * output)
    profile = merged(given.profile, active=branches)
    capital, guess = capital_and_guess(
        profile, codes=flows.codes, investment=use.investment, value_added=reckoned,
        gdp=flows.gross_domestic_product(), given=given,
    )  # fmt: skip
    goods = balanced(guess, rows=use.investment, columns=capital.investment)[rows]
    income = reckoned - capital.user_cost
    employment = (
        employment_by_pay(income, branches=branches, wages=given.wages)
        if given.wages
        else labour_in_cost(income)
    )
    loss = tuple(c for c, s, r in zip(branches, shown, reckoned, strict=True) if s < r)
    return Estimate(rows, use, capital, goods, employment, loss)


def capital_and_guess(
    profile: Profile,
    *,
    codes: Codes,
    investment: Floats,
    value_added: Floats,
    gdp: float,
    given: Assumptions,
) -> tuple[CapitalEstimate, Floats]:
    """Return capital by branch, and the first guess of what its investment is made of [n x m]."""
    whole = float(investment.sum())
    total = (
        given.capital_output * gdp
        if given.capital_output is not None
        else capital_total(
            investment=whole,
            value_added=float(value_added.sum()),
            rate=given.depreciation + given.growth,
            bounds=given.capital_range,
        )
    )
    stock, loss = recorded_profile(profile, codes=codes, investment=investment)
    shape = loss.sum(axis=0) / stock.sum(axis=0)
    capital = capital_by_branch(
        profile.capital_output * value_added,
        depreciation=shape,
        most=given.user_cost_share * value_added,
        total=total,
        investment=whole,
        growth=given.growth,
        discount=given.discount,
    )
    guess = first_guess(
        stock,
        loss,
        scale=capital.depreciation / shape,
        growth=given.growth,
        investment=investment,
        mixing=given.mixing,
    )
    return capital, guess


def used_finally(use: FinalUse) -> Floats:
    """Return which products have any final use [n, true or false]."""
    parts = (use.households, use.collective, use.investment, use.exports, np.abs(use.other))
    return np.asarray(np.sum(parts, axis=0) > 0)


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


def capital_of(whole: Estimate, *, branches: Codes, names: Codes, output: Floats) -> Capital:
    """Return one composite item a branch, whose unit of capacity carries a unit of activity."""
    m = len(branches)
    rate = whole.capital.depreciation + whole.capital.growth
    started = rate * output
    return Capital(
        codes=branches,
        names=tuple(f"Capacity of {name}" for name in names),
        producer=np.arange(m, dtype=np.int64),
        assets=("",) * m,
        need=sp.csc_array(sp.eye_array(m)),
        composition=sp.csc_array(whole.goods / started),
        capacity=output.copy(),
        investment=started,
        depreciation=whole.capital.depreciation.copy(),
        lag=np.ones(m, dtype=np.int64),
    )


def empty_stocks(codes: Codes, *, loss: float) -> Stocks:
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


def trade_of(use: FinalUse, rows: Integers, *, currency: str) -> Trade:
    """Return trade of the products in ``rows``, at prices of 1 and with no known limit."""
    n = len(rows)
    return Trade(
        currency=currency,
        exports=use.exports[rows],
        imports_other=use.imports_other[rows],
        imports_investment=use.imports_investment[rows],
        export_price=np.ones(n),
        import_price=np.ones(n),
        export_limit=np.full(n, np.inf),
    )
