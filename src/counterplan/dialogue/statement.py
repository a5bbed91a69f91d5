r"""Statements: what a proposal says, in the words and units of the field.

A producer puts its course x_s into words, and the centre reads from them its share a_s in the
shared rules:

.. math:: w_s = T_s\, x_s, \qquad a_s = R_{b(s)}\, w_s

T_s is the producer's own (its techniques, what its capital is made of, whom it employs); R is
public (:mod:`counterplan.dialogue.reading`). Quantities that were settled before the plan
(investment under way, people at work) are no part of a statement: the centre's rules hold them.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.counted import COUNTED, enlarged
from counterplan.dialogue.parts import CENTRE, Parts
from counterplan.economy.economy import Codes, Floats, Integers, Sparse
from counterplan.plan.families.capital_accumulation import works
from counterplan.plan.linear import Expression, fixed

MADE, USED, BUILT, WORK, EMITTED = "made", "used", "built", "work", "emitted"
ROOM, HANDED = "room", "handed"


@dataclass(frozen=True)
class Kind:
    """One kind of line of a statement: so much of each item in each period.

    Attributes
    ----------
    first
        Where its lines begin; item i of period t stands at ``first + t * items + i``.
    items, names, units
        Codes of the items, what they are called and what they are measured in.
    """

    name: str
    first: int
    items: Codes
    names: Codes
    units: Codes

    def lines(self, periods: int) -> slice:
        """Return where its lines stand."""
        return slice(self.first, self.first + periods * len(self.items))


@dataclass(frozen=True)
class Words:
    """The lines of every statement about one plan problem.

    Attributes
    ----------
    kinds
        ``made``, ``used`` [products]; ``built``: products that go into new capacity, spread over
        the time of building [products]; ``work`` [skills]; ``emitted`` [emissions]; ``room``:
        capacity offered to others, less what is taken of theirs [capital items that several
        producers use]; ``handed``: capacity counted on from projects [capital items that they
        enlarge].
    periods
        [P] labels, the years after last; ``weights`` [P] of theirs in the mandate.
    currency
        Of base-period money.
    """

    producers: Codes
    kinds: dict[str, Kind]
    periods: Codes
    weights: Floats
    currency: str

    @property
    def size(self) -> int:
        """How many lines there are, W."""
        return sum(len(kind.items) for kind in self.kinds.values()) * len(self.periods)

    def of(self, name: str, said: Floats) -> Floats:
        """Return one kind's part of lines [W x A] as [items x P x A]."""
        kind = self.kinds[name]
        part = said[kind.lines(len(self.periods))]
        return part.reshape(len(self.periods), len(kind.items), said.shape[1]).transpose(1, 0, 2)


@dataclass(frozen=True)
class Statement:
    """What the proposals of some producers say.

    Attributes
    ----------
    who
        [A] index of each producer.
    said
        [W x A] the lines; :meth:`of` takes one kind of them.
    cost
        [P x A] what changing output and investment costs by the mandate's rules, in base-period
        money of the period.
    """

    words: Words
    who: Integers
    said: Floats
    cost: Floats

    def of(self, name: str) -> Floats:
        """Return one kind of line [items x P x A]."""
        return self.words.of(name, self.said)


@dataclass(frozen=True)
class Telling:
    """What only the producers know: how a course is put into words.

    Attributes
    ----------
    lines
        [W x N] what each variable adds to each line; ``cost`` [P x N] to the cost.
    owner
        [N] index of the producer, :data:`~counterplan.dialogue.parts.CENTRE` for the centre's.
    """

    words: Words
    lines: Sparse
    cost: Sparse
    owner: Integers

    def statement(self, courses: Floats, *, who: Integers | None = None) -> Statement:
        """Return what courses [N] say; every producer's where ``who`` [A] is not given."""
        count = len(self.words.producers)
        chosen = np.flatnonzero(self.owner != CENTRE)
        gather = sp.csr_array(
            (courses[chosen], (chosen, self.owner[chosen])), shape=(courses.size, count)
        )
        said, cost = (self.lines @ gather).toarray(), (self.cost @ gather).toarray()
        if who is None:
            return Statement(self.words, np.arange(count), said, cost)
        return Statement(self.words, who, said[:, who], cost[:, who])


# ---- the words ----------------------------------------------------------------------------------


def words_of(parts: Parts) -> Words:
    """Return the lines of every statement about a plan problem."""
    given = parts.problem.outlook
    economy = given.economy
    products, labour, capital = economy.products, economy.labour, economy.capital
    goods = (products.codes, products.names, products.units)
    emissions = economy.techniques.emission_codes
    listed: dict[str, tuple[Codes, Codes, Codes]] = {
        MADE: goods,
        USED: goods,
        BUILT: goods,
        WORK: (labour.codes, labour.names, labour.units),
        EMITTED: (emissions, emissions, economy.techniques.emission_units),
    }
    for name, items in ((ROOM, shared_items(parts, "capacity")), (HANDED, enlarged(economy))):
        codes, names = (tuple(of[e] for e in items) for of in (capital.codes, capital.names))
        listed[name] = (codes, names, ("capacity units",) * len(codes))
    kinds, first = {}, 0
    for name, (codes, names, units) in listed.items():
        kinds[name] = Kind(name, first, codes, names, units)
        first += len(codes) * len(given.periods)
    return Words(
        producers=parts.producers,
        kinds=kinds,
        periods=given.periods.labels,
        weights=given.periods.weights,
        currency=economy.currency,
    )


def shared_items(parts: Parts, family: str) -> Integers:
    """Return the items of a family for which a rule is shared."""
    return np.flatnonzero((places_of(parts)[family] >= 0).any(axis=1))


def places_of(parts: Parts) -> dict[str, Integers]:
    """Return where each family's rows stand among the shared ones [items x P], or -1."""
    place = np.append(np.where(parts.shared, np.cumsum(parts.shared) - 1, -1), -1)
    return {name: place[block.rows] for name, block in parts.problem.rows.items()}


# ---- what a producer knows ----------------------------------------------------------------------


def telling_of(parts: Parts) -> Telling:
    """Return how each producer of a plan problem puts its course into words."""
    problem, words = parts.problem, words_of(parts)
    given, plan, economy = problem.outlook, problem.variables, problem.outlook.economy
    room = shared_items(parts, "capacity")
    spoken: dict[str, Expression] = {
        MADE: plan.activity.through(economy.techniques.output),
        USED: plan.activity.through(economy.techniques.use),
        BUILT: works(given, plan).through(economy.capital.composition),
        WORK: plan.activity.through(economy.labour.need) * (1 / given.efficiency),
        EMITTED: plan.activity.through(economy.techniques.emissions),
        ROOM: (plan.capacity * given.usable - plan.activity.through(economy.capital.need)).within(
            room
        ),
        HANDED: plan.counted
        if COUNTED in plan.blocks
        else fixed(np.zeros((0, len(given.periods))), given.periods),
    }
    width = problem.program.reward.size
    lines = [over_columns(spoken[name], problem.columns, width) for name in words.kinds]
    return Telling(
        words=words,
        lines=sp.vstack(lines, format="csr"),
        cost=costs_of(parts, words.weights),
        owner=parts.columns,
    )


def over_columns(expression: Expression, columns: dict[str, int], width: int) -> Sparse:
    """Return an expression's coefficients [items * P x width], its constant left out."""
    total: Sparse = sp.csr_array((expression.constant.size, width))
    for name, block in expression.blocks.items():
        part = sp.coo_array(block)
        row, column = part.coords
        total = total + sp.csr_array((part.data, (row, column + columns[name])), shape=total.shape)
    return total


def costs_of(parts: Parts, weights: Floats) -> Sparse:
    """Return what one unit of each producer's variable costs in its period [P x N]."""
    problem = parts.problem
    period = np.zeros(parts.columns.size, dtype=np.int64)
    for name, block in problem.variables.blocks.items():
        first = problem.columns[name]
        each = np.repeat(np.arange(len(weights)), len(block.items))
        period[first : first + block.size] = each
    own = np.flatnonzero(parts.own)
    cost = -problem.program.reward[own] / weights[period[own]]
    return sp.csr_array((cost, (period[own], own)), shape=(len(weights), period.size))
