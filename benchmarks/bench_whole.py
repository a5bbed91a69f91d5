"""Answers that are all or nothing, round by round.

An economy drawn at random, 100 products and 2,000 producers, one year and the years after, which
a discount of 0.51 counts about as much as the year, so that what is lost is lost in a year's terms.
After each of the last rounds everybody is assigned exactly one of its own proposals
(docs/dialogue/whole.md). Losses are in per cent of the year's observed consumption, on trend:
against the mixture of the same proposals, and against the bound that everybody's answers prove.
Seconds are of the processor: of the rounds so far, and of the assignment alone. The monolith is
the linear relaxation, all data at once: no integers, so its value bounds every assignment; it is
stopped after a minute.
"""

import time

import pandas as pd

from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.rounds import Dialogue, dialogue_of
from counterplan.dialogue.whole import whole_assignment
from counterplan.economy.drawn import Draw, draw_economy
from counterplan.plan.mandate import Mandate
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.scenario import Horizon, Scenario
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine

PRODUCTS, PRODUCERS, SEED, ROUNDS, SINCE = 100, 2000, 1, 4, 3
DISCOUNT, FIRST, SECONDS = 0.51, 2021, 60.0


def dialogue(products: int, producers: int, *, discount: float = DISCOUNT) -> Dialogue:
    """Return a dialogue about a drawn economy."""
    economy = draw_economy(Draw(SEED, products=products, producers=producers))
    scenario = Scenario(
        name="whole",
        title="All or nothing",
        economy=economy.name,
        horizon=Horizon(first=FIRST, periods=1),
        mandate=Mandate(discount=discount),
    )
    return dialogue_of(assemble(lay_out(economy, scenario)), scenario)


def held(one: Dialogue, rounds: int) -> pd.DataFrame:
    """Hold the rounds and return one line for each."""
    spent, lines = 0.0, []
    started = time.process_time()
    begin = beginning(one)
    for state in one.rounds(begin.first, drafts=begin.drafts, rounds_max=rounds):
        spent += time.process_time() - started
        started = time.process_time()
        if state.mixture is not None and len(state.rounds) >= SINCE:
            found = whole_assignment(one, state)
            lines.append(
                {
                    "round": state.rounds[-1].number + 1,
                    "gap of the mixture, %": 100 * state.rounds[-1].gap,
                    "split": found.split,
                    "lost to the mixture, %": 100 * found.loss,
                    "to the bound, %": 100 * found.short,
                    "worst rule": f"{found.residual:.0e}",
                    "CPU seconds, rounds": spent,
                    "assignment": time.process_time() - started,
                }
            )
        started = time.process_time()
    return pd.DataFrame(lines)


def monolith(problem: Problem) -> pd.DataFrame:
    """Time the relaxation with all data."""
    lines = []
    for engine in (Engine.IPX,):
        started = time.process_time()
        answer = solve_divisible(problem.program, engine=engine, seconds_max=SECONDS)
        spent = time.process_time() - started
        lines.append({"algorithm": engine, "CPU seconds": spent, "result": str(answer.outcome)})
    return pd.DataFrame(lines)


def run() -> dict[str, pd.DataFrame]:
    """Return the tables by title."""
    one = dialogue(PRODUCTS, PRODUCERS)
    alone = monolith(one.parts.problem)
    return {"Rounds, everybody all or nothing": held(one, ROUNDS), "The monolith": alone}
