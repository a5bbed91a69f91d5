"""Places: the regions of a random economy, and what is carried between them."""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.drawn.record import numbered
from counterplan.economy.drawn.request import Draw
from counterplan.economy.economy import (
    Codes,
    Demand,
    Economy,
    Floats,
    Integers,
    Products,
    Routes,
    Sparse,
    Stocks,
    Trade,
)
from counterplan.economy.split.workplaces import drawn_regions

CARRIED = 0.5
FREIGHT = (0.0, 0.02)
FREIGHT_MOST = 0.5
LIMITED = 0.3
ROUTE_ROOM = (1.2, 2.0)
ROUNDING = 1e-12  # of a product's supply, or of what is carried: what is smaller is not there


def places_of(request: Draw, branch: Integers) -> Codes:
    """Return the region of each producer [s]; every region has a producer that runs."""
    if request.regions == 1:
        return ("",) * branch.size
    random = np.random.default_rng([request.seed, 12])
    region = drawn_regions(branch, regions=request.regions, random=random)
    there = np.unique(region[: request.running])
    codes = numbered("region", request.regions)
    return tuple(codes[r if r in there else there[0]] for r in region)


@dataclass(frozen=True)
class Rows:
    """The products of an economy by region.

    Attributes
    ----------
    regions
        [R] codes.
    product, region
        [n'] index of the product that was one, and of the region; -1 where it stays one.
    """

    regions: Codes
    product: Integers
    region: Integers

    def into(self, matrix: Sparse, place: Integers) -> Sparse:
        """Return a matrix [n x m] with rows by region [n' x m]: column j is used in place[j]."""
        dense = sp.csc_array(matrix).toarray()[self.product]
        here = (self.region[:, None] == place) | (self.region[:, None] < 0)
        return sp.csc_array(np.where(here, dense, 0.0))

    def divided(self, values: Floats, weights: Floats) -> Floats:
        """Return amounts [n] or [n x G] divided over the regions by weights [n']."""
        total = np.bincount(self.product, weights=weights)[self.product]
        even = 1.0 / np.bincount(self.product)[self.product]
        share = np.divide(weights, total, out=even, where=total > 0)
        parts: Floats = (values[self.product].T * share).T
        return parts


def regional(economy: Economy, request: Draw) -> Economy:
    """Return an economy with half of its products balanced by region and carried between them.

    Techniques use and make what there is in their own region. Consumption follows the regions'
    output, exports what is made in a region, imports what is used there; what a region then has
    left over or lacks is carried, by the fewest routes. Carrying takes up to 2% of the value
    carried, of one product that is not carried itself, out of its consumption.
    """
    if request.regions == 1:
        return economy
    random = np.random.default_rng([request.seed, 13])
    regions = tuple(sorted(set(economy.producers.regions)))
    of_producer = np.array([regions.index(code) for code in economy.producers.regions])
    place = of_producer[economy.techniques.producer]
    rows = rows_of(economy, regions, place, random)
    techniques = replace(
        economy.techniques,
        use=rows.into(economy.techniques.use, place),
        output=rows.into(economy.techniques.output, place),
    )
    goods = rows.into(economy.capital.composition, of_producer[economy.capital.producer])
    split = replace(
        economy,
        products=products_of(economy.products, rows),
        techniques=techniques,
        capital=replace(economy.capital, composition=goods),
    )
    return carried(finally_used(split, economy, rows), rows, random)


def rows_of(economy: Economy, regions: Codes, place: Integers, random: np.random.Generator) -> Rows:
    """Return which products are balanced by region: each that can be with a chance of a half.

    The first stays one: it carries the others. A product can be where every region that makes it
    makes more of it than its techniques use up, so that each region is productive by itself.
    """
    makes, uses = (np.asarray(m.toarray()) * economy.techniques.activity
                   for m in (economy.techniques.output, economy.techniques.use))  # fmt: skip
    able = np.ones(len(economy.products), dtype=bool)
    for region in range(len(regions)):
        here = place == region
        made, used = makes[:, here].sum(axis=1), uses[:, here].sum(axis=1)
        able &= (made > used) | ~(economy.techniques.output[:, here].sum(axis=1) > 0)
    apart = able & (random.random(able.size) < CARRIED)
    apart[0] = False
    each = np.where(apart, len(regions), 1)
    product = np.repeat(np.arange(each.size), each)
    rank = np.arange(product.size) - (np.cumsum(each) - each)[product]
    return Rows(regions, product, np.where(apart[product], rank, -1))


def products_of(products: Products, rows: Rows) -> Products:
    """Return the products by region."""

    def said(texts: Codes, link: str) -> Codes:
        return tuple(
            f"{texts[i]}{link}{rows.regions[r]}" if r >= 0 else texts[i]
            for i, r in zip(rows.product, rows.region, strict=True)
        )

    return Products(
        said(products.codes, "-"),
        said(products.names, ", "),
        tuple(products.units[i] for i in rows.product),
        tuple(rows.regions[r] if r >= 0 else "" for r in rows.region),
        products.prices[rows.product],
    )


def finally_used(split: Economy, economy: Economy, rows: Rows) -> Economy:
    """Return the economy with final use, stocks and trade by region."""
    made = split.techniques.output @ split.techniques.activity
    value = np.bincount(rows.region + 1, weights=made * split.products.prices)
    people = np.where(rows.region >= 0, value[rows.region + 1], 1.0)
    demand, stocks, trade = economy.demand, economy.stocks, economy.trade
    consumption = rows.divided(demand.consumption, people)
    collective, other = rows.divided(demand.collective, people), rows.divided(demand.other, people)
    used = split.techniques.use @ split.techniques.activity + consumption.sum(axis=1)
    goods = split.capital.composition @ split.capital.investment
    return replace(
        split,
        demand=Demand(demand.groups, demand.group_names, consumption, collective, other),
        stocks=Stocks(
            stocks.storable[rows.product],
            rows.divided(stocks.initial, people),
            rows.divided(stocks.minimum, people),
            stocks.loss[rows.product],
        ),
        trade=Trade(
            currency=trade.currency,
            exports=rows.divided(trade.exports, made),
            imports_other=rows.divided(trade.imports_other, used + collective),
            imports_investment=rows.divided(trade.imports_investment, goods),
            export_price=trade.export_price[rows.product],
            import_price=trade.import_price[rows.product],
            export_limit=limits(rows, trade.export_limit, made),
        ),
    )


def limits(rows: Rows, most: Floats, weights: Floats) -> Floats:
    """Return limits by region, with no limit where there was none."""
    finite = np.isfinite(most)
    parts = rows.divided(np.where(finite, most, 0.0), weights)
    return np.where(finite[rows.product], parts, np.inf)


def carried(economy: Economy, rows: Rows, random: np.random.Generator) -> Economy:
    """Return the economy with routes between regions, and the products that carrying takes."""
    gap = left_over(economy)
    supply = economy.techniques.output @ economy.techniques.activity
    supply = supply + economy.trade.imports_other + economy.trade.imports_investment
    size = np.bincount(rows.product, weights=supply)[rows.product]
    gap = np.where(np.abs(gap) > ROUNDING * size, gap, 0.0)
    origin, destination, amount = shipments(gap, rows)
    # What was carried can be carried back, without a limit.
    start = np.concatenate([origin, destination])
    end = np.concatenate([destination, origin])
    flow = np.concatenate([amount, np.zeros(amount.size)])
    price, count = economy.products.prices, start.size
    need = random.uniform(*FREIGHT, count) * price[start] / price[0]
    eaten = float(economy.demand.consumption[0].sum())
    if (taken := float(need @ flow)) > FREIGHT_MOST * eaten:
        need *= FREIGHT_MOST * eaten / taken
    consumption = economy.demand.consumption.copy()
    consumption[0] *= 1 - float(need @ flow) / eaten
    limited = (flow > 0) & (random.random(count) < LIMITED)
    codes = economy.products.codes
    return replace(
        economy,
        demand=replace(economy.demand, consumption=consumption),
        routes=Routes(
            codes=tuple(f"{codes[a]}-to-{codes[b]}" for a, b in zip(start, end, strict=True)),
            origin=start,
            destination=end,
            need=sp.csc_array(
                (need, (np.zeros(count, dtype=np.int64), np.arange(count))),
                shape=(len(codes), count),
            ),
            limit=np.where(limited, flow * random.uniform(*ROUTE_ROOM, count), np.inf),
        ),
    )


def left_over(economy: Economy) -> Floats:
    """Return what the base period leaves of each product where it is, or lacks [n']."""
    demand, trade = economy.demand, economy.trade
    gap = economy.net_output @ economy.techniques.activity
    gap = gap - economy.capital.composition @ economy.capital.investment
    gap = gap + trade.imports_other + trade.imports_investment - trade.exports
    return np.asarray(gap - demand.consumption.sum(axis=1) - demand.collective - demand.other)


def shipments(gap: Floats, rows: Rows) -> tuple[Integers, Integers, Floats]:
    """Return origin, destination and amount of what is carried, regions served in their order."""
    found: list[tuple[int, int, float]] = []
    for product in np.unique(rows.product[rows.region >= 0]):
        here = np.flatnonzero(rows.product == product)
        have, lack = np.cumsum(np.maximum(gap[here], 0)), np.cumsum(np.maximum(-gap[here], 0))
        ends = np.unique(np.concatenate([have, lack]))
        ends = ends[ends <= min(have[-1], lack[-1])]  # they differ by rounding
        # What lies between two ends goes from one region to one other: the north-west corner.
        for low, high in zip(np.append(0.0, ends[:-1]), ends, strict=True):
            middle = (low + high) / 2
            a, b = int(np.searchsorted(have, middle)), int(np.searchsorted(lack, middle))
            if a != b and high - low > ROUNDING * ends[-1]:
                found.append((int(here[a]), int(here[b]), float(high - low)))
    origin, destination, amount = zip(*found, strict=True) if found else ((), (), ())
    start, end = np.array(origin, dtype=np.int64), np.array(destination, dtype=np.int64)
    return start, end, np.array(amount, dtype=np.float64)
