r"""Terms: what stands beside the producers' models in a dialogue, quotas and overrides.

Terms can change before any round. The dialogue then goes on about the problem with the quotas that
stand now. Nothing that was proposed is lost: what breaks a quota is set aside as long as it stands.
What proved a bound is valued anew for whoever's quotas changed, for any duals prove one:

.. math:: b_s(y) = \sum_{r \in s} \max(\mu_r r^-_r, \mu_r r^+_r)
          + \sum_{j \in s} \max(d_j l_j, d_j u_j)

with nothing for the duals of a quota that is no more, and of one that is new.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.log import Event, Kind, codes_of, named
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.pool import Pool, entries_of
from counterplan.dialogue.quota import admitted, keeping, promised
from counterplan.dialogue.rounds import Dialogue, State, Totals, dialogue_of
from counterplan.dialogue.workplaces import crew_of
from counterplan.economy.economy import Bools, Floats
from counterplan.plan.mandate import Quota
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.quotas import VERBS
from counterplan.plan.wording import figure


@dataclass(frozen=True)
class Terms:
    """What stands beside the producers' models.

    Attributes
    ----------
    quotas
        That producers asked for; those of the scenario stand besides.
    overrides
        Each as it was read: ``producer``, the ``form`` of the proposal, whether it is ``lasting``,
        ``reason`` and ``place``.
    """

    quotas: tuple[Quota, ...] = ()
    overrides: tuple[Mapping[str, Any], ...] = ()


NOTHING = Terms()
#: Round, the dialogue and its state before -> both under the terms that stand in that round.
Turning = Callable[[int, Dialogue, State], tuple[Dialogue, State]]


def as_before(_: int, dialogue: Dialogue, state: State) -> tuple[Dialogue, State]:
    """Change no terms."""
    return dialogue, state


def under(dialogue: Dialogue, terms: Terms) -> Dialogue:
    """Return a dialogue about the problem with quotas, its producers in this process.

    Parameters
    ----------
    dialogue
        Without any terms.

    Raises
    ------
    InputError
        For a quota that speaks of what is not there.
    """
    if not terms.quotas:
        return dialogue
    mandate = dialogue.scenario.mandate
    mandate = mandate.model_copy(update={"quotas": (*mandate.quotas, *terms.quotas)})
    scenario = dialogue.scenario.model_copy(update={"mandate": mandate})
    problem = assemble(lay_out(dialogue.parts.problem.outlook.economy, scenario))
    batch = dialogue.workplaces.batch
    return dialogue_of(problem, scenario, refusing=dialogue.refusing, batch=batch)


def carried(old: Dialogue, new: Dialogue, state: State) -> State:
    """Return where a dialogue stands when it goes on under other terms.

    Parameters
    ----------
    old, new
        The dialogue under the terms before and those that stand now.
    """
    if old.parts is new.parts:
        return state
    pool = tuple(
        replace(one, duals=moved(old.parts.problem, new.parts.problem, one.duals))
        for one in state.pool
    )
    pool = tuple(valued(new, pool, changed(old.parts, new.parts)))
    number = state.offer.number
    events = (*aside(old.parts, new.parts, pool, number), *unheard(new.parts, pool, number))
    after = replace(state, pool=pool, totals=totals(new, pool), log=(*state.log, *events))
    if after.mixture is not None and not in_keeping(new, after):
        what = "the plan in force breaks a quota that is new: there is none until the next mixture"
        lost = Event(number, Kind.QUOTA, what)
        after = replace(after, mixture=None, log=(*after.log, lost))
    return replace(after, guide=None)


def changes(state: State) -> tuple[int, ...]:
    """Return the rounds, from 0, before which quotas changed once the dialogue had begun.

    What was worth so much, or proved, before such a round was so in another problem.
    """
    found = {one.round for one in state.log if one.kind is Kind.QUOTA and one.round > 0}
    return tuple(sorted(found))


def moved(old: Problem, new: Problem, duals: Floats) -> Floats:
    """Return duals [R] of one problem as those of another, with 0 for quotas that are new."""
    found = np.zeros(new.program.row_lower.size)
    for name, block in new.rows.items():
        before = old.rows[name]
        rows = before.rows
        if name == "quota":
            place = {item: a for a, item in enumerate(before.items)}
            rows = np.full_like(block.rows, -1)
            for a, item in enumerate(block.items):
                if item in place:
                    rows[a] = before.rows[place[item]]
        both = (block.rows >= 0) & (rows >= 0)
        found[block.rows[both]] = duals[rows[both]]
    return found


def changed(old: Parts, new: Parts) -> Bools:
    """Return whose quotas are other ones [S]."""
    producers = new.producers
    one, other = (set(parts.problem.outlook.mandate.quotas) for parts in (old, new))
    codes = {quota.producer for quota in one ^ other}
    return np.array([code in codes for code in producers], dtype=bool)


def valued(dialogue: Dialogue, pool: Pool, who: Bools) -> Iterator[Answers]:
    """Yield the entries of a pool with the bounds that their duals prove now, for some [S]."""
    crew = crew_of(dialogue.workplaces, who)
    for one in pool:
        proved = one.answered & who & np.isfinite(one.bounds)
        if proved.any():
            yield replace(
                one, bounds=np.where(proved, crew.bounds(one.offer, one.duals), one.bounds)
            )
        else:
            yield one


def totals(dialogue: Dialogue, pool: Pool) -> Totals:
    """Return the bound of every offer that everybody has answered."""
    found = {}
    for key in {one.offer.key for one in pool if one.offer.number >= 0}:
        answers = pool[entries_of(pool, key)[0]]
        if answers.complete():
            part = dialogue.centre.bound(answers.offer.valuations)
            found[key] = part + float(answers.bounds.sum())
    return tuple(sorted(found.items()))


def in_keeping(dialogue: Dialogue, state: State) -> bool:
    """Return whether the plan in force keeps every quota."""
    if state.mixture is None:
        return False
    primal = dialogue.primal(state.mixture, state.pool)
    return bool(keeping(dialogue.parts, replace(state.pool[0], courses=primal)).all())


# ---- what the log says --------------------------------------------------------------------------


def aside(old: Parts, new: Parts, pool: Pool, number: int) -> Iterator[Event]:
    """Yield how many proposals are set aside, and how many come back."""
    before = np.stack([one.answered & keeping(old, one) for one in pool])
    after = np.stack([one.answered & keeping(new, one) for one in pool])
    for lost, words in (
        (before & ~after, "break a quota and are set aside as long as it stands"),
        (after & ~before, "come back, for the quota that they broke stands no more"),
    ):
        if lost.any():
            codes = codes_of(new.producers, np.any(lost, axis=0))
            what = f"{int(lost.sum()):,} proposals {words}: {named(codes)}"
            yield Event(number, Kind.QUOTA, what, codes)


def unheard(parts: Parts, pool: Pool, number: int) -> Iterator[Event]:
    """Yield who has a quota and no proposal left that keeps it."""
    left = np.any([one.answered for one in admitted(parts, pool)], axis=0)
    quiet: Bools = promised(parts) & ~left
    if quiet.any():
        codes = codes_of(parts.producers, quiet)
        what = (
            f"nothing that these proposed keeps their quotas, so they answer first: {named(codes)}"
        )
        yield Event(number, Kind.MISSING, what, codes)


def quota_events(old: Sequence[Quota], new: Sequence[Quota], number: int) -> Iterator[Event]:
    """Yield which quotas are asked for and which are withdrawn, before a round."""
    for quota in new:
        if quota not in old:
            yield Event(
                number, Kind.QUOTA, f"{told(quota)}: it stands from now on", (quota.producer,)
            )
    for quota in old:
        if quota not in new:
            yield Event(number, Kind.QUOTA, f"{told(quota)}: it is withdrawn", (quota.producer,))


def told(quota: Quota) -> str:
    """Return a quota in words."""
    limits = {"least": quota.least, "most": quota.most}
    much = " and ".join(f"at {name} {figure(x)}" for name, x in limits.items() if x is not None)
    when = f"until {quota.end}" if quota.start is None else f"{quota.start} to {quota.end}"
    why = f" ({quota.reason})" if quota.reason else ""
    return f"quota of {quota.producer}, to {VERBS[quota.line]} {much} of {quota.item}, {when}{why}"
