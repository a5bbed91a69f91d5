"""Goods: what each product earns or costs abroad, so that a reader sees what pays for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.plan.plan import Plan
from counterplan.report.ledger import foreign_ledger
from counterplan.report.numbers import Scale
from counterplan.report.rounding import shared_out

ROWS = {"exports": "Exports", "imports": "Imports"}
# Trade and transport in ISIC Rev. 4: their exports are in part margins on exported goods.
MARGINS = ("G45", "G46", "G47", "H49", "H50", "H51", "H52")


@dataclass(frozen=True)
class Column:
    """One plan in one period, or the base period.

    Attributes
    ----------
    head
        What stands above it.
    values
        [n] foreign currency by product.
    total
        Its sum in units of the last digit shown: that of the foreign account.
    """

    head: str
    values: Floats
    total: int


@dataclass(frozen=True)
class Goods:
    """Exports or imports by product or group, rounded so that every column adds up.

    Attributes
    ----------
    counts
        [rows x columns] units of the last digit shown.
    totals
        [columns] their sums.
    """

    rows: Codes
    heads: Codes
    counts: Integers
    totals: Integers
    scale: Scale

    def largest(self) -> list[int]:
        """Return the rows by their largest figure in any column, those without any left out."""
        peaks = self.counts.max(axis=1)
        return [int(i) for i in np.argsort(-peaks, kind="stable") if peaks[i] > 0]

    def rest(self, shown: Sequence[int]) -> Integers:
        """Return what is left of the totals beside the rows shown [columns]."""
        left: Integers = self.totals - self.counts[list(shown)].sum(axis=0)
        return left


def picked(years: Codes) -> tuple[int, ...]:
    """Return the positions of the first, the third and the last period."""
    return tuple(sorted({0, min(2, len(years) - 1), len(years) - 1}))


def paid(plan: Plan, kind: str) -> Floats:
    """Return exports or imports of every product, at the prices of each period [n x T]."""
    count: Floats = paid_ever(plan, kind)[:, : len(plan.years)]
    return count


def paid_ever(plan: Plan, kind: str) -> Floats:
    """Return the same with the tail last [n x P]."""
    outlook = plan.outlook
    if kind == "exports":
        amounts = plan.quantity("exports") * outlook.export_price
    else:
        bought = plan.quantity("imports") + plan.quantity("investment_imports")
        amounts = bought * outlook.import_price
    whole: Floats = amounts
    return whole


def after_column(plan: Plan, kind: str, *, head: str, scale: Scale) -> Column:
    """Return the tail as a column: all the periods after, as one."""
    values = paid_ever(plan, kind)[:, -1]
    return Column(head, values, floor(float(scale.steps(values).sum()) + 0.5))


def observed(plan: Plan, kind: str) -> Floats:
    """Return exports or imports of every product in the base period [n], foreign currency."""
    trade = plan.economy.trade
    if kind == "exports":
        return trade.exports * trade.export_price
    return (trade.imports_other + trade.imports_investment) * trade.import_price


def base_column(plan: Plan, kind: str, *, head: str, scale: Scale) -> Column:
    """Return the base period as a column."""
    values = observed(plan, kind)
    return Column(head, values, floor(float(scale.steps(values).sum()) + 0.5))


def columns_of(
    plan: Plan, kind: str, *, heads: Mapping[int, str], scale: Scale
) -> tuple[Column, ...]:
    """Return a plan's periods as columns, with the totals of its foreign account as printed.

    Parameters
    ----------
    heads
        Position of a period -> what stands above its column.
    """
    entry = np.abs(foreign_ledger(plan, scale=scale).entry(ROWS[kind]))
    values = paid(plan, kind)
    return tuple(Column(head, values[:, t], int(entry[t])) for t, head in heads.items())


def goods_of(columns: Sequence[Column], *, owners: Sequence[str], scale: Scale) -> Goods:
    """Add columns up to rows and round them.

    Parameters
    ----------
    owners
        [n] the row that each product is counted in.
    """
    rows = tuple(dict.fromkeys(owners))
    place = {row: number for number, row in enumerate(rows)}
    spot = np.array([place[owner] for owner in owners])
    counts = []
    for column in columns:
        sums: Floats = np.zeros(len(rows))
        np.add.at(sums, spot, column.values)
        counts.append(shared_out(scale.steps(sums), column.total))
    return Goods(
        rows=rows,
        heads=tuple(column.head for column in columns),
        counts=np.array(counts).T,
        totals=np.array([column.total for column in columns]),
        scale=scale,
    )
