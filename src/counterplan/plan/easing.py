r"""Easing: what 1% more of each scarce thing on a product's chain is worth, to first order.

The effort of easing a limit is measured in percent of the limit's own size b. One percent more
of limit r is worth to the plan, and the part of it that goes through product i is

.. math:: G_r = 0.01\, b_r\, y_r, \qquad
          G_{ri} = 0.01 \sum_w z_{iw}\, q_{riw}\, y_r ,

y what one more unit of the limit is worth, z what comes of the product by way w, q what one unit
by that way takes of r along its whole chain: what is eased is used as the whole is now. Since the
values q y of a way add up to the product's valuation, the second sum over all r is one percent of
what the product's supply is worth, and the largest term is the limit that matters most. What a
product uses of itself is met by two ways; the part is therefore held to the whole, G.

The plan's value is concave in its limits, so G is the most that the 1% can bring. Valuations of
single skills swing; people are therefore one limit, all skills together, at the valuation of the
period or at the mean of the planned periods, each against its own basket, whichever is lower
(``docs/plan/valuations.md``).
"""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.causes import Causes
from counterplan.plan.chain import LIMIT, Chain, Part
from counterplan.plan.components import KINDS, SHOWN_MIN, causes_of, is_scarce, thing
from counterplan.plan.explanation import Relief, Work
from counterplan.plan.flows import LEAST
from counterplan.plan.plan import ratio
from counterplan.plan.ways import columns

PERCENT = 0.01
PEOPLE = ("labour", "", -1)

Key = tuple[str, str, int]


@dataclass(frozen=True)
class Weight:
    """How much of one scarce thing a product's whole supply takes.

    Attributes
    ----------
    part
        One of its parts.
    value
        At the valuations [base-period money].
    quantity
        Of each skill [k], where it is people.
    """

    part: Part
    value: float
    quantity: Floats


def reliefs(given: Chain, product: int, *, why: Causes) -> tuple[Relief, ...]:
    """Return what 1% more of each scarce thing is worth, by what it brings the product."""
    weights = weighed(given, product)
    found = [
        people(given, one) if key == PEOPLE else relief(given, one, why=why)
        for key, one in weights.items()
    ]
    whole = sum(one.own for one in found)
    chosen = [one for one in found if one.own >= SHOWN_MIN * whole and one.own > 0]
    return tuple(sorted(chosen, key=lambda one: -one.own))


def weighed(given: Chain, product: int) -> dict[Key, Weight]:
    """Return what a product's whole supply takes of each scarce thing, over all its ways."""
    row, skills = given.product_row(product), len(given.plan.economy.labour.codes)
    flows = {
        column: adds * given.plan.primal[column] for _, (column, adds) in columns(given, product)
    }
    whole = sum(max(flow, 0.0) for flow in flows.values())
    found: dict[Key, Weight] = {}
    for column, flow in flows.items():
        if flow <= LEAST * whole:
            continue
        for part in given.total_through(row, column):
            if part.period != given.period or not is_scarce(part):
                continue
            labour = part.family == "labour"
            key = PEOPLE if labour else (part.family, part.variable, part.item)
            old = found.get(key, Weight(part, 0.0, np.zeros(skills)))
            taken = old.quantity.copy()
            if labour:
                taken[part.item] += flow * part.quantity
            found[key] = Weight(part, old.value + float(flow) * part.value, taken)
    return found


def relief(given: Chain, one: Weight, *, why: Causes) -> Relief:
    """Return what 1% more of a scarce thing is worth."""
    part = one.part
    kind = KINDS.get(part.family, part.family)
    name, unit, factor = thing(given, kind, part)
    size = size_of(given, part)
    gain = PERCENT * size * part.price
    lasting, cost, start = part.price, None, ""
    if kind == "capacity":
        lasting, cost, start = building(given, part.item)
    return Relief(
        kind=kind,
        name=name,
        unit=unit,
        size=size * factor,
        worth=part.price / factor,
        gain=gain,
        own=min(PERCENT * one.value, gain),
        lasting=float(lasting / factor),
        cost=None if cost is None else float(cost / factor),
        start=start,
        causes=causes_of(given, part, why),
    )


def people(given: Chain, one: Weight) -> Relief:
    """Return what 1% more people of every skill are worth."""
    force = given.plan.outlook.force[:, given.period]
    units = set(given.plan.economy.labour.units)
    size, mix = float(force.sum()), one.quantity
    every, own = steady(given, force), steady(given, mix)
    return Relief(
        kind="labour",
        name="people, all skills together",
        unit=units.pop() if len(units) == 1 else "people",
        size=size,
        worth=every / size if size > 0 else 0.0,
        gain=PERCENT * every,
        own=PERCENT * own,
        lasting=every / size if size > 0 else 0.0,
        cost=None,
        start="",
    )


def steady(given: Chain, people: Floats) -> float:
    """Return what people of each skill [k] are worth: now, or on the mean where that is lower."""
    each = people @ wages(given)
    return float(min(each[given.period], np.nanmean(each)))


def size_of(given: Chain, part: Part) -> float:
    """Return how much there is of a scarce thing in the period [units of its row or variable].

    Of currency: all that comes in. Of anything else: what both sides of its row, or its bound,
    come to.
    """
    plan, period = given.plan, part.period
    if part.family == LIMIT:
        return float(plan.problem.variables.blocks[part.variable].upper[part.item, period])
    if part.family == "foreign_balance":
        account = plan.foreign_account().iloc[:, period].to_numpy()
        return float(account[account > 0].sum())
    program = plan.problem.program
    row = int(plan.problem.rows[part.family].rows[part.item, period])
    entries = slice(program.matrix.indptr[row], program.matrix.indptr[row + 1])
    values = program.matrix.data[entries] * plan.primal[program.matrix.indices[entries]]
    sides = [abs(side) for side in (program.row_lower[row], program.row_upper[row])]
    stated = sum(one for one in sides if np.isfinite(one))
    return float((np.abs(values).sum() + stated) / 2)


def building(given: Chain, item: int) -> tuple[float, float | None, str]:
    """Return what a unit of capacity is worth from the period on, its cost, and when it starts.

    The cost is what the investment takes at the plan's valuations, without the cost of leaving
    the branch's pace of investment; None where it would have had to start before the plan.
    """
    problem, economy = given.plan.problem, given.plan.economy
    account = problem.rows["capital_accumulation"].rows
    # An equation: its worth is that of its right-hand side, which is capacity handed over.
    lasting = -float(given.price[account[item, given.period]])
    begin = given.period - int(economy.capital.lag[item])
    if begin < 0:
        first = problem.outlook.periods.first + int(economy.capital.lag[item])
        return lasting, None, str(first)
    count = len(economy.capital)
    column = problem.columns["investment"] + begin * count + item
    entries = slice(given.matrix.indptr[column], given.matrix.indptr[column + 1])
    own = ("capital_accumulation", "investment_change", "investment_goal")
    rows = np.concatenate([problem.rows[name].rows.ravel() for name in own])
    taken, values = given.matrix.indices[entries], given.matrix.data[entries]
    others = ~np.isin(taken, rows)
    cost = float(-(values[others] @ given.price[taken[others]]))
    return lasting, cost, given.plan.years[begin]


# ---- people ---------------------------------------------------------------------------


def wages(given: Chain) -> Floats:
    """Return what one more person of each skill is worth, against the basket [k x T]."""
    plan = given.plan
    worth = ratio(plan.worth("labour"), plan.basket_valuation())
    value: Floats = worth[:, : len(plan.years)]
    return value


def work_of(given: Chain, total: tuple[Part, ...]) -> Work | None:
    """Return what the work that a product takes is worth, in its mix of skills; None without."""
    labour = given.plan.economy.labour
    mix = np.zeros(len(labour.codes))
    for part in total:
        if part.family == "labour" and part.period == given.period:
            mix[part.item] += part.quantity
    whole = float(mix.sum())
    if whole <= 0:
        return None
    each = mix @ wages(given) / whole
    units = set(labour.units)
    return Work(
        unit=units.pop() if len(units) == 1 else "",
        now=float(each[given.period]),
        mean=float(np.nanmean(each)),
        base=given.plan.outlook.labour_value,
    )
