r"""Producers in groups: the centre mixes what a group proposed, member by member with one weight.

.. math:: a_{gk} = \sum_{s \in g} a_{sk}, \qquad \lambda_{sk} = \lambda_{gk} \text{ for } s \in g

Every member is still assigned a mixture of its own proposals, and every answer still proves its
bound; the centre's problem has one block for each group. What is lost is that members of a group
cannot be mixed apart, which new offers make good. An entry of the pool is a group's when all its
members have answered it.
"""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.parts import Parts
from counterplan.economy.economy import Bools, Codes, Floats, Integers

GROUPS = 2000  # the most that the centre mixes, about


@dataclass(frozen=True)
class Proposed:
    """What groups proposed at one offer.

    Attributes
    ----------
    answered
        [G] which groups are complete.
    shares, values
        [L x G], [G] the sums over their members.
    """

    answered: Bools
    shares: Floats
    values: Floats


@dataclass(frozen=True)
class Groups:
    """Which group each producer is in.

    Attributes
    ----------
    of
        [S] indices; every group has a member.
    """

    of: Integers
    known: "WeakKeyDictionary[Answers, Proposed]" = field(
        default_factory=WeakKeyDictionary, compare=False, repr=False
    )

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.of.max(initial=-1)) + 1

    @property
    def sizes(self) -> Integers:
        """How many members each has [G]."""
        return np.bincount(self.of, minlength=self.count)

    def proposed(self, answers: Answers) -> Proposed:
        """Return what the groups proposed at one offer; it is added up once."""
        if answers not in self.known:
            self.known[answers] = self.summed(answers)
        return self.known[answers]

    def summed(self, answers: Answers) -> Proposed:
        """Add up what members proposed."""
        if self.count == self.of.size:
            return Proposed(answers.answered, answers.shares, answers.values)
        whole = np.bincount(self.of, weights=answers.answered, minlength=self.count)
        member = sp.csr_array(
            (np.ones(self.of.size), (self.of, np.arange(self.of.size))),
            shape=(self.count, self.of.size),
        )
        shares = np.asarray((member @ answers.shares.T).T, dtype=np.float64)
        values: Floats = np.asarray(member @ answers.values, dtype=np.float64)
        return Proposed(whole == self.sizes, shares, values)

    def members(self, weights: Floats) -> Floats:
        """Return weights of groups [E x G] as weights of their members [E x S]."""
        each: Floats = weights[:, self.of]
        return each

    def mean(self, weights: Floats) -> Floats:
        """Return weights of producers [E x S] as the means of their groups [E x G]."""
        if self.count == self.of.size:
            return weights
        sums = np.stack([np.bincount(self.of, row, minlength=self.count) for row in weights])
        means: Floats = sums / self.sizes
        return means


def alone(count: int) -> Groups:
    """Return groups of one producer each."""
    return Groups(np.arange(count))


def alike(branches: Codes, *, size: int) -> Groups:
    """Return groups of producers of one branch, as even as they can be, none above a size.

    Parameters
    ----------
    branches
        [S] the branch of each producer.
    """
    names = np.asarray(branches)
    groups, first = np.empty(names.size, dtype=np.int64), 0
    for name in dict.fromkeys(branches):
        members = np.flatnonzero(names == name)
        count = -(-members.size // size)
        groups[members] = first + np.arange(members.size) * count // members.size
        first += count
    return Groups(groups)


def groups_of(parts: Parts) -> Groups:
    """Return the groups in which the centre mixes proposals: of one producer where they are few."""
    producers = parts.problem.outlook.economy.producers
    size = -(-len(producers) // GROUPS)
    return alike(producers.branches, size=size) if size > 1 else alone(len(producers))
