"""Tidying a course: what an engine leaves of rounding is taken out of a producer's own rules.

An engine keeps a rule to a part in a thousand million of a producer's largest quantity. Beside what
does not run, or may not, that is much. A course follows from its activities and investments alone:
capacity is accumulated, activities are cut to the capacity that can be used, and the bands of
change are filled anew, so that every rule of the producer's holds to the computer's rounding.
"""

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.counted import COUNTED
from counterplan.dialogue.drafts import CHANGES, accumulate, fill_bands, put
from counterplan.dialogue.parts import CENTRE, Parts
from counterplan.economy.economy import Floats, Integers
from counterplan.plan.problem import Problem

TRADE = (("import_share", "imports_up", "imports_down"),
         ("investment_import_share", "investment_imports_up", "investment_imports_down"),
         ("export_change", "exports_up", "exports_down"))  # fmt: skip


def tidied(parts: Parts, courses: Floats) -> Floats:
    """Return courses [N] that keep their producers' own rules to rounding."""
    problem = parts.problem
    course = np.zeros_like(courses)
    put(problem, course, "investment", np.maximum(problem.value("investment", courses), 0.0))
    if COUNTED in problem.columns:
        most = problem.variables.blocks[COUNTED].upper
        put(problem, course, COUNTED, np.clip(problem.value(COUNTED, courses), 0.0, most))
    accumulate(problem, course)
    activity = np.maximum(problem.value("activity", courses), 0.0)
    put(problem, course, "activity", within_capacity(parts, course, activity))
    for family, up, down in CHANGES:
        fill_bands(problem, course, family=family, up=up, down=down)
    return course


def within_capacity(parts: Parts, course: Floats, activity: Floats) -> Floats:
    """Return activities [m x P], cut to what their producer's own capacity can carry."""
    problem, outlook = parts.problem, parts.problem.outlook
    need = sp.coo_array(outlook.economy.capital.need)
    there = problem.value("capacity", course) * outlook.usable
    used = need @ activity
    share = np.divide(there, used, out=np.ones_like(used), where=used > there)
    share[parts.rows[problem.rows["capacity"].rows] == CENTRE] = 1.0
    least = np.ones_like(activity)
    item, technique = need.coords
    np.minimum.at(least, technique, share[item])
    return activity * least


def tidied_trade(parts: Parts, primal: Floats) -> Floats:
    """Return a plan [N] whose bands of trade hold their rules to rounding.

    What is not bought or sold has rules in which nothing stands but what an engine left.
    """
    problem, plan = parts.problem, primal.copy()
    for family, up, down in TRADE:
        for name in (up, down):
            first = problem.columns[name]
            plan[first : first + problem.variables.blocks[name].size] = 0.0
        spoken = np.flatnonzero((problem.rows[family].rows >= 0).any(axis=1))
        if spoken.size:
            fill_some(problem, plan, spoken, family=family, up=up, down=down)
    return plan


def fill_some(
    problem: Problem, plan: Floats, spoken: Integers, *, family: str, up: str, down: str
) -> None:
    """Set the bands of items that a family speaks of, the cheapest first."""
    rows = problem.rows[family].rows[spoken]
    change = (problem.program.matrix @ plan)[rows] - problem.program.row_lower[rows]
    for name, amount in ((up, np.maximum(change, 0)), (down, np.maximum(-change, 0))):
        items, periods = problem.rows[family].rows.shape
        width = problem.variables.blocks[name].upper.reshape(items, -1, periods)[spoken]
        before = np.cumsum(width, axis=1) - width
        bands = np.zeros((items, width.shape[1], periods))
        bands[spoken] = np.clip(amount[:, None, :] - before, 0.0, width)
        put(problem, plan, name, bands.reshape(-1, periods))
