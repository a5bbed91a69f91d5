r"""Projects in a dialogue: the centre owns them, and producers count on what they open.

A project is the centre's choice, and enlarges a capital item of one producer. That producer says
how much of it it counts on, :math:`h_{et}`, as it says what it uses of any product. The plan
problem becomes

.. math:: K_{et} = (1 - \delta_e) K_{e,t-1} + J_{e,t-\tau_e} + h_{et}, \qquad
          h_{et} \le \text{opened}_{et}(z), \qquad \sum_t h_{et} \le \bar H_e

where the first and the last rule are the producer's own and the middle one is shared. H-bar is the
most that all projects of an item can open together, which no plan exceeds. What is opened and not
counted on does no harm: the plan of the problem as it was asked has it as idle capacity.
"""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Economy, Floats, Integers, Sparse
from counterplan.plan.families.projects import opened, project
from counterplan.plan.family import REGISTRY, Variables, own_family
from counterplan.plan.linear import Block, Expression, Rows, at_least, fixed
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import Problem, assemble

COUNTED, LINK = "counted", "project_capacity"
DIMENSION = "capital of projects"


def enlarged(economy: Economy) -> Integers:
    """Return the capital items that projects enlarge, each once [h]."""
    return np.unique(economy.projects.capital).astype(np.int64)


def openings(given: Outlook) -> Sparse:
    """Return what each start of a project opens [h * P x projects * P]."""
    plan = Variables([project(given)], given.periods)
    each = opened(given, plan).within(enlarged(given.economy))
    matrix = sp.csr_array(each.blocks["project"])
    can = project(given).upper.T.ravel() > 0
    return sp.csr_array(matrix @ sp.diags_array(can.astype(np.float64)))


def most_opened(given: Outlook) -> Floats:
    """Return the most that projects can open together, by item and period [h x P]."""
    count = len(given.economy.projects)
    if not count:
        return np.zeros((0, len(given.periods)))
    matrix = openings(given).toarray()
    by_project = matrix.reshape(len(matrix), -1, count).max(axis=1)
    return np.asarray(by_project.sum(axis=1).reshape(len(given.periods), -1).T, dtype=np.float64)


def most_altogether(given: Outlook) -> Floats:
    """Return the most that projects can open over all periods [h], the years after among them."""
    count, items = len(given.economy.projects), len(enlarged(given.economy))
    matrix = openings(given).toarray().reshape(len(given.periods), items, -1, count)
    return np.asarray(matrix.sum(axis=0).max(axis=1).sum(axis=1), dtype=np.float64)


def counted(given: Outlook) -> Block:
    """Capacity that its owner counts on from projects."""
    upper = most_opened(given)
    codes = given.economy.capital.codes
    return Block(
        name=COUNTED,
        unit="capacity units",
        dimension=DIMENSION,
        items=tuple(codes[e] for e in enlarged(given.economy)),
        lower=0 * upper,
        upper=upper,
        reward=0 * upper,
    )


def project_capacity(given: Outlook, plan: Variables) -> Rows:
    """Nobody counts on more than projects open: item that projects enlarge, period."""
    there = opened(given, plan).within(enlarged(given.economy))
    rows = at_least(there, plan.counted, items=plan.items(COUNTED), dimension=DIMENSION)
    return rows.only(most_opened(given) > 0)


def project_limit(given: Outlook, plan: Variables) -> Rows:
    """Nobody counts on projects twice: one row of each item, in the first period."""
    items, periods = len(enlarged(given.economy)), len(given.periods)
    once = sp.lil_array((items * periods, items * periods))
    for t in range(periods):
        once[np.arange(items), t * items + np.arange(items)] = 1.0
    none = np.zeros((items, periods))
    blocks = {name: sp.csr_array(once) @ block for name, block in plan.counted.blocks.items()}
    most = np.where(np.arange(periods) == 0, most_altogether(given)[:, None], 0.0)
    rows = at_least(
        fixed(most, given.periods),
        Expression(blocks, none, given.periods),
        items=plan.items(COUNTED),
        dimension=DIMENSION,
    )
    keep = np.zeros((items, periods), dtype=bool)
    keep[:, 0] = True
    return rows.only(keep)


def with_counting(problem: Problem) -> Problem:
    """Return a plan problem in which producers count on projects; the same where there are none.

    Its variables and rules are those of the problem, in their places, and then the new ones.
    """
    given = problem.outlook
    if not len(given.economy.projects):
        return problem
    own = [block.family for name, block in problem.rows.items() if name not in REGISTRY]
    capacity = own_family(
        project_capacity,
        dual="what one more unit that projects open is worth",
        unit="capacity units",
        variables=(counted,),
    )
    limit = own_family(project_limit, dual="of counting on projects once", unit="capacity units")
    larger = assemble(given, extra=(*own, capacity, limit))
    matrix = sp.csr_array(larger.program.matrix).tocoo()
    row, column, data = *matrix.coords, matrix.data
    rows = larger.rows["capital_accumulation"].rows
    first, width = larger.columns["project"], larger.variables.blocks["project"].size
    moved = np.isin(row, rows) & (column >= first) & (column < first + width)
    handed = rows[enlarged(given.economy)].T.ravel()
    new = larger.columns[COUNTED] + np.arange(handed.size)
    parts = (
        np.concatenate([data[~moved], -np.ones(handed.size)]),
        (
            np.concatenate([row[~moved], handed]),
            np.concatenate([column[~moved], new]),
        ),
    )
    return replace(
        larger,
        program=replace(larger.program, matrix=sp.csr_array(parts, shape=matrix.shape)),
    )
