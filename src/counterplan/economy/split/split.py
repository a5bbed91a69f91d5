"""Splitting an economy into many workplaces with techniques of their own."""

from dataclasses import dataclass, replace

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
from counterplan.economy.split.alternatives import alternative_amounts
from counterplan.economy.split.mixes import columns, evened, mixed, recipe_of
from counterplan.economy.split.pieces import Items, Pieces, items_of, pieces_of
from counterplan.economy.split.record import (
    item_names,
    notes_of,
    provenance_of,
    technique_names,
    workplace_names,
    workplace_regions,
)
from counterplan.economy.split.request import DISCOUNT, Request, check_request
from counterplan.economy.split.workplaces import Workplaces, workplaces_of


@dataclass(frozen=True)
class Parts:
    """What the techniques of workplaces take, give off and run: columns in their final order.

    ``recipe`` [(n + k + e) x m'] counts capital in the items that were split.
    """

    pieces: Pieces
    recipe: Sparse
    emissions: Sparse


def split_producers(
    economy: Economy,
    *,
    producers: int,
    seed: int,
    techniques: int = 2,
    alternatives: int = 0,
    regions: int = 8,
    spread: float = 0.25,
    discount: float = DISCOUNT,
) -> Economy:
    """Return the economy with its producers split into many workplaces, all totals kept.

    The parameters are those of :class:`Request`; see :func:`split_economy`.
    """
    return split_economy(
        economy,
        Request(
            producers=producers,
            seed=seed,
            techniques=techniques,
            alternatives=alternatives,
            regions=regions,
            spread=spread,
            discount=discount,
        ),
    )


def split_economy(economy: Economy, request: Request) -> Economy:
    r"""Return the economy with its producers split into many workplaces.

    For each technique and capital item that is split, over what it was split into,

    .. math:: \sum_p x_p = x, \quad \sum_p a_{ip} x_p = a_i x, \quad \sum_w K_w = K, \quad
              \sum_w J_w = J,

    for products, skills, capacity and emissions a, to the computer's rounding; and each piece
    costs at base prices what its source did,

    .. math:: \sum_i p_i a_{ip} + \sum_k w_k a_{kp} + \sum_e r_e a_{ep} =
              \sum_i p_i a_i + \sum_k w_k a_k + \sum_e r_e a_e ,

    so that a steady state stays one. Outputs per unit of activity, depreciation, lags and the
    composition of capital are the same for all workplaces of a producer, whose techniques
    share its capital. Everything else of the economy is untouched. Source:
    docs/dialogue/splitting.md.

    Raises
    ------
    InputError
        For a request that this economy cannot be split by.
    """
    check_request(economy, request)
    places = workplaces_of(
        economy, count=request.producers, regions=request.regions, seed=request.seed
    )
    parts = parts_of(economy, places, request)
    items = items_of(economy, places)
    techniques = techniques_of(economy, places, parts, running=request.techniques)
    n, k = len(economy.products), len(economy.labour.codes)
    codes, names = workplace_names(economy, places)
    return replace(
        economy,
        name=f"{economy.name}-{request.producers}",
        title=f"{economy.title}, split into {request.producers:,} workplaces",
        producers=Producers(
            codes=codes,
            names=names,
            regions=workplace_regions(economy, places, count=request.regions),
            branches=tuple(economy.producers.branches[s] for s in places.parent),
        ),
        techniques=techniques,
        labour=replace(economy.labour, need=sp.csc_array(parts.recipe[n : n + k])),
        capital=capital_of(
            economy,
            places,
            items,
            need=capital_need(sp.csc_array(parts.recipe[n + k :]), parts.pieces, items),
            activity=techniques.activity,
        ),
        projects=projects_of(economy.projects, items),
        provenance=provenance_of(economy, request),
        notes=notes_of(economy, request, projects=len(economy.projects)),
    )


def parts_of(economy: Economy, places: Workplaces, request: Request) -> Parts:
    """Return the techniques of workplaces, those that run and their alternatives."""
    seed, spread = request.seed, request.spread
    recipe = recipe_of(economy, discount=request.discount)
    running = pieces_of(economy, places, techniques=request.techniques, seed=seed)
    cells, factor = mixed(economy, recipe, running, spread=spread, seed=seed)
    amount = cells.amount * factor
    shape = (recipe.matrix.shape[0], len(running.source))
    whole = columns(amount, cells.row, cells.column, shape=shape)
    emissions = evened(economy, running, spread=spread, seed=seed)
    if not request.alternatives:
        return Parts(running, whole, emissions)
    first = np.flatnonzero(running.number == 1)
    others = [
        columns(
            alternative_amounts(
                economy,
                recipe,
                running,
                cells=cells,
                amount=amount,
                number=number,
                seed=seed,
            ),
            cells.row,
            cells.column,
            shape=shape,
        )[:, first]
        for number in range(1, request.alternatives + 1)
    ]
    return interleaved(running, first, [whole, *others], emissions)


def interleaved(
    running: Pieces, first: Integers, recipes: list[Sparse], emissions: Sparse
) -> Parts:
    """Put alternatives behind the techniques of their workplace and source."""
    count = len(recipes) - 1
    chosen = np.concatenate([np.arange(len(running.source)), np.tile(first, count)])
    number = running.number[chosen]
    number[len(running.source) :] = running.number.max() + np.repeat(
        np.arange(1, count + 1), len(first)
    )
    share = np.where(np.arange(len(chosen)) < len(running.source), running.share[chosen], 0.0)
    source, owner = running.source[chosen], running.owner[chosen]
    # A workplace's techniques stand in the order of ``running``: by it, and then by number.
    block = chosen - (running.number[chosen] - 1)
    order = np.lexsort((number, block))
    return Parts(
        Pieces(source[order], owner[order], number[order], share[order]),
        sp.csc_array(sp.hstack(recipes, format="csc")[:, order]),
        sp.csc_array(emissions[:, chosen[order]]),
    )


def techniques_of(
    economy: Economy, places: Workplaces, parts: Parts, *, running: int
) -> Techniques:
    """Return the techniques of workplaces; each makes what its source makes."""
    old, pieces = economy.techniques, parts.pieces
    codes, names = technique_names(economy, places, pieces, running=running)
    return replace(
        old,
        codes=codes,
        names=names,
        producer=pieces.owner.copy(),
        use=sp.csc_array(parts.recipe[: len(economy.products)]),
        output=sp.csc_array(sp.csc_array(old.output)[:, pieces.source]),
        activity=old.activity[pieces.source] * pieces.share,
        emissions=parts.emissions,
    )


def capital_need(need: Sparse, pieces: Pieces, items: Items) -> Sparse:
    """Return the need [e' x m'] of each workplace's own items, from that of the items split."""
    found = need.tocoo()
    own = items.first[pieces.owner[found.col]] + items.rank[found.row]
    return columns(found.data, own, found.col, shape=(len(items.source), need.shape[1]))


def capital_of(
    economy: Economy, places: Workplaces, items: Items, *, need: Sparse, activity: Floats
) -> Capital:
    r"""Return the capital of workplaces: capacity and investment by what each needs.

    .. math:: K_w = K\, \frac{\sum_p a_{ep} x_p}{\sum_{w'} \sum_{p'} a_{ep'} x_{p'}}, \quad
              J_w = J\, \frac{K_w}{K}

    so that all are used as far as the item split was; by size where nothing needed it.
    """
    old, source = economy.capital, items.source
    used = np.asarray(need @ activity)
    by_size = places.share[items.owner]
    whole = np.bincount(source, weights=used, minlength=len(old))[source]
    share = np.divide(used, whole, out=by_size.copy(), where=whole > 0)
    codes, names = item_names(economy, places, items)
    return Capital(
        codes=codes,
        names=names,
        producer=items.owner.copy(),
        assets=tuple(old.assets[e] for e in source),
        need=need,
        composition=sp.csc_array(sp.csc_array(old.composition)[:, source]),
        capacity=old.capacity[source] * share,
        investment=old.investment[source] * share,
        depreciation=old.depreciation[source],
        lag=old.lag[source],
    )


def projects_of(projects: Projects, items: Items) -> Projects:
    """Return the projects; each enlarges an item of its producer's largest workplace."""
    first = np.zeros(len(items.rank), dtype=np.int64)
    # Assigned from the last to the first, so that the first and largest workplace stays.
    first[items.source[::-1]] = np.arange(len(items.source))[::-1]
    return replace(projects, capital=first[projects.capital])
