"""Demands: what a mandate, a shock or an own rule asks, one by one, and how far each could give.

Only demands can be given up. Balances, capacity, labour and accumulation are what the world is
like; they are not in this list. Nor is the credit that is offered: the limit on new debt is the
mandate's own, what lenders give is not.
"""

from collections.abc import Callable, Iterator

import numpy as np

from counterplan.plan.demand import Demand, product_name, stated
from counterplan.plan.families.consumption import floors
from counterplan.plan.family import REGISTRY
from counterplan.plan.limits import debt_demands, moving_demands, overtime_demands, trade_limits
from counterplan.plan.names import capacity_measure, quota_unit
from counterplan.plan.outlook import COLLECTIVE, WIDE, hours_path
from counterplan.plan.overlay import capital_of
from counterplan.plan.problem import Problem
from counterplan.plan.wording import figure, percent, titled


def demands(problem: Problem) -> tuple[Demand, ...]:
    """Return every demand of a problem, row by row; the limits on trade last."""
    found: list[Demand] = []
    for name, block in problem.rows.items():
        if name not in REGISTRY:
            found += own_rules(problem, name)
        elif name in COLLECTORS and (block.rows >= 0).any():
            found += COLLECTORS[name](problem)
    found += overtime_demands(problem)
    found += debt_demands(problem)
    found += trade_limits(problem)
    return tuple(one for one in found if one.most > 0)


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
                f"at least {percent(share)} of the observed collective consumption of {{}}"
                if collective
                else f"at least {percent(share)} of the basket of {{}} for {whom}"
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
            price=float(economy.products.prices[product]),
        )


def investment_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the investment goals."""
    given = problem.outlook
    capital = given.economy.capital
    base = capital.investment[:, None] * given.trend
    for e, t, row in stated(problem, "investment_goal"):
        asked = float(given.investment_floor[e, t])
        factor = asked / float(base[e, t])
        each, unit = capacity_measure(given.economy, e)
        yield Demand(
            source=f"investment goal {investment_source(problem, e)}",
            what=f"investment of at least {figure(factor)} times the observed in {{}}",
            change="lower the investment goal of {}",
            item=titled(capital.names[e], capital.codes[e]),
            period=t,
            unit="units of capacity",
            spoken=unit,
            factor=each,
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


def quota_demands(problem: Problem) -> Iterator[Demand]:
    """Yield what producers were promised at least and at most."""
    for a, t, row in stated(problem, "quota"):
        quota, unit = problem.outlook.mandate.quotas[a], quota_unit(problem, a)
        for name, level in (("least", quota.least), ("most", quota.most)):
            if level is None:
                continue
            floor = name == "least"
            yield Demand(
                source=f"quota {a}, {name}",
                what=f"at {name} {figure(level)} {unit} for the quota {{}}",
                change=f"{'lower' if floor else 'raise'} the {name} of the quota {{}}",
                item=problem.rows["quota"].items[a],
                period=t,
                unit=unit,
                size=max(level, 1.0),
                most=level if floor else float("inf"),
                level=level,
                step=-1.0 if floor else 1.0,
                measure=unit,
                row=row,
                sign=1 if floor or quota.least is None else -1,
            )


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
            what=f"imports of {{}} of at most {percent(share)} of its use",
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
            what=f"a stock of at least {figure(level)} {unit} of {{}}",
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
            what=f"at most {percent(float(hours[t]))} of the observed hours for {{}}",
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
                    what=f"the rule {name} for {{}}",
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


COLLECTORS: dict[str, Callable[[Problem], Iterator[Demand]]] = {
    "needs": need_demands,
    "investment_goal": investment_demands,
    "quota": quota_demands,
    "reserves_floor": reserve_demands,
    "self_reliance": self_reliance_demands,
    "emissions": emission_demands,
    "stocks": stock_demands,
    "labour": hour_demands,
    "retraining": moving_demands,
}
