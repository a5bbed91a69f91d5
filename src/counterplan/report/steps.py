"""Steps: the benefit of consumption falls in linear pieces, and plans stop where one ends."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from counterplan.economy.economy import Floats
from counterplan.plan.families.consumption import breakpoints
from counterplan.plan.mandate import Satisfaction
from counterplan.plan.plan import Plan

NEAR = 1e-4  # of the basket: engines leave more than nothing between a quantity and an edge
MARK = "*"


def on_edge(levels: Floats, satisfaction: Satisfaction) -> npt.NDArray[np.bool_]:
    """Return which levels of satisfaction [any shape] stand on the edge of a step."""
    ends = breakpoints(satisfaction)[1:]
    away: Floats = np.abs(np.asarray(levels)[..., None] - ends).min(axis=-1)
    near: npt.NDArray[np.bool_] = away <= NEAR
    return near


def levels_of(plan: Plan) -> pd.DataFrame:
    """Return what each group has of each product against its basket; the tail last.

    Rows: group and product, in the order of the baskets.
    """
    outlook, codes = plan.outlook, plan.economy.products.codes
    index = pd.MultiIndex.from_arrays(
        [
            [outlook.groups[g] for g in outlook.basket_group],
            [codes[i] for i in outlook.basket_product],
        ],
        names=["group", "product"],
    )
    return pd.DataFrame(
        plan.basket() / outlook.baskets, index=index, columns=list(outlook.periods.labels)
    )
