"""Uses: who gets what techniques and investment leave, and what is traded for it abroad."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.drawn.flows import Flows
from counterplan.economy.drawn.means import Means
from counterplan.economy.drawn.request import Draw
from counterplan.economy.economy import Floats

GOODS_IMPORTERS = 0.5
GOODS_IMPORTED = (0.0, 0.6)
IMPORTED_GOODS_MOST = 0.9
EXPORTED = (0.1, 0.5)
EXPORTED_WHOLLY = 0.15
SERVED = 0.4
COLLECTIVE = (0.1, 0.3)
KEPT = 0.3
KEPT_SHARE = (-0.03, 0.05)
EVENNESS = 4.0


@dataclass(frozen=True)
class Uses:
    """Final use of each product, in million crowns at base prices.

    Attributes
    ----------
    goods, imported_goods
        [n] investment goods, and what of the imports is for them.
    exports, collective, other
        [n].
    consumption
        [n x G].
    """

    goods: Floats
    imported_goods: Floats
    exports: Floats
    collective: Floats
    other: Floats
    consumption: Floats


def uses_of(request: Draw, flows: Flows, means: Means) -> Uses:
    """Draw final use; consumption is what the rest leaves, so that every product balances.

    - Imports of investment goods: all that are used of a product that nobody makes; half of the
      others are imported for up to 60%, and at most for 90% of the product's imports.
    - Exports: 10 to 50% of what investment leaves, of a share ``exported`` of the products made
      at home (one, if any are wanted); three in twenty of those (never the first product) are
      exported wholly, and nobody consumes them.
    - Other use: of three in ten products -3 to 5% (inventories fall or rise).
    - Collective consumption: of two in five products 10 to 30% of the rest.
    - Consumption: what is left, over the groups by Dirichlet(4).
    """
    random = np.random.default_rng([request.seed, 6])
    count, home = flows.left.size, np.arange(flows.left.size) < request.made
    goods = means.goods @ means.investment
    some = random.random(count) < GOODS_IMPORTERS
    share = np.where(some, random.uniform(*GOODS_IMPORTED, count), 0.0)
    bought = np.minimum(share * goods, IMPORTED_GOODS_MOST * flows.imports)
    rest = flows.left - goods
    sold = home & (random.random(count) < request.exported)
    sold[0] |= request.exported > 0 and not sold.any()
    wholly = sold & (random.random(count) < EXPORTED_WHOLLY) & (np.arange(count) > 0)
    exports = np.where(sold, random.uniform(*EXPORTED, count) * rest, 0.0)
    exports = np.where(wholly, rest, exports)
    kept = ~wholly & (random.random(count) < KEPT)
    other = np.where(kept, random.uniform(*KEPT_SHARE, count) * rest, 0.0)
    rest = rest - exports - other
    served = random.random(count) < SERVED
    collective = np.where(served, random.uniform(*COLLECTIVE, count) * rest, 0.0)
    part = random.gamma(EVENNESS, size=(count, request.groups))
    part /= part.sum(axis=1, keepdims=True)
    return Uses(
        goods=goods,
        imported_goods=np.where(home, bought, np.minimum(goods, flows.imports)),
        exports=exports,
        collective=collective,
        other=other,
        consumption=part * np.where(wholly, 0.0, rest - collective)[:, None],
    )
