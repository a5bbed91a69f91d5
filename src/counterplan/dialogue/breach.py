"""Breaches of rules on proposals, and the refusals that are made of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.register import Register
from counterplan.economy.economy import Codes, Floats, Integers

#: What the items of each kind of line are called.
THINGS = {
    "made": "product",
    "used": "product",
    "built": "product",
    "work": "skill",
    "emitted": "emission",
}


@dataclass(frozen=True)
class Refusal:
    """One proposal that breaks one rule, at the place where it breaks it most.

    Attributes
    ----------
    producer
        Its place among the producers; ``code`` is what it is called.
    rule
        Name of the rule: a function of :mod:`counterplan.dialogue.plausible` or
        :mod:`counterplan.dialogue.messages`.
    thing, place, mend
        What is wrong; the item and period where it is, empty where it is on the whole; what to do
        about it.
    """

    producer: int
    code: str
    rule: str
    thing: str
    place: str
    mend: str

    @property
    def sentence(self) -> str:
        """The place, the thing and the mend; the producer is named by whoever tells it."""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.thing}; {self.mend}"


@dataclass(frozen=True)
class Breach:
    """Where proposals break a rule.

    Attributes
    ----------
    beyond
        [items x P x A] how far beyond, as a share of what is allowed; broken where above zero.
    what, items
        What the items are ("product") and their codes; none where the rule is on the whole.
    periods
        [P] their labels.
    thing
        What is wrong at an item, period and place in A, in words.
    """

    beyond: Floats
    what: str
    items: Codes
    periods: Codes
    thing: Callable[[int, int, int], str]
    mend: str


def refused(
    register: Register, rule: str, breaches: Iterable[Breach], who: Integers
) -> Iterator[Refusal]:
    """Yield one refusal for each producer [A] that breaks a rule: where it breaks it most."""
    most = np.zeros(who.size)
    worst: dict[int, Breach] = {}
    for breach in breaches:
        beyond = np.fmax.reduce(breach.beyond, axis=(0, 1), initial=0.0)
        worst.update(dict.fromkeys(np.flatnonzero(beyond > most).tolist(), breach))
        most = np.maximum(most, beyond)
    for a, breach in sorted(worst.items()):
        here = np.nan_to_num(breach.beyond[:, :, a], nan=-np.inf)
        i, t = (int(k) for k in np.unravel_index(int(here.argmax()), here.shape))
        yield Refusal(
            producer=int(who[a]),
            code=register.producers[who[a]],
            rule=rule,
            thing=breach.thing(i, t, a),
            place=place_of(breach, i, t),
            mend=breach.mend,
        )


def place_of(breach: Breach, item: int, period: int) -> str:
    """Return a place in words: item and period, as far as there are such."""
    parts = []
    if breach.items:
        name = breach.items[item]
        parts.append(f"{breach.what} '{name}'" if breach.what else name)
    if breach.periods:
        parts.append(breach.periods[period])
    return ", ".join(parts)
