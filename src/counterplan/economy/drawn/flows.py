"""Flows: what a random economy makes, buys abroad and uses up, so that something is left."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.drawn.makers import Makers
from counterplan.economy.drawn.request import Draw
from counterplan.economy.economy import Floats, Integers
from counterplan.economy.tables.gras import gras
from counterplan.economy.tables.margins import given_totals

INPUTS = (0.25, 0.45)
USED_UP = (0.4, 0.6)
INPUT_SPREAD = 1.0
LIKENESS = 0.25
IMPORTERS = 0.6
IMPORTED = (0.05, 0.3)
FOREIGN = (0.1, 0.3)


@dataclass(frozen=True)
class Flows:
    """What is made, bought abroad and used up, in million crowns at base prices.

    Attributes
    ----------
    supply, imports
        [n] what there is of each product, and what of that comes from abroad.
    inputs
        [n x m] products per unit of the value of each technique's output.
    left
        [n] what techniques leave for investment, consumption and exports.
    """

    supply: Floats
    imports: Floats
    inputs: Floats
    left: Floats


def flows_of(request: Draw, makers: Makers) -> Flows:
    r"""Draw what is bought abroad and used up.

    - Imports: 60% of the products that are made at home are imported too, for 5 to 30% of what
      is made; what nobody makes is imported for 10 to 30% of the mean product.
    - Inputs: a technique spends 25 to 45% of the value of its output on products; of a product
      techniques use up 40 to 60%, before both are made to agree. The cells start log-normal with
      a spread of 1 (a few inputs matter, most are small) and are balanced by RAS to

      .. math:: \sum_i a_{ij} = c_j, \qquad \sum_j a_{ij} g_j = \theta_i s_i\,
                \frac{\sum_j c_j g_j}{\sum_k \theta_k s_k}

      with g the value of outputs and s the supply. The last fraction is at most 0.45 / 0.4, since
      the supply is no less than the output; so a third of every supply is left, whatever is
      drawn: the economy is productive and can invest and consume.
    - A technique that did not run has the inputs of the one that it resembles, each changed by a
      log-normal factor of 0.25, at the same cost.
    """
    random = np.random.default_rng([request.seed, 3])
    output = makers.makes @ makers.value
    imports = imports_of(request, output, random)
    supply = output + imports
    ran = makers.ran
    value = makers.value[ran]
    spent = random.uniform(*INPUTS, size=ran.size) * value
    wanted = random.uniform(*USED_UP, size=supply.size) * supply
    wanted *= spent.sum() / wanted.sum()
    cells = np.exp(INPUT_SPREAD * random.standard_normal((supply.size, ran.size)))
    cells *= wanted[:, None] * spent
    used = gras(cells, rows=given_totals(wanted), columns=given_totals(spent)).matrix
    inputs = resembling(used / value, makers.like, random)
    return Flows(supply, imports, inputs, supply - used.sum(axis=1))


def imports_of(request: Draw, output: Floats, random: np.random.Generator) -> Floats:
    """Return what is bought abroad [n], million crowns."""
    some = random.random(output.size) < IMPORTERS
    imports = np.where(some, output * random.uniform(*IMPORTED, size=output.size), 0.0)
    nobody = np.arange(output.size) >= request.made
    imports[nobody] = output.mean() * random.uniform(*FOREIGN, size=int(nobody.sum()))
    return imports


def resembling(inputs: Floats, like: Integers, random: np.random.Generator) -> Floats:
    """Return inputs of all techniques [n x m], from those that ran, which come first."""
    others = inputs[:, like[inputs.shape[1] :]]
    changed = others * np.exp(LIKENESS * random.standard_normal(others.shape))
    changed *= others.sum(axis=0) / changed.sum(axis=0)
    return np.hstack([inputs, changed])
