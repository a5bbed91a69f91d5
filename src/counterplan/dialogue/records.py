"""Answers and rounds as named arrays, and back, to the last bit."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace

import numpy as np

from counterplan.dialogue.exchange import Answers, Key, Offer, nothing, owned
from counterplan.dialogue.log import Event, Kind
from counterplan.dialogue.master import Mixture
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.resuming import Start
from counterplan.dialogue.rounds import Round, State, Totals
from counterplan.dialogue.sealed import Array, Arrays, as_bytes, as_text
from counterplan.dialogue.workplaces import Workplaces
from counterplan.economy.economy import Bools, Floats, Integers
from counterplan.solve.points import Point

STORY = "story"  # what is no array, as JSON
MIXTURE, GUIDE = "mixture", "guide"


@dataclass(frozen=True)
class Closed:
    """A finished round as it was saved.

    Attributes
    ----------
    batches
        How many batches of answers arrived in it.
    offers
        Those of the next round.
    log
        What happened in it.
    """

    round: Round
    batches: int
    totals: Totals
    offers: tuple[Offer, ...]
    mixture: Mixture | None
    guide: Mixture | None
    log: tuple[Event, ...]


def answers_arrays(workplaces: Workplaces, answers: Answers) -> Arrays:
    """Return the proposals of those who answered, and nobody else's numbers.

    What a proposal puts into the shared rules follows from its course: only of those whose word
    is another is it kept.
    """
    parts, who = workplaces.parts, answers.answered
    told = who & ~following(workplaces, answers)
    return {
        "offer": np.array(answers.offer.key),
        "who": np.flatnonzero(who),
        "bounds": answers.bounds[who],
        "courses": answers.courses[owned(parts.columns, who)],
        "duals": answers.duals[owned(parts.rows, who)],
        "told": np.flatnonzero(told),
        "shares": answers.shares[:, told],
        "values": answers.values[told],
    }


def following(workplaces: Workplaces, answers: Answers) -> Bools:
    """Return whose shares and value follow from its course, to the last bit [S]."""
    shares, values = worth_of(workplaces, answers.courses)
    same: Bools = (shares == answers.shares).all(axis=0) & (values == answers.values)
    return same


def worth_of(workplaces: Workplaces, courses: Floats) -> tuple[Floats, Floats]:
    """Return what courses [N] put into the shared rules [L x S], and their values [S]."""
    with np.errstate(invalid="ignore", over="ignore"):  # of courses that are no numbers
        values = workplaces.summed(workplaces.parts.program.reward * courses)
    return workplaces.shares_of(courses), values


def answers_of(workplaces: Workplaces, arrays: Arrays, offers: Mapping[Key, Offer]) -> Answers:
    """Return the answers that arrays hold.

    Raises
    ------
    ValueError, KeyError, IndexError
        Where they hold none that fit this dialogue.
    """
    parts = workplaces.parts
    answers = nothing(parts, offers[key_of(arrays)])
    who: Bools = answers.answered
    who[places(arrays["who"], who.size)] = True
    columns, rows = owned(parts.columns, who), owned(parts.rows, who)
    answers.bounds[who] = numbers(arrays["bounds"], int(who.sum()))
    answers.courses[columns] = numbers(arrays["courses"], int(columns.sum()))
    answers.duals[rows] = numbers(arrays["duals"], int(rows.sum()))
    shares, values = worth_of(workplaces, answers.courses)
    told = places(arrays["told"], who.size)
    shares[:, told] = numbers(arrays["shares"], len(shares), told.size)
    values[told] = numbers(arrays["values"], told.size)
    return replace(answers, shares=shares, values=values)


def numbers(array: Array, *shape: int) -> Floats:
    """Return an array as the numbers that it should be.

    Raises
    ------
    ValueError
        Where it has another shape, or holds anything else.
    """
    if array.shape != shape or array.dtype.kind not in "fiu":
        raise ValueError
    return array.astype(np.float64)


def places(array: Array, count: int) -> Integers:
    """Return an array as places among so many, each once and in order.

    Raises
    ------
    ValueError
        Where it is anything else.
    """
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError
    if array.size and not (array[0] >= 0 and array[-1] < count and (np.diff(array) > 0).all()):
        raise ValueError
    return array.astype(np.int64)


def key_of(arrays: Arrays) -> Key:
    """Return which offer was answered."""
    number, part = arrays["offer"]
    if arrays["offer"].dtype.kind not in "iu":
        raise ValueError
    return int(number), int(part)


def begin_arrays(workplaces: Workplaces, state: State) -> Arrays:
    """Return the state before the first round: its offers, its pool, and what that proves."""
    arrays: dict[str, Array] = offers_arrays(state.offers)
    arrays[STORY] = story(
        {
            "entries": len(state.pool),
            "totals": state.totals,
            "log": [asdict(one) for one in state.log],
            "mixed": state.mixture is not None,
        }
    )
    for k, one in enumerate(state.pool):
        own = {**answers_arrays(workplaces, one), **offers_arrays([one.offer])}
        arrays |= {f"{name}-{k}": part for name, part in own.items()}
    if state.mixture is not None:
        arrays |= mixture_arrays(state.mixture)
    return arrays


def begun(workplaces: Workplaces, arrays: Arrays) -> State:
    """Return the state before the first round.

    Raises
    ------
    ValueError, KeyError, IndexError, TypeError
        Where the arrays hold none.
    """
    told, rules = json.loads(as_text(arrays[STORY])), int(workplaces.parts.shared.sum())
    pool = []
    for k in range(told["entries"]):
        end = f"-{k}"
        own = {name.removesuffix(end): one for name, one in arrays.items() if name.endswith(end)}
        key = key_of(own)
        (offer,) = offers_of(own, key[0], rules=rules)
        answers = answers_of(workplaces, own, {key: replace(offer, part=key[1])})
        if not np.isfinite(answers.courses).all():
            raise ValueError
        pool.append(answers)
    mixture = mixture_of(arrays) if told["mixed"] else None
    refuse_unfit(workplaces.parts, [mixture], len(pool))
    return State(
        rounds=(),
        pool=tuple(pool),
        offers=offers_of(arrays, 0, rules=rules),
        totals=totals_of(told["totals"]),
        mixture=mixture,
        log=events_of(told["log"]),
    )


def offers_arrays(offers: Sequence[Offer]) -> dict[str, Array]:
    """Return offers of one number."""
    return {
        "valuations": np.stack([one.valuations for one in offers]),
        "own_costs": np.array([one.own_costs for one in offers]),
    }


def offers_of(arrays: Arrays, number: int, *, rules: int) -> tuple[Offer, ...]:
    """Return the offers of a number, in their parts; ``rules`` are shared.

    Raises
    ------
    ValueError
        Where the arrays hold none that fit.
    """
    own_costs = numbers(arrays["own_costs"], len(arrays["own_costs"]))
    valuations = numbers(arrays["valuations"], own_costs.size, rules)
    if not own_costs.size or not np.isfinite(valuations).all():
        raise ValueError
    pairs = zip(valuations, own_costs, strict=True)
    return tuple(
        Offer(number, valuations, float(own_costs), part)
        for part, (valuations, own_costs) in enumerate(pairs)
    )


def totals_of(told: Iterable[tuple[Key, float]]) -> Totals:
    """Return the bounds of offers that were read."""
    return tuple(((int(number), int(part)), float(total)) for (number, part), total in told)


def round_arrays(closed: Closed) -> Arrays:
    """Return a finished round."""
    arrays: dict[str, Array] = offers_arrays(closed.offers)
    arrays[STORY] = story(
        {
            "round": asdict(closed.round),
            "batches": closed.batches,
            "totals": closed.totals,
            "log": [asdict(one) for one in closed.log],
            "mixed": closed.mixture is not None,
            "guided": closed.guide is not None,
        }
    )
    if closed.mixture is not None:
        arrays |= mixture_arrays(closed.mixture)
    if closed.guide is not None:
        arrays |= mixture_arrays(closed.guide, name=GUIDE)
    return arrays


def mixture_arrays(mixture: Mixture, *, name: str = MIXTURE) -> Arrays:
    """Return a mixture, and from where the next search can begin."""
    parts = {name: one for name, one in vars(mixture).items() if name != "start"}
    if mixture.start is not None:
        point = vars(mixture.start.point)
        parts |= {f"point-{name}": one for name, one in point.items()}
        parts |= {"start-weights": mixture.start.weights, "start-low": mixture.start.low}
    return {f"{name}-{part}": np.array(one) for part, one in parts.items()}


def mixture_of(arrays: Arrays, *, name: str = MIXTURE) -> Mixture:
    """Return the mixture that arrays hold."""
    begin = f"{name}-"
    own = {key.removeprefix(begin): one for key, one in arrays.items() if key.startswith(begin)}
    start = None
    if "start-weights" in own:
        told = {one.name: own[f"point-{one.name}"] for one in fields(Point)}
        point = Point(**{name: numbers(one, one.size) for name, one in told.items()})
        shape = own["start-weights"].shape
        weights, low = (numbers(own[f"start-{one}"], *shape) for one in ("weights", "low"))
        start = Start(point, weights, low)
    return Mixture(
        float(own["value"]),
        numbers(own["decided"], len(own["decided"])),
        numbers(own["weights"], *own["weights"].shape),
        numbers(own["valuations"], len(own["valuations"])),
        start,
    )


def closed_of(arrays: Arrays) -> Closed:
    """Return a finished round.

    Raises
    ------
    ValueError, KeyError, TypeError
        Where the arrays hold none.
    """
    told = json.loads(as_text(arrays[STORY]))
    made = Round(**told["round"])
    return Closed(
        round=made,
        batches=int(told["batches"]),
        totals=totals_of(told["totals"]),
        offers=offers_of(arrays, made.number + 1, rules=arrays["valuations"].shape[-1]),
        mixture=mixture_of(arrays) if told["mixed"] else None,
        guide=mixture_of(arrays, name=GUIDE) if told.get("guided") else None,
        log=events_of(told["log"]),
    )


def refuse_unfit(parts: Parts, mixtures: Iterable[Mixture | None], entries: int) -> None:
    """Refuse mixtures that are none of this dialogue's, of a pool with so many entries.

    Raises
    ------
    ValueError
        Where one is none.
    """
    for one in mixtures:
        if one is None:
            continue
        numbers(one.decided, int((~parts.own).sum()))
        numbers(one.valuations, int(parts.shared.sum()))
        numbers(one.weights, len(one.weights), len(parts.producers))
        if len(one.weights) > entries:
            raise ValueError


def story(told: Mapping[str, object]) -> Array:
    """Return what is no array."""
    return as_bytes(json.dumps(told, sort_keys=True))


def events_of(told: object) -> tuple[Event, ...]:
    """Return the events of a log that was read."""
    if not isinstance(told, list):
        raise TypeError
    return tuple(
        Event(
            round=int(one["round"]),
            kind=Kind(one["kind"]),
            sentence=str(one["sentence"]),
            producers=tuple(one["producers"]),
        )
        for one in told
    )
