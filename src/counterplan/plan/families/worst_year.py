"""The worst year: a mandate may give extra weight to the year in which people are worst off."""

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Floats
from counterplan.plan.families.consumption import basket_consumption
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least
from counterplan.plan.outlook import WIDE, Outlook


def worst_satisfaction(given: Outlook) -> Block:
    """Satisfaction in the worst planned year, a share of the basket; one number."""
    upper = np.zeros((1, len(given.periods)))
    upper[0, 0] = WIDE
    return Block(
        name="worst_satisfaction",
        unit="share of the basket",
        dimension="whole",
        items=("worst year",),
        lower=0 * upper,
        upper=upper,
        reward=given.mandate.worst_year * upper / WIDE * float(basket_value(given)[0]),
    )


def basket_value(given: Outlook) -> Floats:
    """Return the value of the mandated baskets at base prices and group weights [P]."""
    price = given.economy.products.prices[given.basket_product]
    value: Floats = (price * given.group_weights[given.basket_group]) @ given.baskets
    return value


@family(
    dual="how much of the extra weight on the worst year falls on this year",
    unit="share of the basket",
    variables=(worst_satisfaction,),
)
def worst_year(given: Outlook, plan: Variables) -> Rows:
    r"""No planned year's consumption, at base prices, is below the worst year's.

    .. math:: z \le \frac{\sum_c p_c c_{ct}}{\sum_c p_c \bar c_{ct}}, \quad t = 1..T

    p the base price times the weight of the group, c bar the mandated basket; collective
    consumption is one of the groups. Rows: one for each planned period t, when the mandate weighs
    the worst year [share].
    """
    price = given.economy.products.prices[given.basket_product]
    worth = sp.csr_array((price * given.group_weights[given.basket_group])[None, :])
    satisfaction = worth @ basket_consumption(given, plan) * (1 / basket_value(given))[None, :]
    count = len(given.periods)
    everywhere = sp.csr_array((np.ones(count), (np.arange(count), np.zeros(count, dtype=int))))
    spread = sp.csr_array((everywhere.data, everywhere.indices, everywhere.indptr), (count, count))
    worst = Expression(
        {name: spread @ block for name, block in plan.worst_satisfaction.blocks.items()},
        np.zeros((1, count)),
        given.periods,
    )
    rows = at_least(satisfaction, worst, items=("whole",), dimension="whole")
    keep = np.full((1, count), given.mandate.worst_year > 0)
    keep[0, -1] = False
    return rows.only(keep)
