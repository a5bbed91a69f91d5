"""What is known of capital by branch elsewhere, as the profile of a country that has no own.

The packaged table ``capital_profile.csv`` is derived by ``tools/build_profiles.py`` from the
capital stocks of the United States (by asset) and the socio-economic accounts of the United
States and Australia, all for 2014.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

import numpy as np
import pandas as pd

from counterplan.economy.economy import Codes, Floats
from counterplan.errors import InputError, did_you_mean

#: Where a branch that a country's table does not show apart is counted. It follows how
#: NACE 1.1 tables were carried over to ISIC Rev. 4, the only cause of such gaps in WIOD.
HOST: Mapping[str, str] = {
    "A02": "A01",
    "A03": "A01",
    "C18": "C17",
    "J58": "C17",
    "C21": "C20",
    "C25": "C24",
    "C27": "C26",
    "C30": "C29",
    "C33": "C28",
    "E36": "D35",
    "E37-E39": "R_S",
    "G45": "G47",
    "H53": "J61",
    "J59_J60": "R_S",
    "J62_J63": "N",
    "K65": "K64",
    "K66": "K64",
    "M69_M70": "N",
    "M71": "N",
    "M72": "N",
    "M73": "N",
    "M74_M75": "N",
    "T": "R_S",
    "U": "O84",
}


@dataclass(frozen=True)
class Profile:
    """Capital by branch where it is observed.

    Attributes
    ----------
    branches, products
        Codes [b] and [p].
    weight
        [b] value added where it was observed, used to merge branches [million USD].
    capital_output
        [b] capital over value added [years].
    share
        [b x p] share of each product in the branch's capital; rows sum to 1.
    depreciation
        [b x p] share lost per year of what was bought of each product.
    """

    branches: Codes
    products: Codes
    weight: Floats
    capital_output: Floats
    share: Floats
    depreciation: Floats


def host_of(branch: str, active: frozenset[str]) -> str:
    """Return the active branch that counts ``branch``, or '' when there is none."""
    seen = branch
    while seen and seen not in active:
        seen = HOST.get(seen, "")
    return seen


def merged(profile: Profile, *, active: Codes) -> Profile:
    """Return the profile for ``active`` branches only, each with those that it counts.

    Capital is added up over the merged branches, and so is value added; the mix of
    products is weighted by capital.

    Raises
    ------
    InputError
        For a branch that the profile does not know, nor any that it counts.
    """
    known = frozenset(active)
    hosts = {host_of(code, known) for code in profile.branches}
    for code in active:
        if code not in hosts:
            raise InputError(
                f"branch '{code}' is not in the classification that capital is estimated by",
                mend=did_you_mean(code, profile.branches)
                or f"name branches as it does: {', '.join(profile.branches[:6])} and so on",
            )
    row = {code: j for j, code in enumerate(active)}
    add = np.zeros((len(active), len(profile.branches)))
    for b, code in enumerate(profile.branches):
        host = host_of(code, known)
        if host:
            add[row[host], b] = 1.0
    value_added = add @ profile.weight
    capital = add @ (profile.weight * profile.capital_output)
    stock = add @ ((profile.weight * profile.capital_output)[:, None] * profile.share)
    lost = add @ (
        (profile.weight * profile.capital_output)[:, None] * profile.share * profile.depreciation
    )
    return Profile(
        branches=active,
        products=profile.products,
        weight=value_added,
        capital_output=capital / value_added,
        share=stock / capital[:, None],
        depreciation=np.divide(lost, stock, out=np.zeros_like(lost), where=stock > 0),
    )


@cache
def capital_profile() -> Profile:
    """Return the packaged profile of 56 branches."""
    text = files("counterplan.economy.derive").joinpath("capital_profile.csv").read_text("utf-8")
    return profile_of(pd.read_csv(StringIO(text), comment="#"))


def profile_of(table: pd.DataFrame) -> Profile:
    """Read a profile from its long table (columns as ``tools/build_profiles.py`` writes them)."""
    branches = tuple(dict.fromkeys(table["branch"]))
    products = tuple(sorted(set(table["product"])))
    by_branch = table.drop_duplicates("branch").set_index("branch").loc[list(branches)]
    wide = table.pivot(index="branch", columns="product", values=["share", "depreciation"])
    wide = wide.reindex(list(branches)).fillna(0.0)
    share = wide["share"][list(products)].to_numpy(dtype=np.float64)
    return Profile(
        branches=branches,
        products=products,
        weight=by_branch["weight"].to_numpy(dtype=np.float64),
        capital_output=by_branch["capital_output"].to_numpy(dtype=np.float64),
        share=share / share.sum(axis=1, keepdims=True),
        depreciation=wide["depreciation"][list(products)].to_numpy(dtype=np.float64),
    )
