"""A dialogue on the disk: nothing that arrived is lost, whenever the process ends.

===========================  ===================================================================
file                         what it holds
===========================  ===================================================================
``dialogue.json``            what the dialogue is about: digests of economy and scenario, settings
``begin.npz``                the first offer, and what producers make of the drafts
``answers/0003-0002.npz``    the second batch of answers that arrived in the third round
``rounds/0003.npz``          the third round, finished: mixture, next offer, log
``terms/0003-0001.npz``      terms that came into force with it (:mod:`counterplan.dialogue.turns`)
===========================  ===================================================================

Files are only added, each whole or not at all (:mod:`counterplan.dialogue.sealed`). In a round
that was not finished only those are asked whose answer is not there yet; everything else follows
from what is there, to the last bit. The files hold no times. What a proposal puts into the shared
rules is computed from its course again, and kept only where somebody's word is another.
"""

import math
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from counterplan.dialogue.arrivals import arrivals
from counterplan.dialogue.bases import check_bases, with_bases
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.hold import alone
from counterplan.dialogue.manifest import MANIFEST, Manifest, check_manifest, write_manifest
from counterplan.dialogue.records import (
    Closed,
    answers_arrays,
    answers_of,
    begin_arrays,
    begun,
    closed_of,
    key_of,
    numbers,
    refuse_unfit,
    round_arrays,
)
from counterplan.dialogue.rounds import Dialogue, State, Totals
from counterplan.dialogue.sealed import Arrays, half_written, read_sealed, write_sealed
from counterplan.dialogue.terms import Turning, as_before
from counterplan.economy.economy import Bools
from counterplan.errors import InputError
from counterplan.plan import storage
from counterplan.plan.storage import written_to

ANSWERS, ROUNDS, BEGIN, TERMS = "answers", "rounds", "begin.npz", "terms"
PLAN, LOG, PAGE = "plan", "log.txt", "dialogue.html"  # written after the last round
WORDS, CHANGES, CONSUMPTION = "changes.txt", "changes.csv", "consumption.csv"  # of a replanning
BEFORE = "plan-before"  # of terms that stand no more, where those that stand have none yet
PLAN_WORK = ".plan-*"  # what saving a plan may leave beside it
OWN = {
    MANIFEST,
    BEGIN,
    ANSWERS,
    ROUNDS,
    TERMS,
    PLAN,
    BEFORE,
    LOG,
    PAGE,
    WORDS,
    CHANGES,
    CONSUMPTION,
}
ANSWERS_NAME = re.compile(r"(\d{4,})-(\d{4,})\.npz")
ROUND_NAME = re.compile(r"(\d{4,})\.npz")
ROUNDING = 1e-9
UNFIT = (ValueError, KeyError, IndexError, TypeError, OverflowError)


@dataclass(frozen=True)
class Standing:
    """How far a saved dialogue has come.

    Attributes
    ----------
    state
        After the last finished round; None where it has not begun.
    arrived
        The answers that arrived in the round after it, batch by batch.
    ignored
        Names of files that were only half written; they are gone now.
    dialogue
        Under the terms that stand in that round; None where it has not begun.
    """

    state: State | None
    arrived: tuple[Answers, ...] = ()
    ignored: tuple[str, ...] = ()
    dialogue: Dialogue | None = None


class Folder:
    """The folder of a dialogue that is being held.

    Parameters
    ----------
    path
        Where it is; made by :func:`opened`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    # ---- adding ----------------------------------------------------------------------------

    def begin(self, dialogue: Dialogue, state: State) -> State:
        """Keep the state before the first round."""
        self.keep(self.path / BEGIN, begin_arrays(dialogue.workplaces, state))
        return state

    def next(self, dialogue: Dialogue, state: State, *, arrived: Sequence[Answers] = ()) -> State:
        """Make one round; each batch of answers is kept before anything follows from it.

        Parameters
        ----------
        arrived
            What had arrived in this round before the last process ended.
        """
        batches = list(arrived)
        for offer in state.offering:
            for batch in dialogue.transport.ask(offer, ~heard(dialogue, offer, arrived)):
                new = without(batch, batches)
                if new.answered.any():
                    batches.append(new)
                    self.keep(
                        self.answers_file(state.offer.number, len(batches)),
                        answers_arrays(dialogue.workplaces, new),
                    )
        after = dialogue.close(state, batches)
        closed = Closed(
            round=after.rounds[-1],
            batches=len(batches),
            totals=after.totals,
            offers=after.offering,
            mixture=after.mixture,
            guide=after.guide,
            log=after.log[len(state.log) :],
        )
        self.keep(self.round_file(state.offer.number), round_arrays(closed))
        return after

    def keep(self, path: Path, arrays: Arrays) -> None:
        """Add a file."""
        with written_to(path):
            write_sealed(path, with_bases(self.path, path, arrays))

    def answers_file(self, number: int, batch: int) -> Path:
        """Return the file of a batch, counted from 1, of a round, counted from 0."""
        return self.path / ANSWERS / f"{number + 1:04d}-{batch:04d}.npz"

    def round_file(self, number: int) -> Path:
        """Return the file of a round, counted from 0."""
        return self.path / ROUNDS / f"{number + 1:04d}.npz"

    # ---- reading ---------------------------------------------------------------------------

    def read(self, dialogue: Dialogue, *, turning: Turning = as_before) -> Standing:
        """Return how far the dialogue has come; what was only half written is taken away.

        Parameters
        ----------
        dialogue
            As it was begun, without any terms.

        Raises
        ------
        InputError
            Naming the file that is damaged, missing, or no part of the dialogue.
        """
        ignored = self.tidy()
        batches, finished = self.listed()
        if not (self.path / BEGIN).exists():
            if batches or finished:
                raise InputError("is missing", place=str(self.path / BEGIN), mend=restart(0))
            return Standing(None, ignored=ignored)
        arrays = read_sealed(self.path / BEGIN, mend=restart(0))
        with fitting(self.path / BEGIN, mend=restart(0)):
            state = begun(dialogue.workplaces, arrays)
        for number in range(finished):
            dialogue, state = turning(number, dialogue, state)
            state = self.again(dialogue, state, batches.get(number, ()))
        dialogue, state = turning(finished, dialogue, state)
        mend = "delete it, and its producers are asked again"
        left = batches.get(finished, ())
        arrived = tuple(self.batch(dialogue, state, path, mend=mend) for path in left)
        return Standing(state, arrived, ignored, dialogue)

    def again(self, dialogue: Dialogue, state: State, paths: Sequence[Path]) -> State:
        """Return the state after a round that was saved, without mixing anything again."""
        number = state.offer.number
        mend, place = restart(number), self.round_file(number)
        batches = [self.batch(dialogue, state, path, mend=mend) for path in paths]
        arrays = read_sealed(place, mend=mend)
        with fitting(place, mend=mend):
            check_bases(self.path, place, arrays)
            closed = closed_of(arrays)
            wanted = [self.answers_file(number, k + 1) for k in range(closed.batches)]
        for path in wanted:
            if path not in paths:
                raise InputError("is missing", place=str(path), mend=mend)
        new = arrivals(
            dialogue.parts, state.pool, state.offers, batches, refusing=dialogue.refusing
        )
        with fitting(place, mend=mend):
            refuse_unfit(dialogue.parts, [closed.mixture, closed.guide], len(new.pool))
            for one in closed.offers:
                numbers(one.valuations, int(dialogue.parts.shared.sum()))
        came = (closed.round.number, closed.round.answered, closed.round.late)
        totals = dialogue.totals(state, new)
        if came != (number, new.answered, new.late) or not near(closed.totals, totals):
            raise InputError("does not follow from its answers", place=str(place), mend=mend)
        return State(
            rounds=(*state.rounds, closed.round),
            pool=new.pool,
            offers=(*state.offers, *closed.offers),
            totals=closed.totals,
            mixture=closed.mixture,
            guide=closed.guide,
            log=(*state.log, *closed.log),
        )

    def batch(self, dialogue: Dialogue, state: State, path: Path, *, mend: str) -> Answers:
        """Return a batch of answers that was saved."""
        arrays = read_sealed(path, mend=mend)
        made = {one.key: one for one in state.offers}
        with fitting(path, mend=mend):
            check_bases(self.path, path, arrays)
            number, part = key_of(arrays)
            made.setdefault((number, part), Offer(number, state.offer.valuations, part=part))
            return answers_of(dialogue.workplaces, arrays, made)

    def tidy(self) -> tuple[str, ...]:
        """Take away what was only half written; return its names."""
        places = [self.path / name for name in ("", ANSWERS, ROUNDS, TERMS)]
        gone = [path for place in places for path in half_written(place)]
        for path in gone:
            path.unlink()
        for path in unsaved_plans(self.path):
            gone.append(path)
            shutil.rmtree(path)
        return tuple(path.relative_to(self.path).as_posix() for path in gone)

    def listed(self) -> tuple[dict[int, list[Path]], int]:
        """Return the files of answers by round, and how many rounds are finished.

        Raises
        ------
        InputError
            For a file that is no part of the dialogue, or a round that is missing.
        """
        batches: dict[int, list[Path]] = {}
        for path, (number, _) in named_files(self.path / ANSWERS, ANSWERS_NAME):
            batches.setdefault(number - 1, []).append(path)
        finished = [number for _, (number,) in named_files(self.path / ROUNDS, ROUND_NAME)]
        last = max([*finished, *batches], default=0)
        for number in range(last):
            if number + 1 not in finished:
                place = self.round_file(number)
                raise InputError("is missing", place=str(place), mend=restart(number))
        return batches, len(finished)


def named_files(folder: Path, name: "re.Pattern[str]") -> Iterator[tuple[Path, tuple[int, ...]]]:
    """Yield the files of a folder in order, with the numbers in their names.

    Raises
    ------
    InputError
        For a file of another name, and where the folder is missing.
    """
    if not folder.is_dir():
        raise InputError("is missing", place=str(folder), mend="put it back from a copy")
    for path in sorted({*folder.iterdir()} - {*half_written(folder)}):
        found = name.fullmatch(path.name)
        if found is None or not path.is_file():
            raise InputError("is no part of a dialogue", place=str(path), mend="move it away")
        yield path, tuple(int(one) for one in found.groups())


def near(one: Totals, other: Totals) -> bool:
    """Return whether bounds of offers are the same, but for another machine's rounding."""
    return len(one) == len(other) and all(
        a == b and math.isclose(x, y, rel_tol=ROUNDING)
        for (a, x), (b, y) in zip(one, other, strict=True)
    )


def restart(number: int) -> str:
    """Say what to do about a damaged file of a finished round, counted from 0."""
    if number == 0:
        return "put it back from a copy, or begin in another folder"
    return (
        f"put it back from a copy, or delete the files of round {number + 1:04d} and later in "
        f"{ANSWERS} and {ROUNDS}: the dialogue goes on after round {number:04d}"
    )


@contextmanager
def fitting(path: Path, *, mend: str) -> Iterator[None]:
    """Turn arrays that do not fit into an error with a place and a mend."""
    try:
        yield
    except UNFIT as error:
        raise InputError("does not fit this dialogue", place=str(path), mend=mend) from error


def heard(dialogue: Dialogue, offer: Offer, batches: Sequence[Answers]) -> Bools:
    """Return whose answer to an offer is among some batches [S]."""
    found = np.zeros(len(dialogue.parts.producers), dtype=bool)
    for one in batches:
        if one.offer.key == offer.key:
            found |= one.answered
    return found


def without(batch: Answers, others: Sequence[Answers]) -> Answers:
    """Return a batch without the answers that are in others already, to the last bit."""
    known = np.zeros_like(batch.answered)
    for one in others:
        if one.offer.key == batch.offer.key:
            both = batch.answered & one.answered
            same = np.zeros_like(known)
            same[both] = (
                (batch.shares[:, both] == one.shares[:, both]).all(axis=0)
                & (batch.values[both] == one.values[both])
                & (batch.bounds[both] == one.bounds[both])
            )
            known |= same
    return replace(batch, answered=batch.answered & ~known)


# ---- opening ------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path, manifest: Manifest) -> Iterator[Folder]:
    """Open the folder of a dialogue, or make it; nobody else can hold it meanwhile.

    Raises
    ------
    InputError
        Where it holds something else, or another dialogue, or somebody else holds it.
    """
    refuse_foreign(path)
    with written_to(path):
        for folder in (path, path / ANSWERS, path / ROUNDS):
            folder.mkdir(parents=True, exist_ok=True)
    with alone(path):
        if not (path / MANIFEST).exists():
            with written_to(path):
                write_manifest(path, manifest)
        check_manifest(path, manifest)
        yield Folder(path)


def refuse_foreign(path: Path) -> None:
    """Refuse a folder that holds anything but a dialogue, and its plan as it was saved.

    Raises
    ------
    InputError
        Naming what is there.
    """
    mend = "give an empty or a new folder"
    if path.exists() and not path.is_dir():
        raise InputError(f"'{path}' is a file", mend=mend)
    if not path.exists():
        return
    hidden = {*half_written(path), *unsaved_plans(path)}
    others = sorted(one.name for one in path.iterdir() if one.name not in OWN and one not in hidden)
    if others:
        raise InputError(f"'{path}' holds '{others[0]}', which is no part of a dialogue", mend=mend)
    if not (path / MANIFEST).exists():
        for one in sorted(path.iterdir()):
            if one not in hidden and (one.is_file() or any(one.iterdir())):
                raise InputError(f"'{path}' holds files that are not a dialogue", mend=mend)
    try:
        storage.refuse_foreign(path / PLAN)
    except InputError as error:
        raise InputError(error.thing, place=error.place, mend=anew(path / PLAN)) from None


def unsaved_plans(path: Path) -> list[Path]:
    """Return the folders that saving a plan left when it was interrupted."""
    return sorted(one for one in path.glob(PLAN_WORK) if one.is_dir())


def anew(plan: Path) -> str:
    """Say how a plan comes into a dialogue's folder anew, without a proposal being lost."""
    return f"delete '{plan}' and give the command that made it once more: the proposals stay"
