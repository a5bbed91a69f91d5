"""The plan in force, with a certificate that promises the gap that it has."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from counterplan.dialogue.choices import Part, all_parts
from counterplan.dialogue.exchange import Key
from counterplan.dialogue.pool import entries_of
from counterplan.dialogue.projects import as_asked, valued_as_asked
from counterplan.economy.economy import Floats
from counterplan.errors import CounterplanError
from counterplan.plan.cases import Case
from counterplan.plan.certificate import certify, promise_of
from counterplan.plan.plan import Making, Plan

if TYPE_CHECKING:
    from counterplan.dialogue.rounds import Dialogue, State

ELSEWHERE = 1e-9  # what another machine's rounding may add to a gap that is promised
PATIENCE, LITTLE = 4, 0.1  # rounds, and the share of the gap that they must take away


def plan_of(dialogue: "Dialogue", state: "State") -> Plan:
    """Return the plan in force with its certificate, which promises the gap that it has.

    Raises
    ------
    CounterplanError
        When there is none yet.
    """
    if state.mixture is None:
        raise CounterplanError("no mixture of the proposals keeps every shared rule yet")
    parts = dialogue.parts
    primal = as_asked(parts, dialogue.primal(state.mixture, state.pool))
    proved = all_parts(dialogue, state)
    cases = tuple(case_of(dialogue, state, one) for one in proved) if len(proved) > 1 else ()
    dual = valued_as_asked(parts, proof(dialogue, state))
    if dialogue.projects is not None:  # what things are worth where these projects are built
        choice = dialogue.projects.choice(state.mixture)
        of_choice = [k for k, one in enumerate(proved) if one.holds(choice)]
        dual = cases[of_choice[0]].dual if cases else dual
    certificate = certify(parts.asked, primal=primal, dual=dual, cases=cases)
    promise = promise_of(certificate.gap + ELSEWHERE)
    if promise is not None:
        certificate = replace(certificate, gap_max=promise)
    making = Making("dialogue", 0.0, len(state.rounds), promise=promise)
    return Plan(dialogue.scenario, parts.asked, primal, dual, certificate, making, cases)


def proof(dialogue: "Dialogue", state: "State", key: Key | None = None) -> Floats:
    """Return the valuations [R] that prove a bound: the offer's, and the producers' own.

    Parameters
    ----------
    key
        Of the offer; of the one that proves the least bound where it is not given.
    """
    dual = np.zeros(dialogue.parts.rows.size)
    proved = state.proved if key is None else state.pool[entries_of(state.pool, key)[0]]
    if proved is not None:
        dual[:] = proved.duals
        dual[dialogue.centre.rows] = proved.offer.valuations
    return dual


def case_of(dialogue: "Dialogue", state: "State", part: Part) -> Case:
    """Return what answers prove of some choices of projects as a case of the plan as asked."""
    problem = dialogue.parts.asked
    items, first = len(problem.outlook.economy.projects), problem.columns["project"]
    choices = {first + t * items + p: starts for (p, t), starts in part.made.items()}
    dual = proof(dialogue, state, part.key)
    return Case(choices, valued_as_asked(dialogue.parts, dual, free=part.free))


def left_to_projects(state: "State", *, gap: float) -> bool:
    """Return whether only whole projects keep the gap above what is asked, and rounds bring little.

    With projects between 0 and 1 the proposals would be near enough to the bound; and in the last
    rounds the gap of the plan in force fell by less than a tenth.
    """
    if state.guide is None or len(state.rounds) <= PATIENCE:
        return False
    last, before = state.rounds[-1], state.rounds[-1 - PATIENCE]
    return last.gap - last.loss <= gap and last.gap >= (1 - LITTLE) * before.gap
