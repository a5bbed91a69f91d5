r"""Whether an economy can produce a surplus at all, and which branch is at fault where not.

An economy with input coefficients :math:`A \ge 0` is *productive* when some non-negative output
leaves a surplus of every product. That holds exactly when the spectral radius (the Perron root)
of A is below one, when all leading principal minors of I - A are positive, and when
:math:`(I - A) w = \mathbf 1` has a solution :math:`w \ge \mathbf 1`.

Sources: Hawkins and Simon, *Econometrica* 17 (1949) 245-248; Gale, *The Theory of Linear
Economic Models* (1960), ch. 9; for the bounds, Collatz, *Math. Zeitschrift* 48 (1942) 221-226.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from counterplan.economy.analysis.arrays import Array, Indices, Matrix, checked_matrix, label_of
from counterplan.economy.analysis.factors import (
    Factors,
    ScaledFactors,
    SingularMatrixError,
    balancing_scale,
    factorise,
    identity_less,
    rescaled,
)
from counterplan.errors import InputError

# Above this size a component's root is bounded by iteration instead of all its eigenvalues.
EIGENVALUE_BRANCHES_MAX = 600
ITERATIONS_MAX = 2_000
NAMES_SHOWN_MAX = 5


@dataclass(frozen=True, eq=False)
class Circle:
    """Branches that all need each other, directly or not, and how much they use of themselves.

    Attributes
    ----------
    branches
        Their indices, ascending.
    radius_lower, radius_upper
        Bounds on the spectral radius of their coefficients [dimensionless].
    weight
        For each of them the share in which its inputs and its use make up the radius: the
        product of the left and the right Perron vector, which does not depend on the units of
        the products; sums to one.
    """

    branches: Indices
    radius_lower: float
    radius_upper: float
    weight: Array

    @property
    def principal(self) -> int:
        """The index of the branch with the largest weight."""
        return int(self.branches[int(np.argmax(self.weight))])


def productive_factors(
    coefficients: Matrix, *, labels: Sequence[str], place: str
) -> tuple[Factors, float]:
    r"""Return the factors of I - A and an upper bound on the spectral radius of A.

    The proof of productivity costs one solve: with :math:`w = (I - A)^{-1}\mathbf 1`,

    .. math:: w > 0 \text{ and } \rho(A) \le \max_i (A w)_i / w_i < 1.

    Raises
    ------
    InputError
        Where the economy is not productive: the branch, its circle and the mend are named.
    """
    factors, bound = _factors_and_bound(coefficients)
    if factors is not None and bound < 1.0:
        return factors, bound
    # Products in units of very different size can fail by rounding alone: weigh them anew.
    scale = balancing_scale(coefficients)
    factors, bound = _factors_and_bound(rescaled(coefficients, scale))
    if factors is not None and bound < 1.0:
        return ScaledFactors(factors=factors, scale=scale), bound
    raise _unproductive(coefficients, labels=labels, place=place)


def _factors_and_bound(coefficients: Matrix) -> tuple[Factors | None, float]:
    try:
        factors = factorise(identity_less(coefficients))
    except SingularMatrixError:
        return None, float("inf")
    return factors, radius_bound(coefficients, factors.solve(np.ones(coefficients.shape[0])))


def radius_bound(coefficients: Matrix, outputs: Array) -> float:
    r"""Return :math:`\max_i (A w)_i / w_i`, an upper bound on the spectral radius of A.

    Parameters
    ----------
    coefficients
        A >= 0, n x n.
    outputs
        w, (n,); the bound is infinite unless all of w is positive and finite.
    """
    if not (np.isfinite(outputs).all() and (outputs > 0.0).all()):
        return float("inf")
    return float(np.max((coefficients @ outputs) / outputs))


def circles(coefficients: Matrix) -> Iterator[Circle]:
    """Yield the strongly connected components of an economy, each with bounds on its radius.

    The spectral radius of A is the largest of theirs. A branch that no circle of deliveries
    brings back to itself is a circle of its own with the radius of its own use (often zero).

    Parameters
    ----------
    coefficients
        A >= 0, n x n, dense or sparse.

    Raises
    ------
    InputError
        Where it is not square, or holds a negative or not finite number.
    """
    checked = checked_matrix(coefficients, labels=(), place="technical coefficients")
    graph = sparse.csr_array(checked, copy=True)
    graph.eliminate_zeros()
    _, component = connected_components(graph, directed=True, connection="strong")
    order = np.argsort(component, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(component[order])) + 1)
    for branches in sorted(groups, key=lambda group: int(group[0])):
        yield _circle(graph, branches=branches)


def spectral_radius_bounds(coefficients: Matrix) -> tuple[float, float]:
    """Return a lower and an upper bound on the spectral radius of A >= 0 (n x n)."""
    bounds = [(circle.radius_lower, circle.radius_upper) for circle in circles(coefficients)]
    return max(lower for lower, _ in bounds), max(upper for _, upper in bounds)


def _circle(graph: sparse.csr_array[Any], *, branches: Indices) -> Circle:
    if branches.size == 1:
        own_use = float(graph[branches[0], branches[0]])
        return Circle(branches, radius_lower=own_use, radius_upper=own_use, weight=np.ones(1))
    own = sparse.csc_array(graph[branches][:, branches])
    # A change of units leaves the radius and the weights as they are, and saves digits.
    block = sparse.csr_array(rescaled(own, balancing_scale(own)))
    right, left = _perron_vector(block), _perron_vector(sparse.csr_array(block.T))
    ratio = (block @ right) / right
    weight = left * right
    return Circle(
        branches=branches,
        radius_lower=float(ratio.min()),
        radius_upper=float(ratio.max()),
        weight=weight / weight.sum(),
    )


def _perron_vector(block: sparse.csr_array[Any]) -> Array:
    size = block.shape[0]
    vector = np.full(size, 1.0 / size)
    if size <= EIGENVALUE_BRANCHES_MAX:
        values, vectors = np.linalg.eig(block.toarray())
        vector = np.abs(vectors[:, int(np.argmax(values.real))].real)
        vector = np.maximum(vector / vector.sum(), np.finfo(float).eps)
    # Any positive vector gives valid bounds. Powers tighten them, also where rounding spoilt the
    # small components above; the shift by half lets them settle in a cyclic circle.
    for _ in range(ITERATIONS_MAX):
        image = block @ vector
        ratio = image / vector
        if ratio.max() - ratio.min() <= 1e-12 * ratio.max():
            break
        vector = image + 0.5 * vector
        vector /= vector.sum()
    return np.asarray(vector, dtype=np.float64)


def _unproductive(coefficients: Matrix, *, labels: Sequence[str], place: str) -> InputError:
    found = list(circles(coefficients))
    at_fault = [circle for circle in found if circle.radius_lower >= 1.0]
    # Exactly at the edge rounding may put every lower bound just below one: take the worst.
    circle = at_fault[0] if at_fault else max(found, key=lambda each: each.radius_upper)
    branch = label_of(labels, circle.principal)
    radius = circle.radius_upper
    shown = [label_of(labels, int(each)) for each in circle.branches[:NAMES_SHOWN_MAX]]
    rest = circle.branches.size - len(shown)
    names = ", ".join(shown) + (f" and {rest} more" if rest else "")
    if circle.branches.size == 1:
        thing = f"branch {branch} uses {radius:.6g} units of its own product for each it makes"
    else:
        thing = (
            f"branch {branch} is the heaviest of {circle.branches.size} branches that use up all "
            f"they make ({names}; spectral radius {radius:.6g}, it must be below 1)"
        )
    return InputError(
        f"the economy is not productive: {thing}",
        place=place,
        mend=(
            f"check the inputs and the output of {branch} (an output too small, a unit mixed "
            f"up, final demand counted as input); the coefficients between these branches must "
            f"be divided by more than {radius:.6g}"
        ),
    )
