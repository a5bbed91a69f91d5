"""The world in 2011: 41 regions by 35 branches, with no foreign trade left.

What regions buy of each other stands in the techniques, in what new capacity is made of and in
the households' baskets, by product and region of origin. Each region has its own labour, which
stays there, and its own households.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.composition import balanced
from counterplan.economy.derive.estimate import capital_and_guess
from counterplan.economy.derive.evidence import Profile
from counterplan.economy.derive.world_record import notes, provenance
from counterplan.economy.derive.world_sectors import INVESTMENT_CODE, sector_profile
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
    Stocks,
    Techniques,
    Trade,
    Trend,
    no_projects,
    no_routes,
)
from counterplan.economy.tables.axes import FinalKind
from counterplan.economy.tables.table import Table
from counterplan.economy.tables.wiod2013 import read_wiod2013

YEAR = 2011
#: The conventions that every derived economy shares: discount, growth, caps, mixing.
GIVEN = Assumptions()


@dataclass(frozen=True)
class RegionalCapital:
    """Capital of the m techniques: stock, depreciation [m] and what it is made of.

    ``goods`` [n x m] is investment by product and technique, million USD; over the techniques
    of a region it sums to the region's observed investment by product and origin.
    """

    stock: Floats
    depreciation: Floats
    goods: Floats


def world_2011(shared: Path) -> Economy:
    """Return the world of 2011, derived afresh from the table beside the project.

    Parameters
    ----------
    shared
        The folder that holds ``data/``.

    Returns
    -------
    1,435 products of 41 regions, one technique for each that is made (1,413), 41 skills (one a
    region) and 41 groups of households; million USD, basic prices of 1.
    """
    folder = shared / "data" / "wiod2013_world"
    return world_economy(read_wiod2013(folder / f"WIOT13_{YEAR}.parquet", year=YEAR), GIVEN)


def world_economy(table: Table, given: Assumptions) -> Economy:
    """Return the economy of a world table whose branches each make one product.

    Products that nobody makes or uses stay, so that every region has the same 35.
    """
    made = np.flatnonzero(table.output > 0)
    output = table.output[made]
    value_added = output - table.domestic_use[:, made].sum(axis=0)
    reckoned = np.maximum(value_added, given.least_value_added * output)
    capital = regional_capital(table, made=made, value_added=reckoned, given=given)
    income = reckoned - (given.discount + capital.depreciation) * capital.stock
    n, regions = len(table.products), table.products.region_codes()
    branches = tuple(table.branches.codes[j] for j in made)
    owners = tuple(table.branches.regions[j] for j in made)
    names = tuple(f"{table.branches.names[j]}, {table.branches.regions[j]}" for j in made)
    return Economy(
        name=f"world-{table.year}",
        title=f"World {table.year}: {len(regions)} regions, {len(made)} branches, {table.unit}",
        base_period=table.year,
        period="year",
        currency=table.unit,
        products=products_of(table),
        producers=Producers(branches, names, owners, branches),
        techniques=techniques_of(table, made, names=names),
        labour=labour_of(regions, owners, income=income, output=output, unit=table.unit),
        capital=capital_of(capital, branches, names=names, output=output, growth=given.growth),
        stocks=empty_stocks(table, loss=given.storage_loss),
        demand=demand_of(table, regions),
        trade=no_trade(n, currency=table.unit),
        accounts=Accounts(reserves=0.0, transfers=0.0, debt_service=0.0, new_credit=0.0),
        projects=no_projects(),
        routes=no_routes(n),
        trend=Trend(growth=given.growth, labour=given.labour_growth),
        provenance=provenance(table),
        notes=notes(table, given=given, stock=float(capital.stock.sum()), made=len(made)),
    )


def regional_capital(
    table: Table, *, made: Integers, value_added: Floats, given: Assumptions
) -> RegionalCapital:
    """Estimate capital region by region, as :func:`derive_economy` does for one country.

    A region's branches buy a product from the origins from which the region's investment comes.

    Parameters
    ----------
    made
        [m] positions of the branches that run.
    value_added
        [m] million USD.
    """
    profile = sector_profile()
    codes = tuple(INVESTMENT_CODE.get(code, code) for code in profile.branches)
    sectors = np.array([profile.branches.index(sector_of(code)) for code in table.products.codes])
    regions = np.array(table.branches.regions)[made]
    bought = final_use(table, FinalKind.INVESTMENT)
    stock, rate = np.zeros(len(made)), np.zeros(len(made))
    goods = np.zeros((len(table.products), len(made)))
    for r, region in enumerate(table.products.region_codes()):
        here = np.flatnonzero(regions == region)
        by_sector = np.asarray(
            np.bincount(sectors, weights=bought[:, r], minlength=len(codes)), dtype=np.float64
        )
        capital, guess = capital_and_guess(
            part_of(profile, sectors[made[here]]),
            codes=codes,
            investment=by_sector,
            value_added=value_added[here],
            gdp=float(value_added[here].sum()),
            given=given,
        )
        parts = balanced(guess, rows=by_sector, columns=capital.investment)
        origin = np.divide(
            bought[:, r],
            by_sector[sectors],
            out=np.zeros(len(sectors)),
            where=by_sector[sectors] > 0,
        )
        stock[here], rate[here] = capital.stock, capital.depreciation
        goods[:, here] = origin[:, None] * parts[sectors]
    return RegionalCapital(stock, rate, goods)


def part_of(profile: Profile, rows: Integers) -> Profile:
    """Return the profile of the given branches only."""
    return replace(
        profile,
        branches=tuple(profile.branches[j] for j in rows),
        weight=profile.weight[rows],
        capital_output=profile.capital_output[rows],
        share=profile.share[rows],
        depreciation=profile.depreciation[rows],
    )


def sector_of(code: str) -> str:
    """Return the branch of a code without its region: "c1" for "AUS_c1"."""
    return code.rpartition("_")[2]


def final_use(table: Table, *kinds: FinalKind) -> Floats:
    """Return what each region uses of each product for the given ends [n x regions].

    Negative cells are no demand that a plan could meet: they are left to ``other``.
    """
    regions = table.products.region_codes()
    chosen = table.final.of_kind(*kinds)
    used = np.zeros((len(table.products), len(regions)))
    for f in np.flatnonzero(chosen):
        used[:, regions.index(table.final.regions[f])] += np.maximum(table.domestic_final[:, f], 0)
    return used


def products_of(table: Table) -> Products:
    """Return every product with its region, at basic prices of 1."""
    n = len(table.products)
    axis = table.products
    names = tuple(f"{name}, {r}" for name, r in zip(axis.names, axis.regions, strict=True))
    unit = f"{table.unit} of {table.year}"
    return Products(axis.codes, names, (unit,) * n, axis.regions, np.ones(n))


def techniques_of(table: Table, made: Integers, *, names: Codes) -> Techniques:
    """Return one technique for each branch that runs; its inputs come from every region."""
    n, m = len(table.products), len(made)
    output = table.output[made]
    return Techniques(
        codes=tuple(table.branches.codes[j] for j in made),
        names=names,
        producer=np.arange(m, dtype=np.int64),
        use=sp.csc_array(table.domestic_use[:, made] / output),
        output=sp.csc_array((np.ones(m), (made, np.arange(m))), shape=(n, m)),
        activity=output.copy(),
        emission_codes=(),
        emission_units=(),
        emissions=sp.csc_array((0, m)),
    )


def labour_of(
    regions: Codes, owners: Codes, *, income: Floats, output: Floats, unit: str
) -> Labour:
    """Return one skill a region, counted in its own base-year cost."""
    rows = np.array([regions.index(owner) for owner in owners])
    m = len(owners)
    need = sp.csc_array((income / output, (rows, np.arange(m))), shape=(len(regions), m))
    return Labour(
        codes=tuple(f"labour {region}" for region in regions),
        names=tuple(f"Labour of {region} at its base-year cost" for region in regions),
        units=(unit,) * len(regions),
        need=need,
        force=np.asarray(need @ output),
    )


def capital_of(
    capital: RegionalCapital, branches: Codes, *, names: Codes, output: Floats, growth: float
) -> Capital:
    """Return one composite item a branch, whose unit of capacity carries a unit of activity."""
    m = len(branches)
    started = (capital.depreciation + growth) * output
    return Capital(
        codes=branches,
        names=tuple(f"Capacity of {name}" for name in names),
        producer=np.arange(m, dtype=np.int64),
        assets=("",) * m,
        need=sp.csc_array(sp.eye_array(m)),
        composition=sp.csc_array(capital.goods / started),
        capacity=output.copy(),
        investment=started,
        depreciation=capital.depreciation.copy(),
        lag=np.ones(m, dtype=np.int64),
    )


def demand_of(table: Table, regions: Codes) -> Demand:
    """Return final use: a group of households for each region, collective use of all together."""
    households = final_use(table, FinalKind.HOUSEHOLD)
    collective = final_use(table, FinalKind.COLLECTIVE, FinalKind.NONPROFIT).sum(axis=1)
    invested = final_use(table, FinalKind.INVESTMENT).sum(axis=1)
    used = table.domestic_use.sum(axis=1) + households.sum(axis=1) + collective + invested
    return Demand(
        groups=regions,
        group_names=tuple(f"Households of {region}" for region in regions),
        consumption=households,
        collective=collective,
        other=table.output - used,
    )


def empty_stocks(table: Table, *, loss: float) -> Stocks:
    """Return stocks that start at nothing; goods (branches 1 to 16) may be stored."""
    sectors = [int(sector_of(code)[1:]) for code in table.products.codes]
    storable = np.array(sectors) <= 16
    n = len(sectors)
    return Stocks(storable, np.zeros(n), np.zeros(n), np.where(storable, loss, 0.0))


def no_trade(n: int, *, currency: str) -> Trade:
    """Return trade with an abroad that there is not."""
    none = np.zeros(n)
    return Trade(currency, none, none.copy(), none.copy(), np.ones(n), np.ones(n), none.copy())
