"""The two tables that hold the cases of a proof: which choices each makes, and its valuations."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from counterplan.errors import InputError
from counterplan.plan.cases import CASES_MAX, Case
from counterplan.plan.longtables import (
    Places,
    Row,
    column_places,
    long_table,
    read_row,
    row_places,
    valuation_rows,
    write_numbers,
)
from counterplan.plan.problem import Problem

CHOICES, CASE_VALUATIONS = "cases.csv", "case_valuations.csv"

Numbered = tuple[str, str, str, str, float]


def write_cases(problem: Problem, cases: Sequence[Case], folder: Path) -> None:
    """Write cases, numbered from 1."""
    write_numbers(folder / CHOICES, choices_of(problem, cases), heads=["case", "variable"])
    write_numbers(folder / CASE_VALUATIONS, valuations_of(problem, cases), heads=["case", "family"])


def choices_of(problem: Problem, cases: Sequence[Case]) -> Iterator[Numbered]:
    """Yield case, variable, item, period and choice; a choice of 0 is one, too."""
    labels = problem.outlook.periods.labels
    for number, case in enumerate(cases, start=1):
        for column, choice in sorted(case.choices.items()):
            for name, block in problem.variables.blocks.items():
                place = column - problem.columns[name]
                if 0 <= place < block.size:
                    period, item = divmod(place, len(block.items))
                    yield str(number), name, block.items[item], labels[period], float(choice)


def valuations_of(problem: Problem, cases: Sequence[Case]) -> Iterator[Numbered]:
    """Yield case, family, item, period and raw valuation wherever it is not zero."""
    for number, case in enumerate(cases, start=1):
        row: Row
        for row in valuation_rows(problem, case.dual):
            yield str(number), *row


def read_cases(problem: Problem, folder: Path) -> tuple[Case, ...]:
    """Read the cases of a saved plan; there are none where there is no table of them.

    Raises
    ------
    InputError
        Naming the row that does not fit.
    """
    if not (folder / CHOICES).exists() and not (folder / CASE_VALUATIONS).exists():
        return ()
    choices = by_case(folder / CHOICES, column_places(problem))
    valuations = by_case(folder / CASE_VALUATIONS, row_places(problem))
    cases = []
    for number in sorted({*choices, *valuations}):
        dual = np.zeros(problem.program.row_lower.size)
        for row, value in valuations.get(number, {}).items():
            dual[row] = value
        chosen = choices.get(number, {})
        for value in chosen.values():
            if value not in (0.0, 1.0):
                raise InputError(
                    f"case {number} makes a choice of {value:g}, which is neither 0 nor 1",
                    place=str(folder / CHOICES),
                    mend="make the plan again",
                )
        cases.append(Case({column: int(value) for column, value in chosen.items()}, dual))
    return tuple(cases)


def by_case(path: Path, places: Places) -> dict[int, dict[int, float]]:
    """Return the numbers of a table by case, and by where they belong in a vector."""
    found: dict[int, dict[int, float]] = {}
    for place, (case, *row) in long_table(path, heads=2):
        if not (case.isascii() and case.isdigit() and 0 < int(case[:9]) <= CASES_MAX):
            raise InputError(f"'{case[:40]}' is not the number of a case", place=place)
        number, value = read_row(row, places, place=place)
        entries = found.setdefault(int(case[:9]), {})
        if number in entries:
            raise InputError("the entry stands twice", place=place)
        entries[number] = value
    return found
