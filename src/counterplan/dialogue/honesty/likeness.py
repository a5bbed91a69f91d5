r"""Likeness: what a workplace states against what others of its branch state.

.. math:: z = \frac{\ln a - \mathrm{median}(\ln a)}
          {1.4826 \cdot \mathrm{median}\,|\ln a - \mathrm{median}(\ln a)|}

The factor makes the median deviation that of a normal distribution: P. J. Huber and E. M.
Ronchetti, *Robust Statistics*, 2nd ed., Wiley 2009, chapter 5.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from counterplan.dialogue.honesty.gains import per_output
from counterplan.dialogue.honesty.lies import drawn_liars
from counterplan.dialogue.honesty.suspicion import (
    FALSE_ALARMS,
    rates,
    suspected_normally,
    threshold_for,
)
from counterplan.economy.economy import Bools, Economy, Floats, Integers

PEERS_LEAST = 8
NORMAL = 1.4826  # 1 / Phi^-1(3/4)
PRODUCTIVITY = 0.25  # spread of the logarithm: Syverson 2011, see docs/dialogue/splitting.md
RATIOS = ("work", "goods")


def stated(economy: Economy, ratio: str) -> Floats:
    """Return a ratio that workplaces state, per unit of output at base prices [S].

    Parameters
    ----------
    ratio
        "work", people of all skills, or "goods", inputs at base prices.
    """
    techniques, prices = economy.techniques, economy.products.prices
    need = (
        np.asarray(economy.labour.need.sum(axis=0)).ravel()
        if ratio == "work"
        else np.asarray(techniques.use.T @ prices)
    )
    made = np.asarray(techniques.output.T @ prices)
    return per_output(economy, need * techniques.activity, made * techniques.activity)


def branch_of(economy: Economy) -> Integers:
    """Return the branch of each producer, as a number [S]."""
    branches = economy.branches()
    place = {code: number for number, code in enumerate(branches)}
    return np.array([place[code] for code in economy.producers.branches], dtype=np.int64)


def robust_scores(logarithm: Floats, branch: Integers) -> Floats:
    """Return how far each stated logarithm stands from those of its branch [S].

    nan in a branch of fewer than :data:`PEERS_LEAST`, or where most state exactly the same.
    """
    found = np.full(logarithm.size, np.nan)
    for one in np.unique(branch):
        here = np.flatnonzero((branch == one) & np.isfinite(logarithm))
        if here.size < PEERS_LEAST:
            continue
        away = logarithm[here] - np.median(logarithm[here])
        spread = NORMAL * float(np.median(np.abs(away)))
        if spread > 0:
            found[here] = away / spread
    return found


def curves(
    crowd: Economy, *, share: float, degrees: Sequence[float], draws: int, seed: int
) -> pd.DataFrame:
    """Return who is suspected at each threshold, by ratio, spread, degree and draw.

    Columns: ratio, spread ("as split", "with productivity"), degree, draw, allowed (share of the
    honest that a normal distribution lets a threshold suspect), caught, suspected (of the
    honest), predicted (share of liars that a normal distribution of the crowd's spread says).
    Who is not judged, in a branch of too few, counts as not suspected and is left out.
    """
    branch = branch_of(crowd)
    enough = np.bincount(branch)[branch] >= PEERS_LEAST
    lines = []
    for draw in range(draws):
        liars = drawn_liars(crowd, share=share, seed=seed + draw)
        random = np.random.default_rng([seed + draw, 15])
        productivity = PRODUCTIVITY * random.standard_normal(branch.size)
        for ratio in RATIOS:
            bare = logarithm_of(stated(crowd, ratio))
            for word, truth in (("as split", bare), ("with productivity", bare + productivity)):
                width = within(truth, branch, enough)
                for degree in degrees:
                    pad = float(np.log1p(degree))
                    score = robust_scores(truth + pad * liars, branch)[enough]
                    for allowed in FALSE_ALARMS:
                        limit = threshold_for(allowed)
                        caught, wrong = rates(score, liars[enough], limit)
                        lines.append(
                            {
                                "ratio": ratio,
                                "spread": word,
                                "degree": degree,
                                "draw": seed + draw,
                                "allowed": allowed,
                                "caught": caught,
                                "suspected": wrong,
                                "predicted": suspected_normally(limit, shift=pad / width),
                            }
                        )
    return pd.DataFrame(lines)


def logarithm_of(ratio: Floats) -> Floats:
    """Return logarithms [S]; nan of what is zero or not known."""
    found: Floats = np.full(ratio.size, np.nan)
    np.log(ratio, out=found, where=ratio > 0)
    return found


def within(logarithm: Floats, branch: Integers, chosen: Bools) -> float:
    """Return the standard deviation of logarithms around the means of their branches."""
    known = chosen & np.isfinite(logarithm)
    if not known.any():
        return float("nan")
    number, values = branch[known], logarithm[known]
    count = np.bincount(number)
    middle = np.bincount(number, weights=values) / np.maximum(count, 1)
    return float(np.sqrt(np.mean((values - middle[number]) ** 2)))
