"""Drawing indivisible projects for an economy that is there."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.drawn.record import numbered
from counterplan.economy.drawn.request import Draw
from counterplan.economy.economy import Economy, Projects
from counterplan.errors import InputError

OPENED = (0.1, 0.5)  # of the item's capacity
COST = (0.5, 1.0)  # of what so much new capacity usually takes
LAG_MAX = 2  # periods


def with_projects(economy: Economy, request: Draw) -> Economy:
    """Return an economy with the projects asked for; the same where none are.

    A project opens 10 to 50% more of one capital item that stands, after one period or two. It
    takes what new capacity of the kind is made of, at 0.5 to 1 of its usual cost, in equal parts
    until it opens.

    Raises
    ------
    InputError
        Where there are fewer capital items than projects.
    """
    count = request.projects
    if not count:
        return economy
    random, capital = np.random.default_rng([request.seed, 14]), economy.capital
    built = np.asarray(capital.composition.sum(axis=0)).ravel() > 0
    standing = np.flatnonzero((capital.capacity > 0) & built)
    if count > standing.size:
        raise InputError(
            f"{count} projects for {standing.size} capital items that stand",
            place="projects",
            mend=f"give at most {standing.size}",
        )
    chosen = random.choice(standing, size=count, replace=False)
    lag = random.integers(1, LAG_MAX + 1, size=count)
    opens = capital.capacity[chosen] * random.uniform(*OPENED, count)
    takes = opens * random.uniform(*COST, count) / lag
    goods = sp.csc_array(capital.composition)[:, chosen].toarray() * takes
    costs = tuple(
        tuple((int(i), k, float(goods[i, p])) for k in range(lag[p]) for i in np.flatnonzero(of))
        for p, of in enumerate(goods.T)
    )
    names = tuple(f"Project {p + 1}" for p in range(count))
    projects = Projects(numbered("project", count), names, costs, chosen, opens, lag)
    note = f"With {count} indivisible projects, drawn too."
    return replace(economy, projects=projects, notes=(*economy.notes, note))
