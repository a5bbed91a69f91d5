"""The explanation of a product: what its valuation is made of, where it goes, what would help."""

from dataclasses import dataclass

from counterplan.plan.flows import Flow


@dataclass(frozen=True)
class Component:
    """One part of a valuation, in words.

    Attributes
    ----------
    kind
        "input", "capacity", "labour", "moving", "currency", "habit", "change", "limit", "stock",
        or the name of another constraint family.
    quantity, unit
        What one more unit of the product takes of it; None where there is nothing to count.
    value
        Its part of the valuation [base-period money per product unit].
    share
        Of the valuation.
    causes
        The shocks and goals of the scenario that made the limit, if it is one.
    """

    kind: str
    name: str
    quantity: float | None
    unit: str
    value: float
    share: float
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """What work of the kind that a product takes is worth, all its skills together.

    One skill's valuation swings from plan to plan and from year to year; this does not so much.

    Attributes
    ----------
    unit
        Of people, empty where the skills are counted in different ones.
    now, mean
        Worth of one unit in the period, and on the mean of the planned periods, each against the
        basket of its own period [base-period money].
    base
        What one unit added in the base period: value added less user cost of capital, per head.
    """

    unit: str
    now: float
    mean: float
    base: float


@dataclass(frozen=True)
class Way:
    """One way by which more of a product could come.

    Attributes
    ----------
    kind
        The variable: "activity", "imports", "investment_imports", "stock" or "shipment".
    quantity, share
        What comes by it [product units], and its share of all that comes.
    takes
        What one more unit takes by this way, without what its own limit is worth.
    limit
        The most that may come by it [product units]; None where nothing limits it as such.
    worth
        What a limit higher by one unit is worth; below zero for a way that does not pay
        [base-period money per product unit].
    observed
        The limit against the observed volume on trend [share]; None where nothing was observed.
    causes
        The shocks and goals of the scenario that made the limit.
    """

    kind: str
    name: str
    quantity: float
    share: float
    takes: tuple[Component, ...]
    limit: float | None
    worth: float
    observed: float | None
    causes: tuple[str, ...]


@dataclass(frozen=True)
class Relief:
    """What 1% more of something scarce is worth, and what it costs where it can be built.

    Attributes
    ----------
    size
        What there is of it now, the limit's own size [unit].
    worth
        Of one more unit in the period [base-period money per unit]; of people, on the mean of
        the planned periods where that is lower.
    gain
        To the plan, when there is 1% more, at most [base-period money].
    own
        The part of it that goes through the product, when the 1% is used as the whole is now.
    lasting
        Of one more unit from the period on, for what lasts; else the worth.
    cost
        Of building one unit in time, at the plan's valuations; None where it cannot be built.
    start
        The period in which building would have to begin; where it cannot, the first in which
        what the plan begins opens; empty for what is not built.
    causes
        The shocks and goals of the scenario that made the limit.
    """

    kind: str
    name: str
    unit: str
    size: float
    worth: float
    gain: float
    own: float
    lasting: float
    cost: float | None
    start: str
    causes: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        """Worth against cost: above 1 more would pay, but for the pace; 0 if it cannot be built."""
        return self.lasting / self.cost if self.cost else 0.0


@dataclass(frozen=True)
class Year:
    """One planned period of a product, in short.

    Attributes
    ----------
    made, imported
        [product units].
    filled
        What all groups consume of it against their mandated baskets [share]; None for what is in
        no basket.
    largest, share
        The scarce thing that weighs most in the valuation, in short, and its share of it.
    """

    period: str
    valuation: float
    made: float
    imported: float
    filled: float | None
    largest: str
    share: float


@dataclass(frozen=True)
class Explanation:
    """Why not more of a product, with the reasons of one period.

    Attributes
    ----------
    valuation, price
        What one more unit is worth to the plan, and its base-period price
        [base-period money per product unit]; valuations are against that of the basket.
    calendar
        What a period is: "year", "month".
    direct
        What its valuation is made of where it is made or bought; adds up to the valuation.
    total
        The same down the whole supply chain, to what cannot be produced; adds up, too.
    sources, uses
        Where it comes from and who uses it, largest first.
    ways
        Every way by which more could come, and what stands in it.
    needs
        Group, and what a need of it lower by one unit would be worth, where the need binds.
    currency
        Shock, and what it takes of foreign currency in the period [foreign currency].
    reliefs
        What 1% more of each scarce thing on the product's chain is worth; that which brings the
        product most first.
    years
        Every planned period in short; empty where one was asked for.
    first, scarce
        Whether the period is the first that is planned, and whether the product is scarce in it.
    """

    code: str
    name: str
    unit: str
    money: str
    foreign: str
    calendar: str
    period: str
    valuation: float
    price: float
    source: str
    direct: tuple[Component, ...]
    total: tuple[Component, ...]
    sources: tuple[Flow, ...]
    uses: tuple[Flow, ...]
    ways: tuple[Way, ...]
    needs: tuple[tuple[str, float], ...]
    currency: tuple[tuple[str, float], ...]
    work: Work | None
    reliefs: tuple[Relief, ...]
    years: tuple[Year, ...]
    first: bool
    scarce: bool

    @property
    def best(self) -> Relief | None:
        """The relief that brings the product most for the effort, in percent of its own limit."""
        return self.reliefs[0] if self.reliefs else None

    def text(self) -> str:
        """Say it in plain words."""
        from counterplan.plan.sentences import explanation_lines

        return "\n".join(explanation_lines(self))
