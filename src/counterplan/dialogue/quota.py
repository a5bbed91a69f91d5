r"""Quotas in a dialogue: firm assignments that producers ask for and the centre honours.

A quota bounds one producer's own activities (:mod:`counterplan.plan.families.quota`). It is that
producer's own rule: every answer under it keeps it, so that every mixture does, and the bound that
is proved is the bound of the problem with it,

.. math:: X_s^q = \{ x_s \in X_s : \underline q_a \le w_a^\top x_s \le \bar q_a \}

What was proposed before and breaks it is set aside as long as it stands; it stays in the pool and
comes back when the quota is withdrawn.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers, owned
from counterplan.dialogue.parts import Parts
from counterplan.economy.characters import forbidden_in
from counterplan.economy.economy import Bools, Economy, Floats, Integers
from counterplan.economy.tables.frames import Row, open_csv
from counterplan.errors import InputError, LimitError
from counterplan.plan.certificate import violations
from counterplan.plan.mandate import Quota
from counterplan.plan.names import quota_unit
from counterplan.plan.periods import Periods
from counterplan.plan.quotas import VERBS, check_quota, refuse_twice
from counterplan.plan.wording import figure
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine, Outcome, Program

KEEPS = 5e-8  # of the terms of a quota: what an engine may leave; half of what a certificate allows
REACHES = 1e-7  # of what is promised: what an engine leaves of what can be reached
QUOTAS_MAX = 10_000
REASON_MAX = 200
SECONDS_MAX = 60.0
Place = tuple[int, int]  # quota and period
COLUMNS = ("producer", "line", "item", "least", "most", "start", "end")


# ---- the file -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """Quotas as they were read, with the place of each."""

    quotas: tuple[Quota, ...]
    places: tuple[str, ...]


def read_quotas(path: Path, economy: Economy, periods: Periods) -> Listed:
    """Read a CSV file of quotas; one without rows asks for none.

    Its columns are those of a quota of the mandate: ``producer``, ``line`` (made, used or work),
    ``item``, ``least``, ``most``, ``start``, ``end`` and, if wanted, ``reason``. Blank cells of
    ``least``, ``most`` and ``start`` stand for none.

    Raises
    ------
    InputError
        Naming the row, what is wrong with it, and the mend. LimitError for more than
        :data:`QUOTAS_MAX`.
    """
    rows = open_csv(path, required=COLUMNS, optional=("reason",))
    if len(rows) > QUOTAS_MAX:
        raise LimitError(f"there are more than {QUOTAS_MAX:,} quotas", place=path.name)
    seen: set[str] = set()
    for row in rows:
        quota = quota_of(row)
        check_quota(economy, periods, quota, place=row.place())
        refuse_twice(quota, seen, place=row.place())
    return Listed(tuple(quota_of(row) for row in rows), tuple(row.place() for row in rows))


def quota_of(row: Row) -> Quota:
    """Return the quota of one row."""
    line: Any = row.text("line")
    if line not in VERBS:
        raise InputError(
            f"'{line}' is no line of a quota",
            place=row.place("line"),
            mend=f"write {', '.join(VERBS)}",
        )
    return Quota(
        producer=row.text("producer"),
        line=line,
        item=row.text("item"),
        least=amount(row, "least"),
        most=amount(row, "most"),
        start=None if not row.cells["start"] else period(row, "start"),
        end=period(row, "end"),
        reason=reason_of(row),
    )


def reason_of(row: Row) -> str:
    """Return the reason that a row gives, which goes into a line of the log; it may be blank.

    Raises
    ------
    InputError
        Where it is too long, or holds what would change how the log reads.
    """
    reason = row.cells.get("reason", "")
    if len(reason) > REASON_MAX:
        raise InputError(
            f"the reason is longer than {REASON_MAX} characters",
            place=row.place("reason"),
            mend="shorten it",
        )
    refuse_forbidden(row, "reason", reason)
    return reason


def refuse_forbidden(row: Row, column: str, text: str) -> None:
    """Refuse characters that change what a reader of a text sees, ends of lines among them."""
    found = forbidden_in(text)
    if found:
        raise InputError(
            f"the text holds the character {found}", place=row.place(column), mend="delete it"
        )


def amount(row: Row, column: str) -> float | None:
    """Return an amount that may be left out."""
    if not row.cells[column]:
        return None
    found = row.number(column)
    if found < 0:
        raise InputError(
            f"{found:g} is below zero", place=row.place(column), mend="write 0 or more"
        )
    return found


def period(row: Row, column: str) -> int:
    """Return a period."""
    if not row.cells[column]:
        raise InputError(
            "the cell is blank",
            place=row.place(column),
            mend="every quota ends: write its last period",
        )
    found = row.number(column)
    if found != int(found):
        raise InputError(
            f"{found:g} is no period", place=row.place(column), mend="write a whole number"
        )
    return int(found)


# ---- what keeps them ----------------------------------------------------------------------------


def quota_rows(parts: Parts) -> Integers:
    """Return the rows of all quotas."""
    rows = parts.problem.rows["quota"].rows
    return rows[rows >= 0]


def promised(parts: Parts) -> Bools:
    """Return who has a quota [S]."""
    found = np.zeros(len(parts.producers), dtype=bool)
    found[parts.rows[quota_rows(parts)]] = True
    return found


def keeping(parts: Parts, answers: Answers) -> Bools:
    """Return whose proposal keeps every quota that stands [S]; true for who has none."""
    fine = np.ones(len(parts.producers), dtype=bool)
    rows = quota_rows(parts)
    if rows.size:
        violation, size = violations(parts.problem, answers.courses)
        fine[parts.rows[rows[violation[rows] > KEEPS * size[rows]]]] = False
    return fine


def admitted(parts: Parts, pool: Sequence[Answers]) -> tuple[Answers, ...]:
    """Return a pool without the proposals that break a quota; they are only set aside."""
    if not quota_rows(parts).size:
        return tuple(pool)
    return tuple(kept(one, keeping(parts, one)) for one in pool)


def kept(answers: Answers, who: Bools) -> Answers:
    """Return the answers of some producers [S]; the same ones where that is everybody."""
    fine = answers.answered & who
    return answers if np.array_equal(fine, answers.answered) else replace(answers, answered=fine)


# ---- what nobody could keep ---------------------------------------------------------------------


def refuse_impossible(parts: Parts, places: Mapping[str, str]) -> None:
    """Refuse quotas that their producer could not keep, whatever everybody else does.

    Parameters
    ----------
    parts
        Of the problem with the quotas.
    places
        Where each quota stands, by its label.

    Raises
    ------
    InputError
        Naming what the producer can reach at most or at least, or that its quotas cannot be kept
        together.
    """
    block = parts.problem.rows["quota"]
    for producer in np.flatnonzero(promised(parts)).tolist():
        there = [(int(a), int(t)) for a, t in np.argwhere(block.rows >= 0)]
        mine = [place for place in there if owner(parts, place) == producer]
        free = alone(parts, producer, mine=mine, kept=())
        for place in mine:
            refuse_out_of_reach(parts, free, place, places)
        together = alone(parts, producer, mine=mine, kept=mine)
        if solved(together) is None:
            labels = list(dict.fromkeys(block.items[a] for a, _ in mine))
            raise InputError(
                f"'{parts.producers[producer]}' could keep each of its {len(labels)} quotas alone, "
                "and not all together",
                place=places.get(labels[0], "quotas"),
                mend="ask for less of one of them, or let one end before the other begins",
            )


def owner(parts: Parts, place: Place) -> int:
    """Return whose a row of a quota is."""
    return int(parts.rows[parts.problem.rows["quota"].rows[place]])


def alone(parts: Parts, producer: int, *, mine: Sequence[Place], kept: Sequence[Place]) -> Program:
    """Return a producer's own problem, without a reward, with some of its quotas ``mine``."""
    program, block = parts.program, parts.problem.rows["quota"]
    who = np.zeros(len(parts.producers), dtype=bool)
    who[producer] = True
    left_out = [block.rows[place] for place in mine if place not in kept]
    columns = np.flatnonzero(owned(parts.columns, who))
    rows = np.setdiff1d(np.flatnonzero(parts.rows == producer), left_out)
    return Program(
        matrix=sp.csr_array(sp.csr_array(program.matrix)[rows][:, columns]),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        lower=program.lower[columns],
        upper=program.upper[columns],
        reward=np.zeros(columns.size),
        integer=np.zeros(columns.size, dtype=bool),
    )


def solved(program: Program) -> Floats | None:
    """Return the best point of a small programme, None where there is no point at all."""
    answer = solve_divisible(program, engine=Engine.SIMPLEX, seconds_max=SECONDS_MAX)
    return answer.primal if answer.outcome is Outcome.SOLVED else None


def refuse_out_of_reach(
    parts: Parts, free: Program, place: Place, places: Mapping[str, str]
) -> None:
    """Refuse a quota in one period that its producer could not reach, were it the only one."""
    problem, (a, t) = parts.problem, place
    row = problem.rows["quota"].rows[a, t]
    quota, label = problem.outlook.mandate.quotas[a], problem.rows["quota"].items[a]
    who = np.zeros(len(parts.producers), dtype=bool)
    who[parts.rows[row]] = True
    line = sp.csr_array(parts.program.matrix)[[row]].toarray()[0][owned(parts.columns, who)]
    each = line if quota.least is not None else -line  # the row of a most counts what is left
    for name, level, way in (("least", quota.least, 1.0), ("most", quota.most, -1.0)):
        point = None if level is None else solved(replace(free, reward=way * each))
        if level is None or point is None:
            continue
        reach = float(each @ point)
        if way * (reach - level) >= -REACHES * max(level, reach):
            continue
        other = "most" if name == "least" else "least"
        unit = quota_unit(problem, a)
        near = within(reach, way)
        raise InputError(
            f"'{quota.producer}' can {VERBS[quota.line]} at {other} {near:g} {unit} of "
            f"'{quota.item}' in {problem.outlook.periods.labels[t]}, and the quota asks for at "
            f"{name} {figure(level)}",
            place=places.get(label, label),
            mend=f"ask for at {name} {near:g}, for another period, or have the producer "
            "registered with what it can do now",
        )


def within(reach: float, way: float) -> float:
    """Return what can be reached to four digits, rounded so that it can be."""
    if reach <= 0:
        return 0.0
    digits = 10.0 ** (3 - math.floor(math.log10(reach)))
    return (math.floor if way > 0 else math.ceil)(reach * digits) / digits
