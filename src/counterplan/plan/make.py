"""Making a plan: lay out the scenario, assemble, solve, certify."""

from collections.abc import Iterable

from counterplan.economy.economy import Economy
from counterplan.errors import CounterplanError
from counterplan.plan.certificate import certify
from counterplan.plan.conflict import ImpossibleMandateError, explain_conflict
from counterplan.plan.family import Family
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import Scenario
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine, Outcome


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
        When the engine stopped before it had a plan.
    """
    problem = assemble(lay_out(economy, scenario), extra=extra)
    answer = solve(problem.program, engine=engine, seconds_max=seconds_max)
    if answer.outcome is Outcome.IMPOSSIBLE:
        raise ImpossibleMandateError(explain_conflict(problem))
    if answer.outcome is Outcome.STOPPED:
        raise CounterplanError(
            f"the engine {answer.engine} stopped after {answer.seconds:.0f} s without a plan; "
            "choose another engine or give it more time"
        )
    bound = None if problem.program.divisible else answer.bound
    certificate = certify(problem, primal=answer.primal, dual=answer.dual, bound=bound)
    making = Making(answer.engine, answer.seconds, answer.iterations, bound)
    return Plan(scenario, problem, answer.primal, answer.dual, certificate, making)
