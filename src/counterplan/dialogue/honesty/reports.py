"""Reports: the plan problem as the centre reads it from what producers say, true or not."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.honesty.lies import Lie, claims_of, sparse_rows
from counterplan.economy.economy import Floats
from counterplan.plan.problem import Problem

GOODS = ("product_balance", "import_share", "investment_import_share", "self_reliance")
WORK = ("labour", "labour_mobility")
PLANT = ("capacity",)


@dataclass(frozen=True)
class Report:
    """What the centre reads, and by how much it differs from the truth.

    Attributes
    ----------
    truth, told
        The plan problem as it is, and as the centre reads it.
    change
        D [R x N]: coefficients beyond the truth.
    shift
        d [R]: what is claimed whatever the plan.
    """

    truth: Problem
    told: Problem
    lie: Lie
    change: Any
    shift: Floats

    def surplus(self, course: Floats) -> Floats:
        r"""Return what a course gives beyond the true need, by rule [R].

        .. math:: g = -(D x + d)
        """
        found: Floats = -(self.change @ course + self.shift)
        return found


def report_of(truth: Problem, lie: Lie) -> Report:
    """Return what the centre reads of a plan problem when some lie."""
    program = truth.program
    height, width = program.matrix.shape
    shift = np.zeros(height)
    pieces = []
    for name, claim in claims_of(truth.outlook, truth.variables, lie).items():
        numbers = truth.rows[name].rows.T.ravel()
        there = np.flatnonzero(numbers >= 0)
        shift[numbers[there]] = claim.constant.T.ravel()[there]
        place = sp.csr_array(
            (np.ones(there.size), (numbers[there], there)), shape=(height, numbers.size)
        )
        pieces.append(place @ sparse_rows(claim, truth.columns, width))
    change = sp.csr_array(sum(pieces, start=sp.csr_array((height, width))))
    change.eliminate_zeros()
    told = replace(
        program,
        matrix=sp.csr_array(program.matrix + change),
        row_lower=program.row_lower - shift,
        row_upper=program.row_upper - shift,
    )
    return Report(truth, replace(truth, program=told), lie, change, shift)
