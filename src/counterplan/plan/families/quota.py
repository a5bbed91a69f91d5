"""Quotas: what a producer was promised to make, use or employ, until the promise ends."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Bools, Codes, Economy, Floats, Sparse
from counterplan.plan import mandate as asked
from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Rows
from counterplan.plan.outlook import Outlook
from counterplan.plan.periods import Periods


@family(
    dual="what one unit less of what was promised at least, or more of the most, would be worth",
    unit="product or skill units",
)
def quota(given: Outlook, plan: Variables) -> Rows:
    r"""A producer makes, uses or employs what it was promised, as long as the promise stands.

    .. math:: \underline q_{at} \;\le\; \sum_{j \in s(a)} w_{aj}\, x_{jt} \;\le\; \bar q_{at}

    s(a) the producer's techniques; w what one unit of activity makes or uses of the product, or
    the people of the skill that it takes in the period. Rows: quota a, period t, from its first
    to its last [product or skill units].
    """
    quotas = given.mandate.quotas
    each = each_activity(given.economy, quotas)
    amount = plan.activity.through(each) * takes(given, quotas)
    least, most = (levels(quotas, name) for name in ("least", "most"))
    # Where only a most is promised the row is what is left below it.
    floor = np.isfinite(least)
    rest = (amount - np.where(floor, least, 0.0)) * np.where(floor, 1.0, -1.0)
    rest = rest + np.where(floor, 0.0, most)
    lower = np.zeros(rest.constant.shape)
    upper = np.broadcast_to(np.where(floor, most - least, np.inf), lower.shape).copy()
    rows = Rows(rest, lower, upper, tuple(label(one) for one in quotas), "quota")
    return rows.only(standing(quotas, given.periods))


def label(quota: asked.Quota) -> str:
    """Return what a quota is called: whose, of what, and when."""
    when = f"until {quota.end}" if quota.start is None else f"{quota.start} to {quota.end}"
    return f"{quota.producer}: {quota.line} {quota.item}, {when}"


def standing(quotas: Sequence[asked.Quota], periods: Periods) -> Bools:
    """Return in which periods each quota stands [quotas x P]; never in the years after."""
    found = np.zeros((len(quotas), len(periods)), dtype=bool)
    for a, one in enumerate(quotas):
        begin = 0 if one.start is None else max(one.start - periods.first, 0)
        found[a, begin : min(one.end - periods.first + 1, periods.count)] = True
    return found


def levels(quotas: Sequence[asked.Quota], name: str) -> Floats:
    """Return the least or the most of each quota [quotas x 1]; infinite where there is none."""
    none = -np.inf if name == "least" else np.inf
    given = [getattr(one, name) for one in quotas]
    return np.array([none if one is None else one for one in given], dtype=np.float64)[:, None]


def each_activity(economy: Economy, quotas: Sequence[asked.Quota]) -> Sparse:
    """Return what each technique adds to each quota, per unit of activity [quotas x m]."""
    techniques = economy.techniques
    matrices = {"made": techniques.output, "used": techniques.use, "work": economy.labour.need}
    whole = {line: sp.csr_array(matrix) for line, matrix in matrices.items()}
    whose: dict[str, int] = {code: s for s, code in enumerate(economy.producers.codes)}
    rows = [
        whole[one.line][[items_of(economy, one).index(one.item)]]
        * np.equal(techniques.producer, whose[one.producer]).astype(np.float64)
        for one in quotas
    ]
    if not rows:
        return sp.csr_array((0, techniques.activity.size))
    return sp.csr_array(sp.vstack([sp.csr_array(row) for row in rows], format="csr"))


def items_of(economy: Economy, quota: asked.Quota) -> Codes:
    """Return what a quota may be about: products or skills."""
    return economy.labour.codes if quota.line == "work" else economy.products.codes


def takes(given: Outlook, quotas: Sequence[asked.Quota]) -> Floats:
    """Return what is left of each quota's amount in each period [quotas x P]: work takes fewer."""
    work = np.array([one.line == "work" for one in quotas], dtype=bool)[:, None]
    return np.where(work, 1 / given.efficiency, 1.0).reshape(len(quotas), len(given.periods))
