r"""A linear or mixed-integer programme, and an answer to it.

.. math:: \max_x\; c^\top x \quad\text{s.t.}\quad r^- \le A x \le r^+,\; l \le x \le u
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Sparse = Any  # scipy's csr_array; its stubs cannot say "float64, two dimensions"


class Engine(StrEnum):
    """The algorithms that can be asked for.

    ``vertex`` is IPX with crossover to a corner, ``loose`` IPX that stops a little earlier.
    """

    AUTOMATIC = "auto"
    SIMPLEX = "simplex"
    VERTEX = "vertex"
    IPX = "ipx"
    LOOSE = "loose"
    HIPO = "hipo"
    PDLP = "pdlp"


class Outcome(StrEnum):
    """What an engine says of a programme; never believed, only used to choose what to do next."""

    SOLVED = "solved"
    IMPOSSIBLE = "impossible"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Program:
    """Maximise ``reward @ x`` over the box and the rows.

    Attributes
    ----------
    matrix
        [R x N] scipy csr_array.
    row_lower, row_upper
        [R], possibly infinite.
    lower, upper
        [N].
    reward
        [N].
    integer
        [N] bool.
    """

    matrix: Any
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    reward: Floats
    integer: npt.NDArray[np.bool_]

    @property
    def divisible(self) -> bool:
        """Whether no variable is an integer."""
        return not bool(self.integer.any())


@dataclass(frozen=True)
class Answer:
    """What an engine returned.

    Attributes
    ----------
    primal
        [N].
    dual
        [R] value of one more unit on the right-hand side, in units of the reward.
    bound
        For programmes with integers, the engine's own bound on the value; else nan.
    """

    outcome: Outcome
    primal: Floats
    dual: Floats
    engine: str
    seconds: float
    iterations: int
    bound: float = float("nan")
