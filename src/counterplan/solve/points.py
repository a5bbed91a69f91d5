r"""Points of an interior point method, directions from them, and how far these can be gone.

A turn makes a direction longer. Gone a little farther than it can be, some products of a variable
and its dual would be far from the aim; a turn brings these back. J. Gondzio, "Multiple centrality
corrections in a primal-dual method for linear programming", *Computational Optimization and
Applications* 6 (1996) 137-156.
"""

from dataclasses import dataclass, replace

import numpy as np

from counterplan.solve.program import Floats, Integers

EVEN = (0.1, 10.0)  # of the aim: products that are even enough
FURTHER = 0.3  # of the whole way: how much farther it is to go
WORTH = 0.02  # of the same, primal and dual: what a turn has to bring


@dataclass(frozen=True)
class Point:
    """Where an interior point stands.

    Attributes
    ----------
    z, low
        [N + K] the distances of all variables from their lower bounds, and their duals.
    room, high
        [F] the same for the upper bounds that are finite.
    rules, ones
        [R], [S] duals of the shared rules, and of the rules that weights add up to one.
    """

    z: Floats
    low: Floats
    room: Floats
    high: Floats
    rules: Floats
    ones: Floats

    @property
    def products(self) -> float:
        """What is left of the complementarity."""
        return float(self.z @ self.low + self.room @ self.high)


@dataclass(frozen=True)
class Direction:
    """A step: of the variables and of all duals."""

    z: Floats
    low: Floats
    high: Floats
    rules: Floats
    ones: Floats


def moved(point: Point, by: Direction, boxed: Integers, *, back_off: float) -> Point:
    """Return a point after a step, as long as it goes, primal and dual apart."""
    primal = min(1.0, back_off * min(longest(point.z, by.z), longest(point.room, -by.z[boxed])))
    dual = min(1.0, back_off * min(longest(point.low, by.low), longest(point.high, by.high)))
    return replace(
        point,
        z=point.z + primal * by.z,
        room=point.room - primal * by.z[boxed],
        low=point.low + dual * by.low,
        high=point.high + dual * by.high,
        rules=point.rules + dual * by.rules,
        ones=point.ones + dual * by.ones,
    )


def added(one: Direction, other: Direction) -> Direction:
    """Return two directions gone at once."""
    return Direction(
        z=one.z + other.z,
        low=one.low + other.low,
        high=one.high + other.high,
        rules=one.rules + other.rules,
        ones=one.ones + other.ones,
    )


def uneven(point: Point, by: Direction, boxed: Integers, aim: float) -> tuple[Floats, Floats]:
    """Return what products would miss of being even, were the step longer than it can be."""
    primal, dual = (min(1.0, way + FURTHER) for way in reached(point, by, boxed))
    low = (point.z + primal * by.z) * (point.low + dual * by.low)
    high = (point.room - primal * by.z[boxed]) * (point.high + dual * by.high)
    least, most = EVEN[0] * aim, EVEN[1] * aim
    missed = [np.maximum(np.clip(one, least, most) - one, -most) for one in (low, high)]
    return missed[0], missed[1]


def farther(point: Point, other: Direction, by: Direction, boxed: Integers) -> bool:
    """Return whether one direction can be gone farther than another, and leaves no more.

    Where duals have no bound a longer step alone would let them run away.
    """
    if sum(reached(point, other, boxed)) < sum(reached(point, by, boxed)) + WORTH:
        return False
    new, old = (moved(point, one, boxed, back_off=1.0).products for one in (other, by))
    return new <= old


def reached(point: Point, by: Direction, boxed: Integers) -> tuple[float, float]:
    """Return how far a direction can be gone, primal and dual."""
    primal = min(longest(point.z, by.z), longest(point.room, -by.z[boxed]))
    dual = min(longest(point.low, by.low), longest(point.high, by.high))
    return min(1.0, primal), min(1.0, dual)


def longest(values: Floats, by: Floats) -> float:
    """Return how far positive values can go before one of them is gone."""
    falling = by < 0
    return float((-values[falling] / by[falling]).min(initial=np.inf))
