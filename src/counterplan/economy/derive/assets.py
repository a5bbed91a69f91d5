"""What the United States' capital stock by industry and asset says about branches.

Two stated concordances and one depreciation rate for each asset turn the stock by 63
industries and 96 assets into a profile by branch of ISIC Rev. 4: which products new
capital is made of, and how fast it wears out. The assets follow the Bureau of Economic
Analysis (fixed assets, net stock at current cost, public domain).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

#: Depreciation per year of each asset. Equipment and structures: Bureau of Economic
#: Analysis, Survey of Current Business, July 1997, table 3 (after Hulten and Wykoff).
#: Software, research and entertainment originals: the Bureau's comprehensive revisions of
#: 1999 and 2013. Computers, nuclear fuel and cars, where that table gives no single rate:
#: rounded service-life rates.
ASSET_DEPRECIATION: Mapping[str, float] = {
    **dict.fromkeys(("EP1A", "EP1B", "EP1C", "EP1D", "EP1E", "EP1F", "EP1G", "EP1H"), 0.31),
    "EP20": 0.11,
    **dict.fromkeys(("EP34", "EP35", "EP36"), 0.135),
    "EP31": 0.18,
    "EP12": 0.3119,
    "EI11": 0.25,
    "EI12": 0.0917,
    "EI21": 0.0516,
    "EI22": 0.2063,
    "EI30": 0.1225,
    "EI40": 0.1031,
    "EI50": 0.1072,
    "EI60": 0.05,
    "ET11": 0.1917,
    "ET12": 0.1917,
    "ET20": 0.25,
    "ET30": 0.0825,
    "ET40": 0.0611,
    "ET50": 0.0589,
    "EO11": 0.1375,
    "EO12": 0.1179,
    "EO30": 0.1179,
    "EO21": 0.1452,
    "EO40": 0.155,
    "EO22": 0.1633,
    "EO50": 0.15,
    "EO60": 0.15,
    "EO71": 0.165,
    "EO72": 0.1834,
    "EO80": 0.1473,
    "SOO1": 0.0247,
    **dict.fromkeys(("SB31", "SB32"), 0.0188),
    "SOO2": 0.0247,
    **dict.fromkeys(("SC03", "SC04", "SC02"), 0.0262),
    "SC01": 0.0222,
    "SOMO": 0.0556,
    "SI00": 0.0314,
    "SU30": 0.0211,
    "SU60": 0.0303,
    **dict.fromkeys(("SU40", "SU50", "SU20", "SB43", "SB45", "SB44", "SB46"), 0.0237),
    "SM01": 0.0751,
    "SM02": 0.045,
    **dict.fromkeys(("SB10", "SB20"), 0.0188),
    "SB41": 0.0281,
    "SB42": 0.03,
    "SU11": 0.0176,
    "SU12": 0.0249,
    "SN00": 0.0239,
    **dict.fromkeys(("SO01", "SO02", "SO03", "SO04"), 0.0225),
    "ENS1": 0.55,
    **dict.fromkeys(("ENS2", "ENS3"), 0.33),
    "RD11": 0.10,
    "RD12": 0.16,
    "RD23": 0.25,
    "RD21": 0.40,
    "RD22": 0.27,
    "RD24": 0.29,
    "RD25": 0.40,
    "RD31": 0.31,
    "RD32": 0.22,
    "RD40": 0.22,
    "RD60": 0.36,
    **dict.fromkeys(("RDOM", "RD70", "RD50", "RD80", "RD91", "RD92"), 0.16),
    "AE10": 0.093,
    "AE20": 0.168,
    "AE30": 0.121,
    "AE40": 0.267,
    "AE50": 0.109,
}

#: Dwellings: 0.0114 for houses, 0.0140 for blocks of flats (same table 3), about their mean.
DWELLING_DEPRECIATION = 0.0125


def _asset_products() -> dict[str, str]:
    """Return the product (ISIC Rev. 4 division) that each asset is a purchase of."""
    product = {
        asset: "F" for asset in ASSET_DEPRECIATION if asset.startswith("S") and asset[1] != "M"
    }
    product |= dict.fromkeys(("SM01", "SM02"), "B")  # wells and shafts: ISIC 09, where recorded
    product |= {asset: "M72" for asset in ASSET_DEPRECIATION if asset.startswith("RD")}
    product |= dict.fromkeys(("ENS1", "ENS2", "ENS3"), "J62_J63")
    product |= dict.fromkeys(("AE10", "AE20", "AE40", "AE50"), "J59_J60")
    product["AE30"] = "J58"
    product |= {asset: "C26" for asset in ASSET_DEPRECIATION if asset.startswith("EP1")}
    product |= dict.fromkeys(("EP20", "EP35", "EP36"), "C26")
    product |= dict.fromkeys(("EP34", "EO11", "EO12"), "C31_C32")
    product |= dict.fromkeys(("EI60", "EO71", "EO72"), "C27")
    product |= dict.fromkeys(("ET11", "ET12", "ET20"), "C29")
    product |= dict.fromkeys(("ET30", "ET40", "ET50"), "C30")
    product["EI11"] = "C24"
    product["EI12"] = "C25"
    rest = [asset for asset in ASSET_DEPRECIATION if asset not in product]
    return product | dict.fromkeys(rest, "C28")


ASSET_PRODUCT: Mapping[str, str] = _asset_products()

#: The Bureau's industries that stand for each branch. C33, G45, H53, M71 to M75, O84, T and U
#: have no industry of their own there: the nearest stands in (see docs/economy/derivation.md).
BRANCH_INDUSTRIES: Mapping[str, tuple[str, ...]] = {
    "A01": ("110C",),
    "A02": ("113F",),
    "A03": ("113F",),
    "B": ("2110", "2120", "2130"),
    "C10-C12": ("311A",),
    "C13-C15": ("313T", "315A"),
    "C16": ("3210",),
    "C17": ("3220",),
    "C18": ("3230",),
    "C19": ("3240",),
    "C20": ("3250",),
    "C21": ("3250",),
    "C22": ("3260",),
    "C23": ("3270",),
    "C24": ("3310",),
    "C25": ("3320",),
    "C26": ("3340",),
    "C27": ("3350",),
    "C28": ("3330",),
    "C29": ("336M",),
    "C30": ("336O",),
    "C31_C32": ("3370", "338A"),
    "C33": ("3330",),
    "D35": ("2200",),
    "E36": ("2200",),
    "E37-E39": ("5620",),
    "F": ("2300",),
    "G45": ("44RT",),
    "G46": ("4200",),
    "G47": ("44RT",),
    "H49": ("4820", "4840", "4850", "4860"),
    "H50": ("4830",),
    "H51": ("4810",),
    "H52": ("487S", "4930"),
    "H53": ("487S",),
    "I": ("7210", "7220"),
    "J58": ("5110",),
    "J59_J60": ("5120",),
    "J61": ("5130",),
    "J62_J63": ("5140", "5415"),
    "K64": ("5210", "5220", "5230"),
    "K65": ("5240",),
    "K66": ("5230", "5250"),
    "L68": ("5310",),
    "M69_M70": ("5411", "5412", "5500"),
    "M71": ("5412",),
    "M72": ("5412",),
    "M73": ("5412",),
    "M74_M75": ("5412",),
    "N": ("5320", "5610"),
    "O84": ("6100",),
    "P85": ("6100",),
    "Q": ("6210", "622H", "6230", "6240"),
    "R_S": ("711A", "7130", "8100"),
    "T": ("8100",),
    "U": ("6100",),
}


def asset_stocks(stock: pd.DataFrame, *, year: int, dwellings: float) -> pd.DataFrame:
    r"""Return the stock of each branch by product, and how fast it wears out.

    With the stock :math:`k_{aj}` of asset :math:`a` and its depreciation :math:`\delta_a`,

    .. math:: s_{ij} = \frac{\sum_{a \in i} k_{aj}}{\sum_a k_{aj}}, \qquad
              \delta_{ij} = \frac{\sum_{a \in i} \delta_a k_{aj}}{\sum_{a \in i} k_{aj}}.

    Parameters
    ----------
    stock
        Columns ``industry``, ``asset`` and one for each year [million USD].
    year
        The year's column to use.
    dwellings
        Stock of dwellings, absent from that table, added to branch L68 [million USD].

    Returns
    -------
    Columns ``branch``, ``product``, ``share`` (of the branch's stock, sums to 1 over
    products) and ``depreciation`` [share per year].
    """
    held = stock.assign(asset=stock["asset"].str.strip())
    held = held[held["asset"].isin(list(ASSET_DEPRECIATION))]
    table = held.pivot_table(
        index="industry", columns="asset", values=str(year), aggfunc="sum", fill_value=0.0
    )
    rates = pd.Series(ASSET_DEPRECIATION)[table.columns]
    product = pd.Series(ASSET_PRODUCT)[table.columns]
    rows = []
    for branch, industries in BRANCH_INDUSTRIES.items():
        assets = table.loc[list(industries)].sum().clip(lower=0.0)
        kept = assets.groupby(product).sum()
        lost = (assets * rates).groupby(product).sum()
        if branch == "L68":
            kept["F"] += dwellings
            lost["F"] += dwellings * DWELLING_DEPRECIATION
        kept = kept[kept > 0]
        rows += [
            (branch, code, kept[code] / kept.sum(), lost[code] / kept[code]) for code in kept.index
        ]
    return pd.DataFrame(rows, columns=["branch", "product", "share", "depreciation"])


def capital_output_ratio(accounts: Mapping[str, pd.DataFrame], *, year: int) -> pd.Series:
    """Return capital over value added by branch, the geometric mean over countries.

    The geometric mean, because one country's ratio may be several times the other's.

    Parameters
    ----------
    accounts
        For each country the socio-economic accounts of WIOD 2016: columns ``code``,
        ``year``, ``K`` (nominal capital stock) and ``VA`` [both in national currency].
    year
        The year used.

    Returns
    -------
    Ratio by branch [years]. A branch that one country lacks takes the other's ratio; one
    that all lack takes that of all branches together.
    """
    logs, wholes = {}, []
    for country, account in accounts.items():
        one = account[account["year"].astype(str) == str(year)].set_index("code")
        there = (one["K"] > 0) & (one["VA"] > 0)
        logs[country] = np.log((one["K"] / one["VA"])[there])
        wholes.append(np.log(one["K"].sum() / one["VA"].sum()))
    mean = pd.DataFrame(logs).mean(axis=1).reindex(list(BRANCH_INDUSTRIES))
    filled: pd.Series = np.exp(mean.fillna(float(np.mean(wholes))))
    return filled
