"""Turns: which terms stood in which round of a saved dialogue.

Terms can change before any round. Each change is one file more in the folder,
``terms/0003-0001.npz`` for the first one that came into force with the third round: the quotas and
overrides that stand from then on, and what the log says of them. Rounds that are over are read back
under the terms that stood in them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from counterplan.dialogue.bases import check_last_bases
from counterplan.dialogue.log import Event, Kind
from counterplan.dialogue.quota import Listed, refuse_impossible
from counterplan.dialogue.records import STORY, events_of, story
from counterplan.dialogue.register import Register
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.saved import ROUNDS, TERMS, fitting, named_files
from counterplan.dialogue.sealed import as_text, read_sealed, write_sealed
from counterplan.dialogue.standing import Judged, Override, judged
from counterplan.dialogue.terms import NOTHING, Terms, carried, quota_events, under
from counterplan.dialogue.wire import proposal_from
from counterplan.errors import InputError
from counterplan.plan.families.quota import label
from counterplan.plan.mandate import Quota
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import assemble
from counterplan.plan.storage import written_to

NAME = re.compile(r"(\d{4,})-(\d{4,})\.npz")
DAMAGED = "put it back from a copy, or begin in another folder"
OTHER_QUOTAS = "other quotas stand by now than those that the plan keeps"
GO_ON = "go on with the dialogue first, by `counterplan dialogue`"


@dataclass(frozen=True)
class Turn:
    """Terms that come into force.

    Attributes
    ----------
    number
        The round before which, from 0.
    log
        What it says of them.
    """

    number: int
    terms: Terms
    log: tuple[Event, ...]


@dataclass(frozen=True)
class Turns:
    """Every turn of a dialogue, in their order.

    Attributes
    ----------
    base
        The dialogue without any terms.
    register
        What answers and overrides are held against.
    """

    base: Dialogue
    register: Register
    turns: tuple[Turn, ...] = ()

    @property
    def terms(self) -> Terms:
        """What was asked for last."""
        return self.turns[-1].terms if self.turns else NOTHING

    def at(self, number: int, dialogue: Dialogue, state: State) -> tuple[Dialogue, State]:
        """Return a dialogue and its state with the turns before a round taken."""
        for turn in self.turns:
            if turn.number == number:
                dialogue, state = taken(self.base, turn, dialogue, state)
        return dialogue, state

    def last(self, dialogue: Dialogue, state: State) -> tuple[Dialogue, State]:
        """Return a dialogue and its state with the last turn taken, and no other."""
        return taken(self.base, self.turns[-1], dialogue, state)

    def fresh(self, state: State) -> bool:
        """Return whether terms are new that no round was held under yet."""
        return any(turn.number >= len(state.rounds) for turn in self.turns)

    def after(self, state: State) -> int | None:
        """Return the round, from 0, before which terms change next; None where none do."""
        later = [turn.number for turn in self.turns if turn.number > len(state.rounds)]
        return min(later, default=None)

    def overrides(self, number: int, dialogue: Dialogue) -> Judged:
        """Return the overrides that stand in a round, judged under its quotas."""
        past = [turn.terms for turn in self.turns if turn.number <= number]
        terms = past[-1] if past else NOTHING
        return judged(overrides_of(self.register, terms), dialogue.workplaces, self.register)


def taken(base: Dialogue, turn: Turn, dialogue: Dialogue, state: State) -> tuple[Dialogue, State]:
    """Return a dialogue and its state under the terms of a turn."""
    same = turn.terms.quotas == asked(base, dialogue)
    new = dialogue if same else under(base, turn.terms)
    after = carried(dialogue, new, replace(state, log=(*state.log, *turn.log)))
    return new, after


def asked(base: Dialogue, dialogue: Dialogue) -> tuple[Quota, ...]:
    """Return the quotas of a dialogue beside those of its scenario."""
    return dialogue.scenario.mandate.quotas[len(base.scenario.mandate.quotas) :]


# ---- new terms ----------------------------------------------------------------------------------


def check_quotas_kept(base: Dialogue, listed: Listed) -> None:
    """Refuse quotas that nobody could keep.

    Raises
    ------
    InputError
        Naming the place of the quota, what can be reached, and the mend.
    """
    if listed.quotas:
        places = {label(q): place for q, place in zip(listed.quotas, listed.places, strict=True)}
        refuse_impossible(under(base, Terms(listed.quotas)).parts, places)


def turned(turns: Turns, terms: Terms, number: int) -> Turn:
    """Return the turn to new terms, with what the log says of it.

    Parameters
    ----------
    number
        The round before which they come into force.

    Raises
    ------
    InputError
        For an override of one offer whose round is over.
    """
    dialogue = under(turns.base, terms)
    old, new = turns.terms, terms
    overrides = overrides_of(turns.register, terms)
    refuse_over(overrides, terms, old, number)
    log = [*quota_events(old.quotas, new.quotas, number)]
    log += override_events(turns, dialogue, terms, number)
    return Turn(number, terms, tuple(log))


def refuse_over(overrides: Sequence[Override], terms: Terms, old: Terms, number: int) -> None:
    """Refuse a new override of one offer that was answered before."""
    for one, given in zip(overrides, terms.overrides, strict=True):
        if given in old.overrides or one.lasting:
            continue
        if one.proposal.number < number:
            raise InputError(
                f"offer {one.proposal.number} was answered in a round that is over",
                place=one.place,
                mend=f"answer offer {number}, or let it last until it is withdrawn",
            )


def override_events(turns: Turns, dialogue: Dialogue, terms: Terms, number: int) -> Iterator[Event]:
    """Yield who is overridden from now on, whose override is refused, and whose is withdrawn."""
    producers = dialogue.parts.producers
    new = [one for one in terms.overrides if one not in turns.terms.overrides]
    some = overrides_of(turns.register, Terms(overrides=tuple(new)))
    found = judged(some, dialogue.workplaces, turns.register)
    for backed in found.backed:
        yield told(backed.override, producers[backed.override.producer], number)
    for one in found.refused:
        code = producers[one.override.producer]
        what = f"the override of {code} was refused, and its model answers: "
        yield Event(number, Kind.REFUSED, what + "; ".join(one.sentences), (code,))
    for gone in turns.terms.overrides:
        if gone not in terms.overrides:
            code = str(gone["producer"])
            what = f"the override of {code} is withdrawn: its model answers by itself again"
            yield Event(number, Kind.OVERRIDDEN, what, (code,))


def told(override: Override, code: str, number: int) -> Event:
    """Return that a person answers for a model from now on."""
    first = override.proposal.number + 1
    lasts = f"offer {first}"
    if override.lasting:
        lasts = f"every offer from {max(first, number + 1)} on, until that is withdrawn"
    why = f" ({override.reason})" if override.reason else ""
    what = f"a person answers for {code} in place of its model: {lasts}{why}"
    return Event(number, Kind.OVERRIDDEN, what, (code,))


# ---- in the folder ------------------------------------------------------------------------------


def overrides_of(register: Register, terms: Terms) -> tuple[Override, ...]:
    """Return the overrides of terms as they are judged."""
    words = register.reading.words
    return tuple(
        Override(
            proposal=proposal_from(words, one["form"]),
            lasting=bool(one["lasting"]),
            reason=str(one["reason"]),
            place=str(one["place"]),
        )
        for one in terms.overrides
    )


def keep_turn(folder: Path, turn: Turn) -> None:
    """Add a turn to the folder of a dialogue."""
    with written_to(folder):
        (folder / TERMS).mkdir(exist_ok=True)
        before = [path for path, (number, _) in files(folder) if number == turn.number + 1]
        path = folder / TERMS / f"{turn.number + 1:04d}-{len(before) + 1:04d}.npz"
        content = {
            "quotas": [quota.model_dump() for quota in turn.terms.quotas],
            "overrides": [dict(one) for one in turn.terms.overrides],
            "log": [asdict(one) for one in turn.log],
        }
        write_sealed(path, {STORY: story(content)})


def read_turns(folder: Path, base: Dialogue, register: Register) -> Turns:
    """Return every turn in the folder of a dialogue.

    Raises
    ------
    InputError
        Naming the file that is damaged or no part of it.
    """
    return Turns(
        base, register, tuple(turn_in(path, number - 1) for path, (number, _) in files(folder))
    )


def as_begun(folder: Path, plan: Plan) -> Dialogue:
    """Return the dialogue of a folder as it was begun, without any terms, from its plan.

    Raises
    ------
    InputError
        Where other quotas stand by now than those that the plan keeps, or terms are gone.
    """
    check_last_bases(folder, ROUNDS)
    quotas = standing_quotas(folder)
    if not keeps(plan, quotas):
        raise InputError(OTHER_QUOTAS, place=str(folder), mend=GO_ON)
    if not quotas:
        return dialogue_of(plan.problem, plan.scenario)
    mandate = plan.scenario.mandate
    own = mandate.quotas[: len(mandate.quotas) - len(quotas)]
    mandate = mandate.model_copy(update={"quotas": own})
    scenario = plan.scenario.model_copy(update={"mandate": mandate})
    return dialogue_of(assemble(lay_out(plan.economy, scenario)), scenario)


def standing_quotas(folder: Path) -> tuple[Quota, ...]:
    """Return the quotas that stand by now in the folder of a dialogue, beside its scenario's."""
    there = files(folder)
    return turn_in(there[-1][0], 0).terms.quotas if there else ()


def keeps(plan: Plan, quotas: Sequence[Quota]) -> bool:
    """Return whether a plan's mandate ends with some quotas."""
    asked = plan.scenario.mandate.quotas
    own = len(asked) - len(quotas)
    return own >= 0 and asked[own:] == tuple(quotas)


def files(folder: Path) -> list[tuple[Path, tuple[int, ...]]]:
    """Return the files of the turns in their order."""
    there = (folder / TERMS).is_dir()
    return list(named_files(folder / TERMS, NAME)) if there else []


def turn_in(path: Path, number: int) -> Turn:
    """Return the turn in a file."""
    arrays = read_sealed(path, mend=DAMAGED)
    with fitting(path, mend=DAMAGED):
        content = json.loads(as_text(arrays[STORY]))
        quotas = tuple(Quota.model_validate(one) for one in content["quotas"])
        overrides = tuple(dict(one) for one in content["overrides"])
        return Turn(number, Terms(quotas, overrides), events_of(content["log"]))
