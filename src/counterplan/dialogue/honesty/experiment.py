"""The experiment: plans from reports of several kinds and degrees, drawn several times."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.dialogue.honesty.gains import gains_of, output_value
from counterplan.dialogue.honesty.lies import Kind, Lie, drawn_liars
from counterplan.dialogue.honesty.losses import SECONDS_MAX, certified_plan, loss_of, misled_plan
from counterplan.dialogue.honesty.reports import report_of
from counterplan.economy.economy import Bools, Economy
from counterplan.errors import InputError, LimitError
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Scenario

DEGREES = (0.05, 0.10, 0.20, 0.40)
DRAWS_MAX = 100
MEASURES = (
    "loss",
    "floor",
    "ceiling",
    "consumption",
    "goods",
    "work",
    "room",
    "place",
    "activity",
    "others",
    "per_head",
    "lost_per_head",
)
"""Columns of the trials that are summed up over the draws; all are shares."""


@dataclass(frozen=True)
class Setting:
    """What is tried.

    Attributes
    ----------
    share
        Of the producers that lie.
    degrees
        Of the lies.
    draws
        How many times the liars are drawn; draw k has the seed ``seed + k``.

    Raises
    ------
    InputError
        For a number that cannot be meant; LimitError for too many draws.
    """

    share: float
    draws: int
    seed: int = 0
    degrees: tuple[float, ...] = DEGREES

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:  # not a number fails this too
            raise InputError(
                f"a share of {self.share:g} of the producers", mend="give one above 0 and below 1"
            )
        if not 1 <= self.draws <= DRAWS_MAX:
            raise LimitError(f"{self.draws} draws", mend=f"ask for 1 to {DRAWS_MAX}")
        if self.seed < 0:
            raise InputError(f"a seed of {self.seed}", mend="give 0 or more")

    @property
    def plans(self) -> int:
        """How many plans are made: one with full information, one for each trial."""
        return 1 + self.draws * len(Kind) * len(self.degrees)


@dataclass(frozen=True)
class Outcome:
    """What came out.

    Attributes
    ----------
    best
        The full-information plan.
    trials
        One line for each kind, degree and draw; see docs/dialogue/honesty.md for the columns.
    """

    setting: Setting
    best: Plan
    trials: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """Return mean, least and most of every measure over the draws, by kind and degree.

        Draws without a plan are left out; ``plans`` counts those with one.
        """
        made = self.trials[self.trials["planned"]]
        grouped = made.groupby(["kind", "degree"], sort=False)
        parts: dict[str, pd.Series] = {"plans": grouped.size()}
        for name in MEASURES:
            parts[name] = grouped[name].mean()
            parts[f"{name}_least"] = grouped[name].min()
            parts[f"{name}_most"] = grouped[name].max()
        return pd.DataFrame(parts).reset_index()


def experiment(
    economy: Economy,
    scenario: Scenario,
    setting: Setting,
    *,
    told: Callable[[], None] = lambda: None,
    seconds_max: float = SECONDS_MAX,
) -> Outcome:
    """Make the plans of an experiment.

    Parameters
    ----------
    economy
        The truth: an economy of many producers.
    told
        Called after every plan.
    seconds_max
        For each plan.

    Raises
    ------
    ImpossibleMandateError
        Where no plan keeps the mandate even with full information.
    InputError
        Where so few producers lie that there is none, or the economy has projects.
    """
    check_liars(economy, setting)
    truth = assemble(lay_out(economy, scenario))
    if not truth.program.divisible:
        raise InputError(
            "the economy has indivisible projects, and no valuations bound a loss between two "
            "choices of them",
            mend="take the projects out of the economy",
        )
    best = certified_plan(truth, scenario, seconds_max=seconds_max)
    told()
    lines = []
    for draw, lie in lies_of(economy, setting):
        report = report_of(truth, lie)
        misled = misled_plan(report, scenario, seconds_max=seconds_max)
        line = {"kind": str(lie.kind), "degree": lie.degree, "draw": draw}
        line |= crowd_of(best, lie.liars) | {"planned": misled is not None}
        if misled is not None:
            loss = loss_of(best, misled, report)
            line |= {
                "loss": loss.least / loss.yardstick,
                "loss_at_most": loss.most / loss.yardstick,
                "floor": loss.floor / loss.yardstick,
                "goods_floor": loss.goods / loss.yardstick,
                "work_floor": loss.work / loss.yardstick,
                "plant_floor": loss.plant / loss.yardstick,
                "ceiling": loss.ceiling / loss.yardstick,
                "loss_of_reported_years": loss.least / loss.reported,
                "consumption": float(np.mean(loss.consumption)),
                "gap": misled.certificate.gap,
            }
            line |= vars(gains_of(best, misled, lie, loss))
        lines.append(line)
        told()
    return Outcome(setting, best, pd.DataFrame(lines))


def lies_of(economy: Economy, setting: Setting) -> Iterator[tuple[int, Lie]]:
    """Yield every lie that is tried, with the seed of its draw."""
    for kind in Kind:
        for degree in setting.degrees:
            for draw in range(setting.seed, setting.seed + setting.draws):
                liars = drawn_liars(economy, share=setting.share, seed=draw)
                yield draw, Lie(kind, degree, liars)


def check_liars(economy: Economy, setting: Setting) -> None:
    """Refuse an experiment in which no producer would lie."""
    count = len(economy.producers)
    if setting.share * count < 1:
        raise InputError(
            f"{setting.share:g} of {count} producers is less than one liar",
            mend=f"give a share of at least {1 / count:.2g}, or more producers",
        )


def crowd_of(best: Plan, liars: Bools) -> dict[str, float]:
    """Return how many lie, and which share of the output is theirs under full information."""
    mine = liars[best.economy.techniques.producer]
    whole = output_value(best, np.ones_like(mine))
    return {
        "liars": int(liars.sum()),
        "share_of_output": output_value(best, mine) / whole if whole > 0 else float("nan"),
    }


def shortened(scenario: Scenario, *, periods: int) -> Scenario:
    """Return a scenario with at most so many planned periods."""
    count = min(scenario.horizon.periods, periods)
    horizon = scenario.horizon.model_copy(update={"periods": count})
    return scenario.model_copy(update={"horizon": horizon})
