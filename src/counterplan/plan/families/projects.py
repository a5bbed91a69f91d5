"""Projects: indivisible, built once or not at all."""

import numpy as np
import scipy.sparse as sp

from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least, fixed
from counterplan.plan.outlook import Outlook


def project(given: Outlook) -> Block:
    """Whether a project is started in a period: 0 or 1; none starts after the horizon."""
    shape = (len(given.economy.projects), len(given.periods))
    upper = np.ones(shape)
    upper[:, -1] = 0.0
    return Block(
        name="project",
        unit="started (0 or 1)",
        dimension="project",
        items=given.economy.projects.codes,
        lower=np.zeros(shape),
        upper=upper,
        reward=np.zeros(shape),
        integer=True,
    )


def begun(given: Outlook, plan: Variables, *, steps: int) -> Expression:
    """Return the projects started ``steps`` periods earlier [P' x P]; none before the plan."""
    none = np.zeros((len(given.economy.projects), max(steps, 1)))
    return plan.project.lag(none, steps=steps)


def opened(given: Outlook, plan: Variables) -> Expression:
    """Return the capacity that finished projects open [e x P]."""
    projects, count = given.economy.projects, len(given.economy.capital)
    total = fixed(np.zeros((count, len(given.periods))), given.periods)
    for p in range(len(projects)):
        opens = sp.csr_array(
            ([projects.capacity[p]], ([projects.capital[p]], [p])), shape=(count, len(projects))
        )
        total = total + opens @ begun(given, plan, steps=int(projects.lag[p]))
    return total


def project_use(given: Outlook, plan: Variables) -> Expression:
    r"""Return the products that projects under way take [n x P].

    .. math:: h_{it} = \sum_p \sum_s C_{ips}\, z_{p,t-s}
    """
    projects, count = given.economy.projects, len(given.economy.products)
    total = fixed(np.zeros((count, len(given.periods))), given.periods)
    for p, costs in enumerate(projects.cost):
        for product, offset, quantity in costs:
            takes = sp.csr_array(([quantity], ([product], [p])), shape=(count, len(projects)))
            total = total + takes @ begun(given, plan, steps=offset)
    return total


@family(
    dual="none: an indivisible choice has no price at the margin; compare plans instead",
    unit="projects",
    variables=(project,),
)
def projects(given: Outlook, plan: Variables) -> Rows:
    r"""A project is started at most once in the plan.

    .. math:: \sum_{t=1}^{T} z_{pt} \le 1,\quad z_{pt} \in \{0, 1\}

    Rows: project p (one row, kept in the first period).
    """
    items = given.economy.projects.codes
    count, periods = len(items), len(given.periods)
    gather = sp.lil_array((count * periods, count * periods))
    for p in range(count):
        for t in range(periods - 1):
            gather[p, t * count + p] = 1.0
    spread = sp.csr_array(gather)
    once = Expression(
        {name: spread @ block for name, block in plan.project.blocks.items()},
        np.zeros((count, periods)),
        given.periods,
    )
    keep = np.zeros((count, periods), dtype=bool)
    keep[:, 0] = True
    rows = at_least(
        fixed(np.ones((count, periods)), given.periods), once, items=items, dimension="project"
    )
    return rows.only(keep)
