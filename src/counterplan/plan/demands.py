"""Demands: what a mandate, a shock or an own rule asks, one by one, and how far each could give.

Only demands can be given up. Balances, capacity, labour and accumulation are what the world is
like; they are not in this list.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.families.consumption import floors
from counterplan.plan.family import REGISTRY
from counterplan.plan.labels import column_numbers
from counterplan.plan.outlook import COLLECTIVE, WIDE, hours_path
from counterplan.plan.overlay import capital_of
from counterplan.plan.problem import Problem
from counterplan.plan.wording import figure, titled


@dataclass(frozen=True)
class Demand:
    """One demand, for one item in one period.

    Attributes
    ----------
    source
        What belongs together: one line of the mandate, one product under a limit.
    what, change
        Sentences with ``{}`` for the item: what is asked, and what would have to be done.
    item, period
        In words, and a label.
    row, column
        Where it stands in the programme: a row whose lower (``sign`` 1) or upper (-1) side gives
        way, or a column whose upper bound does; -1 for the other.
    unit
        What ``size``, ``most`` and any relief are measured in.
    size
        What a relief is compared with.
    most
        The most that it can give.
    level, step
        The level asked, and how one unit of relief changes it (0 where that depends on the plan);
        ``measure`` is its unit.
    """

    source: str
    what: str
    change: str
    item: str
    period: int
    unit: str
    size: float
    most: float
    level: float
    step: float
    measure: str
    row: int = -1
    column: int = -1
    sign: int = 1


def demands(problem: Problem) -> tuple[Demand, ...]:
    """Return every demand of a problem, row by row; the limits on trade last."""
    found: list[Demand] = []
    for name, block in problem.rows.items():
        if name not in REGISTRY:
            found += own_rules(problem, name)
        elif name in COLLECTORS and (block.rows >= 0).any():
            found += COLLECTORS[name](problem)
    found += trade_limits(problem)
    return tuple(one for one in found if one.most > 0)


def stated(problem: Problem, family: str) -> Iterator[tuple[int, int, int]]:
    """Yield item, period and row number wherever a family says something."""
    rows = problem.rows[family].rows
    for i, t in np.argwhere(rows >= 0):
        yield int(i), int(t), int(rows[i, t])


def product_name(problem: Problem, product: int) -> str:
    """Return a product's name with its code."""
    products = problem.outlook.economy.products
    return titled(products.names[product], products.codes[product])


def need_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the needs and the floor of collective consumption."""
    given = problem.outlook
    economy, floor = given.economy, floors(given)
    names = dict(zip(economy.demand.groups, economy.demand.group_names, strict=True))
    for c, t, row in stated(problem, "needs"):
        product, group = int(given.basket_product[c]), given.groups[given.basket_group[c]]
        share = floor[c, t] / given.baskets[c, t]
        whom = titled(names.get(group, ""), group)
        collective = group == COLLECTIVE
        yield Demand(
            source=f"need of {figure(share)} for {group}",
            what=(
                f"floor of {figure(share)} under collective consumption of {{}}"
                if collective
                else f"need of {figure(share)} of {{}} for {whom}"
            ),
            change=(
                "lower the floor of collective consumption of {}"
                if collective
                else f"lower the need of {whom} for {{}}"
            ),
            item=product_name(problem, product),
            period=t,
            unit=economy.products.units[product],
            size=float(floor[c, t]),
            most=float(floor[c, t]),
            level=float(share),
            step=-1 / float(given.baskets[c, t]),
            measure="of the basket",
            row=row,
        )


def investment_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the investment goals."""
    given = problem.outlook
    capital = given.economy.capital
    base = capital.investment[:, None] * given.trend
    for e, t, row in stated(problem, "investment_goal"):
        asked = float(given.investment_floor[e, t])
        factor = asked / float(base[e, t])
        yield Demand(
            source=f"investment goal {investment_source(problem, e)}",
            what=f"investment of {figure(factor)} times the observed in {{}}",
            change="lower the investment goal of {}",
            item=titled(capital.names[e], capital.codes[e]),
            period=t,
            unit="capacity units",
            size=asked,
            most=asked,
            level=factor,
            step=-1 / float(base[e, t]),
            measure="times the observed on trend",
            row=row,
        )


def investment_source(problem: Problem, item: int) -> str:
    """Return which goals of the mandate name the branch of a capital item."""
    goals = problem.outlook.mandate.goals
    named = [
        str(number)
        for number, goal in enumerate(goals)
        if goal.kind == "investment" and item in capital_of(problem.outlook, goal.branches)
    ]
    return " and ".join(named)


def reserve_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the floor under the reserves."""
    floor, unit = problem.outlook.reserves_floor, problem.outlook.economy.trade.currency
    lasting = problem.outlook.periods.constant()
    for _, t, row in stated(problem, "reserves_floor"):
        level = float(floor[t] / lasting[t])
        yield Demand(
            source="reserves floor",
            what=f"reserves of at least {figure(level)} {unit}",
            change="lower the floor under the reserves",
            item="",
            period=t,
            unit=unit,
            size=float(floor[t]),
            most=float(floor[t]),
            level=level,
            step=-1 / float(lasting[t]),
            measure=unit,
            row=row,
        )


def self_reliance_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the self-reliance goals; a relief is measured against the observed imports."""
    given = problem.outlook
    trade = given.economy.trade
    base = (trade.imports_other + trade.imports_investment)[:, None] * given.trend
    for i, t, row in stated(problem, "self_reliance"):
        share = float(given.import_share_limit[i, t])
        yield Demand(
            source=f"self-reliance in {i}",
            what=f"imports of {{}} of at most {figure(share)} of its use",
            change="let in more imports than the self-reliance goal allows, of {}",
            item=product_name(problem, i),
            period=t,
            unit=given.economy.products.units[i],
            size=float(base[i, t]),
            most=WIDE * float(base[i, t]),
            level=share,
            step=0.0,
            measure="of the use",
            row=row,
        )


def emission_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the limits on emissions and natural resources."""
    given = problem.outlook
    techniques, lasting = given.economy.techniques, given.periods.constant()
    for q, t, row in stated(problem, "emissions"):
        limit, unit = float(given.emission_limit[q, t]), techniques.emission_units[q]
        level = limit / float(lasting[t])
        observed = float((techniques.emissions @ techniques.activity)[q])
        yield Demand(
            source=f"emission {q}",
            what=f"at most {figure(level)} {unit} of {{}}",
            change="raise the limit on {}",
            item=techniques.emission_codes[q],
            period=t,
            unit=unit,
            size=max(limit, observed),
            most=WIDE * max(limit, observed),
            level=level,
            step=1 / float(lasting[t]),
            measure=unit,
            row=row,
        )


def stock_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the strategic minimums of stocks."""
    given, lasting = problem.outlook, problem.outlook.periods.constant()
    for i, t, row in stated(problem, "stocks"):
        level = float(given.economy.stocks.minimum[i])
        minimum = level * float(lasting[t])
        unit = given.economy.products.units[i]
        yield Demand(
            source=f"stock of {i}",
            what=f"stock of at least {figure(level)} {unit} of {{}}",
            change="lower the strategic minimum of {}",
            item=product_name(problem, i),
            period=t,
            unit=unit,
            size=minimum,
            most=minimum,
            level=level,
            step=-1 / float(lasting[t]),
            measure=unit,
            row=row,
        )


def hour_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the shorter hours of the mandate: they could give until the observed ones."""
    given = problem.outlook
    hours, skills = hours_path(given.mandate, given.periods), given.economy.labour
    for k, t, row in stated(problem, "labour"):
        full = float(given.force[k, t] / hours[t])
        yield Demand(
            source="hours",
            what=f"hours of {figure(float(hours[t]))} of the observed for {{}}",
            change="lengthen the hours of {}",
            item=titled(skills.names[k], skills.codes[k]),
            period=t,
            unit=skills.units[k],
            size=full,
            most=full - float(given.force[k, t]),
            level=float(hours[t]),
            step=1 / full if full > 0 else 0.0,
            measure="of the observed",
            row=row,
        )


def own_rules(problem: Problem, name: str) -> Iterator[Demand]:
    """Yield the rules that the user brought along; either side of a row may give way."""
    block, program = problem.rows[name], problem.program
    for i, t, row in stated(problem, name):
        for sign, side in ((1, program.row_lower[row]), (-1, program.row_upper[row])):
            if np.isfinite(side):
                yield Demand(
                    source=f"rule {name}, item {i}, side {sign}",
                    what=f"rule {name} for {{}}",
                    change=f"relax the rule {name} for {{}}",
                    item=block.items[i],
                    period=t,
                    unit=block.family.unit,
                    size=max(abs(float(side)), 1.0),
                    most=float("inf"),
                    level=float(side),
                    step=-float(sign),
                    measure=block.family.unit,
                    row=row,
                    sign=sign,
                )


def trade_limits(problem: Problem) -> Iterator[Demand]:
    """Yield the limits that shocks set on trade: bans, quotas, sanctions."""
    given = problem.outlook
    trade = given.economy.trade
    world = trade.export_limit[:, None] * given.trend
    most = np.ones_like(world) * np.inf
    yield from limits_on(
        problem, "imports", base=trade.imports_other, limit=given.import_limit, natural=most
    )
    yield from limits_on(
        problem,
        "investment_imports",
        base=trade.imports_investment,
        limit=given.investment_import_limit,
        natural=most,
    )
    yield from limits_on(
        problem, "exports", base=trade.exports, limit=given.export_limit, natural=world
    )


def limits_on(
    problem: Problem, variable: str, *, base: Floats, limit: Floats, natural: Floats
) -> Iterator[Demand]:
    """Yield the limits on one variable that are tighter than its natural limit [n x P]."""
    trend = problem.outlook.trend
    volume = base[:, None] * trend
    room = np.minimum(WIDE * volume, natural)
    columns = column_numbers(problem, variable)
    word = variable.replace("_", " ")
    for i, t in np.argwhere((limit < room) & (volume > 0)):
        share = float(limit[i, t] / volume[i, t])
        quota = f"{word} of {{}} of at most {figure(share)} of the observed"
        yield Demand(
            source=f"limit on {variable} of {i}",
            what=quota if share > 0 else f"no {word} of {{}}",
            change=f"allow more {word} of {{}}",
            item=product_name(problem, int(i)),
            period=int(t),
            unit=problem.outlook.economy.products.units[i],
            size=float(volume[i, t]),
            most=float(room[i, t] - limit[i, t]),
            level=share,
            step=1 / float(volume[i, t]),
            measure="of the observed on trend",
            column=int(columns[i, t]),
        )


COLLECTORS: dict[str, Callable[[Problem], Iterator[Demand]]] = {
    "needs": need_demands,
    "investment_goal": investment_demands,
    "reserves_floor": reserve_demands,
    "self_reliance": self_reliance_demands,
    "emissions": emission_demands,
    "stocks": stock_demands,
    "labour": hour_demands,
}
