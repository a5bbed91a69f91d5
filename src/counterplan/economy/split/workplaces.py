"""Workplaces: how many each producer is split into, how large they are, and where."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Economy, Floats, Integers

SIZE_RANGE = 100.0  # a largest workplace over a smallest, before they share their branch
LOCALISATION = 0.05  # Ellison and Glaeser's gamma


@dataclass(frozen=True)
class Workplaces:
    """The workplaces of a split, those of one producer together, the largest first.

    Attributes
    ----------
    parent
        [w] index of the producer that was split.
    number
        [w] 1, 2, ... within it.
    share
        [w] of its activity; they add up to 1 over each parent.
    region
        [w] index of the region that was drawn.
    """

    parent: Integers
    number: Integers
    share: Floats
    region: Integers


def workplaces_of(economy: Economy, *, count: int, regions: int, seed: int) -> Workplaces:
    """Draw the workplaces of an economy.

    Sizes and places have a stream of random numbers each, so that another number of regions
    leaves the sizes as they are.
    """
    counts = workplace_counts(output_values(economy), count)
    parent, rank = repeated(counts)
    share = workplace_shares(parent, np.random.default_rng([seed, 0]))
    drawn = drawn_regions(parent, regions=regions, random=np.random.default_rng([seed, 1]))
    return Workplaces(parent, rank + 1, share, drawn)


def output_values(economy: Economy) -> Floats:
    """Return the value of each producer's output in the base period, at base prices [s]."""
    techniques = economy.techniques
    made = np.asarray(techniques.output.T @ economy.products.prices) * techniques.activity
    value = np.bincount(techniques.producer, weights=made, minlength=len(economy.producers))
    return np.asarray(value, dtype=np.float64)


def workplace_counts(value: Floats, count: int) -> Integers:
    r"""Return how many workplaces each producer is split into [s].

    One each, and of the others its share of the output, by largest remainders:

    .. math:: W_s = 1 + \lfloor q_s \rfloor + [s \text{ is among the largest } q - \lfloor q
              \rfloor], \qquad q_s = (W - S)\, v_s / \sum v

    Equal remainders go to the producer that comes first.
    """
    others = count - len(value)
    whole = value.sum()
    quota = others * (value / whole if whole > 0 else np.full(len(value), 1 / len(value)))
    least = np.floor(quota).astype(np.int64)
    order = np.argsort(least - quota, kind="stable")
    least[order[: others - int(least.sum())]] += 1
    counts: Integers = least + 1
    return counts


def workplace_shares(parent: Integers, random: np.random.Generator) -> Floats:
    r"""Return the share of each workplace in its producer [w], the largest first.

    Sizes follow Zipf's law between 1 and H = 100, :math:`P(\text{size} > z) \propto 1/z`:

    .. math:: z_w = \frac{1}{1 - u_w (1 - 1/H)}, \qquad \sigma_w = z_w / \sum_{w' \in s} z_{w'}

    u uniform. Source: Axtell, "Zipf distribution of U.S. firm sizes", Science 293, 2001, who
    finds it for all firms of a country; the range is cut, since the tail of the law would give
    a branch of few workplaces to one of them.
    """
    size = 1 / (1 - random.random(len(parent)) * (1 - 1 / SIZE_RANGE))
    size = size[np.lexsort((-size, parent))]
    share: Floats = size / np.bincount(parent, weights=size)[parent]
    return share


def drawn_regions(parent: Integers, *, regions: int, random: np.random.Generator) -> Integers:
    r"""Return the index of the region of each workplace [w].

    Regions have sizes by rank, :math:`\xi_r \propto 1/r`. Each producer s draws the chances of
    its workplaces' regions, and each workplace one region by them:

    .. math:: \pi_s \sim \text{Dirichlet}(\xi (1 - \gamma) / \gamma), \qquad
              \text{var}\, \pi_{sr} = \gamma\, \xi_r (1 - \xi_r)

    which is the model of natural advantage of Ellison and Glaeser, "Geographic concentration in
    U.S. manufacturing industries: a dartboard approach", Journal of Political Economy 105,
    1997; above gamma = 0.05 they call a branch strongly localised. Sizes by rank: Gabaix,
    "Zipf's law for cities", Quarterly Journal of Economics 114, 1999.
    """
    rank = 1 / np.arange(1, regions + 1)
    size = rank / rank.sum() * (1 - LOCALISATION) / LOCALISATION
    chance = random.dirichlet(size, size=int(parent.max(initial=-1)) + 1)
    until = np.cumsum(chance, axis=1)[parent]
    dart = random.random(len(parent))[:, None]
    # Rounding may leave the last sum below 1, and a dart above it.
    drawn: Integers = np.minimum((dart > until).sum(axis=1), regions - 1).astype(np.int64)
    return drawn


def repeated(counts: Integers) -> tuple[Integers, Integers]:
    """Return the index of each of ``counts`` repeated that often, and the rank of each copy."""
    index = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    return index, np.arange(len(index), dtype=np.int64) - first[index]
