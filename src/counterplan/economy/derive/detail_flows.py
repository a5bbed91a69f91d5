"""Flows of a make-use table of the detail level, told apart as a plan needs them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Codes, Floats
from counterplan.economy.tables.axes import FinalKind
from counterplan.economy.tables.table import Table

#: How the record names what subsidised industries use beyond what they sell.
SUBSIDISED = "subsidised inputs of"


@dataclass(frozen=True)
class DetailFlows:
    """The table told apart as a plan needs it, million USD, no negative cell but in ``other``.

    Attributes
    ----------
    activity
        [m] what each industry makes, all commodities together.
    use
        [n x m] intermediate use that the industries' output pays for.
    households, collective, exports, other
        [n] final use; ``other`` balances.
    imports_investment, imports_other
        [n].
    value_added
        [m] output less products used: at least the stated share of output.
    put_aside
        What ``other`` is made of, by name [million USD].
    """

    activity: Floats
    use: Floats
    households: Floats
    collective: Floats
    exports: Floats
    other: Floats
    imports_investment: Floats
    imports_other: Floats
    value_added: Floats
    put_aside: Mapping[str, float]


def detail_flows(table: Table, *, least_value_added: float) -> DetailFlows:
    """Tell final use and trade apart; what no plan can meet or cut goes to ``other``, named.

    An industry that shows less value added than ``least_value_added`` of its output runs on
    subsidies: what it uses beyond that is final use, for the public pays for it.
    """
    whole, imported = table.use(), table.imported_final
    signed = table.domestic_final + imported
    final = np.maximum(signed, 0.0)

    def named(*kinds: FinalKind) -> Floats:
        return np.asarray(final[:, table.final.of_kind(*kinds)].sum(axis=1))

    # The import table is older than the use table: no more is imported for a use than it takes.
    invests = table.final.of_kind(FinalKind.INVESTMENT)
    abroad = np.minimum(np.maximum(imported, 0.0), final)[:, invests].sum(axis=1)
    rest = table.imports() - abroad
    activity = table.make.sum(axis=0)
    bought = np.maximum(whole, 0.0)
    use, subsidised = paid_by_sales(
        bought, activity=activity, least=least_value_added, codes=table.branches.codes
    )
    uses = [
        named(kind)
        for kind in (
            FinalKind.HOUSEHOLD,
            FinalKind.COLLECTIVE,
            FinalKind.EXPORTS,
            FinalKind.INVESTMENT,
        )
    ]
    supply = table.product_output() + abroad + np.maximum(rest, 0.0)
    return DetailFlows(
        activity=activity,
        use=use,
        households=uses[0],
        collective=uses[1],
        exports=uses[2],
        other=supply - use.sum(axis=1) - np.sum(uses, axis=0),
        imports_investment=abroad,
        imports_other=np.maximum(rest, 0.0),
        value_added=activity - use.sum(axis=0),
        put_aside=put_aside(table, use=whole, final=signed, imports=rest) | subsidised,
    )


def paid_by_sales(
    use: Floats, *, activity: Floats, least: float, codes: Codes
) -> tuple[Floats, dict[str, float]]:
    """Return the part of what industries use that their output pays for, and what it leaves.

    Parameters
    ----------
    use
        [n x m].
    activity
        [m].
    least
        Least value added per unit of output.

    Returns
    -------
    Use [n x m], and what was left out by industry, for the record.
    """
    total = use.sum(axis=0)
    most = (1 - least) * activity
    share = np.where(total > most, most / np.where(total > 0, total, 1.0), 1.0)
    left = {
        f"{SUBSIDISED} {codes[j]}": float((1 - share[j]) * total[j])
        for j in np.flatnonzero(share < 1)
    }
    return use * share, left


def put_aside(table: Table, *, use: Floats, final: Floats, imports: Floats) -> dict[str, float]:
    """Return what ``other`` holds beside what balances, by name [million USD]."""
    kinds = table.final
    exogenous = kinds.of_kind(FinalKind.INVENTORIES, FinalKind.ADJUSTMENT)
    stated = table.domestic_use.sum(axis=1) + table.domestic_final.sum(axis=1)
    return {
        "inventories": float(final[:, kinds.of_kind(FinalKind.INVENTORIES)].sum()),
        "duties and carriage inside the value of imports": float(
            final[:, kinds.of_kind(FinalKind.ADJUSTMENT)].sum()
        ),
        "negative cells of final use": float(np.minimum(final[:, ~exogenous], 0.0).sum()),
        "negative cells of intermediate use": float(np.minimum(use, 0.0).sum()),
        "negative imports": float(np.minimum(imports, 0.0).sum()),
        "rows that miss their output": float(np.abs(table.product_output() - stated).sum()),
    }
