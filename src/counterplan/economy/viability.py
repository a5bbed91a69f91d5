r"""Viability: whether the techniques together can make more of every product than they use up.

With several techniques for a product and several products for a technique, an economy is
productive when some activity :math:`x \ge 0` leaves a surplus of every product that is made:

.. math:: \sum_j V_{ij} x_j > \sum_j U_{ij} x_j \quad \text{for every made product } i

(Gale, *The Theory of Linear Economic Models*, 1960, ch. 9; for joint production Kurz and
Salvadori, *Theory of Production*, 1995, ch. 8). Products that nobody makes come from outside
and are left out.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from counterplan.economy.analysis.productivity import circles
from counterplan.economy.economy import Economy, Floats, Integers, Sparse

ROUNDS_MAX = 200
GROWN_MOST = 1e9  # demand that has grown this much will not come to rest
SURPLUS_LEAST = 1e-7  # of one unit asked for; the linear programme's own tolerance is 1e-9


@dataclass(frozen=True)
class Circle:
    """Products that use each other up.

    Attributes
    ----------
    products
        Their indices.
    radius
        How many units of themselves they use for each that they make: one or more.
    technique
        The technique that weighs most in it.
    """

    products: Integers
    radius: float
    technique: int


def circle_without_surplus(economy: Economy) -> Circle | None:
    """Return the worst circle of an economy that is not productive, None where it is.

    Tried in turn: the observed activity, activity raised round by round to cover what is
    used up, and, exactly, a linear programme.
    """
    output, use = sp.csr_array(economy.techniques.output), sp.csr_array(economy.techniques.use)
    made = np.flatnonzero(output.sum(axis=1) > 0)
    output, use = output[made], use[made]
    if not len(made) or _surplus_by_rounds(output, use, economy.techniques.activity):
        return None
    if _surplus_by_programme(output, use, economy.techniques.activity):
        return None
    return _worst_circle(economy, made, output, use)


def _suppliers(output: Sparse, activity: Floats) -> Sparse:
    """Return the activity of each technique for one unit of each product [m x made].

    Techniques keep their observed shares in a product; where it was not made, they share it
    equally.
    """
    supply = output @ activity
    idle = supply <= 0
    makers = np.maximum(np.diff(output.indptr), 1)
    running = output.copy()
    running.data = activity[output.indices]
    shares = sp.diags_array(1 / np.where(idle, 1, supply)) @ running
    equal = output.copy()
    equal.data = 1 / output.data
    rest = sp.diags_array(np.where(idle, 1 / makers, 0.0)) @ equal
    return sp.csr_array((shares + rest).T)


def _surplus_by_rounds(output: Sparse, use: Sparse, activity: Floats) -> bool:
    r"""Return whether raising demand for what is used up comes to rest.

    With :math:`F(d)` what making d uses up, :math:`F(d) < d` for one d is a proof. The rounds
    :math:`d \leftarrow b + F(d)` find one where the observed shares can.
    """
    suppliers = _suppliers(output, activity)
    supply = output @ activity
    asked = np.where(supply > 0, supply, 1.0)
    demand = asked
    for _ in range(ROUNDS_MAX):
        # A joint technique runs for the product of which most is wanted.
        needed = suppliers.multiply(demand).tocsr().max(axis=1).toarray().ravel()
        used = use @ needed
        if (used < demand).all():
            return True
        if (used > GROWN_MOST * asked).any():
            break
        demand = asked + used
    return False


def _surplus_by_programme(output: Sparse, use: Sparse, activity: Floats) -> bool:
    """Return whether any activity at all leaves a surplus, as a linear programme sees it."""
    supply = output @ activity
    asked = np.where(supply > 0, supply, 1.0)
    scale = np.where(activity > 0, activity, 1.0)
    balance = sp.diags_array(1 / asked) @ (use - output) @ sp.diags_array(scale)
    # linprog takes sparse matrices; its stubs do not know.
    surplus = sp.csr_array(np.ones((len(asked), 1)))
    rows: Any = sp.csr_array(sp.hstack([balance, surplus]))
    found: Any = linprog(
        np.append(np.zeros(len(activity)), -1.0),
        A_ub=rows,
        b_ub=np.zeros(len(asked)),
        bounds=[*[(0, None)] * len(activity), (0, 1)],
        method="highs",
    )
    return bool(found.status == 0 and -found.fun > SURPLUS_LEAST)


def _worst_circle(economy: Economy, made: Integers, output: Sparse, use: Sparse) -> Circle:
    """Return the circle with the largest root of the coefficients at observed shares.

    A joint technique's inputs are split among its products by value (by equal parts where
    they have no price).
    """
    techniques = economy.techniques
    prices = economy.products.prices[made]
    value = sp.diags_array(np.where(prices > 0, prices, 1.0)) @ output
    total = value.sum(axis=0)
    part = sp.csr_array(value @ sp.diags_array(1 / np.where(total > 0, total, 1.0)))
    suppliers = _suppliers(output, techniques.activity)
    coefficients = sp.csc_array(use @ suppliers.multiply(part.T).tocsr())
    worst = max(circles(coefficients), key=lambda circle: circle.radius_upper)
    principal = int(worst.principal)
    weights = suppliers[:, [principal]].toarray().ravel()
    own = np.asarray(use[worst.branches].sum(axis=0)).ravel()
    technique = int(np.argmax(weights * (own > 0) + weights * 1e-9))
    return Circle(made[worst.branches], float(worst.radius_upper), technique)
