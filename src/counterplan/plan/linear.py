r"""Labelled linear expressions over the plan's variables, held as sparse blocks.

An :class:`Expression` has one value for each item and period; item ``i`` of period ``t`` stands
in row ``t * items + i``. It holds one sparse block for each variable it depends on, so that a
sum or a product touches only what is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from counterplan.economy.economy import Codes, Floats, Sparse
from counterplan.plan.periods import Periods


@dataclass(frozen=True)
class Block:
    """One variable of the plan, for each item and period.

    Attributes
    ----------
    name, unit
        What it is called and measured in.
    items
        [I] labels; ``dimension`` names them.
    lower, upper
        [I x P] bounds, in units; every upper bound is finite, so that a bound on the plan's
        value can be computed from any valuations.
    reward
        [I x P] what one unit adds to the mandate's value, before the weight of the period.
    integer
        Whether it counts things that cannot be divided.
    """

    name: str
    unit: str
    dimension: str
    items: Codes
    lower: Floats
    upper: Floats
    reward: Floats
    integer: bool = False

    @property
    def size(self) -> int:
        """Number of scalars."""
        return self.lower.size


@dataclass(frozen=True)
class Expression:
    """A linear function of the variables for each item and period.

    Attributes
    ----------
    blocks
        Name of a variable -> sparse [items * P x size of the variable].
    constant
        [items x P].
    """

    blocks: Mapping[str, Sparse]
    constant: Floats
    periods: Periods

    __array_ufunc__ = None  # let arrays defer to the operators below

    @property
    def items(self) -> int:
        """Number of items."""
        return int(self.constant.shape[0])

    def __add__(self, other: "Expression | Floats | float") -> "Expression":
        if not isinstance(other, Expression):
            return Expression(self.blocks, self.constant + over(other), self.periods)
        blocks = dict(self.blocks)
        for name, block in other.blocks.items():
            blocks[name] = blocks[name] + block if name in blocks else block
        return Expression(blocks, self.constant + other.constant, self.periods)

    __radd__ = __add__

    def __neg__(self) -> "Expression":
        return self * -1.0

    def __sub__(self, other: "Expression | Floats | float") -> "Expression":
        return self + (-other if isinstance(other, Expression) else -np.asarray(other))

    def __rsub__(self, other: Floats | float) -> "Expression":
        return -self + other

    def __mul__(self, factor: Floats | float) -> "Expression":
        """Multiply by a number, or by an array [items x 1], [P] or [items x P]."""
        full = np.broadcast_to(over(factor), self.constant.shape)
        scale = sp.diags_array(full.T.ravel(), format="csr")
        blocks = {name: scale @ block for name, block in self.blocks.items()}
        return Expression(blocks, self.constant * full, self.periods)

    __rmul__ = __mul__

    def __rmatmul__(self, matrix: Sparse) -> "Expression":
        """Apply a matrix [r x items] in every period."""
        matrix = sp.csr_array(matrix)
        spread = sp.kron(sp.eye_array(len(self.periods)), matrix, format="csr")
        blocks = {name: sp.csr_array(spread @ block) for name, block in self.blocks.items()}
        return Expression(blocks, np.asarray(matrix @ self.constant), self.periods)

    def total(self) -> "Expression":
        """Sum over items."""
        return sp.csr_array(np.ones((1, self.items))) @ self

    def lag(self, before: Floats, *, steps: int = 1) -> "Expression":
        r"""Return the expression ``steps`` periods earlier.

        In the tail, :math:`(L y)^* = (1 - b)\, y_T + \beta\, y^*`: what the years after inherit
        from the last planned one, and what they hand on to each other.

        Parameters
        ----------
        before
            [items x steps] values of the periods just before the first one, oldest first.
        """
        result = self
        for step in range(steps):
            result = result._lagged_once(before[:, before.shape[1] - 1 - step])
        return result

    def _lagged_once(self, before: Floats) -> "Expression":
        p = self.periods
        count = len(p)
        shift = sp.lil_array((count, count))
        for t in range(1, count - 1):
            shift[t, t - 1] = 1.0
        shift[count - 1, count - 1] = p.beta
        if count > 1:
            shift[count - 1, count - 2] = 1 - p.b
        spread = sp.kron(sp.csr_array(shift), sp.eye_array(self.items), format="csr")
        blocks = {name: sp.csr_array(spread @ block) for name, block in self.blocks.items()}
        constant = self.constant @ shift.toarray().T
        constant[:, 0] += before
        return Expression(blocks, constant, p)

    def through(self, matrix: Sparse) -> "Expression":
        """Apply a matrix [r x items] in every period: ``matrix @ self``, with its type."""
        return self.__rmatmul__(matrix)

    def within(self, chosen: Floats | Sparse) -> "Expression":
        """Keep the items at the given positions."""
        positions = np.asarray(chosen, dtype=np.int64)
        pick = sp.csr_array(
            (np.ones(len(positions)), (np.arange(len(positions)), positions)),
            shape=(len(positions), self.items),
        )
        return pick @ self


def over(value: Floats | float) -> Floats:
    """Return a value ready to broadcast against [items x P]: a vector is over periods."""
    return np.asarray(value, dtype=np.float64)


def of_block(block: Block, periods: Periods) -> Expression:
    """Return the expression that is the variable itself."""
    identity = sp.eye_array(block.size, format="csr")
    return Expression({block.name: identity}, np.zeros(block.lower.shape), periods)


def fixed(value: Floats, periods: Periods) -> Expression:
    """Return an expression that is a constant [items x P]."""
    return Expression({}, np.asarray(value, dtype=np.float64), periods)


@dataclass(frozen=True)
class Rows:
    """Constraints: lower <= expression <= upper, for each item and period.

    Attributes
    ----------
    keep
        [items x P] rows that say something; the others are left out.
    """

    expression: Expression
    lower: Floats
    upper: Floats
    items: Codes
    dimension: str
    keep: Any = field(default=None)

    def only(self, keep: npt.NDArray[np.bool_]) -> "Rows":
        """Leave out the rows that say nothing; ``keep`` [items x P]."""
        return replace(self, keep=keep)


def at_least(
    left: Expression, right: "Expression | Floats | float", *, items: Codes, dimension: str
) -> Rows:
    """Left >= right, row by row."""
    difference = left - right
    shape = difference.constant.shape
    return Rows(difference, np.zeros(shape), np.full(shape, np.inf), items, dimension)


def at_most(
    left: Expression, right: "Expression | Floats | float", *, items: Codes, dimension: str
) -> Rows:
    """Left <= right, row by row, kept in the form right - left >= 0."""
    return at_least(-left, -right, items=items, dimension=dimension)


def equal(
    left: Expression, right: "Expression | Floats | float", *, items: Codes, dimension: str
) -> Rows:
    """Left == right, row by row."""
    difference = left - right
    shape = difference.constant.shape
    return Rows(difference, np.zeros(shape), np.zeros(shape), items, dimension)
