"""Uses: what happens to a product's other imports where imports for one use alone are capped."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import QuantityShock

OFFSET = 0.5  # of the fall under a cap that comes back by the other use: relabelling
BOTH = ("investment_imports", "imports")
USED = "used"


@dataclass(frozen=True)
class Uses:
    """Imports of one product, or of all under a cap, by use, and what investment takes.

    Attributes
    ----------
    now, then
        "investment_imports", "imports" (for other uses) and "used" (by investment, from home
        and abroad) -> amounts at base prices [P], the tail last; of the plan, and of what it is
        measured by.
    capped
        The variable under the cap.
    """

    code: str
    capped: str
    now: dict[str, Floats]
    then: dict[str, Floats]

    @property
    def free(self) -> str:
        """The variable that is not under the cap."""
        return BOTH[1 - BOTH.index(self.capped)]

    def change(self, *flows: str) -> Floats:
        """Return how far some flows together are from the other plan's, less 1 [P]."""
        now, then = (sum(table[flow] for flow in flows) for table in (self.now, self.then))
        return over(np.asarray(now), np.asarray(then))

    def summed(self, *flows: str) -> float:
        """Return the same over all planned periods."""
        now, then = (
            np.array([sum(float(table[flow][:-1].sum()) for flow in flows)])
            for table in (self.now, self.then)
        )
        return float(over(now, then)[0])

    def relabelled(self) -> bool:
        """Whether half or more of the fall under the cap comes back by the other use."""
        fall = float((self.then[self.capped] - self.now[self.capped])[:-1].sum())
        rise = float((self.now[self.free] - self.then[self.free])[:-1].sum())
        return fall > 0 and rise >= OFFSET * fall


def over(now: Floats, then: Floats) -> Floats:
    """Return now / then - 1, nan where there was nothing."""
    share: Floats = np.divide(now, then, out=np.full(then.shape, np.nan), where=then > 0)
    return share - 1


def uses_of(plan: Plan, reference: Plan | None, shock: QuantityShock) -> tuple[Uses, ...]:
    """Return the products under a cap on imports for one use, the largest first; all in front.

    Empty for a cap on every use, or on exports. ``all`` is given the code "".
    """
    if shock.kind != "import_limit" or shock.use == "all":
        return ()
    capped = BOTH[0] if shock.use == "investment" else BOTH[1]
    codes = plan.economy.products.codes
    chosen = (
        range(len(codes)) if "*" in shock.products else [codes.index(c) for c in shock.products]
    )
    now = flows(plan, plan.quantity)
    then = flows(plan, observed(plan)) if reference is None else flows(plan, reference.quantity)
    kept = [i for i in chosen if then[capped][i].any()]
    ordered = sorted(kept, key=lambda i: -float(then[capped][i].sum()))
    groups = [("", ordered), *((codes[i], [i]) for i in ordered)] if ordered else []
    return tuple(
        Uses(
            code=code,
            capped=capped,
            now={name: values[rows].sum(axis=0) for name, values in now.items()},
            then={name: values[rows].sum(axis=0) for name, values in then.items()},
        )
        for code, rows in groups
    )


def flows(plan: Plan, quantity: Callable[[str], Floats]) -> dict[str, Floats]:
    """Return imports by use, and what investment takes, of every product at base prices [n x P]."""
    price = plan.economy.products.prices[:, None]
    goods = np.asarray(plan.economy.capital.composition @ quantity("investment"))
    return {**{name: price * quantity(name) for name in BOTH}, USED: price * goods}


def observed(plan: Plan) -> Callable[[str], Floats]:
    """Return the observed quantities, grown on the trend, by variable."""
    base = {
        "investment_imports": plan.economy.trade.imports_investment,
        "imports": plan.economy.trade.imports_other,
        "investment": plan.economy.capital.investment,
    }
    return lambda variable: base[variable][:, None] * plan.outlook.trend
