r"""Assignments: whether each producer is assigned a mixture of its own proposals, from the files.

The weights that the centre says it used are not asked for. They are found anew, producer by
producer, by least squares over what the folder holds of its proposals,

.. math:: \min_{\lambda_s \ge 0} \sum_j \Big( \frac{x_{sj} - \sum_k \lambda_{sk} x_{skj}}{d_{sj}}
          \Big)^2 + \Big( 1 - \sum_k \lambda_{sk} \Big)^2,
          \qquad d_{sj} = \max(|x_{sj}|, \max_k |x_{skj}|)

x_s the assignment, x_sk the proposals; then they are made to add up to one, and what is left is
measured. C. L. Lawson and R. J. Hanson, *Solving Least Squares Problems* (1974), chapter 23.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from counterplan.dialogue.exchange import owned
from counterplan.dialogue.manifest import MANIFEST, digest_of, read_manifest
from counterplan.dialogue.parts import Parts, parts_of
from counterplan.dialogue.projects import assigned_as_asked
from counterplan.dialogue.saved import (
    ANSWERS,
    ANSWERS_NAME,
    BEGIN,
    PLAN,
    fitting,
    named_files,
    restart,
)
from counterplan.dialogue.sealed import Arrays, read_sealed
from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.errors import InputError
from counterplan.plan.plan import Plan

FITS = 1e-8  # of the largest that a variable is in any proposal: what rounding may leave
PASSES = 100  # of the search for weights, for each proposal

Course = tuple[int, Floats]  # whose, and its own variables in their order


@dataclass(frozen=True)
class Assignments:
    """How far each producer's assignment is from the mixtures of its own proposals.

    Attributes
    ----------
    counts
        [S] how many proposals of each the folder holds.
    distances
        [S] the largest of any variable, as a share of d; infinite where there is no proposal.
    """

    producers: Codes
    counts: Integers
    distances: Floats

    @property
    def hold(self) -> bool:
        """Whether everybody is assigned a mixture of its own proposals."""
        return bool((self.distances <= FITS).all())

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


def plan_folder(folder: Path) -> Path:
    """Return the folder of a dialogue's plan.

    Raises
    ------
    InputError
        Where it has come to none yet.
    """
    if not (folder / PLAN).is_dir():
        raise InputError(
            f"the dialogue in '{folder}' has come to no plan yet",
            mend="go on with it by the command that began it",
        )
    return folder / PLAN


def assignments_of(folder: Path, plan: Plan) -> Assignments:
    """Measure a plan's assignments against the proposals that a dialogue's folder holds.

    Raises
    ------
    InputError
        Where a file is damaged, or the plan is about another economy than the dialogue.
    """
    if read_manifest(folder / MANIFEST).get("economy") != digest_of(plan.economy):
        raise InputError(
            "is about another economy than the dialogue's",
            place=str(folder / PLAN),
            mend="put the plan back by the command that made it",
        )
    parts = parts_of(plan.problem)
    proposals: list[list[Floats]] = [[] for _ in parts.producers]
    for producer, course in courses(folder, parts):
        proposals[producer].append(course)
    everybody, primal = np.arange(len(proposals)), np.zeros(parts.columns.size)
    primal[: plan.primal.size] = plan.primal
    assigned = dict(by_producer(parts, everybody, primal[parts.own]))
    judged = assigned_as_asked(parts)[parts.own].astype(np.float64)
    same = {s: one > 0 for s, one in by_producer(parts, everybody, judged)}
    distances = [
        distance(assigned[s][same[s]], np.array([course[same[s]] for course in own]))
        for s, own in enumerate(proposals)
    ]
    counts = np.array([len(own) for own in proposals])
    return Assignments(parts.producers, counts, np.array(distances))


def courses(folder: Path, parts: Parts) -> Iterator[Course]:
    """Yield every course that was proposed, as the files of a folder hold them."""
    mend = restart(0)
    begin = read_sealed(folder / BEGIN, mend=mend)
    with fitting(folder / BEGIN, mend=mend):
        for name in begin:
            if name.startswith("who-"):
                yield from said(parts, begin, end=name.removeprefix("who"))
    for path, (number, _) in named_files(folder / ANSWERS, ANSWERS_NAME):
        mend = restart(number - 1)
        arrays = read_sealed(path, mend=mend)
        with fitting(path, mend=mend):
            yield from said(parts, arrays, end="")


def said(parts: Parts, arrays: Arrays, *, end: str) -> Iterator[Course]:
    """Yield the courses of a batch of answers; ``end`` is what its names end with."""
    yield from by_producer(parts, arrays[f"who{end}"], arrays[f"courses{end}"])


def by_producer(parts: Parts, who: Integers, values: Floats) -> Iterator[Course]:
    """Yield what some producers have of values that stand in the order of the whole problem.

    Raises
    ------
    IndexError, ValueError
        Where there is another number of values than they have variables.
    """
    some = np.zeros(len(parts.producers), dtype=bool)
    some[who] = True
    owner = parts.columns[owned(parts.columns, some)]
    order = np.argsort(owner, kind="stable")
    if values.shape != owner.shape:
        raise ValueError
    ends = np.cumsum(np.bincount(owner, minlength=some.size)[some])[:-1]
    pairs = zip(np.flatnonzero(some), np.split(values[order], ends), strict=True)
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
