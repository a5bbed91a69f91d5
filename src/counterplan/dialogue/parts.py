"""Whose each variable and each rule of a plan is: a producer's own, or shared through the centre.

A producer owns its techniques' activities, its capacity and its investment, with the costs of
changing them. A rule that speaks of one producer's variables alone is that producer's own affair;
every other rule is shared, and the centre keeps it: balances of products, labour, foreign
currency, trade, consumption.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.counted import DIMENSION, enlarged, with_counting
from counterplan.economy.economy import Bools, Codes, Integers, Sparse
from counterplan.plan.problem import Problem
from counterplan.solve.program import Program

CENTRE = -1
TECHNIQUE, CAPITAL = "technique", "capital"


@dataclass(frozen=True)
class Parts:
    """The parts of a plan problem.

    Attributes
    ----------
    problem, asked
        The plan problem, in which producers count on shared projects
        (:mod:`counterplan.dialogue.counted`), and as it was asked; one and the same where there
        are no projects.
    producers
        [S] codes.
    columns, rows
        [N], [R] index of the owner, :data:`CENTRE` for what is shared.
    """

    problem: Problem
    producers: Codes
    columns: Integers
    rows: Integers
    asked: Problem

    @property
    def program(self) -> Program:
        """The whole programme."""
        return self.problem.program

    @property
    def own(self) -> Bools:
        """Which columns belong to a producer [N]."""
        return np.not_equal(self.columns, CENTRE)

    @property
    def shared(self) -> Bools:
        """Which rows are shared [R]."""
        return np.equal(self.rows, CENTRE)


def parts_of(problem: Problem) -> Parts:
    """Return whose each variable and rule of a plan problem is."""
    asked, problem = problem, with_counting(problem)
    columns = owners_of_columns(problem)
    rows = owners_of_rows(problem.program.matrix, columns)
    return Parts(problem, problem.outlook.economy.producers.codes, columns, rows, asked)


def owners_of_columns(problem: Problem) -> Integers:
    """Return the owner of each variable [N]: of techniques and capital, and of their bands."""
    economy, periods = problem.outlook.economy, len(problem.outlook.periods)
    owners = {
        TECHNIQUE: economy.techniques.producer,
        CAPITAL: economy.capital.producer,
        DIMENSION: economy.capital.producer[enlarged(economy)],
    }
    found = np.full(problem.program.reward.size, CENTRE, dtype=np.int64)
    for name, block in problem.variables.blocks.items():
        owner = owners.get(block.dimension.removesuffix(" band"))
        if owner is None or not owner.size:
            continue
        each = np.repeat(owner, len(block.items) // owner.size)
        first = problem.columns[name]
        found[first : first + block.size] = np.tile(each, periods)
    return found


def owners_of_rows(matrix: Sparse, columns: Integers) -> Integers:
    """Return the owner of each row [R]: the one producer whose variables are all that it has."""
    entries = sp.csr_array(matrix).tocoo()
    row, owner = entries.coords[0], columns[entries.coords[1]]
    count = matrix.shape[0]
    least = np.full(count, np.iinfo(np.int64).max)
    most = np.full(count, CENTRE, dtype=np.int64)
    np.minimum.at(least, row, owner)
    np.maximum.at(most, row, owner)
    return np.where(least == most, most, CENTRE)
