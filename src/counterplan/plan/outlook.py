"""The outlook: what a scenario gives the plan in each period, before anything is decided."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from counterplan.economy.economy import Codes, Economy, Floats, Integers
from counterplan.plan.mandate import Group, Mandate
from counterplan.plan.periods import Periods

COLLECTIVE = "collective"
WIDE = 10.0  # boxes stand at this many times the reference quantity


@dataclass(frozen=True)
class Outlook:
    """Everything the plan takes as given. P counts the periods and the tail.

    Attributes
    ----------
    baskets
        [c x P] product units wanted; ``basket_product``, ``basket_group`` [c] say of what by whom.
    groups
        [G + 1] consumption groups, collective consumption last.
    group_weights
        [G + 1] weights in the mandate.
    other
        [n x P] exogenous final use, product units.
    export_price, import_price
        [n x P] foreign currency per product unit.
    export_limit, import_limit, investment_import_limit
        [n x P] product units.
    debt_service, transfers, observed_credit, credit_limit
        [P] foreign currency: due; flowing out; credit that goes on coming as observed; most new
        credit beyond that.
    reserves
        Foreign currency at the start; ``reserves_floor`` [P].
    force
        [k x P] skill units that can work, with the hours the mandate sets.
    efficiency
        [P] activity that one worker of the base period's skill carries now, against then.
    usable
        [e x P] share of each capital item's capacity that can be used.
    emission_limit
        [q x P]; inf where there is none.
    investment_floor
        [e x P] capacity units to be started.
    import_share_limit
        [n x P] share of domestic use; inf where there is none.
    """

    economy: Economy
    mandate: Mandate
    periods: Periods
    groups: Codes
    group_weights: Floats
    baskets: Floats
    basket_product: Integers
    basket_group: Integers
    other: Floats
    export_price: Floats
    import_price: Floats
    export_limit: Floats
    import_limit: Floats
    investment_import_limit: Floats
    debt_service: Floats
    transfers: Floats
    observed_credit: Floats
    credit_limit: Floats
    reserves: float
    reserves_floor: Floats
    force: Floats
    efficiency: Floats
    usable: Floats
    emission_limit: Floats
    investment_floor: Floats
    import_share_limit: Floats

    @cached_property
    def trend(self) -> Floats:
        """[P] growth of everything exogenous since the base period."""
        return self.periods.trend

    @cached_property
    def basket_items(self) -> Codes:
        """[c] label of each basket entry: product and group."""
        products, groups = self.economy.products.codes, self.groups
        return tuple(
            f"{products[i]} for {groups[g]}"
            for i, g in zip(self.basket_product, self.basket_group, strict=True)
        )

    @cached_property
    def capital_price(self) -> Floats:
        """[e] base-period price of one unit of capacity."""
        value: Floats = np.asarray(
            self.economy.capital.composition.T @ self.economy.products.prices
        )
        return value

    @cached_property
    def activity_price(self) -> Floats:
        """[m] base-period value of the output of one unit of activity."""
        value: Floats = np.asarray(self.economy.techniques.output.T @ self.economy.products.prices)
        return value

    @cached_property
    def labour_value(self) -> float:
        """Average base-period value of one skill unit: value added less user cost, per head."""
        economy = self.economy
        margin = np.asarray(economy.net_output.T @ economy.products.prices)
        user_cost = (1 / self.periods.beta - 1 + economy.capital.depreciation) * self.capital_price
        rest = margin - np.asarray(economy.capital.need.T @ user_cost)
        people = float(economy.labour.need.sum(axis=0) @ economy.techniques.activity)
        income = float(np.maximum(rest, 0) @ economy.techniques.activity)
        return income / people if people > 0 else 0.0

    @cached_property
    def activity_reference(self) -> Floats:
        """[m] activity that widths of change bands are measured against.

        A technique that did not run yet is measured against a twentieth of the largest that
        makes one of its products, so that it may start.
        """
        economy = self.economy
        made = economy.techniques.output
        largest = (made.multiply(economy.techniques.activity[None, :])).tocsc().max(axis=1)
        floor = np.zeros(len(economy.techniques))
        for j in range(len(floor)):
            rows = slice(made.indptr[j], made.indptr[j + 1])
            top = largest.toarray().ravel()[made.indices[rows]] / made.data[rows]
            floor[j] = 0.05 * top.max(initial=0.0)
        ran = economy.techniques.activity > 0
        reference: Floats = np.where(ran, economy.techniques.activity, floor)
        return reference

    @cached_property
    def investment_reference(self) -> Floats:
        """[e] investment that widths of change bands are measured against; see activity."""
        capital = self.economy.capital
        needed = np.asarray(capital.need @ self.activity_reference)
        least = 0.5 * (capital.depreciation + self.periods.growth) * needed
        reference: Floats = np.maximum(capital.investment, least)
        return reference

    def before(self, values: Floats, *, steps: int = 1) -> Floats:
        """Return a trending quantity in the ``steps`` periods before the plan [I x steps]."""
        age = np.arange(steps, 0, -1)
        offset = self.periods.first - self.periods.base
        path: Floats = np.power(1 + self.periods.growth, (offset - age).astype(float))
        return values[:, None] * path

    def capacity_left(self) -> Floats:
        """Return what the period before the plan leaves of each capacity to its first [e].

        Where the plan starts in the observed period it is what the observed capacity needs beside
        what is finished then, so that the observed capacity is met exactly.
        """
        capital = self.economy.capital
        if self.periods.first == self.periods.base + 1:
            return capital.capacity * (1 - capital.depreciation)
        arriving = capital.investment * np.power(
            1 + self.periods.growth, -capital.lag.astype(float)
        )
        left: Floats = capital.capacity - arriving
        return left

    def altered(self, **changes: object) -> "Outlook":
        """Return a copy with some arrays replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


def first_outlook(economy: Economy, mandate: Mandate, periods: Periods) -> Outlook:
    """Return the outlook without shocks and without goals: everything observed, on trend."""
    n, e, count = len(economy.products), len(economy.capital), len(periods)
    trend = periods.trend
    product, group, baskets, groups = wanted_baskets(economy, mandate, periods)
    base = economy.accounts
    floor = base.reserves
    if mandate.foreign.reserves_floor is not None:
        floor = mandate.foreign.reserves_floor
    people = periods.growing(economy.trend.labour)
    ones = np.ones((n, count))
    return Outlook(
        economy=economy,
        mandate=mandate,
        periods=periods,
        groups=groups,
        group_weights=np.array(
            [mandate.groups[g].weight if g in mandate.groups else 1.0 for g in groups]
        ),
        baskets=baskets,
        basket_product=product,
        basket_group=group,
        other=economy.demand.other[:, None] * trend,
        export_price=economy.trade.export_price[:, None] * ones,
        import_price=economy.trade.import_price[:, None] * ones,
        export_limit=economy.trade.export_limit[:, None] * trend,
        import_limit=np.full((n, count), np.inf),
        investment_import_limit=np.full((n, count), np.inf),
        debt_service=base.debt_service * trend,
        transfers=base.transfers * mandate.foreign.surplus * trend,
        observed_credit=base.new_credit * trend,
        credit_limit=periods.listed(mandate.foreign.credit),
        reserves=base.reserves,
        reserves_floor=floor * periods.constant(),
        force=economy.labour.force[:, None] * (people * hours_path(mandate, periods)),
        efficiency=trend / people,
        usable=np.ones((e, count)),
        emission_limit=np.full((len(economy.techniques.emission_codes), count), np.inf),
        investment_floor=np.zeros((e, count)),
        import_share_limit=np.full((n, count), np.inf),
    )


def asked_of(mandate: Mandate, group: str) -> Group:
    """Return what the mandate asks for a group; the observed basket where it says nothing."""
    return mandate.groups.get(group, Group())


def wanted_baskets(
    economy: Economy, mandate: Mandate, periods: Periods
) -> tuple[Integers, Integers, Floats, Codes]:
    """Return product [c], group [c], basket [c x P] and groups, for every entry above zero."""
    demand = economy.demand
    groups = (*demand.groups, COLLECTIVE)
    base = np.column_stack([demand.consumption, demand.collective])
    product, group = np.nonzero(base > 0)
    growth = np.array([asked_of(mandate, g).growth for g in groups])
    paths = np.array([periods.growing((1 + periods.growth) * (1 + extra) - 1) for extra in growth])
    return product, group, base[product, group][:, None] * paths[group], groups


def hours_path(mandate: Mandate, periods: Periods) -> Floats:
    """Return hours per person against the observed [P]; each entry holds until the next."""
    path = np.ones(len(periods))
    for period, hours in sorted(mandate.labour.hours.items()):
        path[max(period - periods.first, 0) :] = hours
    return path
