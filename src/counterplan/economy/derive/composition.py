"""What new capital is made of, by branch."""

from collections.abc import Mapping

import numpy as np

from counterplan.economy.derive.evidence import Profile
from counterplan.economy.economy import Codes, Floats
from counterplan.errors import InputError

#: Where an asset is looked for when the country's table records no investment in its product.
#: M72 has none on purpose: a table made before research counted as investment leaves it out.
NEXT_BEST: Mapping[str, str] = {
    "B": "F",
    "C24": "C25",
    "C25": "C28",
    "C26": "C28",
    "C27": "C28",
    "C29": "C28",
    "C30": "C29",
    "C31_C32": "C28",
    "J58": "J62_J63",
    "J59_J60": "J62_J63",
    "J62_J63": "N",
}

#: A product counts as recorded from this share of all investment on.
RECORDED = 0.001


def recorded_product(product: str, recorded: frozenset[str]) -> str:
    """Return the product under which the country records the asset; '' if under none."""
    while product and product not in recorded:
        product = NEXT_BEST.get(product, "")
    return product


def recorded_profile(
    profile: Profile, *, codes: Codes, investment: Floats
) -> tuple[Floats, Floats]:
    """Return the stock by product and what it loses per year, as this country records them.

    Parameters
    ----------
    profile
        Capital of the m branches by p products.
    codes
        [n] product codes of the country.
    investment
        [n] observed investment [million USD].

    Returns
    -------
    Share of stock [n x m] and loss [n x m, share of the branch's stock per year]. Columns
    need not sum to 1: what the country does not record as investment is left out.
    """
    counted = frozenset(
        c for c, v in zip(codes, investment, strict=True) if v > RECORDED * investment.sum()
    )
    row = {code: i for i, code in enumerate(codes)}
    stock = np.zeros((len(codes), len(profile.branches)))
    loss = np.zeros_like(stock)
    for p, product in enumerate(profile.products):
        found = recorded_product(product, counted)
        if found:
            stock[row[found]] += profile.share[:, p]
            loss[row[found]] += profile.share[:, p] * profile.depreciation[:, p]
    return stock, loss


def first_guess(
    stock: Floats,
    loss: Floats,
    *,
    scale: Floats,
    growth: float,
    investment: Floats,
    mixing: float,
) -> Floats:
    r"""Return the share of each product in each branch's investment [n x m], columns sum to 1.

    Investment that keeps the mix is :math:`(s_j \delta_{ij} + g) k_{ij}`. Products that no
    asset is mapped to (trade and transport margins, fees, breeding stock) are spread evenly;
    a share ``mixing`` of the country's average mix keeps every product possible everywhere.

    Parameters
    ----------
    stock, loss
        From :func:`recorded_profile` [n x m].
    scale
        [m] what the profile's depreciation was multiplied by.
    growth
        g [per year].
    investment
        [n] observed investment [million USD].
    """
    average = investment / investment.sum()
    mapped = stock.sum(axis=1) > 0
    flow = scale * loss + growth * stock
    total = flow.sum(axis=0)
    share = np.where(total > 0, flow / np.where(total > 0, total, 1.0), average[:, None])
    even = np.where(mapped, 0.0, average)
    own = even[:, None] + (1.0 - even.sum()) * share
    guess = (1.0 - mixing) * own + mixing * average[:, None]
    return np.asarray(guess / guess.sum(axis=0))


def balanced(guess: Floats, *, rows: Floats, columns: Floats) -> Floats:
    r"""Scale rows and columns in turn until both sums are met (RAS).

    .. math:: M = \hat r\,M^0\,\hat s, \qquad M \mathbf 1 = \text{rows}, \quad
              \mathbf 1^\top M = \text{columns}

    The last step is on the rows, so they are exact and the columns within 1e-13 of their sum.

    Parameters
    ----------
    guess
        [n x m], non-negative.
    rows, columns
        [n], [m] sums wanted; their totals must agree.

    Raises
    ------
    InputError
        If the totals differ, or there is no solution with the guess's zeros.

    References
    ----------
    Bacharach, M. (1970), Biproportional Matrices and Input-Output Change.
    """
    if abs(rows.sum() - columns.sum()) > 1e-9 * rows.sum():
        raise InputError(
            f"rows sum to {rows.sum():.12g} and columns to {columns.sum():.12g}",
            place="composition of investment",
        )
    matrix = guess.copy()
    for _ in range(10_000):
        here = matrix.sum(axis=0)
        matrix = matrix * np.divide(columns, here, out=np.zeros_like(here), where=here > 0)
        there = matrix.sum(axis=1)
        matrix = matrix * np.divide(rows, there, out=np.zeros_like(there), where=there > 0)[:, None]
        if np.abs(matrix.sum(axis=0) - columns).max() <= 1e-13 * columns.max():
            return np.asarray(matrix)
    raise InputError(
        "row and column sums cannot both be met with the zeros of the first guess",
        place="composition of investment",
        mend="raise the mixing",
    )
