"""People: who can work, who does, and who changes branch."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.plan.plan import Plan
from counterplan.report.names import clean

PLURAL = {"person": "people", "worker": "workers", "hour": "hours"}
ABLE, WORKING, IDLE = "could work", "at work", "without work"
OVERTIME, MOVING = "overtime", "change branch"


@dataclass(frozen=True)
class People:
    """Labour by period.

    Attributes
    ----------
    unit
        Of the amounts: that of the skills, where they share one.
    table
        Rows "could work", "at work", "without work" and, where allowed, "overtime", then
        "change branch"; the planned periods as columns.
    movers
        People who come into each branch.
    """

    unit: str
    table: pd.DataFrame
    movers: pd.DataFrame


def people_of(plan: Plan) -> People:
    """Return labour by period and movers by branch.

    At work is what the techniques need; able is the force at the hours of the mandate, with
    overtime; who is without work is the difference, summed over skills.
    """
    economy, outlook = plan.economy, plan.outlook
    units = set(economy.labour.units)
    used = economy.labour.need @ plan.quantity("activity") / outlook.efficiency
    overtime = plan.quantity("overtime")
    spare = np.maximum(outlook.force + overtime - used, 0.0)
    movers = plan.table(plan.quantity("moving"), economy.branches(), name="branch")
    rows = {
        ABLE: outlook.force.sum(axis=0),
        WORKING: used.sum(axis=0),
        IDLE: spare.sum(axis=0),
        OVERTIME: overtime.sum(axis=0),
        MOVING: plan.quantity("moving").sum(axis=0),
    }
    if not rows[OVERTIME].any():
        del rows[OVERTIME]
    table = plan.table(np.array(list(rows.values())), tuple(rows), name="people")
    unit = units.pop() if len(units) == 1 else "skill units"
    return People(PLURAL.get(unit, clean(unit)), table, movers)
