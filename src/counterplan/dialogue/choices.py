r"""What everybody's answers prove of single choices of projects, and so of all together.

The bound of one offer y falls apart by projects, since a project starts once at most:

.. math:: b(y) = \beta(y) + \sum_p \max\Big(0, \max_{t \in T_p} \epsilon_{pt}(y)\Big), \qquad
          \epsilon_{pt}(y) = (c - A^\top y)_{pt}

beta what the rest adds, T_p when project p may start. Cases that leave out no choice each take the
offer that proves most of them; the case of the largest bound is parted in two, by whether the
project starts then that counts most in it, as long as that helps. These are the cases of a plan's
certificate (:mod:`counterplan.plan.cases`), and the choice that the largest bound belongs to is
the one that is worth asking producers about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterplan.dialogue.exchange import Answers, Key
from counterplan.dialogue.pool import entries_of
from counterplan.dialogue.projects import Projects, worth_of_starts
from counterplan.economy.economy import Bools, Floats
from counterplan.plan.cases import CASES_MAX
from counterplan.plan.certificate import dual_bound

if TYPE_CHECKING:
    from counterplan.dialogue.rounds import Dialogue, State

BOX = ("lower", "upper")
HELPS = 1e-9  # of a bound: what parting a case must be able to bring


@dataclass(frozen=True)
class Worth:
    """What offers that everybody has answered prove.

    Attributes
    ----------
    keys
        [Y] of the offers.
    rest
        [Y] beta.
    starts
        [Y x projects x (1 + P)] epsilon, after 0 for no start at all; -inf where none can be.
    """

    keys: tuple[Key, ...]
    rest: Floats
    starts: Floats


@dataclass(frozen=True)
class Part:
    """Some choices of projects, and what is proved of them.

    Attributes
    ----------
    made
        (project, period) -> whether it starts then.
    open
        [projects x (1 + P)] what is left to choose: no start, or one in a period.
    key
        Of the offer whose answers prove the bound.
    bound
        On every plan that makes such a choice.
    choice
        [projects x P] the one that the bound belongs to.
    """

    made: dict[tuple[int, int], int]
    open: Bools
    key: Key
    bound: float
    choice: Bools

    def holds(self, choice: Bools) -> bool:
        """Return whether a choice [projects x P] is one of these."""
        none = ~choice.any(axis=1, keepdims=True)
        return bool(self.open[np.hstack([none, choice])].all())

    @property
    def free(self) -> Bools:
        """Which starts no choice was made of [projects x P]."""
        free = np.ones_like(self.choice)
        for place in self.made:
            free[place] = False
        return free


def worth_of(dialogue: "Dialogue", projects: Projects, proved: Sequence[Answers]) -> Worth:
    """Return what offers prove that everybody has answered."""
    for answers in proved:
        if answers not in projects.known:
            projects.known[answers] = apart(dialogue, answers)
    found = [projects.known[answers] for answers in proved]
    starts = np.stack([starts for _, starts in found])
    none = np.zeros((*starts.shape[:2], 1))
    return Worth(
        keys=tuple(answers.offer.key for answers in proved),
        rest=np.array([rest for rest, _ in found]),
        starts=np.concatenate([none, starts], axis=2),
    )


def apart(dialogue: "Dialogue", answers: Answers) -> tuple[float, Floats]:
    """Return beta and epsilon of one offer, of the plan problem as it was asked."""
    problem, program = dialogue.parts.asked, dialogue.parts.asked.program
    dual = answers.duals.copy()
    dual[dialogue.centre.rows] = answers.offer.valuations
    valued = dual[: program.row_lower.size]
    valued[problem.rows["projects"].rows[:, 0]] = 0.0
    none = {name: np.where(program.integer, 0.0, getattr(program, name)) for name in BOX}
    return dual_bound(replace(program, **none), valued), worth_of_starts(problem, valued)


def part_of(worth: Worth, made: dict[tuple[int, int], int], left: Bools) -> Part:
    """Return what is proved of the choices that are left [projects x (1 + P)]."""
    each = np.where(left, worth.starts, -np.inf)
    bounds = worth.rest + each.max(axis=2).sum(axis=1)
    best = int(bounds.argmin())
    choice = np.zeros_like(left)
    choice[np.arange(len(left)), each[best].argmax(axis=1)] = True
    return Part(made, left, worth.keys[best], float(bounds[best]), choice[:, 1:])


def parts_proved(worth: Worth, *, unit: float) -> tuple[Part, ...]:
    """Return parts that leave out no choice, the one of the largest bound first.

    Parameters
    ----------
    unit
        Base consumption, against which what is left to gain is measured.
    """
    left = np.asarray(np.isfinite(worth.starts).any(axis=0))
    waiting = [part_of(worth, {}, left)]
    while len(waiting) < CASES_MAX:
        waiting.sort(key=lambda one: -one.bound)
        two = parted(worth, waiting[0], unit=unit)
        if two is None:
            break
        waiting[:1] = two
    return tuple(sorted(waiting, key=lambda one: -one.bound))


def parted(worth: Worth, part: Part, *, unit: float) -> tuple[Part, Part] | None:
    """Return a part in two, by when a project starts; None where that lowers neither bound."""
    pairs = []
    for p, t in np.argwhere(part.open[:, 1:] & (part.open.sum(axis=1) > 1)[:, None]).tolist():
        yes, no = part.open.copy(), part.open.copy()
        yes[p, :] = False
        yes[p, 1 + t], no[p, 1 + t] = True, False
        if not no[p].any():
            continue
        pairs.append(
            (
                part_of(worth, {**part.made, (p, t): 1}, yes),
                part_of(worth, {**part.made, (p, t): 0}, no),
            )
        )
    best = min(pairs, key=lambda two: two[0].bound + two[1].bound, default=None)
    floor = part.bound - HELPS * unit
    if best is None or min(best[0].bound, best[1].bound) > floor:
        return None
    return best


def all_parts(dialogue: "Dialogue", state: "State") -> tuple[Part, ...]:
    """Return what is proved of all choices, the most doubtful first; nothing without projects."""
    if dialogue.projects is None or not state.totals:
        return ()
    proved = [state.pool[entries_of(state.pool, key)[0]] for key, _ in state.totals]
    worth = worth_of(dialogue, dialogue.projects, proved)
    return parts_proved(worth, unit=dialogue.yardstick)
