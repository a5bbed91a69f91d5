"""Labels: which variable or family, item and period a column or row of the programme stands for."""

from typing import NamedTuple

import numpy as np

from counterplan.economy.economy import Integers
from counterplan.plan.problem import Problem


class Label(NamedTuple):
    """One column or row.

    Attributes
    ----------
    name
        Of the variable or the constraint family.
    item, period
        Positions among its items and among the plan's periods, the tail last.
    """

    name: str
    item: int
    period: int


def column_numbers(problem: Problem, name: str) -> Integers:
    """Return the column of each item and period of a variable [items x P]."""
    block = problem.variables.blocks[name]
    flat = np.arange(block.size).reshape(block.lower.shape[::-1]).T
    return flat + problem.columns[name]


def column_label(problem: Problem, number: int) -> Label:
    """Return the label of one column."""
    for name, block in problem.variables.blocks.items():
        place = number - problem.columns[name]
        if 0 <= place < block.size:
            period, item = divmod(place, block.lower.shape[0])
            return Label(name, item, period)
    raise IndexError(f"no column {number}")


def row_label(problem: Problem, number: int) -> Label:
    """Return the label of one row."""
    for name, block in problem.rows.items():
        # Families are numbered one after the other.
        if number <= block.rows.max(initial=-1):
            [[item, period]] = np.argwhere(block.rows == number)
            return Label(name, int(item), int(period))
    raise IndexError(f"no row {number}")


def column_labels(problem: Problem) -> list[Label]:
    """Return the label of every column [N]."""
    labels = []
    for name, block in problem.variables.blocks.items():
        items, periods = block.lower.shape
        labels += [Label(name, i, t) for t in range(periods) for i in range(items)]
    return labels


def row_labels(problem: Problem) -> list[Label]:
    """Return the label of every row [R]."""
    labels = []
    for name, block in problem.rows.items():
        rows = block.rows.T
        labels += [Label(name, int(i), int(t)) for t, i in np.argwhere(rows >= 0)]
    return labels
