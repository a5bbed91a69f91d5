"""Labour mobility: people change branch only so fast, and retraining costs."""

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Sparse
from counterplan.plan.families.labour import employed
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least
from counterplan.plan.outlook import Outlook


def branch_sum(given: Outlook) -> Sparse:
    """Return the matrix that adds techniques up to branches [branches x m]."""
    branches = given.economy.branches()
    owner = [branches.index(b) for b in given.economy.branch_of_technique()]
    count = len(owner)
    return sp.csr_array((np.ones(count), (owner, np.arange(count))), shape=(len(branches), count))


def moving(given: Outlook) -> Block:
    """People who come into a branch from others.

    The box is the whole force: a tighter one would take the value of moving away from retraining.
    """
    branches = given.economy.branches()
    rules = given.mandate.labour
    upper = given.force.sum(axis=0) * np.ones((len(branches), 1))
    cost = rules.moving_cost * given.labour_value * given.efficiency
    return Block(
        name="moving",
        unit="skill units",
        dimension="branch",
        items=branches,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper - cost,
    )


@family(
    dual="what one more person already at home in the branch is worth",
    unit="skill units",
    variables=(moving,),
)
def labour_mobility(given: Outlook, plan: Variables) -> Rows:
    r"""A branch employs those it employed, their natural growth, and those who moved in.

    .. math:: N_{bt} \le (1 + n)\, N_{b,t-1} + \mu_{bt}, \qquad N_{bt} = \sum_{j \in b} \sum_k
              l_{kj} x_{jt} / \epsilon_t

    Rows: branch b, period t [skill units].
    """
    at_work = branch_sum(given) @ employed(given, plan)
    economy = given.economy
    need = economy.labour.need.sum(axis=0)
    base = np.asarray(branch_sum(given) @ (need * economy.techniques.activity))
    growth = 1 + economy.trend.labour
    age = given.periods.first - 1 - given.periods.base
    before = (base * growth**age)[:, None]
    return at_least(
        at_work.lag(before) * growth + plan.moving,
        at_work,
        items=economy.branches(),
        dimension="branch",
    )


@family(dual="what letting one more person change branch is worth", unit="skill units")
def retraining(given: Outlook, plan: Variables) -> Rows:
    r"""Only a part of the labour force can change branch in a period.

    .. math:: \sum_b \mu_{bt} \le \rho\, \sum_k \eta_t L_{kt}

    Rows: one for each period t [skill units].
    """
    most = given.mandate.labour.moving_share * given.force.sum(axis=0, keepdims=True)
    moves: Expression = plan.moving.total()
    return at_least(moves * -1.0 + most, 0.0, items=("all branches",), dimension="whole")
