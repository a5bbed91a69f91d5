"""What passes between the centre and the producers: offers, and the answers to them."""

from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.parts import Parts
from counterplan.economy.economy import Bools, Floats, Integers

SAME = 1e-9  # of a number: what another machine's rounding may leave
Key = tuple[int, int]  # number and part of an offer
NOTHING = 1e-12  # of the largest share in a rule: what an engine leaves of nothing


@dataclass(frozen=True)
class Offer:
    """What the centre tells every producer.

    Attributes
    ----------
    number
        Counts the rounds from 0; drafts, which come before, have numbers below.
    part
        A round can offer several valuations at once; producers answer each of them.
    valuations
        [L] what one more unit on the right-hand side of each shared rule is worth.
    own_costs
        1 where a producer weighs its own costs as the mandate does; 0 where the centre only asks
        what is possible.
    """

    number: int
    valuations: Floats
    own_costs: float = 1.0
    part: int = 0

    @property
    def key(self) -> Key:
        """Its number and its part."""
        return self.number, self.part


@dataclass(frozen=True, eq=False)
class Answers:
    """One proposal of each producer that answered; zeros where one did not.

    Attributes
    ----------
    answered
        [S] who did.
    shares
        [L x S] what each proposal puts into each shared rule, producer by producer in memory.
    values
        [S] what each proposal is worth to the mandate by itself: less its own costs.
    bounds
        [S] a proved bound on what any proposal of the producer is worth at the offer.
    courses
        [N] the proposals themselves: every producer's own variables. They stay at home.
    duals
        [R] what proves the bounds. They stay at home too.
    """

    offer: Offer
    answered: Bools
    shares: Floats
    values: Floats
    bounds: Floats
    courses: Floats
    duals: Floats

    def worth(self) -> Floats:
        r"""Return what each proposal is worth at its own offer [S].

        .. math:: \theta\, v_s - y^\top a_s
        """
        offer = self.offer
        worth: Floats = offer.own_costs * self.values - offer.valuations @ self.shares
        return worth

    def complete(self) -> bool:
        """Return whether the answers prove a bound: everybody's are in, own costs weighed."""
        return bool(self.answered.all()) and self.offer.own_costs == 1.0


def nothing(parts: Parts, offer: Offer) -> Answers:
    """Return the answers to an offer before anybody has answered."""
    count = len(parts.producers)
    return Answers(
        offer=offer,
        answered=np.zeros(count, dtype=bool),
        shares=np.zeros((offer.valuations.size, count), order="F"),
        values=np.zeros(count),
        bounds=np.zeros(count),
        courses=np.zeros(parts.columns.size),
        duals=np.zeros(parts.rows.size),
    )


def copied(answers: Answers) -> Answers:
    """Return answers with arrays of their own."""
    return Answers(
        answers.offer,
        answers.answered.copy(),
        answers.shares.copy(order="F"),
        answers.values.copy(),
        answers.bounds.copy(),
        answers.courses.copy(),
        answers.duals.copy(),
    )


def put(parts: Parts, into: Answers, answers: Answers, who: Bools) -> None:
    """Copy the proposals of some producers [S] into answers whose arrays are their own."""
    into.answered[who] = True
    into.shares[:, who] = answers.shares[:, who]
    into.values[who] = answers.values[who]
    columns = owned(parts.columns, who)
    into.courses[columns] = answers.courses[columns]
    put_bounds(parts, into, answers, who)


def put_bounds(parts: Parts, into: Answers, answers: Answers, who: Bools) -> None:
    """Copy the bounds of some producers [S], with what proves them."""
    into.bounds[who] = answers.bounds[who]
    rows = owned(parts.rows, who)
    into.duals[rows] = answers.duals[rows]


def owned(owner: Integers, who: Bools) -> Bools:
    """Return which variables or rules belong to some producers; none of the centre's do."""
    return np.append(who, False)[owner]


def alike(one: Answers, other: Answers, who: Bools) -> Bools:
    """Return who of some producers says the same in both, but for rounding [S]."""
    a, b = one.shares[:, who], other.shares[:, who]
    least = NOTHING * np.maximum(np.abs(a), np.abs(b)).max(axis=1, initial=0.0)[:, None]
    near = np.abs(a - b) <= SAME * (np.abs(a) + np.abs(b)) + least
    size = np.abs(one.values[who]) + np.abs(other.values[who])
    found = np.zeros_like(who)
    found[who] = near.all(axis=0) & (np.abs(one.values - other.values)[who] <= SAME * size)
    return found
