r"""Revealed capacity: what a workplace made once, it can make, less wear, plus what was built.

.. math:: \underline K_t = \max\big((1 - \delta)\,\underline K_{t-1} + J_{t-\tau},\;
          \kappa x_t\big)

Who states less contradicts its own books; who is honest never does.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Bools, Floats, Integers
from counterplan.plan.plan import Plan

LOWEST_USE = 0.8  # share of capacity used in a slack year: a convention
ROUNDING = 1e-6


def shown_floor(used: Floats, begun: Floats, *, depreciation: Floats, lag: Integers) -> Floats:
    """Return the least capacity that the books prove at the end of each period [e x T].

    Parameters
    ----------
    used
        [e x T] capacity that the activity of each period needed.
    begun
        [e x T] new capacity whose building was begun in each period.
    depreciation, lag
        [e] share lost each period, periods from begin to use.
    """
    floor = np.zeros_like(used)
    before = np.zeros(len(used))
    for t in range(used.shape[1]):
        source = t - lag
        came = np.where(source >= 0, begun[np.arange(len(used)), np.maximum(source, 0)], 0.0)
        before = np.maximum((1 - depreciation) * before + came, used[:, t])
        floor[:, t] = before
    return floor


def contradicts(stated: Floats, floor: Floats) -> Bools:
    """Return where stated capacity is below what the books prove, beyond rounding."""
    found: Bools = stated < floor * (1 - ROUNDING)
    return found


def chance(degree: float, years: int, *, lowest: float = LOWEST_USE) -> float:
    r"""Return the probability that records of some years contradict a lie.

    The use of capacity is uniform between ``lowest`` and 1 in each year:

    .. math:: 1 - \Big(1 - \frac{\theta}{1 - u}\Big)^n, \qquad 1 \text{ for } \theta \ge 1 - u
    """
    return float(1 - max(1 - degree / (1 - lowest), 0.0) ** years)


def caught(
    degree: float, liars: Bools, *, years: int, seed: int, lowest: float = LOWEST_USE
) -> Bools:
    """Return whose records contradict a stated capacity of 1 - degree of the true one [S].

    Plant is kept as it is over the years on record. The honest state the true one.
    """
    random = np.random.default_rng([seed, 16])
    used = random.uniform(lowest, 1.0, (liars.size, years))
    stated = np.where(liars, 1 - degree, 1.0)
    best = np.sort(used, axis=1)[:, -1]
    return contradicts(stated, best)


@dataclass(frozen=True)
class Books:
    """What is on record of capital items, the base period first: all [e x (1 + T)].

    ``used`` capacity that the activity needed, ``begun`` new capacity begun, ``there`` the true
    capacity.
    """

    used: Floats
    begun: Floats
    there: Floats


def books_of(plan: Plan) -> Books:
    """Return what will be on record once a plan is carried out."""
    economy, count = plan.economy, len(plan.years)
    capital = economy.capital
    base = np.asarray(capital.need @ economy.techniques.activity)
    later = np.asarray(capital.need @ plan.quantity("activity"))[:, :count]
    used = np.column_stack([base, later])
    begun = np.column_stack([capital.investment, plan.quantity("investment")[:, :count]])
    there = np.column_stack([capital.capacity, plan.quantity("capacity")[:, :count]])
    # Where the plan starts in the observed period that one is on record once, as planned.
    first = 0 if plan.outlook.periods.first > plan.outlook.periods.base else 1
    return Books(used[:, first:], begun[:, first:], there[:, first:])


def accused_without_wear(plan: Plan) -> float:
    """Return the share of honest capital items that "what it made once, it can make" accuses.

    Under a plan in which all say the truth: items whose capacity wears below an earlier use.
    """
    books = books_of(plan)
    floor: Floats = np.empty_like(books.used)
    np.maximum.accumulate(books.used, axis=1, out=floor)
    return float(contradicts(books.there, floor).any(axis=1).mean())


def accused_with_wear(plan: Plan) -> float:
    """Return the share of honest capital items that the rule with wear accuses; 0 by its proof."""
    books, capital = books_of(plan), plan.economy.capital
    floor = shown_floor(books.used, books.begun, depreciation=capital.depreciation, lag=capital.lag)
    return float(contradicts(books.there, floor).any(axis=1).mean())
