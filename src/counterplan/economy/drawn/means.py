"""Means: the capital and the labour of a random economy, which take what inputs leave."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.drawn.flows import Flows
from counterplan.economy.drawn.makers import Makers
from counterplan.economy.drawn.request import Draw
from counterplan.economy.economy import Floats, Integers, Sparse
from counterplan.economy.split.workplaces import repeated

DISCOUNT = Assumptions().discount
GOODS = 1 / 3
INVESTED_MOST = 0.8
RENT_MOST = 0.6
BUILDINGS = 0.5
IDLE = 0.3
UTILISATION = (0.8, 1.0)
FIT = (0.8, 1.2)
STANDBY_LOSS = (0.005, 0.03)
NEW_GAIN = (-0.03, 0.03)
PAY_SPREAD = 0.4
SPARE_HANDS = (0.0, 0.04)


@dataclass(frozen=True)
class Asset:
    """A kind of capital: capital per unit of output, share lost a period, and names."""

    code: str
    name: str
    per_output: tuple[float, float]
    depreciation: tuple[float, float]


ASSETS = (
    Asset("machines", "Machines", (0.5, 1.5), (0.08, 0.15)),
    Asset("buildings", "Buildings", (0.5, 2.0), (0.03, 0.06)),
)
"""Round figures near national accounts': machines last ten years, buildings twenty to thirty."""


@dataclass(frozen=True)
class Means:
    """Capital and labour, in value at base prices.

    Attributes
    ----------
    owner, asset, lag
        [e] producer, kind and gestation of each capital item.
    depreciation
        [e].
    need
        [e x m] capacity per unit of the value of output; a unit of capacity serves about one.
    goods
        [n x e] what a unit of capacity is made of, million crowns.
    capacity, investment
        [e] in the base period.
    labour
        [k x m] pay by skill per unit of the value of output.
    pay
        [k] crowns a head.
    spare
        [k] share of the labour at work that has no work.
    """

    owner: Integers
    asset: Integers
    lag: Integers
    depreciation: Floats
    need: Sparse
    goods: Floats
    capacity: Floats
    investment: Floats
    labour: Floats
    pay: Floats
    spare: Floats


def means_of(request: Draw, makers: Makers, flows: Flows) -> Means:
    r"""Draw capital and labour.

    - Every producer has machines, every other one buildings too, each with a gestation of 1 to
      ``lag`` periods and a depreciation of its own; capital is a half to twice the output.
    - A third of the products are investment goods. What an item is made of is drawn by
      Dirichlet's law around what techniques leave of them.
    - Capital keeps its trend, so that going on as before is a plan:

      .. math:: J_e = (\delta_e + g)(1 + g)^{\tau_e - 1} K_e

    - All capital is scaled down by one factor where investment would take more than 80% of what
      techniques leave of a product, or user cost more than 60% of what inputs leave of a
      technique's output.
    - Three in ten items stand partly idle (0 to 20%); the others are used to the full. Capacity
      of a new producer is zero.
    - Labour takes the rest of the value, so that at base prices whatever runs covers its cost
      exactly: wages :math:`w_j = 1 - c_j - \sum_e r_e N_{ej}` with the user cost
      :math:`r_e = (1+\rho)^{\tau_e - 1} (\rho + \delta_e) \sum_i p_i B_{ie}`. Techniques on
      standby lose 0.5 to 3% at base prices (else they would run), those of new producers lose or
      gain up to 3%.
    - Skills share a technique's wages by Dirichlet(2); pay is log-normal around 1 with a spread of
      0.4. Half the skills are fully at work, the others have up to 4% without work.
    """
    random = np.random.default_rng([request.seed, 4])
    owner, asset = items_of(makers, random)
    lag = random.integers(1, request.lag + 1, size=owner.size)
    depreciation = within(np.array([one.depreciation for one in ASSETS])[asset], random)
    need = need_of(makers, owner, random)
    partly = random.random(owner.size) < IDLE
    used = np.where(partly, random.uniform(*UTILISATION, owner.size), 1.0)
    capacity = need @ makers.value / used
    growth = request.growth
    investment = (depreciation + growth) * (1 + growth) ** (lag - 1.0) * capacity
    goods = goods_of(flows, asset, random)
    rent = (1 + DISCOUNT) ** (lag - 1) * (DISCOUNT + depreciation)
    inputs = flows.inputs.sum(axis=0)
    goods *= room(goods, investment, flows.left, (rent * goods.sum(axis=0)) @ need, inputs)
    wages = 1 - inputs - (rent * goods.sum(axis=0)) @ need
    labour, pay, spare = labour_of(request, makers, wages)
    return Means(
        owner=owner,
        asset=asset,
        lag=lag,
        depreciation=depreciation,
        need=need,
        goods=goods,
        capacity=capacity,
        investment=investment,
        labour=labour,
        pay=pay,
        spare=spare,
    )


def items_of(makers: Makers, random: np.random.Generator) -> tuple[Integers, Integers]:
    """Return the owner and the kind of each capital item: machines first, then buildings."""
    counts = 1 + (random.random(makers.branch.size) < BUILDINGS)
    return repeated(counts.astype(np.int64))


def need_of(makers: Makers, owner: Integers, random: np.random.Generator) -> Sparse:
    """Return the capacity that techniques need [e x m]: of every item of their producer's."""
    counts = np.bincount(owner)[makers.producer]
    technique, rank = repeated(counts)
    item = np.searchsorted(owner, makers.producer)[technique] + rank
    fit = random.uniform(*FIT, item.size)
    return sp.csc_array((fit, (item, technique)), shape=(owner.size, makers.value.size))


def goods_of(flows: Flows, asset: Integers, random: np.random.Generator) -> Floats:
    """Return what a unit of each item's capacity is made of [n x e], million crowns."""
    count = max(int(GOODS * flows.left.size), 1)
    chosen = random.choice(flows.left.size, size=count, replace=False)
    mean = flows.left[chosen] / flows.left[chosen].mean()
    mix = random.gamma(mean[:, None] * np.ones(asset.size)) + np.finfo(float).tiny
    worth = within(np.array([one.per_output for one in ASSETS])[asset], random)
    goods = np.zeros((flows.left.size, asset.size))
    goods[chosen] = mix / mix.sum(axis=0) * worth
    return goods


def within(ranges: Floats, random: np.random.Generator) -> Floats:
    """Return a number from each range [e x 2], all equally likely [e]."""
    return random.uniform(ranges[:, 0], ranges[:, 1])


def room(goods: Floats, investment: Floats, left: Floats, rents: Floats, inputs: Floats) -> float:
    """Return the largest factor up to 1 that leaves investment and user costs in their room."""
    invested = goods @ investment
    some = invested > 0
    by_product = INVESTED_MOST * left[some] / invested[some]
    by_technique = RENT_MOST * (1 - inputs) / rents
    return float(min(1.0, by_product.min(), by_technique.min()))


def labour_of(request: Draw, makers: Makers, wages: Floats) -> tuple[Floats, Floats, Floats]:
    """Return wages by skill [k x m], pay [k] and the share without work [k]."""
    random = np.random.default_rng([request.seed, 5])
    ran = makers.value > 0
    new = makers.producer >= request.running
    loss = random.uniform(*STANDBY_LOSS, wages.size)
    loss = np.where(new, random.uniform(*NEW_GAIN, wages.size), loss)
    bill = np.where(ran, wages, wages + loss)
    part = random.gamma(2.0, size=(request.skills, wages.size))
    pay = np.exp(PAY_SPREAD * random.standard_normal(request.skills))
    some = random.random(request.skills) < 0.5
    spare = np.where(some, random.uniform(*SPARE_HANDS, request.skills), 0.0)
    return part / part.sum(axis=0) * bill, pay, spare
