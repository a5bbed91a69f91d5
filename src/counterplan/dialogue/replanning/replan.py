"""Replanning: an event reopens a dialogue, and the plan in force stays until another is proved.

The rounds go on from what was proposed before (:mod:`counterplan.dialogue.replanning.recut`) and
look for the best plan, as any rounds do. As soon as that is proved well enough, the centre mixes
once more with a cost on change (:mod:`counterplan.dialogue.replanning.change`); that mixture comes
into force when it is proved within the same gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from counterplan.dialogue.arrivals import Refusing, refuse_none
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.log import Event, Kind, codes_of, named
from counterplan.dialogue.master import Mixture, best_mixture
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.quota import promised, refuse_impossible
from counterplan.dialogue.replanning.change import careful
from counterplan.dialogue.replanning.membership import NOWHERE, passage_of
from counterplan.dialogue.replanning.recut import IN_FORCE, refuse_other_shape, retained, touched
from counterplan.dialogue.result import ELSEWHERE
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.workplaces import BATCH
from counterplan.economy.economy import Bools, Economy
from counterplan.errors import InputError
from counterplan.plan.certificate import certify, promise_of
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Scenario

COST = 0.0005  # of its output: what it costs to change a producer's assignment altogether
GAP = 0.001  # of the observed baskets: how well the new plan is to be proved
ROUNDS_MAX = 12
STARTING_GAP = 0.01  # of the same: how good a mixture of old proposals is thought to be
STARTING_EXACT = 1e-4


@dataclass(frozen=True)
class Terms:
    """On what terms a plan is made anew.

    Attributes
    ----------
    cost
        Share of a producer's output that it costs to change its assignment altogether.
    gap
        How well the new plan must be proved before it comes into force.
    rounds_max
        After so many rounds the old plan stays.
    """

    cost: float = COST
    gap: float = GAP
    rounds_max: int = ROUNDS_MAX


@dataclass(frozen=True)
class Step:
    """Where the replanning stands.

    Attributes
    ----------
    state
        The rounds about the best plan; its pool begins with the assignments in force.
    mixture
        With the cost on change; None as long as it was not looked for.
    plan
        The plan that comes into force; None as long as the old one stays.
    """

    state: State
    mixture: Mixture | None = None
    plan: Plan | None = None

    @property
    def rounds(self) -> int:
        """How many rounds were made."""
        return len(self.state.rounds)


@dataclass(frozen=True)
class Replanning:
    """A plan in force, and the dialogue about what is left of it after an event.

    Attributes
    ----------
    before
        The plan in force, as a plan of the problem before the event.
    dialogue
        About the problem after the event.
    touched
        [S] whose own rules the event changes.
    start
        The state before the first round.
    """

    before: Plan
    dialogue: Dialogue
    touched: Bools
    start: State
    terms: Terms

    def steps(self) -> Iterator[Step]:
        """Go on until a new plan comes into force, or there are too many rounds.

        Yields
        ------
        The step before the first round, and one after each round.
        """
        step = self.begin()
        yield step
        while step.plan is None and step.rounds < self.terms.rounds_max:
            step = self.next(step)
            yield step

    def begin(self) -> Step:
        """Return the step before the first round: nothing changes where nothing must."""
        same = self.unchanged()
        if same is not None:
            return Step(self.start, plan=same)
        state, dialogue = self.start, self.dialogue
        if not all_heard(state):
            return Step(state)
        unit = dialogue.yardstick
        gap, exact = STARTING_GAP * unit, STARTING_EXACT * unit
        last = guess(dialogue, state)
        found = best_mixture(dialogue.centre, state.pool, gap=gap, exact=exact, last=last)
        if found is None:
            return Step(state)
        state = replace(state, mixture=dialogue.tidied(found, state.pool))
        return Step(replace(state, offers=numbered(dialogue, state)))

    def next(self, step: Step) -> Step:
        """Make one round, and see whether a new plan can come into force."""
        return self.judged(self.dialogue.next(step.state))

    def judged(self, state: State) -> Step:
        """Return the step after a round: with the plan that comes into force, where one can."""
        if state.mixture is None or state.rounds[-1].gap > self.terms.gap:
            return Step(state)
        mixture = careful(self.dialogue, state, cost=self.terms.cost)
        chosen = mixture or state.mixture
        plan = self.dialogue.plan(replace(state, mixture=chosen))
        fine = plan.certificate.holds and plan.certificate.gap <= self.terms.gap + ELSEWHERE
        if not fine and len(state.rounds) >= self.terms.rounds_max:
            mixture, plan = None, self.dialogue.plan(state)  # better changed than not proved
            fine = plan.certificate.holds
        return Step(state, mixture, plan if fine else None)

    def unchanged(self) -> Plan | None:
        """Return the plan in force as one after the event, where it is proved as well as before."""
        before, problem = self.before, self.dialogue.parts.problem
        primal = np.where(self.dialogue.parts.own, self.start.pool[0].courses, before.primal)
        found = certify(problem, primal=primal, dual=before.dual)
        promise = promise_of(found.gap + ELSEWHERE)
        allowed = max(self.terms.gap, before.certificate.gap_max)
        found = replace(found, gap_max=found.gap_max if promise is None else promise)
        if not found.holds or found.gap > allowed:
            return None
        making = Making("dialogue", 0.0, 0, promise=promise)
        return Plan(self.dialogue.scenario, problem, primal, before.dual, found, making)


def guess(dialogue: Dialogue, state: State) -> Mixture | None:
    """Return the assignments in force as a mixture, so that not the whole pool is mixed.

    None where nothing is proved that proposals could be weighed by, or where somebody cannot go on.
    """
    proved = state.proved
    if proved is None or not state.pool[IN_FORCE].answered.all():
        return None
    weights = np.zeros((len(state.pool), len(dialogue.parts.producers)))
    weights[IN_FORCE] = 1.0
    decided = np.zeros(dialogue.centre.columns.size)
    return Mixture(np.nan, decided, weights, proved.offer.valuations)


def all_heard(state: State) -> bool:
    """Return whether every producer has a proposal left."""
    return bool(np.any([one.answered for one in state.pool], axis=0).all())


def numbered(dialogue: Dialogue, state: State) -> tuple[Offer, ...]:
    """Return the offers of the first round."""
    return tuple(replace(one, number=0, part=k) for k, one in enumerate(dialogue.offers(state)))


def replanning_of(
    dialogue: Dialogue,
    state: State,
    scenario: Scenario,
    *,
    terms: Terms | None = None,
    plan: Plan | None = None,
    economy: Economy | None = None,
    refusing: Refusing = refuse_none,
    batch: int = BATCH,
) -> Replanning:
    """Reopen a dialogue after an event.

    Parameters
    ----------
    dialogue, state
        The dialogue, and where it stands.
    scenario
        What is asked and what occurs after the event.
    plan
        The plan in force, where it is not the dialogue's own.
    economy
        The economy after the event, where producers have come or gone or do things otherwise.

    Raises
    ------
    InputError
        Where other things are planned after the event than before, projects are indivisible, or
        somebody can no longer keep its quotas.
    """
    if dialogue.projects is not None:
        raise InputError(
            "it has indivisible projects, and no plan with projects is made anew yet",
            place=f"economy '{dialogue.parts.asked.outlook.economy.name}'",
            mend="begin another dialogue about what is known now",
        )
    before, known = plan or dialogue.plan(state), dialogue.parts.program
    stays = np.ones(len(dialogue.parts.producers), dtype=bool)
    if economy is not None:
        passage = passage_of(dialogue, economy)
        dialogue, state, before = passage.new, passage.state(state), passage.plan(before)
        known, stays = passage.before(), passage.producers != NOWHERE
    old = dialogue.parts
    problem = assemble(lay_out(old.problem.outlook.economy, scenario))
    refuse_other_shape(old.problem, problem)
    after = dialogue_of(problem, scenario, refusing=refusing, batch=batch)
    who = touched(known, after.parts) & stays
    refuse_broken_quotas(after.parts, who)
    pool, totals = retained(after, state, who, primal=before.primal)
    offer = replace(state.offer, number=0, part=0, own_costs=1.0)
    start = State((), pool, (offer,), totals=totals, log=tuple(withdrawals(after, pool)))
    return Replanning(before, after, who, start, terms or Terms())


def refuse_broken_quotas(parts: Parts, who: Bools) -> None:
    """Refuse an event after which somebody that it touches [S] cannot keep its quotas.

    Raises
    ------
    InputError
        Naming the quota, what can be reached, and what to do about the quota.
    """
    if not (promised(parts) & who).any():
        return
    try:
        refuse_impossible(
            parts, {one: f"quota '{one}'" for one in parts.problem.rows["quota"].items}
        )
    except InputError as error:
        raise InputError(
            f"after the event {error.thing}",
            place=error.place,
            mend=f"{error.mend}: in the dialogue that the plan came from, by --quotas, and replan "
            "that; or in its scenario, and begin another",
        ) from None


def withdrawals(dialogue: Dialogue, pool: tuple[Answers, ...]) -> Iterator[Event]:
    """Yield who has no proposal left, and answers anew before anything is mixed."""
    left = np.any([one.answered for one in pool], axis=0)
    if not left.all():
        codes = codes_of(dialogue.parts.producers, ~left)
        what = f"after the event nothing that these proposed can be kept: {named(codes)}"
        yield Event(-1, Kind.MISSING, what, codes)
