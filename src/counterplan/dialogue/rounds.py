r"""The rounds: offer, answers, mixture, and how far the plan can be from the best.

At any valuations y of the shared rules the answers prove a bound on every plan:

.. math:: \text{value} \;\le\; \underbrace{\sum_r \max(y_r r^-_r, y_r r^+_r)
          + \sum_j \max(d_j l_j, d_j u_j)}_{\text{the centre's own part}} + \sum_s b_s(y)

b_s the bound that producer s proves on its own proposals. It counts as soon as everybody's answer
to that one offer is in, in whichever round that is.

A round offers several valuations at once, on the way from those of the best bound to those of the
mixture, and producers answer each. In the first rounds the mixture's say little, for there is
little to mix: then those of the best bound hold them back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from counterplan.dialogue.arrivals import Arrivals, Refusing, arrivals, refuse_none
from counterplan.dialogue.choices import all_parts
from counterplan.dialogue.drafts import Draft
from counterplan.dialogue.exchange import Answers, Key, Offer
from counterplan.dialogue.groups import groups_of
from counterplan.dialogue.log import Event, Kind, codes_of, named
from counterplan.dialogue.master import Centre, Mixture, best_mixture, centre_of, pulled
from counterplan.dialogue.news import bound_events, choice_events, in_force, quiet_event
from counterplan.dialogue.parts import Parts, parts_of
from counterplan.dialogue.pool import Pool, entries_of
from counterplan.dialogue.projects import Projects, as_asked, projects_of
from counterplan.dialogue.quota import admitted
from counterplan.dialogue.result import plan_of
from counterplan.dialogue.shortage import least_shortage
from counterplan.dialogue.tidy import tidied_trade
from counterplan.dialogue.transport import Transport
from counterplan.dialogue.wholeness import beside, made_whole
from counterplan.dialogue.workplaces import BATCH, Workplaces, workplaces_of
from counterplan.economy.economy import Floats
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import violations
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem
from counterplan.plan.scenario import Scenario

WAY = (0.2, 0.4, 0.6, 0.8, 1.0)  # to the mixture's valuations: what a round offers
REACHES = (0.3, 1.8)  # how far valuations move after the first rounds, where they are held back
FINISHED = 0.1  # of what is proved to be missing: what a search may leave of the value
VISIBLE = 0.01  # of the observed baskets: the most that it may leave
FIRST_GAP = 1.0  # of the observed baskets: how exact to be as long as nothing is proved
LEAST_GAP = 1e-7  # of the same: more exact there is no need to be
ROUNDS_MAX = 60
INFINITE, UNKNOWN = float("inf"), float("nan")


Totals = tuple[tuple[Key, float], ...]  # by offer, what everybody's answers to it prove


@dataclass(frozen=True)
class Round:
    """What one round brought.

    Attributes
    ----------
    value, bound
        Of the best plan so far, and the least bound so far; nan and inf before there is one.
    gap
        Their difference, against the value of the observed baskets of the reported periods.
    answered, late
        How many producers answered this round's offer in time, and an older one late.
    shortage
        What the proposals leave missing, each rule in units of its largest term; 0 once there is a
        plan.
    residual
        Largest violation of any rule by the plan in force, against the sizes of its terms.
    proved
        Number of the offer whose answers give the bound; -1 before there is one.
    loss
        What whole projects cost the plan against the best mixture of what was proposed, as a share
        of the same value; 0 where there are no projects.
    """

    number: int
    value: float
    bound: float
    gap: float
    answered: int
    late: int
    shortage: float
    residual: float
    proved: int
    loss: float = 0.0


@dataclass(frozen=True)
class State:
    """Where a dialogue stands after a round: enough to go on from.

    Attributes
    ----------
    offers
        All that were made; those of the last number are to be made in the next round.
    pool
        What was proposed: drafts, then the answers to each offer.
    totals
        By key of the offer, the bound that everybody's answers to it prove.
    mixture
        The best one, with weights for the entries of the pool that it mixes; projects are whole.
    guide
        The best one with projects between 0 and 1; None where there are no projects.
    log
        What happened that somebody should know of.
    """

    rounds: tuple[Round, ...]
    pool: Pool
    offers: tuple[Offer, ...]
    totals: Totals = ()
    mixture: Mixture | None = None
    guide: Mixture | None = None
    log: tuple[Event, ...] = ()

    @property
    def offer(self) -> Offer:
        """The main one of the next round: the last on the way."""
        return self.offers[-1]

    @property
    def offering(self) -> tuple[Offer, ...]:
        """All of the next round."""
        return tuple(one for one in self.offers if one.number == self.offer.number)

    @property
    def wanted(self) -> Mixture | None:
        """The best mixture of what was proposed, whether projects are whole in it or not."""
        return self.guide or self.mixture

    @property
    def bound(self) -> float:
        """The least bound that is proved."""
        return min((total for _, total in self.totals), default=INFINITE)

    @property
    def proved(self) -> Answers | None:
        """The answers that prove the bound: those to one offer, complete."""
        if self.bound == INFINITE:
            return None
        key = min(self.totals, key=lambda one: one[1])[0]
        return self.pool[entries_of(self.pool, key)[0]]


@dataclass(frozen=True)
class Reply:
    """The centre's part of a round: the mixture in force, what is missing, what it offers next."""

    mixture: Mixture | None
    missing: float
    offers: tuple[Offer, ...]
    events: tuple[Event, ...]
    guide: Mixture | None = None


@dataclass(frozen=True)
class Dialogue:
    """A dialogue about one scenario: the centre, the producers, and their rounds.

    Attributes
    ----------
    workplaces
        The producers as they are in this process; the drafts are theirs to follow.
    transport
        How the others reach them, which may lose or delay what they say.
    refusing
        Which answers are not plausible.
    projects
        The centre's, which are built whole or not at all; None where there are none.
    """

    scenario: Scenario
    parts: Parts
    centre: Centre
    workplaces: Workplaces
    transport: Transport
    refusing: Refusing = refuse_none
    projects: Projects | None = None

    @property
    def yardstick(self) -> float:
        """What gaps are measured against."""
        return self.parts.problem.base_consumption

    def rounds(
        self, first: Offer, *, drafts: Sequence[Draft] = (), rounds_max: int = ROUNDS_MAX
    ) -> Iterator[State]:
        """Go on round after round from a first offer and drafts; stop when nobody asks for more.

        Yields
        ------
        The state after each round.
        """
        state = self.begin(first, drafts=drafts)
        for _ in range(rounds_max):
            state = self.next(state)
            yield state

    def begin(self, first: Offer, *, drafts: Sequence[Draft] = ()) -> State:
        """Return the state before the first round: what producers make of the drafts."""
        pool = tuple(self.workplaces.follow(one, first) for one in drafts)
        events = []
        for place, one in enumerate(pool, start=1):
            able = f"{int(one.answered.sum()):,} of {one.answered.size:,} producers"
            codes = codes_of(self.parts.producers, ~one.answered)
            others = f"; who cannot: {named(codes)}" if codes else ""
            sentence = f"{able} can follow draft {place}{others}"
            events.append(Event(first.number - 1, Kind.DRAFT, sentence, codes))
        return State((), pool, (first,), log=tuple(events))

    def next(self, state: State) -> State:
        """Make one round."""
        everybody = np.ones(len(self.parts.producers), dtype=bool)
        asked = (self.transport.ask(offer, everybody) for offer in state.offering)
        return self.close(state, list(chain.from_iterable(asked)))

    def close(self, state: State, batches: Sequence[Answers]) -> State:
        """End a round with the answers that arrived in it."""
        new = arrivals(self.parts, state.pool, state.offers, batches, refusing=self.refusing)
        totals = self.totals(state, new)
        here = replace(state, pool=new.pool, totals=totals)
        reply = self.reply(replace(here, pool=admitted(self.parts, new.pool)), new)
        number = state.offer.number + 1
        next_ = tuple(replace(one, number=number, part=k) for k, one in enumerate(reply.offers))
        offers = (*state.offers, *next_)
        here = replace(here, offers=offers, mixture=reply.mixture, guide=reply.guide)
        events = (*new.events, *bound_events(state, here), *reply.events)
        made = self.round(here, new, reply.missing)
        return replace(here, rounds=(*state.rounds, made), log=(*state.log, *events))

    def totals(self, state: State, new: Arrivals) -> Totals:
        """Return the bound of every offer that everybody has answered."""
        totals = dict(state.totals)
        for key in new.changed:
            answers = new.pool[entries_of(new.pool, key)[0]]
            if answers.complete():
                part = self.centre.bound(answers.offer.valuations)
                totals[key] = part + float(answers.bounds.sum())
        return tuple(sorted(totals.items()))

    def reply(self, state: State, new: Arrivals) -> Reply:
        """Return the centre's part of a round: the best mixture, and what to offer next.

        ``state`` holds the new pool and bounds, and the mixture in force.
        """
        number, producers = state.offer.number, self.parts.producers
        heard = np.zeros(len(producers), dtype=bool)
        for one in state.pool:
            heard |= one.answered
        if not heard.all():
            quiet = quiet_event(producers, heard, new.pool, number)
            return Reply(None, UNKNOWN, (state.offer,), (quiet,))
        if state.rounds and not new.changed:
            stayed = Event(number, Kind.STAYED, "nothing new arrived: what was in force stays")
            missing = state.rounds[-1].shortage
            return Reply(state.mixture, missing, state.offering, (stayed,), state.guide)
        gap = self.known_gap(state)
        found = best_mixture(
            self.centre, state.pool, gap=gap, exact=self.exact(gap), last=state.wanted
        )
        found = found and self.tidied(found, state.pool)
        if found is None and state.wanted is None:
            missing, valuations = least_shortage(self.centre, state.pool)
            what = f"no mixture keeps every shared rule: what is missing adds up to {missing:.3g}"
            offer = Offer(number, valuations, own_costs=0.0)
            return Reply(None, missing, (offer,), (Event(number, Kind.MISSING, what),))
        guide: Mixture | None = None
        aside: tuple[Offer, ...] = ()
        if self.projects is not None:
            guide = found or state.guide
            found, aside = made_whole(self, state, guide) if guide else (None, ())
        best, events = in_force(state, found)
        events += tuple(choice_events(self, replace(state, guide=guide), best))
        offers = self.offers(replace(state, mixture=guide or found or best, guide=None))
        return Reply(best, 0.0, beside(state, guide, best, aside, offers), events, guide)

    def known_gap(self, state: State) -> float:
        """Return what is proved to be missing, as a yardstick for how exact to be."""
        if state.wanted is None or state.bound == INFINITE:
            return FIRST_GAP * self.yardstick
        return max(state.bound - state.wanted.value, LEAST_GAP * self.yardstick)

    def exact(self, gap: float) -> float:
        """Return what a search may leave of the value."""
        return min(FINISHED * gap, VISIBLE * self.yardstick)

    def offers(self, state: State) -> tuple[Offer, ...]:
        """Return what to offer after a mixture: its valuations, and some on the way to them."""
        number, proved, mixture = state.offer.number, state.proved, state.mixture
        if mixture is None:
            raise CounterplanError("there is no mixture yet")
        if proved is None:
            return (Offer(number, mixture.valuations),)
        known, wanted = proved.offer.valuations, mixture.valuations
        if len(state.rounds) < len(REACHES):
            gap, reach = self.known_gap(state), REACHES[len(state.rounds)]
            held = pulled(self.centre, state.pool, mixture, gap=gap, towards=known, reach=reach)
            wanted = wanted if held is None else held
        return tuple(Offer(number, known + share * (wanted - known)) for share in WAY)

    def round(self, state: State, new: Arrivals, missing: float) -> Round:
        """Return the line of a round."""
        value = state.mixture.value if state.mixture else UNKNOWN
        residual = UNKNOWN
        if state.mixture:
            primal = as_asked(self.parts, self.primal(state.mixture, state.pool))
            violation, size = violations(self.parts.asked, primal)
            residual = float((violation / size).max(initial=0.0))
        proved, parts = state.proved, all_parts(self, state)
        bound = min([state.bound, *(one.bound for one in parts[:1])])
        return Round(
            number=state.offer.number - 1,
            value=value,
            bound=bound,
            gap=(bound - value) / self.yardstick,
            answered=new.answered,
            late=new.late,
            shortage=missing,
            residual=residual,
            proved=-1 if proved is None else proved.offer.number,
            loss=0.0 if state.guide is None else (state.guide.value - value) / self.yardstick,
        )

    def plan(self, state: State) -> Plan:
        """Return the plan in force with its certificate; an error where there is none yet."""
        return plan_of(self, state)

    def primal(self, mixture: Mixture, pool: Sequence[Answers]) -> Floats:
        """Return every variable: the centre's, and each producer's mixture of its proposals."""
        primal = np.zeros(self.parts.columns.size)
        primal[self.centre.columns] = mixture.decided
        own = np.flatnonzero(self.parts.own)
        owner = self.parts.columns[own]
        for weights, answers in zip(mixture.weights, pool, strict=True):
            primal[own] += weights[owner] * answers.courses[own]
        return primal

    def tidied(self, mixture: Mixture, pool: Sequence[Answers]) -> Mixture:
        """Return a mixture whose bands of trade hold their rules to rounding."""
        primal = tidied_trade(self.parts, self.primal(mixture, pool))
        value = float(self.parts.program.reward @ primal)
        return replace(mixture, decided=primal[self.centre.columns], value=value)


def dialogue_of(
    problem: Problem,
    scenario: Scenario,
    *,
    transport: Transport | None = None,
    refusing: Refusing = refuse_none,
    batch: int = BATCH,
) -> Dialogue:
    """Set up a dialogue about a plan problem.

    Parameters
    ----------
    transport
        How the producers are reached; those of this process where it is not given.
    batch
        How many producers of this process answer together.
    """
    parts = parts_of(problem)
    workplaces = workplaces_of(parts, batch=batch)
    centre = centre_of(parts, groups_of(parts))
    reached, projects = transport or workplaces, projects_of(parts, centre)
    return Dialogue(scenario, parts, centre, workplaces, reached, refusing, projects)
