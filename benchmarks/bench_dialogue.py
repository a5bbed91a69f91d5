"""Producers alone: thousands of small programmes of one pattern.

What a dialogue does round by round stands on a page for each case:
`python -m benchmarks dialogue CASE` with thousand, hundred, silent, tenyears, tenthousand, rivals.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.dialogue_cases import (
    ENOUGH,
    NEAR,
    SEED,
    YEARS,
    Case,
    Tables,
    central,
    central_table,
    held,
    scenario,
    set_up,
    split,
    told,
    warm,
)
from benchmarks.dialogue_field import Field
from benchmarks.dialogue_rivals import Stand, dantzig_wolfe, fictitious, subgradient
from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.faults import Faults
from counterplan.dialogue.rounds import Dialogue
from counterplan.solve.program import Engine

__all__ = ["PARTS", "run", "scenario", "split"]
MANY = 1000
ALL = ((Engine.IPX, 200.0), (Engine.VERTEX, 200.0), (Engine.HIPO, 200.0))
RIVALS, RIVAL_ROUNDS, RIVAL_SECONDS = 100, 200, 40.0
SHOWN = (10, 20, 50, 100, 200)
LENGTHS, TIMES = (0.01, 0.03, 0.1), (1.2, 2.0, 5.0)


def answering(dialogue: Dialogue) -> pd.DataFrame:
    """Time the producers' answers to one offer, after the machine code is there."""
    offer = Offer(0, np.zeros(dialogue.centre.rows.size))
    dialogue.workplaces.answer(offer)
    started = time.process_time()
    dialogue.workplaces.own.solve(dialogue.parts.program.reward * dialogue.parts.own)
    spent = time.process_time() - started
    count = dialogue.workplaces.count
    return pd.DataFrame([{"producers": count, "ms a producer": 1000 * spent / count}])


def run() -> Tables:
    """Return the tables by title."""
    return {"Producers alone": answering(set_up(MANY, YEARS))}


def hundred() -> Tables:
    """A dialogue with a hundred workplaces.

    Russia 2014 split into 100 workplaces with two techniques each, five years and the years after,
    oil at 0.55. Shares are of the observed baskets of the reported years; the distance is to the
    optimum that HiGHS finds from all data in the same run. Seconds are of the processor, on a
    machine that others were using too.
    """
    return told(Case("100 workplaces, 5 years", 100, YEARS, 15, ALL))


def thousand() -> Tables:
    """A dialogue with a thousand workplaces.

    As with a hundred. Each of HiGHS' algorithms has the seconds on the clock that the table says.
    """
    limits = ((Engine.IPX, 600.0), (Engine.HIPO, 100.0))
    return told(Case("1,000 workplaces, 5 years", 1000, YEARS, 12, limits))


def silent() -> Tables:
    """A dialogue in which 30% are silent in each round.

    300 workplaces, five years. Who does not answer is drawn anew in each round; the answers arrive
    a round late.
    """
    faults = Faults(SEED, silent=0.3, late=1)
    limits = ((Engine.IPX, 200.0),)
    return told(Case("30% silent, 300 workplaces", 300, YEARS, 16, limits, faults))


def tenyears() -> Tables:
    """A dialogue about ten years.

    300 workplaces, ten years and the years after.
    """
    limits = ((Engine.IPX, 200.0), (Engine.HIPO, 100.0))
    return told(Case("10 years, 300 workplaces", 300, 10, 16, limits))


def tenthousand() -> Tables:
    """A dialogue with ten thousand workplaces, in groups of five.

    Five years. Where HiGHS finds nothing in its time there is no distance to an optimum, and the
    gap is what is proved.
    """
    return told(Case("10,000 workplaces, 5 years", 10_000, YEARS, 14, ((Engine.IPX, 600.0),)))


@dataclass(frozen=True)
class Rival:
    """A way to talk: its name, and the rounds that it holds."""

    name: str
    rounds: Callable[[Field], Iterator[Stand]]


def rivals_known() -> list[Rival]:
    """Return all rivals, each with all the lengths or prices that it is tried with."""
    steps = [
        Rival(f"subgradient, first step {a:g}", partial(subgradient, length=a)) for a in LENGTHS
    ]
    games = [Rival(f"fictitious play, box {k:g}", partial(fictitious, times=k)) for k in TIMES]
    return [*steps, *games, Rival("Dantzig-Wolfe, simplex duals", dantzig_wolfe)]


def followed(rival: Rival, field: Field, *, rounds: int, seconds: float) -> list[Stand]:
    """Return where a rival stands, round after round, within its limits."""
    stands = []
    for stand in rival.rounds(field):
        stands.append(stand)
        if stand.round >= rounds or stand.seconds >= seconds:
            break
    print(rival.name, stands[-1], flush=True)
    return stands


def first_near(stands: list[Stand], *, optimum: float, allowed: float) -> str:
    """Return after which round, and how many seconds, a plan is that near to the optimum."""
    for stand in stands:
        if optimum - stand.value <= allowed:
            return f"{stand.round} ({stand.seconds:.1f} s)"
    return f"not in {len(stands)} ({stands[-1].seconds:.1f} s)"


def first_certain(stands: list[Stand], *, allowed: float) -> str:
    """Return after which round, and how many seconds, the gap proved is that small."""
    for stand in stands:
        if stand.bound - stand.value <= allowed:
            return f"{stand.round} ({stand.seconds:.1f} s)"
    return f"not in {len(stands)} ({stands[-1].seconds:.1f} s)"


def rival_row(name: str, stands: list[Stand], *, optimum: float, unit: float) -> dict[str, object]:
    """Return how soon a rival comes near."""
    return {
        "way": name,
        "rounds (CPU s) to 1%": first_near(stands, optimum=optimum, allowed=NEAR * unit),
        "to 0.1%": first_near(stands, optimum=optimum, allowed=ENOUGH * unit),
        "1% certified": first_certain(stands, allowed=NEAR * unit),
        "0.1% certified": first_certain(stands, allowed=ENOUGH * unit),
    }


def standing_rows(
    name: str, stands: list[Stand], *, optimum: float, unit: float
) -> Iterator[dict[str, object]]:
    """Yield where a rival stands after some rounds."""
    for stand in stands:
        if stand.round in SHOWN or stand is stands[-1]:
            yield {
                "way": name,
                "round": stand.round,
                "bound over the optimum, %": 100 * (stand.bound - optimum) / unit,
                "plan under it, %": 100 * (optimum - stand.value) / unit,
                "average's shortage, %": 100 * stand.missing / unit,
                "CPU s": stand.seconds,
            }


def ours(case: Case, dialogue: Dialogue, *, optimum: float) -> list[Stand]:
    """Return where this project's own dialogue stands, round after round."""
    unit = dialogue.yardstick
    return [
        Stand(
            line.round,
            line.value + line.gap * unit,
            line.value,
            0.0,
            line.centre_seconds + line.producer_seconds,
        )
        for line in held(case, dialogue, optimum=optimum)
    ]


def rivals() -> Tables:
    """Other ways to talk, on the case of a hundred workplaces.

    The same producers answer the same first offer in the same run, with the same two drafts at
    hand. Each way has 200 rounds and 40 seconds of the processor, whichever ends first. *Plain
    subgradient* takes steps a / (1 + k/10) of the first offer's length in rules whose largest
    coefficient is one; its plan is made of the
    average of the answers, the later the heavier. *Fictitious play*: producers reply to the average
    of the valuations, and these to the average of the proposals, from a box of so many times the
    first offer's. Both are tried with three lengths or boxes. For both the centre's own decisions
    are found exactly at each offer, and the plan is the best mixture of the average with the two
    drafts, looked at every ten rounds, in no time. What the average alone leaves missing stands
    beside it, at the first offer's valuations. *Dantzig-Wolfe* mixes all proposals by HiGHS'
    simplex, kept warm, and offers the corner's valuations as they are, one offer a round; the
    dialogue offers five. Shares are of the observed baskets of the reported years.
    """
    return compared(Case("dialogue", RIVALS, YEARS, 15, ALL), rivals_known())


def compared(case: Case, ways: list[Rival]) -> Tables:
    """Return the tables of several ways to talk on one case."""
    warm()
    dialogue = set_up(case.producers, case.years)
    found = central(dialogue.parts.problem, Engine.IPX, seconds_max=200.0)
    told_by = {"dialogue": ours(case, dialogue, optimum=found.value)}
    field = Field(dialogue, beginning(dialogue))
    for rival in ways:
        told_by[rival.name] = followed(rival, field, rounds=RIVAL_ROUNDS, seconds=RIVAL_SECONDS)
    known = {"optimum": found.value, "unit": dialogue.yardstick}
    soon = [rival_row(name, stands, **known) for name, stands in told_by.items()]
    where = [
        row for name, stands in told_by.items() for row in standing_rows(name, stands, **known)
    ]
    return {
        "How soon": pd.DataFrame(soon),
        "How far": pd.DataFrame(where).replace([np.inf, -np.inf], np.nan),
        "HiGHS on the whole problem": central_table([found]),
    }


#: What follows the benchmark's name: `python -m benchmarks dialogue CASE`.
PARTS: dict[str, Callable[[], Tables]] = {
    "thousand": thousand,
    "hundred": hundred,
    "silent": silent,
    "tenyears": tenyears,
    "tenthousand": tenthousand,
    "rivals": rivals,
}
