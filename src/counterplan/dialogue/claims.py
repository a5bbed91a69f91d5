r"""Claims: what is known of proposals, from statements, or from shares in the rules alone.

A share alone gives back much of a statement, because the map is public: work and limited
emissions; what is used of every product whose other uses are partly imported, and what is built
with of every product imported for investment,

.. math:: u_{it} = -a^{m}_{it} / \sigma_i, \qquad B_{it} = -a^{J}_{it} / \sigma^J_i,

a^m and a^J the shares in the two rules on imports, sigma the habitual shares. Of the rest only
the net contribution is known; a rule of plausibility then takes what speaks for the producer.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.counted import LINK
from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.register import Register
from counterplan.dialogue.statement import (
    BUILT,
    EMITTED,
    HANDED,
    MADE,
    ROOM,
    USED,
    WORK,
    Statement,
)
from counterplan.economy.economy import Floats, Integers


@dataclass(frozen=True)
class Claims:
    """What some producers claim; nan where it is not known.

    Attributes
    ----------
    who
        [A] index of each producer.
    made
        [n x P x A] at least; exactly where there is a statement.
    net
        [n x P x A] made less used; less what is built with too, where that is not known apart.
    used, built, work, emitted, room, handed
        [items x P x A].
    built_most
        [n x P x A] the most that may have been built with.
    cost, cost_most
        [P x A] of changing, and the most that it can be; one row where only the whole is known.
    periods
        What the rows of ``cost`` are called.
    """

    who: Integers
    made: Floats
    net: Floats
    used: Floats
    built: Floats
    work: Floats
    emitted: Floats
    room: Floats
    handed: Floats
    built_most: Floats
    cost: Floats
    cost_most: Floats
    periods: tuple[str, ...]


def stated(register: Register, statement: Statement) -> Claims:
    """Return what statements claim."""
    made, used, built = (statement.of(name) for name in (MADE, USED, BUILT))
    return Claims(
        who=statement.who,
        made=made,
        net=made - used,
        used=used,
        built=built,
        work=statement.of(WORK),
        emitted=statement.of(EMITTED),
        room=statement.of(ROOM),
        handed=statement.of(HANDED),
        built_most=built,
        cost=statement.cost,
        cost_most=register.cost_most[:, statement.who],
        periods=statement.words.periods,
    )


def recovered(register: Register, answers: Answers, who: Integers) -> Claims:
    """Return what the shares and values of some producers [A] claim."""
    shares, places = shares_of(answers, who), register.reading.places
    words = register.reading.words

    def of(place: Integers) -> Floats:
        if place.min(initial=0) >= 0:
            return shares[place]
        return np.where((place >= 0)[..., None], shares[place], np.nan)

    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        used = of(places["import_share"]) / -register.import_shares[:, None, None]
        built = (
            of(places["investment_import_share"])
            / -register.investment_import_shares[:, None, None]
        )
    balance = of(places["product_balance"])
    bare = ~register.builds[:, None, who]
    built = np.where(np.isnan(built), np.where(bare, 0.0, np.nan), built)
    net = np.where(np.isnan(built), balance, balance + built)
    # What is not made here is built with or used; what is made here may be built with unseen.
    may_be_built = np.where(register.makes[:, None, who], np.nan, np.maximum(-balance, 0.0))
    room, handed = places["capacity"], places.get(LINK, np.zeros((0, len(words.periods)), int))
    return Claims(
        who=who,
        made=np.maximum(net, 0.0),
        net=net,
        used=used,
        built=built,
        work=-of(places["labour"]),
        emitted=-of(places["emissions"]),
        room=of(room[(room >= 0).any(axis=1)]),
        handed=-of(handed),
        built_most=np.where(np.isnan(built), may_be_built, built),
        cost=-answers.values[None, who],
        cost_most=(words.weights @ register.cost_most[:, who])[None, :],
        periods=("all periods together",),
    )


def shares_of(answers: Answers, who: Integers) -> Floats:
    """Return the shares of some producers [L x A], row by row in memory as they came."""
    everybody = np.array_equal(who, np.arange(answers.answered.size))
    return answers.shares if everybody else np.take(answers.shares, who, axis=1)
