"""The centre's projects: where they stand among its variables, and the plan as it was asked."""

from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.counted import COUNTED, enlarged
from counterplan.dialogue.drafts import accumulate, put
from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.master import Centre, Mixture
from counterplan.dialogue.parts import Parts
from counterplan.economy.economy import Bools, Floats, Integers
from counterplan.errors import CounterplanError
from counterplan.plan.problem import Problem


@dataclass(frozen=True)
class Projects:
    """Where the starts of projects stand.

    Attributes
    ----------
    places
        [projects x P] among the centre's variables.
    can
        [projects x P] which can be.
    known
        What was worked out of single offers (:mod:`counterplan.dialogue.choices`).
    """

    places: Integers
    can: Bools
    known: "WeakKeyDictionary[Answers, tuple[float, Floats]]" = field(
        default_factory=WeakKeyDictionary, compare=False, repr=False
    )

    def begun(self, mixture: Mixture) -> Floats:
        """Return how much of each project a mixture starts in each period [projects x P]."""
        return mixture.decided[self.places]

    def choice(self, mixture: Mixture) -> Bools:
        """Return which projects a mixture with whole projects starts [projects x P]."""
        return self.begun(mixture) > 0.5

    def chosen(self, centre: Centre, choice: Bools) -> Centre:
        """Return a centre that has made a choice."""
        program = centre.program
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[self.places] = upper[self.places] = choice.astype(np.float64)
        return replace(centre, program=replace(program, lower=lower, upper=upper))


def projects_of(parts: Parts, centre: Centre) -> Projects | None:
    """Return where projects stand; None where there are none.

    Raises
    ------
    CounterplanError
        Where anything else is indivisible.
    """
    program, problem = parts.program, parts.problem
    if program.divisible:
        return None
    block = problem.variables.blocks["project"]
    items, periods = block.lower.shape
    numbers = problem.columns["project"] + np.arange(block.size).reshape(periods, items).T
    if int(program.integer.sum()) != block.size:
        raise CounterplanError("only projects may be indivisible in a dialogue")
    return Projects(np.searchsorted(centre.columns, numbers), block.upper > 0)


# ---- the plan as it was asked --------------------------------------------------------------------


def as_asked(parts: Parts, primal: Floats) -> Floats:
    """Return a plan of the problem as it was asked [N], with all that its projects open."""
    if COUNTED not in parts.problem.columns:
        return primal
    asked = parts.asked
    plan = primal[: asked.program.reward.size].copy()
    again = plan.copy()
    put(asked, again, "capacity", np.zeros_like(asked.value("capacity", again)))
    accumulate(asked, again)
    capacity = asked.value("capacity", plan).copy()
    items = enlarged(asked.outlook.economy)
    capacity[items] = asked.value("capacity", again)[items]
    put(asked, plan, "capacity", capacity)
    return plan


def assigned_as_asked(parts: Parts) -> Bools:
    """Return which variables of producers have a mixture of what they proposed in the plan [N].

    All but what they count on from projects, and the capacity that projects enlarge: a plan has
    there all that its projects open.
    """
    same = parts.own.copy()
    if COUNTED in parts.problem.columns:
        asked = parts.asked
        block = asked.variables.blocks["capacity"].lower
        larger = np.isin(np.arange(len(block)), enlarged(asked.outlook.economy))
        first = asked.columns["capacity"]
        same[first : first + block.size] &= ~np.tile(larger, block.shape[1])
        same[asked.program.reward.size :] = False
    return same


def valued_as_asked(parts: Parts, dual: Floats, *, free: Bools | None = None) -> Floats:
    r"""Return valuations of the problem as it was asked [R] that prove no larger a bound.

    A project's one start is worth the best of them to those valuations of the other rules:

    .. math:: u_p = \max\big(0, \max_t (c - A^\top y)_{pt}\big)

    Parameters
    ----------
    free
        [projects x P] the starts that no choice was made of; all where it is not given.
    """
    if COUNTED not in parts.problem.columns:
        return dual
    asked = parts.asked
    valued = dual[: asked.program.row_lower.size].copy()
    once = asked.rows["projects"].rows[:, 0]
    valued[once] = 0.0
    worth = worth_of_starts(asked, valued)
    best = worth if free is None else np.where(free, worth, -np.inf)
    valued[once] = -np.maximum(best.max(axis=1), 0.0)
    return valued


def worth_of_starts(asked: Problem, dual: Floats) -> Floats:
    """Return what starting each project is worth at valuations [projects x P]; -inf where none."""
    block, first = asked.variables.blocks["project"], asked.columns["project"]
    here: Integers = np.arange(first, first + block.size)
    columns = sp.csc_array(asked.program.matrix)[:, here]
    worth = asked.program.reward[here] - columns.T @ dual
    return np.where(block.upper > 0, worth.reshape(block.lower.shape[::-1]).T, -np.inf)
