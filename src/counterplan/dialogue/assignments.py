r"""Assignments: whether each producer is assigned a mixture of its own proposals, from the files.

The weights that the centre says it used are not asked for. They are found anew, producer by
producer, by least squares over what the folder holds of its proposals,

.. math:: \min_{\lambda_s \ge 0} \sum_j \Big( \frac{x_{sj} - \sum_k \lambda_{sk} x_{skj}}{d_{sj}}
          \Big)^2 + \Big( 1 - \sum_k \lambda_{sk} \Big)^2,
          \qquad d_{sj} = \max(|x_{sj}|, \max_k |x_{skj}|)

x_s the assignment, x_sk the proposals; then they are made to add up to one, and what is left is
measured. What was refused when it arrived is no proposal, and neither is what its producer could
not do: d is the size of what can be done, and no file makes it larger. C. L. Lawson and R. J.
Hanson, *Solving Least Squares Problems* (1974), chapter 23.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from counterplan.dialogue.agreement import agreed
from counterplan.dialogue.drafts import can_follow
from counterplan.dialogue.exchange import owned
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.projects import assigned_as_asked
from counterplan.economy.economy import Bools, Codes, Floats, Integers
from counterplan.plan.plan import Plan

FITS = 1e-8  # of the largest that a variable is in a proposal that counts: rounding may leave it
POSSIBLE = 1e-6  # of the terms of a producer's own rule: how far a proposal may be beyond it
PASSES = 100  # of the search for weights, for each proposal

Course = tuple[int, Floats]  # whose, and its own variables in their order


@dataclass(frozen=True)
class Assignments:
    """How far each producer's assignment is from the mixtures of its own proposals.

    Attributes
    ----------
    counts
        [S] how many proposals of each the folder holds that count.
    distances
        [S] the largest of any variable, as a share of d; infinite where there is no proposal.
    rounds
        How many finished rounds the folder holds.
    """

    producers: Codes
    counts: Integers
    distances: Floats
    rounds: int

    @property
    def hold(self) -> bool:
        """Whether everybody is assigned a mixture of its own proposals."""
        return bool((self.distances <= FITS).all())  # nothing that is no number

    def words(self) -> str:
        """Return what was found in a sentence."""
        if self.hold:
            return (
                "each assignment is a mixture of that producer's own proposals: "
                f"{len(self.producers):,} producers, {int(self.counts.sum()):,} proposals, "
                f"to {self.distances.max(initial=0.0):.1e} of their size"
            )
        worst = int(self.distances.argmax())
        away = f"{self.distances[worst]:.1e} of its size away"
        if not self.counts[worst]:
            away = "the folder holds none"
        return (
            f"the assignment of {self.producers[worst]} is no mixture of its own proposals: {away}"
        )


def assignments_of(folder: Path, plan: Plan) -> Assignments:
    """Measure a plan's assignments against the proposals that a dialogue's folder holds.

    A proposal counts where the dialogue takes it in, and it keeps its producer's own rules.

    Raises
    ------
    CheckError
        Where the plan is none of this dialogue's.
    InputError
        Where a file is damaged.
    """
    standing = agreed(folder, plan)
    state, parts = standing.state, standing.dialogue.parts
    proposals: list[list[Floats]] = [[] for _ in parts.producers]
    for one in state.pool:
        fine = one.answered & can_follow(parts, one.courses, fits=POSSIBLE)
        for producer, course in by_producer(parts, fine, one.courses):
            proposals[producer].append(course)
    everybody, primal = np.ones(len(proposals), dtype=bool), np.zeros(parts.columns.size)
    primal[: plan.primal.size] = plan.primal
    assigned = dict(by_producer(parts, everybody, primal))
    judged = assigned_as_asked(parts).astype(np.float64)
    same = {s: one > 0 for s, one in by_producer(parts, everybody, judged)}
    distances = [
        distance(assigned[s][same[s]], np.array([course[same[s]] for course in own]))
        for s, own in enumerate(proposals)
    ]
    counts = np.array([len(own) for own in proposals])
    return Assignments(parts.producers, counts, np.array(distances), len(state.rounds))


def by_producer(parts: Parts, who: Bools, values: Floats) -> Iterator[Course]:
    """Yield what some producers [S] have of values [N] that stand in the problem's order."""
    if not who.any():
        return
    here = np.flatnonzero(owned(parts.columns, who))
    owner = parts.columns[here]
    order = np.argsort(owner, kind="stable")
    ends = np.cumsum(np.bincount(owner, minlength=who.size)[who])[:-1]
    pairs = zip(np.flatnonzero(who), np.split(values[here[order]], ends), strict=True)
    yield from ((int(s), course) for s, course in pairs)


def distance(assigned: Floats, proposals: Floats) -> float:
    """Return how far an assignment [n] is from the nearest mixture of proposals [K x n] found.

    The largest of any variable, as a share of the largest that it is in any of them.
    """
    if not len(proposals):
        return float("inf")
    size = np.maximum(np.abs(proposals).max(axis=0), np.abs(assigned))
    there = size > 0
    scaled, wanted = proposals[:, there] / size[there], assigned[there] / size[there]
    matrix = np.vstack([scaled.T, np.ones(len(proposals))])
    weights, _ = nnls(matrix, np.append(wanted, 1.0), maxiter=PASSES * len(proposals))
    total = weights.sum()
    if total == 0:
        return float("inf")
    return float(np.abs(wanted - (weights / total) @ scaled).max(initial=0.0))
