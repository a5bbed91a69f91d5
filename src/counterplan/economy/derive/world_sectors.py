"""The capital profile of 56 branches, brought to the 35 of the world tables.

ISIC Rev. 4 against NACE Rev. 1, by whole branches: where a branch of the new classification
holds parts of two old ones, it counts where most of it was.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from counterplan.economy.derive.composition import NEXT_BEST
from counterplan.economy.derive.evidence import Profile, capital_profile

#: The branches of ISIC Rev. 4 that stand for each branch of the world tables. Textiles and
#: leather are one branch there: both take it.
SECTOR_BRANCHES: Mapping[str, tuple[str, ...]] = {
    "c1": ("A01", "A02", "A03"),
    "c2": ("B",),
    "c3": ("C10-C12",),
    "c4": ("C13-C15",),
    "c5": ("C13-C15",),
    "c6": ("C16",),
    "c7": ("C17", "C18", "J58"),
    "c8": ("C19",),
    "c9": ("C20", "C21"),
    "c10": ("C22",),
    "c11": ("C23",),
    "c12": ("C24", "C25"),
    "c13": ("C28", "C33"),
    "c14": ("C26", "C27"),
    "c15": ("C29", "C30"),
    "c16": ("C31_C32",),
    "c17": ("D35", "E36"),
    "c18": ("F",),
    "c19": ("G45",),
    "c20": ("G46",),
    "c21": ("G47",),
    "c22": ("I",),
    "c23": ("H49",),
    "c24": ("H50",),
    "c25": ("H51",),
    "c26": ("H52",),
    "c27": ("H53", "J61"),
    "c28": ("K64", "K65", "K66"),
    "c29": ("L68",),
    "c30": ("J62_J63", "M69_M70", "M71", "M72", "M73", "M74_M75", "N"),
    "c31": ("O84",),
    "c32": ("P85",),
    "c33": ("Q",),
    "c34": ("E37-E39", "J59_J60", "R_S"),
    "c35": ("T",),
}

#: The code under which the profile knows what a branch delivers as capital. Software is
#: looked for under N; research is left out, for these tables do not count it as investment.
INVESTMENT_CODE: Mapping[str, str] = {
    "c2": "B",
    "c12": "C24",
    "c13": "C28",
    "c14": "C26",
    "c15": "C29",
    "c16": "C31_C32",
    "c18": "F",
    "c30": "N",
}

#: Products of the profile that are one product in the world tables.
PRODUCT_MERGED: Mapping[str, str] = {"C25": "C24", "C27": "C26", "C30": "C29"}


def sector_profile() -> Profile:
    """Return the packaged profile for the 35 branches and the world tables' products.

    Capital and value added are added up over the branches of a sector, and the mix of
    products is weighted by capital.
    """
    known = capital_profile()
    add = np.zeros((len(SECTOR_BRANCHES), len(known.branches)))
    for row, members in enumerate(SECTOR_BRANCHES.values()):
        for branch in members:
            add[row, known.branches.index(branch)] = 1.0
    names = [PRODUCT_MERGED.get(code, code) for code in known.products]
    products = tuple(dict.fromkeys(names))
    gather = np.zeros((len(known.products), len(products)))
    gather[np.arange(len(names)), [products.index(name) for name in names]] = 1.0
    capital = known.weight * known.capital_output
    held = add @ (capital[:, None] * known.share) @ gather
    lost = add @ (capital[:, None] * known.share * known.depreciation) @ gather
    return replace(
        known,
        branches=tuple(SECTOR_BRANCHES),
        products=products,
        weight=add @ known.weight,
        capital_output=(add @ capital) / (add @ known.weight),
        share=held / held.sum(axis=1, keepdims=True),
        depreciation=np.divide(lost, held, out=np.zeros_like(lost), where=held > 0),
    )


def national_profile() -> Profile:
    """Return the same profile for one country's table, its products called as the table does.

    What no branch of the tables delivers as capital keeps its code and is found in no table.
    """
    known = sector_profile()
    sector = {code: name for name, code in INVESTMENT_CODE.items()}

    def called(product: str) -> str:
        while product not in sector and product in NEXT_BEST:
            product = NEXT_BEST[product]
        return sector.get(product, product)

    return replace(known, products=tuple(called(product) for product in known.products))
