r"""Reading: what the centre makes of a statement, the share that it has in each shared rule.

.. math:: a_s = R_{b(s)}\, w_s

R is public and depends on a producer's branch and on nothing else that is the producer's, so that
a statement w_s is all that has to leave it. Each rule is written over statements as its family
writes it over techniques.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.counted import LINK
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.statement import (
    ROOM,
    Statement,
    Words,
    over_columns,
    places_of,
    shared_items,
    words_of,
)
from counterplan.economy.economy import Codes, Floats, Integers, Sparse
from counterplan.errors import CounterplanError
from counterplan.plan.families.import_share import observed_shares
from counterplan.plan.family import Variables
from counterplan.plan.linear import Block, Expression
from counterplan.plan.outlook import Outlook


@dataclass(frozen=True)
class Reading:
    """What the centre knows: what a statement puts into the shared rules.

    Attributes
    ----------
    common
        [L x W] alike for everybody.
    staffing
        [P x W] what goes into the rule on people who change branch, of the producer's branch.
    staffing_rows
        [b x P] where that rule stands among the shared ones, for each branch.
    branch
        [S] index of each producer's branch.
    places
        Name of a family -> [items x P] where its rows stand among the shared ones, -1 where the
        family says nothing or the rule is not shared.
    rules
        [L] what each shared rule is called: family, item, period.
    """

    words: Words
    common: Sparse
    staffing: Sparse
    staffing_rows: Integers
    branch: Integers
    places: dict[str, Integers]
    rules: Codes

    def shares(self, statement: Statement) -> Floats:
        """Return what each proposal puts into each shared rule [L x A]."""
        shares = np.asarray(self.common @ statement.said, dtype=np.float64)
        rows = self.staffing_rows[self.branch[statement.who]].T
        kept = rows >= 0
        moved = self.staffing @ statement.said
        shares[rows[kept], np.broadcast_to(np.arange(rows.shape[1]), rows.shape)[kept]] += moved[
            kept
        ]
        return shares

    def values(self, statement: Statement) -> Floats:
        """Return what each proposal is worth to the mandate by itself: less its own cost [A]."""
        return -np.asarray(statement.words.weights @ statement.cost, dtype=np.float64)

    def worth(self, valuations: Floats, *, producer: int) -> Floats:
        r"""Return what one more unit of each line is worth to a producer at an offer [W].

        .. math:: \omega_s = -R_{b(s)}^\top y

        in the mandate's value; what is taken is worth less than nothing.
        """
        rows = self.staffing_rows[self.branch[producer]]
        valued = np.where(rows >= 0, valuations[rows], 0.0)
        return -np.asarray(self.common.T @ valuations + self.staffing.T @ valued)


Rule = Callable[[Outlook, Variables], Expression]


def in_product_balance(_: Outlook, told: Variables) -> Expression:
    """What is made comes in; what is used and built with goes out."""
    return told.made - told.used - told.built


def in_import_share(given: Outlook, told: Variables) -> Expression:
    """Of what is used, the habitual share is expected from abroad."""
    share, _ = observed_shares(given)
    return told.used * -share[:, None]


def in_investment_import_share(given: Outlook, told: Variables) -> Expression:
    """Of what is built with, the habitual share is expected from abroad."""
    _, share = observed_shares(given)
    return told.built * -share[:, None]


def in_self_reliance(given: Outlook, told: Variables) -> Expression:
    """A share of all domestic use may be imported."""
    limit = given.import_share_limit
    return (told.used + told.built) * np.where(np.isfinite(limit), limit, 0.0)


def in_labour(_: Outlook, told: Variables) -> Expression:
    """Work takes people."""
    return -told.work


def in_emissions(_: Outlook, told: Variables) -> Expression:
    """Emissions use up what is allowed."""
    return -told.emitted


def in_capacity(_: Outlook, told: Variables) -> Expression:
    """Capacity that several producers use."""
    return told.room * 1.0


def in_project_capacity(_: Outlook, told: Variables) -> Expression:
    """Capacity that is counted on from projects."""
    return -told.handed


def in_labour_mobility(given: Outlook, told: Variables) -> Expression:
    """Everybody at work, against those at work before and their natural growth [1 x P]."""
    at_work = told.work.total()
    growth = 1 + given.economy.trend.labour
    return at_work.lag(np.zeros((1, 1))) * growth - at_work


MOBILITY = "labour_mobility"
RULES: dict[str, Rule] = {
    "product_balance": in_product_balance,
    "import_share": in_import_share,
    "investment_import_share": in_investment_import_share,
    "self_reliance": in_self_reliance,
    "labour": in_labour,
    "emissions": in_emissions,
    "capacity": in_capacity,
    LINK: in_project_capacity,
}
ITEMS_OF = {"capacity": ROOM}  # the rest have all items


def reading_of(parts: Parts) -> Reading:
    """Return what statements put into the shared rules of a plan problem.

    Raises
    ------
    CounterplanError
        When a shared rule speaks of what producers do, and statements have no words for it.
    """
    words, places, given = words_of(parts), places_of(parts), parts.problem.outlook
    refuse_unread(parts)
    told = spoken_of(words, given)
    firsts = {name: kind.first for name, kind in words.kinds.items()}
    height = int(parts.shared.sum())
    common: Sparse = sp.csr_array((height, words.size))
    for name, rule in RULES.items():
        place = places.get(name)
        if place is None:
            continue
        if name in ITEMS_OF:
            place = place[shared_items(parts, name)]
        there = place.T.ravel()
        kept = np.flatnonzero(there >= 0)
        put = sp.csr_array((np.ones(kept.size), (there[kept], kept)), shape=(height, there.size))
        common = common + put @ over_columns(rule(given, told), firsts, words.size)
    branches = given.economy.branches()
    return Reading(
        words=words,
        common=sp.csr_array(common),
        staffing=over_columns(in_labour_mobility(given, told), firsts, words.size),
        staffing_rows=places[MOBILITY],
        branch=np.array([branches.index(b) for b in given.economy.producers.branches]),
        places=places,
        rules=labels_of(parts),
    )


def labels_of(parts: Parts) -> Codes:
    """Return what each shared rule is called [L]."""
    periods = parts.problem.outlook.periods.labels
    found = [""] * int(parts.shared.sum())
    for name, place in places_of(parts).items():
        items = parts.problem.rows[name].items
        for i, t in np.argwhere(place >= 0):
            found[place[i, t]] = f"rule '{name}' of '{items[i]}', {periods[t]}"
    return tuple(found)


def spoken_of(words: Words, given: Outlook) -> Variables:
    """Return the lines of a statement as variables, so that rules can be written over them."""
    blocks = []
    for kind in words.kinds.values():
        none = np.zeros((len(kind.items), len(words.periods)))
        blocks.append(Block(kind.name, "", kind.name, kind.items, none, none, none))
    return Variables(blocks, given.periods)


def refuse_unread(parts: Parts) -> None:
    """Refuse a shared rule on producers' variables that no statement has words for."""
    matrix = abs(sp.csr_array(parts.program.matrix))
    touched = np.append((matrix @ parts.own.astype(np.float64) > 0) & parts.shared, False)
    for name, block in parts.problem.rows.items():
        if touched[block.rows].any() and name not in RULES and name != MOBILITY:
            raise CounterplanError(
                f"the shared rule '{name}' speaks of what producers do, and proposals have no "
                "words for it; give it a function in counterplan.dialogue.reading"
            )
