"""What a random economy is asked to be, with its limits."""

import math
from dataclasses import dataclass, field, fields

from counterplan.errors import InputError, LimitError

PRODUCTS_MAX = 200
PRODUCERS_MAX = 10_000
CELLS_MAX = 20_000_000  # coefficients of products x techniques, all of them filled


@dataclass(frozen=True)
class Draw:
    """How large an economy is to be, and how much of everything there is in it.

    Attributes
    ----------
    seed
        Of everything drawn; the same request gives the same economy to the last bit.
    products, producers
        How many there are. At least as many producers as products that are made at home.
    branches
        How many branches; 0 for one for each product that is made. With more, several branches
        make the same product, so that a plan can do without one of them.
    techniques
        Most techniques that a producer runs; each draws a number from 1 to this.
    skills, groups, emissions
        How many skills, consumption groups, and emissions there are.
    lag
        Longest gestation of capital [periods].
    regions
        With more than one, some products are balanced by region and carried between regions.
    joint
        Share of techniques that make two or three products.
    new
        Share of producers without capacity in the base period: they can only build.
    standby
        Share of the others that have a technique beside, which did not run.
    imported
        Share of products that nobody makes at home.
    exported
        Share of the products made at home that are exported too.
    projects
        How many indivisible projects there are, each for one producer's capital.
    growth, labour_growth
        Of everything exogenous, and of the labour force [per period].

    Raises
    ------
    InputError
        Where a number is not one that can be meant; LimitError where it is beyond a limit.
    """

    seed: int
    products: int = 6
    producers: int = 12
    branches: int = 0
    techniques: int = 2
    skills: int = 2
    groups: int = 2
    emissions: int = 1
    lag: int = 2
    regions: int = 1
    joint: float = 0.3
    new: float = 0.15
    standby: float = 0.3
    imported: float = 0.15
    exported: float = 0.5
    growth: float = 0.015
    labour_growth: float = 0.005
    projects: int = field(default=0, repr=False)  # noted where they are drawn

    def __post_init__(self) -> None:
        for name, (least, most) in WHOLE.items():
            check_whole(name, getattr(self, name), least=least, most=most)
        for name, (low, high) in SHARES.items():
            check_between(name, getattr(self, name), low=low, high=high)
        check_fit(self)

    @property
    def made(self) -> int:
        """How many products are made at home: the others are imported only."""
        return self.products - int(self.imported * self.products)

    @property
    def trades(self) -> int:
        """How many branches there are."""
        return self.branches or self.made

    @property
    def running(self) -> int:
        """How many producers ran in the base period: one at least for each branch."""
        return max(self.producers - int(self.new * self.producers), self.trades)


WHOLE = {
    "seed": (0, 2**63 - 1),
    "products": (2, PRODUCTS_MAX),
    "producers": (2, PRODUCERS_MAX),
    "branches": (0, PRODUCERS_MAX),
    "techniques": (1, 10),
    "skills": (1, 20),
    "groups": (1, 20),
    "emissions": (0, 20),
    "lag": (1, 10),
    "regions": (1, 20),
    "projects": (0, 100),
}
"""Least and most of every number of things."""

SHARES = {
    "joint": (0.0, 1.0),
    "new": (0.0, 0.9),
    "standby": (0.0, 1.0),
    "imported": (0.0, 0.5),
    "exported": (0.0, 1.0),
    "growth": (0.0, 0.02),  # the years after count without end above 0.026 at the usual discount
    "labour_growth": (-0.02, 0.02),
}
"""Least and most of every share and rate."""

assert {*WHOLE, *SHARES} == {one.name for one in fields(Draw)}


def check_whole(name: str, number: object, *, least: int, most: int) -> None:
    """Refuse what is not a whole number in a range."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise InputError(f"{number!r} is not a whole number", place=name, mend="give one")
    if number < least:
        raise InputError(f"it is {number}", place=name, mend=f"give at least {least}")
    if number > most:
        raise LimitError(
            f"it is {number}, and the limit is {most}", place=name, mend=f"give at most {most}"
        )


def check_between(name: str, number: float, *, low: float, high: float) -> None:
    """Refuse a number outside a range."""
    if not (math.isfinite(number) and low <= number <= high):
        raise InputError(f"it is {number:g}", place=name, mend=f"give one from {low:g} to {high:g}")


def check_fit(request: Draw) -> None:
    """Refuse numbers that do not fit each other."""
    if 0 < request.branches < request.made:
        raise InputError(
            f"{request.branches} branches for {request.made} products that are made at home",
            place="branches",
            mend=f"give at least {request.made}, or 0 for one branch a product",
        )
    if request.producers < request.trades:
        raise InputError(
            f"{request.producers} producers for {request.trades} branches",
            place="producers",
            mend=f"give at least {request.trades}: every branch has one that runs",
        )
    cells = request.products * request.regions * request.producers * (request.techniques + 1)
    if cells > CELLS_MAX:
        raise LimitError(
            f"about {cells:.3g} coefficients, and the limit is {CELLS_MAX:.3g}",
            place="producers",
            mend="ask for fewer products, producers, techniques or regions",
        )
