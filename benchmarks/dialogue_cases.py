"""A dialogue round by round, against the central optimum that HiGHS finds from all data."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from counterplan.dialogue.beginning import Beginning, beginning
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.faults import Faults, Faulty
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.transport import Transport
from counterplan.economy.economy import Bools, Economy
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.examples import packaged_economy, packaged_scenario
from counterplan.plan.certificate import certify
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.scenario import Scenario, read_scenario
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine

SEED, YEARS = 1, 5
NEAR, ENOUGH = 0.01, 0.001  # of base consumption
UNKNOWN = float("nan")
NAMES = {
    Engine.IPX: "IPX, interior point without crossover",
    Engine.VERTEX: "IPX with presolve and crossover",
    Engine.HIPO: "HiPO, interior point",
}
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Case:
    """What is planned, by whom, and how long anybody may take.

    Attributes
    ----------
    limits
        Seconds on the clock for each of HiGHS' algorithms.
    """

    title: str
    producers: int
    years: int
    rounds_max: int
    limits: tuple[tuple[Engine, float], ...]
    faults: Faults | None = None


@dataclass(frozen=True)
class Central:
    """What one of HiGHS' algorithms found from all data; nan where it is not certified."""

    engine: Engine
    seconds_max: float
    seconds: float
    value: float
    residual: float
    gap: float


@dataclass(frozen=True)
class Line:
    """One round, in shares of base consumption and seconds of the processor."""

    round: int
    gap: float
    distance: float
    residual: float
    value: float
    answered: int
    centre_seconds: float
    producer_seconds: float


class Timed:
    """A transport that counts the processor's seconds on the producers' side."""

    def __init__(self, transport: Transport) -> None:
        self.transport, self.seconds = transport, 0.0

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield the answers of the other transport."""
        source = self.transport.ask(offer, whom)
        while True:
            started = time.process_time()
            batch = next(source, None)
            self.seconds += time.process_time() - started
            if batch is None:
                return
            yield batch


def scenario(years: int = YEARS) -> Scenario:
    """Return oil at 0.55 over some years."""
    given = read_scenario(packaged_scenario("oil-055"))
    return given.model_copy(update={"horizon": given.horizon.model_copy(update={"periods": years})})


def split(producers: int) -> Economy:
    """Return Russia in the hands of that many workplaces."""
    russia = read_package(packaged_economy("russia-2014"))
    return split_producers(russia, producers=producers, seed=SEED)


def set_up(producers: int, years: int) -> Dialogue:
    """Return the dialogue of a case."""
    asked = scenario(years)
    return dialogue_of(assemble(lay_out(split(producers), asked)), asked)


def central(problem: Problem, engine: Engine, *, seconds_max: float) -> Central:
    """Solve the whole problem from all data, and put the answer to the certificate."""
    started = time.process_time()
    answer = solve_divisible(problem.program, engine=engine, seconds_max=seconds_max)
    spent = time.process_time() - started
    if np.isnan(answer.primal).any():
        return Central(engine, seconds_max, spent, UNKNOWN, UNKNOWN, UNKNOWN)
    found = certify(problem, primal=answer.primal, dual=answer.dual)
    value = found.value if found.holds else UNKNOWN
    return Central(engine, seconds_max, spent, value, found.residual, found.gap)


def optimum_of(found: list[Central]) -> float:
    """Return the best value that is certified; nan where there is none."""
    return float(np.fmax.reduce([one.value for one in found], initial=np.nan))


def held(
    case: Case, dialogue: Dialogue, *, optimum: float, begin: Beginning | None = None
) -> Iterator[Line]:
    """Hold the rounds until the gap is small, and yield a line after each.

    They begin with the centre's own statistics where nothing else is given.
    """
    timed = Timed(dialogue.workplaces)
    transport = timed if case.faults is None else Faulty(timed, case.faults)
    talking = replace(dialogue, transport=transport)
    started = time.process_time()
    begin = begin or beginning(talking)
    for state in talking.rounds(begin.first, drafts=begin.drafts, rounds_max=case.rounds_max):
        spent = time.process_time() - started
        yield line_of(talking, state, optimum, centre=spent - timed.seconds, others=timed.seconds)
        if state.rounds[-1].gap <= ENOUGH:
            return


def line_of(
    dialogue: Dialogue, state: State, optimum: float, *, centre: float, others: float
) -> Line:
    """Return the line of a round."""
    last = state.rounds[-1]
    return Line(
        round=last.number + 1,
        gap=last.gap,
        distance=(optimum - last.value) / dialogue.yardstick,
        residual=last.residual,
        value=last.value,
        answered=last.answered,
        centre_seconds=centre,
        producer_seconds=others,
    )


def first_within(lines: list[Line], share: float, *, of: str) -> str:
    """Return the first round in which the gap or the distance is at most a share."""
    found = [line.round for line in lines if getattr(line, of) <= share]
    return str(found[0]) if found else f"not in {len(lines)}"


def rounds_table(lines: list[Line]) -> pd.DataFrame:
    """Return the rounds."""
    return pd.DataFrame(
        {
            "round": [line.round for line in lines],
            "gap certified, %": [100 * line.gap for line in lines],
            "distance to the optimum, %": [100 * line.distance for line in lines],
            "largest residual": [f"{line.residual:.0e}" for line in lines],
            "answers in time": [line.answered for line in lines],
            "CPU s, centre": [line.centre_seconds for line in lines],
            "CPU s, producers": [line.producer_seconds for line in lines],
        }
    )


def row_of(case: Case, lines: list[Line], found: list[Central]) -> dict[str, object]:
    """Return the case's line in the table of targets."""
    solved = [one.seconds for one in found if not np.isnan(one.value)]
    last = lines[-1]
    values = np.array([line.value for line in lines])
    known = values[~np.isnan(values)]
    return {
        "case": case.title,
        "rounds to 1%": first_within(lines, NEAR, of="distance"),
        "to 0.1%": first_within(lines, ENOUGH, of="distance"),
        "1% certified": first_within(lines, NEAR, of="gap"),
        "0.1% certified": first_within(lines, ENOUGH, of="gap"),
        "largest residual": f"{np.nanmax([line.residual for line in lines]):.0e}",
        "never worse": "yes" if (np.diff(known) >= 0).all() else "no",
        "CPU s, centre": last.centre_seconds,
        "CPU s, producers": last.producer_seconds,
        "CPU s, HiGHS' best": f"{min(solved):.1f}" if solved else "no plan",
    }


def central_table(found: list[Central]) -> pd.DataFrame:
    """Return what HiGHS found from all data."""
    return pd.DataFrame(
        {
            "algorithm": [NAMES[one.engine] for one in found],
            "limit, s": [one.seconds_max for one in found],
            "CPU s": [one.seconds for one in found],
            "residual": [f"{one.residual:.0e}" for one in found],
            "gap": [f"{one.gap:.0e}" for one in found],
            "plan": ["none" if np.isnan(one.value) else "certified" for one in found],
        }
    )


def size_table(problem: Problem, dialogue: Dialogue) -> pd.DataFrame:
    """Return how large the problem is that HiGHS gets."""
    matrix = problem.program.matrix
    sizes = {"producers": dialogue.workplaces.count, "rows": matrix.shape[0]}
    sizes |= {"columns": matrix.shape[1], "coefficients": matrix.nnz}
    return pd.DataFrame([sizes | {"shared rules": dialogue.centre.rows.size}])


def warm() -> None:
    """Hold a small dialogue, so that machine code is there before anything is timed."""
    small = set_up(40, 1)
    begin = beginning(small)
    for _ in small.rounds(begin.first, drafts=begin.drafts, rounds_max=3):
        pass


def told(case: Case) -> Tables:
    """Return a case's tables by title."""
    warm()
    dialogue = set_up(case.producers, case.years)
    problem = dialogue.parts.problem
    found = []
    for engine, limit in case.limits:
        found.append(central(problem, engine, seconds_max=limit))
        print(found[-1], flush=True)
    lines = []
    for line in held(case, dialogue, optimum=optimum_of(found)):
        lines.append(line)
        print(line, flush=True)
    return {
        "In short": pd.DataFrame([row_of(case, lines, found)]),
        "Rounds": rounds_table(lines),
        "HiGHS on the whole problem": central_table(found),
        "Size": size_table(problem, dialogue),
    }
