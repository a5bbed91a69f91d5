r"""Lies: what a part of the workplaces says about its needs and its capacity, beyond the truth.

A lie changes the rules that the centre sees by :math:`D x + d`; the truth is
:math:`r^- \le A x \le r^+`, and the centre reads :math:`r^- \le A x + D x + d \le r^+`. What is on
record (activity, employment, trade and investment of the base period) stays as it is. Source:
docs/dialogue/honesty.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Bools, Economy, Floats, Integers
from counterplan.errors import InputError
from counterplan.plan.families.capital_accumulation import works
from counterplan.plan.families.import_share import observed_shares
from counterplan.plan.families.labour_mobility import branch_sum
from counterplan.plan.family import Variables
from counterplan.plan.linear import Expression, fixed
from counterplan.plan.outlook import Outlook

DEGREE_MAX = 0.95

Claims = Mapping[str, Expression]
"""Name of a family -> what its rows read beyond the truth [items x P]."""


class Kind(StrEnum):
    """What is lied about."""

    PADDING = "padding"
    HOARDING = "hoarding"
    SANDBAGGING = "sandbagging"


@dataclass(frozen=True)
class Lie:
    """Who lies, about what, and by how much.

    Attributes
    ----------
    degree
        Share of the true need that is claimed on top, or of the true capacity that is held back.
    liars
        [S] which producers.

    Raises
    ------
    InputError
        For a degree that is no share from 0 to :data:`DEGREE_MAX`.
    """

    kind: Kind
    degree: float
    liars: Bools

    def __post_init__(self) -> None:
        if not 0 <= self.degree <= DEGREE_MAX:  # not a number fails this too
            raise InputError(
                f"a lie of {self.degree:g}", place="degree", mend=f"give 0 to {DEGREE_MAX:g}"
            )


def drawn_liars(economy: Economy, *, share: float, seed: int) -> Bools:
    r"""Return which producers lie [S]: a share of each branch, as far as whole ones allow.

    All stand in a row, branch after branch, in random order within each; every one at whose
    place a multiple of 1/share falls, from a random start, lies (systematic sampling). So
    :math:`\lfloor sW \rfloor` or one more of W lie, and of every branch likewise.

    Raises
    ------
    InputError
        For a share that is none.
    """
    if not 0 <= share <= 1:  # not a number fails this too
        raise InputError(f"a share of {share:g}", place="share", mend="give 0 to 1")
    random = np.random.default_rng([seed, 11])
    branches = economy.branches()
    branch = np.array([branches.index(code) for code in economy.producers.branches])
    order = np.lexsort((random.random(branch.size), branch))
    ends = np.floor(random.random() + share * np.arange(branch.size + 1))
    lies = np.zeros(branch.size, dtype=bool)
    lies[order] = np.diff(ends) > 0
    return lies


def claims_of(outlook: Outlook, plan: Variables, lie: Lie) -> Claims:
    """Return what the centre reads beyond the truth, by family."""
    return TELLERS[lie.kind](outlook, plan, lie)


def of_liars(lie: Lie, owner: Integers) -> Floats:
    """Return the degree of the lie for what liars own, 0 for the rest."""
    found: Floats = lie.degree * lie.liars[owner].astype(np.float64)
    return found


def padded(outlook: Outlook, plan: Variables, lie: Lie) -> Claims:
    r"""Return the claims of producers who say they need more of everything.

    .. math:: \theta U_j x_{jt}, \qquad \theta\, l_{kj} x_{jt} / \epsilon_t
    """
    economy = outlook.economy
    more = plan.activity * of_liars(lie, economy.techniques.producer)[:, None]
    people = economy.labour.need @ more * (1 / outlook.efficiency)
    need = np.asarray(economy.labour.need.sum(axis=0))[:, None]
    idle = branch_sum(outlook) @ (more * (need / outlook.efficiency))
    none = np.zeros((len(economy.branches()), 1))
    return {
        **claimed_goods(outlook, economy.techniques.use @ more, kind="other"),
        "labour": -people,
        "labour_mobility": idle.lag(none) * (1 + economy.trend.labour) - idle,
    }


def hoarded(outlook: Outlook, plan: Variables, lie: Lie) -> Claims:
    r"""Return the claims of producers who build a reserve and order too many capital goods.

    .. math:: \theta\, U_j \bar x_j (1 + g)^t / T \quad (t \le T), \qquad \theta B_e J_{et}
    """
    economy = outlook.economy
    goods = fixed(reserves(outlook, lie), outlook.periods)
    more = works(outlook, plan) * of_liars(lie, economy.capital.producer)[:, None]
    # What was begun before the plan is on record.
    more = Expression(more.blocks, np.zeros_like(more.constant), more.periods)
    found = claimed_goods(outlook, goods, kind="other")
    for name, claim in claimed_goods(
        outlook, economy.capital.composition @ more, kind="investment"
    ).items():
        found[name] = found[name] + claim if name in found else claim
    return found


def reserves(outlook: Outlook, lie: Lie) -> Floats:
    """Return the goods claimed for reserves in each period [n x P], none after the horizon."""
    economy = outlook.economy
    own = of_liars(lie, economy.techniques.producer)
    year = np.asarray(economy.techniques.use @ (own * economy.techniques.activity))
    parts = outlook.trend / outlook.periods.count
    parts[-1] = 0.0
    found: Floats = year[:, None] * parts
    return found


def held_back(outlook: Outlook, plan: Variables, lie: Lie) -> Claims:
    r"""Return the claims of producers who say they can use less of their capacity.

    .. math:: -\theta\, a_{et} K_{et}
    """
    less = of_liars(lie, outlook.economy.capital.producer)[:, None] * outlook.usable
    return {"capacity": plan.capacity * -less}


def claimed_goods(outlook: Outlook, goods: Expression, *, kind: str) -> dict[str, Expression]:
    """Return what goods that are claimed and not needed [n x P] do to the rules on use.

    Parameters
    ----------
    kind
        "other" or "investment": which imports follow the use.
    """
    other, investment = observed_shares(outlook)
    share, rule = (
        (other, "import_share") if kind == "other" else (investment, "investment_import_share")
    )
    limit = outlook.import_share_limit
    capped = np.where(np.isfinite(limit), limit, 0.0)
    return {
        "product_balance": -goods,
        rule: goods * -share[:, None],
        "self_reliance": goods * capped,
    }


TELLERS: dict[Kind, Callable[[Outlook, Variables, Lie], Claims]] = {
    Kind.PADDING: padded,
    Kind.HOARDING: hoarded,
    Kind.SANDBAGGING: held_back,
}


def sparse_rows(expression: Expression, columns: Mapping[str, int], width: int) -> sp.csr_array:
    """Return an expression's coefficients over all columns [items * P x width]."""
    parts = []
    for name, block in expression.blocks.items():
        part = sp.coo_array(block)
        parts.append((part.data, part.coords[0], part.coords[1] + columns[name]))
    shape = (expression.constant.size, width)
    if not parts:
        return sp.csr_array(shape)
    data, row, column = (np.concatenate(piece) for piece in zip(*parts, strict=True))
    return sp.csr_array((data, (row, column)), shape=shape)
