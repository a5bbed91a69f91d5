"""A plan made anew after an outage, on Russia 2014 in the hands of a thousand workplaces.

Oil at 0.55, five years and the years after; a dialogue of nine rounds comes to a plan. Then only
nine tenths of one branch's capacity can be used. The first table says how far the plan is from the
new central optimum, which IPX finds from all data, and what is proved, before anybody is asked
again and after each round, both without and with the cost on change; per cent of the observed
consumption of the reported years. "others changed" counts the workplaces outside the branch that
make more or less than before by over 1% of their base output in some year. Seconds are of the
processor, for the centre and all producers together. The second table is what the plan says of it.

`noise` is another event: every coefficient of every technique, what work and capacity it needs,
what new capacity is built of and how much of it there is are drawn anew, evenly within 5% of what
they were. What was proposed is cut to what can now be done, and the rounds go on from there.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from benchmarks.bench_dialogue import scenario, split
from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.master import Mixture
from counterplan.dialogue.replanning.change import careful, paid
from counterplan.dialogue.replanning.difference import difference_of
from counterplan.dialogue.replanning.replan import Replanning, Step, replanning_of
from counterplan.dialogue.replanning.words import told
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.economy.economy import Economy, Floats, Sparse
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from counterplan.plan.shocks import CapacityShock
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine

PRODUCERS, ROUNDS, AFTER = 1000, 9, 3
NOISE, NOISE_SEED, NOISE_AFTER = 0.05, 2, 7
BRANCH, LEFT = "C24", 0.9
COSTS = (0.0005, 0.002)
SECONDS_MAX = 280.0


def before(producers: int) -> tuple[Dialogue, State]:
    """Hold the dialogue whose plan is in force."""
    asked = scenario()
    dialogue = dialogue_of(assemble(lay_out(split(producers), asked)), asked)
    begin = beginning(dialogue)
    *_, state = dialogue.rounds(begin.first, drafts=begin.drafts, rounds_max=ROUNDS)
    return dialogue, state


def outage(dialogue: Dialogue, state: State, branch: str) -> Replanning:
    """Return the replanning after a branch has lost a tenth of its capacity."""
    lost = CapacityShock(kind="capacity", branches=(branch,), share=LEFT)
    asked = dialogue.scenario
    after = asked.model_copy(update={"shocks": (*asked.shocks, lost)})
    return replanning_of(dialogue, state, after)


def optimum(replanning: Replanning) -> float:
    """Return the best value after the event, from all data."""
    program = replanning.dialogue.parts.program
    found = solve_divisible(program, engine=Engine.IPX, seconds_max=SECONDS_MAX)
    return float(program.reward @ found.primal)


def lines(
    replanning: Replanning, steps: Sequence[tuple[Step, float]], *, best: float
) -> Iterator[dict[str, object]]:
    """Yield a line for each step and cost on change, the first without."""
    dialogue = replanning.dialogue
    for step, seconds in steps:
        free = step.state.mixture
        costly = [(0.0, free, seconds)]
        for cost in COSTS if step.rounds else ():
            started = time.process_time()
            found = careful(dialogue, step.state, cost=cost)
            costly.append((cost, found, time.process_time() - started))
        for cost, mixture, spent in costly:
            if mixture is not None:
                yield line(replanning, step, mixture, cost=cost, best=best) | {"CPU s": spent}


def line(
    replanning: Replanning, step: Step, mixture: Mixture, *, cost: float, best: float
) -> dict[str, object]:
    """Return what one mixture comes to."""
    dialogue, state = replanning.dialogue, step.state
    unit = dialogue.yardstick / 100
    plan = dialogue.plan(replace(state, mixture=mixture))
    found = difference_of(replanning.before, plan, touched=replanning.touched)
    few, others = found.counts(~replanning.touched)
    return {
        "rounds": step.rounds,
        "cost on change, %": 100 * cost,
        "to the optimum, %": (best - mixture.value) / unit,
        "certified, %": (state.bound - mixture.value) / unit,
        "residual": plan.certificate.residual,
        "others changed": few,
        "of": others,
        "changes cost, %": 100 * paid(dialogue, mixture, cost=cost),
    }


def measured(
    dialogue: Dialogue, state: State, *, branch: str = BRANCH, best: float | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables of one outage."""
    replanning, steps = outage(dialogue, state, branch), []
    started = time.process_time()
    step = replanning.begin()
    steps.append((step, time.process_time() - started))
    while step.rounds < AFTER:
        started = time.process_time()
        step = replace(step, state=replanning.dialogue.next(step.state))
        steps.append((step, time.process_time() - started))
    mixture = careful(replanning.dialogue, step.state, cost=replanning.terms.cost)
    assert mixture is not None
    plan = replanning.dialogue.plan(replace(step.state, mixture=mixture))
    found = difference_of(replanning.before, plan, touched=replanning.touched)
    cost = paid(replanning.dialogue, mixture, cost=replanning.terms.cost)
    words = pd.DataFrame({"": list(told(found, rounds=step.rounds, cost=cost))})
    best = optimum(replanning) if best is None else best
    table = pd.DataFrame(lines(replanning, steps, best=best))
    return {f"A tenth of {branch} lost": table, "In words": words}


def noisy(economy: Economy) -> Economy:
    """Draw every coefficient and capacity of the producers anew, around what it was."""
    rng = np.random.default_rng(NOISE_SEED)

    def factors(count: int) -> Floats:
        return rng.uniform(1 - NOISE, 1 + NOISE, count)

    def about(given: Sparse) -> Sparse:
        drawn = sp.csr_array(given, copy=True)
        drawn.data = drawn.data * factors(drawn.data.size)
        return drawn

    ways, work, capital = economy.techniques, economy.labour, economy.capital
    capacity = capital.capacity * factors(capital.capacity.size)
    return replace(
        economy,
        techniques=replace(ways, use=about(ways.use)),
        labour=replace(work, need=about(work.need)),
        capital=replace(
            capital,
            need=about(capital.need),
            composition=about(capital.composition),
            capacity=capacity,
        ),
    )


def noise() -> dict[str, pd.DataFrame]:
    """Noise of 5% on everything.

    Russia 2014 in the hands of a thousand workplaces, oil at 0.55, five years; after a dialogue of
    nine rounds every coefficient and capacity is another one, up to 5% away. Distances are to the
    new optimum that IPX finds from all data; per cent of the observed consumption of the reported
    years.
    """
    dialogue, state = before(PRODUCERS)
    economy = noisy(dialogue.parts.problem.outlook.economy)
    replanning = replanning_of(dialogue, state, dialogue.scenario, economy=economy)
    best, unit = optimum(replanning), dialogue.yardstick / 100
    step, rows = replanning.begin(), []
    while len(rows) <= NOISE_AFTER:
        here, mixture = step.state, step.state.mixture
        value = mixture.value if mixture else float("nan")
        rows.append(
            {
                "rounds": step.rounds,
                "to the optimum, %": (best - value) / unit,
                "certified, %": (here.bound - value) / unit,
            }
        )
        print(rows[-1], flush=True)
        step = replace(step, state=replanning.dialogue.next(here))
    moved = pd.DataFrame([{"the optimum moved by, %": (best - old_value(state)) / unit}])
    return {"Rounds": pd.DataFrame(rows), "How much it changes": moved}


def old_value(state: State) -> float:
    """Return what the plan before the event was worth."""
    assert state.mixture is not None
    return state.mixture.value


def run() -> dict[str, pd.DataFrame]:
    """Return the tables by title."""
    return measured(*before(PRODUCERS))


#: What follows the benchmark's name: `python -m benchmarks replanning noise`.
PARTS = {"noise": noise}
