"""Assembly: from an outlook and the constraint families to one linear programme with labels."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from counterplan.economy.economy import Codes, Floats, Integers, Sparse
from counterplan.errors import CounterplanError
from counterplan.plan import families as _families
from counterplan.plan.family import REGISTRY, Family, Variables
from counterplan.plan.linear import Block, Rows
from counterplan.plan.outlook import Outlook
from counterplan.solve.program import Program

assert _families.__all__, "importing the families fills the registry"


@dataclass(frozen=True)
class RowBlock:
    """Where one family's rows stand in the programme.

    Attributes
    ----------
    rows
        [items x P] row number, -1 where the family says nothing.
    """

    family: Family
    items: Codes
    dimension: str
    rows: Integers


@dataclass(frozen=True)
class Problem:
    """The plan problem, assembled and labelled.

    Attributes
    ----------
    columns
        Name of a variable -> number of its first column; item i of period t stands at
        ``first + t * items + i``.
    """

    outlook: Outlook
    variables: Variables
    program: Program
    columns: dict[str, int]
    rows: dict[str, RowBlock]

    def value(self, name: str, vector: Floats) -> Floats:
        """Return one variable's part of a vector over columns [items x P]."""
        block = self.variables.blocks[name]
        part = vector[self.columns[name] : self.columns[name] + block.size]
        return part.reshape(block.lower.shape[::-1]).T

    def row_values(self, name: str, vector: Floats) -> Floats:
        """Return one family's part of a vector over rows [items x P]; nan where it says nothing."""
        rows = self.rows[name].rows
        padded = np.append(vector, np.nan)
        return padded[rows]

    @cached_property
    def base_consumption(self) -> float:
        """Value of the observed baskets of the reported periods, as the mandate weighs them.

        The yardstick of every gap. It takes the baskets that were observed, on trend, and not
        those that are asked for, and counts periods and groups with the weights of the mandate:
        no scenario can stretch it to hide a gap.
        """
        outlook, demand = self.outlook, self.outlook.economy.demand
        observed = np.column_stack([demand.consumption, demand.collective])
        entries = (outlook.basket_product, outlook.basket_group)
        price = outlook.economy.products.prices[outlook.basket_product]
        value = (price * outlook.group_weights[outlook.basket_group]) @ observed[entries]
        return float(value * (outlook.trend * outlook.periods.weights)[:-1].sum())


def assemble(outlook: Outlook, *, extra: Iterable[Family] = ()) -> Problem:
    """Build the programme of a plan.

    Parameters
    ----------
    outlook
        What the scenario gives.
    extra
        Families of one's own, beside the registry's.

    Raises
    ------
    CounterplanError
        When two families have one name, so that one's rows would pass for the other's.
    """
    every = [*REGISTRY.values(), *extra]
    check_names(every)
    blocks = [make(outlook) for one in every for make in one.variables]
    variables = Variables(blocks, outlook.periods)
    columns, width = first_columns(variables)
    pieces, row_blocks, height = [], {}, 0
    for one in every:
        rows = one.rows(outlook, variables)
        piece = flatten(rows, columns, width)
        numbers = numbered(rows, height)
        row_blocks[one.name] = RowBlock(one, rows.items, rows.dimension, numbers)
        pieces.append(piece)
        height += piece[0].shape[0]
    program = Program(
        matrix=sp.vstack([piece[0] for piece in pieces], format="csr"),
        row_lower=np.concatenate([piece[1] for piece in pieces]),
        row_upper=np.concatenate([piece[2] for piece in pieces]),
        lower=column_vector(variables, lambda b: b.lower),
        upper=column_vector(variables, lambda b: b.upper),
        reward=column_vector(variables, lambda b: b.reward * outlook.periods.weights),
        integer=column_vector(variables, lambda b: np.full(b.lower.shape, float(b.integer))) > 0,
    )
    return Problem(outlook, variables, program, columns, row_blocks)


def check_names(every: Sequence[Family]) -> None:
    """Refuse two families of one name."""
    names = [one.name for one in every]
    for name in names:
        if names.count(name) > 1:
            raise CounterplanError(f"two constraint families are named '{name}'")


def first_columns(variables: Variables) -> tuple[dict[str, int], int]:
    """Return where each variable's columns begin, and how many columns there are."""
    columns, width = {}, 0
    for name, block in variables.blocks.items():
        columns[name] = width
        width += block.size
    return columns, width


def kept(rows: Rows) -> npt.NDArray[np.bool_]:
    """Return which rows say something [items x P]."""
    if rows.keep is None:
        return np.ones(rows.lower.shape, dtype=bool)
    return np.asarray(rows.keep, dtype=bool)


def numbered(rows: Rows, start: int) -> Integers:
    """Return the number of each row in the programme [items x P], -1 where there is none."""
    keep = kept(rows).T.ravel()
    numbers = np.where(keep, start + np.cumsum(keep) - 1, -1)
    return np.asarray(numbers.reshape(rows.lower.shape[::-1]).T, dtype=np.int64)


def flatten(rows: Rows, columns: dict[str, int], width: int) -> tuple[Sparse, Floats, Floats]:
    """Return a family's matrix [R x width] and the bounds of its rows [R]."""
    keep = np.flatnonzero(kept(rows).T.ravel())
    parts = []
    for name, block in rows.expression.blocks.items():
        part = sp.coo_array(sp.csr_array(block)[keep])
        parts.append((part.data, part.coords[0], part.coords[1] + columns[name]))
    shape = (len(keep), width)
    if parts:
        data, row, column = (np.concatenate(piece) for piece in zip(*parts, strict=True))
        matrix = sp.csr_array((data, (row, column)), shape=shape)
    else:
        matrix = sp.csr_array(shape)
    matrix.eliminate_zeros()
    constant = rows.expression.constant.T.ravel()[keep]
    lower, upper = rows.lower.T.ravel()[keep], rows.upper.T.ravel()[keep]
    return matrix, lower - constant, upper - constant


def column_vector(variables: Variables, of: Callable[[Block], Floats]) -> Floats:
    """Return one number per column, variable after variable, period-major."""
    parts = [np.asarray(of(block)).T.ravel() for block in variables.blocks.values()]
    return np.concatenate(parts).astype(np.float64)
