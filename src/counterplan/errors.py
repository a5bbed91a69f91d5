"""The errors that a user can mend.

Everything a user can get wrong is reported as an :class:`InputError`: the thing, the
place and the mend, in that order. The commands print it and leave with exit code 2.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class CounterplanError(Exception):
    """Base of every error the package raises on purpose."""


class InputError(CounterplanError):
    """Something the user gave cannot be used.

    Parameters
    ----------
    thing
        What is wrong, in one clause.
    place
        Where: a file, a row, a key ("inputs.csv row 41").
    mend
        What to do about it; empty when the thing says it already.
    """

    def __init__(self, thing: str, *, place: str = "", mend: str = "") -> None:
        self.thing = thing
        self.place = place
        self.mend = mend
        text = f"{place}: {thing}" if place else thing
        super().__init__(f"{text}; {mend}" if mend else text)


class LimitError(InputError):
    """A stated limit on size, rounds or time was passed."""


class CheckError(CounterplanError):
    """A check ran and failed: the input was readable, and what it says does not hold."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the nearest known word, or an empty string."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""
