"""How a dialogue begins: with what the centre's own statistics say, which binds nobody.

The centre plans the economy by branches (:mod:`counterplan.dialogue.statistics`). What things are
worth to that plan is the first offer; its course for each branch, and going on as before, are the
drafts that producers may follow.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from counterplan.dialogue.drafts import Draft, as_before, draft_of
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.rounds import Dialogue
from counterplan.dialogue.statistics import by_branches
from counterplan.economy.economy import Economy, Floats, no_projects
from counterplan.errors import CounterplanError
from counterplan.plan.conflict import ImpossibleMandateError
from counterplan.plan.make import attempt, attempts, better, make_plan, refuse_impossible
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.scenario import Scenario
from counterplan.plan.shocks import OutageShock
from counterplan.solve.program import Engine

SECONDS_MAX = 3600.0


@dataclass(frozen=True)
class Beginning:
    """The first offer, and the drafts."""

    first: Offer
    drafts: tuple[Draft, ...]


def beginning(dialogue: Dialogue) -> Beginning:
    """Return how a dialogue begins by the centre's own statistics.

    Raises
    ------
    ImpossibleMandateError
        When no plan of the economy by branches can keep the mandate.
    """
    problem = dialogue.parts.problem
    economy, scenario = by_branches(problem.outlook.economy), of_branches(dialogue.scenario)
    if not len(economy.projects):
        known = make_plan(economy, scenario)
        return begun(dialogue, known, (as_before(problem), draft_of(known)))
    known = divisible_plan(economy, scenario)
    drafts = [as_before(problem), draft_of(known)]
    with suppress(ImpossibleMandateError):  # nobody has a project to count on yet
        without = replace(economy, projects=no_projects())
        drafts.insert(1, draft_of(make_plan(without, scenario)))
    return begun(dialogue, known, tuple(drafts))


def begun(dialogue: Dialogue, known: Plan, drafts: tuple[Draft, ...]) -> Beginning:
    """Return the beginning with what things are worth to a plan by branches."""
    valued = same_rules(known, dialogue.parts.problem)
    return Beginning(Offer(0, valued[dialogue.centre.rows]), drafts)


def divisible_plan(economy: Economy, scenario: Scenario) -> Plan:
    """Return the best plan of an economy in which any part of a project can be built.

    Raises
    ------
    ImpossibleMandateError
        When even that keeps the mandate nowhere.
    """
    problem = assemble(lay_out(economy, scenario))
    none = np.zeros_like(problem.program.integer)
    problem = replace(problem, program=replace(problem.program, integer=none))
    best: Plan | None = None
    for engine in attempts(problem, Engine.AUTOMATIC):
        best = better(best, attempt(problem, scenario, engine=engine, seconds_max=SECONDS_MAX))
        if best is not None and best.certificate.holds:
            return best
        refuse_impossible(problem)
    if best is None:
        raise CounterplanError("no engine found a plan of the economy by branches")
    return best


def of_branches(scenario: Scenario) -> Scenario:
    """Return a scenario without what it says of single producers, which statistics do not know."""
    mandate = scenario.mandate.model_copy(update={"quotas": ()})
    shocks = tuple(one for one in scenario.shocks if not isinstance(one, OutageShock))
    return scenario.model_copy(update={"mandate": mandate, "shocks": shocks})


def same_rules(known: Plan, problem: Problem) -> Floats:
    """Return the valuations of a plan by branches for the rules that both problems share [R]."""
    valued = np.zeros(problem.program.row_lower.size)
    for name, block in problem.rows.items():
        if name not in known.problem.rows:  # the rules of counting on projects
            continue
        other = known.problem.rows[name].rows
        if other.shape == block.rows.shape:
            both = (block.rows >= 0) & (other >= 0)
            valued[block.rows[both]] = known.dual[other[both]]
    return valued
