r"""The wire form: an offer to one producer and its proposal, as JSON in words and units.

An offer says what one more unit of each line is worth to its producer in each period, in
base-period money of that period: what is made above zero, what is taken below. The producer looks
for what is best at

.. math:: \max \sum_t \beta_t \Big( \sum_i \omega_{it} w_{it} - \theta c_t \Big)

beta the weight of the period, omega the worth told, w the lines of its statement, c its own cost.
What is not listed is nothing. Reading is strict: what is not meant to be there is refused with the
place and the mend.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from pydantic import ValidationError

from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.forms import (
    LISTS,
    OFFER,
    PROPOSAL,
    Entry,
    Form,
    OfferForm,
    ProposalForm,
)
from counterplan.dialogue.register import Register
from counterplan.dialogue.statement import Kind, Statement, Words
from counterplan.dialogue.wire_complaints import DoubleError, first_complaint, no_doubles
from counterplan.economy.economy import Floats, position
from counterplan.errors import InputError, LimitError, did_you_mean
from counterplan.plan.scenario import as_tuples

BYTES_MAX = 4_000_000


@dataclass(frozen=True)
class Told:
    """What an offer tells one producer.

    Attributes
    ----------
    worth
        [W] what one more unit of each line is worth, base-period money of the period.
    foreign
        [P] what one unit of foreign currency is worth to the plan.
    """

    number: int
    producer: int
    own_costs: float
    worth: Floats
    foreign: Floats


@dataclass(frozen=True)
class Proposal:
    """One producer's answer as it was read.

    Attributes
    ----------
    bound
        Infinite where it proves none.
    """

    number: int
    statement: Statement
    bound: float


# ---- offers -------------------------------------------------------------------------------------


def told(register: Register, offer: Offer, *, producer: int) -> Told:
    """Return what an offer tells one producer."""
    reading = register.reading
    words = reading.words
    worth = reading.worth(offer.valuations, producer=producer)
    place = reading.places["foreign_balance"][0]
    foreign = -np.where(place >= 0, offer.valuations[place], 0.0) / words.weights
    # Nothing is worth 0, and not -0.
    worth = worth / weight_of_lines(words) + 0.0
    return Told(offer.number, producer, offer.own_costs, worth, foreign + 0.0)


def weight_of_lines(words: Words) -> Floats:
    """Return the weight of each line's period [W]."""
    parts = [np.repeat(words.weights, len(kind.items)) for kind in words.kinds.values()]
    return np.concatenate(parts)


def offer_for(register: Register, offer: Offer, *, producer: str) -> dict[str, Any]:
    """Return the wire form of an offer to one producer, by its code.

    Raises
    ------
    InputError
        Where there is no such producer.
    """
    words = register.reading.words
    who = position(words.producers, producer, what="producer")
    heard = told(register, offer, producer=who)
    return {
        "form": OFFER,
        "offer": heard.number,
        "producer": producer,
        "branch": register.branches[who],
        "region": register.regions[who],
        "currency": words.currency,
        "own_costs": heard.own_costs,
        "weights": by_period(words, words.weights),
        **listed(words, heard.worth),
        "foreign_currency": register.foreign_currency,
        "foreign_valuation": by_period(words, heard.foreign),
    }


def offer_from(words: Words, given: Mapping[str, Any]) -> Told:
    """Return what the wire form of an offer tells its producer.

    Raises
    ------
    InputError
        Naming the place and the mend.
    """
    form = validated(OfferForm, given)
    where = f"offer to '{form.producer}'"
    return Told(
        number=form.offer,
        producer=producer_of(words, form, where),
        own_costs=form.own_costs,
        worth=lines_of(words, form, where),
        foreign=path_of(words, form.foreign_valuation, f"{where}, foreign_valuation"),
    )


# ---- proposals ----------------------------------------------------------------------------------


def proposal_for(
    statement: Statement, *, producer: str, number: int, bound: float | None = None
) -> dict[str, Any]:
    """Return the wire form of one producer's proposal: what is nothing is left out.

    Raises
    ------
    InputError
        Where the producer is not among those who speak.
    """
    words = statement.words
    speaking = [words.producers[s] for s in statement.who]
    at = position(speaking, producer, what="producer")
    form = {
        "form": PROPOSAL,
        "offer": number,
        "producer": producer,
        **some(listed(words, statement.said[:, at])),
        "own_cost": by_period(words, statement.cost[:, at]),
    }
    return form if bound is None or np.isposinf(bound) else {**form, "bound": float(bound)}


def proposal_from(words: Words, given: Mapping[str, Any]) -> Proposal:
    """Return the proposal that a wire form holds.

    Raises
    ------
    InputError
        Naming the place and the mend: an unknown product, skill, emission or producer, one that
        stands twice, a period that is missing or not of the offer, another unit, and whatever is
        no finite number.
    """
    form = validated(ProposalForm, given)
    where = f"proposal of '{form.producer}'"
    lines = lines_of(words, form, where)
    statement = Statement(
        words=words,
        who=np.array([producer_of(words, form, where)]),
        said=lines[:, None],
        cost=path_of(words, form.own_cost, f"{where}, own_cost")[:, None],
    )
    return Proposal(form.offer, statement, np.inf if form.bound is None else form.bound)


def parse_proposal(words: Words, text: bytes) -> Proposal:
    """Return the proposal in a JSON text; see :func:`proposal_from`.

    Raises
    ------
    InputError
        Also where the text is not JSON, or gives a key twice. LimitError where it is too long.
    """
    if len(text) > BYTES_MAX:
        raise LimitError(f"longer than {BYTES_MAX:,} bytes", place="proposal")
    try:
        given = json.loads(text.decode("utf-8"), object_pairs_hook=no_doubles)
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", place="proposal", mend="send UTF-8") from None
    except DoubleError as error:
        raise InputError(
            f"the key '{error.key}' stands twice in one block",
            place="proposal",
            mend="give it once",
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON: {error}", place="proposal", mend="send JSON") from None
    return proposal_from(words, given)


# ---- reading ------------------------------------------------------------------------------------


AnyForm = TypeVar("AnyForm", bound=Form)


def validated(model: type[AnyForm], given: object) -> AnyForm:
    """Return a form whose numbers are numbers and whose keys are known."""
    try:
        return model.model_validate(as_tuples(given))
    except ValidationError as error:
        raise first_complaint(error, model, given) from None


def producer_of(words: Words, form: Form, where: str) -> int:
    """Return the place of a form's producer."""
    if form.producer not in words.producers:
        raise InputError(
            f"there is no producer '{form.producer}'",
            place=where,
            mend=did_you_mean(form.producer, words.producers) or "use the code of the offer",
        )
    return words.producers.index(form.producer)


def lines_of(words: Words, form: Form, where: str) -> Floats:
    """Return the lines [W] of a form."""
    lines = np.zeros(words.size)
    for name, (what, kinds) in LISTS.items():
        entries: Sequence[Entry] = getattr(form, name)
        seen: set[str] = set()
        for entry in entries:
            code = getattr(entry, what)
            place = f"{where}, {what} '{code}'"
            if code in seen:
                raise InputError(f"the {what} stands twice", place=place, mend="list it once")
            seen.add(code)
            for kind, at in filled(words, entry, kinds, place=place, code=code, what=what):
                path = getattr(entry, kind.name)
                lines[at] = path_of(words, path, f"{place}, '{kind.name}'")
    return lines


def filled(
    words: Words, entry: Entry, kinds: Sequence[str], *, place: str, code: str, what: str
) -> Iterator[tuple[Kind, slice]]:
    """Yield the kinds that an entry has lines of, and where they stand."""
    known = {one for name in kinds for one in words.kinds[name].items}
    if code not in known:
        listed_here = f"known here: {', '.join(sorted(known)[:8])}" if known else "leave it out"
        raise InputError(
            f"there is no such {what} in the offer",
            place=place,
            mend=did_you_mean(code, known) or listed_here,
        )
    for name in kinds:
        kind = words.kinds[name]
        if getattr(entry, name) is None:
            continue
        if code not in kind.items:
            raise InputError(
                f"'{name}' says nothing of this {what}", place=place, mend=f"leave '{name}' out"
            )
        item = kind.items.index(code)
        if entry.unit is not None and entry.unit != kind.units[item]:
            raise InputError(
                f"the unit is '{entry.unit}'",
                place=place,
                mend=f"give quantities in {kind.units[item]}",
            )
        lines = kind.lines(len(words.periods))
        yield kind, slice(lines.start + item, lines.stop, len(kind.items))


def path_of(words: Words, path: Mapping[str, float], place: str) -> Floats:
    """Return the numbers of all periods [P]."""
    for period in path:
        if period not in words.periods:
            raise InputError(
                f"there is no period '{period}' in the offer",
                place=place,
                mend=f"its periods are {', '.join(words.periods)}",
            )
    missing = [period for period in words.periods if period not in path]
    if missing:
        raise InputError(
            f"the period '{missing[0]}' is missing",
            place=place,
            mend="give a number for every period, 0 where there is nothing",
        )
    return np.array([path[period] for period in words.periods])


# ---- writing ------------------------------------------------------------------------------------


def by_period(words: Words, values: Floats) -> dict[str, float]:
    """Return numbers by the label of their period."""
    return {period: float(value) for period, value in zip(words.periods, values, strict=True)}


def listed(words: Words, lines: Floats) -> dict[str, list[dict[str, Any]]]:
    """Return lines [W] as lists of entries."""
    form: dict[str, list[dict[str, Any]]] = {}
    for name, (what, kinds) in LISTS.items():
        entries: dict[str, dict[str, Any]] = {}
        for kind in (words.kinds[one] for one in kinds):
            values = words.of(kind.name, lines[:, None])[:, :, 0]
            labels = zip(kind.items, kind.names, kind.units, values, strict=True)
            for code, called, unit, path in labels:
                entry = entries.setdefault(code, {what: code, "name": called, "unit": unit})
                entry[kind.name] = by_period(words, path)
        form[name] = list(entries.values())
    return form


def some(form: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return lists of entries without the lines, and the entries, that say nothing."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for name, entries in form.items():
        _, kinds = LISTS[name]
        kept[name] = [
            {key: value for key, value in entry.items() if key not in kinds or said(value)}
            for entry in entries
            if any(said(entry.get(kind, {})) for kind in kinds)
        ]
    return kept


def said(path: Mapping[str, float]) -> bool:
    """Return whether any number is not zero."""
    return any(path.values())
