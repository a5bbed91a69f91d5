r"""Cases: a bound over all choices of projects that can be recomputed.

Valuations prove a bound for divisible plans. With the choices of some projects made they prove one
for all plans that make these choices. Cases that leave out no choice, each with valuations of its
own, prove one for all plans:

.. math:: \max_x c^\top x \;\le\; \max_k\; b(y_k),
          \qquad b(y) \text{ the bound of the certificate within case } k.

Nobody has to trust whoever found the cases: that they leave out no choice is counted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.solve.program import Program

CASES_MAX = 128  # so many are looked for, saved and read at most


@dataclass(frozen=True)
class Case:
    """Some choices of projects, with valuations for the plans that make them.

    Attributes
    ----------
    choices
        Column of the programme -> 0 or 1. Empty: all plans.
    dual
        [R] valuation of every row.
    """

    choices: dict[int, int]
    dual: Floats


def narrowed(program: Program, choices: dict[int, int]) -> Program:
    """Return the programme with some choices made and the others as if they were divisible."""
    lower, upper = program.lower.copy(), program.upper.copy()
    for column, choice in choices.items():
        lower[column] = upper[column] = float(choice)
    whole = np.zeros_like(program.integer)
    return replace(program, lower=lower, upper=upper, integer=whole)


def open_choices(program: Program) -> list[int]:
    """Return the columns that are a choice between 0 and 1."""
    binary = program.integer & (program.lower == 0) & (program.upper == 1)
    return [int(column) for column in np.flatnonzero(binary)]


def leave_out_nothing(cases: Sequence[Case], program: Program) -> bool:
    """Return whether every choice of projects lies in one of the cases.

    It does where no two cases share a plan and their shares of all choices add up to one: k choices
    between 0 and 1 that are made leave :math:`2^{-k}` of all choices.
    """
    known = set(open_choices(program))
    for case in cases:
        if not (set(case.choices) <= known and set(case.choices.values()) <= {0, 1}):
            return False
    for one, other in combinations(cases, 2):
        shared = set(one.choices) & set(other.choices)
        if all(one.choices[column] == other.choices[column] for column in shared):
            return False
    return sum((Fraction(1, 2 ** len(case.choices)) for case in cases), Fraction(0)) == 1
