"""How a dialogue begins: with what the centre's own statistics say, which binds nobody.

The centre plans the economy by branches (:mod:`counterplan.dialogue.statistics`). What things are
worth to that plan is the first offer; its course for each branch, and going on as before, are the
drafts that producers may follow.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.drafts import Draft, as_before, draft_of
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.rounds import Dialogue
from counterplan.dialogue.statistics import by_branches
from counterplan.economy.economy import Floats
from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem
from counterplan.plan.scenario import Scenario
from counterplan.plan.shocks import OutageShock


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
    known = make_plan(by_branches(problem.outlook.economy), of_branches(dialogue.scenario))
    first = Offer(0, same_rules(known, problem)[dialogue.centre.rows])
    return Beginning(first, (as_before(problem), draft_of(known)))


def of_branches(scenario: Scenario) -> Scenario:
    """Return a scenario without what it says of single producers, which statistics do not know."""
    mandate = scenario.mandate.model_copy(update={"quotas": ()})
    shocks = tuple(one for one in scenario.shocks if not isinstance(one, OutageShock))
    return scenario.model_copy(update={"mandate": mandate, "shocks": shocks})


def same_rules(known: Plan, problem: Problem) -> Floats:
    """Return the valuations of a plan by branches for the rules that both problems share [R]."""
    valued = np.zeros(problem.program.row_lower.size)
    for name, block in problem.rows.items():
        other = known.problem.rows[name].rows
        if other.shape == block.rows.shape:
            both = (block.rows >= 0) & (other >= 0)
            valued[block.rows[both]] = known.dual[other[both]]
    return valued
