"""A plan made anew, in words: what happened, who changes and why, and what it costs."""

from collections.abc import Iterator, Sequence

import numpy as np

from counterplan.dialogue.replanning.difference import CHANGED, Difference
from counterplan.economy.economy import Floats
from counterplan.plan.dates import called
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import CapacityShock, OutageShock, Shock
from counterplan.plan.wording import listed, percent, titled

NAMED = 3  # producers that are spoken of one by one
SLIGHT = 5e-4  # of a valuation: a smaller change gives no reason


def told(difference: Difference, *, rounds: int, cost: float) -> Iterator[str]:
    """Yield the sentences about a new plan.

    Parameters
    ----------
    rounds
        How many the producers were asked in.
    cost
        What the changes cost, as a share of the observed baskets: none of it is in any value.
    """
    yield from event_words(difference)
    plan, before = difference.plan, difference.before
    yield certified_words(plan, rounds=rounds)
    yield from changed_words(difference)
    others = np.flatnonzero(difference.changed & ~difference.touched)
    order = others[np.argsort(-difference.most[others], kind="stable")]
    for s in order[:NAMED]:
        yield producer_words(difference, int(s))
    yield from consumption_words(difference)
    lost = (before.certificate.value - plan.certificate.value) / plan.problem.base_consumption
    verb = "less" if lost >= 0 else "more"
    yield (
        f"Over the reported years and all years after them together the plan is worth "
        f"{percent(abs(lost))} {verb} than the one before. Here 100% is what the reported years "
        "alone consume as observed, so that it can be more than that. What its changes count as "
        f"when they are weighed, {percent(cost)} of the same, is in no value."
    )


def event_words(difference: Difference) -> Iterator[str]:
    """Yield what happened: the shocks that the plan before knew nothing of."""
    known = list(difference.before.scenario.shocks)
    new: list[Shock] = []
    for shock in difference.plan.scenario.shocks:
        if shock in known:
            known.remove(shock)
        else:
            new.append(shock)
    for shock in new:
        yield shock_words(shock, difference.plan)
    for shock in known:
        yield f"What was planned for no longer holds: {called(shock)}."
    count = int(difference.touched.sum())
    if not new and not known:
        yield "Nothing has happened that was not planned for."
    elif count:
        yield f"It touches what {count:,} of {difference.touched.size:,} workplaces can do."
    else:
        yield "It touches no workplace's own rules, and reaches them through the valuations."


def shock_words(shock: Shock, plan: Plan) -> str:
    """Return a shock in words."""
    if not isinstance(shock, CapacityShock | OutageShock):
        return f"There is a new shock: {called(shock)}."
    since = "" if shock.start is None else f" from {shock.start}"
    until = " on" if shock.end is None and since else ""
    until = until if shock.end is None else f" to {shock.end}"
    one = "branch" if isinstance(shock, CapacityShock) else "workplace"
    codes = shock.branches if isinstance(shock, CapacityShock) else shock.producers
    every = tuple(codes) == ("*",)
    where = f"every {one}" if every else listed([f"{one} {code}" for code in codes])
    return f"Only {percent(shock.share)} of the capacity of {where} can be used{since}{until}."


def certified_words(plan: Plan, *, rounds: int) -> str:
    """Return how the new plan is proved."""
    proof = plan.certificate
    made = "without a round" if not rounds else f"in {rounds} round{'s' if rounds > 1 else ''}"
    return (
        f"The plan was made anew {made}: its rules hold to {proof.residual:.1e}, and no plan is "
        f"better by more than {percent(proof.gap_max)} of the observed consumption of the "
        "reported years. Until it was proved the old plan stayed in force."
    )


def changed_words(difference: Difference) -> Iterator[str]:
    """Yield how many change."""
    touched, least = difference.touched, percent(CHANGED)
    few, all_ = difference.counts(~touched)
    away = " that the event does not touch" if touched.any() else ""
    yield (
        f"{few:,} of {all_:,} workplaces{away} change by more than {least} of their base output "
        f"in some period of the plan ({percent(few / max(all_, 1))})."
    )
    if touched.any():
        few, all_ = difference.counts(touched)
        yield f"Of the {all_:,} that it touches {few:,} change as much."


def producer_words(difference: Difference, producer: int) -> str:
    """Return what one producer changes, and what gave the reason."""
    economy, t = difference.plan.economy, int(difference.period[producer])
    code = economy.producers.codes[producer]
    branch = economy.producers.branches[producer]
    more, moved = difference.more[producer, t], difference.moved[producer, t]
    year = difference.plan.years[t]
    if abs(more) < moved / 2:
        what = f"moves {percent(moved)} of its base output between its techniques"
    else:
        what = f"makes {percent(abs(more))} {'more' if more > 0 else 'less'} of its base output"
    return f"{code} (branch {branch}) {what} in {year}{reason(difference, producer, t)}."


def reason(difference: Difference, producer: int, t: int) -> str:
    r"""Return the valuation that pulled a producer most in the way it went, in words.

    The pull of product i is what its valuation adds to the worth of the change,

    .. math:: (y'_{it} - y_{it}) \sum_{j \in s} (V_{ij} - U_{ij}) (x'_{jt} - x_{jt})
    """
    plan, before = difference.plan, difference.before
    economy = plan.economy
    own = np.flatnonzero(economy.techniques.producer == producer)
    step = plan.quantity("activity")[own, t] - before.quantity("activity")[own, t]
    new, old = (np.nan_to_num(one.worth("product_balance")[:, t]) for one in (plan, before))
    flow = np.asarray(economy.net_output[:, own] @ step)
    pull: Floats = (new - old) * flow
    best = int(pull.argmax())
    rise = new[best] / old[best] - 1 if old[best] > 0 else 0.0
    if pull[best] <= 0 or abs(rise) < SLIGHT:
        return ", for the sake of others: no valuation of what it makes or uses speaks for it"
    name = titled(economy.products.names[best], economy.products.codes[best])
    makes = made_by(plan, own)[best] > 0
    verb = "makes" if makes else "uses"
    sign = "more" if rise > 0 else "less"
    return f", because {name}, which it {verb}, is worth {percent(abs(rise))} {sign} than before"


def made_by(plan: Plan, techniques: Sequence[int] | np.ndarray) -> Floats:
    """Return what some techniques make at their base activities [n]."""
    own = plan.economy.techniques
    made: Floats = np.asarray(own.output[:, techniques].sum(axis=1)).ravel()
    return made


def consumption_words(difference: Difference) -> Iterator[str]:
    """Yield what becomes of the consumption of each group."""
    for line in difference.consumption().to_dict("records"):
        change = float(line["change"])
        if abs(change) < 5e-7:
            yield f"Consumption of {line['group']} stays what it was."
            continue
        verb = "falls" if change < 0 else "rises"
        yield (
            f"Consumption of {line['group']} in the reported periods {verb} by "
            f"{percent(abs(change))}, from {line['before']:.6g} to {line['after']:.6g} "
            f"{difference.plan.economy.currency} at base prices."
        )
