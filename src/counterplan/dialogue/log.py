"""The log of a dialogue: what happened in each round that somebody should know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from counterplan.economy.economy import Bools, Codes

NAMED_MAX = 5  # producers that a sentence names


class Kind(StrEnum):
    """What can happen."""

    DRAFT = "draft"
    SILENT = "silent"
    LATE = "late"
    DIFFERENT = "different"
    CONTRADICTION = "contradiction"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    PROVED = "proved"
    RAISED = "raised"
    STAYED = "stayed"
    MISSING = "missing"
    CHOSEN = "chosen"
    QUOTA = "quota"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes
    ----------
    round
        In which round, from 0; -1 before the first.
    producers
        Whom it is about, by code; nobody where it is about the plan.
    sentence
        What happened, in words, with rounds and offers counted from 1.
    """

    round: int
    kind: Kind
    sentence: str
    producers: Codes = ()

    @property
    def count(self) -> int:
        """How many producers it is about."""
        return len(self.producers)

    @property
    def full(self) -> str:
        """What happened, in words that name everybody, not only the first few."""
        if self.count <= NAMED_MAX:
            return self.sentence
        return self.sentence.replace(named(self.producers), ", ".join(self.producers))


def codes_of(producers: Codes, who: Bools) -> Codes:
    """Return the codes of some producers [S]."""
    return tuple(producers[s] for s in np.flatnonzero(who))


def named(codes: Sequence[str]) -> str:
    """Return producers in words: the first few by name, and how many more there are."""
    more = len(codes) - NAMED_MAX
    first = ", ".join(codes[:NAMED_MAX])
    return f"{first} and {more} more" if more > 0 else first


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else many}"
