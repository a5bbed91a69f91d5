r"""Who moved the plan: outputs between successive plans in force, and valuations between offers.

Everything follows from the saved rounds. With w the worth of a unit of activity at base prices, x
a plan's activities, \hat x those of the base period and g the trend, over the reported periods,

.. math:: o_s = \frac{\sum_{j \in s} \sum_t w_j x_{jt}}{\sum_{j \in s} \sum_t w_j \hat x_j g_t},
          \qquad
          v_s(y) = \frac{\sum_i \sum_t q_{is} g_t\, \nu_{it}(y)}{\sum_i \sum_t q_{is} g_t\, p_i}

q what producer s made in the base period, \nu what one more unit of a product is worth at the
valuations y of an offer, against the basket that households have in the plan
(:meth:`counterplan.plan.plan.Plan.valuations`), p base prices.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.economy.economy import Codes, Economy, Floats, Integers
from counterplan.plan.certificate import certify
from counterplan.plan.plan import Making, Plan
from counterplan.report.rounds.history import Mixtures

BRANCHES_MOST = 5  # that are named for each move
WORKPLACES_MOST = 10
NOTICED = 5e-5  # of base output: what a table with one decimal of a per cent can show


@dataclass(frozen=True)
class Moved:
    """One branch between two plans in force.

    Attributes
    ----------
    output
        Change over the reported periods, as a share of base output on trend.
    valuation
        Change of what it makes between the offers; nan where it has none.
    workplace
        Index of the producer with the largest part in the change, and its ``part`` of it.
    """

    branch: int
    output: float
    valuation: float
    workplace: int
    part: float


@dataclass(frozen=True)
class Move:
    """From one plan in force to the next.

    Attributes
    ----------
    round
        After which the new plan was in force, from 0; ``since`` after which the old one was, -1
        for going on as before.
    moved
        Output that changed anywhere, up or down, as a share of all output.
    """

    round: int
    since: int
    moved: float
    branches: tuple[Moved, ...]


@dataclass(frozen=True)
class Strayed:
    """A workplace that ends far from what the centre's statistics suggested to its branch.

    Attributes
    ----------
    draft, plan
        Output over the reported periods against base output on trend.
    valuation
        Of what it makes, at the plan's valuations, against the first offer; nan where it had none.
    product
        Index of what it makes most of.
    """

    producer: int
    draft: float
    plan: float
    valuation: float
    product: int


@dataclass(frozen=True)
class History:
    """A dialogue with the mixture of each of its rounds.

    Attributes
    ----------
    mixtures
        After each round; None where there was no plan yet.
    """

    dialogue: Dialogue
    state: State
    mixtures: Mixtures

    # ---- what everything is measured against -------------------------------------------------

    @property
    def economy(self) -> Economy:
        """The economy of workplaces."""
        return self.dialogue.parts.problem.outlook.economy

    @cached_property
    def plan(self) -> Plan:
        """The plan in force; of zeros where there is none."""
        if self.state.mixture is not None:
            return self.dialogue.plan(self.state)
        problem = self.dialogue.parts.problem
        primal = np.zeros(self.dialogue.parts.columns.size)
        dual = np.zeros(self.dialogue.parts.rows.size)
        proof = certify(problem, primal=primal, dual=dual)
        making = Making("dialogue", 0.0, len(self.state.rounds))
        return Plan(self.dialogue.scenario, problem, primal, dual, proof, making)

    @cached_property
    def branches(self) -> Codes:
        """Codes of the branches [B]."""
        return self.economy.branches()

    @cached_property
    def branch(self) -> Integers:
        """Index of each producer's branch [S]."""
        place = {code: b for b, code in enumerate(self.branches)}
        return np.array([place[code] for code in self.economy.producers.branches], dtype=np.int64)

    @cached_property
    def base(self) -> Floats:
        """Base output on trend over the reported periods, by producer [S]."""
        trend = self.plan.outlook.trend
        return self.outputs(self.economy.techniques.activity[:, None] * trend)

    def outputs(self, activity: Floats) -> Floats:
        """Return the worth of output over the reported periods [S] of activities [m x P]."""
        worth = self.plan.outlook.activity_price * activity[:, :-1].sum(axis=1)
        owner = self.economy.techniques.producer
        total = np.bincount(owner, weights=worth, minlength=len(self.economy.producers))
        return total.astype(np.float64)

    def by_branch(self, values: Floats) -> Floats:
        """Add up values of producers [S] by branch [B]."""
        total = np.bincount(self.branch, weights=values, minlength=len(self.branches))
        return total.astype(np.float64)

    def of_round(self, number: int) -> Floats | None:
        """Return the output of each producer in the plan in force after a round [S]."""
        mixture = self.mixtures[number]
        if mixture is None:
            return None
        primal = self.dialogue.primal(mixture, self.state.pool[: len(mixture.weights)])
        return self.outputs(self.plan.problem.value("activity", primal))

    # ---- what things were worth --------------------------------------------------------------

    @cached_property
    def made(self) -> Floats:
        """What each producer made in the base period [n x S]."""
        techniques = self.economy.techniques
        count = len(techniques)
        whose = sp.csr_array(
            (techniques.activity, (np.arange(count), techniques.producer)),
            shape=(count, len(self.economy.producers)),
        )
        return np.asarray((techniques.output @ whose).toarray(), dtype=np.float64)

    def main_offer(self, number: int) -> Offer | None:
        """Return the last offer on the way of a round; None where it only asked for what misses."""
        found = [one for one in self.state.offers if one.number == number]
        return found[-1] if found and found[-1].own_costs == 1.0 else None

    def valued(self, offer: Offer | None) -> Floats:
        """Return what things are worth at an offer [n x T], the basket's price 1; nan at none."""
        if offer is None:
            return np.full((len(self.economy.products), len(self.plan.years)), np.nan)
        dual = np.zeros(self.dialogue.parts.rows.size)
        dual[self.dialogue.centre.rows] = offer.valuations
        dual = dual[: self.plan.dual.size]  # without the rules of counting on projects
        values: Floats = replace(self.plan, dual=dual).valuations().to_numpy(dtype=np.float64)
        return values

    def worth_of(self, made: Floats, valued: Floats) -> Floats:
        """Return what baskets [n x A] are worth at valuations [n x T], against base prices [A]."""
        trend = self.plan.outlook.trend[:-1]
        known = made.any(axis=1)
        worth = made[known].T @ (valued[known] @ trend)
        before = (made.T @ self.economy.products.prices) * trend.sum()
        return over(worth, before)

    # ---- who moved ---------------------------------------------------------------------------

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Return how each plan in force differs from the last; the first from going on."""
        since, last, found = -1, self.base, []
        for number in range(len(self.mixtures)):
            now = self.of_round(number)
            if now is not None:
                found.append(self.move(number, since, now - last))
                since, last = number, now
        return tuple(found)

    def move(self, number: int, since: int, change: Floats) -> Move:
        """Return a move: the branches whose output changed most, with who and at what worth."""
        share = over(self.by_branch(change), self.by_branch(self.base))
        order = np.argsort(-np.abs(np.nan_to_num(share)), kind="stable")[:BRANCHES_MOST]
        named = [int(b) for b in order if abs(np.nan_to_num(share[b])) >= NOTICED]
        made = np.column_stack([self.made[:, self.branch == b].sum(axis=1) for b in named] or
                               [np.zeros((len(self.economy.products), 0))])  # fmt: skip
        now = self.worth_of(made, self.valued(self.main_offer(number)))
        then = np.ones(len(named))
        if since >= 0:
            then = self.worth_of(made, self.valued(self.main_offer(since)))
        turned = over(now, then) - 1
        branches = []
        for place, b in enumerate(named):
            own = np.where(self.branch == b, change, 0.0)
            first = int(np.argmax(own * np.sign(share[b])))
            part = float(own[first] / own.sum())
            branches.append(Moved(b, float(share[b]), float(turned[place]), first, part))
        return Move(number, since, float(np.abs(change).sum() / self.base.sum()), tuple(branches))

    # ---- who is far from the draft -----------------------------------------------------------

    @property
    def draft(self) -> Answers | None:
        """What producers made of the last draft; None where there was none."""
        drafts = [one for one in self.state.pool if one.offer.number < 0]
        return drafts[-1] if drafts else None

    def strayed(self) -> tuple[Strayed, ...]:
        """Return the workplaces that end farthest from the draft of their branch.

        A draft suggests the same course, against trend, to all workplaces of a branch; it is read
        from those that can follow it.
        """
        draft, last = self.draft, self.state.mixture
        if draft is None or last is None:
            return ()
        courses = self.outputs(self.plan.problem.value("activity", draft.courses))
        able = np.where(draft.answered, self.base, 0.0)
        suggested = over(self.by_branch(courses), self.by_branch(able))[self.branch]
        outputs = over(self.outputs(self.plan.quantity("activity")), self.base)
        away = np.nan_to_num(np.abs(outputs - suggested))
        order = [int(s) for s in np.argsort(-away, kind="stable")[:WORKPLACES_MOST]]
        named = [s for s in order if away[s] >= NOTICED]
        made = self.made[:, named]
        now = self.worth_of(made, self.plan.valuations().to_numpy(dtype=np.float64))
        turned = over(now, self.worth_of(made, self.valued(self.main_offer(0)))) - 1
        prices = self.economy.products.prices[:, None]
        return tuple(
            Strayed(s, float(suggested[s]), float(outputs[s]), float(turned[place]), int(most))
            for place, (s, most) in enumerate(
                zip(named, (prices * made).argmax(axis=0), strict=True)
            )
        )


def over(part: Floats, whole: Floats) -> Floats:
    """Return shares of what is above zero; nan elsewhere."""
    fine = (whole > 0) & np.isfinite(part)
    shares: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=fine)
    return shares
