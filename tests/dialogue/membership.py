"""Random economies in which one producer comes and another leaves while a plan is in force."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.replanning.replan import Replanning, Step, Terms, replanning_of
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.economy.economy import Economy
from counterplan.errors import InputError
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Scenario
from counterplan.plan.shocks import OutageShock
from tests.dialogue.strategies import (
    ENOUGH,
    LARGEST_LEAVER,
    ROUNDS_MAX,
    SECONDS_MAX,
    case_of,
    until_enough,
)


@dataclass(frozen=True)
class Turnover:
    """A plan in force, and what became of it when one producer came and another left.

    Attributes
    ----------
    newcomer, leaver
        Their codes.
    dialogue, before
        Among those who were there, and its last state.
    optimum
        The best plan of the new economy, from all data.
    """

    newcomer: str
    leaver: str
    dialogue: Dialogue
    before: State
    replanning: Replanning
    steps: tuple[Step, ...]
    optimum: Plan


def without(economy: Economy, code: str) -> Economy:
    """Return an economy without one producer and all that is its own."""
    gone = economy.producers.codes.index(code)
    producers, techniques, capital = economy.producers, economy.techniques, economy.capital
    stay = np.arange(len(producers)) != gone
    ways, items = techniques.producer != gone, capital.producer != gone
    place = np.cumsum(stay) - 1

    def some(names: tuple[str, ...], chosen: np.ndarray) -> tuple[str, ...]:
        return tuple(name for name, keep in zip(names, chosen, strict=True) if keep)

    def of(matrix: sp.csc_array, chosen: np.ndarray) -> sp.csc_array:
        return sp.csc_array(matrix[:, chosen])

    return replace(
        economy,
        producers=type(producers)(
            *(some(one, stay) for one in (producers.codes, producers.names)),
            *(some(one, stay) for one in (producers.regions, producers.branches)),
        ),
        techniques=replace(
            techniques,
            codes=some(techniques.codes, ways),
            names=some(techniques.names, ways),
            producer=place[techniques.producer[ways]],
            use=of(techniques.use, ways),
            output=of(techniques.output, ways),
            activity=techniques.activity[ways],
            emissions=of(techniques.emissions, ways),
        ),
        labour=replace(economy.labour, need=of(economy.labour.need, ways)),
        capital=replace(
            capital,
            codes=some(capital.codes, items),
            names=some(capital.names, items),
            producer=place[capital.producer[items]],
            assets=some(capital.assets, items),
            need=sp.csc_array(of(capital.need, ways)[items]),
            composition=of(capital.composition, items),
            capacity=capital.capacity[items],
            investment=capital.investment[items],
            depreciation=capital.depreciation[items],
            lag=capital.lag[items],
        ),
    )


def small_ones(economy: Economy) -> list[str]:
    """Return producers that ran and made at most half of each product that they make."""
    techniques = economy.techniques
    made = techniques.output.toarray() * techniques.activity
    total = np.maximum(made.sum(axis=1), 1e-300)
    shares = [
        (made[:, techniques.producer == s].sum(axis=1) / total).max()
        for s in range(len(economy.producers))
    ]
    codes = economy.producers.codes
    return [code for code, one in zip(codes, shares, strict=True) if 0 < one <= LARGEST_LEAVER]


def possible(economy: Economy, scenario: Scenario) -> Plan | None:
    """Return the central optimum, None where no plan keeps the mandate."""
    try:
        return make_plan(economy, scenario, seconds_max=SECONDS_MAX)
    except InputError:
        return None


@cache
def turnover(seed: int) -> Turnover | None:
    """Hold a dialogue without one producer, and go on when it has come and another has left.

    None where nobody can be spared.
    """
    case, random = case_of(seed), np.random.default_rng([seed, 200])
    calm = case.scenario.model_copy(update={"shocks": ()})
    small = [str(code) for code in random.permutation(small_ones(case.economy))]
    for newcomer, leaver in permutations(small, 2):
        gone = OutageShock(kind="outage", producers=(leaver,), share=0.0)
        after = calm.model_copy(update={"shocks": (gone,)})
        fewer, optimum = without(case.economy, newcomer), possible(case.economy, after)
        if optimum is None or possible(fewer, calm) is None:
            continue
        dialogue = dialogue_of(assemble(lay_out(fewer, calm)), calm)
        *_, before = until_enough(dialogue)
        replanning = replanning_of(
            dialogue,
            before,
            after,
            economy=case.economy,
            terms=Terms(cost=0.0, gap=ENOUGH, rounds_max=ROUNDS_MAX),
        )
        steps = tuple(replanning.steps())
        return Turnover(newcomer, leaver, dialogue, before, replanning, steps, optimum)
    return None
