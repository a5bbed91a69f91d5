r"""Suspicion: at what threshold, how many of the honest, and how many of those who lie.

Every check gives a score; whoever is above a threshold is suspected. Of honest scores that are
standard normal a threshold z suspects :math:`1 - \Phi(z)`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from counterplan.economy.economy import Bools, Floats

FALSE_ALARMS = (0.16, 0.10, 0.05, 0.02, 0.01, 0.001)
"""Shares of the honest that may be suspected, for which thresholds are shown."""


def threshold_for(false_alarms: float) -> float:
    r"""Return the threshold that suspects a share of standard normal scores.

    .. math:: z = \Phi^{-1}(1 - \alpha)
    """
    return float(-ndtri(false_alarms))


def suspected_normally(threshold: float, *, shift: float = 0.0) -> float:
    r"""Return the share of normal scores around a shift that stand above a threshold.

    .. math:: 1 - \Phi(z - s)
    """
    return float(ndtr(shift - threshold))


def rates(score: Floats, liars: Bools, threshold: float) -> tuple[float, float]:
    """Return the shares of liars and of honest workplaces that are suspected.

    Parameters
    ----------
    score
        [S]; nan for whom the check cannot judge: they count as not suspected.
    liars
        [S]. Of no liars, or no honest ones, the share is nan.
    """
    above = np.where(np.isnan(score), False, score > threshold)
    return mean(above[liars]), mean(above[~liars])


def mean(found: Bools) -> float:
    """Return the share that is true; nan of none."""
    return float(found.mean()) if found.size else float("nan")


def spread_of(table: pd.DataFrame, by: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Return mean, least and most of some columns over the draws, by the other columns."""
    grouped = table.groupby(list(by), sort=False)[list(values)]
    middle, low, high = grouped.mean(), grouped.min(), grouped.max()
    columns: dict[str, pd.Series] = {}
    for value in values:
        columns[value] = middle[value]
        columns[f"{value}_least"] = low[value]
        columns[f"{value}_most"] = high[value]
    return pd.DataFrame(columns).reset_index()
