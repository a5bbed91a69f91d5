"""Texts: shocks and mandates in plain words, with their figures."""

from collections.abc import Callable, Sequence
from typing import Any

from counterplan.plan import mandate as asked
from counterplan.plan import shocks as given
from counterplan.plan.plan import Plan
from counterplan.report.names import Names, clean
from counterplan.report.numbers import change, figure, listed, percent, scale_of

NAMED_MOST = 6


class Teller:
    """Tells what a scenario asks, with the labels of its economy."""

    def __init__(self, plan: Plan, names: Names) -> None:
        self.plan = plan
        self.names = names
        self.foreign = plan.economy.trade.currency

    # ---- small parts -----------------------------------------------------------------

    def money(self, amount: float) -> str:
        """Return an amount of foreign currency with its unit."""
        return scale_of(self.foreign, amount).words(amount)

    def those(self, codes: Sequence[str], labels: dict[str, str], *, everything: str) -> str:
        """Return the labels of some codes; '*' stands for everything."""
        if tuple(codes) == ("*",):
            return everything
        named = [labels.get(code, clean(code)) for code in codes]
        if len(named) > NAMED_MOST:
            rest = len(named) - NAMED_MOST
            named = [*named[:NAMED_MOST], f"{rest} more"]
        return listed(named)

    def while_it_lasts(self, start: int | None, end: int | None) -> str:
        """Return when a shock or goal holds."""
        when = self.names.when
        if start is None and end is None:
            return "in every period and after"
        if end is None:
            return f"from {when(str(start))} on"
        if start is None:
            return f"until {when(str(end))}"
        if start == end:
            return f"in {when(str(start))}"
        return f"from {when(str(start))} to {when(str(end))}"

    def by_period(self, amounts: dict[int, float]) -> str:
        """Return amounts of foreign currency by period."""
        parts = [
            f"{self.money(v)} in {self.names.when(str(p))}" for p, v in sorted(amounts.items())
        ]
        return listed(parts)

    # ---- shocks ----------------------------------------------------------------------

    def shock(self, shock: Any) -> str:  # noqa: ANN401
        """Return one shock in words, with the note its author gave."""
        text = SHOCKS[type(shock)](self, shock)
        note = clean(shock.note) if getattr(shock, "note", "") else ""
        return f"{text} ({note})" if note else text

    def price(self, shock: given.PriceShock) -> str:
        """Tell of a world price."""
        what = "exports" if shock.kind == "export_price" else "imports"
        goods = self.those(shock.products, self.names.products, everything="all products")
        return (
            f"The world price of {what} of {goods} is {figure(shock.factor, digits=3)} times that "
            f"of the base period ({change(shock.factor - 1)}), "
            f"{self.while_it_lasts(shock.start, shock.end)}"
        )

    def trade(self, shock: given.QuantityShock) -> str:
        """Tell of a limit on trade."""
        what = "Exports" if shock.kind == "export_limit" else "Imports"
        use = {
            "all": "",
            "investment": " for investment",
            "other": " for uses other than investment",
        }
        goods = self.those(shock.products, self.names.products, everything="all products")
        when = self.while_it_lasts(shock.start, shock.end)
        if shock.share == 0:
            return f"{what}{use[shock.use]} of {goods} are banned, {when}"
        return (
            f"{what}{use[shock.use]} of {goods} are at most {percent(shock.share, digits=0)} of "
            f"the observed volume on its trend, {when}"
        )

    def debt(self, shock: given.DebtShock) -> str:
        """Tell of debts that fall due."""
        return f"Debt service beyond the observed falls due: {self.by_period(dict(shock.amounts))}"

    def credit(self, shock: given.CreditShock) -> str:
        """Tell of credit that no longer comes as observed."""
        when = self.while_it_lasts(shock.start, shock.end)
        left = percent(shock.factor, digits=0) if shock.factor else "nothing"
        return f"Of the observed foreign credit {left} goes on coming, {when}"

    def lost_capacity(self, shock: given.CapacityShock) -> str:
        """Tell of capacity that cannot be used."""
        where = self.those(shock.branches, self.names.branches, everything="all branches")
        when = self.while_it_lasts(shock.start, shock.end)
        return (
            f"Only {percent(shock.share, digits=0)} of the capacity of {where} can be used, {when}"
        )

    def outage(self, shock: given.OutageShock) -> str:
        """Tell of capacity of single producers that cannot be used."""
        known = self.plan.economy.producers
        names = dict(zip(known.codes, map(clean, known.names), strict=True))
        where = self.those(shock.producers, names, everything="all workplaces")
        when = self.while_it_lasts(shock.start, shock.end)
        return (
            f"Only {percent(shock.share, digits=0)} of the capacity of {where} can be used, {when}"
        )

    def force(self, shock: given.LabourShock) -> str:
        """Tell of a change of the labour force."""
        who = self.those(shock.skills, self.names.skills, everything="all skills")
        when = self.while_it_lasts(shock.start, shock.end)
        return f"The labour force ({who}) changes by {change(shock.factor - 1)}, {when}"

    def lost_reserves(self, shock: given.ReserveShock) -> str:
        """Tell of reserves that cannot be used any more."""
        return f"{self.money(shock.lost)} of the reserves cannot be used any more"

    # ---- the mandate -----------------------------------------------------------------

    def mandate(self) -> list[str]:
        """Return what the mandate asks beyond "as observed", one sentence each."""
        mandate, usual = self.plan.scenario.mandate, asked.Mandate()
        told = [*self.people_first(mandate), *self.goals(mandate), *self.quotas(mandate)]
        told += self.abroad(mandate)
        if mandate.labour != usual.labour:
            told += self.work(mandate.labour)
        if mandate.discount != usual.discount:
            told.append(f"A {self.names.period} counts {mandate.discount:g} times the one before")
        if mandate.satisfaction != usual.satisfaction:
            benefit = mandate.satisfaction
            told.append(
                f"The benefit of consumption falls with an elasticity of {benefit.sigma:g}, a kink "
                f"of {percent(benefit.kink)} at the observed basket, in pieces of "
                f"{percent(benefit.segment)}"
            )
        told += [
            f"Moving {name} costs other than the usual rates"
            for name in ("imports", "exports", "output", "investment", "width_growth")
            if getattr(mandate.rules, name) != getattr(usual.rules, name)
        ]
        return told

    def people_first(self, mandate: asked.Mandate) -> list[str]:
        """Tell of groups, needs and the worst year."""
        told = []
        for code, group in mandate.groups.items():
            name = self.names.groups.get(code, clean(code))
            if group.weight != 1:
                told.append(f"The satisfaction of {name} weighs {group.weight:g} times")
            if group.growth:
                told.append(
                    f"The basket of {name} grows by {percent(group.growth)} a "
                    f"{self.names.period} above the trend"
                )
        for need in mandate.needs:
            goods = self.those((need.product,), self.names.products, everything="every product")
            who = self.those((need.group,), self.names.groups, everything="all households")
            told.append(
                f"A need: {who} have at least {percent(need.share, digits=0)} of the observed "
                f"basket of {goods} on its trend"
            )
        if mandate.collective_floor != 1:
            told.append(
                f"Collective consumption is at least {percent(mandate.collective_floor, digits=0)} "
                "of the observed on its trend"
            )
        if mandate.worst_year:
            told.append(
                f"The {self.names.period} in which people are worst off has an extra weight of "
                f"{mandate.worst_year:g} base baskets"
            )
        return told

    def goals(self, mandate: asked.Mandate) -> list[str]:
        """Tell of investment, self-reliance and emission goals."""
        return [GOALS[type(goal)](self, goal) for goal in mandate.goals]

    def quotas(self, mandate: asked.Mandate) -> list[str]:
        """Tell of what producers were promised: the first few, and how many more there are."""
        told = []
        for quota in mandate.quotas[:NAMED_MOST]:
            limits = {"at least": quota.least, "at most": quota.most}
            much = " and ".join(f"{w} {a:g}" for w, a in limits.items() if a is not None)
            economy, goods = self.plan.economy, quota.line != "work"
            known = self.names.products if goods else self.names.skills
            things = economy.products if goods else economy.labour
            unit = clean(things.units[things.codes.index(quota.item)])
            verb = {"made": "makes", "used": "uses", "work": "employs"}[quota.line]
            told.append(
                f"A quota: {clean(quota.producer)} {verb} {much} {unit} of "
                f"{known.get(quota.item, clean(quota.item))}, "
                f"{self.while_it_lasts(quota.start, quota.end)}"
            )
        more = len(mandate.quotas) - NAMED_MOST
        return [*told, f"{more:,} more quotas stand"] if more > 0 else told

    def investment_goal(self, goal: asked.InvestmentGoal) -> str:
        """Tell of an investment goal."""
        where = self.those(goal.branches, self.names.branches, everything="every branch")
        when = self.while_it_lasts(goal.start, goal.end)
        return (
            f"Investment in {where} is at least {goal.factor:g} times the observed on its trend, "
            f"{when}"
        )

    def self_reliance_goal(self, goal: asked.SelfRelianceGoal) -> str:
        """Tell of a self-reliance goal."""
        goods = self.those((goal.product,), self.names.products, everything="every product")
        when = self.while_it_lasts(goal.start, goal.end)
        return f"At most {percent(goal.share, digits=0)} of the use of {goods} is imported, {when}"

    def emission_goal(self, goal: asked.EmissionGoal) -> str:
        """Tell of an emission goal."""
        when = self.while_it_lasts(goal.start, goal.end)
        return f"{clean(goal.emission)} is at most {goal.factor:g} times the observed, {when}"

    def abroad(self, mandate: asked.Mandate) -> list[str]:
        """Tell of reserves, transfers and credit."""
        foreign = mandate.foreign
        told = []
        if foreign.reserves_floor is not None:
            told.append(f"Reserves may be drawn down to {self.money(foreign.reserves_floor)}")
        if foreign.surplus != 1:
            left = percent(foreign.surplus, digits=0) if foreign.surplus else "nothing"
            transfers = abs(self.plan.economy.accounts.transfers)
            told.append(
                f"Of the observed net outflow abroad ({self.money(transfers)} in the base period: "
                "income, capital and services that the trade surplus paid for), "
                f"{left} goes on"
            )
        if foreign.credit:
            told.append(
                f"New foreign credit of at most {self.by_period(dict(foreign.credit))}, at "
                f"{percent(foreign.interest)} interest, with at most "
                f"{self.money(foreign.debt_limit)} of new debt outstanding"
            )
        return told

    def work(self, rules: asked.LabourRules) -> list[str]:
        """Tell of hours, overtime and moving between branches."""
        usual = asked.LabourRules()
        told = [
            f"Hours per person are {hours:g} times the observed from "
            f"{self.names.when(str(period))} on"
            for period, hours in sorted(rules.hours.items())
        ]
        if rules.overtime_share:
            told.append(
                f"Overtime of at most {percent(rules.overtime_share)} of the force is allowed, at "
                f"{percent(rules.overtime_cost, digits=0)} above its usual cost"
            )
        if (rules.moving_share, rules.moving_cost) != (usual.moving_share, usual.moving_cost):
            told.append(
                f"At most {percent(rules.moving_share)} of the labour force change branch in a "
                f"{self.names.period}, which costs {percent(rules.moving_cost, digits=0)} of what "
                "their labour is worth"
            )
        return told


SHOCKS: dict[type, Callable[[Teller, Any], str]] = {
    given.PriceShock: Teller.price,
    given.QuantityShock: Teller.trade,
    given.DebtShock: Teller.debt,
    given.CreditShock: Teller.credit,
    given.CapacityShock: Teller.lost_capacity,
    given.OutageShock: Teller.outage,
    given.LabourShock: Teller.force,
    given.ReserveShock: Teller.lost_reserves,
}
GOALS: dict[type, Callable[[Teller, Any], str]] = {
    asked.InvestmentGoal: Teller.investment_goal,
    asked.SelfRelianceGoal: Teller.self_reliance_goal,
    asked.EmissionGoal: Teller.emission_goal,
}
