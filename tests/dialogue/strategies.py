"""Random economies under random scenarios, for properties that must hold of every dialogue."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.economy.drawn import Draw, draw_economy
from counterplan.economy.economy import Economy
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import EmissionGoal, Goal, Mandate, Need
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Horizon, Scenario
from counterplan.plan.shocks import CapacityShock, LabourShock, PriceShock, QuantityShock, Shock

FIRST = 2021
ENOUGH = 1e-4  # of base consumption: the gap at which a dialogue is done
ROUNDS_MAX = 60
SECONDS_MAX = 60.0
LARGEST_LEAVER = 0.5  # of its product's output: the others must be able to live with it


@dataclass(frozen=True)
class Case:
    """A random economy, what is asked of it, and what occurs in it."""

    seed: int
    economy: Economy
    scenario: Scenario
    features: frozenset[str]


@dataclass(frozen=True)
class Held:
    """A dialogue that was held, and the central optimum from all data."""

    case: Case
    dialogue: Dialogue
    states: tuple[State, ...]
    optimum: Plan


def case_of(seed: int) -> Case:
    """Draw a case: an economy, its periods, who leaves or comes, and another shock or goal."""
    random = np.random.default_rng([seed, 100])
    economy = draw_economy(request_of(seed, random))
    periods = int(random.choice([1, 2, 3], p=[0.2, 0.5, 0.3]))
    shocks: list[Shock] = []
    leaving, coming = replaceable(economy, random)
    some = random.integers(3)
    if leaving and some != 1:
        start = FIRST + int(random.integers(periods))
        shocks.append(CapacityShock(kind="capacity", branches=(leaving,), share=0.0, start=start))
    if coming and some != 0 and periods > 1:
        end = FIRST + int(random.integers(periods - 1))
        shocks.append(CapacityShock(kind="capacity", branches=(coming,), share=0.0, end=end))
    if not shocks:
        shocks.append(disturbance(economy, random))
    goals: tuple[Goal, ...] = ()
    if random.random() < 0.3:
        factor = float(random.uniform(0.9, 1.0))
        goals = (EmissionGoal(kind="emission", emission="emission-1", factor=factor),)
    scenario = Scenario(
        name=f"drawn-{seed}",
        title="A random scenario",
        economy=economy.name,
        horizon=Horizon(first=FIRST, periods=periods),
        mandate=mandate_of(goals, random),
        shocks=tuple(shocks),
    )
    return Case(seed, economy, scenario, features_of(economy, scenario))


def request_of(seed: int, random: np.random.Generator) -> Draw:
    """Draw what an economy is asked to be: small, with several branches for some product."""
    products = int(random.integers(3, 6))
    branches = products + int(random.integers(1, 3))
    return Draw(
        seed=seed,
        products=products,
        producers=branches + int(random.integers(1, 5)),
        branches=branches,
        techniques=int(random.integers(1, 3)),
        skills=int(random.integers(1, 4)),
        groups=int(random.integers(1, 3)),
        lag=int(random.integers(1, 4)),
        regions=int(random.choice([1, 1, 2])),
        joint=float(random.choice([0.0, 0.4])),
        new=float(random.choice([0.0, 0.25])),
        imported=float(random.choice([0.0, 0.25])),
        growth=float(random.choice([0.0, 0.015])),
        labour_growth=0.0,
    )


def mandate_of(goals: tuple[Goal, ...], random: np.random.Generator) -> Mandate:
    """Draw a mandate; a need, now and then, and more weight on the worst year.

    Collective consumption may fall by a third: where a supplier is gone the observed one may be
    out of reach.
    """
    needs = (Need(group="*", product="*", share=0.3),) if random.random() < 0.3 else ()
    worst = float(random.choice([0.0, 0.0, 1.0]))
    return Mandate(collective_floor=2 / 3, needs=needs, goals=goals, worst_year=worst)


def disturbance(economy: Economy, random: np.random.Generator) -> Shock:
    """Draw a shock that no producer causes."""
    codes = economy.products.codes
    sold = [codes[i] for i in np.flatnonzero(economy.trade.exports > 0)]
    bought = [codes[i] for i in np.flatnonzero(economy.trade.imports_other > 0)]
    kinds: list[Shock] = [
        LabourShock(kind="labour", skills=economy.labour.codes[:1], factor=0.95),
        PriceShock(kind="export_price", products=tuple(sold[:1]), factor=0.7),
    ]
    if bought:
        kinds.append(QuantityShock(kind="import_limit", products=tuple(bought[:1]), share=0.8))
    return kinds[int(random.integers(len(kinds)))]


def replaceable(economy: Economy, random: np.random.Generator) -> tuple[str, str]:
    """Return two branches, or '', that make at most half of each product that they make."""
    techniques, branches = economy.techniques, economy.branches()
    made = techniques.output.toarray() * techniques.activity
    owner = np.array([branches.index(b) for b in economy.branch_of_technique()])
    total = np.maximum(made.sum(axis=1), 1e-300)
    able = [
        code
        for b, code in enumerate(branches)
        if 0 < (made[:, owner == b].sum(axis=1) / total).max() <= LARGEST_LEAVER
    ]
    chosen = [able[k] for k in random.permutation(len(able))] + ["", ""]
    return chosen[0], chosen[1] or chosen[0]


def features_of(economy: Economy, scenario: Scenario) -> frozenset[str]:
    """Return what occurs, read off the economy and the scenario themselves."""
    techniques, capital = economy.techniques, economy.capital
    gone = [one for one in scenario.shocks if isinstance(one, CapacityShock)]
    ran = np.zeros(len(economy.producers), dtype=bool)
    ran[techniques.producer[techniques.activity > 0]] = True
    idle = ran[techniques.producer] & (techniques.activity == 0)
    made = np.asarray(techniques.output.sum(axis=1)) > 0
    facts: dict[str, Any] = {
        "joint products": (np.diff(techniques.output.indptr) > 1)[techniques.activity > 0].any(),
        "several periods": scenario.horizon.periods > 1,
        "zero capacities": (capital.capacity == 0).any(),
        "leave": any(one.end is None for one in gone),
        "join": any(one.end is not None for one in gone),
        "idle techniques": idle.any(),
        "several skills": len(economy.labour.codes) > 1,
        "long gestation": (capital.lag > 1).any(),
        "imported only": (~made).any(),
        "regions": len(economy.routes) > 0,
        "emission limits": bool(scenario.mandate.goals),
        "stocks": (economy.stocks.initial > 0).any(),
    }
    return frozenset(name for name, holds in facts.items() if holds)


@cache
def held(seed: int) -> Held:
    """Hold a dialogue until its gap is small, and find the central optimum."""
    case = case_of(seed)
    problem = assemble(lay_out(case.economy, case.scenario))
    dialogue = dialogue_of(problem, case.scenario)
    states = tuple(until_enough(dialogue))
    optimum = make_plan(case.economy, case.scenario, seconds_max=SECONDS_MAX)
    return Held(case, dialogue, states, optimum)


def until_enough(dialogue: Dialogue) -> Iterator[State]:
    """Yield states until the gap is small, beginning with the centre's own statistics."""
    begin = beginning(dialogue)
    for state in dialogue.rounds(begin.first, drafts=begin.drafts, rounds_max=ROUNDS_MAX):
        yield state
        if state.rounds[-1].gap <= ENOUGH:
            return
