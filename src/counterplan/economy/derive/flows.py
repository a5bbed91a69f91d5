"""What the derivation needs of a national table, in plain arrays."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.economy.tables.axes import FinalKind, RowKind
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError

#: Final uses, in the order of the columns of ``Flows.final_domestic``.
FINAL_USES = ("households", "nonprofit", "government", "investment", "inventories", "exports")
HOUSEHOLDS, NONPROFIT, GOVERNMENT, INVESTMENT, INVENTORIES, EXPORTS = range(6)

_KINDS = (
    FinalKind.HOUSEHOLD,
    FinalKind.NONPROFIT,
    FinalKind.COLLECTIVE,
    FinalKind.INVESTMENT,
    FinalKind.INVENTORIES,
    FinalKind.EXPORTS,
)


@dataclass(frozen=True)
class Flows:
    """A national table at basic prices, products by branches of the same classification.

    Attributes
    ----------
    name, year, unit, source, licence
        As the table says.
    codes, names
        [n] products, which are branches too.
    use_domestic, use_imported
        [n x n] intermediate use.
    final_domestic, final_imported
        [n x 6] final use by ``FINAL_USES``.
    output
        [n] gross output; 0 where no domestic branch makes the product.
    taxes
        Taxes less subsidies on products in all uses: part of gross domestic product only.
    margins, travel
        Payments abroad that are in no product's row: international transport margins, and
        purchases of residents abroad less those of non-residents at home.
    value_added
        [n] as the table states it, to report where columns do not add up.
    other_costs
        [n] taxes, margins and adjustments in the branches' columns.

    All in the table's unit.
    """

    name: str
    year: int
    unit: str
    codes: Codes
    names: Codes
    source: str
    licence: str
    use_domestic: Floats
    use_imported: Floats
    final_domestic: Floats
    final_imported: Floats
    output: Floats
    value_added: Floats
    other_costs: Floats
    taxes: float
    margins: float
    travel: float

    @property
    def active(self) -> Integers:
        """Return the indices of the branches that produce [m]."""
        return np.flatnonzero(self.output > 0)

    @property
    def use(self) -> Floats:
        """Return domestic and imported intermediate use [n x n]."""
        return self.use_domestic + self.use_imported

    @property
    def imports(self) -> Floats:
        """Return all imports by product [n]."""
        return np.asarray(self.use_imported.sum(axis=1) + self.final_imported.sum(axis=1))

    def gross_domestic_product(self) -> float:
        """Return value added at basic prices plus taxes less subsidies on products."""
        return float(self.value_added.sum() + self.taxes)


def column_gaps(flows: Flows, *, least: float) -> tuple[tuple[str, float], ...]:
    """Return branches whose costs and value added miss their output by ``least`` or more."""
    gap = flows.output - flows.use.sum(axis=0) - flows.other_costs - flows.value_added
    return tuple((flows.codes[j], float(gap[j])) for j in np.flatnonzero(np.abs(gap) >= least))


def check_rows(flows: Flows, *, relative: float = 1e-6) -> None:
    """Raise an error that names the product whose uses differ from its supply."""
    uses = flows.use_domestic.sum(axis=1) + flows.final_domestic.sum(axis=1)
    gap = np.abs(uses - flows.output)
    worst = int(gap.argmax())
    if gap[worst] > relative * max(1.0, float(flows.output.max())):
        raise InputError(
            f"product '{flows.codes[worst]}' is used {uses[worst]:.6g} and made "
            f"{flows.output[worst]:.6g} {flows.unit}",
            place=f"table {flows.name} {flows.year}",
            mend="balance the table first",
        )


def flows_of(table: Table) -> Flows:
    """Return the flows of a table of one country, products by branches.

    Raises
    ------
    InputError
        If branches make several products, or a category of final demand is none of
        ``FINAL_USES``.
    """
    place = f"table {table.name} {table.year}"
    if not table.is_diagonal():
        raise InputError(
            "a branch makes the product of another",
            place=place,
            mend="derive from an input-output table, or aggregate to one product a branch",
        )
    strange = [
        c for c, k in zip(table.final.codes, table.final.kinds, strict=True) if k not in _KINDS
    ]
    if strange:
        raise InputError(
            f"final demand '{strange[0]}' is none of {', '.join(FINAL_USES)}",
            place=place,
            mend="merge it into one of them",
        )
    m = len(table.branches)
    rows = table.other_rows
    purchases = rows.of_kind(RowKind.PURCHASES_ABROAD) + rows.of_kind(RowKind.PURCHASES_BY_VISITORS)
    return Flows(
        name=table.name,
        year=table.year,
        unit=table.unit,
        codes=table.products.codes,
        names=table.products.names,
        source=table.source,
        licence=table.licence,
        use_domestic=table.domestic_use,
        use_imported=table.imported_use,
        final_domestic=_by_kind(table, table.domestic_final),
        final_imported=_by_kind(table, table.imported_final),
        output=table.output,
        value_added=table.value_added(),
        other_costs=rows.values[:, :m].sum(axis=0) - table.value_added(),
        taxes=float(rows.of_kind(RowKind.TAXES_ON_PRODUCTS).sum()),
        margins=float(rows.of_kind(RowKind.TRANSPORT_MARGINS).sum()),
        travel=float(purchases.sum()),
    )


def _by_kind(table: Table, final: Floats) -> Floats:
    return np.column_stack([final[:, table.final.of_kind(kind)].sum(axis=1) for kind in _KINDS])
