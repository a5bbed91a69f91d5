"""The centre's own part of a mixture problem, scaled and put in one form, made once."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.errors import CounterplanError
from counterplan.solve.program import Floats, Integers, Program, Sparse


@dataclass(frozen=True)
class Frame:
    r"""The centre's variables z between 0 and u under rules that are equations.

    .. math:: \min\; c^\top z \quad\text{s.t.}\quad A z + \ldots = b

    x = l + size z for the variables that can move, then one variable for what each inequality
    leaves free.

    Attributes
    ----------
    matrix, transposed, by_column, one
        A [R x N] by rows, its transpose by rows, A by columns, and the unit matrix [R x R].
    sides, cost, upper
        b [R], c [N], u [N] possibly infinite.
    touched, apart
        [T], [U] which rules any block touches, and which none.
    boxed
        [F] which variables have a finite u.
    loose
        [I] which rules are inequalities.
    scale, unit
        [R] and of the reward: what the centre's problem was multiplied by.
    moving, size, lower
        [M], [M], [N0] which variables can move, their sizes, and everybody's lower bounds.
    """

    matrix: Sparse
    transposed: Sparse
    by_column: Sparse
    one: Sparse
    sides: Floats
    cost: Floats
    upper: Floats
    touched: Integers
    apart: Integers
    boxed: Integers
    loose: Integers
    scale: Floats
    unit: float
    moving: Integers
    size: Floats
    lower: Floats

    def decided(self, z: Floats) -> Floats:
        """Return the centre's own variables [N0]."""
        own = self.lower.copy()
        own[self.moving] += self.size * z[: self.moving.size]
        return own

    def valuations(self, rules: Floats) -> Floats:
        """Return duals of the rules [R] as valuations, in units of the reward."""
        worth: Floats = -rules * self.scale / self.unit
        return worth

    def rules(self, valuations: Floats) -> Floats:
        """Return valuations [R] as duals of the rules."""
        duals: Floats = -valuations * self.unit / self.scale
        return duals

    def scaled(self, shares: Floats) -> Floats:
        """Return what proposals put into the rules that are touched [T x K], in A's units."""
        return np.asfortranarray(shares * self.scale[self.touched][:, None])

    def outset(self, slack: Floats) -> Floats:
        """Return where variables without an upper bound set out [N]: 1, or what is given [I]."""
        return np.concatenate([np.ones(self.moving.size), slack])


def frame_of(program: Program, touched: Integers) -> Frame:
    """Return the centre's problem in the frame's form.

    Raises
    ------
    CounterplanError
        Where a variable has no lower bound.
    """
    if not np.isfinite(program.lower).all():
        raise CounterplanError("a variable of the centre's has no lower bound")
    width = program.upper - program.lower
    moving = np.flatnonzero(width > 0)
    size = np.sqrt(np.where(np.isfinite(width), width, 1.0))[moving]
    matrix = sp.csr_array(sp.csr_array(program.matrix)[:, moving] @ sp.diags_array(size))
    largest = abs(matrix).max(axis=1).toarray().ravel()
    scale = 1 / np.where(largest > 0, largest, 1.0)
    low, high = program.row_lower, program.row_upper
    loose = np.flatnonzero(low < high)
    below = np.isfinite(low)
    slacks = sp.csr_array(
        (np.where(below, -1.0, 1.0)[loose], (loose, np.arange(loose.size))),
        shape=(low.size, loose.size),
    )
    whole = sp.hstack([sp.diags_array(scale) @ matrix, slacks], format="csr")
    reach = np.where(below, high - low, np.inf)[loose] * scale[loose]
    upper = np.concatenate([width[moving] / size, reach])
    reward = program.reward[moving] * size
    unit = 1 / max(np.abs(reward).max(initial=0.0), 1e-300)
    sides = (np.where(below, low, high) - program.matrix @ program.lower) * scale
    return Frame(
        matrix=whole,
        transposed=sp.csr_array(whole.T),
        by_column=sp.csc_array(whole),
        sides=sides,
        cost=np.concatenate([-reward * unit, np.zeros(loose.size)]),
        upper=upper,
        touched=touched,
        apart=np.setdiff1d(np.arange(sides.size), touched),
        one=sp.eye_array(sides.size, format="csr"),
        boxed=np.flatnonzero(np.isfinite(upper)),
        loose=loose,
        scale=scale,
        unit=unit,
        moving=moving,
        size=size,
        lower=program.lower,
    )
