"""Other ways to talk: the same producers, the same first offer, another centre.

*Plain subgradient.* The offer moves against what the answers leave missing, in steps a / (1 + k/10)
of the first offer's length, every rule with a largest coefficient of one (measured in the first
offer's units it came less near). M. Held, P. Wolfe and H. P. Crowder,
"Validation of subgradient optimization", *Mathematical Programming* 6 (1974) 62-88. Its plan is the
average of the answers with weights (k + 1)^4: E. Gustavsson, M. Patriksson and A.-B. Stroemberg,
"Primal convergence from dual subgradient methods for convex optimization", *Mathematical
Programming* 150 (2015) 365-390.

*Fictitious play.* The game behind two-level planning: producers choose proposals and gain, the
other side chooses valuations and makes them gain least; each replies to the average of what the
other did so far. J. Kornai and T. Liptak, "Two-level planning", *Econometrica* 33 (1965) 141-169;
G. W. Brown, "Iterative solution of games by fictitious play", in *Activity Analysis of Production
and Allocation* (1951) 374-376. There the centre sends quotas and sectors answer with valuations;
here it is the other way about, so that producers are asked the same as by the others. The centre
replies to the average proposals with the valuations of its own best decisions, where a shortage
costs so many times the first offer; that is the box in which valuations are chosen.

*Simplex-dual Dantzig-Wolfe.* The centre mixes all proposals by the simplex method, kept warm, and
offers the valuations of the corner that it ends in.

The first two are given more than they ask for: the centre's own decisions are not relaxed but
found exactly at every offer, and the plan is the best mixture of the averaged answers with the two
drafts, everybody in the same proportion, so that it keeps every rule.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.dialogue_field import Elastic, Field, Looked, Relaxed, Warm
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.master import mixed
from counterplan.economy.economy import Floats

SLOWER = 10  # rounds after which a step of the subgradient is half as long
LATER = 4  # power of the round's number that its answer is averaged with
DEAR = 10.0  # times the first offer: what a shortage costs where it is only to be shown
STRIDE = 10  # rounds from one look at the plan of averaged answers to the next


@dataclass(frozen=True)
class Stand:
    """Where a rival stands after a round.

    Attributes
    ----------
    bound
        The least so far.
    value
        Of the best plan so far; nan where there is none or it was not looked at.
    missing
        What the averaged answers leave missing in the shared rules, at the valuations of the first
        offer; nan where it was not looked at, 0 for a mixture.
    seconds
        Of the processor so far, without those spent on looking at a plan that nobody asked for.
    """

    round: int
    bound: float
    value: float
    missing: float
    seconds: float


def looking(number: int) -> bool:
    """Whether a plan is made after this round, by its number from 1."""
    return number % STRIDE == 0


class Clock:
    """Seconds of the processor, less those of looking."""

    def __init__(self) -> None:
        self.started, self.aside = time.process_time(), 0.0

    def now(self) -> float:
        """Return the seconds so far."""
        return time.process_time() - self.started - self.aside

    def look(self, looked: Looked, share: Floats, value: float) -> float:
        """Return what a plan is worth, in no time."""
        started = time.process_time()
        worth = looked.value(share, value)
        self.aside += time.process_time() - started
        return worth

    def missing(self, field: Field, share: Floats) -> float:
        """Return what averaged answers leave missing, in no time."""
        started = time.process_time()
        missing, _ = Elastic(field, times=DEAR).missing(share)
        self.aside += time.process_time() - started
        return missing


def subgradient(field: Field, *, length: float) -> Iterator[Stand]:
    """Hold rounds by plain subgradient steps, of this share of the first offer's length."""
    looked = Looked(field)
    clock = Clock()
    relaxed, units = Relaxed(field), field.units
    valued = relaxed.usable(field.begin.first.valuations[field.touched])
    unit = float(np.linalg.norm(valued / units)) or 1.0
    bound, best, weights, share, value = np.inf, -np.inf, 0.0, 0.0 * units, 0.0
    number = 0
    while True:
        number += 1
        seen = relaxed.seen(number, valued)
        bound, weight = min(bound, seen.bound), float(number) ** LATER
        weights += weight
        share = share + weight / weights * (seen.share - share)
        value += weight / weights * (seen.value - value)
        slope = seen.slope * units
        step = (
            length * unit / (1 + (number - 1) / SLOWER) / max(float(np.linalg.norm(slope)), 1e-300)
        )
        valued = relaxed.usable(valued - step * slope * units)
        seconds, missing = clock.now(), np.nan
        if looking(number):
            best = np.fmax(best, clock.look(looked, share, value))
            missing = clock.missing(field, share)
        yield Stand(number, bound, best, missing, seconds)


def fictitious(field: Field, *, times: float) -> Iterator[Stand]:
    """Hold rounds by fictitious play, valuations at most so many times the first offer's."""
    looked = Looked(field)
    clock = Clock()
    relaxed, prices = Relaxed(field), Elastic(field, times=times)
    mean = relaxed.usable(field.begin.first.valuations[field.touched])
    bound, best, share, value = np.inf, -np.inf, 0.0 * mean, 0.0
    number = 0
    while True:
        number += 1
        seen = relaxed.seen(number, mean)
        bound = min(bound, seen.bound)
        share = share + (seen.share - share) / number
        value += (seen.value - value) / number
        missing, reply = prices.missing(share)
        # The first offer counts as one of the replies.
        mean = relaxed.usable(mean + (reply - mean) / (number + 1))
        seconds = clock.now()
        if looking(number):
            best = np.fmax(best, clock.look(looked, share, value))
        yield Stand(number, bound, best, missing, seconds)


def dantzig_wolfe(field: Field) -> Iterator[Stand]:
    """Hold rounds by Dantzig and Wolfe's own method: corners of the mixture, one offer each."""
    dialogue, own = field.dialogue, field.own
    drafts = [dialogue.workplaces.follow(one, field.begin.first) for one in field.begin.drafts]
    clock = Clock()
    offer, bound, number, warm = field.begin.first, np.inf, 0, None
    while True:
        told = dialogue.workplaces.answer(offer)
        bound = min(bound, dialogue.centre.bound(offer.valuations) + float(told.bounds.sum()))
        if warm is None:
            warm = Warm(mixed(dialogue.centre, [*drafts, told]))
        else:
            warm.add(np.vstack([told.shares, np.eye(told.values.size)]), told.values)
        answer = warm.solve()
        if answer is None:
            raise RuntimeError("no mixture of drafts and first answers keeps the shared rules")
        number += 1
        offer = Offer(number, answer[2][: own.row_lower.size])
        yield Stand(number, bound, answer[0], 0.0, clock.now())
