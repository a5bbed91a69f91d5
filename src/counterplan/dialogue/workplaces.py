"""Producers in this process: each solves its own small problem at the offered valuations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.drafts import Draft, followed
from counterplan.dialogue.exchange import Answers, Offer, owned
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.tidy import tidied
from counterplan.economy.economy import Bools, Floats, Integers, Sparse
from counterplan.plan.certificate import bound_terms
from counterplan.solve.blocks import Batch, BlockDiagonal, block_diagonal
from counterplan.solve.program import Program

BATCH = 1000  # producers that answer together
DRAFTED = -1  # the number of a draft's offer, which came before any other


@dataclass(frozen=True)
class Workplaces:
    """All producers of an economy, with what only they know.

    Attributes
    ----------
    own
        Their problems.
    links
        [L x N] what their variables put into the shared rules.
    owner
        [N] whose each variable is.
    batch
        How many of them answer together. What each answers does not depend on it.
    """

    parts: Parts
    own: BlockDiagonal
    links: Sparse
    owner: Integers
    batch: int = BATCH

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.parts.producers)

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield the answers of those who are asked [S], batch by batch."""
        for crew in self.crews:
            asked = crew.members & whom
            if asked.any():
                yield self.answered_by(crew, offer, asked)

    def answer(self, offer: Offer) -> Answers:
        """Return everybody's best proposal at an offer."""
        everybody = np.ones(self.count, dtype=bool)
        crew = self.crews[0] if len(self.crews) == 1 else crew_of(self, everybody)
        return self.answered_by(crew, offer, everybody)

    def answered_by(self, crew: "Crew", offer: Offer, asked: Bools) -> Answers:
        r"""Return the best proposals of members of a crew.

        .. math:: \max_{x_s \in X_s}\; \theta\, c_s^\top x_s - y^\top L_s x_s

        theta 1, or 0 where only what is possible is asked.
        """
        program = self.parts.program
        reward = np.zeros(program.reward.size)
        reward[crew.columns] = (
            offer.own_costs * crew.program.reward - crew.links.T @ offer.valuations
        )
        courses, duals = crew.own(asked).solve(reward)
        courses = np.where(owned(self.owner, asked), tidied(self.parts, courses), 0.0)
        bounds = crew.bounds(offer, duals)
        return Answers(
            offer=offer,
            answered=asked,
            shares=self.shares_of(courses),
            values=self.summed(program.reward * courses),
            bounds=np.where(asked, bounds, 0.0),
            courses=courses,
            duals=duals,
        )

    @cached_property
    def crews(self) -> tuple["Crew", ...]:
        """The producers in batches, in their order."""
        number = np.arange(self.count) // self.batch
        return tuple(crew_of(self, number == k) for k in range(-(-self.count // self.batch)))

    def follow(self, draft: Draft, offer: Offer) -> Answers:
        """Return the course of each producer that can follow a draft, as its proposal.

        It proves no bound: that is infinite.
        """
        courses, able = followed(self.parts, draft)
        courses = np.where(owned(self.owner, able), courses, 0.0)
        return Answers(
            offer=replace(offer, number=DRAFTED),
            answered=able,
            shares=self.shares_of(courses),
            values=self.summed(self.parts.program.reward * courses),
            bounds=np.where(able, np.inf, 0.0),
            courses=courses,
            duals=np.zeros(self.parts.rows.size),
        )

    def shares_of(self, courses: Floats) -> Floats:
        """Return what each producer's course puts into the shared rules [L x S]."""
        chosen = np.flatnonzero(self.parts.own & (courses != 0))
        gather = sp.csr_array(
            (courses[chosen], (chosen, self.owner[chosen])), shape=(courses.size, self.count)
        )
        return np.asarray((self.links @ gather).toarray(order="F"), dtype=np.float64)

    def summed(self, values: Floats) -> Floats:
        """Add up values of variables by producer [S]."""
        chosen = self.parts.own
        total = np.bincount(self.owner[chosen], weights=values[chosen], minlength=self.count)
        return total.astype(np.float64)


@dataclass(frozen=True)
class Crew:
    """Producers that answer together.

    Attributes
    ----------
    members
        [S] who they are.
    columns, rows
        Where the variables and the rules of their own, and every shared rule, stand in the whole.
    problems
        Their own problems.
    program
        The whole plan problem, but only these columns and rows.
    links
        Their columns in the shared rules.
    """

    parts: Parts
    members: Bools
    columns: Integers
    rows: Integers
    problems: BlockDiagonal
    program: Program
    links: Sparse

    def own(self, asked: Bools) -> BlockDiagonal:
        """Return the problems of some members [S]."""
        return those(self.problems, asked)

    def bounds(self, offer: Offer, duals: Floats) -> Floats:
        """Return the bound on each member's best that follows from duals [R], whatever they are."""
        parts, count = self.parts, self.members.size
        shared = parts.shared
        valued = duals.copy()
        valued[shared] = offer.valuations
        weighed = replace(self.program, reward=offer.own_costs * self.program.reward)
        sides, boxes = bound_terms(weighed, valued[self.rows])
        kept = ~shared[self.rows]
        by_rows = np.bincount(
            parts.rows[self.rows][kept], weights=sides[kept], minlength=count
        ).astype(np.float64)
        return by_rows + np.bincount(parts.columns[self.columns], weights=boxes, minlength=count)


def crew_of(workplaces: Workplaces, members: Bools) -> Crew:
    """Take out what some producers [S] know."""
    parts = workplaces.parts
    program = parts.program
    columns = np.flatnonzero(owned(parts.columns, members))
    rows = np.flatnonzero(owned(parts.rows, members) | parts.shared)
    return Crew(
        parts=parts,
        members=members,
        columns=columns,
        rows=rows,
        problems=those(workplaces.own, members),
        program=Program(
            matrix=sp.csr_array(sp.csr_array(program.matrix)[rows][:, columns]),
            row_lower=program.row_lower[rows],
            row_upper=program.row_upper[rows],
            lower=program.lower[columns],
            upper=program.upper[columns],
            reward=program.reward[columns],
            integer=np.zeros(columns.size, dtype=bool),
        ),
        links=sp.csr_array(workplaces.links[:, columns]),
    )


def those(problems: BlockDiagonal, whose: Bools) -> BlockDiagonal:
    """Return the problems of some producers [S]."""
    chosen = [(batch, whose[batch.blocks]) for batch in problems.batches]
    return BlockDiagonal(
        problems.program,
        tuple(taken(batch, places) for batch, places in chosen if places.any()),
    )


def taken(batch: Batch, places: Bools) -> Batch:
    """Return some blocks of a batch."""
    if places.all():
        return batch
    return Batch(
        pattern=batch.pattern,
        blocks=batch.blocks[places],
        columns=batch.columns[places],
        rows=batch.rows[places],
        coefficients=batch.coefficients[places],
        sides=batch.sides[places],
        upper=batch.upper[places],
        size=batch.size[places],
    )


def workplaces_of(parts: Parts, *, batch: int = BATCH) -> Workplaces:
    """Give every producer its own part of a plan problem."""
    program = parts.program
    own = block_diagonal(program, column_block=parts.columns, row_block=parts.rows)
    links = sp.csr_array(program.matrix)[parts.shared]
    mask = sp.diags_array(parts.own.astype(np.float64), format="csr")
    return Workplaces(parts, own, sp.csr_array(links @ mask), parts.columns, batch)
