"""Final use and foreign trade, told apart as a plan needs them."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.derive.flows import (
    EXPORTS,
    GOVERNMENT,
    HOUSEHOLDS,
    INVESTMENT,
    NONPROFIT,
    Flows,
)
from counterplan.economy.economy import Floats
from counterplan.errors import InputError


@dataclass(frozen=True)
class FinalUse:
    """Final use and imports by product [n], million USD.

    ``other`` is what balances: inventories, and every negative cell of the other columns.
    """

    households: Floats
    collective: Floats
    investment: Floats
    exports: Floats
    other: Floats
    imports_investment: Floats
    imports_other: Floats


def final_use(flows: Flows) -> FinalUse:
    """Split final use, with no negative cell left in any column but ``other``.

    A negative cell (sales of used goods exceed purchases, a correction) is no demand that a
    plan could meet or cut: it is exogenous, as inventories are.

    Raises
    ------
    InputError
        If a product's imports for other uses than investment would be negative.
    """
    home = np.maximum(flows.final_domestic, 0.0)
    abroad = np.maximum(flows.final_imported, 0.0)
    used = home + abroad
    imports_investment = abroad[:, INVESTMENT]
    imports_other = flows.imports - imports_investment
    short = imports_other < -1e-6
    if short.any():
        worst = int(np.flatnonzero(short)[0])
        raise InputError(
            f"imports of '{flows.codes[worst]}' for other uses than investment are "
            f"{imports_other[worst]:.6g}",
            place=f"table {flows.name} {flows.year}",
            mend="correct the table: a negative inventory exceeds the imports",
        )
    imports_other = np.maximum(imports_other, 0.0)
    named = used[:, [HOUSEHOLDS, NONPROFIT, GOVERNMENT, INVESTMENT, EXPORTS]].sum(axis=1)
    supply = flows.output + imports_other + imports_investment
    return FinalUse(
        households=used[:, HOUSEHOLDS],
        collective=used[:, NONPROFIT] + used[:, GOVERNMENT],
        investment=used[:, INVESTMENT],
        exports=used[:, EXPORTS],
        other=supply - flows.use.sum(axis=1) - named,
        imports_investment=imports_investment,
        imports_other=imports_other,
    )


@dataclass(frozen=True)
class ForeignFlow:
    """What the trade surplus paid for, million USD: the parts sum to ``surplus``."""

    surplus: float
    margins: float
    travel: float

    @property
    def rest(self) -> float:
        """Return income, transfers, capital and change in reserves: not in the table."""
        return self.surplus - self.margins - self.travel


def foreign_flow(flows: Flows, use: FinalUse) -> ForeignFlow:
    """Return the observed surplus of trade and the parts of it that the table shows."""
    surplus = float(use.exports.sum() - use.imports_other.sum() - use.imports_investment.sum())
    return ForeignFlow(surplus=surplus, margins=flows.margins, travel=flows.travel)
