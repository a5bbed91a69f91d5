r"""Rising costs in bands: what moving a quantity away from its reference costs.

A quantity moves up or down by the sum of its bands; band k has a width and a cost per unit, and
since the costs rise the plan fills them in order:

.. math:: \text{moved} = \sum_k (u_k - d_k),\quad 0 \le u_k, d_k \le w_k\,\bar q,\quad
          \text{cost} = \sum_k \kappa_k\, \bar p\, (u_k + d_k)
"""

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Codes, Floats
from counterplan.plan.family import Variables
from counterplan.plan.linear import Block, Expression
from counterplan.plan.mandate import Bands


def band_block(
    *,
    name: str,
    unit: str,
    dimension: str,
    items: Codes,
    bands: Bands,
    reference: Floats,
    price: Floats,
    box: Floats,
) -> Block:
    """Return the bands of one direction as a variable [items * bands x P].

    Parameters
    ----------
    reference
        [items x P] what the widths are shares of.
    price
        [items x P] what the costs are shares of.
    box
        [items x P] most that the last, open band can hold.
    """
    widths = [width * reference for width in bands.widths]
    upper = np.stack([*widths, box], axis=1)
    costs = np.stack([cost * price for cost in (*bands.costs, bands.beyond)], axis=1)
    count = upper.shape[1]
    labels = tuple(f"{item} band {k + 1}" for item in items for k in range(count))
    flat = (len(items) * count, reference.shape[1])
    return Block(
        name=name,
        unit=unit,
        dimension=f"{dimension} band",
        items=labels,
        lower=np.zeros(flat),
        upper=upper.reshape(flat),
        reward=-costs.reshape(flat),
    )


def moved(plan: Variables, *, up: str, down: str, bands: Bands) -> Expression:
    """Return how far each item moved: the sum of its bands up, less the sum of its bands down."""
    return summed(getattr(plan, up) - getattr(plan, down), pieces=len(bands.widths) + 1)


def summed(expression: Expression, *, pieces: int) -> Expression:
    """Add up the pieces of each item [items * pieces x P] -> [items x P]."""
    count = expression.items // pieces
    return sp.csr_array(sp.kron(sp.eye_array(count), np.ones((1, pieces)))) @ expression
