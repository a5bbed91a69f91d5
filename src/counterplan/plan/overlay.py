"""Laying shocks and goals over an outlook: one small function for each kind."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from counterplan.economy.economy import Economy, Floats, position
from counterplan.errors import InputError, did_you_mean
from counterplan.plan import mandate as asked
from counterplan.plan import shocks as given
from counterplan.plan.dates import check_dates, check_periods
from counterplan.plan.outlook import WIDE, Outlook, first_outlook
from counterplan.plan.periods import PER_YEAR, Periods
from counterplan.plan.quotas import check_quotas
from counterplan.plan.reach import check_reach
from counterplan.plan.scenario import Scenario

AMOUNT_MAX = 100.0  # times the foreign trade and reserves of the base period


def lay_out(economy: Economy, scenario: Scenario) -> Outlook:
    """Return what the scenario gives the plan in each period.

    Raises
    ------
    InputError
        For a product, branch, group, skill or period that is not there; the place is the
        scenario's key.
    """
    periods = Periods(
        first=scenario.horizon.first,
        count=scenario.horizon.periods,
        base=economy.base_period,
        beta=scenario.mandate.discount,
        growth=economy.trend.growth,
        per_year=PER_YEAR.get(economy.period, 1),
    )
    check_consumption(economy)
    check_names(economy, scenario)
    check_periods(periods, scenario)
    check_amounts(economy, scenario)
    check_quotas(economy, periods, scenario.mandate.quotas)
    outlook = first_outlook(economy, scenario.mandate, periods)
    for number, goal in enumerate(scenario.mandate.goals):
        outlook = applied(outlook, goal, place=f"mandate.goals.{number}")
    for number, shock in enumerate(scenario.shocks):
        outlook = applied(outlook, shock, place=f"shocks.{number}")
    return outlook


def applied(outlook: Outlook, item: Any, *, place: str) -> Outlook:  # noqa: ANN401
    """Lay one shock or goal over an outlook, with its place in every complaint."""
    check_dates(outlook.periods, item, place=place)
    try:
        changed = OVERLAYS[type(item)](outlook, item)
    except InputError as error:
        raise InputError(error.thing, place=error.place or place, mend=error.mend) from None
    check_reach(outlook.economy, item, place=place)
    return changed


def check_consumption(economy: Economy) -> None:
    """Refuse an economy in which nobody consumes anything: there is nothing to plan for."""
    demand, price = economy.demand, economy.products.prices
    if not float(price @ (demand.consumption.sum(axis=1) + demand.collective)) > 0:
        raise InputError(
            f"in the economy '{economy.name}' nobody consumes anything that has a price, and a "
            "plan is made for consumption",
            mend="fill in its table of consumption, and the prices of what is consumed",
        )


def check_names(economy: Economy, scenario: Scenario) -> None:
    """Refuse names in the mandate that the economy does not know."""
    groups = (*economy.demand.groups, "collective")
    for name in scenario.mandate.groups:
        known(name, groups, what="consumption group", place=f"mandate.groups.{name}")
    for number, need in enumerate(scenario.mandate.needs):
        place = f"mandate.needs.{number}"
        known(need.group, ("*", *groups), what="consumption group", place=place)
        known(need.product, ("*", *economy.products.codes), what="product", place=place)
        check_need(economy, need, place=place)


def check_need(economy: Economy, need: asked.Need, *, place: str) -> None:
    """Refuse a need for a product that the group is not seen to consume: it has no basket."""
    if need.product == "*" or need.share == 0:
        return
    row = economy.product(need.product)
    demand = economy.demand
    eaten = dict(zip(demand.groups, demand.consumption[row], strict=True))
    eaten["collective"] = float(demand.collective[row])
    asked_of = tuple(demand.groups) if need.group == "*" else (need.group,)
    if not any(eaten[group] > 0 for group in asked_of):
        raise InputError(
            f"'{need.product}' is not in the observed basket of {', '.join(asked_of)}, "
            "and a need is a share of that basket",
            place=place,
            mend="give the group some of it in the economy's tables first",
        )


def check_amounts(economy: Economy, scenario: Scenario) -> None:
    """Refuse foreign amounts that dwarf the economy: beside them nothing could be checked."""
    trade, accounts = economy.trade, economy.accounts
    imports = trade.imports_other + trade.imports_investment
    flow = float(imports @ trade.import_price + trade.exports @ trade.export_price)
    most = AMOUNT_MAX * (flow + accounts.reserves + accounts.transfers + accounts.debt_service)
    foreign = scenario.mandate.foreign
    named: list[tuple[str, float]] = [
        ("mandate.foreign.debt_limit", foreign.debt_limit),
        ("mandate.foreign.reserves_floor", foreign.reserves_floor or 0.0),
        *(("mandate.foreign.credit", amount) for amount in foreign.credit.values()),
    ]
    for number, shock in enumerate(scenario.shocks):
        if isinstance(shock, given.DebtShock):
            named += [(f"shocks.{number}.amounts", amount) for amount in shock.amounts.values()]
    for place, amount in named:
        if amount > most:
            raise InputError(
                f"{amount:.4g} is more than {AMOUNT_MAX:g} times the economy's foreign trade and "
                "reserves",
                place=place,
                mend=f"give at most {most:.4g} {trade.currency}",
            )


def known(name: str, names: Sequence[str], *, what: str, place: str) -> None:
    """Refuse a name that is not among the known ones."""
    if name not in names:
        raise InputError(
            f"{what} '{name}' is not in the economy", place=place, mend=did_you_mean(name, names)
        )


def rows_of(codes: Sequence[str], wanted: Sequence[str], *, what: str) -> list[int]:
    """Return the positions of the wanted codes; '*' stands for all."""
    if tuple(wanted) == ("*",):
        return list(range(len(codes)))
    return [position(codes, code, what=what) for code in wanted]


def capital_of(outlook: Outlook, branches: Sequence[str]) -> list[int]:
    """Return the capital items of branches; '*' stands for all."""
    economy = outlook.economy
    rows_of(economy.branches(), branches, what="branch")
    owners = economy.branch_of_capital()
    return [e for e, owner in enumerate(owners) if tuple(branches) == ("*",) or owner in branches]


def world_price(outlook: Outlook, shock: given.PriceShock) -> Outlook:
    """Change world prices by a factor while the shock lasts."""
    rows = rows_of(outlook.economy.products.codes, shock.products, what="product")
    prices = np.array(getattr(outlook, shock.kind))
    prices[rows] *= 1 + (shock.factor - 1) * outlook.periods.spell(shock.start, shock.end)
    return outlook.altered(**{shock.kind: prices})


def trade_limit(outlook: Outlook, shock: given.QuantityShock) -> Outlook:
    """Cap trade at a share of the observed quantity on its trend."""
    trade = outlook.economy.trade
    rows = rows_of(outlook.economy.products.codes, shock.products, what="product")
    fields: dict[str, Floats] = {"export_limit": trade.exports}
    if shock.kind == "import_limit":
        both = {
            "import_limit": trade.imports_other,
            "investment_import_limit": trade.imports_investment,
        }
        chosen = {
            "all": tuple(both),
            "other": ("import_limit",),
            "investment": ("investment_import_limit",),
        }
        fields = {name: both[name] for name in chosen[shock.use]}
    spell = outlook.periods.spell(shock.start, shock.end)
    changes = {}
    for name, base in fields.items():
        limit = np.array(getattr(outlook, name))
        cap = base[rows][:, None] * outlook.trend * (spell * shock.share + (1 - spell) * WIDE)
        limit[rows] = np.where(spell > 0, np.minimum(limit[rows], cap), limit[rows])
        changes[name] = limit
    return outlook.altered(**changes)


def debt_service(outlook: Outlook, shock: given.DebtShock) -> Outlook:
    """Add debt service that falls due in given periods."""
    due = outlook.debt_service + outlook.periods.listed(shock.amounts)
    return outlook.altered(debt_service=due)


def credit_change(outlook: Outlook, shock: given.CreditShock) -> Outlook:
    """Change the credit that goes on as observed by a factor while the shock lasts."""
    spell = outlook.periods.spell(shock.start, shock.end)
    factor = 1 + (shock.factor - 1) * spell
    return outlook.altered(observed_credit=outlook.observed_credit * factor)


def capacity_loss(outlook: Outlook, shock: given.CapacityShock) -> Outlook:
    """Take a share of the capacity of branches out of use while the shock lasts."""
    usable = np.array(outlook.usable)
    spell = outlook.periods.spell(shock.start, shock.end)
    usable[capital_of(outlook, shock.branches)] *= 1 - (1 - shock.share) * spell
    return outlook.altered(usable=usable)


def outage(outlook: Outlook, shock: given.OutageShock) -> Outlook:
    """Take a share of the capacity of single producers out of use while the shock lasts."""
    usable, economy = np.array(outlook.usable), outlook.economy
    whose = rows_of(economy.producers.codes, shock.producers, what="producer")
    spell = outlook.periods.spell(shock.start, shock.end)
    usable[np.isin(economy.capital.producer, whose)] *= 1 - (1 - shock.share) * spell
    return outlook.altered(usable=usable)


def labour_change(outlook: Outlook, shock: given.LabourShock) -> Outlook:
    """Change the labour force by a factor while the shock lasts."""
    rows = rows_of(outlook.economy.labour.codes, shock.skills, what="skill")
    force = np.array(outlook.force)
    force[rows] *= 1 + (shock.factor - 1) * outlook.periods.spell(shock.start, shock.end)
    return outlook.altered(force=force)


def reserves_lost(outlook: Outlook, shock: given.ReserveShock) -> Outlook:
    """Take a part of the reserves away; the floor falls by as much when it was the observed one."""
    if shock.lost > outlook.reserves:
        raise InputError(
            f"{shock.lost:g} of reserves cannot be lost where there are {outlook.reserves:g}",
            mend="give at most what there is",
        )
    floor = outlook.reserves_floor
    if outlook.mandate.foreign.reserves_floor is None:
        floor = floor - shock.lost * outlook.periods.constant()
    return outlook.altered(reserves=outlook.reserves - shock.lost, reserves_floor=floor)


def investment_goal(outlook: Outlook, goal: asked.InvestmentGoal) -> Outlook:
    """Ask for at least a multiple of the observed investment in branches."""
    rows = capital_of(outlook, goal.branches)
    floor = np.array(outlook.investment_floor)
    spell = outlook.periods.spell(goal.start, goal.end)
    observed = outlook.economy.capital.investment[rows]
    if not observed.any():
        raise InputError(
            f"no investment was observed in {', '.join(goal.branches)}, and a goal is a multiple "
            "of what was",
            mend="give the branch some investment in the economy's tables first",
        )
    base = observed[:, None] * outlook.trend
    floor[rows] = np.maximum(floor[rows], goal.factor * base * spell)
    return outlook.altered(investment_floor=floor)


def self_reliance(outlook: Outlook, goal: asked.SelfRelianceGoal) -> Outlook:
    """Cap the imported share of a product's domestic use."""
    row = outlook.economy.product(goal.product)
    limit = np.array(outlook.import_share_limit)
    spell = outlook.periods.spell(goal.start, goal.end)
    limit[row] = np.where(
        spell > 0, np.minimum(limit[row], goal.share * spell + 1 - spell), limit[row]
    )
    return outlook.altered(import_share_limit=limit)


def emission_goal(outlook: Outlook, goal: asked.EmissionGoal) -> Outlook:
    """Cap emissions at a multiple of the observed."""
    techniques = outlook.economy.techniques
    row = position(techniques.emission_codes, goal.emission, what="emission")
    observed = float((techniques.emissions @ techniques.activity)[row])
    limit = np.array(outlook.emission_limit)
    spell = outlook.periods.spell(goal.start, goal.end)
    level = spell * goal.factor * outlook.periods.constant()
    cap = observed * (level + (1 - spell) * WIDE * outlook.trend)
    limit[row] = np.where(spell > 0, np.minimum(limit[row], cap), limit[row])
    return outlook.altered(emission_limit=limit)


OVERLAYS: dict[type, Callable[[Outlook, Any], Outlook]] = {
    given.PriceShock: world_price,
    given.QuantityShock: trade_limit,
    given.DebtShock: debt_service,
    given.CreditShock: credit_change,
    given.CapacityShock: capacity_loss,
    given.OutageShock: outage,
    given.LabourShock: labour_change,
    given.ReserveShock: reserves_lost,
    asked.InvestmentGoal: investment_goal,
    asked.SelfRelianceGoal: self_reliance,
    asked.EmissionGoal: emission_goal,
}
