r"""The rounds: offer, answers, mixture, and how far the plan can be from the best.

At any valuations y of the shared rules the answers prove a bound on every plan:

.. math:: \text{value} \;\le\; \underbrace{\sum_r \max(y_r r^-_r, y_r r^+_r)
          + \sum_j \max(d_j l_j, d_j u_j)}_{\text{the centre's own part}} + \sum_s b_s(y)

b_s the bound that producer s proves on its own proposals. The next offer lies between the mixture's
valuations and those of the best bound.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.drafts import Draft
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.master import Centre, Mixture, best_mixture, centre_of
from counterplan.dialogue.parts import Parts, parts_of
from counterplan.dialogue.shortage import least_shortage
from counterplan.dialogue.workplaces import Workplaces, workplaces_of
from counterplan.economy.economy import Bools, Floats
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import certify
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import Problem
from counterplan.plan.scenario import Scenario

SMOOTHING = 0.5  # weight of the mixture's valuations; 0.3 and 1 took more rounds in trials
ROUNDS_MAX = 60

#: Round number -> who is heard in it [S].
Hearing = Callable[[int], Bools]


@dataclass(frozen=True)
class Round:
    """What one round brought.

    Attributes
    ----------
    value, bound
        Of the best plan so far, and the least bound so far; nan and inf before there is one.
    gap
        Their difference, against the value of the observed baskets of the reported periods.
    answered
        How many producers were heard.
    shortage
        What the proposals leave missing, each rule in units of its largest term; 0 once there is a
        plan.
    """

    number: int
    value: float
    bound: float
    gap: float
    answered: int
    shortage: float


@dataclass(frozen=True)
class State:
    """Where a dialogue stands after a round: enough to go on from.

    Attributes
    ----------
    proved
        The answers that gave the least bound.
    mixture
        The best one, with the number of rounds that it mixes.
    """

    rounds: tuple[Round, ...]
    pool: tuple[Answers, ...]
    offer: Offer
    bound: float = float("inf")
    proved: Answers | None = None
    mixture: Mixture | None = None


@dataclass(frozen=True)
class Dialogue:
    """A dialogue about one scenario: the centre, the producers, and their rounds.

    Attributes
    ----------
    hearing
        Who is heard in which round.
    """

    scenario: Scenario
    parts: Parts
    centre: Centre
    workplaces: Workplaces
    hearing: Hearing

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
        state = State((), tuple(self.workplaces.follow(one, first) for one in drafts), first)
        for _ in range(rounds_max):
            state = self.next(state)
            yield state

    def next(self, state: State) -> State:
        """Make one round."""
        answers = self.workplaces.answer(state.offer, heard=self.hearing(state.offer.number))
        bound, proved = state.bound, state.proved
        if answers.answered.all() and state.offer.own_costs:
            here = self.centre.bound(state.offer.valuations) + float(answers.bounds.sum())
            if here < bound:
                bound, proved = here, answers
        pool = (*state.pool, answers)
        mixture, missing, offer = self.reply(state, pool, proved)
        value = mixture.value if mixture else float("nan")
        made = Round(
            number=state.offer.number,
            value=value,
            bound=bound,
            gap=(bound - value) / self.yardstick if mixture else float("nan"),
            answered=int(answers.answered.sum()),
            shortage=missing,
        )
        return State((*state.rounds, made), pool, offer, bound, proved, mixture)

    def reply(
        self, state: State, pool: Sequence[Answers], proved: Answers | None
    ) -> tuple[Mixture | None, float, Offer]:
        """Return the best mixture of the pool, what is missing without one, and the next offer."""
        number = state.offer.number + 1
        if not np.any([one.answered for one in pool], axis=0).all():
            return state.mixture, float("nan"), Offer(number, state.offer.valuations)
        mixture = best_mixture(self.centre, pool)
        if mixture is None:
            missing, valuations = least_shortage(self.centre, pool)
            return None, missing, Offer(number, valuations, own_costs=0.0)
        # The engine is not exact: the plan in force stays where the new one is no better.
        if state.mixture and mixture.value < state.mixture.value:
            older = np.zeros((len(pool), state.mixture.weights.shape[1]))
            older[: len(state.mixture.weights)] = state.mixture.weights
            mixture = Mixture(state.mixture.value, state.mixture.decided, older, mixture.valuations)
        valuations = mixture.valuations
        if proved is not None:
            valuations = SMOOTHING * valuations + (1 - SMOOTHING) * proved.offer.valuations
        return mixture, 0.0, Offer(number, valuations)

    def plan(self, state: State) -> Plan:
        """Return the plan in force with its certificate.

        Raises
        ------
        CounterplanError
            When there is none yet.
        """
        if state.mixture is None:
            raise CounterplanError("no mixture of the proposals keeps every shared rule yet")
        problem = self.parts.problem
        primal, dual = self.primal(state.mixture, state.pool), self.dual(state)
        certificate = certify(problem, primal=primal, dual=dual)
        making = Making("dialogue", 0.0, len(state.rounds))
        return Plan(self.scenario, problem, primal, dual, certificate, making)

    def primal(self, mixture: Mixture, pool: Sequence[Answers]) -> Floats:
        """Return every variable: the centre's, and each producer's mixture of its proposals."""
        primal = np.zeros(self.parts.columns.size)
        primal[self.centre.columns] = mixture.decided
        own = np.flatnonzero(self.parts.own)
        owner = self.parts.columns[own]
        for weights, answers in zip(mixture.weights, pool, strict=True):
            primal[own] += weights[owner] * answers.courses[own]
        return primal

    def dual(self, state: State) -> Floats:
        """Return the valuations that prove the bound: the offer's, and the producers' own."""
        dual = np.zeros(self.parts.rows.size)
        if state.proved is not None:
            dual[:] = state.proved.duals
            dual[self.centre.rows] = state.proved.offer.valuations
        return dual


def everybody(count: int) -> Hearing:
    """Hear every producer in every round."""
    return lambda _: np.ones(count, dtype=bool)


def dialogue_of(
    problem: Problem, scenario: Scenario, *, hearing: Hearing | None = None
) -> Dialogue:
    """Set up a dialogue about a plan problem."""
    parts = parts_of(problem)
    workplaces = workplaces_of(parts)
    return Dialogue(
        scenario, parts, centre_of(parts), workplaces, hearing or everybody(workplaces.count)
    )
