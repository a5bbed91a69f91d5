r"""The cost on change: what the centre gives up so that fewer assignments change.

Whatever a producer is assigned beside its old assignment costs a share c of what it makes:

.. math:: \max\; c_0^\top x_0 + \sum_s \Big( \sum_k v_{sk} \lambda_{sk}
          - c\, w_s (1 - \lambda_{s0}) \Big), \qquad
          w_s = \sum_{t \le T} \beta^t (1+g)^t\, p^\top V_s \bar x_s

k = 0 the old assignment, cut to what the producer can now do, w_s its base output on trend in the
reported periods at base prices: the units of the mandate's value. The corner at the old assignment
makes most producers stay there exactly. The valuations, the bound and the certificate know nothing
of this cost: it shows in the gap, and nowhere else.
"""

from dataclasses import replace

import numpy as np

from counterplan.dialogue.master import Mixture, best_mixture
from counterplan.dialogue.replanning.recut import IN_FORCE
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.economy.economy import Floats
from counterplan.errors import CounterplanError
from counterplan.plan.problem import Problem

EXACT = 0.02  # of what is proved to be missing: what the search may leave of the value
EXACT_MOST = 1e-4  # of the observed baskets: the same, at most


def output_worth(problem: Problem) -> Floats:
    """Return what each producer made in the base period at base prices [S], base-period money."""
    outlook = problem.outlook
    economy = outlook.economy
    made = outlook.activity_price * economy.techniques.activity
    owner, count = economy.techniques.producer, len(economy.producers)
    return np.bincount(owner, weights=made, minlength=count).astype(np.float64)


def reported_worth(problem: Problem) -> Floats:
    """Return the same on trend over the reported periods [S], in units of the mandate's value."""
    outlook = problem.outlook
    years: Floats = output_worth(problem) * (outlook.trend * outlook.periods.weights)[:-1].sum()
    return years


def careful(dialogue: Dialogue, state: State, *, cost: float) -> Mixture | None:
    """Return the best mixture of a pool when change has a cost; its value is without that cost.

    None where the search comes to nothing.

    Parameters
    ----------
    cost
        c, the share of a producer's output that it costs to leave its old assignment altogether.
    """
    if state.mixture is None:
        raise CounterplanError("there is no mixture yet")
    fine = cost * reported_worth(dialogue.parts.problem)
    pool = tuple(
        one if k == IN_FORCE else replace(one, values=one.values - fine)
        for k, one in enumerate(state.pool)
    )
    weights = state.mixture.weights.copy()
    weights[IN_FORCE] = 1.0  # so that the old assignment is among what is mixed
    gap = dialogue.known_gap(state)
    found = best_mixture(
        dialogue.centre,
        pool,
        gap=gap,
        exact=min(EXACT * gap, EXACT_MOST * dialogue.yardstick),
        last=replace(state.mixture, weights=weights, start=None),
    )
    return found and dialogue.tidied(found, state.pool)


def paid(dialogue: Dialogue, mixture: Mixture, *, cost: float) -> float:
    """Return what a mixture's changes cost, against the observed baskets."""
    moved = 1 - mixture.weights[IN_FORCE]
    return float(cost * reported_worth(dialogue.parts.problem) @ moved) / dialogue.yardstick
