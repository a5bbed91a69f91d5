"""Drafts: courses by branch that the centre suggests, and what each producer makes of them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.parts import CENTRE, Parts
from counterplan.economy.economy import Bools, Floats
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem

FITS = 1e-9  # of the terms of a rule: what rounding leaves
CHANGES = (("output_change", "output_up", "output_down"),
           ("investment_change", "investment_up", "investment_down"))  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A course suggested to every producer of a branch.

    Attributes
    ----------
    activity, investment
        [b x P] against the base period on trend, by branch in the economy's order.
    """

    activity: Floats
    investment: Floats


def as_before(problem: Problem) -> Draft:
    """Return the draft that asks everybody to go on on trend."""
    outlook = problem.outlook
    ones = np.ones((len(outlook.economy.branches()), len(outlook.periods)))
    return Draft(ones, ones)


def draft_of(plan: Plan) -> Draft:
    """Return what a plan of the economy by branches suggests to each branch."""
    economy, trend = plan.economy, plan.outlook.trend
    activity = against(plan.quantity("activity"), economy.techniques.activity[:, None] * trend)
    investment = against(plan.quantity("investment"), economy.capital.investment[:, None] * trend)
    return Draft(activity, investment)


def against(values: Floats, base: Floats) -> Floats:
    """Return values over their base, 1 where there is no base."""
    return np.divide(values, base, out=np.ones_like(values), where=base > 0)


def followed(parts: Parts, draft: Draft) -> tuple[Floats, Bools]:
    """Return the course of every producer along a draft [N], and who can follow it [S]."""
    problem, economy = parts.problem, parts.problem.outlook.economy
    branch = {code: i for i, code in enumerate(economy.branches())}
    trend = problem.outlook.trend
    own = [branch[code] for code in economy.branch_of_technique()]
    built = [branch[code] for code in economy.branch_of_capital()]
    course = np.zeros(parts.columns.size)
    put(
        problem,
        course,
        "activity",
        draft.activity[own] * economy.techniques.activity[:, None] * trend,
    )
    put(
        problem,
        course,
        "investment",
        draft.investment[built] * economy.capital.investment[:, None] * trend,
    )
    accumulate(problem, course)
    for family, up, down in CHANGES:
        fill_bands(problem, course, family=family, up=up, down=down)
    return course, can_follow(parts, course)


def put(problem: Problem, course: Floats, name: str, values: Floats) -> None:
    """Set one variable [items x P] in a course."""
    first = problem.columns[name]
    course[first : first + values.size] = values.T.ravel()


def accumulate(problem: Problem, course: Floats) -> None:
    """Set capacity period by period, from what was left and what has been finished."""
    program = problem.program
    matrix = sp.csr_array(program.matrix)
    rows = problem.rows["capital_accumulation"].rows
    first, count = problem.columns["capacity"], len(rows)
    for t in range(rows.shape[1]):
        columns = first + t * count + np.arange(count)
        here = matrix[rows[:, t]]
        missing = program.row_lower[rows[:, t]] - here @ course
        course[columns] = missing / here[np.arange(count), columns]


def fill_bands(problem: Problem, course: Floats, *, family: str, up: str, down: str) -> None:
    """Set the bands of one kind of change, the cheapest first."""
    program = problem.program
    rows = problem.rows[family].rows
    change = (program.matrix @ course)[rows] - program.row_lower[rows]
    for name, amount in ((up, np.maximum(change, 0)), (down, np.maximum(-change, 0))):
        width = problem.variables.blocks[name].upper
        width = width.reshape(len(rows), -1, rows.shape[1])
        before = np.cumsum(width, axis=1) - width
        filled = np.clip(amount[:, None, :] - before, 0.0, width)
        put(problem, course, name, filled.reshape(-1, rows.shape[1]))


def can_follow(parts: Parts, course: Floats, *, fits: float = FITS) -> Bools:
    """Return which producers keep all their own rules and bounds on a course [S].

    Parameters
    ----------
    fits
        Share of the terms of a rule, or of what a bound leaves free, that is nothing.
    """
    program = parts.program
    with np.errstate(over="ignore", invalid="ignore"):  # what is no number is beyond every limit
        left = program.matrix @ course
        size = abs(program.matrix) @ np.abs(course) + 1e-300
        beyond = np.maximum(program.row_lower - left, left - program.row_upper) / size
        outside = np.maximum(program.lower - course, course - program.upper)
        outside /= np.maximum(program.upper - program.lower, 1e-300)
    fine = np.ones(len(parts.producers), dtype=bool)
    rows = parts.rows[~(beyond <= fits) & (parts.rows != CENTRE)]
    columns = parts.columns[~(outside <= fits) & (parts.columns != CENTRE)]
    fine[rows] = False
    fine[columns] = False
    return fine
