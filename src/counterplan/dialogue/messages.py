"""The rules on the message itself: it can be read, and it does not contradict itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from counterplan.dialogue.breach import THINGS, Breach
from counterplan.dialogue.claims import shares_of
from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.register import ROUNDING, Register
from counterplan.dialogue.statement import Statement
from counterplan.economy.economy import Bools, Floats, Integers
from counterplan.errors import InputError

NUMBERS = "write finite numbers"


def readable(register: Register, statement: Statement) -> Iterator[Breach]:
    r"""Every number is one.

    .. math:: |q_{it}| < \infty
    """
    words = register.reading.words
    for name, kind in words.kinds.items():
        values = statement.of(name)
        yield Breach(
            beyond=np.where(np.isfinite(values), 0.0, 1.0),
            what=THINGS.get(name, "capital"),
            items=kind.items,
            periods=words.periods,
            thing=lambda i, t, a, v=values, n=name: f"'{n}' is {v[i, t, a]}",  # type: ignore[misc]
            mend=NUMBERS,
        )
    yield Breach(
        beyond=np.where(np.isfinite(statement.cost), 0.0, 1.0)[None],
        what="",
        items=(),
        periods=words.periods,
        thing=lambda _, t, a: f"its own cost is {statement.cost[t, a]}",
        mend=NUMBERS,
    )


def readable_shares(register: Register, answers: Answers, who: Integers) -> Iterator[Breach]:
    r"""Every number is one; a bound may be infinite, where nothing is proved.

    .. math:: |a_r| < \infty, \quad |v| < \infty, \quad b > -\infty
    """
    shares, values, bounds = shares_of(answers, who), answers.values[who], answers.bounds[who]
    yield over_rules(
        register,
        np.where(np.isfinite(shares), 0.0, 1.0),
        thing=lambda r, _, a: f"its share is {shares[r, a]}",
        mend=NUMBERS,
    )
    odd = ~np.isfinite(values) | np.isnan(bounds) | (bounds == -np.inf)
    yield on_the_whole(
        odd,
        thing=lambda _i, _t, a: f"it is worth {values[a]} by itself, and its bound is {bounds[a]}",
        mend=NUMBERS,
    )


def same_in_both(register: Register, statement: Statement, answers: Answers) -> Iterator[Breach]:
    r"""The statement and the shares say the same.

    .. math:: |a - R_b w| \le \varepsilon\, |R_b|\,\max(|w|, \bar w), \qquad
              |v + \textstyle\sum_t \beta_t c_t| \le \varepsilon \sum_t \beta_t |c_t|

    a the shares, w the statement, v what the proposal is worth by itself, c its own cost. w-bar is
    the capacity that the producer can have or needs, in the lines on it, and 0 in all others.
    """
    reading, who = register.reading, statement.who
    sizes = replace(reading, common=abs(reading.common), staffing=abs(reading.staffing))
    said, size = reading.shares(statement), sizes.shares(sized(register, statement))
    shares = shares_of(answers, who)
    apart = np.abs(shares - said)
    some = apart > ROUNDING * size
    yield over_rules(
        register,
        np.where(some, apart / np.maximum(size, 1e-300), 0.0),
        thing=lambda r, _, a: (
            f"its share is {shares[r, a]:.6g}, and its statement makes it {said[r, a]:.6g}"
        ),
        mend="let the shares be computed from the statement",
    )
    values, own = answers.values[who], reading.values(statement)
    spread = register.reading.words.weights @ np.abs(statement.cost)
    yield on_the_whole(
        np.abs(values - own) > ROUNDING * (spread + np.abs(values)),
        thing=lambda _i, _t, a: (
            f"it is worth {values[a]:.6g} by itself, and its statement makes it {own[a]:.6g}"
        ),
        mend="let the value be computed from the statement's own costs",
    )


def sized(register: Register, statement: Statement) -> Statement:
    """Return how large each line is for rounding.

    The lines on capacity are differences of what there is and what is needed, and nothing but
    rounding where the two are the same: they count as no smaller than these.
    """
    large = replace(statement, said=np.abs(statement.said))
    room, handed = (of[..., statement.who] for of in (np.abs(register.room), register.handed))
    for name, least in (("room", room.max(axis=0)), ("handed", handed)):
        lines = large.of(name)
        np.maximum(lines, least, out=lines)
    return large


def within_bound(_: Register, answers: Answers, who: Integers) -> Iterator[Breach]:
    r"""No proposal is worth more than its producer has proved any to be.

    .. math:: \theta v - y^\top a \le b + \varepsilon\big(\theta |v| + |y|^\top |a| + |b|\big)

    theta and y of the offer, b the bound.
    """
    offer, bounds = answers.offer, answers.bounds[who]
    shares, values = shares_of(answers, who), offer.own_costs * answers.values[who]
    worth = values - offer.valuations @ shares
    size = np.abs(values) + np.abs(offer.valuations) @ np.abs(shares)
    with np.errstate(invalid="ignore"):  # an infinite bound allows everything
        broken = worth > bounds + ROUNDING * (size + np.abs(bounds))
    yield on_the_whole(
        broken,
        thing=lambda _i, _t, a: (
            f"it is worth {worth[a]:.6g} at the offer, and its bound on all proposals is "
            f"{bounds[a]:.6g}"
        ),
        mend="send the bound that was proved for this offer, or none",
    )


def over_rules(
    register: Register, beyond: Floats, *, thing: Callable[[int, int, int], str], mend: str
) -> Breach:
    """Return where shares [L x A] break a rule."""
    return Breach(beyond[:, None], "", register.reading.rules, (), thing, mend)


def on_the_whole(broken: Bools, *, thing: Callable[[int, int, int], str], mend: str) -> Breach:
    """Return which proposals [A] break a rule as a whole."""
    return Breach(broken.astype(np.float64)[None, None], "", (), (), thing, mend)


def misshapen(register: Register, answers: Answers) -> Iterator[Breach]:
    """There is one number for each shared rule and producer, or nothing can be read."""
    wanted = (len(register.reading.rules), len(register.producers))
    given = answers.shares.shape, answers.values.shape, answers.bounds.shape
    if given != (wanted, wanted[1:], wanted[1:]):
        yield on_the_whole(
            np.ones(int(answers.answered.sum()), dtype=bool),
            thing=lambda _i, _t, _a: f"the shares are {given[0]}, and {wanted} are wanted",
            mend="send one number for each shared rule and producer",
        )


def refuse_misshapen(register: Register, statement: Statement) -> None:
    """Refuse a statement whose arrays do not fit the words; it cannot be read at all.

    Raises
    ------
    InputError
        Naming the shapes.
    """
    words, count = register.reading.words, statement.who.size
    wanted = ((words.size, count), (len(words.periods), count))
    given = (statement.said.shape, statement.cost.shape)
    if given != wanted:
        raise InputError(
            f"the statement has the shapes {given[0]} and {given[1]}",
            place="statement",
            mend=f"give {wanted[0]} lines and {wanted[1]} own costs",
        )
