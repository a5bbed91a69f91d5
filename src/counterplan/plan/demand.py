"""A demand: one thing asked of a plan, for one item in one period, that could give way."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from counterplan.plan.problem import Problem
from counterplan.plan.wording import titled


@dataclass(frozen=True)
class Demand:
    """One demand, for one item in one period.

    Attributes
    ----------
    source
        What belongs together: one line of the mandate, one product under a limit.
    what, change
        Sentences with ``{}`` for the item: what is asked, and what would have to be done.
    item, period
        In words, and a label.
    row, column
        Where it stands in the programme: a row whose lower (``sign`` 1) or upper (-1) side gives
        way, or a column whose upper bound does; -1 for the other.
    unit
        What ``size``, ``most`` and any relief are measured in.
    size
        What a relief is compared with.
    most
        The most that it can give.
    level, step
        The level asked, and how one unit of relief changes it (0 where that depends on the plan);
        ``measure`` is its unit, a share where it begins with "of".
    spoken, factor
        What a relief is said in, and how many of these one unit is.
    price
        Base-period price of one unit, to weigh the items of a line; 0 where there is none.
    """

    source: str
    what: str
    change: str
    item: str
    period: int
    unit: str
    size: float
    most: float
    level: float
    step: float
    measure: str
    row: int = -1
    column: int = -1
    sign: int = 1
    spoken: str = ""
    factor: float = 1.0
    price: float = 0.0


def stated(problem: Problem, family: str) -> Iterator[tuple[int, int, int]]:
    """Yield item, period and row number wherever a family says something."""
    rows = problem.rows[family].rows
    for i, t in np.argwhere(rows >= 0):
        yield int(i), int(t), int(rows[i, t])


def product_name(problem: Problem, product: int) -> str:
    """Return a product's name with its code."""
    products = problem.outlook.economy.products
    return titled(products.names[product], products.codes[product])
