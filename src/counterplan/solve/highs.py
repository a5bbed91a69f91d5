"""HiGHS as an engine: simplex, IPX, HiPO, PDLP, and branch and bound."""

import time
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

from counterplan.errors import CounterplanError
from counterplan.solve.program import Answer, Engine, Outcome, Program
from counterplan.solve.scaling import scaled

# Interior points are left where they are: centred valuations do not jump from corner to corner,
# and HiGHS's presolve does not carry interior valuations back without loss (docs/decisions/0005).
INTERIOR = {"presolve": "off", "run_crossover": "off", "ipm_optimality_tolerance": 1e-9}
CORNER = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
OPTIONS: dict[Engine, dict[str, Any]] = {
    Engine.AUTOMATIC: {"solver": "ipx", **INTERIOR},
    Engine.SIMPLEX: {"solver": "simplex", **CORNER},
    Engine.VERTEX: {"solver": "ipx", "run_crossover": "on", **CORNER},
    Engine.IPX: {"solver": "ipx", **INTERIOR},
    Engine.LOOSE: {"solver": "ipx", **INTERIOR, "ipm_optimality_tolerance": 1e-8},
    Engine.HIPO: {"solver": "hipo", **INTERIOR},
    # With presolve HiGHS 1.15 returns duals of the wrong sign where presolve alone solves it.
    Engine.PDLP: {"solver": "pdlp", "presolve": "off", "pdlp_optimality_tolerance": 1e-6},
}


def solve(
    program: Program, *, engine: Engine = Engine.AUTOMATIC, seconds_max: float = 3600.0
) -> Answer:
    """Solve a programme; with integers, solve again with them fixed so that there are duals.

    Parameters
    ----------
    program
        What to solve.
    engine
        Which algorithm; branch and bound is used whenever there are integers.
    seconds_max
        Stop after this long and return the best known.

    Raises
    ------
    CounterplanError
        When HiGHS fails in a way that is not the programme's fault.
    """
    if program.divisible:
        return solve_divisible(program, engine=engine, seconds_max=seconds_max)
    chosen = run(
        program, options={"time_limit": seconds_max, "mip_rel_gap": 1e-9, "mip_abs_gap": 0.0}
    )
    if chosen.outcome is not Outcome.SOLVED:
        return chosen
    settled = fix_integers(program, chosen)
    answer = solve_divisible(settled, engine=engine, seconds_max=seconds_max)
    # A row of nothing but choices that are made has no price, and an engine may put any there.
    divisible = abs(program.matrix) @ (~program.integer).astype(np.float64) > 0
    return replace(
        answer,
        dual=np.where(divisible, answer.dual, 0.0),
        bound=chosen.bound,
        engine=f"branch and bound, then {answer.engine}",
        seconds=answer.seconds + chosen.seconds,
    )


def solve_divisible(program: Program, *, engine: Engine, seconds_max: float) -> Answer:
    """Solve a programme without integers, to tight tolerances."""
    small = scaled(program)
    answer = run(small.program, options={**OPTIONS[engine], "time_limit": seconds_max})
    return small.unscaled(answer)


def fix_integers(program: Program, answer: Answer) -> Program:
    """Return the programme with every integer variable fixed at the answer's value."""
    chosen = np.round(answer.primal)
    return replace(
        program,
        lower=np.where(program.integer, chosen, program.lower),
        upper=np.where(program.integer, chosen, program.upper),
        integer=np.zeros_like(program.integer),
    )


def run(program: Program, *, options: dict[str, Any]) -> Answer:
    """Hand the programme to HiGHS once."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    # By default HiGHS drops coefficients below 1e-9, and the certificate sees the difference.
    highs.setOptionValue("small_matrix_value", 1e-12)
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise CounterplanError(f"HiGHS does not take the option {name} = {value}")
    highs.passModel(as_model(program))
    started = time.perf_counter()
    highs.run()
    seconds = time.perf_counter() - started
    info, solution = highs.getInfo(), highs.getSolution()
    counts = (info.simplex_iteration_count, info.ipm_iteration_count)
    # An interior point may stand outside its box by the engine's tolerance: step back onto it,
    # so that what is left to certify are the rows.
    primal = np.full(program.reward.size, np.nan)
    if len(solution.col_value) == primal.size:
        primal = np.clip(np.asarray(solution.col_value), program.lower, program.upper)
    dual = np.asarray(solution.row_dual, dtype=np.float64)
    if dual.size == 0:
        dual = np.zeros(program.row_lower.size)
    return Answer(
        outcome=outcome_of(highs.getModelStatus()),
        primal=primal,
        dual=dual,
        engine=str(options.get("solver", "branch and bound")),
        seconds=seconds,
        iterations=sum(max(int(count), 0) for count in counts),  # -1: the phase was not run
        bound=float(info.mip_dual_bound) if not program.divisible else float("nan"),
    )


def outcome_of(status: object) -> Outcome:
    """Translate HiGHS's word for how it ended."""
    kinds = highspy.HighsModelStatus
    if status == kinds.kOptimal:
        return Outcome.SOLVED
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Outcome.IMPOSSIBLE
    return Outcome.STOPPED


def as_model(program: Program) -> highspy.HighsLp:
    """Return the programme as HiGHS's own object."""
    matrix = sp.csc_array(program.matrix)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = program.reward.size, program.row_lower.size
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = program.reward
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    if not program.divisible:
        kind = highspy.HighsVarType
        model.integrality_ = [kind.kInteger if i else kind.kContinuous for i in program.integer]
    return model
