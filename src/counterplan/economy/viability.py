r"""Viability: whether the techniques together can make more of every product than they use up.

With several techniques for a product and several products for a technique, an economy is
productive when some activity :math:`x \ge 0` leaves a surplus of every product that is made:

.. math:: \sum_j V_{ij} x_j > \sum_j U_{ij} x_j \quad \text{for every made product } i

(Gale, *The Theory of Linear Economic Models*, 1960, ch. 9; for joint production Kurz and
Salvadori, *Theory of Production*, 1995, ch. 8). Products that nobody makes come from outside
and are left out.

Where no simple argument decides, a linear programme does, by SciPy: the economy's modules know
nothing of the engines that make plans, and no plan is made here.
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
    if not len(made):
        return None
    output, use, activity = output[made], use[made], economy.techniques.activity
    suppliers = _suppliers(output, activity)
    demand = _demand_at_rest(output, use, activity, suppliers)
    if demand is None or _surplus_by_programme(output, use, activity):
        return None
    return _worst_circle(made, use, suppliers, demand)


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


def _demand_at_rest(
    output: Sparse, use: Sparse, activity: Floats, suppliers: Sparse
) -> Floats | None:
    r"""Return None where demand for what is used up comes to rest, or how it grew.

    With :math:`F(d)` what making d uses up, :math:`F(d) < d` for one d proves a surplus. The
    rounds :math:`d \leftarrow b + F(d)` find one where the observed shares can.
    """
    supply = output @ activity
    asked = np.where(supply > 0, supply, 1.0)
    demand = asked
    for _ in range(ROUNDS_MAX):
        # A joint technique runs for the product of which most is wanted.
        needed = suppliers.multiply(demand).tocsr().max(axis=1).toarray().ravel()
        used = use @ needed
        if (used < demand).all():
            return None
        if (used > GROWN_MOST * asked).any():
            break
        demand = asked + used
    return np.asarray(demand)


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


def _worst_circle(made: Integers, use: Sparse, suppliers: Sparse, demand: Floats) -> Circle:
    """Return the circle with the largest root of the coefficients at observed shares.

    A joint technique's inputs are those of the product for which it runs; the others come
    with it.
    """
    wanted = suppliers.multiply(demand).tocsr().argmax(axis=1)
    ran_for = sp.coo_array(suppliers)
    kept = ran_for.coords[1] == wanted[ran_for.coords[0]]
    at = (ran_for.coords[0][kept], ran_for.coords[1][kept])
    chosen = sp.csr_array((ran_for.data[kept], at), shape=suppliers.shape)
    worst = max(circles(sp.csc_array(use @ chosen)), key=lambda circle: circle.radius_upper)
    makers = chosen[:, [int(worst.principal)]].toarray().ravel()
    own = np.asarray(use[worst.branches].sum(axis=0)).ravel()
    technique = int(np.argmax(makers * own))
    return Circle(made[worst.branches], float(worst.radius_upper), technique)
