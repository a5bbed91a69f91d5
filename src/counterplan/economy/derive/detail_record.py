"""What the derived United States say of their own figures: sources, grades, remarks."""

from collections.abc import Mapping

import numpy as np

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.detail_capital import DetailCapital
from counterplan.economy.derive.detail_flows import DetailFlows
from counterplan.economy.derive.record import pay_note
from counterplan.economy.economy import Grade, Provenance
from counterplan.economy.tables.table import Table

_CAPITAL = (
    "estimated: net stock by industry and asset (Bureau of Economic Analysis, fixed assets, 2017), "
    "split among industries by their surplus; housing and government from their investment; "
    "depreciation by asset (the same), scaled to observed investment"
)


def provenance(table: Table) -> Mapping[str, Provenance]:
    """Return source, grade and licence of each field, keyed "table.field"."""
    observed = Provenance(table.source, Grade.OBSERVED, table.licence)
    derived = Provenance(f"derived from {table.source}", Grade.DERIVED, table.licence)
    closing = Provenance(f"{derived.source}: what balances", Grade.DERIVED, table.licence)
    capital = Provenance(_CAPITAL, Grade.ESTIMATED, table.licence)
    labour = Provenance("estimated: labour counted in its own cost", Grade.ESTIMATED)
    assumed = Provenance("assumed: see the notes", Grade.ESTIMATED)
    none = ("assumed: none apart from the transfers", Grade.ESTIMATED)
    fields = {
        "products": {"prices": derived},
        "techniques": {"activity": observed, "use": derived, "output": derived},
        "labour": dict.fromkeys(("need", "force"), labour),
        "capital": dict.fromkeys(
            ("need", "composition", "capacity", "investment", "depreciation", "lag"), capital
        ),
        "stocks": dict.fromkeys(("initial", "minimum", "loss"), assumed),
        "demand": {"consumption": observed, "collective": observed, "other": closing},
        "trade": {
            **dict.fromkeys(("exports", "imports_other", "imports_investment"), observed),
            **dict.fromkeys(("export_price", "import_price"), derived),
            "export_limit": assumed,
        },
        "trend": dict.fromkeys(("growth", "labour"), assumed),
    }
    kept = {f"{name}.{part}": p for name, parts in fields.items() for part, p in parts.items()}
    kept["accounts"] = Provenance(
        source="derived: the balance of trade in the table",
        grade=Grade.DERIVED,
        licence=table.licence,
        exceptions=dict.fromkeys(("reserves", "debt_service", "new_credit"), none),
    )
    return kept


def notes(
    table: Table,
    *,
    given: Assumptions,
    flows: DetailFlows,
    capital: DetailCapital,
) -> tuple[str, ...]:
    """Return remarks a reader of the economy must know."""
    unit, stock = table.unit, float(capital.stock.sum())
    aside = "; ".join(f"{name} {value:,.0f}" for name, value in flows.put_aside.items())
    scale = ", ".join(
        f"{who} {what} {value:.2f}"
        for (who, what), value in capital.scale.items()
        if abs(value - 1) > 1e-3
    )
    cut = ", ".join(f"{who} {part:.0%}" for who, part in sorted(capital.unheld.items()))
    return (
        f"Derived with discount rho = {given.discount:.10g} (beta = {1 / (1 + given.discount):.6g})"
        f" and growth g = {given.growth:.4g}: the plan must use the same.",
        f"Other final use holds, in {unit}: {aside}. Scrap (S00401), used goods (S00402), "
        "noncomparable imports (S00300) and the rest of the world (S00900) stay products; what "
        "households and investors sell of them is supply that no plan can change. Industries that "
        "run on subsidies use more than they make: that part is final use, paid by the public.",
        f"Capital is {stock:.6g} {unit}; depreciation by the mix of assets was multiplied by "
        f"{scale or 1}. For equipment it holds the sale of used goods.",
        f"Stock that its industries could not carry at a user cost of {given.user_cost_share:.0%} "
        f"of value added was left out: {cut or 'none'}.",
        pay_note(("labour",), np.ones(1), unit=unit),
        "Labour is output less products used less the user cost of capital: it holds taxes on "
        "production and what owners earn beyond the user cost.",
        "Imports are counted at their value in domestic ports, as the table does: the trade "
        "balance of accounts.transfers includes the duties and the domestic carriage in it.",
        "Stocks of goods are not in the table and start at nothing.",
    )
