"""Mixes: how the techniques of workplaces differ from the technique they were split from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from counterplan.economy.derive.prices import base_prices
from counterplan.economy.economy import Economy, Floats, Integers, Sparse
from counterplan.economy.split.pieces import Pieces
from counterplan.economy.split.workplaces import repeated
from counterplan.errors import CounterplanError

COMMON = 0.5  # share of the variance that the techniques of a workplace have in common
ROUNDS_MAX = 1_000
MISSES_MOST = 1e-13
LOSS_LEAST = 1e-9  # of the output's value; below it a loss is rounding


@dataclass(frozen=True)
class Recipe:
    """Everything that the techniques of an economy take, one row an ingredient.

    Attributes
    ----------
    matrix
        [(n + k + e) x m] products, then skills, then capital, per unit of activity.
    price
        [n + k + e] base price, pay at base prices, user cost of a unit of capacity.
    products, skills
        n and k: where the rows of each kind begin.
    """

    matrix: Sparse
    price: Floats
    products: int
    skills: int

    @property
    def first_item(self) -> int:
        """The first row of capital."""
        return self.products + self.skills


@dataclass(frozen=True)
class Cells:
    """The coefficients of techniques that were split: each cell of the recipe, for each piece.

    Attributes
    ----------
    cell
        [c] which entry of the recipe's matrix it comes from.
    column
        [c] which piece it belongs to.
    row
        [c] which ingredient it is.
    amount
        [c] coefficient of the technique that was split.
    """

    cell: Integers
    column: Integers
    row: Integers
    amount: Floats


def recipe_of(economy: Economy, *, discount: float) -> Recipe:
    r"""Return what techniques take, and what it costs at base prices.

    A unit of capacity costs :math:`(1+\rho)^{\ell_e - 1} (\rho + \delta_e) \sum_i p_i B_{ie}`
    per period, as in :func:`~counterplan.economy.derive.prices.base_prices`.
    """
    prices, capital = economy.products.prices, economy.capital
    worth = np.asarray(capital.composition.T @ prices)
    rent = (1 + discount) ** (capital.lag - 1) * (discount + capital.depreciation) * worth
    pay = base_prices(economy, discount=discount).pay
    matrix = sp.csc_array(
        sp.vstack([economy.techniques.use, economy.labour.need, capital.need], format="csc")
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return Recipe(matrix, np.concatenate([prices, pay, rent]), len(prices), len(pay))


def cells_of(matrix: Sparse, source: Integers) -> Cells:
    """Return the entries of the columns ``source`` of a matrix, column by column."""
    column, rank = repeated(np.diff(matrix.indptr)[source].astype(np.int64))
    cell = matrix.indptr[source].astype(np.int64)[column] + rank
    return Cells(cell, column, matrix.indices[cell].astype(np.int64), matrix.data[cell])


def mixed(
    economy: Economy, recipe: Recipe, pieces: Pieces, *, spread: float, seed: int
) -> tuple[Cells, Floats]:
    r"""Return the coefficients of the pieces, and the factor each has on its source's [c].

    With :math:`f_{pi}` the factor of ingredient i in piece p, :math:`\sigma_p` the piece's
    share of its source's activity and :math:`\gamma_i` the ingredient's share of its source's
    cost at base prices,

    .. math:: \sum_p \sigma_p f_{pi} = 1 \quad \forall i, \qquad
              \sum_i \gamma_i f_{pi} = 1 \quad \forall p

    keep what the branch uses and what a unit of activity costs. They are log-normal at first
    and then scaled to the one and the other in turn, which leaves them positive (RAS; it
    converges since all are positive: Sinkhorn and Knopp, "Concerning nonnegative matrices and
    doubly stochastic matrices", Pacific Journal of Mathematics 21, 1967).

    What costs nothing at base prices keeps its source's coefficient. Where a source is run at a
    loss, products and the rest are budgets of their own, so that no piece takes more products
    than it did.
    """
    cells = cells_of(recipe.matrix, pieces.source)
    cost = np.maximum(cells.amount * recipe.price[cells.row], 0.0)
    budget = 2 * cells.column
    losing = losses(economy, recipe)[pieces.source]
    budget += losing[cells.column] & (cells.row >= recipe.products)
    random = np.random.default_rng([seed, 3])
    noise = np.exp(spread * shocks(cells, pieces, random, cells_in_all=recipe.matrix.nnz))
    factor = np.where(cost > 0, noise, 1.0)
    return cells, balanced(
        factor, cell=cells.cell, weight=pieces.share[cells.column], budget=budget, cost=cost
    )


def shocks(
    cells: Cells, pieces: Pieces, random: np.random.Generator, *, cells_in_all: int
) -> Floats:
    """Return standard normal numbers [c], correlated over the techniques of one workplace."""
    own = random.standard_normal(len(cells.cell))
    key = pieces.owner[cells.column] * max(cells_in_all, 1) + cells.cell
    distinct, place = np.unique(key, return_inverse=True)
    common = random.standard_normal(len(distinct))[place]
    drawn: Floats = np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * own
    return drawn


def losses(economy: Economy, recipe: Recipe) -> npt.NDArray[np.bool_]:
    """Return which techniques cost more than they bring in at base prices [m]."""
    value = np.asarray(economy.techniques.output.T @ economy.products.prices)
    cost = np.asarray(recipe.matrix.T @ recipe.price)
    lost: npt.NDArray[np.bool_] = cost > value * (1 + LOSS_LEAST)
    return lost


def balanced(
    factor: Floats, *, cell: Integers, weight: Floats, budget: Integers, cost: Floats
) -> Floats:
    """Scale factors until their means are 1, by weight over each cell, by cost over each budget.

    Parameters
    ----------
    factor
        [c] positive.
    cell, budget
        [c] which mean of each kind it is part of.
    weight, cost
        [c] weights of the means. Factors without a cost are in no budget.

    Raises
    ------
    CounterplanError
        Where it does not converge.
    """
    whole = np.bincount(budget, weights=cost)
    costly = cost > 0
    cost_share = np.divide(cost, whole[budget], out=np.zeros_like(cost), where=costly)
    factor = factor.copy()
    for _ in range(ROUNDS_MAX):
        spent = np.bincount(budget, weights=cost_share * factor)
        factor /= np.where(costly, spent[budget], 1.0)
        mean = np.bincount(cell, weights=weight * factor)
        factor /= mean[cell]
        # Cells that no piece has, at numbers between those that some have, have no mean.
        if np.abs(mean[mean > 0] - 1).max(initial=0.0) < MISSES_MOST:
            return factor
    raise CounterplanError(
        f"the techniques do not balance in {ROUNDS_MAX} rounds; choose a smaller spread"
    )


def evened(economy: Economy, pieces: Pieces, *, spread: float, seed: int) -> Sparse:
    r"""Return emissions per unit of activity [q x m'], the branch's kept.

    .. math:: E_{qp} = E_q f_{qp} / \sum_{p'} \sigma_{p'} f_{qp'}
    """
    matrix = sp.csc_array(economy.techniques.emissions, copy=True)
    matrix.sum_duplicates()
    cells = cells_of(matrix, pieces.source)
    random = np.random.default_rng([seed, 4])
    factor = np.exp(spread * shocks(cells, pieces, random, cells_in_all=matrix.nnz))
    mean = np.bincount(cells.cell, weights=pieces.share[cells.column] * factor)
    amount = cells.amount * factor / mean[cells.cell]
    return columns(amount, cells.row, cells.column, shape=(matrix.shape[0], len(pieces.source)))


def columns(amount: Floats, row: Integers, column: Integers, *, shape: tuple[int, int]) -> Sparse:
    """Return a sparse matrix from its entries."""
    return sp.csc_array((amount, (row, column)), shape=shape)
