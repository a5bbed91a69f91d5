r"""Ledgers of foreign currency: entries that anyone can add up.

Entries are rounded first, so that every column sums to zero and every row to its own rounded
total (:func:`counterplan.report.rounding.rounded_table`); every sum shown is one of rounded
entries.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.plan.plan import Plan
from counterplan.report.numbers import Scale, scale_of
from counterplan.report.rounding import rounded_table

TAKEN = ("Lower export prices", "Higher import prices", "More debt service", "Lost credit")
ANSWERED = (
    "Drawn from reserves",
    "New credit",
    "Smaller transfers abroad",
    "Fewer imports",
    "Volume of exports",
    "Smaller repayments",
    "Left unused",
)
ACCOUNT = {
    "exports": "Exports",
    "credit as observed": "Credit as observed",
    "new credit": "New credit",
    "reserves drawn": "Drawn from reserves",
    "imports": "Imports",
    "debt service": "Debt service",
    "repayment of new credit": "Repayment of new credit",
    "transfers": "Transfers that go on",
    "left unused": "Left unused",
}


@dataclass(frozen=True)
class Ledger:
    """Entries by period that sum to zero in every period.

    Attributes
    ----------
    counts
        [rows x T] entries in units of the last digit shown; what comes in is above zero.
    """

    rows: Codes
    periods: Codes
    counts: Integers
    scale: Scale

    def entry(self, row: str) -> Integers:
        """Return one row by period [T]; zeros where there is none."""
        if row not in self.rows:
            return np.zeros(len(self.periods), dtype=np.int64)
        values: Integers = self.counts[self.rows.index(row)]
        return values

    def part(self, rows: Codes) -> Integers:
        """Return the sum of some rows by period [T]."""
        total: Integers = np.sum([self.entry(row) for row in rows], axis=0)
        return total

    def present(self, rows: Codes) -> Codes:
        """Return those of the rows that are not zero in every period."""
        return tuple(row for row in rows if self.entry(row).any())

    def amount(self, count: int) -> float:
        """Return a count in the shown unit."""
        return count / 10.0**self.scale.digits

    def words(self, count: int) -> str:
        """Return a count without sign and with its unit."""
        return f"{self.scale.amount_of_step(abs(count))} {self.scale.unit}"


def ledger_of(
    entries: Mapping[str, Floats], *, periods: Codes, currency: str, scale: Scale | None = None
) -> Ledger:
    """Round entries [T each] that sum to zero into a ledger.

    Parameters
    ----------
    entries
        Row to amounts by period, foreign currency.
    scale
        How they are shown; by default as fits the largest.
    """
    values = np.array([np.asarray(entry, dtype=np.float64) for entry in entries.values()])
    scale = scale or scale_of(currency, float(np.abs(values).max(initial=0.0)))
    counts = rounded_table(scale.steps(values))
    return Ledger(tuple(entries), periods, counts, scale)


def foreign_ledger(plan: Plan, *, scale: Scale | None = None) -> Ledger:
    """Return the plan's foreign account, rounded so that it adds up."""
    account = plan.foreign_account()
    entries = {ACCOUNT[row]: account.loc[row].to_numpy(dtype=np.float64) for row in account.index}
    return ledger_of(entries, periods=plan.years, currency=plan.economy.trade.currency, scale=scale)


def loss_ledger(plan: Plan, reference: Plan) -> Ledger:
    r"""Return what a shock takes in foreign currency, and how the plan answers.

    The difference of two foreign accounts, with prices taken at the reference's volumes and
    volumes at the plan's prices:

    .. math:: \underbrace{\sum_i (p_i - p^0_i) e^0_i - \sum_i (q_i - q^0_i) m^0_i
              - (D - D^0) + (\bar b - \bar b^0)}_{\text{taken}}
              + \underbrace{\sum_i p_i (e_i - e^0_i) - \sum_i q_i (m_i - m^0_i) + \Delta b
              + \Delta r - \Delta F - \Delta a}_{\text{answered}} = 0

    p and q prices of exports e and imports m, D debt service, b-bar credit as observed, b new
    credit, r reserves drawn, F transfers, a repayment; 0 marks the reference.
    """
    count = len(plan.years)
    now, then = plan.foreign_account(), reference.foreign_account()
    moved = (now - then).to_numpy(dtype=np.float64)
    more = dict(zip(now.index, moved, strict=True))
    new, old = plan.outlook, reference.outlook
    export_change = (new.export_price - old.export_price)[:, :count]
    import_change = (new.import_price - old.import_price)[:, :count]
    sold = reference.quantity("exports")[:, :count]
    bought = reference.quantity("imports") + reference.quantity("investment_imports")
    export_loss = (export_change * sold).sum(axis=0)
    import_loss = -(import_change * bought[:, :count]).sum(axis=0)
    entries = (
        export_loss,
        import_loss,
        more["debt service"],
        more["credit as observed"],
        more["reserves drawn"],
        more["new credit"],
        more["transfers"],
        more["imports"] - import_loss,
        more["exports"] - export_loss,
        more["repayment of new credit"],
        more["left unused"],
    )
    named = dict(zip((*TAKEN, *ANSWERED), entries, strict=True))
    return ledger_of(named, periods=plan.years, currency=plan.economy.trade.currency)
