"""The economy: everything that exists at the start of a plan. Immutable.

Letters used throughout, in code and pages:

=====  =======================================================
``n``  products (a good or service with a unit, possibly in one region)
``m``  techniques
``k``  skills
``e``  capital items (what a technique needs capacity of)
``q``  emissions and natural resources
``G``  consumption groups
``P``  indivisible projects
``L``  transport routes between regional products
=====  =======================================================

All quantities are flows per period of the base period unless they say "stock".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from counterplan.economy.grade import Grade as Grade
from counterplan.economy.grade import Provenance as Provenance
from counterplan.errors import InputError, did_you_mean

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Codes = tuple[str, ...]
Sparse = Any  # scipy's csc_array; its stubs cannot say "float64, two dimensions"


@dataclass(frozen=True)
class Products:
    """Products.

    Attributes
    ----------
    units
        [n] what one unit is ("t", "million USD of 2014").
    regions
        [n] region code, '' where the product is balanced over the whole.
    prices
        [n] base-period price, ``Economy.currency`` per product unit (1 in a money table).
    """

    codes: Codes
    names: Codes
    units: Codes
    regions: Codes
    prices: Floats

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Producers:
    """Producers: who owns techniques. ``regions`` and ``branches`` are codes [s]."""

    codes: Codes
    names: Codes
    regions: Codes
    branches: Codes

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Techniques:
    """Ways to produce, per unit of activity.

    Attributes
    ----------
    producer
        [m] index of the owner.
    use, output
        [n x m] product units used and made per unit of activity.
    activity
        [m] activity in the base period.
    emissions
        [q x m] emission units per unit of activity.
    """

    codes: Codes
    names: Codes
    producer: Integers
    use: Sparse
    output: Sparse
    activity: Floats
    emission_codes: Codes
    emission_units: Codes
    emissions: Sparse

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Labour:
    """Labour by skill.

    Attributes
    ----------
    need
        [k x m] skill units (people, or hours) per unit of activity in the base period.
    force
        [k] skill units available in the base period.
    """

    codes: Codes
    names: Codes
    units: Codes
    need: Sparse
    force: Floats


@dataclass(frozen=True)
class Capital:
    """Capital items, each measured in the capacity it gives.

    Attributes
    ----------
    producer
        [e] index of the owner.
    assets
        [e] asset class codes ('' where one composite asset is meant).
    need
        [e x m] capacity needed per unit of activity.
    composition
        [n x e] product units for one new unit of capacity.
    capacity
        [e] stock: capacity in the base period.
    investment
        [e] new capacity started in the base period.
    depreciation
        [e] share of capacity lost per period.
    lag
        [e] periods from the start of an investment to its capacity (>= 1).
    """

    codes: Codes
    names: Codes
    producer: Integers
    assets: Codes
    need: Sparse
    composition: Sparse
    capacity: Floats
    investment: Floats
    depreciation: Floats
    lag: Integers

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Stocks:
    """Stocks of products: ``initial``, ``minimum`` [n, product units], ``loss`` [n, share/period].

    ``storable`` [n] says which products may be stored at all.
    """

    storable: npt.NDArray[np.bool_]
    initial: Floats
    minimum: Floats
    loss: Floats


@dataclass(frozen=True)
class Demand:
    """Final use in the base period.

    Attributes
    ----------
    groups, group_names
        [G] consumption groups (households by income, say).
    consumption
        [n x G] product units: the observed basket of each group.
    collective
        [n] collective consumption.
    other
        [n] exogenous final use: inventories, discrepancies; may be negative.
    """

    groups: Codes
    group_names: Codes
    consumption: Floats
    collective: Floats
    other: Floats


@dataclass(frozen=True)
class Trade:
    """Foreign trade in the base period; prices in foreign currency per product unit.

    Attributes
    ----------
    exports, imports_other, imports_investment
        [n] product units; imports apart for investment goods and all other uses.
    export_price, import_price
        [n] foreign currency units per product unit.
    export_limit
        [n] most the world takes, product units in the base period (inf: no limit known).
    """

    currency: str
    exports: Floats
    imports_other: Floats
    imports_investment: Floats
    export_price: Floats
    import_price: Floats
    export_limit: Floats


@dataclass(frozen=True)
class Accounts:
    """Foreign accounts in the base period, in foreign currency units.

    ``transfers`` is the observed net outflow that the trade surplus paid for (income,
    capital, travel, transport margins); ``reserves`` is a stock.
    """

    reserves: float
    transfers: float
    debt_service: float
    new_credit: float


@dataclass(frozen=True)
class Projects:
    """Indivisible projects: built once or not at all.

    Attributes
    ----------
    cost
        [P] tuple of (product index, offset in periods from the start, product units).
    capital
        [P] index of the capital item it enlarges.
    capacity
        [P] capacity units it opens.
    lag
        [P] periods from the start to the opening (>= 1).
    """

    codes: Codes
    names: Codes
    cost: tuple[tuple[tuple[int, int, float], ...], ...]
    capital: Integers
    capacity: Floats
    lag: Integers

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Routes:
    """Transport between regional products.

    Attributes
    ----------
    origin, destination
        [L] product indices: one unit of the first becomes one unit of the second.
    need
        [n x L] product units used to carry one unit.
    limit
        [L] most that can be carried per period (inf: no limit).
    """

    codes: Codes
    origin: Integers
    destination: Integers
    need: Sparse
    limit: Floats

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Trend:
    """Growth per period that is taken as given: of everything exogenous, and of the labour force.

    ``growth`` is the balanced growth rate g; ``labour`` the part that comes from more people.
    """

    growth: float = 0.0
    labour: float = 0.0


@dataclass(frozen=True)
class Economy:
    """Everything that exists at the start. See the module for the letters and shapes."""

    name: str
    title: str
    base_period: int
    period: str
    currency: str
    products: Products
    producers: Producers
    techniques: Techniques
    labour: Labour
    capital: Capital
    stocks: Stocks
    demand: Demand
    trade: Trade
    accounts: Accounts
    projects: Projects
    routes: Routes
    trend: Trend
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)

    @cached_property
    def net_output(self) -> Sparse:
        """V - U [n x m]: what one unit of activity adds to each product."""
        return sp.csc_array(self.techniques.output - self.techniques.use)

    def product(self, code: str) -> int:
        """Return the index of a product by its code."""
        return position(self.products.codes, code, what="product")

    def technique(self, code: str) -> int:
        """Return the index of a technique by its code."""
        return position(self.techniques.codes, code, what="technique")

    def branch_of_technique(self) -> Codes:
        """Return the branch code of each technique [m]."""
        return tuple(self.producers.branches[s] for s in self.techniques.producer)

    def branch_of_capital(self) -> Codes:
        """Return the branch code of each capital item [e]."""
        return tuple(self.producers.branches[s] for s in self.capital.producer)

    def branches(self) -> Codes:
        """Return the branch codes in order of first appearance."""
        return tuple(dict.fromkeys(self.producers.branches))


def position(codes: Sequence[str], code: str, *, what: str) -> int:
    """Return the index of ``code`` in ``codes``, or an error that suggests the nearest."""
    try:
        return codes.index(code)
    except ValueError:
        raise InputError(
            f"{what} '{code}' is not in the economy", mend=did_you_mean(code, codes)
        ) from None


def freeze(value: object) -> None:
    """Make every array below a dataclass read-only, so that immutability is not a promise only."""
    for item in vars(value).values():
        if isinstance(item, np.ndarray):
            item.setflags(write=False)
        elif sp.issparse(item):
            for part in ("data", "indices", "indptr"):
                vars(item)[part].setflags(write=False)
        elif hasattr(item, "__dataclass_fields__"):
            freeze(item)


def no_projects() -> Projects:
    """Return an empty list of projects."""
    none = np.zeros(0, dtype=np.int64)
    return Projects((), (), (), none, np.zeros(0), none)


def no_routes(products: int) -> Routes:
    """Return an empty list of routes for an economy of ``products`` products."""
    none = np.zeros(0, dtype=np.int64)
    return Routes((), none, none, sp.csc_array((products, 0)), np.zeros(0))
