r"""Ranges: how far the headlines move when the estimated capital does.

Capital by branch is hardly ever observed. Here each capital item's composition is multiplied by
noise, and products are scaled back so that investment by product stays what was observed:

.. math:: B'_{ie} = r_i\, B_{ie}\, \exp(\omega\, \varepsilon_e), \qquad
          r_i = \frac{\sum_e B_{ie} J_e}{\sum_e B_{ie} e^{\omega \varepsilon_e} J_e}

A branch with twice the capital per unit of capacity invests twice as much to keep it up.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from counterplan.economy.economy import Economy
from counterplan.errors import LimitError
from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.plan.scenario import Scenario

SPREAD = 0.3  # the design's trial: it moves a branch's investment by up to half
DRAWS_MAX = 200


@dataclass(frozen=True)
class Ranges:
    """Headlines under noise on the capital estimates.

    Attributes
    ----------
    low, middle, high
        Tables of :meth:`Plan.summary`: the least, the median and the largest of the draws.
    uncertified
        Draws whose plan was not certified; left out of the tables.
    """

    low: pd.DataFrame
    middle: pd.DataFrame
    high: pd.DataFrame
    spread: float
    draws: int
    uncertified: tuple[int, ...]


def with_noise(economy: Economy, *, spread: float, seed: int) -> Economy:
    """Return the economy with noise on the capital behind each unit of capacity.

    Parameters
    ----------
    spread
        Standard deviation of the logarithm.
    """
    capital = economy.capital
    noise = np.random.default_rng(seed).normal(0.0, spread, len(capital))
    moved = sp.csc_array(capital.composition @ sp.diags_array(np.exp(noise)))
    observed = np.asarray(capital.composition @ capital.investment)
    now = np.asarray(moved @ capital.investment)
    back = np.divide(observed, now, out=np.ones_like(now), where=now > 0)
    composition = sp.csc_array(sp.diags_array(back) @ moved)
    return replace(economy, capital=replace(capital, composition=composition))


def ranges(
    economy: Economy,
    scenario: Scenario,
    *,
    draws: int,
    spread: float = SPREAD,
    told: Callable[[int], None] = lambda done: None,
) -> Ranges:
    """Plan the scenario again with noise on the capital estimates.

    Parameters
    ----------
    draws
        How many; draw s has seed s.
    told
        Called with the number of draws done.

    Raises
    ------
    LimitError
        For more draws than the limit, or fewer than one.
    """
    if not 1 <= draws <= DRAWS_MAX:
        raise LimitError(f"{draws} draws", mend=f"ask for 1 to {DRAWS_MAX}")
    tables, failed = [], []
    for seed in range(draws):
        plan: Plan = make_plan(with_noise(economy, spread=spread, seed=seed), scenario)
        if plan.certificate.holds:
            tables.append(plan.summary())
        else:
            failed.append(seed)
        told(seed + 1)
    if not tables:
        raise LimitError("no draw led to a certified plan", mend="lower the spread")
    stacked = np.stack([table.to_numpy() for table in tables])
    like = tables[0]
    low, middle, high = (
        pd.DataFrame(values, index=like.index, columns=like.columns)
        for values in (stacked.min(axis=0), np.median(stacked, axis=0), stacked.max(axis=0))
    )
    return Ranges(low, middle, high, spread, draws, tuple(failed))
