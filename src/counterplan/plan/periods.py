r"""The calendar of a plan: its periods, and the one that stands for all the years after.

The last position of every array over periods is the tail: the discounted sum of all periods
after the horizon, normalised so that a quantity that grows on trend keeps its value
(dual-equilibrium tail, after Grinold, "Model building techniques for the correction of end
effects in multistage convex programs", Operations Research 31, 1983).

With :math:`b = \beta (1 + g)` the tail of a series is
:math:`y^{*} = (1 - b) \sum_{k \ge 0} \beta^{k} y_{T+1+k}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.errors import InputError

TAIL = "after"
TAIL_PERIODS = 4000  # years: b <= 0.985 to this power is below 1e-26
STEADIEST = 0.985  # beta (1 + g) a year above this makes the tail outweigh the plan
#: How many periods a year has; of periods of another name one makes a year.
PER_YEAR = {"year": 1, "half-year": 2, "quarter": 4, "month": 12, "week": 52}


@dataclass(frozen=True)
class Periods:
    """Periods ``first .. first + count - 1`` and the tail.

    Parameters
    ----------
    first
        The first planned period (a year, or a month number).
    count
        How many periods are planned, T.
    base
        The period in which the economy was observed.
    beta
        Discount factor per period.
    growth
        Balanced growth g per period.
    per_year
        How many periods a year has.
    """

    first: int
    count: int
    base: int
    beta: float
    growth: float
    per_year: int = 1

    def __post_init__(self) -> None:
        if self.b > self.steadiest:
            raise InputError(
                f"discount {self.beta:g} x (1 + growth {self.growth:g}) is "
                f"{self.beta * (1 + self.growth):.4f}",
                mend=f"it must be at most {self.steadiest:.6g} per period, or the years after "
                "outweigh the plan",
            )
        if self.first - self.base not in (0, 1):
            raise InputError(
                f"the plan starts in {self.first} and the economy was observed in {self.base}",
                mend="start in the observed period or in the one after it",
            )

    def __len__(self) -> int:
        return self.count + 1

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Names of the periods and the tail [T+1]."""
        return (*(str(self.first + t) for t in range(self.count)), TAIL)

    @property
    def steadiest(self) -> float:
        """Most that discount times growth may be per period: 0.985 a year."""
        return float(STEADIEST ** (1 / self.per_year))

    @property
    def b(self) -> float:
        """Discount times growth: beta (1 + g)."""
        return self.beta * (1 + self.growth)

    @cached_property
    def weights(self) -> Floats:
        r"""Weight of each period [T+1]: beta^t, and beta^T / (1 - b) for the tail."""
        t = np.arange(self.count + 1)
        weights: Floats = np.power(float(self.beta), t)
        weights[-1] /= 1 - self.b
        return weights

    @cached_property
    def trend(self) -> Floats:
        """(1 + g) to the periods since the base [T+1]; the tail stands on the trend of T + 1."""
        return self.growing(self.growth)

    def growing(self, rate: float) -> Floats:
        r"""Return growth at another rate [T+1]; its tail is (1 - b) r^{T+1} / (1 - beta r).

        Raises
        ------
        InputError
            When the discounted sum of the years after has no end.
        """
        ratio = 1 + rate
        if self.beta * ratio >= 1:
            raise InputError(
                f"growth of {rate:.4g} per period for ever outruns the discount {self.beta:g}",
                mend=f"let it grow by less than {1 / self.beta - 1:.4g} per period, or discount "
                "more",
            )
        path: Floats = np.power(float(ratio), np.arange(self.count + 1) + self.first - self.base)
        path[-1] *= (1 - self.b) / (1 - self.beta * ratio)
        return path

    def constant(self) -> Floats:
        """Return a quantity that stays at one for ever [T+1]."""
        return self.growing(0.0)

    def path(self, of_age: Callable[[Floats], Floats]) -> Floats:
        r"""Return a function of the years since the base, on top of the trend [T+1].

        Its tail is :math:`(1 - b) \sum_k b^k f(T + 1 + k)`, so that a plan of another horizon
        sees the same years after.
        """
        offset = self.first - self.base
        ages = np.arange(self.count, dtype=np.float64) + offset
        many = np.arange(TAIL_PERIODS * self.per_year, dtype=np.float64)
        after = self.count + offset + many
        weights = np.power(self.b, many)
        tail = float(weights @ of_age(after) / weights.sum())
        return np.append(of_age(ages), tail)

    def listed(self, values: Mapping[int, float]) -> Floats:
        """Return a path given by period, zero elsewhere [T+1]; periods after T enter the tail."""
        path = np.zeros(self.count + 1)
        for period, value in values.items():
            t = period - self.first
            if 0 <= t < self.count:
                path[t] += value
            elif t >= self.count:
                path[-1] += (1 - self.b) * self.beta ** (t - self.count) * value
        return path

    def spell(self, start: int | None, end: int | None) -> Floats:
        """Return 1 in the periods from ``start`` to ``end`` (both included), 0 elsewhere [T+1].

        An open end holds for ever; the tail counts the discounted share of its years.
        """
        share = np.zeros(self.count + 1)
        begin = 0 if start is None else max(start - self.first, 0)
        stop = self.count if end is None else min(end - self.first + 1, self.count)
        share[begin:stop] = 1.0
        if end is None:
            share[-1] = self.b ** max(begin - self.count, 0)
        elif end - self.first >= self.count:
            last = end - self.first - self.count + 1
            share[-1] = self.b ** max(begin - self.count, 0) - self.b**last
        return share

    def index(self, period: int) -> int:
        """Return the position of a planned period."""
        if not self.first <= period < self.first + self.count:
            raise InputError(
                f"period {period} is outside the plan",
                mend=f"the plan covers {self.first} to {self.first + self.count - 1}",
            )
        return period - self.first
