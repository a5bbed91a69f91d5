"""Export: the plan problem for other tools, as an MPS file or as a linopy model.

The MPS file is written here and not by the solver, for two reasons: the solver's writer rounds to
15 digits, and an exported problem should be the very one that was certified; and only the folder
``solve`` talks to a solver.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.errors import InputError
from counterplan.plan.labels import Label, column_labels, column_numbers, row_labels
from counterplan.plan.problem import Problem, RowBlock

OBJECTIVE = "mandate"
# Free MPS parts its fields at spaces, and readers take $ and * for comments.
PARTING = re.compile(r"[\s$*]+")


def column_names(problem: Problem) -> Codes:
    """Return a name for every column [N], legible and unique: ``activity[farming,2021]``."""
    items = {name: block.items for name, block in problem.variables.blocks.items()}
    return written_names(column_labels(problem), items, problem.outlook.periods.labels)


def row_names(problem: Problem) -> Codes:
    """Return a name for every row [R]: ``product_balance[corn,2021]``."""
    items = {name: block.items for name, block in problem.rows.items()}
    return written_names(row_labels(problem), items, problem.outlook.periods.labels)


def written_names(labels: list[Label], items: dict[str, Codes], periods: Codes) -> Codes:
    """Write labels as names without spaces; a name that came before gets a number."""
    names: list[str] = []
    seen: set[str] = set()
    for label in labels:
        item = PARTING.sub("_", items[label.name][label.item])
        name = wanted = f"{label.name}[{item},{periods[label.period]}]"
        count = 1
        while name in seen:
            count += 1
            name = f"{wanted}~{count}"
        seen.add(name)
        names.append(name)
    return tuple(names)


# ---- MPS ------------------------------------------------------------------------------


def to_mps(problem: Problem, path: Path) -> None:
    """Write the problem as a free-format MPS file, every number in full.

    It maximises (section ``OBJSENSE``). Names hold no spaces; see :func:`column_names`.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in mps_lines(problem))
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", place=str(path), mend="give another path"
        ) from None


def mps_lines(problem: Problem) -> Iterator[str]:
    """Yield the lines of the MPS file."""
    columns, rows = column_names(problem), row_names(problem)
    yield f"NAME counterplan {PARTING.sub('_', problem.outlook.economy.name)}"
    yield from ("OBJSENSE", "    MAX", "ROWS", f" N {OBJECTIVE}")
    program = problem.program
    kinds = row_kinds(program.row_lower, program.row_upper)
    yield from (f" {kind} {name}" for kind, name in zip(kinds, rows, strict=True))
    yield "COLUMNS"
    yield from mps_columns(problem, columns, rows)
    yield "RHS"
    sides = np.where(kinds == "L", program.row_upper, program.row_lower)
    for name, kind, side in zip(rows, kinds, sides, strict=True):
        if kind != "N" and side != 0:
            yield f" RHS {name} {number(side)}"
    yield "RANGES"
    both = np.isfinite(program.row_lower) & np.isfinite(program.row_upper)
    for r in np.flatnonzero(both & (kinds == "G")):
        yield f" RANGE {rows[r]} {number(program.row_upper[r] - program.row_lower[r])}"
    yield "BOUNDS"
    for name, low, high in zip(columns, program.lower, program.upper, strict=True):
        yield from mps_bounds(name, low, high)
    yield "ENDATA"


def row_kinds(lower: Floats, upper: Floats) -> Any:  # noqa: ANN401
    """Return E, G, L or N for each row [R]; a row with two sides is a G with a range."""
    kinds = np.where(np.isfinite(upper), "L", "N")
    kinds = np.where(np.isfinite(lower), "G", kinds)
    return np.where(lower == upper, "E", kinds)


def mps_columns(problem: Problem, columns: Codes, rows: Codes) -> Iterator[str]:
    """Yield the lines of section COLUMNS, whole numbers between markers."""
    program = problem.program
    matrix = sp.csc_array(program.matrix)
    whole = False
    for j, name in enumerate(columns):
        if bool(program.integer[j]) != whole:
            whole = not whole
            yield f" MARKER{j} 'MARKER' '{'INTORG' if whole else 'INTEND'}'"
        # A column that stands nowhere else must still be listed once.
        entries = slice(matrix.indptr[j], matrix.indptr[j + 1])
        if program.reward[j] != 0 or entries.start == entries.stop:
            yield f" {name} {OBJECTIVE} {number(program.reward[j])}"
        for r, value in zip(matrix.indices[entries], matrix.data[entries], strict=True):
            yield f" {name} {rows[r]} {number(value)}"
    if whole:
        yield " MARKER 'MARKER' 'INTEND'"


def mps_bounds(name: str, low: float, high: float) -> Iterator[str]:
    """Yield the bounds of one column."""
    if low == high:
        yield f" FX BOUND {name} {number(low)}"
        return
    yield f" MI BOUND {name}" if np.isneginf(low) else f" LO BOUND {name} {number(low)}"
    yield f" PL BOUND {name}" if np.isposinf(high) else f" UP BOUND {name} {number(high)}"


def number(value: float) -> str:
    """Return the shortest decimal that reads back as the same double."""
    return repr(float(value))


# ---- linopy ---------------------------------------------------------------------------


def to_linopy(problem: Problem) -> Any:  # noqa: ANN401
    """Return the problem as a linopy model: variables and constraints by name, item and period.

    Raises
    ------
    InputError
        When linopy is not installed.
    """
    try:
        import linopy
    except ImportError:
        raise InputError(
            "linopy is not installed", mend="install it with: pip install 'counterplan[linopy]'"
        ) from None
    model = linopy.Model()
    numbers = np.full(problem.program.reward.size, -1, dtype=np.int64)
    for name, block in problem.variables.blocks.items():
        if block.size:
            numbers[column_numbers(problem, name)] = linopy_variable(model, problem, name)
    for name, rows in problem.rows.items():
        linopy_constraints(model, problem, name, rows=rows, numbers=numbers)
    used = np.flatnonzero(problem.program.reward)
    terms = {"coeffs": ("_term", problem.program.reward[used]), "vars": ("_term", numbers[used])}
    model.add_objective(linopy_expression(model, terms, coords={}), sense="max")
    return model


def linopy_variable(model: Any, problem: Problem, name: str) -> Integers:  # noqa: ANN401
    """Add one variable, and return linopy's own numbers for it [items x P]."""
    block = problem.variables.blocks[name]
    coords = [list(block.items), list(problem.outlook.periods.labels)]
    added = model.add_variables(
        lower=block.lower,
        upper=block.upper,
        coords=coords,
        dims=[f"{name} item", "period"],
        name=name,
        integer=block.integer,
    )
    return np.asarray(added.labels)


def linopy_constraints(
    model: Any,  # noqa: ANN401
    problem: Problem,
    name: str,
    *,
    rows: RowBlock,
    numbers: Integers,
) -> None:
    """Add the rows of one family; where they have several sides, each side under its own name."""
    there = rows.rows >= 0
    if not there.any():
        return
    program = problem.program
    chosen = rows.rows[there]
    part = sp.csr_array(program.matrix)[chosen]
    counts = np.diff(part.indptr)
    shape = (*rows.rows.shape, int(counts.max(initial=1)))
    line = np.repeat(np.arange(len(chosen)), counts)
    place = np.arange(part.nnz) - np.repeat(part.indptr[:-1], counts)
    coefficients, variables = np.zeros(shape), np.full(shape, -1)
    items, periods = np.nonzero(there)
    coefficients[items[line], periods[line], place] = part.data
    variables[items[line], periods[line], place] = numbers[part.indices]
    dims = (f"{name} row", "period")
    coords = {dims[0]: list(rows.items), "period": list(problem.outlook.periods.labels)}
    terms = {"coeffs": ((*dims, "_term"), coefficients), "vars": ((*dims, "_term"), variables)}
    expression = linopy_expression(model, terms, coords=coords)
    low = problem.row_values(name, program.row_lower)
    high = problem.row_values(name, program.row_upper)
    equal = there & (low == high)
    sides = {
        "equal": ("=", equal, low),
        "at least": (">=", there & ~equal & np.isfinite(low), low),
        "at most": ("<=", there & ~equal & np.isfinite(high), high),
    }
    stated = {word: side for word, side in sides.items() if side[1].any()}
    for word, (sign, mask, side) in stated.items():
        limit = labelled(np.where(mask, side, 0.0), dims, coords)
        label = name if len(stated) == 1 else f"{name} {word}"
        keep = labelled(mask, dims, coords)
        model.add_constraints(expression, sign, limit, name=label, mask=keep)


def linopy_expression(model: Any, terms: dict[str, Any], *, coords: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return a linear expression from its coefficients and linopy's variable numbers."""
    import linopy
    import xarray as xr

    return linopy.LinearExpression(xr.Dataset(terms, coords=coords), model)


def labelled(values: Any, dims: tuple[str, str], coords: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return an array with its labels."""
    import xarray as xr

    return xr.DataArray(values, dims=dims, coords=coords)
