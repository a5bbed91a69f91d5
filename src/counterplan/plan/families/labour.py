"""Labour by skill: nobody works whom the plan does not have."""

import numpy as np

from counterplan.plan.family import Variables, family
from counterplan.plan.linear import Block, Expression, Rows, at_least
from counterplan.plan.outlook import Outlook


def overtime(given: Outlook) -> Block:
    """Labour beyond the hours of the mandate, by skill."""
    rules = given.mandate.labour
    upper = rules.overtime_share * given.force
    cost = rules.overtime_cost * given.labour_value * given.efficiency
    return Block(
        name="overtime",
        unit="skill units",
        dimension="skill",
        items=given.economy.labour.codes,
        lower=0 * upper,
        upper=upper,
        reward=0 * upper - cost,
    )


def employed(given: Outlook, plan: Variables) -> Expression:
    """Return the labour used by each technique, all skills together [m x P]."""
    need = np.asarray(given.economy.labour.need.sum(axis=0))
    return plan.activity * (need[:, None] / given.efficiency)


@family(
    dual="what one more worker of the skill is worth; with few skills it swings, read it in groups",
    unit="skill units",
    variables=(overtime,),
)
def labour(given: Outlook, plan: Variables) -> Rows:
    r"""The labour used by all techniques is there, at the hours of the mandate, with overtime.

    .. math:: \sum_j \frac{l_{kj}}{\epsilon_t}\, x_{jt} \;\le\; \eta_t L_{kt} + v_{kt}

    epsilon efficiency, eta hours, L the force, v overtime; what is left is unemployment.
    Rows: skill k, period t [skill units].
    """
    used = given.economy.labour.need @ plan.activity * (1 / given.efficiency)
    return at_least(
        plan.overtime + given.force,
        used,
        items=given.economy.labour.codes,
        dimension="skill",
    )
