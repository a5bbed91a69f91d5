"""The pool of a dialogue: what every producer has proposed so far, by the offer it answered.

Each offer has one entry with one proposal of each producer. A producer that gives another answer
to the same offer has proposed both: the second goes into a further entry, which proves nothing, and
of the two bounds the larger counts, for which of them is wrong nobody can tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.exchange import Answers, Key, alike, copied, nothing, put, put_bounds
from counterplan.dialogue.parts import Parts
from counterplan.economy.economy import Bools

Pool = tuple[Answers, ...]


@dataclass(frozen=True)
class Taken:
    """What the pool made of a batch of answers.

    Attributes
    ----------
    first, other
        [S] whose first answer to the offer it was, and whose other, different one.
    raised
        [S] whose bound rose.
    """

    first: Bools
    other: Bools
    raised: Bools


class Gathering:
    """The pool while answers are coming in. The entries that it began with are never written to."""

    def __init__(self, parts: Parts, pool: Sequence[Answers]) -> None:
        self.parts = parts
        self.entries = list(pool)
        self.ours: set[int] = set()

    def pool(self) -> Pool:
        """Return the pool as it stands."""
        return tuple(self.entries)

    def take(self, batch: Answers, who: Bools) -> Taken:
        """Take some producers' proposals [S] in; what is known already changes nothing."""
        if not who.any():
            return Taken(who, who, who)
        places = entries_of(self.entries, batch.offer.key) or [self.another(batch)]
        main = places[0]
        first = who & ~self.entries[main].answered
        again = who & ~first
        if first.any():
            put(self.parts, self.mine(main), batch, first)
        raised = again & (batch.bounds > self.entries[main].bounds)
        if raised.any():
            put_bounds(self.parts, self.mine(main), batch, raised)
        other = again
        for k in places:
            known = other & self.entries[k].answered
            other = other & ~alike(self.entries[k], batch, known)
        self.add(batch, other, places[1:])
        return Taken(first, other, raised)

    def add(self, batch: Answers, who: Bools, places: Sequence[int]) -> None:
        """Put second proposals [S] where there is room in further entries, or into a new one."""
        left, rooms = who, [*places]
        while left.any():
            k = rooms.pop(0) if rooms else self.another(batch)
            free = left & ~self.entries[k].answered
            put(self.parts, self.mine(k), batch, free)
            self.entries[k].bounds[free] = np.inf
            left = left & ~free

    def another(self, batch: Answers) -> int:
        """Add an entry for a batch's offer in which nobody has answered."""
        self.entries.append(nothing(self.parts, batch.offer))
        self.ours.add(len(self.entries) - 1)
        return len(self.entries) - 1

    def mine(self, k: int) -> Answers:
        """Return an entry that may be written to."""
        if k not in self.ours:
            self.entries[k] = copied(self.entries[k])
            self.ours.add(k)
        return self.entries[k]


def entries_of(pool: Sequence[Answers], key: Key) -> list[int]:
    """Return the places of an offer's entries: the one that may prove a bound, then the others."""
    return [k for k, one in enumerate(pool) if one.offer.key == key]
