r"""Plausibility: stated rules that a proposal must keep, or it is refused and shown.

The rules hold a proposal against what the centre knows of its producer, and like against like.
They are bounds on what can be, and no judgement of what is good: no truthful proposal breaks one,
at any offer. That leaves room for lies; what it does not leave is output out of nothing. Page:
docs/dialogue/proposals.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from counterplan.dialogue.breach import THINGS, Breach, Refusal, refused
from counterplan.dialogue.claims import Claims, recovered, stated
from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.messages import (
    misshapen,
    readable,
    readable_shares,
    refuse_misshapen,
    same_in_both,
    within_bound,
)
from counterplan.dialogue.register import ROUNDING, Register
from counterplan.dialogue.statement import Statement
from counterplan.economy.economy import Floats, Integers

#: Numbers beyond this overflow where they are compared; they break every rule as they are.
HUGE = 1e300
#: Of the branch's mean cost of inputs and work. In ten splits of Russia into 1,000 workplaces the
#: cheapest technique took 0.58 of it, and 0.35 where techniques differed twice as much.
LIKE_LEAST = 0.3
#: Times what the registered capacity carries with what is built: a register is a period old.
CAPACITY_GENEROSITY = 1.25
#: Times the output registered, on trend. A plan's own boxes stand at ten times.
GROWTH_MOST = 12.0
#: Times the capital registered, on trend, built in one period. A plan's own boxes stand at ten.
BUILDING_MOST = 12.0


Rule = Callable[[Register, Claims], Iterable[Breach]]


# ---- the rules on what is claimed ---------------------------------------------------------------


def not_negative(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Nothing is made, used, built with, worked or emitted less than not at all.

    .. math:: q_{it} \ge -\varepsilon \max_{i't'} |q_{i't'}|

    q each kind of quantity (products at base prices), epsilon what rounding leaves.
    """
    words = register.reading.words
    prices = register.prices[:, None, None]
    for name, values, price in (
        ("made", claims.made, prices),
        ("used", claims.used, prices),
        ("built", claims.built, prices),
        ("work", claims.work, np.ones(1)),
        ("emitted", claims.emitted, np.ones(1)),
    ):
        kind, worth = words.kinds[name], np.clip(values * price, -HUGE, HUGE)
        size = np.fmax.reduce(np.abs(worth), axis=(0, 1), initial=0.0)
        yield Breach(
            beyond=-worth / np.where(size > 0, size, 1.0) - ROUNDING,
            what=THINGS[name],
            items=kind.items,
            periods=words.periods,
            thing=lambda i, t, a, v=values, k=kind: (  # type: ignore[misc]
                f"'{k.name}' is {v[i, t, a]:.4g} {k.units[i]}"
            ),
            mend="state what is made, used, built with, worked and emitted, each as zero or more",
        )


def registered_products(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Nobody makes what it is not registered as making.

    .. math:: p_i v_{it} \le \varepsilon \bar Y_t \quad\text{unless the producer makes } i

    v made, Y-bar the output worth registered.
    """
    words = register.reading.words
    worth = claims.made * register.prices[:, None, None]
    size = register.scale(claims.who)
    kind = words.kinds["made"]

    def thing(i: int, t: int, a: int) -> str:
        made = np.flatnonzero(register.makes[:, claims.who[a]])
        known = ", ".join(kind.items[j] for j in made[:5]) or "nothing"
        return (
            f"{claims.made[i, t, a]:.4g} {kind.units[i]} are made, and the producer is registered "
            f"as making {known}"
        )

    yield Breach(
        beyond=np.where(register.makes[:, None, claims.who], np.nan, worth / size - ROUNDING),
        what="product",
        items=kind.items,
        periods=words.periods,
        thing=thing,
        mend="leave this product out, or have it registered first",
    )


def out_of_nothing(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Output takes inputs and work.

    .. math:: p^\top n_t^- + w \epsilon_t \sum_k \ell_{kt} \;\ge\; \lambda\, \chi_b\, p^\top n_t^+

    n what the producer adds to each product, above zero and below, l work, epsilon what one
    person's work has grown to, w its worth, chi the branch's mean cost of inputs and work per unit
    of output worth, lambda the least share of it. Where no like is known, some input or work.
    """
    net = claims.net * register.prices[:, None, None]
    output = np.nansum(np.maximum(net, 0.0), axis=0)
    work = np.nansum(claims.work, axis=0)
    inputs = np.nansum(np.maximum(-net, 0.0), axis=0)
    cost = inputs + register.wage * register.efficiency[:, None] * work
    like = register.like[claims.who] * output
    least = LIKE_LEAST * np.where(np.isfinite(like), like, 0.0)
    some = output > ROUNDING * register.scale(claims.who)
    none = some & (inputs <= 0) & (work <= 0)
    short = np.where(some & (cost < least), 1 - cost / np.maximum(least, 1e-300), 0.0)
    currency = register.reading.words.currency

    def thing(_: int, t: int, a: int) -> str:
        usual = like[t, a]
        like_it = f", and {usual:.4g} in its branch" if np.isfinite(usual) else ""
        return (
            f"output worth {output[t, a]:.4g} {currency} takes inputs and work worth "
            f"{cost[t, a]:.4g}{like_it}"
        )

    yield Breach(
        beyond=np.where(none, 1.0, short)[None],
        what="",
        items=(),
        periods=register.reading.words.periods,
        thing=thing,
        mend="state all inputs and work that the output takes, or less output",
    )


def within_capacity(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Output fits into the capacity that is registered, and what is built.

    .. math:: p^\top v_t \le \gamma\, \bar Y_t(B)

    v made, Y-bar what stands and what is built can carry, gamma the generosity.
    """
    made = register.worth(claims.made)
    built = np.tensordot(register.prices, claims.built_most, axes=1)
    carried = register.capacity(built, claims.who)
    yield above(
        register,
        claims,
        made=made,
        most=CAPACITY_GENEROSITY * carried,
        said="output worth {0:.4g} {2} is beyond what the capacity and what is built carry, "
        "{1:.4g}",
        mend="state less output, or what is built in the periods before, or register the capacity",
    )


def growth(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Output does not leave its registered size altogether.

    .. math:: p^\top v_t \le \Gamma\, \bar Y_0 (1 + g)^t

    Y-bar the output registered, Gamma the factor. A producer that did not produce yet is
    registered with a twentieth of the largest technique that makes its product.
    """
    yield above(
        register,
        claims,
        made=register.worth(claims.made),
        most=GROWTH_MOST * register.reference[:, claims.who],
        said=f"output worth {{0:.4g}} {{2}} is more than {GROWTH_MOST:g} times what is registered",
        mend="state less output, or have the producer registered anew",
    )


def taking(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""What output takes and gives off does not leave its registered size altogether.

    .. math:: p^\top u_t + w \epsilon_t \sum_k \ell_{kt} \le \Gamma\, \bar U_t, \qquad
              e_{qt} \le \Gamma\, \bar E_{qt}

    U-bar the worth of inputs and work that the output registered takes, E-bar what it gives off.
    Where shares alone do not tell what is used from what is built with, both may be taken.
    """
    unseen = np.isnan(claims.used)
    used = np.where(unseen, np.fmax(-claims.net, 0.0), claims.used)
    work = np.nansum(claims.work, axis=0)
    taken = register.worth(used) + register.wage * register.efficiency[:, None] * work
    most = GROWTH_MOST * register.taken[:, claims.who]
    most += unseen.any(axis=0) * BUILDING_MOST * register.stock[:, claims.who]
    yield above(
        register,
        claims,
        made=taken,
        most=most,
        said=f"inputs and work worth {{0:.4g}} {{2}} are more than {GROWTH_MOST:g} times what is "
        "registered",
        mend="state fewer inputs and less work, or have the producer registered anew",
    )
    allowed = GROWTH_MOST * register.emitted[:, :, claims.who]
    size = np.maximum(allowed, ROUNDING * allowed.max(axis=2, keepdims=True, initial=0.0))
    kind = register.reading.words.kinds["emitted"]
    yield Breach(
        beyond=(claims.emitted - allowed) / np.where(size > 0, size, 1.0) - ROUNDING,
        what="emission",
        items=kind.items,
        periods=register.reading.words.periods,
        thing=lambda i, t, a: (
            f"{claims.emitted[i, t, a]:.4g} {kind.units[i]} are more than {GROWTH_MOST:g} times "
            "what is registered"
        ),
        mend="state what is emitted, or have the producer registered anew",
    )


def building(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Building does not leave the size of the registered capital altogether.

    .. math:: p^\top B_t \le \Gamma_B\, \bar K (1 + g)^t

    B built with, K-bar the worth of the capital registered.
    """
    yield above(
        register,
        claims,
        made=register.worth(claims.built),
        most=BUILDING_MOST * register.stock[:, claims.who],
        said=f"what is built is worth {{0:.4g}} {{2}}, more than {BUILDING_MOST:g} times the "
        "capital registered",
        mend="state less building, or have the producer registered anew",
    )


def own_cost(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Changing costs something or nothing, and no more than the mandate's rules can make it cost.

    .. math:: 0 \le c_t \le \bar c_t

    c-bar the cost when every band of change is filled to its brim.
    """
    # Where no band costs anything, rounding is measured against output.
    size = np.maximum(claims.cost_most, register.scale(claims.who).max(axis=0))
    currency = register.reading.words.currency
    for beyond, mend in (
        (-claims.cost / size, "state what changing costs, as zero or more"),
        ((claims.cost - claims.cost_most) / size, "state what changing costs by the rules"),
    ):
        yield Breach(
            beyond=beyond[None] - ROUNDING,
            what="",
            items=(),
            periods=claims.periods,
            thing=lambda _, t, a: (
                f"its own cost is {claims.cost[t, a]:.4g} {currency}; the rules allow 0 to "
                f"{claims.cost_most[t, a]:.4g}"
            ),
            mend=mend,
        )


def shared_capital(register: Register, claims: Claims) -> Iterator[Breach]:
    r"""Nobody offers others capacity that is not its own, or counts on more than it could have.

    .. math:: -\Gamma\, \underline{r}_{et} \le r_{et} \le \bar K_{et}, \qquad
              0 \le h_{et} \le \bar H_{et}

    r the room offered of capital item e, less what is taken of others'; K-bar the most that the
    producer could have, 0 where the item is another's; r-underbar what the output registered takes;
    h what is counted on from projects, H-bar the most that they can open for the producer.
    """
    words = register.reading.words
    least, most = register.room[:, :, :, claims.who]
    handed = register.handed[:, :, claims.who]
    for name, values, low, high in (
        ("room", claims.room, GROWTH_MOST * least, most),
        ("handed", claims.handed, 0 * handed, handed),
    ):
        size = np.maximum(high, -low).max(axis=2, keepdims=True, initial=0.0)
        size = np.where(size > 0, size, 1.0)
        yield Breach(
            beyond=np.fmax(values - high, low - values) / size - ROUNDING,
            what="capital",
            items=words.kinds[name].items,
            periods=words.periods,
            thing=lambda i, t, a, n=name, v=values, lo=low, hi=high: (  # type: ignore[misc]
                f"'{n}' is {v[i, t, a]:.4g} capacity units, and can be {lo[i, t, a]:.4g} to "
                f"{hi[i, t, a]:.4g}"
            ),
            mend="state no more capacity than the producer has or needs",
        )


RULES: dict[str, Rule] = {
    "not_negative": not_negative,
    "registered_products": registered_products,
    "out_of_nothing": out_of_nothing,
    "within_capacity": within_capacity,
    "growth": growth,
    "taking": taking,
    "building": building,
    "own_cost": own_cost,
    "shared_capital": shared_capital,
}


def above(
    register: Register, claims: Claims, *, made: Floats, most: Floats, said: str, mend: str
) -> Breach:
    """Return where a worth [P x A] is above the most it can be."""
    words = register.reading.words
    size = np.maximum(most, register.scale(claims.who))
    with np.errstate(invalid="ignore"):  # no limit at all: inf less anything
        beyond = np.where(np.isfinite(most), (made - most) / size, np.nan)
    return Breach(
        beyond=beyond[None] - ROUNDING,
        what="",
        items=(),
        periods=words.periods,
        thing=lambda _, t, a: said.format(made[t, a], most[t, a], words.currency),
        mend=mend,
    )


# ---- all of them --------------------------------------------------------------------------------


def plausible(register: Register, statement: Statement) -> tuple[Refusal, ...]:
    """Return what is refused of statements: one refusal for each producer and rule it breaks."""
    refuse_misshapen(register, statement)
    found = list(refused(register, "readable", readable(register, statement), statement.who))
    kept = left(statement.who, found)
    chosen = Statement(
        statement.words, statement.who[kept], statement.said[:, kept], statement.cost[:, kept]
    )
    return tuple(found + judged(register, stated(register, chosen)))


def refusals(
    register: Register, answers: Answers, *, statement: Statement | None = None
) -> tuple[Refusal, ...]:
    """Return what is refused of a batch of answers.

    Those with a statement are judged by it, and their shares must say the same; the others by
    what their shares give back of one (:mod:`counterplan.dialogue.claims`). What has the wrong
    shape is refused as a whole.

    Parameters
    ----------
    statement
        Of producers that answered.
    """
    who = np.flatnonzero(answers.answered)
    odd = list(misshapen(register, answers))
    if odd:
        return tuple(refused(register, "readable", odd, who))
    found = list(refused(register, "readable", readable_shares(register, answers, who), who))
    fine = who[left(who, found)]
    found += refused(register, "within_bound", within_bound(register, answers, fine), fine)
    if statement is None:
        return tuple(found + judged(register, recovered(register, answers, fine)))
    by_shares = np.setdiff1d(fine, statement.who)
    found += judged(register, recovered(register, answers, by_shares))
    found += plausible(register, statement)
    same = same_in_both(register, statement, answers)
    return tuple(found + list(refused(register, "same_in_both", same, statement.who)))


def judged(register: Register, claims: Claims) -> list[Refusal]:
    """Return what the rules refuse of claims."""
    if not claims.who.size:
        return []
    with np.errstate(over="ignore", invalid="ignore"):  # 1e308 tons are refused like 1e30
        return [
            refusal
            for name, rule in RULES.items()
            for refusal in refused(register, name, rule(register, claims), claims.who)
        ]


def left(who: Integers, found: Sequence[Refusal]) -> Integers:
    """Return the places of those in ``who`` [A] of whom nothing has been refused."""
    return np.flatnonzero(~np.isin(who, [one.producer for one in found]))
