"""Answers and rounds as named arrays, and back, to the last bit."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np

from counterplan.dialogue.exchange import Answers, Key, Offer, nothing, owned
from counterplan.dialogue.log import Event, Kind
from counterplan.dialogue.master import Mixture
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.resuming import Start
from counterplan.dialogue.rounds import Round, State, Totals
from counterplan.dialogue.sealed import Array, Arrays, as_bytes, as_text
from counterplan.economy.economy import Bools
from counterplan.solve.mixing import Point

STORY = "story"  # what is no array, as JSON


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
    log: tuple[Event, ...]


def answers_arrays(parts: Parts, answers: Answers) -> Arrays:
    """Return the proposals of those who answered, and nobody else's numbers."""
    who = answers.answered
    return {
        "offer": np.array(answers.offer.key),
        "who": np.flatnonzero(who),
        "shares": answers.shares[:, who],
        "values": answers.values[who],
        "bounds": answers.bounds[who],
        "courses": answers.courses[owned(parts.columns, who)],
        "duals": answers.duals[owned(parts.rows, who)],
    }


def answers_of(parts: Parts, arrays: Arrays, offers: Mapping[Key, Offer]) -> Answers:
    """Return the answers that arrays hold.

    Raises
    ------
    ValueError, KeyError, IndexError
        Where they hold none that fit this dialogue.
    """
    answers = nothing(parts, offers[key_of(arrays)])
    who: Bools = answers.answered
    who[arrays["who"]] = True
    answers.shares[:, who] = arrays["shares"]
    answers.values[who] = arrays["values"]
    answers.bounds[who] = arrays["bounds"]
    answers.courses[owned(parts.columns, who)] = arrays["courses"]
    answers.duals[owned(parts.rows, who)] = arrays["duals"]
    return answers


def key_of(arrays: Arrays) -> Key:
    """Return which offer was answered."""
    number, part = arrays["offer"]
    return int(number), int(part)


def begin_arrays(parts: Parts, state: State) -> Arrays:
    """Return the state before the first round: the first offer and the drafts."""
    arrays: dict[str, Array] = {
        "valuations": state.offer.valuations,
        "own_costs": np.array(state.offer.own_costs),
        STORY: story({"drafts": len(state.pool), "log": [asdict(one) for one in state.log]}),
    }
    for k, one in enumerate(state.pool):
        arrays |= {f"{name}-{k}": part for name, part in answers_arrays(parts, one).items()}
    return arrays


def begun(parts: Parts, arrays: Arrays) -> State:
    """Return the state before the first round.

    Raises
    ------
    ValueError, KeyError, IndexError, TypeError
        Where the arrays hold none.
    """
    told = json.loads(as_text(arrays[STORY]))
    first = Offer(0, arrays["valuations"], float(arrays["own_costs"]))
    pool = []
    for k in range(told["drafts"]):
        end = f"-{k}"
        own = {name.removesuffix(end): one for name, one in arrays.items() if name.endswith(end)}
        key = key_of(own)
        draft = Offer(key[0], first.valuations, part=key[1])
        pool.append(answers_of(parts, own, {key: draft}))
    return State((), tuple(pool), (first,), log=events_of(told["log"]))


def round_arrays(closed: Closed) -> Arrays:
    """Return a finished round."""
    arrays: dict[str, Array] = {
        "valuations": np.stack([one.valuations for one in closed.offers]),
        "own_costs": np.array([one.own_costs for one in closed.offers]),
        STORY: story(
            {
                "round": asdict(closed.round),
                "batches": closed.batches,
                "totals": closed.totals,
                "log": [asdict(one) for one in closed.log],
                "mixed": closed.mixture is not None,
            }
        ),
    }
    if closed.mixture is not None:
        arrays |= mixture_arrays(closed.mixture)
    return arrays


def mixture_arrays(mixture: Mixture) -> Arrays:
    """Return a mixture, and from where the next search can begin."""
    parts = {name: one for name, one in vars(mixture).items() if name != "start"}
    if mixture.start is not None:
        point = vars(mixture.start.point)
        parts |= {f"point-{name}": one for name, one in point.items()}
        parts |= {"start-weights": mixture.start.weights, "start-low": mixture.start.low}
    return {f"mixture-{name}": np.array(one) for name, one in parts.items()}


def mixture_of(arrays: Arrays) -> Mixture:
    """Return the mixture that arrays hold."""
    own = {name.removeprefix("mixture-"): one for name, one in arrays.items()}
    start = None
    if "start-weights" in own:
        point = Point(**{one.name: own[f"point-{one.name}"] for one in fields(Point)})
        start = Start(point, own["start-weights"], own["start-low"])
    return Mixture(float(own["value"]), own["decided"], own["weights"], own["valuations"], start)


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
        totals=tuple(
            ((int(number), int(part)), float(total)) for (number, part), total in told["totals"]
        ),
        offers=tuple(
            Offer(made.number + 1, valuations, float(own_costs), part)
            for part, (valuations, own_costs) in enumerate(
                zip(arrays["valuations"], arrays["own_costs"], strict=True)
            )
        ),
        mixture=mixture_of(arrays) if told["mixed"] else None,
        log=events_of(told["log"]),
    )


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
