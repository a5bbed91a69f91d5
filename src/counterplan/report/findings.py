"""Findings: every figure of the report, computed once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.economy.economy import Grade
from counterplan.errors import LimitError
from counterplan.plan.plan import Plan
from counterplan.plan.ranges import Ranges
from counterplan.report.bottlenecks import Bottlenecks, bottlenecks_of
from counterplan.report.cuts import Cut, cuts_of
from counterplan.report.idle import Idle, idle_of
from counterplan.report.later import Later, later_of
from counterplan.report.ledger import Ledger, foreign_ledger, loss_ledger
from counterplan.report.names import Names, names_of, product_groups
from counterplan.report.numbers import Scale, scale_of
from counterplan.report.people import People, people_of
from counterplan.report.reason import Reason, reason_of
from counterplan.report.standing import Standing, check_comparable, standing_of, trend_of
from counterplan.report.tail import Tail, tail_of
from counterplan.report.variants import Variant, variant_of

VARIANTS_MOST = 4


@dataclass(frozen=True)
class Findings:
    """What the report says, in figures.

    Attributes
    ----------
    plan, reference, variants
        The plan reported on; the plan without the shock; plans of other mandates.
    now, then
        What the plan holds; what it is measured against: the reference, or the observed course.
    money
        How amounts of the economy's currency are shown.
    level
        [totals x T] amounts of the plan over those of ``then``, less 1.
    groups
        [goods x T] households' consumption by group of goods; ``groups_then`` of ``then``.
    account, loss
        The plan's foreign account; the loss against the reference and the answer to it.
    cuts
        What is given up, the largest first.
    worth, worth_then
        Bottlenecks of the plan, and of the reference.
    after
        The tail: all the years after the horizon.
    later
        Products and branches that stand far off there, the largest first.
    idle
        Capacity that stands idle.
    people
        Labour by period.
    ranges
        How the headlines move with the estimates, where that was computed.
    reason
        Why there is not more of what households give up most of.
    """

    plan: Plan
    reference: Plan | None
    variants: tuple[Variant, ...]
    names: Names
    money: Scale
    now: Standing
    then: Standing
    level: pd.DataFrame
    groups: pd.DataFrame
    groups_then: pd.DataFrame
    account: Ledger
    loss: Ledger | None
    cuts: tuple[Cut, ...]
    worth: Bottlenecks
    worth_then: Bottlenecks | None
    after: Tail
    later: tuple[Later, ...]
    idle: Idle
    people: People
    ranges: Ranges | None
    reason: Reason | None

    @property
    def years(self) -> tuple[str, ...]:
        """Labels of the planned periods."""
        return self.plan.years

    @property
    def against(self) -> str:
        """What the plan is measured against, in words."""
        return self.then.title

    def satisfaction(self) -> pd.DataFrame:
        """Consumption of each group against its mandated basket [share]."""
        return self.plan.satisfaction()

    def estimated(self, *fields: str) -> bool:
        """Whether figures of any of these fields of the economy are estimates, in part or all."""
        return any(Grade.ESTIMATED in grades_of(self.plan, field) for field in fields)


def find(
    plan: Plan,
    *,
    reference: Plan | None = None,
    variants: Sequence[Plan] = (),
    ranges: Ranges | None = None,
) -> Findings:
    """Compute every figure of the report; the arguments are those of ``write_report``.

    Raises
    ------
    InputError
        When the plans are of different economies or periods.
    LimitError
        For more variants than a page can compare.
    """
    if len(variants) > VARIANTS_MOST:
        raise LimitError(
            f"{len(variants)} variants", mend=f"a report compares at most {VARIANTS_MOST}"
        )
    if reference is not None:
        check_comparable(plan, reference, role="the reference")
    for variant in variants:
        check_comparable(plan, variant, role="the variant")
    names = names_of(plan.economy)
    now = standing_of(plan, title=plan.scenario.title)
    then = trend_of(plan)
    if reference is not None:
        then = standing_of(reference, title="the plan without the shock")
    goods = product_groups(plan.economy, names)
    cuts = cuts_of(now, then)
    totals = now.totals()
    return Findings(
        plan=plan,
        reference=reference,
        variants=tuple(variant_of(variant, plan) for variant in variants),
        names=names,
        money=scale_of(plan.economy.currency, float(totals.to_numpy().max(initial=0.0))),
        now=now,
        then=then,
        level=(totals / then.totals().where(then.totals() > 0) - 1).dropna(how="all"),
        groups=grouped(now.households(), goods),
        groups_then=grouped(then.households(), goods),
        account=foreign_ledger(plan),
        loss=None if reference is None else loss_ledger(plan, reference),
        cuts=cuts,
        worth=bottlenecks_of(plan),
        worth_then=None if reference is None else bottlenecks_of(reference),
        after=tail_of(plan, now),
        later=later_of(plan, now, then),
        idle=idle_of(plan),
        people=people_of(plan),
        ranges=ranges,
        reason=reason_of(plan, cuts),
    )


def grouped(table: pd.DataFrame, groups: dict[str, str]) -> pd.DataFrame:
    """Return a table by product added up to groups of goods, in order of first appearance."""
    owners = np.array([groups[str(code)] for code in table.index], dtype=object)
    return table.groupby(owners, sort=False).sum()


def grades_of(plan: Plan, field: str) -> set[Grade]:
    """Return every grade among a field's figures; what the economy says of the table counts too."""
    stated = plan.economy.provenance
    table = field.partition(".")[0]
    found = stated.get(field) or stated.get(table)
    if found is None:
        return set()
    return {found.grade, *(grade for _, grade in found.exceptions.values())}
