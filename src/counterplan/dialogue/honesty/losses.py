r"""Losses: what a plan made from false reports costs the mandate, between a floor and a ceiling.

.. math:: -y^\top g(\hat x) \;\le\; V^* - \hat V \;\le\; -\hat y^\top g(x^*)

y and y hat the valuations of the full-information plan and of the one that was misled, x and x
hat their courses, g what a course gives beyond the true needs. Weak duality; see
docs/dialogue/honesty.md for the proof.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from counterplan.dialogue.honesty.reports import GOODS, PLANT, WORK, Report
from counterplan.economy.economy import Floats
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import usable
from counterplan.plan.conflict import ImpossibleMandateError
from counterplan.plan.make import attempt, attempts, refuse_impossible
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem
from counterplan.plan.scenario import Scenario
from counterplan.solve.program import Engine

SECONDS_MAX = 120.0


@dataclass(frozen=True)
class Loss:
    """What false reports cost, in the mandate's value and in consumption.

    Attributes
    ----------
    least, most
        The loss as the two certificates prove it.
    goods, work, plant
        What lies unused, at the full-information plan's valuations: the parts of the floor.
    ceiling
        What the liars would have claimed on the best course, at the misled plan's valuations.
    yardstick
        Value of the observed baskets of all periods counted, those after the horizon included.
    reported
        The same of the planned periods alone.
    consumption
        [T] change of households' consumption at base prices, share of the full-information plan's.
    """

    least: float
    most: float
    goods: float
    work: float
    plant: float
    ceiling: float
    yardstick: float
    reported: float
    consumption: Floats

    @property
    def floor(self) -> float:
        """All that lies unused, at the full-information plan's valuations."""
        return self.goods + self.work + self.plant

    @property
    def share(self) -> float:
        """The loss against the baskets of all periods counted."""
        return self.least / self.yardstick


def certified_plan(
    problem: Problem, scenario: Scenario, *, seconds_max: float = SECONDS_MAX
) -> Plan:
    """Return the best plan of a problem, certified.

    Raises
    ------
    ImpossibleMandateError
        Where no plan keeps the mandate.
    CounterplanError
        Where no engine finds a plan that is certified.
    """
    for engine in attempts(problem, Engine.AUTOMATIC):
        plan = attempt(problem, scenario, engine=engine, seconds_max=seconds_max)
        if plan is not None and plan.certificate.holds:
            return plan
    refuse_impossible(problem)
    raise CounterplanError("no engine found a plan from the reports that is certified")


def misled_plan(
    report: Report, scenario: Scenario, *, seconds_max: float = SECONDS_MAX
) -> Plan | None:
    """Return the certified best plan from a report, None where no plan keeps the mandate on it."""
    try:
        return certified_plan(report.told, scenario, seconds_max=seconds_max)
    except ImpossibleMandateError:
        return None


def loss_of(best: Plan, misled: Plan, report: Report) -> Loss:
    """Return what a plan from false reports costs against the full-information plan.

    Parameters
    ----------
    best, misled
        The full-information plan and the one made from the report; both certified.
    """
    idle = -valuations(best) * report.surplus(misled.primal)
    claimed = -valuations(misled) * report.surplus(best.primal)
    here = misled.certificate.value
    after, before = households(misled), households(best)
    return Loss(
        least=best.certificate.value - here,
        most=best.certificate.bound - here,
        goods=part(report, idle, GOODS),
        work=part(report, idle, WORK),
        plant=part(report, idle, PLANT),
        ceiling=float(claimed.sum()),
        yardstick=baskets(best.problem),
        reported=best.problem.base_consumption,
        consumption=after / before - 1,
    )


def valuations(plan: Plan) -> Floats:
    """Return the valuations that prove a plan's bound [R]."""
    return usable(plan.problem.program, plan.dual)


def part(report: Report, values: Floats, families: tuple[str, ...]) -> float:
    """Return the sum of values over the rows of some families."""
    rows = chain.from_iterable(report.truth.rows[name].rows.ravel() for name in families)
    chosen = np.fromiter(rows, dtype=np.int64)
    return float(values[chosen[chosen >= 0]].sum())


def baskets(problem: Problem) -> float:
    """Return the value of the observed baskets of all periods counted, the tail included."""
    outlook = problem.outlook
    path = outlook.trend * outlook.periods.weights
    return problem.base_consumption * float(path.sum() / path[:-1].sum())


def households(plan: Plan) -> Floats:
    """Return households' consumption at base prices [T]; everybody's if there are none."""
    table = plan.consumption_value()
    others = table.drop(index=COLLECTIVE, errors="ignore")
    found = (others if len(others) else table).sum()
    return np.asarray(found, dtype=np.float64)
