r"""Causes: which shocks and goals of a scenario made a limit, and what shocks take of currency.

Each shock and goal is laid alone over the outlook without any. It is a cause of a limit where it
sets one that is as tight as the limit that holds; of what is a product of several factors
(capacity that can be used, people), every one that moves it is a cause. Of foreign currency the
shock k takes, at the plan's trade,

.. math:: \Delta^k_t = \sum_i (p^e_{it} - p^{e,k}_{it})\, e_{it}
          + \sum_i (p^{m,k}_{it} - p^m_{it})\, (m_{it} + m^J_{it})
          + (D^k_t - D_t) + (\bar b_t - \bar b^k_t)

with its prices, debts and credit against those without shocks. Amounts of several price shocks
on one product do not quite add up: the second meets a price that the first has moved.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.errors import CounterplanError
from counterplan.plan.outlook import Outlook
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.wording import listed, titled

SAME = 1e-9  # relative: two limits that are this close are one
COLUMN_LIMITS = {
    "imports": "import_limit",
    "investment_imports": "investment_import_limit",
    "exports": "export_limit",
}
ROW_LIMITS = {"emissions": "emission_limit", "self_reliance": "import_share_limit"}
ROW_FLOORS = {"investment_goal": "investment_floor"}
FACTORS = {"capacity": "usable", "labour": "force"}
KINDS = {
    "export_price": "export price",
    "import_price": "import price",
    "export_limit": "export limit",
    "import_limit": "import limit",
    "debt_service": "debts due",
    "credit": "credit",
    "capacity": "loss of capacity",
    "labour": "labour force",
    "reserves": "lost reserves",
    "investment": "investment goal",
    "self_reliance": "self-reliance goal",
    "emission": "emission goal",
}


@dataclass(frozen=True)
class Cause:
    """One shock or goal of a scenario.

    Attributes
    ----------
    name
        Its note, or its kind and what it is about.
    alone
        The outlook with it and nothing else.
    """

    name: str
    alone: Outlook


@dataclass(frozen=True)
class Causes:
    """The shocks and goals of a plan's scenario.

    Attributes
    ----------
    calm
        The outlook without any.
    """

    plan: Plan
    calm: Outlook
    shocks: tuple[Cause, ...]
    goals: tuple[Cause, ...]

    def of_column(self, variable: str, item: int, period: int) -> tuple[str, ...]:
        """Return what set the upper bound of a variable, by position."""
        field = COLUMN_LIMITS.get(variable, "")
        return self.tightest(field, item, period, sense=1) if field else ()

    def of_row(self, family: str, item: int, period: int) -> tuple[str, ...]:
        """Return what set the limit that a row states, by position."""
        if family in ROW_LIMITS:
            return self.tightest(ROW_LIMITS[family], item, period, sense=1)
        if family in ROW_FLOORS:
            return self.tightest(ROW_FLOORS[family], item, period, sense=-1)
        if family in FACTORS:
            return self.moving(FACTORS[family], item, period)
        if family == "foreign_balance":
            return tuple(name for name, _ in self.currency_taken(period))
        return ()

    def tightest(self, field: str, item: int, period: int, *, sense: int) -> tuple[str, ...]:
        """Return the causes whose own limit is as tight as the one that holds."""
        holds = sense * float(getattr(self.plan.outlook, field)[item, period])
        calm = sense * float(getattr(self.calm, field)[item, period])
        room = SAME * max(abs(holds), 1.0)
        found = []
        for one in (*self.shocks, *self.goals):
            own = sense * float(getattr(one.alone, field)[item, period])
            if own < calm and own <= holds + room:
                found.append(one.name)
        return tuple(found)

    def moving(self, field: str, item: int, period: int) -> tuple[str, ...]:
        """Return the causes that move one number of the outlook."""
        calm = float(getattr(self.calm, field)[item, period])
        return tuple(
            one.name
            for one in (*self.shocks, *self.goals)
            if abs(float(getattr(one.alone, field)[item, period]) - calm) > SAME * abs(calm)
        )

    def currency_taken(self, period: int) -> tuple[tuple[str, float], ...]:
        """Return each shock's name and what it takes of foreign currency, the most first.

        Reserves that were lost are named with what they would have been.
        """
        exports = self.plan.quantity("exports")[:, period]
        bought = self.plan.quantity("imports") + self.plan.quantity("investment_imports")
        found = []
        for one in self.shocks:
            calm, shocked = self.calm, one.alone
            price = (calm.export_price - shocked.export_price)[:, period] @ exports
            price += (shocked.import_price - calm.import_price)[:, period] @ bought[:, period]
            due = shocked.debt_service[period] - calm.debt_service[period]
            credit = calm.observed_credit[period] - shocked.observed_credit[period]
            lost = calm.reserves - shocked.reserves if period == 0 else 0.0
            lost -= (calm.reserves_floor - shocked.reserves_floor)[0] if period == 0 else 0.0
            found.append((one.name, float(price + due + credit + lost)))
        worst = max((abs(amount) for _, amount in found), default=0.0)
        kept = [one for one in found if abs(one[1]) > 1e-6 * max(worst, 1e-12)]
        return tuple(sorted(kept, key=lambda one: -one[1]))


def causes(plan: Plan) -> Causes:
    """Return the causes of a plan's limits; none where its scenario did not make its outlook."""
    mandate = plan.scenario.mandate
    bare = plan.scenario.model_copy(
        update={"shocks": (), "mandate": mandate.model_copy(update={"goals": ()})}
    )
    try:
        calm = lay_out(plan.economy, bare)
    except CounterplanError:
        return Causes(plan, plan.outlook, (), ())
    if calm.trend.shape != plan.outlook.trend.shape:
        return Causes(plan, plan.outlook, (), ())
    shocks, goals = [], []
    for number, shock in enumerate(plan.scenario.shocks, start=1):
        alone = bare.model_copy(update={"shocks": (shock,)})
        name = cause_name(plan, shock, number=number, word="shock")
        shocks.append(Cause(name, lay_out(plan.economy, alone)))
    for number, goal in enumerate(mandate.goals, start=1):
        asked = bare.mandate.model_copy(update={"goals": (goal,)})
        alone = bare.model_copy(update={"mandate": asked})
        name = cause_name(plan, goal, number=number, word="goal")
        goals.append(Cause(name, lay_out(plan.economy, alone)))
    return Causes(plan, calm, tuple(shocks), tuple(goals))


def cause_name(plan: Plan, item: object, *, number: int, word: str) -> str:
    """Return a shock's note, or what it is and what it is about, with its place in the file."""
    note = str(getattr(item, "note", "") or "").strip().rstrip(".")
    if note:
        return f'{word} {number}, "{note}"'
    products = plan.economy.products
    names = dict(zip(products.codes, products.names, strict=True))
    about: list[str] = []
    for field in ("products", "branches", "skills", "product", "emission"):
        value = getattr(item, field, ())
        codes = (value,) if isinstance(value, str) else value
        about += [titled(names.get(code, ""), code) for code in codes]
    kind = KINDS[str(getattr(item, "kind", ""))]
    return f"{word} {number}, {kind}" + (f" on {listed(about, most=3)}" if about else "")


def limit_share(plan: Plan, variable: str, item: int, period: int) -> float | None:
    """Return a limit on trade against the observed volume on trend; None where there was none."""
    trade = plan.economy.trade
    base = {
        "imports": trade.imports_other,
        "investment_imports": trade.imports_investment,
        "exports": trade.exports,
    }[variable]
    volume = float(base[item] * plan.outlook.trend[period])
    upper = float(plan.problem.variables.blocks[variable].upper[item, period])
    return upper / volume if volume > 0 else None


def is_natural(plan: Plan, variable: str, item: int, period: int) -> bool:
    """Return whether a bound is only the box around the plan, which no plan comes near."""
    upper = float(plan.problem.variables.blocks[variable].upper[item, period])
    field = COLUMN_LIMITS.get(variable)
    if field is None:
        return True
    limit = float(getattr(plan.outlook, field)[item, period])
    return bool(not np.isclose(upper, limit, rtol=SAME, atol=0.0)) and upper > 0
