r"""Whole projects: the plan in force starts every project once or not at all.

.. math:: z_{pt} \in \{0, 1\}

in the centre's problem (:mod:`counterplan.dialogue.master`). The best mixture with projects
between 0 and 1 guides the offers, and the bound that answers prove holds for every choice. What is
in force is the best mixture found with a choice made: the choice of the plan before, mixed anew;
the choices of which least is proved (:mod:`counterplan.dialogue.choices`); the one that branch and
bound finds over the proposals that matter, where these are few, or projects rounded, in another way
each round. What things are worth with these choices is offered too, so that proposals come in that
suit them, and the bounds that are proved of them fall.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.choices import all_parts
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.groups import Proposed
from counterplan.dialogue.master import (
    Centre,
    Mixture,
    best_mixture,
    best_quickly,
    chosen_of,
    first_certain,
)
from counterplan.dialogue.pool import entries_of
from counterplan.dialogue.projects import Projects
from counterplan.dialogue.selection import WEIGHING
from counterplan.economy.economy import Bools, Floats, Sparse
from counterplan.errors import CounterplanError
from counterplan.solve.highs import run
from counterplan.solve.program import Program
from counterplan.solve.scaling import scaled

if TYPE_CHECKING:
    from counterplan.dialogue.rounds import Dialogue, State

FEW = 300_000  # numbers in the proposals that matter: up to here branch and bound goes over them
NODES = 500  # of a branch and bound
CLOSE = 1e-6  # of base consumption: what it may leave
SECONDS_MAX = 300.0
LEAST_PRICE = 1e-3  # of base consumption over a rule's size: how far any price may move
LARGE = 10.0  # times a rule's size: what may be missing of it meanwhile
SETTLED = 0.3  # of what whole projects cost: a gap with parts of them that needs no more offers
DOUBTS = 2  # choices of which least is proved that are looked into each round
WAY = (0.5, 1.0)  # from what proves most of a choice to what things are worth with it
SHARES = (0.5, 0.1, 0.9)  # of a project in the mixture from which on it is started, in turn


@dataclass(frozen=True)
class Doubt:
    """A choice [projects x P] of which little is proved, and the valuations [L] that prove most."""

    choice: Bools
    known: Floats


@dataclass(frozen=True)
class Sought:
    """What came of a search.

    Attributes
    ----------
    best
        The best mixture with whole projects; None where none keeps the shared rules.
    doubtful
        Each [L], what things are worth with the choices of which least is proved.
    """

    best: Mixture | None
    doubtful: tuple[Floats, ...]


@dataclass(frozen=True)
class Search:
    """A search for the best mixture with whole projects.

    Attributes
    ----------
    guide, last
        The best mixture with projects between 0 and 1, and the plan in force.
    doubts
        The choices of which least is proved.
    gap, exact
        As in :func:`counterplan.dialogue.master.best_mixture`.
    unit
        The yardstick of gaps: base consumption.
    """

    centre: Centre
    projects: Projects
    pool: Sequence[Answers]
    guide: Mixture
    last: Mixture | None
    doubts: Sequence[Doubt]
    gap: float
    exact: float
    unit: float

    def result(self) -> Sought:
        """Return the best mixture of all choices tried."""
        found: dict[bytes, Mixture | None] = {}
        for choice in self.choices():
            if choice.tobytes() not in found:
                found[choice.tobytes()] = self.mixed(choice)
        made = [one for one in found.values() if one is not None]
        doubtful = tuple(self.valued(one, found[one.choice.tobytes()]) for one in self.doubts)
        return Sought(max(made, key=lambda one: one.value, default=None), doubtful)

    def mixed(self, choice: Bools) -> Mixture | None:
        """Return the best mixture with a choice made [projects x P]."""
        last = self.last
        same = last is not None and np.array_equal(choice, self.projects.choice(last))
        mix = best_mixture if self.few else best_quickly
        return mix(
            self.projects.chosen(self.centre, choice),
            self.pool,
            gap=self.gap,
            exact=self.exact,
            last=last if same else replace(self.guide, start=None),
        )

    def valued(self, doubt: Doubt, found: Mixture | None) -> Floats:
        r"""Return what things are worth with a choice [L].

        Where the proposals do not suit it at all, near the valuations that prove most of it:

        .. math:: |y_r - \hat y_r| \le |\hat y_r| + \epsilon\, \text{unit} / \text{size}_r

        R. E. Marsten, W. W. Hogan and J. W. Blankenship, "The boxstep method for large-scale
        optimization", *Operations Research* 23 (1975) 389-405.
        """
        if found is not None:
            return found.valuations
        chosen = replace(self, centre=self.projects.chosen(self.centre, doubt.choice))
        program, shared = chosen.program(), self.centre.rows.size
        size = abs(program.matrix) @ np.abs(np.concatenate([self.guide.decided, self.equally]))
        size = np.where(size > 0, size, 1.0)[:shared]
        near = np.abs(doubt.known) + LEAST_PRICE * self.unit / size
        slack = sp.eye_array(program.row_lower.size, shared, format="csr")
        elastic = replace(
            program,
            matrix=sp.hstack([program.matrix, slack, -slack], format="csr"),
            lower=np.concatenate([program.lower, np.zeros(2 * shared)]),
            upper=np.concatenate([program.upper, LARGE * size, LARGE * size]),
            reward=np.concatenate([program.reward, doubt.known - near, -doubt.known - near]),
            integer=np.zeros(program.reward.size + 2 * shared, dtype=bool),
        )
        answer = first_certain(elastic)
        return doubt.known if answer is None else answer[1][:shared]

    def choices(self) -> Iterator[Bools]:
        """Yield choices worth trying [projects x P]."""
        if self.last is not None:
            yield self.projects.choice(self.last)
        yield from (one.choice for one in self.doubts)
        found = self.searched() if self.few else None
        if found is not None:
            yield found
            return
        yield self.rounded(SHARES[len(self.pool) % len(SHARES)])
        if self.last is None:
            yield from map(self.rounded, SHARES)
            yield np.zeros_like(self.projects.can)

    def rounded(self, share: float) -> Bools:
        """Return projects of which the guide starts a share, each when it starts most of it."""
        can, begun = self.projects.can, self.guide.decided[self.projects.places]
        choice = np.zeros_like(can)
        start = np.where(can, begun, -1.0).argmax(axis=1)
        some = begun.sum(axis=1) >= share
        choice[np.flatnonzero(some), start[some]] = True
        return choice & can

    # ---- branch and bound ------------------------------------------------------------------

    @cached_property
    def summed(self) -> list[Proposed]:
        """What groups proposed."""
        return [self.centre.groups.proposed(one) for one in self.pool]

    @cached_property
    def mattering(self) -> Bools:
        """The proposals that the guide chose or that are in force [E x G]."""
        matter = chosen_of(self.centre, self.summed, self.guide)
        if self.last is not None:
            weights = self.centre.groups.mean(self.last.weights)
            there = np.stack([one.answered for one in self.summed])[: len(weights)]
            matter[: len(weights)] |= (weights > WEIGHING) & there
        return matter

    @property
    def few(self) -> bool:
        """Whether so few proposals matter that branch and bound can go over them."""
        return int(self.mattering.sum()) * self.centre.touched.size <= FEW

    @property
    def equally(self) -> Floats:
        """The proposals that matter, as if each had the same weight in its group."""
        who = np.nonzero(self.mattering.T)[0]
        weights: Floats = 1 / np.bincount(who, minlength=self.mattering.shape[1])[who]
        return weights

    def searched(self) -> Bools | None:
        """Return the choice of branch and bound, None where it has none."""
        small = scaled(self.program())
        answer = run(
            small.program,
            options={
                "mip_max_nodes": NODES,
                "mip_abs_gap": CLOSE * self.unit * small.reward,
                "mip_rel_gap": 0.0,
                "mip_feasibility_tolerance": 1e-9,
                "time_limit": SECONDS_MAX,
                "threads": 1,
            },
        )
        begun: Floats = small.unscaled(answer).primal[self.projects.places]
        return None if np.isnan(begun).any() else np.asarray(begun > 0.5)

    def program(self) -> Program:
        """Return the centre's problem over the proposals that matter, with whole projects."""
        own, matter = self.centre.program, self.mattering
        who, entry = np.nonzero(matter.T)
        places = list(zip(who, entry, strict=True))
        shares = np.column_stack([self.summed[k].shares[:, g] for g, k in places])
        values = np.array([self.summed[k].values[g] for g, k in places])
        groups, count = matter.shape[1], who.size
        ones = sp.csr_array((np.ones(count), (who, np.arange(count))), shape=(groups, count))
        nothing: Sparse = sp.csr_array((groups, own.reward.size))
        integer = np.zeros(own.reward.size + count, dtype=bool)
        integer[self.projects.places] = True
        rules = sp.hstack([own.matrix, sp.csr_array(shares)], format="csr")
        return Program(
            matrix=sp.vstack([rules, sp.hstack([nothing, ones])], format="csr"),
            row_lower=np.concatenate([own.row_lower, np.ones(groups)]),
            row_upper=np.concatenate([own.row_upper, np.ones(groups)]),
            lower=np.concatenate([own.lower, np.zeros(count)]),
            upper=np.concatenate([own.upper, np.ones(count)]),
            reward=np.concatenate([own.reward, values]),
            integer=integer,
        )


def made_whole(
    dialogue: "Dialogue", state: "State", guide: Mixture
) -> tuple[Mixture | None, tuple[Offer, ...]]:
    """Return the best mixture found with whole projects, and what to offer beside the rest.

    Parameters
    ----------
    state
        With the new pool and bounds, and the plan in force.
    guide
        The best mixture with projects between 0 and 1.
    """
    if dialogue.projects is None:
        raise CounterplanError("there are no projects")
    parts = all_parts(dialogue, state)
    gap = dialogue.known_gap(replace(state, guide=guide))
    if parts and state.mixture is not None:
        gap = max(gap, parts[0].bound - state.mixture.value)
    offers = [state.pool[entries_of(state.pool, one.key)[0]].offer for one in parts[:DOUBTS]]
    known = [one.valuations for one in offers]
    doubts = [Doubt(one.choice, y) for one, y in zip(parts, known, strict=False)]
    sought = Search(
        centre=dialogue.centre,
        projects=dialogue.projects,
        pool=state.pool,
        guide=guide,
        last=state.mixture,
        doubts=doubts,
        gap=gap,
        exact=dialogue.exact(gap),
        unit=dialogue.yardstick,
    ).result()
    valued = [] if sought.best is None else [sought.best.valuations]
    for y, wanted in zip(known, sought.doubtful, strict=True):
        valued += [y + share * (wanted - y) for share in WAY]
    aside = tuple(Offer(state.offer.number, one) for one in valued)
    return sought.best and dialogue.tidied(sought.best, state.pool), aside


def beside(
    state: "State",
    guide: Mixture | None,
    best: Mixture | None,
    aside: tuple[Offer, ...],
    offers: tuple[Offer, ...],
) -> tuple[Offer, ...]:
    """Return all offers: fewer for parts of projects where mostly whole ones leave a gap."""
    if guide is None or best is None:
        return (*aside, *offers)
    near = state.bound - guide.value < SETTLED * (guide.value - best.value)
    return (*aside, *(offers[-1:] if near else offers))
