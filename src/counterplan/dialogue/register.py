r"""The register: what the centre knows of each producer before it speaks.

A producer is registered with its branch and region, the products that it makes and builds with,
what it made in the base period, and the output that its capacity could carry, in base-period
money. Like is held against like through one figure of the branch: what inputs and work cost per
unit of output worth,

.. math:: \chi_b = \frac{\sum_{s \in b} \big( p^\top n_s^- + w\,\ell_s \big)}
                        {\sum_{s \in b} p^\top n_s^+}

n_s what producer s adds to each product in the base period, n+ where that is above zero and n-
what is missing where it is below, p base prices, l people at work, w the mean worth of one.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.counted import enlarged, most_opened
from counterplan.dialogue.drafts import accumulate
from counterplan.dialogue.parts import Parts
from counterplan.dialogue.reading import Reading, reading_of
from counterplan.dialogue.statement import costs_of, shared_items
from counterplan.economy.economy import Bools, Codes, Economy, Floats, Integers, Sparse
from counterplan.plan.families.capital_accumulation import capacity_box
from counterplan.plan.families.import_share import observed_shares
from counterplan.plan.outlook import WIDE

#: Of a producer's own quantities: what an engine that stops at 1e-9 and a change of units leave.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Register:
    """What the centre knows of each producer. Worth is in base-period money.

    Attributes
    ----------
    reading
        What statements put into the shared rules.
    branches, regions
        [S] codes.
    makes, builds
        [n x S] which products it makes, and which its branch builds with.
    prices
        [n] of the base period.
    wage, efficiency
        What one person's work is worth; [P] what one does now, against then.
    reference
        [P x S] output worth on trend; of who did not produce yet, what it might begin with.
    taken, emitted
        [P x S] worth of what that output used and of those who worked; [q x P x S] what it gave
        off.
    like
        [S] cost of inputs and work per unit of output worth in its branch; nan where nobody
        produced.
    standing
        [P x S] most output worth that its capacity carries if nothing is built; inf where it
        needs no capacity that is its alone.
    carried
        [S] most output worth that one unit of worth built carries; ``wear`` [S] the least share
        of it that is lost per period.
    stock
        [P x S] worth of its capital on trend.
    cost_most
        [P x S] most that changing can cost by the mandate's rules.
    room
        [2 x r x P x S] least and most capacity that it could offer to others on trend.
    handed
        [h x P x S] most capacity that it could count on from projects.
    import_shares, investment_import_shares
        [n] the habitual shares.
    foreign_currency
        What is paid abroad in.
    tail
        Discount, and discount times growth, of the years after.
    """

    reading: Reading
    branches: Codes
    regions: Codes
    makes: Bools
    builds: Bools
    prices: Floats
    wage: float
    efficiency: Floats
    reference: Floats
    taken: Floats
    emitted: Floats
    like: Floats
    standing: Floats
    carried: Floats
    wear: Floats
    stock: Floats
    cost_most: Floats
    room: Floats
    handed: Floats
    import_shares: Floats
    investment_import_shares: Floats
    foreign_currency: str
    tail: tuple[float, float]

    @property
    def producers(self) -> Codes:
        """[S] codes."""
        return self.reading.words.producers

    def worth(self, products: Floats) -> Floats:
        """Return the worth of products [n x P x A] at base prices [P x A], the unknown left out."""
        known = np.where(np.isnan(products), 0.0, products)
        return np.asarray(np.tensordot(self.prices, known, axes=1), dtype=np.float64)

    def scale(self, who: Integers) -> Floats:
        """Return the output worth [P x A] that rounding is measured against; never zero."""
        least = ROUNDING * self.reference.mean(axis=1, keepdims=True) + 1e-300
        size: Floats = np.maximum(self.reference[:, who], least)
        return size

    def capacity(self, built: Floats, who: Integers) -> Floats:
        r"""Return the most output worth [P x A] that what stands and what is built can carry.

        .. math:: \bar Y_t = Y_t + N_t, \qquad N_t = (1 - \delta) N_{t-1} + \kappa B_{t-1}

        Y what stands carries, B the worth built, kappa what one unit of it carries. It is an
        upper bound for any time of building: what is built over several periods carries nothing
        before the last of them. The years after take the last year's and their own,
        :math:`N^* = \big( (1 - b)((1 - \delta) N_T + \kappa B_T) + \beta \kappa B^* \big)
        / (1 - \beta (1 - \delta))`.

        Parameters
        ----------
        built
            [P x A] worth of what is built; nan where it is not known, and nothing after it is.
        """
        kept, new = 1 - self.wear[who], np.zeros(built.shape)
        with np.errstate(invalid="ignore"):  # no limit times nothing built
            opened = np.where(built == 0, 0.0, self.carried[who] * built)
        for t in range(1, len(built) - 1):
            new[t] = kept * new[t - 1] + opened[t - 1]
        beta, b = self.tail
        new[-1] = (1 - b) * (kept * new[-2] + opened[-2]) + beta * opened[-1]
        new[-1] /= 1 - beta * kept
        return self.standing[:, who] + new


def register_of(parts: Parts) -> Register:
    """Return what a centre may know of the producers of a plan problem, from the whole economy."""
    given = parts.problem.outlook
    economy = given.economy
    techniques, capital = economy.techniques, economy.capital
    count = len(parts.producers)
    standing, carried, wear = capacities(parts)
    other, goods = observed_shares(given)
    box, room = capacity_box(given), shared_items(parts, "capacity")
    ran = owned(given.activity_reference, techniques.producer, count)
    used = techniques.use.T @ economy.products.prices
    worked = given.labour_value * np.asarray(economy.labour.need.sum(axis=0))
    stock = summed(given.capital_price * box[:, 0] / WIDE, capital.producer, count)
    return Register(
        reading=reading_of(parts),
        branches=economy.producers.branches,
        regions=economy.producers.regions,
        makes=has(techniques.output, techniques.producer, count),
        builds=in_branch(economy, has(capital.composition, capital.producer, count)),
        prices=economy.products.prices,
        wage=given.labour_value,
        efficiency=given.efficiency,
        reference=np.outer(given.trend, given.activity_price @ ran),
        taken=np.outer(given.trend, (used + worked) @ ran),
        emitted=on_trend(techniques.emissions @ ran, given.trend),
        like=like_costs(economy, wage=given.labour_value),
        standing=standing,
        carried=carried,
        wear=wear,
        stock=np.outer(given.trend / given.trend[0], stock),
        cost_most=most_cost(parts),
        room=np.stack(
            [-on_trend(capital.need[room] @ ran, given.trend), of_owners(parts, room, box[room])]
        ),
        handed=of_owners(parts, enlarged(economy), most_opened(given)),
        import_shares=other,
        investment_import_shares=goods,
        foreign_currency=economy.trade.currency,
        tail=(given.periods.beta, given.periods.b),
    )


def summed(values: Floats, owner: Integers, count: int) -> Floats:
    """Add up values by producer [S]."""
    return np.bincount(owner, weights=values, minlength=count).astype(np.float64)


def owned(values: Floats, owner: Integers, count: int) -> Sparse:
    """Return values as a matrix [values x S] that adds them up by producer."""
    places = (np.arange(owner.size), owner)
    return sp.csr_array((values, places), shape=(owner.size, count))


def on_trend(base: Sparse, trend: Floats) -> Floats:
    """Return amounts [items x S] in every period [items x P x S]."""
    amounts = np.asarray(sp.csr_array(base).toarray(), dtype=np.float64)
    return amounts[:, None, :] * trend[:, None]


def has(matrix: Sparse, owner: Integers, count: int) -> Bools:
    """Return which products stand in any column of each producer [n x S]."""
    found = sp.coo_array(matrix)
    there = np.zeros((matrix.shape[0], count), dtype=bool)
    row, column = (part[found.data > 0] for part in found.coords)
    there[row, owner[column]] = True
    return there


def in_branch(economy: Economy, of_producers: Bools) -> Bools:
    """Return what any producer of each producer's branch has [n x S]."""
    branches = np.array(economy.producers.branches)
    found = np.empty_like(of_producers)
    for code in economy.branches():
        members = branches == code
        found[:, members] = of_producers[:, members].any(axis=1, keepdims=True)
    return found


def like_costs(economy: Economy, *, wage: float) -> Floats:
    """Return the cost of inputs and work per unit of output worth of each producer's branch [S]."""
    techniques, prices = economy.techniques, economy.products.prices
    count = len(economy.producers)
    ran = owned(techniques.activity, techniques.producer, count)
    net = sp.csc_array(economy.net_output @ ran)
    people = np.asarray(economy.labour.need.sum(axis=0)) @ ran
    cost = wage * people + prices @ net.multiply(net < 0) * -1.0
    worth = prices @ net.multiply(net > 0)
    branches = economy.branches()
    branch = np.array([branches.index(code) for code in economy.producers.branches])
    spent, made = (summed(each, branch, len(branches)) for each in (cost, worth))
    mean = np.divide(spent, made, out=np.full(len(branches), np.nan), where=made > 0)
    return np.asarray(mean[branch], dtype=np.float64)


def capacities(parts: Parts) -> tuple[Floats, Floats, Floats]:
    r"""Return what capacity carries at most: ``standing``, ``carried`` and ``wear`` of a register.

    Each technique is measured by the one of its producer's items that limits it first; an item
    counts with the most output worth that a unit of it carries, :math:`\max_j p_j / \kappa_{ej}`.
    No course makes more than all items together carry.
    """
    given = parts.problem.outlook
    economy, count = given.economy, len(parts.producers)
    capital, owner = economy.capital, economy.techniques.producer
    need = sp.coo_array(capital.need)
    item, technique, amount = *need.coords, need.data
    # What others use too is for the shared rule to limit.
    mine = (amount > 0) & (capital.producer[item] == owner[technique])
    mine &= ~np.isin(item, shared_items(parts, "capacity"))
    item, technique, amount = item[mine], technique[mine], amount[mine]
    order = np.lexsort((capital.capacity[item] / amount, technique))
    _, first = np.unique(technique[order], return_index=True)
    limits = order[first]
    yields = np.zeros(len(capital))
    np.maximum.at(yields, item[limits], given.activity_price[technique[limits]] / amount[limits])
    course = np.zeros(parts.columns.size)
    accumulate(parts.problem, course)
    there = parts.problem.value("capacity", course)
    handed = enlarged(economy)  # what projects open is for the shared rule to limit
    there[handed] = capacity_box(given)[handed]
    carries = yields[:, None] * there * given.usable
    standing = np.stack([summed(each, capital.producer, count) for each in carries.T])
    free = np.setdiff1d(np.flatnonzero(given.activity_price > 0), technique)
    standing[:, owner[free]] = np.inf
    late = np.power(1 - capital.depreciation, 1.0 - capital.lag)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(yields > 0, yields * late / given.capital_price, 0.0)
    carried, wear = np.zeros(count), np.ones(count)
    np.maximum.at(carried, capital.producer, each)
    np.minimum.at(wear, capital.producer, capital.depreciation)
    return standing, carried, wear


def most_cost(parts: Parts) -> Floats:
    """Return what it would cost to fill every band of change to its brim [P x S]."""
    program, own = parts.program, np.flatnonzero(parts.own)
    owned = sp.csr_array(
        (program.upper[own], (own, parts.columns[own])),
        shape=(parts.columns.size, len(parts.producers)),
    )
    cost = costs_of(parts, parts.problem.outlook.periods.weights) @ owned
    return np.asarray(cost.toarray(), dtype=np.float64)


def of_owners(parts: Parts, items: Integers, limits: Floats) -> Floats:
    """Return limits of some items [items x P] as those of their producers [items x P x S]."""
    owner = parts.problem.outlook.economy.capital.producer[items]
    most = np.zeros((*limits.shape, len(parts.producers)))
    most[np.arange(len(items)), :, owner] = limits
    return most
