"""Drawing an economy: values at base prices become products, techniques, people and machines."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.economy.drawn.flows import Flows, flows_of
from counterplan.economy.drawn.makers import Makers, makers_of
from counterplan.economy.drawn.means import ASSETS, Means, means_of
from counterplan.economy.drawn.places import places_of, regional
from counterplan.economy.drawn.projects import with_projects
from counterplan.economy.drawn.record import notes_of, numbered, provenance_of
from counterplan.economy.drawn.request import Draw
from counterplan.economy.drawn.uses import Uses, uses_of
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

UNITS = ("t", "piece", "MWh", "thousand hours")
PRICE_SPREAD = 1.0
EMITTERS = 0.6
STORED = 0.3
STOCK = (0.02, 0.2)
STOCK_LOSS = (0.0, 0.1)
MINIMUM = 0.5
EXCHANGE = (0.5, 2.0)
FOREIGN_SPREAD = 0.15
LIMITED = 0.3
EXPORT_ROOM = (1.0, 1.5)
DEBT = (0.0, 0.1)
RESERVES = (0.1, 0.4)


@dataclass(frozen=True)
class Values:
    """Everything drawn in million crowns at base prices, and the prices [n] themselves."""

    makers: Makers
    flows: Flows
    means: Means
    uses: Uses
    prices: Floats

    @property
    def worth(self) -> Floats:
        """Million crowns that a unit of each technique's activity makes [m].

        A unit of activity makes one unit of the product that the technique is run for.
        """
        main = self.makers.main_of_technique
        value: Floats = self.prices[main] / self.makers.makes[main, np.arange(main.size)]
        return value


def draw_economy(request: Draw) -> Economy:
    r"""Return a random economy that is in balance in its base period.

    Values come first: who makes what, what techniques use up, what capital and labour they need,
    who gets the rest. Products then get prices, log-normal with a spread of 1, and quantities are
    values over prices. By construction

    .. math:: (V - U) x + m = B J + c + g + o + e, \qquad
              \sum_i p_i (V_{ij} - U_{ij}) = \sum_e r_e N_{ej} + \sum_k w_k L_{kj}

    for each product, and for each technique that runs; going on as before on trend is a plan.
    Every distribution and its reason: docs/economy/drawn.md.
    """
    makers = makers_of(request)
    flows = flows_of(request, makers)
    means = means_of(request, makers, flows)
    uses = uses_of(request, flows, means)
    random = np.random.default_rng([request.seed, 7])
    prices = np.exp(PRICE_SPREAD * random.standard_normal(flows.left.size))
    values = Values(makers, flows, means, uses, prices)
    return with_projects(regional(whole(request, values), request), request)


def whole(request: Draw, values: Values) -> Economy:
    """Return the economy with every product balanced over the whole."""
    trade = trade_of(request, values)
    count = request.products
    return Economy(
        name=f"drawn-{request.seed}",
        title=f"An economy drawn at random, number {request.seed}",
        base_period=2020,
        period="year",
        currency="million crowns",
        products=Products(
            numbered("product", count),
            tuple(f"Product {i + 1}" for i in range(count)),
            tuple(UNITS[i % len(UNITS)] for i in range(count)),
            ("",) * count,
            values.prices,
        ),
        producers=producers_of(request, values.makers),
        techniques=techniques_of(request, values),
        labour=labour_of(request, values),
        capital=capital_of(values),
        stocks=stocks_of(request, values),
        demand=Demand(
            numbered("group", request.groups),
            tuple(f"Group {i + 1}" for i in range(request.groups)),
            values.uses.consumption / values.prices[:, None],
            values.uses.collective / values.prices,
            values.uses.other / values.prices,
        ),
        trade=trade,
        accounts=accounts_of(request, trade),
        projects=no_projects(),
        routes=no_routes(count),
        trend=Trend(growth=request.growth, labour=request.labour_growth),
        provenance=provenance_of(request),
        notes=notes_of(request),
    )


def producers_of(request: Draw, makers: Makers) -> Producers:
    """Return the producers; those of a branch say what it makes."""
    count = makers.branch.size
    branches = numbered("branch", makers.main.size)
    return Producers(
        numbered("producer", count),
        tuple(f"Producer {i + 1}" for i in range(count)),
        places_of(request, makers.branch),
        tuple(branches[b] for b in makers.branch),
    )


def techniques_of(request: Draw, values: Values) -> Techniques:
    """Return the techniques; six in ten emit, log-normal around 1 per million crowns."""
    makers, worth, prices = values.makers, values.worth, values.prices
    random = np.random.default_rng([request.seed, 8])
    shape = (request.emissions, worth.size)
    rate = np.exp(random.standard_normal(shape)) * (random.random(shape) < EMITTERS)
    codes = numbered("technique", worth.size)
    return Techniques(
        codes=codes,
        names=tuple(f"Technique {j + 1}" for j in range(worth.size)),
        producer=makers.producer,
        use=sp.csc_array(values.flows.inputs * worth / prices[:, None]),
        output=sp.csc_array(makers.makes * worth / prices[:, None]),
        activity=makers.value / worth,
        emission_codes=numbered("emission", request.emissions),
        emission_units=("t",) * request.emissions,
        emissions=sp.csc_array(rate * worth),
    )


def labour_of(request: Draw, values: Values) -> Labour:
    """Return the labour; the force is who works, and who has no work."""
    means = values.means
    need = means.labour / means.pay[:, None] * values.worth
    at_work = need @ (values.makers.value / values.worth)
    return Labour(
        numbered("skill", request.skills),
        tuple(f"Skill {k + 1}" for k in range(request.skills)),
        ("person",) * request.skills,
        sp.csc_array(need),
        at_work * (1 + means.spare),
    )


def capital_of(values: Values) -> Capital:
    """Return the capital items, in millions of output that they serve."""
    means = values.means
    kinds = [ASSETS[kind] for kind in means.asset]
    width = len(str(values.makers.branch.size))
    number = [f"{owner + 1:0{width}d}" for owner in means.owner]
    return Capital(
        codes=tuple(f"{kind.code}-{n}" for kind, n in zip(kinds, number, strict=True)),
        names=tuple(
            f"{kind.name} of producer {owner + 1}"
            for kind, owner in zip(kinds, means.owner, strict=True)
        ),
        producer=means.owner,
        assets=tuple(kind.code for kind in kinds),
        need=sp.csc_array(means.need @ sp.diags_array(values.worth)),
        composition=sp.csc_array(means.goods / values.prices[:, None]),
        capacity=means.capacity,
        investment=means.investment,
        depreciation=means.depreciation,
        lag=means.lag,
    )


def stocks_of(request: Draw, values: Values) -> Stocks:
    """Return the stocks: of three products in ten, 2 to 20% of the supply.

    Every other of them spoils, by up to 10% a period, and has no minimum: as before nobody fills
    it up. The others keep, and half of what is there is their minimum.
    """
    random = np.random.default_rng([request.seed, 9])
    supply = values.flows.supply / values.prices
    storable = random.random(supply.size) < STORED
    initial = np.where(storable, random.uniform(*STOCK, supply.size) * supply, 0.0)
    spoils = random.random(supply.size) < 0.5
    loss = np.where(storable & spoils, random.uniform(*STOCK_LOSS, supply.size), 0.0)
    minimum = np.where(spoils, 0.0, MINIMUM * initial)
    return Stocks(storable, initial, minimum, loss)


def trade_of(request: Draw, values: Values) -> Trade:
    """Return foreign trade: one exchange rate, prices abroad log-normal around it.

    The world takes no more than 1 to 1.5 times the exports of three products in ten.
    """
    random = np.random.default_rng([request.seed, 10])
    prices, uses, count = values.prices, values.uses, values.prices.size
    rate = random.uniform(*EXCHANGE)
    abroad = prices / rate * np.exp(FOREIGN_SPREAD * random.standard_normal((2, count)))
    exports = uses.exports / prices
    limited = random.random(count) < LIMITED
    most = exports * random.uniform(*EXPORT_ROOM, count)
    return Trade(
        currency="million dollars",
        exports=exports,
        imports_other=(values.flows.imports - uses.imported_goods) / prices,
        imports_investment=uses.imported_goods / prices,
        export_price=abroad[0],
        import_price=abroad[1],
        export_limit=np.where(limited, most, np.inf),
    )


def accounts_of(request: Draw, trade: Trade) -> Accounts:
    """Return the foreign accounts; transfers are what closes them, so they may flow in.

    Debt service and new credit are up to 10% of the imports, reserves 10 to 40%.
    """
    random = np.random.default_rng([request.seed, 11])
    bought = float((trade.imports_other + trade.imports_investment) @ trade.import_price)
    service, credit = random.uniform(*DEBT, 2) * bought
    earned = float(trade.exports @ trade.export_price)
    return Accounts(
        reserves=random.uniform(*RESERVES) * bought,
        transfers=earned + credit - bought - service,
        debt_service=service,
        new_credit=credit,
    )
