"""Joining the workplaces of a split again, by the codes that the docs promise."""

import numpy as np

from counterplan.economy.economy import Economy
from counterplan.economy.split.request import DISCOUNT


def sources(codes: tuple[str, ...], *, numbers: int) -> list[str]:
    """Return what each code was split from: it without its last ``numbers`` numbers."""
    return [code.rsplit("-", numbers)[0] for code in codes]


def gather(codes: tuple[str, ...], old: tuple[str, ...], *, numbers: int) -> np.ndarray:
    """Return the matrix [old x new] that adds up what was split."""
    adds = np.zeros((len(old), len(codes)))
    for column, source in enumerate(sources(codes, numbers=numbers)):
        adds[old.index(source), column] = 1.0
    return adds


def totals(economy: Economy, old: Economy) -> dict[str, np.ndarray]:
    """Return the amounts of the base period by technique, skill and capital item of ``old``.

    Everything dense and written out, so that it shares nothing with the code under test.
    """
    by_technique = np.eye(len(old.techniques))
    by_item = np.eye(len(old.capital))
    if economy is not old:
        by_technique = gather(economy.techniques.codes, old.techniques.codes, numbers=2)
        by_item = gather(economy.capital.codes, old.capital.codes, numbers=1)
    x, capital = economy.techniques.activity, economy.capital
    runs = (by_technique * x).T
    return {
        "activity": by_technique @ x,
        "use": economy.techniques.use.toarray() @ runs,
        "output": economy.techniques.output.toarray() @ runs,
        "emissions": economy.techniques.emissions.toarray() @ runs,
        "labour": economy.labour.need.toarray() @ runs,
        "capital used": by_item @ capital.need.toarray() @ runs,
        "capacity": by_item @ capital.capacity,
        "investment": by_item @ capital.investment,
        "investment goods": capital.composition.toarray() @ (by_item * capital.investment).T,
        "depreciation": by_item @ (capital.depreciation * capital.capacity),
    }


def costs(economy: Economy, *, pay: np.ndarray) -> np.ndarray:
    """Return what a unit of each technique's activity costs at base prices [m], written out."""
    capital, prices = economy.capital, economy.products.prices
    worth = capital.composition.toarray().T @ prices
    rent = (1 + DISCOUNT) ** (capital.lag - 1) * (DISCOUNT + capital.depreciation) * worth
    return (
        prices @ economy.techniques.use.toarray()
        + pay @ economy.labour.need.toarray()
        + rent @ capital.need.toarray()
    )
