r"""Indivisible answers: producers who are assigned one of their own proposals, and no mixture.

.. math:: \lambda_{sk} \in \{0, 1\} \text{ for those whose answers are all or nothing,}\quad
          \lambda_{sk} \ge 0 \text{ for the others}

in the centre's problem (:mod:`counterplan.dialogue.master`). The mixture is worth at least as much
as any such assignment from the same proposals, and the certified bound as much as any from whatever
proposals; the loss against both is stated. The search: producers settle one after another beside
the mixture (:mod:`counterplan.dialogue.settling`); the centre decides its own part anew; they
settle again beside that, as long as it pays; what is still missing of a rule, producers make good
one after another, each time by the cheapest change that is enough. Where there are few choices in
all, branch and bound goes over all of them at once.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.master import Mixture
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.dialogue.settling import (
    WEIGHING,
    candidates_kept,
    gathered,
    heaviest,
    relieving,
    settled,
)
from counterplan.economy.economy import Bools, Floats, Integers, Sparse
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import RESIDUAL_MAX, violations
from counterplan.solve.highs import run, solve_divisible
from counterplan.solve.mixing import Pull
from counterplan.solve.program import Answer, Engine, Outcome, Program

BEGIN, LEVELS = (0.3, 0.03), (1.0, 0.3)  # of base consumption: how far inside its
# bounds the centre is while producers settle, beside the mixture and beside a choice
GIVE = 1e-4  # of a rule's size: what may be missing, on the way, for its worth to double
ENOUGH = 1e-3  # of base consumption: what another pass must bring
FEW = 200  # choices that are searched all at once
PASSES = 2  # of settling anew beside the choice that is found, as long as it pays
NODES = 2000  # of a branch and bound
MENDS, TRIALS = 20, 6  # changes that make good what is missing, and how many are tried for each
CLOSE = 1e-6  # of base consumption: what branch and bound may leave
PENALTY = 20.0  # times what a rule is worth: what missing it costs in the search
LEAST_PRICE = 0.01  # of base consumption over a rule's size: the least price in that
MISSING = 1e-9  # of a rule's size: what counts as missing
SECONDS_MAX = 300.0
ENGINES = (Engine.VERTEX, Engine.SIMPLEX, Engine.IPX, Engine.LOOSE)


@dataclass(frozen=True)
class Hindrance:
    """A shared rule that stands in the way of an assignment.

    Attributes
    ----------
    place
        The family, what of it, and when.
    missing
        How much, in the rule's unit, and ``share`` of what goes through the rule.
    """

    place: str
    missing: float
    share: float


@dataclass(frozen=True)
class Whole:
    """An assignment in which some producers have one proposal each.

    Attributes
    ----------
    mixture
        Its weights are 0 or 1 for those producers; None where none was found.
    who
        [S] whose answers are all or nothing.
    chosen
        [S] the place in the pool of each one's proposal; -1 for those who may mix.
    split
        How many of them the mixture had split.
    loss, short
        What it is worth less than the mixture, and than the certified bound, as shares of the
        value of the observed baskets of the reported periods; nan where there is none.
    residual
        Largest violation of any rule, against the sizes of its terms.
    hindrances
        Where none was found: the rules in the way of the best that was, the worst first.
    """

    mixture: Mixture | None
    who: Bools
    chosen: Integers
    split: int
    loss: float
    short: float
    residual: float
    hindrances: tuple[Hindrance, ...] = ()

    def verdict(self) -> str:
        """Return what came of it in a sentence."""
        count = f"{int(self.who.sum()):,} producers"
        if self.mixture is None:
            worst = ", ".join(f"{one.place} by {100 * one.share:.2g}%" for one in self.hindrances)
            return f"no assignment of one proposal to each of {count} was found; missed are {worst}"
        return (
            f"one proposal for each of {count}, of whom the mixture had split {self.split:,}: it "
            f"loses {100 * self.loss:.3g}% of the consumption of the reported years against the "
            f"mixture, and at most {100 * self.short:.3g}% against any plan"
        )


def whole_assignment(dialogue: Dialogue, state: State, who: Bools | None = None) -> Whole:
    """Return the best assignment found that gives each of some producers one own proposal.

    Parameters
    ----------
    who
        [S] whose proposals are all or nothing; everybody's where it is not given.

    Raises
    ------
    CounterplanError
        When the dialogue has no mixture yet.
    """
    if state.mixture is None:
        raise CounterplanError("no mixture of the proposals keeps every shared rule yet")
    chosen_by = np.ones(len(dialogue.parts.producers), dtype=bool) if who is None else who
    search = Search(dialogue, state, state.mixture, chosen_by)
    places = search.best()
    return search.result(places)


@dataclass(frozen=True)
class Found:
    """The centre's answer to a choice.

    Attributes
    ----------
    primal, dual, weights
        [N0] its variables, [L] what the rules are worth, [K] of the candidates.
    missing, lack
        [2 x L] what is missing or too much, and the largest share of a rule's size in that.
    merit
        What it is worth, less the price of what is missing.
    """

    primal: Floats
    dual: Floats
    weights: Floats
    missing: Floats
    lack: float
    merit: float

    @property
    def rank(self) -> tuple[bool, float]:
        """What a choice is judged by: whether it keeps every rule, then its worth."""
        return self.lack <= MISSING, self.merit

    def halves(self, half: float) -> tuple[float, float]:
        """What a change is judged by: whether as little is missing as was asked, then its worth."""
        return -max(self.lack, half), self.merit


class Search:
    """One search, with everything that stays the same in it."""

    def __init__(self, dialogue: Dialogue, state: State, mixture: Mixture, who: Bools) -> None:
        self.dialogue, self.state, self.mixture, self.who = dialogue, state, mixture, who
        self.centre, self.unit = dialogue.centre, dialogue.yardstick
        self.all = np.zeros((len(state.pool), who.size))
        self.all[: len(mixture.weights)] = mixture.weights
        kept = candidates_kept(state.pool, self.all, mixture.valuations)
        self.candidates = gathered(state.pool, kept, self.centre.touched)
        self.owner = self.candidates.owner
        self.weights = self.all[self.candidates.entry, self.owner]
        self.weights /= np.bincount(self.owner, weights=self.weights, minlength=who.size)[
            self.owner
        ]
        self.size = self.sizes()
        price = np.abs(mixture.valuations)
        self.price = PENALTY * np.maximum(price, LEAST_PRICE * self.unit / self.size)
        self.pull = self.give()
        priced = self.candidates.shares.T @ mixture.valuations[self.centre.touched]
        self.worth = self.candidates.values - priced

    def give(self) -> Pull:
        """Return how much may be missing while producers settle, for what it is worth."""
        frame, touched = self.centre.frame, self.centre.touched
        held = frame.rules(self.mixture.valuations)[touched]
        unit = np.maximum(np.abs(held), frame.rules(-self.price / PENALTY)[touched])
        return Pull(GIVE * (self.size * frame.scale)[touched] / unit, held)

    def sizes(self) -> Floats:
        """Return what goes through each shared rule at the mixture [L]."""
        through = abs(self.centre.program.matrix) @ np.abs(self.mixture.decided)
        through[self.centre.touched] += np.abs(self.candidates.shares) @ self.weights
        return np.where(through > 0, through, 1.0)

    def best(self) -> Integers:
        """Return the best choice found: the place of each producer's candidate [S]."""
        begun = self.begin()
        places, found = max(begun, key=lambda one: one[1].merit)
        if int(self.who[self.owner].sum()) <= FEW:
            tried = [places, *(self.searched(places, elastic=one) for one in (0.0, 1.0))]
            return max(tried, key=lambda one: self.decided(one).rank)
        safe = max(begun, key=lambda one: one[1].rank)
        for _ in range(PASSES):
            before = found.merit
            for level in LEVELS:
                after = self.settled(found.weights, places, level)
                if after is None:
                    continue
                again = self.decided(after)
                safe = max(safe, (after, again), key=lambda one: one[1].rank)
                if again.merit > found.merit:
                    places, found = after, again
            if found.merit <= before + ENOUGH * self.unit:
                break
        return max(safe, self.mended(places, found), key=lambda one: one[1].rank)[0]

    def mended(self, places: Integers, found: Found) -> tuple[Integers, Found]:
        """Return a choice in which one producer after another makes good what is missing most."""
        for _ in range(MENDS):
            if found.lack <= MISSING or not np.isfinite(found.lack):
                break
            missing = found.missing[0] - found.missing[1]
            worst = int(np.argmax(np.abs(missing) / self.size))
            rule = np.flatnonzero(self.centre.touched == worst)
            if not rule.size:
                break
            at, need = int(rule[0]), float(missing[worst])
            others = relieving(self.candidates, places, self.who, self.worth, rule=at, need=need)
            changes = [self.changed(places, int(one)) for one in others[:TRIALS]]
            trials = [(one, self.decided(one)) for one in changes]
            half = found.lack / 2
            best = max(trials, key=lambda one: one[1].halves(half), default=(places, found))
            if best[1].lack >= found.lack:
                break
            places, found = best
        return places, found

    def changed(self, places: Integers, candidate: int) -> Integers:
        """Return a choice in which the owner of a candidate has that one."""
        after = places.copy()
        after[self.owner[candidate]] = candidate
        return after

    def begin(self) -> list[tuple[Integers, Found]]:
        """Return several choices to begin from."""
        heavy = heaviest(self.candidates, self.weights)
        choices = [heavy, *(self.settled(self.weights, heavy, level) for level in BEGIN)]
        return [(one, self.decided(one)) for one in choices if one is not None]

    def settled(self, weights: Floats, places: Integers, level: float) -> Integers | None:
        """Return where producers settle beside weights [K] of the candidates."""
        frame, gap = self.centre.frame, level * self.unit
        return settled(frame, self.candidates, weights, places, self.who, gap=gap, pull=self.pull)

    def searched(self, places: Integers, *, elastic: float) -> Integers:
        """Return the choice of branch and bound over all candidates, or what was known."""
        program, columns = self.program(places, self.who, elastic=elastic)
        answer = run(
            program,
            options={
                "mip_max_nodes": NODES,
                "mip_abs_gap": CLOSE * self.unit,
                "mip_rel_gap": 0.0,
                "mip_feasibility_tolerance": 1e-9,
                "time_limit": SECONDS_MAX,
                "threads": 1,
            },
        )
        taken = answer.primal[program.reward.size - columns.size :]
        if not np.isfinite(taken).all():
            return places
        after = places.copy()
        mine = columns[(taken > 0.5) & self.who[self.owner[columns]]]
        after[self.owner[mine]] = mine
        return after

    def decided(self, places: Integers) -> Found:
        """Return what the centre makes of a choice; what it cannot keep is missing, at a price."""
        program, columns = self.program(places, np.zeros_like(self.who), elastic=1.0)
        answer = answer_of(program)
        if answer is None:
            nothing = np.zeros((2, self.size.size))
            return Found(nothing[0], nothing[0], self.weights, nothing, np.inf, -np.inf)
        return self.found(answer, program, columns)

    def found(self, answer: Answer, program: Program, columns: Integers) -> Found:
        """Return the answer to a programme in its parts."""
        own, shared = self.centre.columns.size, self.centre.rows.size
        weights = np.zeros(self.owner.size)
        weights[columns] = answer.primal[program.reward.size - columns.size :]
        middle = answer.primal[own : program.reward.size - columns.size]
        missing = middle.reshape(-1, shared) if middle.size else np.zeros((2, shared))
        lack = float((missing / self.size).max(initial=0.0))
        merit = float(program.reward @ answer.primal)
        return Found(answer.primal[:own], answer.dual[:shared], weights, missing, lack, merit)

    def program(self, places: Integers, free: Bools, *, elastic: float) -> tuple[Program, Integers]:
        """Return the centre's problem, and which candidates are its last columns.

        Producers whose answers are all or nothing have the candidate of their place alone, unless
        they are free; 0 for ``elastic`` lets nothing be missing.
        """
        own, shared = self.centre.program, self.centre.rows.size
        open_ = (free | ~self.who)[self.owner]
        open_[places[self.who]] = True
        columns = np.flatnonzero(open_)
        full = np.zeros((shared, columns.size))
        full[self.centre.touched] = self.candidates.shares[:, columns]
        shares = sp.csr_array(full)
        count, people = columns.size, self.who.size
        ones = sp.csr_array(
            (np.ones(count), (self.owner[columns], np.arange(count))), shape=(people, count)
        )
        slack: Sparse = sp.csr_array(sp.eye_array(shared, shared if elastic else 0))
        room, price = (self.size, -self.price) if elastic else (np.zeros(0), np.zeros(0))
        nothing: Sparse = sp.csr_array((people, own.reward.size + 2 * slack.shape[1]))
        decisions = sp.hstack([own.matrix, slack, -slack], format="csr")
        integer = np.zeros(own.reward.size + 2 * room.size + count, dtype=bool)
        integer[integer.size - count :] = free[self.owner[columns]] & self.who[self.owner[columns]]
        program = Program(
            matrix=sp.block_array([[decisions, shares], [nothing, ones]], format="csr"),
            row_lower=np.concatenate([own.row_lower, np.ones(people)]),
            row_upper=np.concatenate([own.row_upper, np.ones(people)]),
            lower=np.concatenate([own.lower, np.zeros(2 * room.size + count)]),
            upper=np.concatenate([own.upper, room, room, np.ones(count)]),
            reward=np.concatenate([own.reward, price, price, self.candidates.values[columns]]),
            integer=integer,
        )
        return program, columns

    def result(self, places: Integers) -> Whole:
        """Return what came of a choice: the plan that the centre makes of it, or what hinders."""
        nan, chosen = float("nan"), np.where(self.who, self.candidates.entry[places], -1)
        split = int(((self.all > WEIGHING).sum(axis=0) > 1)[self.who].sum())
        none = Whole(None, self.who, chosen, split, nan, nan, nan)
        program, columns = self.program(places, np.zeros_like(self.who), elastic=0.0)
        answer = answer_of(program)
        if answer is None:
            return replace(none, hindrances=self.hindrances(self.decided(places)))
        found = self.found(answer, program, columns)
        weights = np.zeros_like(self.all)
        weights[self.candidates.entry, self.owner] = np.maximum(found.weights, 0.0)
        weights[:, self.who] = 0.0
        weights[chosen[self.who], np.flatnonzero(self.who)] = 1.0
        weights /= weights.sum(axis=0)
        mixture = Mixture(nan, found.primal, weights, found.dual)
        mixture = self.dialogue.tidied(mixture, self.state.pool)
        primal = self.dialogue.primal(mixture, self.state.pool)
        violation, size = violations(self.dialogue.parts.problem, primal)
        residual = float((violation / size).max(initial=0.0))
        if residual > RESIDUAL_MAX:
            raise CounterplanError(f"the assignment keeps its rules only to {residual:.1e}")
        return replace(
            none,
            mixture=mixture,
            loss=(self.mixture.value - mixture.value) / self.unit,
            short=(self.state.bound - mixture.value) / self.unit,
            residual=residual,
        )

    def hindrances(self, found: Found) -> tuple[Hindrance, ...]:
        """Return the rules that a choice misses, the worst first."""
        missing = found.missing.sum(axis=0)
        share = missing / self.size
        order = np.argsort(-share, kind="stable")
        return tuple(
            Hindrance(self.place(int(r)), float(missing[r]), float(share[r]))
            for r in order[:5]
            if share[r] > MISSING
        )

    def place(self, shared: int) -> str:
        """Return a shared rule in words."""
        problem, row = self.dialogue.parts.problem, self.centre.rows[shared]
        for name, block in problem.rows.items():
            at = np.argwhere(block.rows == row)
            if at.size:
                item, period = at[0]
                label = problem.outlook.periods.labels[period]
                return f"{name.replace('_', ' ')} of {block.items[item]}, {label}"
        raise CounterplanError(f"no family has the rule {row}")


def answer_of(program: Program) -> Answer | None:
    """Return the answer of the first engine that solves a programme, or None."""
    tries = (solve_divisible(program, engine=one, seconds_max=SECONDS_MAX) for one in ENGINES)
    return next((answer for answer in tries if answer.outcome is Outcome.SOLVED), None)
