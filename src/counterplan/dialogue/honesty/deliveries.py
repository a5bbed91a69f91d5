r"""Deliveries: what sellers say they delivered against what buyers say they received.

Each deal is measured twice, with an error; a liar's statements are off by the same factor in all
its deals. What is a seller's doing and what a buyer's is told apart by taking medians in turn,

.. math:: r_{sb} = \ln\frac{\text{delivered}}{\text{received}} = a_s + c_b + \text{error}

(J. W. Tukey, *Exploratory Data Analysis*, 1977, median polish), so that an honest workplace is not
suspected for its partners.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from counterplan.economy.economy import Bools, Economy, Floats, Integers

SUPPLIERS = 5
ERROR = 0.02  # standard deviation of the logarithm of one side's measurement: a convention
DEALS_LEAST = 9  # below it the median's normal error is too rough
ROUNDS = 4
MEDIAN_ERROR = float(np.sqrt(np.pi / 2))  # of the mean's, for normal errors


class Falsehood(StrEnum):
    """Lies about quantities that changed hands."""

    OVERSTATING = "overstated deliveries"
    DENYING = "denied receipts"


@dataclass(frozen=True)
class Deals:
    """Who delivered what to whom in a period: ``seller``, ``buyer``, ``product`` [d].

    Amounts play no part: only how the two statements compare.
    """

    seller: Integers
    buyer: Integers
    product: Integers


def deals_of(economy: Economy, *, seed: int, suppliers: int = SUPPLIERS) -> Deals:
    """Draw who buys what from whom: a few suppliers for each input, the larger the likelier.

    Nobody buys from itself; what nobody at home makes is not bought at home.
    """
    random = np.random.default_rng([seed, 12])
    made, used = by_producer(economy)
    seller, buyer, product = [], [], []
    for good in range(len(economy.products)):
        makers = np.flatnonzero(made[good] > 0)
        for one in np.flatnonzero(used[good] > 0):
            others = makers[makers != one]
            if not others.size:
                continue
            chance = made[good, others] / made[good, others].sum()
            count = min(suppliers, others.size)
            chosen = random.choice(others, size=count, replace=False, p=chance)
            seller.append(chosen)
            buyer.append(np.full(count, one))
            product.append(np.full(count, good))
    nothing = [np.zeros(0, dtype=np.int64)]
    return Deals(*(np.concatenate(one or nothing) for one in (seller, buyer, product)))


def by_producer(economy: Economy) -> tuple[Floats, Floats]:
    """Return what producers make and use in the base period, both [n x S]."""
    techniques, count = economy.techniques, len(economy.producers)
    owner = np.zeros((len(techniques), count))
    owner[np.arange(len(techniques)), techniques.producer] = techniques.activity
    return np.asarray(techniques.output @ owner), np.asarray(techniques.use @ owner)


def stated_ratios(
    deals: Deals,
    *,
    liars: Bools,
    degree: float,
    falsehood: Falsehood | None,
    seed: int,
    error: float = ERROR,
) -> Floats:
    r"""Return ln(delivered / received) of each deal as stated [d].

    Parameters
    ----------
    falsehood
        What liars say of deals; None where they lie about something else, and here say the truth.
    error
        Of each side's measurement, in the logarithm.
    """
    random = np.random.default_rng([seed, 13])
    noise: Floats = error * np.sqrt(2) * random.standard_normal(deals.seller.size)
    if falsehood is Falsehood.OVERSTATING:
        noise = noise + np.log1p(degree) * liars[deals.seller]
    if falsehood is Falsehood.DENYING:
        noise = noise - np.log1p(-degree) * liars[deals.buyer]
    return noise


def scores(deals: Deals, ratios: Floats, *, count: int, error: float = ERROR) -> Floats:
    r"""Return each workplace's score: the larger of its score as seller and as buyer [S].

    .. math:: z = \frac{a_s}{\sqrt{\pi / 2}\, \sigma \sqrt 2 / \sqrt k}

    Both lies make the ratio too large. Honest scores as seller and as buyer are independent, so
    that a threshold suspects :math:`1 - \Phi(z)^2`. nan with fewer than :data:`DEALS_LEAST` deals
    on both sides.
    """
    own = np.zeros(count)
    partner = np.zeros(count)
    for _ in range(ROUNDS):
        own = centred(medians(ratios - partner[deals.buyer], deals.seller, count=count))
        partner = centred(medians(ratios - own[deals.seller], deals.buyer, count=count))
    sides = [
        scored(own, deals.seller, error=error),
        scored(partner, deals.buyer, error=error),
    ]
    known = np.stack(sides)
    found: Floats = np.where(np.isnan(known).all(axis=0), np.nan, np.fmax(*known))
    return found


def scored(offset: Floats, owner: Integers, *, error: float) -> Floats:
    """Return offsets against their standard errors [S]; nan with too few deals."""
    deals = np.bincount(owner, minlength=offset.size)
    enough = deals >= DEALS_LEAST
    size = MEDIAN_ERROR * error * np.sqrt(2) / np.sqrt(np.maximum(deals, 1))
    found: Floats = np.where(enough, offset / size, np.nan)
    return found


def centred(offset: Floats) -> Floats:
    """Return offsets less their median: most are taken to be honest."""
    known = offset[~np.isnan(offset)]
    middle = float(np.median(known)) if known.size else 0.0
    return np.where(np.isnan(offset), 0.0, offset - middle)


def medians(values: Floats, group: Integers, *, count: int) -> Floats:
    """Return the median of the values of each group [count]; nan of none."""
    found = np.full(count, np.nan)
    if not values.size:
        return found
    order = np.lexsort((values, group))
    sizes = np.bincount(group, minlength=count)
    first = np.cumsum(sizes) - sizes
    there = sizes > 0
    low = first[there] + (sizes[there] - 1) // 2
    high = first[there] + sizes[there] // 2
    sorted_values = values[order]
    found[there] = (sorted_values[low] + sorted_values[high]) / 2
    return found
