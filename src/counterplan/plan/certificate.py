r"""The certificate: a plan is not believed, it is recomputed.

From any valuations y of the rows a bound on every plan's value follows (weak duality):

.. math:: c^\top x \;\le\; \sum_r \max(y_r r^-_r,\, y_r r^+_r) + \sum_j \max(d_j l_j,\, d_j u_j),
          \qquad d = c - A^\top y

No solver takes part: only the saved numbers, the economy and NumPy. Where projects are indivisible
the bound is that of cases that leave out no choice (:mod:`counterplan.plan.cases`); where these do
not close the gap it is the one that branch and bound stated, and the certificate says so.

A plan that many make together, round after round, is proved within a gap that it promises; the
promise is part of what is checked, and of the verdict.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Floats, Integers
from counterplan.plan.cases import Case, leave_out_nothing, narrowed
from counterplan.plan.problem import Problem
from counterplan.solve.program import Program

RESIDUAL_MAX = 1e-7
GAP_MAX = 1e-6
PROMISE_MAX = 0.05
SMALL_ROW = 1e-6
UNIT_ROUNDOFF = 2.0**-53
RECOMPUTED, STATED = "recomputed", "stated in the file, not proved"


@dataclass(frozen=True)
class Residual:
    """How far a family's rows are from holding.

    Attributes
    ----------
    absolute
        Largest violation, in the family's unit.
    relative
        The same against the sum of the sizes of its row's terms.
    place
        The item and period where it is largest.
    """

    family: str
    rows: int
    absolute: float
    relative: float
    place: str


@dataclass(frozen=True)
class Certificate:
    """What was recomputed of a plan.

    Attributes
    ----------
    value, bound
        The plan's value to the mandate, and a bound on the value of any plan.
    gap
        (bound - value) against the value of the baskets observed, on trend, in the reported
        periods, with the mandate's weights.
    outside
        Largest violation of a variable's bounds, relative to the bound.
    fractional
        How far the indivisible variables are from whole numbers.
    basis
        What the bound rests on: recomputed, or only stated in the file.
    gap_max
        The largest gap with which it holds: :data:`GAP_MAX`, or the gap that the plan promises.
    """

    residuals: tuple[Residual, ...]
    outside: float
    fractional: float
    value: float
    bound: float
    gap: float
    basis: str = RECOMPUTED
    gap_max: float = GAP_MAX

    @property
    def residual(self) -> float:
        """Largest relative violation of any row or bound."""
        return max([self.outside, *(r.relative for r in self.residuals)])

    @property
    def holds(self) -> bool:
        """Whether the plan is feasible and as good as can be, within the stated tolerances.

        Where ``basis`` is not "recomputed", "as good as can be" is stated and not proved.
        """
        return (
            self.residual <= RESIDUAL_MAX
            and self.fractional <= RESIDUAL_MAX
            and abs(self.gap) <= self.gap_max
        )

    @property
    def promised(self) -> bool:
        """Whether it holds only within a gap that the plan promises."""
        return self.gap_max > GAP_MAX


def certify(
    problem: Problem,
    *,
    primal: Floats,
    dual: Floats,
    bound: float | None = None,
    cases: Sequence[Case] = (),
    promise: float | None = None,
) -> Certificate:
    """Recompute every residual and the bound of a plan.

    Parameters
    ----------
    primal, dual
        [N] values of the variables, [R] valuations of the rows.
    bound
        For plans with indivisible projects: the bound that branch and bound stated. It is used
        where ``cases`` prove none that is as good.
    cases
        For plans with indivisible projects: cases that leave out no choice.
    promise
        The gap that the plan promises, where it is not that of every other plan.
    """
    program = problem.program
    value = float(program.reward @ primal)
    limit, basis = proved_bound(program, dual=dual, cases=cases), RECOMPUTED
    # Where valuations prove a bound nobody's word is taken for one, a file's least of all.
    unproved = limit - value > GAP_MAX * problem.base_consumption
    if bound is not None and unproved and not program.divisible:
        limit, basis = bound, STATED
    return Certificate(
        residuals=tuple(family_residuals(problem, primal)),
        outside=bound_violation(problem, primal),
        fractional=fraction_left(program, primal),
        value=value,
        bound=limit,
        gap=(limit - value) / problem.base_consumption,
        basis=basis,
        gap_max=GAP_MAX if promise is None else promise,
    )


def promise_of(gap: float) -> float | None:
    """Return the gap that a plan may promise: its own, rounded up to two digits.

    None where it needs no promise, or is too far from the bound to promise anything.
    """
    if not GAP_MAX < gap <= PROMISE_MAX:
        return None
    exponent = math.floor(math.log10(gap)) - 1
    digits = math.ceil(gap / 10.0**exponent)
    rounded = (float(f"{more}e{exponent}") for more in (digits, digits + 1))
    return min(next(one for one in rounded if one >= gap), PROMISE_MAX)


def proved_bound(program: Program, *, dual: Floats, cases: Sequence[Case]) -> float:
    """Return the best bound on any plan's value that follows from valuations alone."""
    bound = dual_bound(program, dual)
    if not cases or not leave_out_nothing(cases, program):
        return bound
    return min(bound, max(case_bound(program, case) for case in cases))


def case_bound(program: Program, case: Case) -> float:
    """Return the bound on the value of any plan that makes a case's choices."""
    return dual_bound(narrowed(program, case.choices), case.dual)


def dual_bound(program: Program, dual: Floats) -> float:
    r"""Return a bound on any plan's value that follows from valuations, whatever they are.

    What double precision may have lost is added, so that the bound is one of the exact sums. With
    :math:`n_j` numbers in column j, :math:`u = 2^{-53}` and :math:`\gamma_n = nu / (1 - nu)`:

    .. math:: |\hat d_j - d_j| \le \gamma_{n_j + 1} \Bigl(|c_j| + \sum_r |A_{rj} y_r|\Bigr)

    (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002, section
    3.1), which counts over the whole box; each product may be off by u of itself, and the sum of
    all of them is rounded once. A bound that is not finite is +inf: it proves nothing.
    """
    return sum_above(np.concatenate(bound_terms(program, dual)))


def bound_terms(program: Program, dual: Floats) -> tuple[Floats, Floats]:
    """Return what each row [R] and each column [N] adds to the bound, rounding included."""
    with np.errstate(over="ignore", invalid="ignore"):
        y = usable(program, dual)
        rows = np.maximum(times(y, program.row_lower), times(y, program.row_upper))
        reduced = program.reward - program.matrix.T @ y
        columns = np.maximum(times(reduced, program.lower), times(reduced, program.upper))
        box = np.maximum(np.abs(program.lower), np.abs(program.upper))
        lost = times(rounding_of_reduced(program, y), box)
        # Each product is off by u of itself, and adding these parts to it by as much again.
        rows += 4 * UNIT_ROUNDOFF * np.abs(rows)
        columns += lost + 4 * UNIT_ROUNDOFF * (np.abs(columns) + lost)
    return rows, columns


def rounding_of_reduced(program: Program, y: Floats) -> Floats:
    """Return what computing the reduced reward may have lost of it, by column [N]."""
    numbers = np.bincount(program.matrix.indices, minlength=program.reward.size)
    terms = np.abs(program.reward) + abs(program.matrix).T @ np.abs(y)
    # Twice the operations counted cover what computing this very figure loses.
    steps = np.where(numbers > 0, 2 * (numbers + 2), 0) * UNIT_ROUNDOFF
    lost: Floats = steps * terms + numbers * np.finfo(float).tiny
    return lost


def sum_above(terms: Floats) -> float:
    """Return a number that is no smaller than the exact sum of some terms."""
    if not np.isfinite(terms).all():
        return math.inf
    try:
        total = math.fsum(terms)
    except OverflowError:
        return math.inf
    return math.nextafter(total, math.inf)


def usable(program: Program, dual: Floats) -> Floats:
    """Return valuations without those of the wrong sign at a limit that is open on that side."""
    y = np.where(np.isposinf(program.row_upper), np.minimum(dual, 0.0), dual)
    kept: Floats = np.where(np.isneginf(program.row_lower), np.maximum(y, 0.0), y)
    return kept


def times(factor: Floats, limit: Floats) -> Floats:
    """Return factor * limit where zero times infinity is zero."""
    product: Floats = np.zeros_like(factor)
    np.multiply(factor, limit, out=product, where=factor != 0)
    return product


def bound_violation(problem: Problem, primal: Floats) -> float:
    """Return the largest violation of a variable's bounds, relative to its box.

    A box that is all but empty is measured against the largest of its variable's, so that the
    verdict does not depend on the units of another.
    """
    program = problem.program
    scale = np.maximum(np.abs(program.lower), np.abs(program.upper))
    for name, block in problem.variables.blocks.items():
        own = scale[problem.columns[name] : problem.columns[name] + block.size]
        np.maximum(own, max(SMALL_ROW * own.max(initial=0.0), np.finfo(float).tiny), out=own)
    beyond = np.maximum(program.lower - primal, primal - program.upper)
    with np.errstate(over="ignore"):  # anything at all in a box that holds nothing is infinite
        return float(np.maximum(beyond / scale, 0.0).max(initial=0.0))


def fraction_left(program: Program, primal: Floats) -> float:
    """Return how far the indivisible variables are from whole numbers."""
    whole = primal[program.integer]
    return float(np.abs(whole - np.round(whole)).max(initial=0.0))


def violations(problem: Problem, primal: Floats) -> tuple[Floats, Floats]:
    """Return by how much each row is violated, and what that is measured against [R]."""
    program = problem.program
    left = program.matrix @ primal
    violation = np.maximum(np.maximum(program.row_lower - left, left - program.row_upper), 0.0)
    terms = abs(program.matrix) @ np.abs(primal)
    limits = np.stack([program.row_lower, program.row_upper])
    sides = np.where(np.isfinite(limits), np.abs(limits), 0.0).max(axis=0)
    scale = np.maximum(terms, sides)
    for block in problem.rows.values():
        rows = block.rows[block.rows >= 0]
        if rows.size:
            # A row whose terms are all but zero is measured against the family's largest.
            least = max(SMALL_ROW * float(scale[rows].max()), np.finfo(float).tiny)
            scale[rows] = np.maximum(scale[rows], least)
    rows, sizes = quota_sizes(problem)
    scale[rows] = np.maximum(scale[rows], sizes)
    return violation, scale


def quota_sizes(problem: Problem) -> tuple[Integers, Floats]:
    r"""Return the rows of quotas and what each comes to at its producer's size, in their units.

    A quota of nothing leaves its row no terms but rounding, and no family need have a larger one:

    .. math:: \sum_{j \in s(a)} w_{aj} \max_{k \in s(a)} \bar x_k
    """
    block = problem.rows.get("quota")
    rows: Integers = np.empty(0, dtype=np.int64) if block is None else block.rows[block.rows >= 0]
    techniques = problem.outlook.economy.techniques
    largest = np.zeros(len(problem.outlook.economy.producers))
    np.maximum.at(largest, techniques.producer, techniques.activity)
    reference = np.zeros(problem.program.reward.size)
    first = problem.columns["activity"]
    each = np.tile(largest[techniques.producer], len(problem.outlook.periods))
    reference[first : first + each.size] = each
    sizes: Floats = abs(sp.csr_array(problem.program.matrix)[rows]) @ reference
    return rows, sizes


def family_residuals(problem: Problem, primal: Floats) -> list[Residual]:
    """Return the residual of every family that has rows."""
    violation, scale = violations(problem, primal)
    found = []
    for name, block in problem.rows.items():
        rows = block.rows[block.rows >= 0]
        if rows.size == 0:
            continue
        relative = violation[rows] / scale[rows]
        worst = int(np.argmax(relative))
        item, period = np.argwhere(block.rows == rows[worst])[0]
        place = f"{block.items[item]}, {problem.outlook.periods.labels[period]}"
        found.append(
            Residual(
                family=name,
                rows=int(rows.size),
                absolute=float(violation[rows].max()),
                relative=float(relative.max()),
                place=place,
            )
        )
    return found
