r"""Gains: what a liar has from a lie, measured in more than one way.

What people want is in no table, so there is no single gain: goods left over, work that was not
needed, room in the plant, and the place and size that the lie brings in its branch.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.honesty.lies import Kind, Lie, of_liars, reserves
from counterplan.dialogue.honesty.losses import Loss
from counterplan.economy.derive.prices import base_prices
from counterplan.economy.economy import Bools, Economy, Floats, Integers
from counterplan.economy.split.request import DISCOUNT
from counterplan.plan.families.capital_accumulation import works
from counterplan.plan.plan import Plan

LIKE_LEAST = 2  # workplaces of a branch without which there is no place in it


@dataclass(frozen=True)
class Gains:
    """What liars have, on average over the liars weighted by what it is a share of.

    Attributes
    ----------
    goods
        Surplus goods, share of the liars' output, both at the valuations of the plan in force.
    work
        People assigned and not needed, share of those assigned.
    room
        Capacity that stands idle beyond what idles under full information, share of the true one.
    place
        Change of the place in the branch by stated inputs, 0 the least and 1 the most; nan where
        no liar has others like it.
    activity, others
        Change of the liars' and the honest workplaces' activity at base prices.
    per_head
        Surplus goods and unneeded work of the liars' people, in average consumption per head.
    lost_per_head
        Households' consumption that each person loses in the planned periods, likewise.
    """

    goods: float
    work: float
    room: float
    place: float
    activity: float
    others: float
    per_head: float
    lost_per_head: float


def gains_of(best: Plan, misled: Plan, lie: Lie, loss: Loss) -> Gains:
    """Return what the liars have under the plan in force, against the full-information plan."""
    economy, outlook = best.economy, best.outlook
    techniques, count = economy.techniques, len(best.years)
    mine = lie.liars[techniques.producer]
    activity = misled.quantity("activity")[:, :count]
    before = best.quantity("activity")[:, :count]
    worth = outlook.activity_price[:, None]
    goods, output = surplus_goods(misled, lie), output_value(misled, mine)
    need = np.asarray(economy.labour.need.sum(axis=0))[:, None] / outlook.efficiency[:count]
    needed = (need * activity)[mine].sum(axis=0)
    idle = lie.degree * needed if lie.kind is Kind.PADDING else 0.0 * needed
    pay = float(outlook.labour_value * outlook.efficiency[:count] @ idle)
    mean = ratio(consumption(best), float((need * before).sum()))
    assigned = float((needed + idle).sum())
    return Gains(
        goods=ratio(goods, output),
        work=ratio(float(idle.sum()), assigned),
        room=idle_room(misled, lie) - idle_room(best, lie),
        place=place_gained(economy, lie),
        activity=change((worth * activity)[mine].sum(), (worth * before)[mine].sum()),
        others=change((worth * activity)[~mine].sum(), (worth * before)[~mine].sum()),
        per_head=ratio(ratio(goods + pay, assigned), mean),
        lost_per_head=float(-np.mean(loss.consumption)),
    )


def surplus_goods(plan: Plan, lie: Lie) -> float:
    """Return what the liars' surplus goods of the planned periods are worth to the plan in force.

    In base-period money: valuations against that of the basket.
    """
    count, economy = len(plan.years), plan.economy
    value = plan.valuations().to_numpy()
    if lie.kind is Kind.PADDING:
        more = of_liars(lie, economy.techniques.producer)[:, None]
        goods = economy.techniques.use @ (more * plan.quantity("activity")[:, :count])
    elif lie.kind is Kind.HOARDING:
        goods = hoards(plan, lie)
    else:
        return 0.0
    return float((value * goods).sum())


def hoards(plan: Plan, lie: Lie) -> Floats:
    """Return what hoarders put aside in each planned period [n x T]."""
    economy, outlook = plan.economy, plan.outlook
    count = len(plan.years)
    more = of_liars(lie, economy.capital.producer)[:, None]
    begun = works(outlook, plan.problem.variables)
    built = plan.evaluate(begun) - begun.constant
    kept: Floats = reserves(outlook, lie) + economy.capital.composition @ (more * built)
    return kept[:, :count]


def output_value(plan: Plan, mine: Bools) -> float:
    """Return what the output of some techniques [m] is worth to the plan, against the basket."""
    techniques, count = plan.economy.techniques, len(plan.years)
    made = techniques.output @ (mine[:, None] * plan.quantity("activity")[:, :count])
    return float((plan.valuations().to_numpy() * made).sum())


def idle_room(plan: Plan, lie: Lie) -> float:
    """Return the share of the liars' true usable capacity, at its price, that is not used."""
    outlook, capital, count = plan.outlook, plan.economy.capital, len(plan.years)
    mine = lie.liars[capital.producer]
    price = outlook.capital_price[mine, None]
    there = (price * (outlook.usable * plan.quantity("capacity"))[mine, :count]).sum()
    used = (price * (capital.need @ plan.quantity("activity"))[mine, :count]).sum()
    return float(1 - ratio(float(used), float(there)))


def place_gained(economy: Economy, lie: Lie) -> float:
    """Return by how much liars rise in their branch by stated inputs, mean over those with peers.

    Stated are goods and work per unit of output at base prices, of the base period's techniques.
    """
    if lie.kind is not Kind.PADDING or not lie.liars.any():
        return 0.0
    truth = inputs_of(economy)
    told = truth * (1 + lie.degree * lie.liars)
    branches = economy.branches()
    branch = np.array([branches.index(code) for code in economy.producers.branches])
    moved = places(told, branch) - places(truth, branch)
    known = moved[lie.liars]
    known = known[np.isfinite(known)]
    return float(known.mean()) if known.size else float("nan")


def inputs_of(economy: Economy) -> Floats:
    """Return goods and pay per unit of output at base prices, by producer [S]."""
    techniques, prices = economy.techniques, economy.products.prices
    pay = base_prices(economy, discount=DISCOUNT).pay
    cost = np.asarray(techniques.use.T @ prices) + np.asarray(economy.labour.need.T @ pay)
    value = np.asarray(techniques.output.T @ prices)
    return per_output(economy, cost * techniques.activity, value * techniques.activity)


def per_output(economy: Economy, taken: Floats, made: Floats) -> Floats:
    """Return what producers take per unit of what they make [S], from sums by technique [m]."""
    owner, count = economy.techniques.producer, len(economy.producers)
    top = np.bincount(owner, weights=taken, minlength=count)
    low = np.bincount(owner, weights=made, minlength=count)
    found: Floats = np.divide(top, low, out=np.full(count, np.nan), where=low > 0)
    return found


def places(values: Floats, branch: Integers) -> Floats:
    """Return the place of each value in its branch [S]: 0 the least, 1 the most, nan if alone."""
    found = np.full(values.size, np.nan)
    for one in np.unique(branch):
        here = np.flatnonzero(branch == one)
        if here.size >= LIKE_LEAST:
            below = (values[here][None, :] < values[here][:, None]).sum(axis=1)
            equal = (values[here][None, :] == values[here][:, None]).sum(axis=1) - 1
            found[here] = (below + equal / 2) / (here.size - 1)
    return found


def consumption(plan: Plan) -> float:
    """Return consumption of the planned periods at base prices."""
    return float(plan.consumption_value().to_numpy().sum())


def ratio(part: float, whole: float) -> float:
    """Return a share; 0 of nothing."""
    return part / whole if whole > 0 else 0.0


def change(after: float, before: float) -> float:
    """Return a relative change; nan from nothing."""
    return float(after / before - 1) if before > 0 else float("nan")
