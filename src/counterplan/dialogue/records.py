"""Answers and rounds as named arrays, and back, to the last bit."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from counterplan.dialogue.exchange import Answers, Offer, nothing, owned
from counterplan.dialogue.log import Event, Kind
from counterplan.dialogue.master import Mixture
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.rounds import Round, State
from counterplan.dialogue.sealed import Array, Arrays, as_bytes, as_text
from counterplan.economy.economy import Bools

STORY = "story"  # what is no array, as JSON


@dataclass(frozen=True)
class Closed:
    """A finished round as it was saved.

    Attributes
    ----------
    batches
        How many batches of answers arrived in it.
    offer
        The next one.
    log
        What happened in it.
    """

    round: Round
    batches: int
    totals: tuple[tuple[int, float], ...]
    offer: Offer
    mixture: Mixture | None
    log: tuple[Event, ...]


def answers_arrays(parts: Parts, answers: Answers) -> Arrays:
    """Return the proposals of those who answered, and nobody else's numbers."""
    who = answers.answered
    return {
        "offer": np.array(answers.offer.number),
        "who": np.flatnonzero(who),
        "shares": answers.shares[:, who],
        "values": answers.values[who],
        "bounds": answers.bounds[who],
        "courses": answers.courses[owned(parts.columns, who)],
        "duals": answers.duals[owned(parts.rows, who)],
    }


def answers_of(parts: Parts, arrays: Arrays, offers: Mapping[int, Offer]) -> Answers:
    """Return the answers that arrays hold.

    Raises
    ------
    ValueError, KeyError, IndexError
        Where they hold none that fit this dialogue.
    """
    answers = nothing(parts, offers[int(arrays["offer"])])
    who: Bools = answers.answered
    who[arrays["who"]] = True
    answers.shares[:, who] = arrays["shares"]
    answers.values[who] = arrays["values"]
    answers.bounds[who] = arrays["bounds"]
    answers.courses[owned(parts.columns, who)] = arrays["courses"]
    answers.duals[owned(parts.rows, who)] = arrays["duals"]
    return answers


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
        number = int(own["offer"])
        pool.append(answers_of(parts, own, {number: Offer(number, first.valuations)}))
    return State((), tuple(pool), (first,), log=events_of(told["log"]))


def round_arrays(closed: Closed) -> Arrays:
    """Return a finished round."""
    arrays: dict[str, Array] = {
        "valuations": closed.offer.valuations,
        "own_costs": np.array(closed.offer.own_costs),
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
        arrays |= {f"mixture-{name}": np.array(one) for name, one in vars(closed.mixture).items()}
    return arrays


def closed_of(arrays: Arrays) -> Closed:
    """Return a finished round.

    Raises
    ------
    ValueError, KeyError, TypeError
        Where the arrays hold none.
    """
    told = json.loads(as_text(arrays[STORY]))
    made = Round(**told["round"])
    mixture = None
    if told["mixed"]:
        mixture = Mixture(
            value=float(arrays["mixture-value"]),
            decided=arrays["mixture-decided"],
            weights=arrays["mixture-weights"],
            valuations=arrays["mixture-valuations"],
        )
    return Closed(
        round=made,
        batches=int(told["batches"]),
        totals=tuple((int(number), float(total)) for number, total in told["totals"]),
        offer=Offer(made.number + 1, arrays["valuations"], float(arrays["own_costs"])),
        mixture=mixture,
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
