"""Everything that is estimated about one country, in one object."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.capital import CapitalEstimate, capital_by_branch, capital_total
from counterplan.economy.derive.composition import balanced, first_guess, recorded_profile
from counterplan.economy.derive.employment import (
    Employment,
    employment_by_pay,
    labour_in_cost,
)
from counterplan.economy.derive.evidence import Profile, merged
from counterplan.economy.derive.flows import Flows
from counterplan.economy.derive.trade import FinalUse, final_use
from counterplan.economy.economy import Codes, Floats, Integers


@dataclass(frozen=True)
class Estimate:
    """Everything estimated from the flows, over the m active branches.

    Attributes
    ----------
    rows
        [n] the products used at all, as positions in the table.
    branches
        [m] codes of the active branches.
    output
        [m] their gross output.
    goods
        [n x m] investment by product and branch.
    at_a_loss
        Branches whose costs exceed their output at base prices.
    """

    rows: Integers
    branches: Codes
    output: Floats
    use: FinalUse
    capital: CapitalEstimate
    goods: Floats
    employment: Employment
    at_a_loss: Codes


def estimate(flows: Flows, given: Assumptions) -> Estimate:
    """Estimate capital, its composition and labour of the active branches."""
    use = final_use(flows)
    active = flows.active
    rows = np.flatnonzero((flows.use.sum(axis=1) > 0) | (flows.output > 0) | used_finally(use))
    output = flows.output[active]
    branches = tuple(flows.codes[j] for j in active)
    shown = output - flows.use[:, active].sum(axis=0)
    reckoned = np.maximum(shown, given.least_value_added * output)
    profile = merged(given.profile, active=branches)
    capital, guess = capital_and_guess(
        profile, codes=flows.codes, investment=use.investment, value_added=reckoned,
        gdp=flows.gross_domestic_product(), given=given,
    )  # fmt: skip
    goods = balanced(guess, rows=use.investment, columns=capital.investment)[rows]
    income = reckoned - capital.user_cost
    employment = (
        employment_by_pay(income, branches=branches, wages=given.wages)
        if given.wages
        else labour_in_cost(income)
    )
    loss = tuple(c for c, s, r in zip(branches, shown, reckoned, strict=True) if s < r)
    return Estimate(rows, branches, output, use, capital, goods, employment, loss)


def capital_and_guess(
    profile: Profile,
    *,
    codes: Codes,
    investment: Floats,
    value_added: Floats,
    gdp: float,
    given: Assumptions,
) -> tuple[CapitalEstimate, Floats]:
    """Return capital by branch, and the first guess of what its investment is made of [n x m]."""
    whole = float(investment.sum())
    total = (
        given.capital_output * gdp
        if given.capital_output is not None
        else capital_total(
            investment=whole,
            value_added=float(value_added.sum()),
            rate=given.depreciation + given.growth,
            bounds=given.capital_range,
        )
    )
    stock, loss = recorded_profile(profile, codes=codes, investment=investment)
    shape = loss.sum(axis=0) / stock.sum(axis=0)
    capital = capital_by_branch(
        profile.capital_output * value_added,
        depreciation=shape,
        most=given.user_cost_share * value_added,
        total=total,
        investment=whole,
        growth=given.growth,
        discount=given.discount,
    )
    guess = first_guess(
        stock,
        loss,
        scale=capital.depreciation / shape,
        growth=given.growth,
        investment=investment,
        mixing=given.mixing,
    )
    return capital, guess


def used_finally(use: FinalUse) -> npt.NDArray[np.bool_]:
    """Return which products have any final use [n, true or false]."""
    parts = (use.households, use.collective, use.investment, use.exports, np.abs(use.other))
    return np.asarray(np.sum(parts, axis=0) > 0)
