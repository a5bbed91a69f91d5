r"""The centre's own statistics: the economy by branches, as sums over the producers.

A branch has one technique, the mean of its producers' at their base activities, and one capital
item, the mean of theirs weighted by what they own:

.. math:: \bar U_b = \frac{\sum_{j \in b} U_j x_j p_j^{-1}}{\sum_{j \in b} x_j p_j^{-1}}

in units of activity that make output worth one at base prices, p the worth of a unit of output.
The first offer is what things are worth to the plan of this economy. Nobody is bound by it.
"""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import (
    Capital,
    Economy,
    Floats,
    Integers,
    Producers,
    Projects,
    Sparse,
    Techniques,
)

SMALLEST = 1e-12  # of an economy's output: the weight of what did not run


def by_branches(economy: Economy) -> Economy:
    """Return the economy with one producer, one technique and one capital item a branch."""
    branches = economy.branches()
    technique_branch = positions(branches, economy.branch_of_technique())
    capital_branch = positions(branches, economy.branch_of_capital())
    labour = economy.labour
    techniques, spread = mean_techniques(economy, branches, technique_branch)
    return replace(
        economy,
        name=f"{economy.name}-by-branches",
        producers=Producers(branches, branches, ("",) * len(branches), branches),
        techniques=techniques,
        labour=replace(labour, need=sp.csc_array(labour.need @ spread)),
        capital=mean_capital(economy, branches, technique_branch, capital_branch),
        projects=branch_projects(economy, capital_branch),
    )


def positions(known: tuple[str, ...], codes: tuple[str, ...]) -> Integers:
    """Return the position of each code."""
    place = {code: i for i, code in enumerate(known)}
    return np.array([place[code] for code in codes], dtype=np.int64)


def mean_techniques(
    economy: Economy, branches: tuple[str, ...], branch: Integers
) -> tuple[Techniques, Sparse]:
    """Return one technique a branch, and the matrix [m x b] of which mean it is."""
    techniques = economy.techniques
    worth = np.asarray(techniques.output.T @ economy.products.prices)
    value = techniques.activity * worth
    weight = np.maximum(techniques.activity, SMALLEST * value.sum() / np.maximum(worth, SMALLEST))
    total = np.bincount(branch, weights=weight * worth, minlength=len(branches))
    spread = sp.csc_array(
        (weight / total[branch], (np.arange(branch.size), branch)),
        shape=(branch.size, len(branches)),
    )
    count = len(branches)
    mean = Techniques(
        codes=branches,
        names=branches,
        producer=np.arange(count, dtype=np.int64),
        use=sp.csc_array(techniques.use @ spread),
        output=sp.csc_array(techniques.output @ spread),
        activity=np.bincount(branch, weights=value, minlength=count).astype(np.float64),
        emission_codes=techniques.emission_codes,
        emission_units=techniques.emission_units,
        emissions=sp.csc_array(techniques.emissions @ spread),
    )
    return mean, spread


def mean_capital(
    economy: Economy, branches: tuple[str, ...], technique: Integers, branch: Integers
) -> Capital:
    """Return one capital item a branch, in money of what its items are made of.

    ``technique`` [m] and ``branch`` [e] are the branches of techniques and of capital items.
    """
    capital, count = economy.capital, len(branches)
    worth = item_worth(economy)

    def total(values: Floats) -> Floats:
        return np.bincount(branch, weights=values, minlength=count).astype(np.float64)

    made = np.asarray(economy.techniques.output.T @ economy.products.prices)
    output = np.bincount(technique, weights=economy.techniques.activity * made, minlength=count)
    needed = total(worth * np.asarray(capital.need @ economy.techniques.activity))
    need = np.divide(needed, output, out=np.zeros(count), where=output > 0)
    started = np.maximum(capital.investment, SMALLEST)
    share = started / total(started * worth)[branch]
    spread = sp.csc_array((share, (np.arange(branch.size), branch)), shape=(branch.size, count))
    stock = np.maximum(total(worth * capital.capacity), SMALLEST)
    return Capital(
        codes=branches,
        names=branches,
        producer=np.arange(count, dtype=np.int64),
        assets=("",) * count,
        need=sp.csc_array(sp.diags_array(need)),
        composition=sp.csc_array(capital.composition @ spread),
        capacity=total(worth * capital.capacity),
        investment=total(worth * capital.investment),
        depreciation=total(worth * capital.capacity * capital.depreciation) / stock,
        lag=np.array([capital.lag[branch == b].max(initial=1) for b in range(count)]),
    )


def item_worth(economy: Economy) -> Floats:
    """Return what a unit of each capital item is worth at base prices [e]; 1 where nothing."""
    worth = np.asarray(economy.capital.composition.T @ economy.products.prices)
    return np.where(worth > 0, worth, 1.0)


def branch_projects(economy: Economy, branch: Integers) -> Projects:
    """Return the projects, each of which enlarges its branch's capital; ``branch`` [e] of items."""
    projects = economy.projects
    return replace(
        projects,
        capital=branch[projects.capital],
        capacity=projects.capacity * item_worth(economy)[projects.capital],
    )
