r"""Standing answers: a producer's registered model answers by itself, until a person overrides it.

A person overrides a model by a proposal of the producer's, for one offer or until it is withdrawn.
It is checked as any answer is (:mod:`counterplan.dialogue.plausible`), and then carried out on the
model: the course of its own that comes nearest to the statement,

.. math:: \min_{x_s \in X_s} \sum_i \frac{| (T_s x_s)_i - w_i |}{\bar w_i}

T_s the producer's telling, w the lines stated, w-bar their size. Where one comes within a
thousandth, the model stands behind the override: that course goes out in place of the model's own
answer, and with it the bound that the model proves at the offer, which holds for every course in
X_s, this one too. Where none does, nobody could say how the proposal would be carried out, and the
plan could not be checked: it is refused, and the model answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers, Offer, copied, owned
from counterplan.dialogue.plausible import plausible
from counterplan.dialogue.register import ROUNDING, Register
from counterplan.dialogue.statement import Kind, Statement, Telling, Words, telling_of
from counterplan.dialogue.tidy import tidied
from counterplan.dialogue.transport import Transport
from counterplan.dialogue.wire import Proposal
from counterplan.dialogue.workplaces import Workplaces
from counterplan.economy.economy import Bools, Floats, Integers, Sparse
from counterplan.errors import CounterplanError
from counterplan.plan.wording import figure
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine, Outcome, Program

FOLLOWS = 1e-3  # of a line: figures that were rounded to four digits are followed
SMALL = 1e-3  # of the largest line of its kind: what a smaller one is measured against
FITS = 1e-9  # of a line: by how much more it may be missed for the sake of a lower cost
SECONDS_MAX = 60.0
NO_COURSE = "its registered model has no course at all under its quotas; ask for less"


@dataclass(frozen=True)
class Override:
    """A person's proposal in place of the model's.

    Attributes
    ----------
    proposal
        As it was read; its number is that of the first offer it answers, counted from 0.
    lasting
        Whether it answers every later offer too, until it is withdrawn.
    reason
        In words.
    place
        Where it was found.
    """

    proposal: Proposal
    lasting: bool
    reason: str = ""
    place: str = ""

    @property
    def producer(self) -> int:
        """Whose it is: place among the producers."""
        return int(self.proposal.statement.who[0])

    def answers(self, number: int) -> bool:
        """Return whether it answers an offer."""
        first = self.proposal.number
        return number >= first if self.lasting else number == first


@dataclass(frozen=True)
class Backed:
    """An override that the producer's model stands behind.

    Attributes
    ----------
    columns, course
        [n] the producer's variables in the whole, and the course of its model.
    shares, value
        [L] what it puts into the shared rules, and what it is worth by itself.
    """

    override: Override
    columns: Integers
    course: Floats
    shares: Floats
    value: float


@dataclass(frozen=True)
class Refused:
    """An override that is not followed, with the sentences that say why."""

    override: Override
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """Overrides, judged one by one."""

    backed: tuple[Backed, ...]
    refused: tuple[Refused, ...]


# ---- judging ------------------------------------------------------------------------------------


def judged(overrides: Sequence[Override], workplaces: Workplaces, register: Register) -> Judged:
    """Judge overrides: are they plausible, and does the producer's model stand behind them?

    Parameters
    ----------
    workplaces
        The models; with the quotas that stand, which an override must keep.
    """
    telling = telling_of(workplaces.parts)
    backed: list[Backed] = []
    refused: list[Refused] = []
    for one in overrides:
        said = one.proposal.statement
        why = [refusal.sentence for refusal in plausible(register, said)]
        found = None if why else carried_out(workplaces, telling, said, register)
        if found is None:
            refused.append(Refused(one, tuple(why) or (NO_COURSE,)))
            continue
        course, told = found
        why = list(apart(said, told, register))
        if why:
            refused.append(Refused(one, tuple(why)))
            continue
        backed.append(backed_by(workplaces, one, course))
    return Judged(tuple(backed), tuple(refused))


def backed_by(workplaces: Workplaces, override: Override, course: Floats) -> Backed:
    """Return an override with the course [N] of the model that stands behind it."""
    parts, s = workplaces.parts, override.producer
    columns = np.flatnonzero(parts.columns == s)
    shares = workplaces.shares_of(course)[:, s]
    worth = workplaces.summed(parts.program.reward * course)[s]
    return Backed(override, columns, course[columns], shares, float(worth))


def carried_out(
    workplaces: Workplaces, telling: Telling, said: Statement, register: Register
) -> tuple[Floats, Statement] | None:
    """Return the model's course [N] that comes nearest to a statement, and what it says.

    Of those that come as near, the one that costs least.
    """
    parts = workplaces.parts
    who = np.zeros(len(parts.producers), dtype=bool)
    who[said.who] = True
    columns = np.flatnonzero(owned(parts.columns, who))
    rows = np.flatnonzero(owned(parts.rows, who))
    size = sizes(said, register)[:, 0]
    nearest = fitted(parts.program, telling, said, size=size, columns=columns, rows=rows)
    if nearest is None:
        return None
    course = np.zeros(parts.columns.size)
    course[columns] = nearest
    course = np.where(owned(parts.columns, who), tidied(parts, course), 0.0)
    return course, telling.statement(course, who=said.who)


def fitted(
    program: Program,
    telling: Telling,
    said: Statement,
    *,
    size: Floats,
    columns: Integers,
    rows: Integers,
) -> Floats | None:
    """Return the nearest point [n] of a producer's own problem; None where it has none."""
    lines = sp.csr_array(telling.lines)[:, columns]
    spoken = np.flatnonzero(np.diff(lines.indptr) > 0)
    scaled = sp.csr_array(sp.diags_array(1 / size[spoken]) @ lines[spoken])
    wanted = said.said[spoken, 0] / size[spoken]
    own: Program = Program(
        matrix=sp.csr_array(sp.csr_array(program.matrix)[rows][:, columns]),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        lower=program.lower[columns],
        upper=program.upper[columns],
        reward=program.reward[columns],
        integer=np.zeros(columns.size, dtype=bool),
    )
    answer = solved(beside(own, scaled, wanted))
    if answer is None:
        return None
    nearest = answer[: columns.size]
    miss = np.abs(scaled @ nearest - wanted) + FITS
    cheapest = solved(
        replace(
            own,
            matrix=sp.vstack([own.matrix, scaled], format="csr"),
            row_lower=np.concatenate([own.row_lower, wanted - miss]),
            row_upper=np.concatenate([own.row_upper, wanted + miss]),
        )
    )
    return nearest if cheapest is None else cheapest


def beside(own: Program, lines: Sparse, wanted: Floats) -> Program:
    """Return the problem of missing lines [W] by as little as can be, in sum."""
    count = wanted.size
    eye = sp.eye_array(count, format="csr")
    none: Sparse = sp.csr_array((own.matrix.shape[0], 2 * count))
    many = 2.0 * max(1.0, float(np.abs(wanted).max(initial=0.0)))
    reach = np.abs(lines) @ np.maximum(np.abs(own.lower), np.abs(own.upper))
    far = np.tile(reach + many, 2)
    return Program(
        matrix=sp.block_array(
            [[own.matrix, none], [lines, sp.hstack([eye, -eye], format="csr")]], format="csr"
        ),
        row_lower=np.concatenate([own.row_lower, wanted]),
        row_upper=np.concatenate([own.row_upper, wanted]),
        lower=np.concatenate([own.lower, np.zeros(2 * count)]),
        upper=np.concatenate([own.upper, far]),
        reward=np.concatenate([np.zeros(own.reward.size), -np.ones(2 * count)]),
        integer=np.zeros(own.reward.size + 2 * count, dtype=bool),
    )


def solved(program: Program) -> Floats | None:
    """Return the best point of a small programme, None where there is none."""
    answer = solve_divisible(program, engine=Engine.SIMPLEX, seconds_max=SECONDS_MAX)
    return answer.primal if answer.outcome is Outcome.SOLVED else None


def sizes(said: Statement, register: Register) -> Floats:
    """Return what each line [W x A] is measured against.

    Its own largest; a thousandth of its kind's; and what rounding leaves of the output registered.
    """
    words, found = said.words, np.ones_like(said.said)
    for name, kind in words.kinds.items():
        if not kind.items:
            continue
        lines = np.abs(said.of(name))
        size = np.maximum(lines.max(axis=1, keepdims=True), nought(said, register, name))
        size = np.maximum(size, SMALL * lines.max(axis=(0, 1), keepdims=True))
        full = np.broadcast_to(size, lines.shape)
        found[kind.lines(len(words.periods))] = full.transpose(1, 0, 2).reshape(-1, lines.shape[2])
    return found


def nought(said: Statement, register: Register, name: str) -> Floats:
    """Return what is nothing in one kind of line [items x 1 x A]: what rounding leaves."""
    output = register.scale(said.who).max(axis=0)[None, None]
    if name in ("made", "used", "built"):
        price: Floats = np.where(register.prices > 0, register.prices, 1.0)[:, None, None]
        return np.asarray(ROUNDING * output / price)
    if name == "work":
        people = ROUNDING * output / max(register.wage, 1e-300)
        return np.repeat(people, len(said.words.kinds[name].items), axis=0)
    levels = {"emitted": register.emitted, "room": np.abs(register.room).max(axis=0)}
    level = levels.get(name, register.handed)[..., said.who].max(axis=1, keepdims=True)
    return np.asarray(np.maximum(ROUNDING * level, 1e-300))


def apart(said: Statement, told: Statement, register: Register) -> Iterator[str]:
    """Yield where a model's nearest course says something else than the person did: the worst.

    What it costs is left to the course: by the rules that follows from what is done.
    """
    words = said.words
    distance = np.abs(said.said - told.said) / sizes(said, register)
    worst = int(distance[:, 0].argmax())
    if distance[worst, 0] > FOLLOWS:
        item, period, kind = line_of(words, worst)
        yield (
            f"its registered model has no course that does this: the nearest has '{kind.name}' of "
            f"{kind.items[item]} at {figure(float(told.said[worst, 0]))} {kind.units[item]} in "
            f"{words.periods[period]}, and {figure(float(said.said[worst, 0]))} is stated; state "
            "what it can do, or have the model registered anew"
        )


def line_of(words: Words, line: int) -> tuple[int, int, Kind]:
    """Return item, period and kind of a line."""
    for kind in words.kinds.values():
        lines = kind.lines(len(words.periods))
        if lines.start <= line < lines.stop:
            period, item = divmod(line - lines.start, len(kind.items))
            return item, period, kind
    raise CounterplanError(f"there is no line {line}")


# ---- answering ----------------------------------------------------------------------------------


class Overridden:
    """A transport that puts what people decided before what their models answer."""

    def __init__(self, transport: Transport, overrides: Sequence[Backed]) -> None:
        self.transport = transport
        self.overrides = overrides

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield the models' answers, and a person's in place of one that is overridden.

        The bound stays the model's: it holds for every course the model could take.
        """
        for answers in self.transport.ask(offer, whom):
            yield self.put(answers)

    def put(self, answers: Answers) -> Answers:
        """Return answers with the overrides in them."""
        here = [
            one
            for one in self.overrides
            if one.override.answers(answers.offer.number)
            and answers.answered[one.override.producer]
        ]
        if not here:
            return answers
        after = copied(answers)
        for one in here:
            s = one.override.producer
            after.shares[:, s] = one.shares
            after.values[s] = one.value
            after.courses[one.columns] = one.course
        return after
