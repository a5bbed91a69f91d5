"""Faults of a transport, for trials and tests: silence, lateness, and two different answers.

What goes wrong in a round follows from the seed and the round's number alone, so that a dialogue
that is taken up again meets the same faults as one that was never interrupted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.transport import Transport
from counterplan.economy.economy import Bools

CHANGED = 0.05  # standard deviation of the logarithm of a valuation in a second answer
SILENT, DIFFERENT, VALUATIONS = 1, 2, 3  # what a draw of chance is for


@dataclass(frozen=True)
class Faults:
    """What goes wrong.

    Attributes
    ----------
    seed
        Of everything drawn.
    silent
        Share of the producers that do not answer an offer in time.
    late
        After how many rounds their answers arrive; 0 where they never do.
    different
        Share of the producers that answer a second time, as if at other valuations.
    """

    seed: int
    silent: float = 0.0
    late: int = 0
    different: float = 0.0

    def quiet(self, number: int, count: int) -> Bools:
        """Return who does not answer an offer in time [S]."""
        return self.chance(SILENT, number).random(count) < self.silent

    def twice(self, number: int, count: int) -> Bools:
        """Return who answers an offer twice [S]."""
        return self.chance(DIFFERENT, number).random(count) < self.different

    def chance(self, what: int, number: int) -> np.random.Generator:
        """Return the source of chance for one fault at one offer."""
        return np.random.default_rng([self.seed, what, number])


class Faulty:
    """A transport that loses, delays and doubles the answers of another.

    Parameters
    ----------
    offers
        Those that were made before, where a dialogue is taken up again: what is late is the answer
        to one of them.
    """

    def __init__(
        self, transport: Transport, faults: Faults, *, offers: Sequence[Offer] = ()
    ) -> None:
        self.transport = transport
        self.faults = faults
        self.offers = {one.key: one for one in offers}

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield late answers, then those in time, then second ones."""
        self.offers[offer.key] = offer
        faults, count = self.faults, whom.size
        for before in self.overdue(offer):
            yield from self.some(before, faults.quiet(before.number, count))
        quiet = faults.quiet(offer.number, count)
        yield from self.some(offer, whom & ~quiet)
        twice = faults.twice(offer.number, count) & ~quiet
        for answers in self.some(self.elsewhere(offer), twice):
            other = replace(answers, offer=offer)
            bounds = np.where(twice, np.maximum(other.bounds, other.worth()), 0.0)
            yield replace(other, bounds=bounds)

    def overdue(self, offer: Offer) -> list[Offer]:
        """Return the offers to which late answers arrive before those to the first of a round."""
        number = offer.number - self.faults.late
        if not self.faults.late or offer.part:
            return []
        return [self.offers[key] for key in sorted(self.offers) if key[0] == number]

    def some(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield the answers of some producers [S], if there are any."""
        if whom.any():
            yield from self.transport.ask(offer, whom)

    def elsewhere(self, offer: Offer) -> Offer:
        """Return an offer near another one."""
        noise = self.faults.chance(VALUATIONS, offer.number).normal(size=offer.valuations.size)
        return replace(offer, valuations=offer.valuations * np.exp(CHANGED * noise))
