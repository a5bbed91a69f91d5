"""Employment by branch and skill where only output and pay are known."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from counterplan.economy.derive.assumptions import Wages
from counterplan.economy.economy import Codes, Floats
from counterplan.errors import InputError


@dataclass(frozen=True)
class Employment:
    """Labour in the base period.

    Attributes
    ----------
    codes, names, units
        [k] skills.
    pay
        [k] pay of each skill at base prices [million USD per skill unit].
    persons
        [k x m] skill units by skill and branch.
    """

    codes: Codes
    names: Codes
    units: Codes
    pay: Floats
    persons: Floats


def employment_by_pay(income: Floats, *, branches: Codes, wages: Wages) -> Employment:
    r"""Return people by skill and branch, whose pay adds up to labour income exactly.

    People by branch follow labour income over pay,

    .. math:: N_j = \frac{N\,Y_j / w_j}{\sum_i Y_i / w_i},

    and skills the mix of greatest entropy whose average pay is the branch's,

    .. math:: p_{kj} \propto e^{\theta_j \omega_k}, \qquad
              \sum_k \omega_k p_{kj} = Y_j / N_j.

    Parameters
    ----------
    income
        Y [m]: labour income by branch [million USD].
    branches
        [m] codes.
    wages
        Pay by branch, people, and the skills' relative pay.

    Raises
    ------
    InputError
        If a branch has no pay, or its pay lies outside that of the skills.
    """
    missing = [code for code in branches if code not in wages.by_branch]
    if missing:
        raise InputError(
            f"branch '{missing[0]}' has no pay", place="wages.by_branch", mend="add it"
        )
    relative = np.array([wages.by_branch[code] for code in branches])
    heads = income / relative
    heads *= wages.persons / heads.sum()
    pay = np.array(wages.skill_pay) * (income.sum() / wages.persons)
    persons = np.empty((len(pay), len(income)))
    for j, code in enumerate(branches):
        average = income[j] / heads[j]
        if not pay[0] < average < pay[-1]:
            raise InputError(
                f"average pay of branch '{code}' ({average:.4g}) lies outside that of the "
                f"skills ({pay[0]:.4g} to {pay[-1]:.4g})",
                place="wages",
                mend="widen skill_pay",
            )
        mixed = heads[j] * entropy_mix(pay, average=average)
        persons[:, j] = mixed * (income[j] / (pay @ mixed))
    return Employment(
        codes=wages.skills,
        names=wages.skill_names,
        units=("thousand persons",) * len(pay),
        pay=pay,
        persons=persons,
    )


def entropy_mix(values: Floats, *, average: float) -> Floats:
    """Return the shares [k] of greatest entropy with the given average of ``values``.

    Jaynes' problem of the loaded die. ``values`` ascend; ``average`` lies strictly inside.
    """
    unit = values / values.mean()
    target = average / values.mean()

    def shares(theta: float) -> Floats:
        power = theta * unit
        weight = np.exp(power - power.max())
        return np.asarray(weight / weight.sum(), dtype=np.float64)

    theta = brentq(lambda t: float(shares(t) @ unit) - target, -1e4, 1e4, xtol=1e-15, rtol=1e-15)
    return shares(float(theta))


def labour_in_cost(income: Floats) -> Employment:
    """Return one skill counted in its own cost: where neither pay nor people are known."""
    return Employment(
        codes=("labour",),
        names=("Labour at its base-year cost",),
        units=("million USD",),
        pay=np.ones(1),
        persons=income[None, :].copy(),
    )
