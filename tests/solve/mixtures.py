"""Random mixture problems: shared rules of every kind, and blocks whose proposals are mixed."""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from counterplan.solve.frame import Frame, frame_of
from counterplan.solve.highs import solve
from counterplan.solve.mixing import Mixed, Proposals, Wish, mix
from counterplan.solve.program import Engine, Floats, Integers, Outcome, Program

EXACT = 1e-8  # of the reward's size, that a search may leave


@dataclass(frozen=True)
class Mixture:
    """A centre's problem [N0, L], valuations [L] that are feasible, and proposals [L x K]."""

    program: Program
    inside: Floats
    shares: Floats
    values: Floats
    first: Integers
    touched: Integers

    @property
    def frame(self) -> Frame:
        """In the interior point's form."""
        return frame_of(self.program, self.touched)

    @property
    def proposals(self) -> Proposals:
        """In the frame's units."""
        return Proposals(self.frame.scaled(self.shares[self.touched]), self.values, self.first)

    @property
    def size(self) -> float:
        """How large values can be."""
        return 1.0 + float(np.abs(self.values).sum() + np.abs(self.program.reward).sum())

    @property
    def owner(self) -> Integers:
        """Whose each proposal is [K]."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))

    def whole(self) -> Program:
        """Return the same as one programme."""
        own, count, blocks = self.program, self.values.size, self.first.size - 1
        ones = sp.csr_array((np.ones(count), (self.owner, np.arange(count))), (blocks, count))
        nothing = sp.csr_array((blocks, own.reward.size))
        return Program(
            sp.block_array(
                [[own.matrix, sp.csr_array(self.shares)], [nothing, ones]], format="csr"
            ),
            *(
                np.concatenate(both)
                for both in (
                    (own.row_lower, np.ones(blocks)),
                    (own.row_upper, np.ones(blocks)),
                    (own.lower, np.zeros(count)),
                    (own.upper, np.full(count, np.inf)),
                    (own.reward, self.values),
                )
            ),
            np.zeros(own.reward.size + count, dtype=bool),
        )

    def best(self) -> float:
        """Return the best value, by the simplex of HiGHS."""
        whole = self.whole()
        answer = solve(whole, engine=Engine.SIMPLEX, seconds_max=20.0)
        assert answer.outcome is Outcome.SOLVED
        return float(whole.reward @ answer.primal)

    def value(self, found: Mixed) -> float:
        """Return what an answer is worth."""
        return float(self.program.reward @ found.decided + self.values @ found.weights)

    def bound(self, valuations: Floats, *, slack: float = 1e-7) -> float:
        r"""Return the bound of weak duality, by hand.

        .. math:: \sum_r \max(y r^-, y r^+) + \sum_j \max(d_j l_j, d_j u_j)
                  + \sum_s \max_k (v_{sk} - y^\top a_{sk})

        Numbers below ``slack`` of the largest count as nothing where an end is infinite.
        """
        own = self.program
        reduced = own.reward - own.matrix.T @ valuations
        worth = self.values - valuations @ self.shares
        dear = largest(own.reward) + largest(self.values)
        return (
            support(valuations, own.row_lower, own.row_upper, slack * largest(valuations))
            + support(reduced, own.lower, own.upper, slack * dear)
            + float(np.maximum.reduceat(worth, self.first[:-1]).sum())
        )

    def missed(self, found: Mixed) -> float:
        """Return the largest violation of any rule, against the rule's terms."""
        own = self.program
        into = own.matrix @ found.decided + self.shares @ found.weights
        size = abs(own.matrix) @ np.abs(found.decided) + np.abs(self.shares) @ found.weights + 1.0
        out = np.maximum(own.row_lower - into, into - own.row_upper) / size
        box = np.maximum(own.lower - found.decided, found.decided - own.upper)
        sums = np.abs(np.add.reduceat(found.weights, self.first[:-1]) - 1.0)
        negative = -found.weights.min()
        return float(max(out.max(), box.max(), sums.max(), negative, 0.0))


def largest(values: Floats) -> float:
    """Return the largest size."""
    return float(np.abs(values).max(initial=0.0))


def support(slopes: Floats, low: Floats, high: Floats, slack: float) -> float:
    """Return the most of a linear function over a box; inf where it has none."""
    ends = np.where(slopes > 0, high, low)
    faint = np.abs(slopes) <= slack
    ends = np.where(faint & ~np.isfinite(ends), 0.0, ends)
    return float((slopes[slopes != 0] * ends[slopes != 0]).sum())


def mixture(seed: int) -> Mixture:
    """Draw a problem that has a best answer, and of which one answer is known."""
    rng = np.random.default_rng(seed)
    rules, own = int(rng.integers(3, 9)), int(rng.integers(6, 15))
    counts = rng.integers(1, 6, size=int(rng.integers(1, 6)))
    counts[0] = 1  # nothing to choose
    first = np.concatenate([[0], np.cumsum(counts)])
    matrix = rng.normal(size=(rules, own)) * (rng.random((rules, own)) < 0.6)
    matrix *= 10.0 ** rng.integers(-2, 3, size=rules)[:, None]  # rules in units of their own
    matrix[np.arange(rules), np.arange(rules) % own] += np.abs(matrix).max(axis=1) + 0.1
    shares = rng.normal(size=(rules, counts.sum())) * np.abs(matrix).max(axis=1)[:, None]
    touched = np.flatnonzero(rng.random(rules) < rng.uniform(0.5, 1.5))
    if not touched.size:
        touched = np.array([0])
    shares[np.setdiff1d(np.arange(rules), touched)] = 0.0
    lower = rng.normal(size=own)
    upper = lower + rng.uniform(0.5, 4.0, own)
    upper[1] = lower[1]  # fixed
    unbounded = rng.random(own) < 0.3
    unbounded[[0, 1]] = True, False
    known = lower + rng.uniform(0.2, 0.8, own) * (upper - lower)
    upper[unbounded] = np.inf
    weights = rng.uniform(0.1, 1.0, counts.sum())
    weights /= np.add.reduceat(weights, first[:-1])[np.repeat(np.arange(counts.size), counts)]
    into = matrix @ known + shares @ weights
    size = np.abs(matrix).max(axis=1)
    kind = np.arange(rules) % 4  # an equation, two of one side, two sides
    low = np.where(kind == 1, -np.inf, into - np.where(kind == 0, 0.0, 0.3 * size))
    high = np.where(kind == 2, np.inf, into + np.where(kind == 0, 0.0, 0.4 * size))
    reward = rng.normal(size=own)
    reward[unbounded] -= 3.0
    program = Program(
        sp.csr_array(matrix), low, high, lower, upper, reward, np.zeros(own, dtype=bool)
    )
    values = rng.normal(size=counts.sum())
    return Mixture(*bounded(program, rng), shares, values, first, touched)


def bounded(own: Program, rng: np.random.Generator) -> tuple[Program, Floats]:
    """Return a problem in which some valuations forbid the unbounded variables, and these."""
    sign = np.where(np.isinf(own.row_lower), 1.0, np.where(np.isinf(own.row_upper), -1.0, 0.0))
    drawn_valuations = rng.normal(size=sign.size)
    valuations = np.where(sign == 0, drawn_valuations, sign * np.abs(drawn_valuations))
    valuations /= np.abs(own.matrix).max(axis=1).toarray().ravel()
    reward = own.reward.copy()
    endless = np.isinf(own.upper)
    reward[endless] = (own.matrix.T @ valuations)[endless] - rng.uniform(0.1, 1.0, endless.sum())
    return replace(own, reward=reward), valuations


def wished(one: Mixture, **more: float) -> Wish:
    """Return a wish to be exact."""
    return Wish(EXACT * one.size, **more)


def found(one: Mixture) -> Mixed:
    """Return an exact answer."""
    answer = mix(one.frame, one.proposals, wished(one))
    assert answer is not None
    return answer
