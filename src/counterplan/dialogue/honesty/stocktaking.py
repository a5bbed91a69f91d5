r"""Stocktaking: a lot decides whose stores are counted.

.. math:: P(\text{found in } n \text{ years}) = 1 - (1 - q)^n

for a store that is large enough from the first year on.
"""

import numpy as np

from counterplan.dialogue.honesty.lies import Kind
from counterplan.economy.economy import Bools, Floats

COUNTED = 0.1  # share of workplaces counted each year: a convention
NOTICED = 0.05  # of a year's inputs: a smaller surplus may be an error of the count
ROUNDING = 1e-9


def chance(years: int, *, counted: float = COUNTED) -> float:
    """Return the probability that a store was counted at least once in some years."""
    return float(1 - (1 - counted) ** years)


def stores(kind: Kind, degree: float, *, years: int, filling: int) -> Floats:
    """Return a liar's hidden goods at the end of each year [years], in years of inputs.

    A padder keeps what it got too much, every year; a hoarder fills its reserve in equal parts
    over ``filling`` years; who holds capacity back has no goods.
    """
    age = np.arange(1, years + 1).astype(np.float64)
    if kind is Kind.PADDING:
        return degree * age
    if kind is Kind.HOARDING:
        return degree * np.minimum(age / filling, 1.0)
    return np.zeros(years)


def noticed(store: Floats) -> Bools:
    """Return which stores are too large for an error of the count, rounding aside."""
    found: Bools = store > NOTICED * (1 + ROUNDING)
    return found


def found(
    kind: Kind,
    degree: float,
    liars: Bools,
    *,
    years: int,
    filling: int,
    seed: int,
    counted: float = COUNTED,
) -> Bools:
    """Return whose hidden goods were found within some years [S]; nobody honest is."""
    random = np.random.default_rng([seed, 14])
    drawn = random.random((years, liars.size)) < counted
    large = noticed(stores(kind, degree, years=years, filling=filling))
    caught: Bools = liars & (drawn & large[:, None]).any(axis=0)
    return caught
