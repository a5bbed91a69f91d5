"""Producers in this process: each solves its own small problem at the offered valuations."""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.drafts import Draft, followed
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.parts import Parts
from counterplan.economy.economy import Bools, Floats, Integers, Sparse
from counterplan.plan.certificate import bound_terms
from counterplan.solve.blocks import BlockDiagonal, block_diagonal


@dataclass(frozen=True)
class Workplaces:
    """All producers of an economy, with what only they know.

    Attributes
    ----------
    own
        Their problems.
    links
        [L x N] what their variables put into the shared rules.
    """

    parts: Parts
    own: BlockDiagonal
    links: Sparse
    owner: Integers

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.parts.producers)

    def answer(self, offer: Offer, *, heard: Bools | None = None) -> Answers:
        r"""Return the best proposal of each producer at an offer.

        .. math:: \max_{x_s \in X_s}\; \theta\, c_s^\top x_s - y^\top L_s x_s

        theta 1, or 0 where only what is possible is asked.

        Parameters
        ----------
        heard
            [S] whose answer arrives; everybody's where it is not given.
        """
        program = self.parts.program
        reward = offer.own_costs * program.reward - self.links.T @ offer.valuations
        courses, duals = self.own.solve(np.where(self.parts.own, reward, 0.0))
        return Answers(
            offer=offer,
            answered=np.ones(self.count, dtype=bool) if heard is None else heard,
            shares=self.shares_of(courses),
            values=self.summed(program.reward * courses),
            bounds=self.bounds_of(offer, duals),
            courses=courses,
            duals=duals,
        )

    def follow(self, draft: Draft, offer: Offer) -> Answers:
        """Return the course of each producer that can follow a draft, as its proposal.

        It proves no bound: that is infinite.
        """
        courses, able = followed(self.parts, draft)
        courses = np.where(self.parts.own, courses, 0.0)
        return Answers(
            offer=offer,
            answered=able,
            shares=self.shares_of(courses),
            values=self.summed(self.parts.program.reward * courses),
            bounds=np.full(self.count, np.inf),
            courses=courses,
            duals=np.zeros(self.parts.rows.size),
        )

    def shares_of(self, courses: Floats) -> Floats:
        """Return what each producer's course puts into the shared rules [L x S]."""
        chosen = np.flatnonzero(self.parts.own)
        gather = sp.csr_array(
            (courses[chosen], (chosen, self.owner[chosen])), shape=(courses.size, self.count)
        )
        return np.asarray((self.links @ gather).toarray(), dtype=np.float64)

    def summed(self, values: Floats) -> Floats:
        """Add up values of variables by producer [S]."""
        chosen = self.parts.own
        total = np.bincount(self.owner[chosen], weights=values[chosen], minlength=self.count)
        return total.astype(np.float64)

    def bounds_of(self, offer: Offer, duals: Floats) -> Floats:
        """Return the bound on each producer's best that follows from duals, whatever they are."""
        rows, kept = self.parts.rows, ~self.parts.shared
        program = self.parts.program
        valued = duals.copy()
        valued[self.parts.shared] = offer.valuations
        sides, boxes = bound_terms(
            replace(program, reward=offer.own_costs * program.reward), valued
        )
        by_rows = np.bincount(rows[kept], weights=sides[kept], minlength=self.count)
        return by_rows + self.summed(boxes)


def workplaces_of(parts: Parts) -> Workplaces:
    """Give every producer its own part of a plan problem."""
    program = parts.program
    own = block_diagonal(program, column_block=parts.columns, row_block=parts.rows)
    links = sp.csr_array(program.matrix)[parts.shared]
    mask = sp.diags_array(parts.own.astype(np.float64), format="csr")
    return Workplaces(parts, own, sp.csr_array(links @ mask), parts.columns)
