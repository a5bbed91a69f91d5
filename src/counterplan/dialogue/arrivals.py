"""What arrived in a round: taken into the pool, refused, or late; and what the log says of it.

Nothing here depends on the order of the producers, or on how their answers were put into batches.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from counterplan.dialogue.exchange import Answers, Key, Offer
from counterplan.dialogue.log import Event, Kind, codes_of, named
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.pool import Gathering, Pool
from counterplan.economy.economy import Bools

CONTRADICTS = 1e-7  # of a proposal's terms: what the engines leave
SENTENCES = {
    Kind.SILENT: "{some} did not answer offer {offer} in time: {who}",
    Kind.LATE: "{some} answered offer {offer} late: {who}",
    Kind.DIFFERENT: "{some} answered offer {offer} a second time and differently, so that "
    "both proposals count: {who}",
    Kind.RAISED: "{some} gave a larger bound at offer {offer} than before, and the larger counts: "
    "{who}",
    Kind.CONTRADICTION: "{some} answered offer {offer} with a proposal worth more than the bound "
    "that came with it, or without numbers; it was refused: {who}",
    Kind.UNKNOWN: "{some} answered an offer {offer} that was never made: {who}",
}


class Refusal(Protocol):
    """Why a proposal is refused."""

    @property
    def producer(self) -> int:
        """Whose it is: place among the producers."""
        ...

    @property
    def sentence(self) -> str:
        """The rule that it breaks, in words."""
        ...


#: Answers -> the proposals among them that are not plausible.
Refusing = Callable[[Answers], Sequence[Refusal]]


def refuse_none(_: Answers) -> Sequence[Refusal]:
    """Find every proposal plausible."""
    return ()


@dataclass(frozen=True)
class Arrivals:
    """What a round brought.

    Attributes
    ----------
    pool
        With what arrived.
    answered, late
        How many first answers there are to this round's offer, and to older ones.
    changed
        Keys of the offers that have new answers.
    """

    pool: Pool
    answered: int
    late: int
    changed: tuple[Key, ...]
    events: tuple[Event, ...]


def arrivals(
    parts: Parts,
    pool: Pool,
    offers: Sequence[Offer],
    batches: Sequence[Answers],
    *,
    refusing: Refusing,
) -> Arrivals:
    """Take the answers of a round into the pool.

    Parameters
    ----------
    offers
        All that were made; those of the last number are this round's, the last part its main one.
    batches
        As they arrived; of two different answers the first goes before.
    """
    gathering, number = Gathering(parts, pool), offers[-1].number
    made = {one.key: one for one in offers}
    masks: dict[tuple[Kind, int], Bools] = defaultdict(
        lambda: np.zeros(len(parts.producers), dtype=bool)
    )
    refused: set[tuple[int, int, str]] = set()
    first = masks[Kind.SILENT, number]  # who is heard, until the end
    for given in batches:
        asked = given.offer.number
        if given.offer.key not in made:
            masks[Kind.UNKNOWN, asked] |= given.answered
            continue
        batch = replace(
            given, offer=made[given.offer.key]
        )  # nobody's word is taken for what was offered
        wrong = contradicting(parts, batch)
        masks[Kind.CONTRADICTION, asked] |= wrong
        batch = only(batch, batch.answered & ~wrong)
        told = refusing(batch)
        refused |= {(asked, one.producer, one.sentence) for one in told}
        who = batch.answered.copy()
        who[[one.producer for one in told]] = False
        taken = gathering.take(batch, who)
        if given.offer.key == offers[-1].key:
            first |= taken.first
        elif asked < number:
            masks[Kind.LATE, asked] |= taken.first
        masks[Kind.DIFFERENT, asked] |= taken.other
        masks[Kind.RAISED, asked] |= taken.raised
    late = sum(int(mask.sum()) for (kind, _), mask in masks.items() if kind is Kind.LATE)
    answered = int(first.sum())
    np.logical_not(first, out=first)
    events = [*mask_events(parts, masks, number), *refusal_events(parts, refused, number)]
    new = gathering.pool()
    return Arrivals(
        pool=new,
        answered=answered,
        late=late,
        changed=tuple(sorted({new[k].offer.key for k in gathering.ours})),
        events=tuple(events),
    )


def contradicting(parts: Parts, answers: Answers) -> Bools:
    r"""Return whose proposal contradicts itself, or is no number at all [S].

    .. math:: \theta\, v_s - y^\top a_s \;>\; b_s(y)

    The bound is the producer's own word for what any of its proposals is worth, this one included.
    """
    offer, who = answers.offer, answers.answered
    numbers = np.isfinite(answers.shares).all(axis=0) & np.isfinite(answers.values)
    numbers &= answers.bounds > -np.inf  # not a number fails this too
    for owner, values in ((parts.columns, answers.courses), (parts.rows, answers.duals)):
        unreal = owner[~np.isfinite(values)]
        numbers[unreal[unreal >= 0]] = False
    sound = who & numbers
    shares, values = answers.shares[:, sound], offer.own_costs * answers.values[sound]
    worth = values - offer.valuations @ shares
    terms = np.abs(values) + np.abs(offer.valuations) @ np.abs(shares)
    wrong = who & ~numbers
    wrong[sound] = worth > answers.bounds[sound] + CONTRADICTS * terms
    return wrong


def only(answers: Answers, who: Bools) -> Answers:
    """Return the answers of some producers [S]; the others' numbers stay and are not read."""
    return replace(answers, answered=who)


def mask_events(
    parts: Parts, masks: Mapping[tuple[Kind, int], Bools], number: int
) -> Iterator[Event]:
    """Yield what happened, kind by kind and offer by offer."""
    total = len(parts.producers)
    for kind, words in SENTENCES.items():
        for offer in sorted(asked for one, asked in masks if one is kind):
            codes = codes_of(parts.producers, masks[kind, offer])
            if codes:
                some = f"{len(codes):,} of {total:,} producers"
                sentence = words.format(some=some, offer=offer + 1, who=named(codes))
                yield Event(number, kind, sentence, codes)


def refusal_events(
    parts: Parts, refused: Collection[tuple[int, int, str]], number: int
) -> Iterator[Event]:
    """Yield which proposals were refused, and why."""
    for offer, producer, why in sorted(refused):
        code = parts.producers[producer]
        sentence = f"the answer of {code} to offer {offer + 1} was refused: {why}"
        yield Event(number, Kind.REFUSED, sentence, (code,))
