"""Makers: the branches, producers and techniques of a random economy, and what each makes."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.drawn.request import Draw
from counterplan.economy.economy import Floats, Integers
from counterplan.economy.split.workplaces import repeated, workplace_shares

MEAN_BRANCH = 100.0  # million crowns of output: a round figure, everything else is relative to it
BRANCH_SPREAD = 0.7
EVENNESS = 4.0
BY_PRODUCTS_MOST = 2
BY_PRODUCT = (0.05, 0.25)


@dataclass(frozen=True)
class Makers:
    """Who makes what, in value at base prices.

    Attributes
    ----------
    main
        [B] index of the product that each branch is there for.
    branch
        [s] index of each producer's branch; those that ran come first.
    producer
        [m] index of each technique's producer.
    value
        [m] output in the base period, million crowns; 0 for a technique that did not run.
    like
        [m] index of the technique whose inputs it resembles: its own for one that ran.
    makes
        [n x m] share of each product in the value of a technique's output; columns add up to 1.
    """

    main: Integers
    branch: Integers
    producer: Integers
    value: Floats
    like: Integers
    makes: Floats

    @property
    def ran(self) -> Integers:
        """The techniques that ran."""
        return np.flatnonzero(self.value > 0)

    @property
    def main_of_technique(self) -> Integers:
        """[m] index of the product that each technique is run for."""
        return self.main[self.branch[self.producer]]


def makers_of(request: Draw) -> Makers:
    r"""Draw who makes what.

    - Products of a branch: the first branches make one product each, the others any.
    - Output of a branch: log-normal with a spread of 0.7 around 100, so that the largest of
      thirty is some eighteen times the smallest.
    - Producers of a branch: one each, the others by chance, in proportion to output. Sizes by
      Zipf's law, as in :func:`~counterplan.economy.split.workplaces.workplace_shares`.
    - Techniques: 1 to ``techniques`` for each producer with equal chance, over which it divides
      its output by Dirichlet(4), as a split does.
    - What does not run: one technique on standby for a share of the producers, and for each
      new producer 1 to ``techniques``. Each resembles one that runs in its branch.
    - Joint products: one or two by-products for a share of techniques, each 5 to 25% of
      the value of what it is run for: by-products, and not second main products.
    """
    random = np.random.default_rng([request.seed, 0])
    main, branch, output = producers_of(request, random)
    running, most = request.running, request.techniques
    producer, _ = repeated(random.integers(1, most + 1, size=running))
    part = random.gamma(EVENNESS, size=producer.size)
    value = output[producer] * part / np.bincount(producer, weights=part)[producer]
    standby = np.flatnonzero(random.random(running) < request.standby)
    new, _ = repeated(random.integers(1, most + 1, size=branch.size - running))
    idle = np.concatenate([standby, running + new])
    owner = np.concatenate([producer, idle])
    return Makers(
        main=main,
        branch=branch,
        producer=owner,
        value=np.concatenate([value, np.zeros(idle.size)]),
        like=np.concatenate([np.arange(producer.size), resembled(branch, producer, idle, random)]),
        makes=outputs_of(request, main[branch[owner]]),
    )


def producers_of(request: Draw, random: np.random.Generator) -> tuple[Integers, Integers, Floats]:
    """Return each branch's product, each producer's branch, and what those that ran made."""
    count, running = request.trades, request.running
    main = np.arange(count)
    main[request.made :] = random.integers(request.made, size=count - request.made)
    size = np.exp(BRANCH_SPREAD * random.standard_normal(count))
    size /= size.mean()
    others = random.choice(count, size=request.producers - count, p=size / count)
    ran, came = others[: running - count], others[running - count :]
    # Those of one branch stand together, which the law of sizes wants.
    old = np.sort(np.concatenate([np.arange(count), ran]))
    share = workplace_shares(old, np.random.default_rng([request.seed, 1]))
    return main, np.concatenate([old, np.sort(came)]), MEAN_BRANCH * size[old] * share


def resembled(
    branch: Integers, producer: Integers, idle: Integers, random: np.random.Generator
) -> Integers:
    """Return for each technique that did not run one that does in its branch, by chance."""
    order = np.argsort(branch[producer], kind="stable")
    counts = np.bincount(branch[producer], minlength=int(branch.max()) + 1)
    first = np.cumsum(counts) - counts
    chosen = np.floor(random.random(idle.size) * counts[branch[idle]]).astype(np.int64)
    found: Integers = order[first[branch[idle]] + chosen]
    return found


def outputs_of(request: Draw, main: Integers) -> Floats:
    """Return the share of each product in the value of each technique's output [n x m]."""
    random = np.random.default_rng([request.seed, 2])
    makes = np.zeros((request.products, main.size))
    makes[main, np.arange(main.size)] = 1.0
    joint = np.flatnonzero(random.random(main.size) < request.joint)
    for _ in range(BY_PRODUCTS_MOST):
        beside = random.integers(request.made, size=joint.size)
        worth = random.uniform(*BY_PRODUCT, size=joint.size)
        other = beside != main[joint]
        makes[beside[other], joint[other]] = worth[other]
        joint = joint[random.random(joint.size) < 1 / BY_PRODUCTS_MOST]
    shares: Floats = makes / makes.sum(axis=0)
    return shares
