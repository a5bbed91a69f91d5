"""A dialogue with a hundred workplaces, round by round.

Russia 2014 split into 100 workplaces with two techniques each, five years and the years after,
oil at 0.55. The pool starts with two drafts (as before, and a plan by branches); the first
offer is what things are worth to that plan. The gap is against the observed baskets of the
reported years; seconds are of the processor, for the centre and all producers together. The
last table times the producers' problems alone: thousands of small programmes of one pattern.
"""

import time

import pandas as pd

from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.rounds import Dialogue, dialogue_of
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.examples import packaged_economy, packaged_scenario
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Scenario, read_scenario

PRODUCERS, MANY, SEED, YEARS, ROUNDS = 100, 1000, 1, 5, 10


def scenario() -> Scenario:
    """Return oil at 0.55 over five years."""
    given = read_scenario(packaged_scenario("oil-055"))
    return given.model_copy(update={"horizon": given.horizon.model_copy(update={"periods": YEARS})})


def split(producers: int) -> Economy:
    """Return Russia in the hands of that many workplaces."""
    russia = read_package(packaged_economy("russia-2014"))
    return split_producers(russia, producers=producers, seed=SEED)


def held(dialogue: Dialogue) -> pd.DataFrame:
    """Hold the rounds and return one line for each."""
    begin = beginning(dialogue)
    started, lines = time.process_time(), []
    for state in dialogue.rounds(begin.first, drafts=begin.drafts, rounds_max=ROUNDS):
        last = state.rounds[-1]
        lines.append(
            {
                "round": last.number + 1,
                "gap, %": 100 * last.gap,
                "CPU seconds so far": time.process_time() - started,
            }
        )
    return pd.DataFrame(lines)


def answering(dialogue: Dialogue) -> pd.DataFrame:
    """Time the producers' answers to one offer, after the machine code is there."""
    offer = Offer(0, 0.0 * dialogue.centre.rows)
    dialogue.workplaces.answer(offer)
    started = time.process_time()
    dialogue.workplaces.own.solve(dialogue.parts.program.reward * dialogue.parts.own)
    spent = time.process_time() - started
    count = dialogue.workplaces.count
    return pd.DataFrame([{"producers": count, "ms a producer": 1000 * spent / count}])


def run() -> dict[str, pd.DataFrame]:
    """Return the tables by title."""
    asked = scenario()
    few, many = split(PRODUCERS), split(MANY)
    dialogue = dialogue_of(assemble(lay_out(few, asked)), asked)
    crowd = dialogue_of(assemble(lay_out(many, asked)), asked)
    return {"Rounds": held(dialogue), "Producers alone": answering(crowd)}
