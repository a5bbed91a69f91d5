"""Plans of Russia, the United States and the world, with every algorithm of HiGHS.

- *Russia*: 33 branches, 55 products, ten years, oil at 0.55 of its price of 2014;
- *United States*: 402 industries with joint products, 402 commodities, each industry with
  capital in equipment, structures and intellectual property, five years, as observed;
- *world*: 1,435 products of 41 regions, a group of households in each, one year, as observed.

Each trial is a process of its own: it derives the economy, assembles the problem, solves it and
recomputes the certificate. An algorithm has 40 seconds (`COUNTERPLAN_BENCH_SECONDS` gives more)
after assembly and is stopped then; what it had found by then is put to the certificate as well.
Seconds are of solving alone, on the clock and of the processor; memory is the most that the
process held. A residual or gap is ours, not the solver's (docs/plan/certificate.md); a plan is
certified where the residual is at most 1e-7 and the gap at most 1e-6.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.bench_analysis import folder
from counterplan.economy.derive.united_states import united_states_2017
from counterplan.economy.derive.world import world_2011
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy, packaged_scenario
from counterplan.plan.certificate import certify
from counterplan.plan.export import to_linopy
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.reproduction import as_observed
from counterplan.plan.scenario import Scenario, read_scenario
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine

SECONDS = float(os.environ.get("COUNTERPLAN_BENCH_SECONDS", "40"))
#: What an algorithm may overrun before its process is stopped from outside.
GRACE_SECONDS = 8.0
#: Most that deriving and assembling may take.
ASSEMBLY_SECONDS = 120.0
LINOPY = "linopy"
MIB_OF_RSS = 2**20 if sys.platform == "darwin" else 2**10

ALGORITHMS = {
    Engine.IPX: "IPX, interior point (the default)",
    Engine.HIPO: "HiPO, interior point",
    Engine.VERTEX: "IPX with crossover to a vertex",
    Engine.SIMPLEX: "simplex",
    Engine.PDLP: "PDLP, first order",
}


def russia() -> tuple[Economy, Scenario]:
    """Ten years with oil at 0.55."""
    scenario = read_scenario(packaged_scenario("oil-055"))
    longer = scenario.horizon.model_copy(update={"periods": 10})
    economy = read_package(packaged_economy("russia-2014"))
    return economy, scenario.model_copy(update={"horizon": longer})


def united_states() -> tuple[Economy, Scenario]:
    """Five years as observed."""
    economy = united_states_2017(folder().parent)
    return economy, as_observed(economy, periods=5)


def world() -> tuple[Economy, Scenario]:
    """One year as observed."""
    economy = world_2011(folder().parent)
    return economy, as_observed(economy, periods=1)


CASES: dict[str, tuple[str, Callable[[], tuple[Economy, Scenario]]]] = {
    "russia": ("Russia, 10 years", russia),
    "united-states": ("United States, 402 industries, 5 years", united_states),
    "world": ("world, 1,435 products, 1 year", world),
}


@dataclass(frozen=True)
class Size:
    """What one process assembled, and how long it took."""

    derive_seconds: float
    assemble_seconds: float
    rows: int
    columns: int
    coefficients: int


@dataclass(frozen=True)
class Result:
    """What one process answered; ``residual`` and ``gap`` are nan where there is no plan."""

    seconds: float
    cpu_seconds: float
    residual: float
    gap: float
    certified: bool


@dataclass(frozen=True)
class Trial:
    """What was seen of one process from outside."""

    size: Size | None
    result: Result | None
    cpu_seconds: float
    memory_mib: float


# ---- inside a trial's process ---------------------------------------------------------------


def try_one(case: str, way: str, seconds: float) -> Iterator[Size | Result]:
    """Assemble a case and solve it one way (or export it), yielding what is known so far."""
    start = time.perf_counter()
    economy, scenario = CASES[case][1]()
    derived = time.perf_counter()
    problem = assemble(lay_out(economy, scenario))
    matrix = problem.program.matrix
    yield Size(
        derive_seconds=derived - start,
        assemble_seconds=time.perf_counter() - derived,
        rows=matrix.shape[0],
        columns=matrix.shape[1],
        coefficients=matrix.nnz,
    )
    yield exported(problem) if way == LINOPY else solved(problem, Engine(way), seconds)


def solved(problem: Problem, engine: Engine, seconds: float) -> Result:
    """Solve and certify."""
    start, cpu = time.perf_counter(), time.process_time()
    answer = solve(problem.program, engine=engine, seconds_max=seconds)
    spent, cpu_spent = time.perf_counter() - start, time.process_time() - cpu
    if np.isnan(answer.primal).any():
        return Result(spent, cpu_spent, float("nan"), float("nan"), certified=False)
    found = certify(problem, primal=answer.primal, dual=answer.dual)
    return Result(spent, cpu_spent, found.residual, found.gap, certified=found.holds)


def exported(problem: Problem) -> Result:
    """Build the same problem once more as a linopy model."""
    start, cpu = time.perf_counter(), time.process_time()
    to_linopy(problem)
    spent, cpu_spent = time.perf_counter() - start, time.process_time() - cpu
    return Result(spent, cpu_spent, float("nan"), float("nan"), certified=False)


# ---- outside --------------------------------------------------------------------------------


def trial(case: str, way: str, *, seconds: float) -> Trial:
    """Run one trial in its own process, and stop it when its time is over."""
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "told.jsonl"
        told.touch()
        command = [sys.executable, "-m", "benchmarks.bench_plan", case, way, f"{seconds}", told]
        with subprocess.Popen(command) as process:
            usage = watched(process, told, seconds=seconds)
        lines = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    return Trial(
        size=Size(**lines[0]) if lines else None,
        result=Result(**lines[1]) if len(lines) > 1 else None,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        memory_mib=usage.ru_maxrss / MIB_OF_RSS,
    )


def watched(
    process: subprocess.Popen[bytes], told: Path, *, seconds: float
) -> resource.struct_rusage:
    """Wait for a process, kill it past its time, and return what it used."""
    deadline, assembled = time.monotonic() + ASSEMBLY_SECONDS, False
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode > 0:
                raise RuntimeError(f"{process.args} ended with {process.returncode}")
            return usage
        if not assembled and told.stat().st_size:
            deadline, assembled = time.monotonic() + seconds + GRACE_SECONDS, True
        if time.monotonic() > deadline:
            process.kill()
        time.sleep(0.05)


def outcome(seen: Trial, *, seconds: float) -> str:
    """Say in words how a trial ended."""
    if seen.size is None:
        return f"not assembled within {ASSEMBLY_SECONDS:g} s"
    if seen.result is not None and seen.result.certified:
        return "certified"
    if seen.result is None or seen.result.seconds >= 0.98 * seconds:
        return f"no plan within {seconds:g} s"
    return "answered, not certified"


def row_of(case: str, engine: Engine, seen: Trial, *, seconds: float) -> dict[str, object]:
    """Return one line of the table of algorithms."""
    result = seen.result
    known = result is not None
    return {
        "plan": CASES[case][0],
        "algorithm": ALGORITHMS[engine],
        "seconds": f"{result.seconds:.1f}" if known else f"over {seconds:g}",
        "CPU seconds": f"{result.cpu_seconds if known else seen.cpu_seconds:.1f}",
        "memory, MiB": round(seen.memory_mib),
        "residual": shown(result.residual if known else float("nan")),
        "gap": shown(result.gap if known else float("nan")),
        "result": outcome(seen, seconds=seconds),
    }


def shown(value: float) -> str:
    """Return a residual or gap, or a dash where there is none."""
    return "-" if np.isnan(value) else f"{value:.0e}"


def size_of(case: str, seen: Trial) -> dict[str, object]:
    """Return one line of the table of sizes; linopy starts from the assembled problem."""
    if seen.size is None:
        raise RuntimeError(f"{case} was not assembled")
    size = seen.size
    return {
        "plan": CASES[case][0],
        "rows": size.rows,
        "columns": size.columns,
        "coefficients": size.coefficients,
        "deriving, s": size.derive_seconds,
        "assembling, s": size.assemble_seconds,
        "as a linopy model, s": seen.result.seconds if seen.result else f"over {SECONDS:g}",
    }


def run() -> dict[str, pd.DataFrame]:
    """Return the two tables by title."""
    sizes = [size_of(case, trial(case, LINOPY, seconds=SECONDS)) for case in CASES]
    rows = [
        row_of(case, engine, trial(case, engine, seconds=SECONDS), seconds=SECONDS)
        for case in CASES
        for engine in ALGORITHMS
    ]
    return {
        "Assembling": pd.DataFrame(sizes),
        f"Solving, at most {SECONDS:g} seconds each": pd.DataFrame(rows),
    }


def main(case: str, way: str, seconds: str, told: str) -> None:
    """Run one trial here, and write what it tells line by line."""
    with Path(told).open("a", encoding="utf-8") as file:
        for known in try_one(case, way, float(seconds)):
            file.write(json.dumps(asdict(known)) + "\n")
            file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
