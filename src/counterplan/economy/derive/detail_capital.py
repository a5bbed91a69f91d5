"""Capital of 402 industries by asset class, from the stock of 63 and the investment of 402.

Holders are the 63 private industries of the stock table, housing, and three levels of
government. What a holder has is split among its industries; what it buys follows its assets
and is balanced to observed investment by commodity, class by class.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.economy.derive.assets import ASSET_DEPRECIATION, DWELLING_DEPRECIATION
from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.capital import shared_out
from counterplan.economy.derive.composition import balanced
from counterplan.economy.derive.detail_concordance import (
    ASSET_PRODUCTS,
    DEFENCE,
    FEDERAL,
    HOUSING,
    STATE_LOCAL,
    STOCK_MERGED,
    class_of_asset,
)
from counterplan.economy.economy import Codes, Floats
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError

PRIVATE = "private"
ROUNDS_MAX = 500
#: Columns of final demand: the investor, and which of equipment, structures, intellectual
#: property or residential buildings it buys.
INVESTMENT: Mapping[str, tuple[str, str]] = {
    "F02E00": (PRIVATE, "equipment"),
    "F02N00": (PRIVATE, "intellectual"),
    "F02R00": (HOUSING, "dwellings"),
    "F02S00": (PRIVATE, "structures"),
    "F06E00": (DEFENCE, "equipment"),
    "F06N00": (DEFENCE, "intellectual"),
    "F06S00": (DEFENCE, "structures"),
    "F07E00": (FEDERAL, "equipment"),
    "F07N00": (FEDERAL, "intellectual"),
    "F07S00": (FEDERAL, "structures"),
    "F10E00": (STATE_LOCAL, "equipment"),
    "F10N00": (STATE_LOCAL, "intellectual"),
    "F10S00": (STATE_LOCAL, "structures"),
}

#: Roads and public works: Bureau of Economic Analysis, Survey of Current Business, July 1997,
#: table 3, highways and streets.
PUBLIC_WORKS_DEPRECIATION = 0.0202


@dataclass(frozen=True)
class Holding:
    """What one holder has of one asset class.

    Attributes
    ----------
    holder, asset, investor
        Whose it is, of which class, and in whose columns its purchases are recorded.
    stock
        As counted or estimated [million USD].
    depreciation
        Share lost per year by the mix of its assets.
    assets
        Stock by asset; empty where it is not counted by asset.
    """

    holder: str
    asset: str
    investor: str
    stock: float
    depreciation: float
    assets: Mapping[str, float]


@dataclass(frozen=True)
class DetailCapital:
    """Capital items: one for each industry and asset class of which it has any [e].

    Attributes
    ----------
    industry
        [e] index of the industry.
    asset
        [e] class.
    stock
        [e] million USD.
    depreciation
        [e] share per year, scaled so that investment is the observed one.
    goods
        [n x e] investment by commodity, million USD; rows sum to observed investment.
    scale
        By investor and class, what depreciation by the mix of assets was multiplied by.
    unheld
        By holder, the share of its stock that its industries could not carry.
    """

    industry: np.ndarray
    asset: Codes
    stock: Floats
    depreciation: Floats
    goods: Floats
    scale: Mapping[tuple[str, str], float]
    unheld: Mapping[str, float]

    def user_cost(self, *, discount: float, industries: int) -> Floats:
        """Return (rho + delta) K by industry [m]."""
        cost = (discount + self.depreciation) * self.stock
        per_industry = np.bincount(self.industry, weights=cost, minlength=industries)
        return np.asarray(per_industry, dtype=np.float64)


def investment_by_class(table: Table) -> dict[tuple[str, str], Floats]:
    """Return observed investment by investor and class, each by commodity [n].

    Negative cells (used goods sold) are no purchases and are left out; so are investors who
    buy nothing.

    Raises
    ------
    InputError
        If a column of investment is missing from the table.
    """
    found: dict[tuple[str, str], Floats] = {}
    for column, key in INVESTMENT.items():
        if column not in table.final.codes:
            raise InputError(
                f"there is no column '{column}'", place=table.name, mend="read the detail level"
            )
        f = table.final.codes.index(column)
        goods = np.maximum(table.domestic_final[:, f] + table.imported_final[:, f], 0.0)
        if goods.any():
            found[key] = goods
    return found


def holdings(
    stock: pd.DataFrame, bought: Mapping[tuple[str, str], Floats], *, year: int, growth: float
) -> list[Holding]:
    r"""Return what every holder has: private industries as counted, the others estimated.

    Where nobody counted, :math:`K = I / (\delta + g)`, with the private average of
    :math:`\delta` for equipment and intellectual property.
    """
    held = stock.assign(
        asset=stock["asset"].str.strip(), industry=stock["industry"].replace(dict(STOCK_MERGED))
    )
    held = held[held["asset"].isin(list(ASSET_DEPRECIATION)) & (held[str(year)] > 0)]
    held = held.assign(kind=held["asset"].map(class_of_asset), value=held[str(year)].astype(float))
    rates = held["asset"].map(ASSET_DEPRECIATION)
    lost_by_kind = (held["value"] * rates).groupby(held["kind"]).sum()
    average = dict(lost_by_kind / held["value"].groupby(held["kind"]).sum())
    found = []
    for (industry, kind), rows in held.groupby(["industry", "kind"]):
        assets = rows.groupby("asset")["value"].sum()
        lost = sum(value * ASSET_DEPRECIATION[str(asset)] for asset, value in assets.items())
        whole = float(assets.sum())
        parts = {str(asset): float(value) for asset, value in assets.items()}
        found.append(Holding(str(industry), str(kind), PRIVATE, whole, lost / whole, parts))
    known = average | {"structures": PUBLIC_WORKS_DEPRECIATION, "dwellings": DWELLING_DEPRECIATION}
    for (investor, kind), goods in bought.items():
        if investor != PRIVATE:
            rate = known[kind]
            whole = float(goods.sum()) / (rate + growth)
            found.append(Holding(investor, kind, investor, whole, rate, {}))
    return found


def detail_capital(
    held: list[Holding],
    bought: Mapping[tuple[str, str], Floats],
    *,
    holders: Codes,
    weights: Floats,
    most: Floats,
    products: Codes,
    given: Assumptions,
) -> DetailCapital:
    r"""Split each holder's capital among its industries, and say what new capital is made of.

    .. math:: K_{ja} = \sigma_j K_{h(j)a}, \qquad
              \sigma_j = \min\Bigl(\lambda_h w_j,\;
              \frac{c_j}{\sum_a (\rho + \delta_{ha}) K_{ha}}\Bigr), \qquad
              \delta_{ha} = s_{la}\,\delta^0_{ha}, \qquad
              \sum_{h \in l} (\delta_{ha} + g) K_{ha} = I_{la} .

    Shares sum to 1 over a holder's industries where the caps allow it.

    Parameters
    ----------
    holders
        [m] holder of each industry, '' where it has no capital.
    weights
        w [m]: what a holder's capital is split by.
    most
        c [m]: most that the user cost of an industry may be [million USD].

    Raises
    ------
    InputError
        If investment does not even cover growth, or the rounds do not settle.
    """
    groups = {h.holder: np.flatnonzero(np.array(holders) == h.holder) for h in held}
    share, scale = settled_shares(
        held, bought, groups=groups, weights=weights, most=most, given=given
    )
    kept = {name: float(share[rows].sum()) for name, rows in groups.items()}
    industry, asset, stock, rate, goods = [], [], [], [], []
    for key, investment in bought.items():
        mine = [h for h in held if (h.investor, h.asset) == key and kept[h.holder] > 0]
        made_of = purchases(
            mine, investment, kept=kept, scale=scale[key], products=products, given=given
        )
        for h, column in zip(mine, made_of.T, strict=True):
            for j in groups[h.holder]:
                if share[j] > 0:
                    industry.append(int(j))
                    asset.append(h.asset)
                    stock.append(share[j] * h.stock)
                    rate.append(scale[key] * h.depreciation)
                    goods.append(column * (share[j] / kept[h.holder]))
    order = np.argsort(industry, kind="stable")
    return DetailCapital(
        industry=np.array(industry)[order],
        asset=tuple(asset[e] for e in order),
        stock=np.array(stock)[order],
        depreciation=np.array(rate)[order],
        goods=np.column_stack(goods)[:, order],
        scale=scale,
        unheld={name: 1 - part for name, part in kept.items() if part < 1 - 1e-9},
    )


def settled_shares(
    held: list[Holding],
    bought: Mapping[tuple[str, str], Floats],
    *,
    groups: Mapping[str, np.ndarray],
    weights: Floats,
    most: Floats,
    given: Assumptions,
) -> tuple[Floats, dict[tuple[str, str], float]]:
    """Return the share of each industry in its holder's capital [m], and the scales.

    Depreciation sets the caps, and what the caps leave sets depreciation: in turn, until both
    agree.
    """
    share = np.zeros(len(weights))
    kept = dict.fromkeys(groups, 1.0)
    for _ in range(ROUNDS_MAX):
        scale = scales(held, bought, kept=kept, growth=given.growth)
        cost = dict.fromkeys(groups, 0.0)
        for h in held:
            rate = given.discount + scale[h.investor, h.asset] * h.depreciation
            cost[h.holder] += rate * h.stock
        before, kept = kept, {}
        for name, rows in groups.items():
            caps = most[rows] / cost[name]
            carried = min(1.0, float(caps[weights[rows] > 0].sum()))
            share[rows] = (
                shared_out(weights[rows], most=caps, total=carried)
                if carried == 1.0
                else np.where(weights[rows] > 0, caps, 0.0)
            )
            kept[name] = carried
        if max(abs(kept[name] - before[name]) for name in kept) < 1e-15:
            return share, scale
    raise InputError("what branches can carry does not settle", place="capital of 402 industries")


def scales(
    held: list[Holding],
    bought: Mapping[tuple[str, str], Floats],
    *,
    kept: Mapping[str, float],
    growth: float,
) -> dict[tuple[str, str], float]:
    r"""Return :math:`s_{la} = (I_{la} - g K_{la}) / \sum_h \delta^0_{ha} K_{ha}` for each."""
    found = {}
    for key, goods in bought.items():
        mine = [h for h in held if (h.investor, h.asset) == key]
        stock = sum(kept[h.holder] * h.stock for h in mine)
        lost = sum(kept[h.holder] * h.stock * h.depreciation for h in mine)
        left = float(goods.sum()) - growth * stock
        if left <= 0:
            raise InputError(
                f"investment of {goods.sum():.6g} in {key[1]} is less than growth of {growth:.3%} "
                f"on {stock:.6g}",
                place=f"capital, {key[0]}",
                mend="state a lower growth",
            )
        found[key] = left / lost
    return found


def purchases(
    mine: list[Holding],
    investment: Floats,
    *,
    kept: Mapping[str, float],
    scale: float,
    products: Codes,
    given: Assumptions,
) -> Floats:
    r"""Return what each holder of one class buys [n x holders]; rows sum to ``investment``.

    The first guess is :math:`(s\,\delta_a + g) k_a` of each asset, spread over the commodities
    that it is bought as; commodities that no asset stands for are spread evenly.
    """
    average = investment / investment.sum()
    # Only what was bought at all.
    row = {code: i for i, code in enumerate(products) if investment[i] > 0}
    guess = np.zeros((len(products), len(mine)))
    mapped = np.zeros(len(products), dtype=bool)
    for k, h in enumerate(mine):
        for asset, value in h.assets.items():
            rows = [row[code] for code in ASSET_PRODUCTS[asset] if code in row]
            mapped[rows] = True
            flow = (scale * ASSET_DEPRECIATION[asset] + given.growth) * value
            if rows:
                guess[rows, k] += flow * investment[rows] / investment[rows].sum()
    total = guess.sum(axis=0)
    own = np.where(total > 0, guess / np.where(total > 0, total, 1.0), average[:, None])
    even = np.where(mapped, 0.0, average)
    own = even[:, None] + (1 - even.sum()) * own
    guess = (1 - given.mixing) * own + given.mixing * average[:, None]
    columns = np.array(
        [(scale * h.depreciation + given.growth) * kept[h.holder] * h.stock for h in mine]
    )
    return balanced(guess, rows=investment, columns=columns)
