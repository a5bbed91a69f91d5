"""Variants: what another mandate would change."""

from dataclasses import dataclass

from counterplan.plan.mandate import InvestmentGoal, SelfRelianceGoal
from counterplan.plan.plan import Plan
from counterplan.report.frames import entry, largest_first, lowest, total
from counterplan.report.idle import Idle, idle_of
from counterplan.report.standing import Standing, standing_of

DEPENDENT_MOST = 8


@dataclass(frozen=True)
class Variant:
    """A plan under another mandate, beside the plan reported on.

    Attributes
    ----------
    title
        The variant's own.
    standing
        What it holds.
    branches
        Branches in which its mandate asks for investment and the plan's does not.
    products
        Products whose imports its mandate caps and the plan's does not.
    idle
        Capacity that stands idle under it.
    """

    title: str
    plan: Plan
    standing: Standing
    branches: tuple[str, ...]
    products: tuple[str, ...]
    idle: Idle


def variant_of(variant: Plan, plan: Plan) -> Variant:
    """Return a variant with what its mandate asks beyond the plan's."""
    title = variant.scenario.title
    return Variant(
        title=title,
        plan=variant,
        standing=standing_of(variant, title=title),
        branches=tuple(b for b in asked_branches(variant) if b not in asked_branches(plan)),
        products=tuple(p for p in capped_products(variant) if p not in capped_products(plan)),
        idle=idle_of(variant),
    )


def asked_branches(plan: Plan) -> tuple[str, ...]:
    """Return the branches in which a mandate asks for investment."""
    wanted = [
        branch
        for goal in plan.scenario.mandate.goals
        if isinstance(goal, InvestmentGoal)
        for branch in (plan.economy.branches() if goal.branches == ("*",) else goal.branches)
    ]
    return tuple(dict.fromkeys(wanted))


def capped_products(plan: Plan) -> tuple[str, ...]:
    """Return the products whose imported share a mandate caps."""
    goals = plan.scenario.mandate.goals
    return tuple(
        dict.fromkeys(goal.product for goal in goals if isinstance(goal, SelfRelianceGoal))
    )


def dependents(standing: Standing, *, most: int = DEPENDENT_MOST) -> tuple[str, ...]:
    """Return the products that are imported most, of those that are also made at home.

    A product that nobody at home makes is wholly imported under every plan.
    """
    share = standing.dependence().max(axis=1)
    domestic = share.index[(share < 1 - 1e-6) & (share > 0)]
    return tuple(largest_first(standing.imports.loc[domestic].sum(axis=1))[:most])


@dataclass(frozen=True)
class Indicators:
    """The figures by which plans are told apart.

    Attributes
    ----------
    consumption_lowest, consumption_all, consumption_last, consumption_after
        Households' consumption in the worst period, in all, in the last, in those after, over
        another's, less 1.
    investment_all, output_last
        Investment in all periods and output in the last of the branches followed, likewise.
    dependence_last
        Imported share of all domestic use in the last period.
    currency_last
        Valuation of foreign currency in the last period.
    """

    consumption_lowest: float
    consumption_all: float
    consumption_last: float
    consumption_after: float
    investment_all: float
    output_last: float
    dependence_last: float
    currency_last: float


def indicators(standing: Standing, then: Standing, branches: tuple[str, ...]) -> Indicators:
    """Return the figures by which plans are told apart.

    Parameters
    ----------
    then
        What relative figures are measured against.
    branches
        Those whose investment and output are followed; all when none is named.
    """
    last = str(standing.output.columns[-1])
    mine, its = standing.households(), then.households()
    level = mine.sum() / its.sum() - 1
    chosen = list(branches or standing.output.index)
    return Indicators(
        consumption_lowest=lowest(level)[1],
        consumption_all=ratio(total(mine), total(its)),
        consumption_last=entry(level, last),
        consumption_after=ratio(
            entry(standing.after(), "household consumption"),
            entry(then.after(), "household consumption"),
        ),
        investment_all=ratio(
            total(standing.investment.loc[chosen]), total(then.investment.loc[chosen])
        ),
        output_last=ratio(
            total(standing.output.loc[chosen, [last]]), total(then.output.loc[chosen, [last]])
        ),
        dependence_last=entry(standing.dependence_of_all(), last),
        currency_last=entry(standing.currency, last),
    )


def ratio(now: float, then: float) -> float:
    """Return now / then - 1; nan where there was nothing."""
    return now / then - 1 if then > 0 else float("nan")
