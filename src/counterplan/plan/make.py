"""Making a plan: lay out the scenario, assemble, solve, certify."""

from collections.abc import Iterable

import numpy as np

from counterplan.economy.economy import Economy
from counterplan.errors import CounterplanError, LimitError
from counterplan.plan.case_search import proof_by_cases
from counterplan.plan.cases import Case
from counterplan.plan.certificate import GAP_MAX, RESIDUAL_MAX, Certificate, certify
from counterplan.plan.conflict import ImpossibleMandateError, explain_conflict
from counterplan.plan.family import Family
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.scenario import Scenario
from counterplan.solve.highs import solve
from counterplan.solve.program import Answer, Engine, Outcome

GAP_CLOSED = 0.5  # of the gap allowed: a case is closed with room for rounding elsewhere
SECONDS_LEAST = 1.0


def make_plan(
    economy: Economy,
    scenario: Scenario,
    *,
    engine: Engine = Engine.AUTOMATIC,
    extra: Iterable[Family] = (),
    seconds_max: float = 3600.0,
) -> Plan:
    """Return the best plan for a scenario, with its certificate.

    Parameters
    ----------
    economy, scenario
        What there is, and what is asked.
    engine
        Which algorithm of HiGHS; the certificate does not depend on it.
    extra
        Constraint families of one's own.
    seconds_max
        Stop the engine after this long.

    Raises
    ------
    ImpossibleMandateError
        When no plan can keep the mandate, with the demands that conflict and the least relief.
    CounterplanError
        When every engine stopped before it had a plan.

    A plan whose certificate does not hold is returned as it is: ask ``plan.certificate.holds``.
    """
    problem = assemble(lay_out(economy, scenario), extra=extra)
    first, *others = attempts(problem, engine)
    plan = attempt(problem, scenario, engine=first, seconds_max=seconds_max)
    if plan is not None and plan.certificate.holds:
        return plan
    refuse_impossible(problem)
    for other in others:
        plan = better(plan, attempt(problem, scenario, engine=other, seconds_max=seconds_max))
        if plan is not None and plan.certificate.holds:
            return plan
    if plan is None:
        raise CounterplanError(
            "every engine stopped without a plan; choose another or give it more time"
        )
    return plan


def attempt(
    problem: Problem, scenario: Scenario, *, engine: Engine, seconds_max: float
) -> Plan | None:
    """Return the plan that an engine finds, with its certificate, or None if it finds none."""
    answer = solve(problem.program, engine=engine, seconds_max=seconds_max)
    if answer.outcome is Outcome.IMPOSSIBLE or np.isnan(answer.primal).any():
        return None
    return plan_of(
        scenario, problem, answer, seconds_max=max(seconds_max - answer.seconds, SECONDS_LEAST)
    )


def better(one: Plan | None, other: Plan | None) -> Plan | None:
    """Return the plan that is nearer to being certified."""
    found = [plan for plan in (one, other) if plan is not None]
    return min(found, key=lambda plan: distance(plan.certificate), default=None)


def distance(certificate: Certificate) -> float:
    """Return how many times a certificate's worst figure is what it may be."""
    return max(certificate.residual / RESIDUAL_MAX, abs(certificate.gap) / GAP_MAX)


def attempts(problem: Problem, engine: Engine) -> tuple[Engine, ...]:
    """Return the engines to try: the one asked for, or one after the other until one certifies.

    An engine's own word for how it ended is not asked: an interior point may call itself
    imprecise and be certified, or call itself optimal and not be.
    """
    if engine is not Engine.AUTOMATIC or not problem.program.divisible:
        return (engine,)
    return (Engine.IPX, Engine.LOOSE, Engine.HIPO, Engine.VERTEX)


def plan_of(scenario: Scenario, problem: Problem, answer: Answer, *, seconds_max: float) -> Plan:
    """Certify an answer and make it a plan."""
    primal, dual = answer.primal, answer.dual
    bound: float | None = None
    cases: tuple[Case, ...] = ()
    if not problem.program.divisible:
        bound = answer.bound
        cases = proof_by_cases(
            problem.program,
            enough=float(problem.program.reward @ primal)
            + GAP_CLOSED * GAP_MAX * problem.base_consumption,
            seconds_max=seconds_max,
        )
    certificate = certify(problem, primal=primal, dual=dual, bound=bound, cases=cases)
    making = Making(answer.engine, answer.seconds, answer.iterations, bound)
    return Plan(scenario, problem, primal, dual, certificate, making, cases)


def refuse_impossible(problem: Problem) -> None:
    """Raise an error that says which demands conflict, if the mandate is impossible.

    An engine that found no plan is not believed: it may only have been imprecise.
    """
    try:
        conflict = explain_conflict(problem)
    except LimitError:
        return
    if conflict:
        raise ImpossibleMandateError(conflict)
