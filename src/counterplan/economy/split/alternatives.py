"""Alternatives: techniques that a workplace could run, and at base prices does not."""

import numpy as np

from counterplan.economy.economy import Economy, Floats
from counterplan.economy.split.mixes import Cells, Recipe
from counterplan.economy.split.pieces import Pieces

SAVING = (0.1, 0.3)  # least and most share of labour, or of capital, that is saved
MARGIN = (0.005, 0.03)  # least and most loss at base prices, as a share of cost


def alternative_amounts(
    economy: Economy,
    recipe: Recipe,
    pieces: Pieces,
    *,
    cells: Cells,
    amount: Floats,
    number: int,
    seed: int,
) -> Floats:
    r"""Return the coefficients [c] of an alternative to each piece.

    The odd ones save labour and need more capital, the even ones the reverse, at the same cost;
    then everything costs a little more, so that it does not pay at base prices:

    .. math:: a'_i = (1 + \mu)\, a_i\, (1 - s/S), \; (1 + \mu)\, a_i\, (1 + s/O), \;
              (1 + \mu)\, a_i

    for what is saved, what is needed instead, and products; S and O the cost of the first two,
    :math:`s = \min(\theta S, O)`, :math:`\theta \in [0.1, 0.3]` and
    :math:`\mu \in [0.005, 0.03]` uniform. The ranges are conventions. A technique without
    labour or without capital has nothing to put in its place: only the loss stays.

    Parameters
    ----------
    cells, amount
        Where the coefficients of the pieces stand, and what they are [c].
    number
        Which alternative it is: 1, 2, ...
    """
    random = np.random.default_rng([seed, 5, number])
    count = len(pieces.source)
    saving, margin = random.uniform(*SAVING, count), random.uniform(*MARGIN, count)
    cost = amount * recipe.price[cells.row]
    is_labour = (cells.row >= recipe.products) & (cells.row < recipe.first_item)
    is_capital = cells.row >= recipe.first_item
    labour, capital, bought = (
        np.bincount(cells.column, weights=cost * of, minlength=count)
        for of in (is_labour, is_capital, ~is_labour & ~is_capital)
    )
    saved, instead = (labour, capital) if number % 2 else (capital, labour)
    moved = np.maximum(np.minimum(saving * saved, instead), 0.0)
    down = 1 - np.divide(moved, saved, out=np.zeros(count), where=(moved > 0) & (saved > 0))
    up = 1 + np.divide(moved, instead, out=np.zeros(count), where=(moved > 0) & (saved > 0))
    of_labour, of_capital = (down, up) if number % 2 else (up, down)
    value = np.asarray(economy.techniques.output.T @ economy.products.prices)[pieces.source]
    # Products must stay below the value of the output, or the technique could make nothing.
    room = np.divide(value - bought, 2 * bought, out=margin.copy(), where=bought > 0)
    dearer = 1 + np.clip(margin, 0.0, np.maximum(room, 0.0))
    factor = np.where(is_labour, of_labour[cells.column], 1.0)
    factor = np.where(is_capital, of_capital[cells.column], factor)
    result: Floats = amount * factor * dearer[cells.column]
    return result
