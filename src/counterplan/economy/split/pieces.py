"""Pieces: the techniques and capital items of workplaces, and what each was split from."""

from dataclasses import dataclass

import numpy as np

from counterplan.economy.economy import Economy, Floats, Integers
from counterplan.economy.split.workplaces import Workplaces, repeated

EVENNESS = 4.0  # of a workplace's activity over its techniques: a Dirichlet parameter


@dataclass(frozen=True)
class Pieces:
    """Techniques that run, by workplace, then by the technique they were split from.

    Attributes
    ----------
    source
        [m'] index of the technique that was split.
    owner
        [m'] index of the workplace.
    number
        [m'] 1, 2, ... within the workplace and source.
    share
        [m'] of the source's activity; they add up to 1 over each source.
    """

    source: Integers
    owner: Integers
    number: Integers
    share: Floats


@dataclass(frozen=True)
class Items:
    """Capital items of workplaces: ``source`` [e'] the item split, ``owner`` [e'] the workplace.

    ``first`` [w] is a workplace's first item, ``rank`` [e] the place of an item split among
    those of its producer.
    """

    source: Integers
    owner: Integers
    first: Integers
    rank: Integers


def pieces_of(economy: Economy, places: Workplaces, *, techniques: int, seed: int) -> Pieces:
    r"""Return the techniques of workplaces, with their activities' shares.

    A workplace divides its share of a technique unevenly over its own:

    .. math:: \sigma_{wv} = \sigma_w\, \tau_{wv}, \qquad \tau_w \sim \text{Dirichlet}(4, ..., 4)
    """
    source, owner, _ = owned(economy.techniques.producer, places)
    random = np.random.default_rng([seed, 2])
    part = random.dirichlet(np.full(techniques, EVENNESS), size=len(source)).ravel()
    number = np.tile(np.arange(1, techniques + 1), len(source))
    source, owner = np.repeat(source, techniques), np.repeat(owner, techniques)
    share = places.share[owner] * part
    share /= np.bincount(source, weights=share)[source]
    return Pieces(source, owner, number, share)


def items_of(economy: Economy, places: Workplaces) -> Items:
    """Return the capital items of workplaces: each has one for each that its producer has."""
    producer = economy.capital.producer
    source, owner, first = owned(producer, places)
    order = np.argsort(producer, kind="stable")
    _, rank_in_order = repeated(np.bincount(producer, minlength=len(economy.producers)))
    rank = np.empty_like(rank_in_order)
    rank[order] = rank_in_order
    return Items(source, owner, first, rank)


def owned(producer: Integers, places: Workplaces) -> tuple[Integers, Integers, Integers]:
    """Return what each workplace has of what its producer has.

    Parameters
    ----------
    producer
        [m] the producer of each thing.

    Returns
    -------
    source, owner
        [m'] the thing, and the workplace.
    first
        [w] where the things of a workplace begin.
    """
    order = np.argsort(producer, kind="stable")
    counts = np.bincount(producer, minlength=int(places.parent.max(initial=-1)) + 1)
    start = np.cumsum(counts) - counts
    each = counts[places.parent]
    owner, rank = repeated(each)
    return order[start[places.parent][owner] + rank], owner, np.cumsum(each) - each
