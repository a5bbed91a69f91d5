"""Finding cases that prove the bound over all choices of projects.

Land and Doig's branching, with the plan's own value to close cases: a case is split on the choice
that is furthest from made, until valuations prove that no plan within it is better. Where limits
are met the open cases stay as they are: they leave out nothing, and prove less.
"""

import time
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Floats
from counterplan.plan.cases import CASES_MAX, Case, narrowed, open_choices
from counterplan.plan.certificate import dual_bound, usable
from counterplan.solve.highs import solve
from counterplan.solve.program import Answer, Engine, Outcome, Program


def proof_by_cases(program: Program, *, enough: float, seconds_max: float) -> tuple[Case, ...]:
    """Return cases that leave out no choice, each proved to be worth at most ``enough``.

    Parameters
    ----------
    enough
        The value that no case may be worth more than, in units of the programme's reward.
    seconds_max
        Stop splitting cases after so long.

    Returns
    -------
    The cases; where a limit was met, or a choice is not one between 0 and 1, some may be worth
    more than ``enough`` by their valuations.
    """
    deadline = time.monotonic() + seconds_max
    waiting = [Case({}, np.zeros(program.row_lower.size))]
    settled: list[Case] = []
    while waiting:
        case = waiting.pop()
        left = deadline - time.monotonic()
        if left <= 0:
            settled.append(case)
            continue
        case, answer = valued(program, case, enough=enough, seconds_max=left)
        column = undecided(program, case, answer)
        full = len(settled) + len(waiting) + 2 > CASES_MAX
        if bound_within(program, case) <= enough or column is None or full:
            settled.append(case)
            continue
        waiting += [Case({**case.choices, column: choice}, case.dual) for choice in (0, 1)]
    return tuple(settled)


def bound_within(program: Program, case: Case) -> float:
    """Return what no plan of a case is worth more than."""
    return dual_bound(narrowed(program, case.choices), case.dual)


def valued(
    program: Program, case: Case, *, enough: float, seconds_max: float
) -> tuple[Case, Answer]:
    """Return a case with the best valuations found for it, and the divisible plan within it."""
    within = narrowed(program, case.choices)
    answer = solve(within, engine=Engine.AUTOMATIC, seconds_max=seconds_max)
    found = [case]
    if np.isfinite(answer.dual).all():
        found.append(Case(case.choices, answer.dual))
    best = min(found, key=lambda one: dual_bound(within, one.dual))
    if answer.outcome is Outcome.IMPOSSIBLE and dual_bound(within, best.dual) > enough:
        ray = impossibility(within, seconds_max=seconds_max)
        best = Case(case.choices, raised(within, best.dual, ray=ray, enough=enough))
    return best, answer


def impossibility(program: Program, *, seconds_max: float) -> Floats:
    r"""Return valuations that show that a programme has no plan [R], as well as they can.

    They are the valuations of the least violation of the rows,
    :math:`\min \sum_r (s^+_r + s^-_r)` with :math:`r^- \le A x + s^+ - s^- \le r^+`: by them the
    bound of a programme without reward falls below 0.
    """
    count = program.row_lower.size
    slack = sp.eye_array(count, format="csr")
    least = replace(
        program,
        matrix=sp.hstack([program.matrix, slack, -slack], format="csr"),
        lower=np.concatenate([program.lower, np.zeros(2 * count)]),
        upper=np.concatenate([program.upper, np.full(2 * count, np.inf)]),
        reward=np.concatenate([np.zeros_like(program.reward), -np.ones(2 * count)]),
        integer=np.zeros(program.reward.size + 2 * count, dtype=bool),
    )
    found = solve(least, engine=Engine.SIMPLEX, seconds_max=seconds_max).dual
    return np.nan_to_num(found)


def raised(program: Program, dual: Floats, *, ray: Floats, enough: float) -> Floats:
    """Return valuations with so much of a ray that they prove ``enough``, if the ray can."""
    first, ray = usable(program, dual), usable(program, ray)
    falls = dual_bound(replace(program, reward=np.zeros_like(program.reward)), ray)
    if falls >= 0:
        return dual
    above = dual_bound(program, dual) - enough
    both: Floats = first + (1.01 * above / -falls) * ray
    return both


def undecided(program: Program, case: Case, answer: Answer) -> int | None:
    """Return the open choice furthest from made in a divisible plan; the first where none is."""
    left = [column for column in open_choices(program) if column not in case.choices]
    if not left or answer.outcome is Outcome.IMPOSSIBLE:
        return left[0] if left else None
    values = np.nan_to_num(answer.primal[left])
    away = np.abs(values - np.round(values))
    return left[int(np.argmax(away))]
