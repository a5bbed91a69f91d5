r"""The centre's problem: the best mixture of what the producers themselves proposed.

.. math:: \max\; c_0^\top x_0 + \sum_s \sum_k v_{sk}\lambda_{sk} \quad\text{s.t.}\quad
          r^- \le A_0 x_0 + \sum_s \sum_k a_{sk}\lambda_{sk} \le r^+,\quad
          \sum_k \lambda_{sk} = 1,\; \lambda \ge 0

x_0 what the centre decides (trade, consumption, reserves), a_sk what a proposal puts into the
shared rules. G. B. Dantzig and P. Wolfe, "Decomposition principle for linear programs",
*Operations Research* 8 (1960) 101-111. It is solved by :mod:`counterplan.solve.mixing`; where that
comes to nothing, by HiGHS over everything that was ever proposed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.groups import Groups, Proposed, alone
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.resuming import Start, kept_start, point_of
from counterplan.dialogue.selection import selected
from counterplan.economy.economy import Bools, Floats, Integers, Sparse
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import dual_bound
from counterplan.solve.frame import Frame, frame_of
from counterplan.solve.highs import solve_divisible
from counterplan.solve.mixing import Proposals, Pull, Wish, mix
from counterplan.solve.program import Engine, Outcome, Program

ENGINES = (Engine.IPX, Engine.LOOSE, Engine.VERTEX, Engine.SIMPLEX)
SECONDS_MAX = 600.0
CENTRAL = 0.3  # of the gap that is proved: where the valuations of the next offer are taken
KEPT = 5.0  # of the same: where the point lies from which the next search begins
PULLED, ROUGH = 0.05, 1e-5  # the same for valuations alone, and what they leave of the rules
FAINT = 0.1  # of the median valuation: smaller ones are held as if they were as large


@dataclass(frozen=True)
class Centre:
    """What the centre knows: the shared rules and its own variables.

    Attributes
    ----------
    program
        Its variables [N0] under the shared rules [L], before anybody has proposed anything.
    columns, rows
        [N0], [L] where they stand in the whole plan problem.
    touched
        [T] the shared rules that any producer has a part in.
    groups
        Whose proposals are mixed with one weight.
    """

    program: Program
    columns: Integers
    rows: Integers
    touched: Integers
    groups: Groups

    def bound(self, valuations: Floats) -> float:
        """Return the bound on what the centre's own decisions can add at given valuations."""
        return dual_bound(self.program, valuations)

    @cached_property
    def frame(self) -> Frame:
        """The same problem in the form of the interior point."""
        return frame_of(self.program, self.touched)


@dataclass(frozen=True)
class Mixture:
    """The centre's answer to its problem.

    Attributes
    ----------
    value
        Of the plan, to the mandate.
    decided
        [N0] the centre's own variables.
    weights
        [E x S] of the proposals of each entry of the pool.
    valuations
        [L] of the shared rules, from the middle of those that are good.
    start
        From where the next search can begin.
    """

    value: float
    decided: Floats
    weights: Floats
    valuations: Floats
    start: Start | None = None


def centre_of(parts: Parts, groups: Groups) -> Centre:
    """Return what the centre knows of a plan problem."""
    whole = parts.program
    columns, rows = np.flatnonzero(~parts.own), np.flatnonzero(parts.shared)
    shared = sp.csr_array(whole.matrix)[rows]
    program = Program(
        matrix=sp.csr_array(shared[:, columns]),
        row_lower=whole.row_lower[rows],
        row_upper=whole.row_upper[rows],
        lower=whole.lower[columns],
        upper=whole.upper[columns],
        reward=whole.reward[columns],
        integer=np.zeros(columns.size, dtype=bool),
    )
    touched = np.flatnonzero(abs(shared) @ parts.own.astype(np.float64) > 0)
    return Centre(program, columns, rows, touched, groups)


def best_mixture(
    centre: Centre,
    pool: Sequence[Answers],
    *,
    gap: float,
    exact: float,
    last: Mixture | None = None,
) -> Mixture | None:
    """Return the best mixture of a pool, or None where no mixture keeps the shared rules.

    Where there are indivisible projects they are mixed like anything else
    (:mod:`counterplan.dialogue.projects` makes them whole).

    Parameters
    ----------
    gap
        What is proved to be missing so far, in units of the reward.
    exact
        What may be left of the value, in the same units.
    last
        The mixture before, from which the search begins.
    """
    found = best_quickly(centre, pool, gap=gap, exact=exact, last=last)
    return found or best_of_all(centre, pool)


def best_quickly(
    centre: Centre, pool: Sequence[Answers], *, gap: float, exact: float, last: Mixture | None
) -> Mixture | None:
    """Return the same by the interior point alone, or None where that comes to nothing."""
    groups = centre.groups
    summed = [groups.proposed(one) for one in pool]
    chosen = chosen_of(centre, summed, last)
    if not chosen.any(axis=0).all():  # in some group nobody is heard of where the others are
        centre = replace(centre, groups=alone(groups.of.size))
        return best_quickly(centre, pool, gap=gap, exact=exact, last=last)
    proposals = gathered(centre, summed, chosen)
    wish = Wish(exact, offer_gap=CENTRAL * gap, keep_gap=KEPT * gap)
    start = last.start if last else None
    found = None
    if start is not None and start.weights.shape[1] == groups.count:  # of the same groups
        found = mix(
            centre.frame, proposals, wish, start=point_of(start, centre.frame, proposals, chosen)
        )
    found = found or mix(centre.frame, proposals, wish)
    if found is None:
        return None
    weights = np.zeros(chosen.shape)
    weights.T[chosen.T] = found.weights
    start = kept_start(found.kept, chosen)
    return mixture_of(centre, pool, found.decided, groups.members(weights), found.central, start)


def pulled(
    centre: Centre,
    pool: Sequence[Answers],
    mixture: Mixture,
    *,
    gap: float,
    towards: Floats,
    reach: float,
) -> Floats | None:
    r"""Return valuations [L] that better known ones hold back, or None where those say nothing.

    The dual loses the gap that is proved where every valuation moves by the share ``reach``:

    .. math:: \tfrac12 \sum_r w_r (y_r - \hat y_r)^2, \qquad
              w_r = \frac{2\, \text{gap}}{T\, (\text{reach}\, |\hat y_r|)^2}
    """
    frame = centre.frame
    held = frame.rules(towards)[centre.touched]
    size = np.abs(held)
    if not size.any():
        return None
    size = reach * np.maximum(size, FAINT * float(np.median(size[size > 0])))
    pull = Pull(2 * gap * frame.unit / (size.size * size**2), held)
    summed = [centre.groups.proposed(one) for one in pool]
    proposals = gathered(centre, summed, chosen_of(centre, summed, mixture))
    wish = Wish(PULLED * gap, primal=ROUGH)
    found = mix(frame, proposals, wish, pull=pull)
    return None if found is None else found.valuations


def chosen_of(centre: Centre, pool: Sequence[Proposed], last: Mixture | None) -> Bools:
    """Return which of the groups' proposals are mixed [E x G]: all as long as nothing was."""
    if last is None:
        return np.stack([one.answered for one in pool])
    weights = centre.groups.mean(last.weights)
    return selected(pool, weights, last.valuations, rules=centre.touched.size)


def gathered(centre: Centre, pool: Sequence[Proposed], chosen: Bools) -> Proposals:
    """Return the chosen proposals [E x G], group by group."""
    who, entry = np.nonzero(chosen.T)
    shares = np.empty((centre.touched.size, who.size), order="F")
    values = np.empty(who.size)
    for k, one in enumerate(pool):
        here = entry == k
        shares[:, here] = one.shares[np.ix_(centre.touched, who[here])]
        values[here] = one.values[who[here]]
    first = np.concatenate([[0], np.cumsum(chosen.sum(axis=0))])
    return Proposals(centre.frame.scaled(shares), values, first)


def mixture_of(
    centre: Centre,
    pool: Sequence[Answers],
    decided: Floats,
    weights: Floats,
    valuations: Floats,
    start: Start | None,
) -> Mixture:
    """Return a mixture with weights [E x S] that add up to one, and what it is worth."""
    weights = np.maximum(weights, 0.0)
    weights /= weights.sum(axis=0)
    value = float(centre.program.reward @ decided)
    value += sum(float(row @ one.values) for row, one in zip(weights, pool, strict=True))
    return Mixture(value, decided, weights, valuations, start)


def best_of_all(centre: Centre, pool: Sequence[Answers]) -> Mixture | None:
    """Return the best mixture of everything, by HiGHS; None where there is none."""
    answer = first_certain(mixed(centre, pool))
    if answer is None:
        return None
    primal, dual = answer
    split, shared = centre.columns.size, centre.rows.size
    weights = np.zeros((len(pool), pool[0].answered.size))
    weights[np.stack([one.answered for one in pool])] = primal[split:]
    return mixture_of(centre, pool, primal[:split], weights, dual[:shared], None)


def first_certain(program: Program) -> tuple[Floats, Floats] | None:
    """Return the solution of the first engine that is certain, or None where there is none.

    An interior point's word that there is none is not taken; the simplex's is.

    Raises
    ------
    CounterplanError
        When none of the engines is certain of anything.
    """
    for engine in ENGINES:
        answer = solve_divisible(program, engine=engine, seconds_max=SECONDS_MAX)
        if answer.outcome is Outcome.SOLVED:
            return answer.primal, answer.dual
    if answer.outcome is Outcome.IMPOSSIBLE:
        return None
    raise CounterplanError("no engine could mix the proposals")


def mixed(centre: Centre, pool: Sequence[Answers]) -> Program:
    """Return the centre's problem: its own variables, then each round's proposals."""
    own = centre.program
    shares = np.hstack([one.shares[:, one.answered] for one in pool])
    values = np.concatenate([one.values[one.answered] for one in pool])
    who = np.concatenate([np.flatnonzero(one.answered) for one in pool])
    producers, count = pool[0].answered.size, values.size
    ones = sp.csr_array((np.ones(count), (who, np.arange(count))), shape=(producers, count))
    nothing: Sparse = sp.csr_array((producers, own.reward.size))
    return Program(
        matrix=sp.block_array([[own.matrix, sp.csr_array(shares)], [nothing, ones]], format="csr"),
        row_lower=np.concatenate([own.row_lower, np.ones(producers)]),
        row_upper=np.concatenate([own.row_upper, np.ones(producers)]),
        lower=np.concatenate([own.lower, np.zeros(count)]),
        upper=np.concatenate([own.upper, np.ones(count)]),
        reward=np.concatenate([own.reward, values]),
        integer=np.zeros(own.reward.size + count, dtype=bool),
    )
