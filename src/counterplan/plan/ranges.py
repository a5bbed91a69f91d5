r"""Ranges: how far the headlines move when the estimated capital does.

Capital by branch is hardly ever observed. Here each capital item's composition is multiplied by
noise, and products are scaled back so that investment by product stays what was observed:

.. math:: B'_{ie} = r_i\, B_{ie}\, \exp(\omega\, \varepsilon_e), \qquad
          r_i = \frac{\sum_e B_{ie} J_e}{\sum_e B_{ie} e^{\omega \varepsilon_e} J_e}

A branch with twice the capital per unit of capacity invests twice as much to keep it up.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from counterplan.economy.economy import Economy
from counterplan.errors import LimitError
from counterplan.plan.conflict import ImpossibleMandateError
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Scenario

SPREAD = 0.3  # the design's trial: it moves a branch's investment by up to half
SPREAD_MAX = 2.0  # beyond this a branch's capital would be guessed to a factor of seven
DRAWS_MAX = 200
SECONDS_MAX = 600.0


@dataclass(frozen=True)
class Draw:
    """One plan under noise.

    Attributes
    ----------
    summary
        Its table of :meth:`Plan.summary`; None where no plan was certified.
    impossible
        Whether no plan keeps the mandate with this noise.
    """

    seed: int
    summary: pd.DataFrame | None
    impossible: bool = False


@dataclass(frozen=True)
class Ranges:
    """Headlines under noise on the capital estimates.

    Attributes
    ----------
    low, middle, high
        Tables of :meth:`Plan.summary`: the least, the median and the largest of the draws.
    uncertified
        Seeds of the draws whose plan was not certified; left out of the tables.
    impossible
        Seeds of the draws under which no plan keeps the mandate; likewise.
    """

    low: pd.DataFrame
    middle: pd.DataFrame
    high: pd.DataFrame
    spread: float
    draws: int
    uncertified: tuple[int, ...]
    impossible: tuple[int, ...] = ()


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


def draw(
    economy: Economy,
    scenario: Scenario,
    *,
    seed: int,
    spread: float = SPREAD,
    seconds_max: float = SECONDS_MAX,
) -> Draw:
    """Plan the scenario once more with the noise of one seed."""
    noisy = with_noise(economy, spread=spread, seed=seed)
    try:
        plan: Plan = make_plan(noisy, scenario, seconds_max=seconds_max)
    except ImpossibleMandateError:
        return Draw(seed, None, impossible=True)
    return Draw(seed, plan.summary() if plan.certificate.holds else None)


def ranges(
    economy: Economy,
    scenario: Scenario,
    *,
    draws: int,
    spread: float = SPREAD,
    seed: int = 0,
    done: Mapping[int, Draw] | None = None,
    told: Callable[[Draw], None] = lambda one: None,
    seconds_max: float = SECONDS_MAX,
) -> Ranges:
    """Plan the scenario again with noise on the capital estimates.

    Parameters
    ----------
    draws
        How many; draw s, counted from 0, has the seed ``seed + s``.
    done
        Draws of an earlier run, by seed: they are not made again.
    told
        Called with every draw as soon as it is made.
    seconds_max
        For each plan.

    Raises
    ------
    LimitError
        For more draws than the limit, or fewer than one, or when no draw led to a plan.
    """
    check(draws=draws, spread=spread)
    known = dict(done or {})
    found = []
    for number in range(seed, seed + draws):
        if number not in known:
            known[number] = draw(
                economy, scenario, seed=number, spread=spread, seconds_max=seconds_max
            )
            told(known[number])
        found.append(known[number])
    return ranges_of(found, spread=spread)


def check(*, draws: int, spread: float) -> None:
    """Refuse a number of draws or a spread that makes no ranges."""
    if not 1 <= draws <= DRAWS_MAX:
        raise LimitError(f"{draws} draws", mend=f"ask for 1 to {DRAWS_MAX}")
    if not 0 <= spread <= SPREAD_MAX:
        raise LimitError(f"a spread of {spread:g}", mend=f"give 0 to {SPREAD_MAX:g}")


def ranges_of(found: Sequence[Draw], *, spread: float) -> Ranges:
    """Return the ranges of some draws."""
    tables = [one.summary for one in found if one.summary is not None]
    if not tables:
        raise LimitError("no draw led to a certified plan", mend="lower the spread")
    stacked = np.stack([table.to_numpy() for table in tables])
    like = tables[0]
    low, middle, high = (
        pd.DataFrame(values, index=like.index, columns=like.columns)
        for values in (stacked.min(axis=0), np.median(stacked, axis=0), stacked.max(axis=0))
    )
    failed = [one for one in found if one.summary is None]
    return Ranges(
        low=low,
        middle=middle,
        high=high,
        spread=spread,
        draws=len(found),
        uncertified=seeds(one for one in failed if not one.impossible),
        impossible=seeds(one for one in failed if one.impossible),
    )


def seeds(found: Iterable[Draw]) -> tuple[int, ...]:
    """Return the seeds of some draws."""
    return tuple(one.seed for one in found)


def fingerprint(economy: Economy, scenario: Scenario) -> str:
    """Return what tells a scenario and its economy from any other, in 16 letters.

    It is that of every number of the plan problem: draws of one belong together.
    """
    program = assemble(lay_out(economy, scenario)).program
    digest = hashlib.sha256(scenario.name.encode())
    matrix = program.matrix
    for part in (matrix.indptr, matrix.indices, matrix.data, program.row_lower, program.row_upper):
        digest.update(np.ascontiguousarray(part).tobytes())
    for part in (program.lower, program.upper, program.reward):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()[:16]
