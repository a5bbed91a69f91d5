"""What the derived world says of its own figures: sources, grades, remarks."""

from collections.abc import Mapping

import numpy as np

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.economy import Grade, Provenance
from counterplan.economy.tables.axes import FinalKind
from counterplan.economy.tables.table import Table

_CAPITAL = (
    "estimated: capital-output ratios of the United States and Australia (WIOD socio-economic "
    "accounts 2016) and US assets by industry (Bureau of Economic Analysis), 2014, scaled to "
    "each region's investment"
)


def provenance(table: Table) -> Mapping[str, Provenance]:
    """Return source, grade and licence of each field, keyed "table.field"."""
    observed = Provenance(table.source, Grade.OBSERVED, table.licence)
    derived = Provenance(f"derived from {table.source}", Grade.DERIVED, table.licence)
    closing = Provenance(f"{derived.source}: what balances", Grade.DERIVED, table.licence)
    capital = Provenance(_CAPITAL, Grade.ESTIMATED, table.licence)
    labour = Provenance("estimated: labour counted in its own cost", Grade.ESTIMATED)
    assumed = Provenance("assumed: see the notes", Grade.ESTIMATED)
    fields = {
        "products": {"prices": derived},
        "techniques": {"activity": observed, "use": derived, "output": derived},
        "labour": dict.fromkeys(("need", "force"), labour),
        "capital": dict.fromkeys(
            ("need", "composition", "capacity", "investment", "depreciation", "lag"), capital
        ),
        "stocks": dict.fromkeys(("initial", "minimum", "loss"), assumed),
        "demand": {"consumption": observed, "collective": observed, "other": closing},
        "trade": dict.fromkeys(
            ("exports", "imports_other", "imports_investment", "export_limit"), derived
        )
        | dict.fromkeys(("export_price", "import_price"), assumed),
        "trend": dict.fromkeys(("growth", "labour"), assumed),
        "accounts": dict.fromkeys(("reserves", "transfers", "debt_service", "new_credit"), derived),
    }
    return {f"{name}.{part}": p for name, parts in fields.items() for part, p in parts.items()}


def notes(table: Table, *, given: Assumptions, stock: float, made: int) -> tuple[str, ...]:
    """Return remarks a reader of the economy must know."""
    final, inventories = table.domestic_final, table.final.of_kind(FinalKind.INVENTORIES)
    gap = table.output - table.domestic_use.sum(axis=1) - final.sum(axis=1)
    worst = int(np.abs(gap).argmax())
    below = np.minimum(final[:, ~inventories], 0.0).sum()
    unit = table.unit
    return (
        f"Derived with discount rho = {given.discount:.10g} (beta = {1 / (1 + given.discount):.6g})"
        f" and growth g = {given.growth:.4g}: the plan must use the same.",
        f"Capital is {stock:.6g} {unit}, estimated region by region.",
        f"{len(table.products) - made} of {len(table.products)} products are neither made nor "
        "used: their region's branch is not in the table.",
        f"The table is printed in whole {unit}: rows miss their output by "
        f"{np.abs(gap).sum():,.0f} in all and {abs(gap[worst]):,.0f} at most (product "
        f"{table.products.codes[worst]}). Other final use holds that, inventories of "
        f"{final[:, inventories].sum():,.0f} and negative cells of {below:,.0f}.",
        "There is no abroad. No region's balance of payments is a constraint: deliveries between "
        "regions follow techniques and baskets.",
        "Labour is output less products used less the user cost of capital: it holds taxes and "
        "international transport margins, which are in no balance of products. It stays in its "
        "region.",
        "Stocks of goods are not in the table and start at nothing.",
    )
