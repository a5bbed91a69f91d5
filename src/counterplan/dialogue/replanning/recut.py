r"""The pool after an event: each producer cuts what it once proposed to what it can now do.

A proposal follows from its activities and investments. Where an event touches a producer's own
rules, its capacity is accumulated anew, its activities are cut to what can be used of that, and
its costs of change are counted again; a proposal that keeps its rules even so stays in the pool,
another is withdrawn. What once proved a bound is valued anew, for any duals prove one:

.. math:: b_s(y) = \sum_{r \in s} \max(\mu_r r^-_r, \mu_r r^+_r)
          + \sum_{j \in s} \max(d_j l_j, d_j u_j)

mu the producer's own duals at the offer y, r and l, u the limits after the event.
"""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.drafts import can_follow
from counterplan.dialogue.exchange import Answers, Offer, owned
from counterplan.dialogue.parts import CENTRE, Parts
from counterplan.dialogue.pool import Pool
from counterplan.dialogue.rounds import Dialogue, State, Totals
from counterplan.dialogue.tidy import tidied
from counterplan.dialogue.workplaces import DRAFTED, crew_of
from counterplan.economy.economy import Bools, Floats
from counterplan.errors import InputError
from counterplan.plan.problem import Problem
from counterplan.solve.program import Program

IN_FORCE = 0  # the place of the old assignments in the new pool


def refuse_other_shape(old: Problem, new: Problem) -> None:
    """Refuse an event after which other things are planned than before.

    Raises
    ------
    InputError
        Naming what is there more or less.
    """
    mend = "begin a new dialogue: nothing that was proposed says what it now has to"
    if old.columns != new.columns or old.program.reward.size != new.program.reward.size:
        raise InputError("after the event there are other variables than before", mend=mend)
    for name, block in new.rows.items():
        before = old.rows.get(name)
        if before is None or not np.array_equal(before.rows, block.rows):
            raise InputError(
                f"after the event the rule '{name}' speaks of other things than before", mend=mend
            )


def touched(one: Program, new: Parts) -> Bools:
    """Return whose own rules an event changes [S]; ``one`` is the programme before, in one shape.

    What has no number there was not there before.
    """
    other = new.program
    entries = sp.csr_array(one.matrix - other.matrix).tocoo()
    owner = new.rows[entries.coords[0][entries.data != 0]]
    rows = (one.row_lower != other.row_lower) | (one.row_upper != other.row_upper)
    columns = (one.lower != other.lower) | (one.upper != other.upper)
    columns |= one.reward != other.reward
    found = np.zeros(len(new.producers), dtype=bool)
    for owners in (owner, new.rows[rows], new.columns[columns]):
        found[owners[owners != CENTRE]] = True
    return found


def in_force(dialogue: Dialogue, primal: Floats, who: Bools) -> Answers:
    """Return a plan's assignments [N] as one proposal of each producer, cut for some [S]."""
    offer = Offer(DRAFTED, np.zeros(dialogue.centre.rows.size))
    given = Answers(
        offer=offer,
        answered=np.ones_like(who),
        shares=np.zeros((offer.valuations.size, who.size)),
        values=np.zeros(who.size),
        bounds=np.full(who.size, np.inf),
        courses=np.where(dialogue.parts.own, primal, 0.0),
        duals=np.zeros(dialogue.parts.rows.size),
    )
    return recut(dialogue, given, who, part=IN_FORCE)


def recut(dialogue: Dialogue, answers: Answers, who: Bools, *, part: int) -> Answers:
    """Return old proposals under the new rules, cut for those whom the event touches [S]."""
    parts, workplaces = dialogue.parts, dialogue.workplaces
    courses = answers.courses
    if who.any():
        courses = np.where(owned(parts.columns, who), tidied(parts, courses), courses)
    able = answers.answered & can_follow(parts, courses)
    courses = np.where(owned(parts.columns, able), courses, 0.0)
    return Answers(
        offer=replace(answers.offer, number=DRAFTED, part=part),
        answered=able,
        shares=workplaces.shares_of(courses),
        values=workplaces.summed(parts.program.reward * courses),
        bounds=answers.bounds,
        courses=courses,
        duals=answers.duals,
    )


def retained(dialogue: Dialogue, old: State, who: Bools, *, primal: Floats) -> tuple[Pool, Totals]:
    """Return the new pool, and what its old proofs are worth under the new rules.

    Parameters
    ----------
    old
        Where the dialogue stood before the event.
    who
        [S] whom the event touches.
    primal
        [N] the plan in force, whose assignments become the first entry.
    """
    everybody = np.ones(len(dialogue.parts.producers), dtype=bool)
    crew = crew_of(dialogue.workplaces, everybody)
    entries, totals = [in_force(dialogue, primal, who)], []
    proofs = {key for key, _ in old.totals}
    for one in old.pool:
        entry = recut(dialogue, one, who, part=len(entries))
        if one.offer.key in proofs:
            proofs.remove(one.offer.key)  # further entries of the offer prove nothing
            entry = replace(entry, bounds=crew.bounds(one.offer, one.duals))
            part = dialogue.centre.bound(one.offer.valuations)
            totals.append((entry.offer.key, part + float(entry.bounds.sum())))
        else:
            entry = replace(entry, bounds=np.where(entry.answered, np.inf, 0.0))
        entries.append(entry)
    return tuple(entries), tuple(sorted(totals))
