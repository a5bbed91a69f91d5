r"""An interior point for mixtures: few shared rules, many blocks whose proposals are mixed.

.. math:: \max\; c_0^\top x_0 + \sum_s \sum_k v_{sk}\lambda_{sk} \quad\text{s.t.}\quad
          r^- \le A_0 x_0 + \sum_s \sum_k a_{sk} \lambda_{sk} \le r^+,\quad
          \sum_k \lambda_{sk} = 1,\; l \le x_0 \le u,\; \lambda \ge 0

Mehrotra's predictor and corrector. The rule that a block's weights add up to one is eliminated by
hand: what is left is one dense matrix over the shared rules, to which every block adds its
proposals' spread around their own mean,

.. math:: M = A_0 D_0 A_0^\top + \sum_s \sum_k d_{sk} (a_{sk} - \bar a_s)(a_{sk} - \bar a_s)^\top,
          \qquad \bar a_s = \sum_k d_{sk} a_{sk} / \sum_k d_{sk}

which stays definite where the same sum without the means loses all its figures. S. Mehrotra, "On
the implementation of a primal-dual interior point method", *SIAM Journal on Optimization* 2 (1992)
575-601; J. Gondzio, P. Gonzalez-Brevis and P. Munari, "Large-scale optimization with the
primal-dual column generation method", *Mathematical Programming Computation* 8 (2016) 47-82, for
stopping early and beginning again from a point that is not at the boundary. A matrix
costs as much as many solves, so :mod:`counterplan.solve.points` turns each direction a few times to
go farther with the same one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.blas import dsyrk

from counterplan.solve.factors import Factors, factors_of
from counterplan.solve.frame import Frame
from counterplan.solve.points import Direction, Point, added, farther, moved, uneven
from counterplan.solve.program import Floats, Integers
from counterplan.solve.spread import spread

BACK_OFF = 0.99  # of the way to the boundary
STEPS_MAX = 150  # from the outset
RESTARTED = 45  # from a start: a bad one makes no way, and the outset is better
PRIMAL, DUAL = 1e-9, 1e-8  # what residuals may be left, against the largest numbers
USABLE = 1e-6  # of the dual residual: from here on valuations say something
CENTRE_MIN = 1e-6  # of the mean product that a step may aim at
EVENED = 3  # how often a direction is turned so that more of it can be gone
DIAGONAL = 1e-12  # added to a matrix whose rows have largest entry one


@dataclass(frozen=True)
class Proposals:
    """What the blocks proposed, block by block.

    Attributes
    ----------
    shares
        [T x K] what each puts into the shared rules that any block touches, column by column.
    values
        [K] what each is worth by itself.
    first
        [S + 1] where each block's proposals begin; every block has one at least.
    """

    shares: Floats
    values: Floats
    first: Integers

    @property
    def counts(self) -> Integers:
        """How many proposals each block has [S]."""
        return np.diff(self.first)

    @property
    def owner(self) -> Integers:
        """Whose each proposal is [K]."""
        return np.repeat(np.arange(self.first.size - 1), self.counts)


@dataclass(frozen=True)
class Pull:
    r"""What holds valuations near those that are known to be good.

    The dual is asked to leave them only where that pays: it loses

    .. math:: \tfrac12 \sum_r w_r (y_r - \hat y_r)^2

    which in the primal lets every shared rule be missed by w (y - yhat).

    Attributes
    ----------
    weight, towards
        [T] w and yhat, in the frame's own units.
    """

    weight: Floats
    towards: Floats


@dataclass(frozen=True)
class Wish:
    """How far to go.

    Attributes
    ----------
    gap
        What may be left between value and bound, in units of the reward.
    offer_gap
        At which gap the valuations are taken: those of an early point lie in the middle.
    keep_gap
        At which gap the point is kept to begin from next time.
    primal
        What may be left of the shared rules, against their largest side.
    """

    gap: float
    offer_gap: float = 0.0
    keep_gap: float = 0.0
    primal: float = PRIMAL


@dataclass(frozen=True)
class Mixed:
    """What came of it.

    Attributes
    ----------
    decided
        [N0] the centre's own variables.
    weights
        [K].
    valuations, central
        [L] at the end, and when the gap had become ``offer_gap``.
    kept
        The point at ``keep_gap``.
    steps
        How many were made.
    """

    decided: Floats
    weights: Floats
    valuations: Floats
    central: Floats
    kept: Point
    steps: int


def mix(
    frame: Frame,
    proposals: Proposals,
    wish: Wish,
    *,
    start: Point | None = None,
    pull: Pull | None = None,
) -> Mixed | None:
    """Return a mixture within the wish, or None where the method comes to nothing.

    It comes to nothing where no mixture keeps the shared rules, and rarely otherwise; that word is
    nobody's to believe.
    """
    search = Search(frame, proposals, pull)
    point = start or search.outset()
    kept, central = None, None
    with np.errstate(all="ignore"):
        for step in range(STEPS_MAX if start is None else RESTARTED):
            miss = search.miss(point)
            gap = point.products / frame.unit
            if not np.isfinite(gap + miss.primal):
                return None
            if kept is None and gap <= wish.keep_gap and miss.dual <= 100 * USABLE:
                kept = point
            if central is None and gap <= wish.offer_gap and miss.dual <= USABLE:
                central = point
            if gap <= wish.gap and miss.primal <= wish.primal and miss.dual <= DUAL:
                return answer(frame, point, central or point, kept or point, step)
            after = search.step(point, miss)
            if after is None:
                return None
            point = after
    return None


def answer(frame: Frame, point: Point, central: Point, kept: Point, steps: int) -> Mixed:
    """Return a point in the units of the centre's problem."""
    return Mixed(
        decided=frame.decided(point.z),
        weights=point.z[frame.cost.size :],
        valuations=frame.valuations(point.rules),
        central=frame.valuations(central.rules),
        kept=kept,
        steps=steps,
    )


@dataclass(frozen=True)
class Miss:
    """What a point misses: the shared rules [R], the ones [S], the dual rules [N + K]."""

    rules: Floats
    ones: Floats
    costs: Floats
    primal: float
    dual: float


class Search:
    """One problem and how to make a step in it."""

    def __init__(self, frame: Frame, proposals: Proposals, pull: Pull | None) -> None:
        self.frame, self.pull = frame, pull
        self.shares, self.first = proposals.shares, proposals.first
        self.owner, self.counts = proposals.owner, proposals.counts
        self.own = frame.cost.size
        self.cost = np.concatenate([frame.cost, -proposals.values * frame.unit])
        self.boxed = frame.boxed
        self.sizes = (1 + np.abs(frame.sides).max(initial=0), 1 + np.abs(self.cost).max(initial=0))
        touched, blocks = frame.touched.size, self.counts.size
        self.nothing = Miss(
            np.zeros(frame.sides.size), np.zeros(blocks), np.zeros(self.cost.size), 0.0, 0.0
        )
        self.spread = np.empty((touched, self.owner.size), order="F")
        self.means = np.empty((touched, blocks), order="F")

    def outset(self) -> Point:
        """Return a point well inside every bound."""
        frame = self.frame
        slack = np.maximum(1.0, 0.1 * np.abs(frame.sides[frame.loose]))
        z = np.concatenate(
            [
                np.where(np.isfinite(frame.upper), 0.1 * frame.upper, frame.outset(slack)),
                1 / self.counts[self.owner],
            ]
        )
        room = frame.upper[self.boxed] - z[self.boxed]
        size = 0.1 * max(np.abs(self.cost * z).max(initial=0.0), 1e-3)
        rules, ones = np.zeros(frame.sides.size), np.zeros(self.counts.size)
        return Point(z, size / z, room, size / room, rules, ones)

    def put(self, z: Floats) -> tuple[Floats, Floats]:
        """Return what variables put into the shared rules [R], and the sums of weights [S]."""
        into = self.frame.matrix @ z[: self.own]
        into[self.frame.touched] += self.shares @ z[self.own :]
        return into, np.add.reduceat(z[self.own :], self.first[:-1])

    def priced(self, rules: Floats, ones: Floats) -> Floats:
        """Return what duals say each variable costs [N + K]."""
        by_shares = self.shares.T @ rules[self.frame.touched]
        return np.concatenate([self.frame.transposed @ rules, by_shares + ones[self.owner]])

    def miss(self, point: Point) -> Miss:
        """Return what a point misses."""
        into, sums = self.put(point.z)
        rules, ones = self.frame.sides - into, 1 - sums
        if self.pull is not None:
            at = self.frame.touched
            rules[at] -= self.pull.weight * (point.rules[at] - self.pull.towards)
        costs = self.cost - self.priced(point.rules, point.ones) - point.low
        costs[self.boxed] += point.high
        primal = max(np.abs(rules).max(initial=0) / self.sizes[0], np.abs(ones).max(initial=0))
        return Miss(rules, ones, costs, primal, np.abs(costs).max(initial=0) / self.sizes[1])

    def step(self, point: Point, miss: Miss) -> Point | None:
        """Return the point after one step; None where the matrix is no longer definite."""
        curve = point.low / point.z
        curve[self.boxed] += point.high / point.room
        solver = self.factored(1 / curve)
        if solver is None:
            return None
        low, high = point.z * point.low, point.room * point.high
        guess = solver.direction(point, miss, -low, -high)
        mean = point.products / (low.size + high.size)
        ahead = moved(point, guess, self.boxed, back_off=1.0).products / (low.size + high.size)
        aim = min(1.0, max((ahead / mean) ** 3, CENTRE_MIN)) * mean
        low, high = aim - guess.z * guess.low, aim + guess.z[self.boxed] * guess.high
        direction = added(guess, solver.direction(point, self.nothing, low, high))
        for _ in range(EVENED):
            low, high = uneven(point, direction, self.boxed, aim)
            other = added(direction, solver.direction(point, self.nothing, low, high))
            if not farther(point, other, direction, self.boxed):
                break
            direction = other
        direction = solver.refined(point, miss, direction)
        return moved(point, direction, self.boxed, back_off=BACK_OFF)

    def factored(self, width: Floats) -> "Solver | None":
        """Return the factors of the matrix over the shared rules, at given widths [N + K]."""
        frame = self.frame
        scaled = frame.by_column.copy()
        scaled.data = scaled.data * np.repeat(width[: self.own], np.diff(scaled.indptr))
        matrix = scaled @ frame.transposed + DIAGONAL * frame.one
        totals = np.empty(self.counts.size)
        spread(self.shares, self.first, width[self.own :], self.spread, self.means, totals)
        block = dsyrk(1.0, self.spread, lower=1)
        if self.pull is not None:
            block[np.diag_indices_from(block)] += self.pull.weight
        factors = factors_of(matrix, block, frame.touched, frame.apart)
        return None if factors is None else Solver(self, width, factors, totals)


@dataclass(frozen=True)
class Solver:
    """The factors of one step."""

    search: Search
    width: Floats
    factors: Factors
    totals: Floats

    def direction(self, point: Point, miss: Miss, low: Floats, high: Floats) -> Direction:
        """Return the step that mends the misses and changes the products by ``low``, ``high``."""
        search, boxed = self.search, self.search.boxed
        tilt = miss.costs - low / point.z
        tilt[boxed] += high / point.room
        into, sums = search.put(self.width * tilt)
        rules, ones = self.duals(miss.rules + into, miss.ones + sums)
        z = self.width * (search.priced(rules, ones) - tilt)
        return Direction(
            z=z,
            low=(low - point.low * z) / point.z,
            high=(high + point.high * z[boxed]) / point.room,
            rules=rules,
            ones=ones,
        )

    def refined(self, point: Point, miss: Miss, by: Direction) -> Direction:
        """Return a step without what rounding has left of the misses."""
        search, boxed = self.search, self.search.boxed
        into, sums = search.put(by.z)
        if search.pull is not None:
            into[search.frame.touched] += search.pull.weight * by.rules[search.frame.touched]
        rules, ones = self.duals(miss.rules - into, miss.ones - sums)
        z = self.width * search.priced(rules, ones)
        low, high = -point.low * z / point.z, point.high * z[boxed] / point.room
        return added(by, Direction(z, low, high, rules, ones))

    def duals(self, rules: Floats, ones: Floats) -> tuple[Floats, Floats]:
        """Return the duals that bring what is missing in the rules [R] and the ones [S]."""
        at, means = self.search.frame.touched, self.search.means
        side = rules.copy()
        side[at] -= means @ ones
        found = self.factors.solve(side)
        return found, ones / self.totals - means.T @ found[at]
