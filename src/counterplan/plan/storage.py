"""Saving a plan as a folder that anybody can check, and reading it back.

=====================  ==================================================================
file                   what it holds
=====================  ==================================================================
``economy/``           the economy, as a data package, exactly as it was planned
``scenario.yaml``      the scenario, with every default written out
``variables.csv``      every variable that is not zero: variable, item, period, value
``valuations.csv``     every raw valuation that is not zero: family, item, period, value
``certificate.json``   what was recomputed, and the SHA-256 of every other file
=====================  ==================================================================
"""

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from counterplan import __version__
from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.economy.package import read_package, write_package
from counterplan.errors import InputError, LimitError
from counterplan.plan.certificate import Certificate, certify
from counterplan.plan.family import Family
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.scenario import read_scenario

FORMAT = 1
ECONOMY, SCENARIO = "economy", "scenario.yaml"
VARIABLES, VALUATIONS = "variables.csv", "valuations.csv"
CERTIFICATE = "certificate.json"
SEAL = "seal"
HEADS = ["item", "period", "value"]  # of both long tables, after the name
BYTES_MAX = 2_000_000_000


def save_plan(plan: Plan, folder: Path) -> None:
    """Write a plan; the folder appears whole or not at all.

    Raises
    ------
    InputError
        When the folder holds something that is not a plan.
    """
    folder = folder.resolve()
    refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        write_parts(plan, work)
        work.chmod(0o755)
        put_in_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds anything but a plan: writing a plan replaces the whole folder.

    Raises
    ------
    InputError
        Naming a file that no plan wrote.
    """
    mend = "give an empty or a new folder"
    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' is a file", mend=mend)
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / CERTIFICATE).is_file():
        raise InputError(f"'{folder}' holds files that are not a plan", mend=mend)
    listed = read_certificate(folder).get("files")
    own = {CERTIFICATE, *(listed if isinstance(listed, dict) else ())}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    if there - own:
        raise InputError(
            f"'{folder}' holds '{min(there - own)}', which is no part of the plan there", mend=mend
        )


def put_in_place(work: Path, folder: Path) -> None:
    """Let a finished folder take the place of another; the other stays when that fails."""
    old = work.with_name(f"{work.name}-old")
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(work, folder)
    except BaseException:
        if old.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_parts(plan: Plan, folder: Path) -> None:
    """Write every file of a plan into an empty folder."""
    write_package(plan.economy, folder / ECONOMY)
    scenario = plan.scenario.model_copy(update={"economy": ECONOMY})
    text = yaml.safe_dump(as_lists(scenario.model_dump()), sort_keys=False, allow_unicode=True)
    (folder / SCENARIO).write_text(text, encoding="utf-8")
    write_numbers(folder / VARIABLES, variable_rows(plan), head="variable")
    write_numbers(folder / VALUATIONS, valuation_rows(plan), head="family")
    content: dict[str, Any] = {
        "format": FORMAT,
        "counterplan": __version__,
        "making": asdict(plan.making),
        "certificate": as_dictionary(plan.certificate),
        "files": digests(folder),
    }
    content[SEAL] = seal_of(content)
    (folder / CERTIFICATE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def as_lists(value: object) -> object:
    """Turn tuples into lists for YAML; years stay numbers, which JSON would not leave them."""
    if isinstance(value, dict):
        return {key: as_lists(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_lists(item) for item in value]
    return value


def seal_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a certificate file's content, its own seal left out."""
    rest = {key: value for key, value in content.items() if key != SEAL}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_dictionary(certificate: Certificate) -> dict[str, Any]:
    """Return the certificate's figures with its verdict."""
    return {
        **asdict(certificate),
        "residual": certificate.residual,
        "holds": certificate.holds,
    }


def variable_rows(plan: Plan) -> Iterator[tuple[str, str, str, float]]:
    """Yield variable, item, period and value wherever it is not zero."""
    labels = plan.outlook.periods.labels
    for name, block in plan.problem.variables.blocks.items():
        yield from long_rows(name, plan.quantity(name), items=block.items, labels=labels)


def valuation_rows(plan: Plan) -> Iterator[tuple[str, str, str, float]]:
    """Yield family, item, period and raw valuation wherever it is not zero."""
    labels = plan.outlook.periods.labels
    for name, rows in plan.problem.rows.items():
        values = np.nan_to_num(plan.problem.row_values(name, plan.dual))
        yield from long_rows(name, values, items=rows.items, labels=labels)


def long_rows(
    name: str, values: Floats, *, items: Codes, labels: Codes
) -> Iterator[tuple[str, str, str, float]]:
    """Yield the entries of a table [items x P] that are not zero."""
    for i, t in zip(*np.nonzero(values), strict=True):
        yield name, items[i], labels[t], float(values[i, t])


def write_numbers(path: Path, rows: Iterator[tuple[str, str, str, float]], *, head: str) -> None:
    """Write a long table; numbers in full, so that reading them gives the same bits."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([head, *HEADS])
        writer.writerows((*labels, repr(value)) for *labels, value in rows)


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but the certificate."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != CERTIFICATE)
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths
    }


def read_certificate(folder: Path) -> dict[str, Any]:
    """Read a plan's certificate file.

    Raises
    ------
    InputError
        When the folder is no plan, or of another format.
    """
    path = folder / CERTIFICATE
    if not path.is_file():
        raise InputError(
            f"'{folder}' is not a plan: it has no {CERTIFICATE}",
            mend="give a folder that `counterplan plan` wrote",
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise InputError("is not JSON", place=str(path), mend="make the plan again") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError(f"is not of format {FORMAT}", place=str(path), mend="make the plan again")
    return content


def load_plan(folder: Path, *, extra: Iterable[Family] = ()) -> Plan:
    """Read a plan back and recompute its certificate from what was read.

    Parameters
    ----------
    extra
        The constraint families of one's own that the plan was made with.

    Raises
    ------
    InputError
        Naming the file and row that does not fit.
    """
    content = read_certificate(folder)
    economy = read_package(folder / ECONOMY)
    scenario = read_scenario(folder / SCENARIO)
    problem = assemble(lay_out(economy, scenario), extra=extra)
    program = problem.program
    columns, rows = column_places(problem), row_places(problem)
    primal = read_numbers(folder / VARIABLES, places=columns, size=program.reward.size)
    dual = read_numbers(folder / VALUATIONS, places=rows, size=program.row_lower.size)
    making = making_of(content, place=str(folder / CERTIFICATE))
    certificate = certify(problem, primal=primal, dual=dual, bound=making.bound)
    return Plan(scenario, problem, primal, dual, certificate, making)


def making_of(content: dict[str, Any], *, place: str) -> Making:
    """Read how the plan was made."""
    try:
        making = Making(**content["making"])
        bound = None if making.bound is None else float(making.bound)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError("has no readable 'making'", place=place, mend="plan again") from None
    return replace(making, bound=bound)


@dataclass(frozen=True)
class Places:
    """Where each name, item and period of a long table belongs in a vector.

    ``numbers`` maps a name to [items x P] positions, -1 where there is none.
    """

    items: dict[str, dict[str, int]]
    numbers: dict[str, Integers]
    periods: dict[str, int]


def column_places(problem: Problem) -> Places:
    """Return the column of each variable's items and periods."""
    numbers = {}
    for name, block in problem.variables.blocks.items():
        flat = np.arange(block.size).reshape(block.lower.shape[::-1]).T
        numbers[name] = flat + problem.columns[name]
    items = {name: numbered(b.items) for name, b in problem.variables.blocks.items()}
    return Places(items, numbers, numbered(problem.outlook.periods.labels))


def row_places(problem: Problem) -> Places:
    """Return the row of each family's items and periods."""
    items = {name: numbered(block.items) for name, block in problem.rows.items()}
    numbers = {name: block.rows for name, block in problem.rows.items()}
    return Places(items, numbers, numbered(problem.outlook.periods.labels))


def numbered(labels: Codes) -> dict[str, int]:
    """Return the position of each label."""
    return {label: position for position, label in enumerate(labels)}


def read_numbers(path: Path, *, places: Places, size: int) -> Floats:
    """Read a long table into a vector.

    Raises
    ------
    InputError
        For a row whose name, item, period or value does not fit, or that stands twice.
    """
    vector = np.zeros(size)
    seen = np.zeros(size, dtype=bool)
    for place, row in long_table(path):
        number, value = read_row(row, places, place=place)
        if seen[number]:
            raise InputError("the entry stands twice", place=place)
        seen[number], vector[number] = True, value
    return vector


def long_table(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield place and cells of every row of a long table below its heads."""
    if not path.is_file():
        raise InputError("is missing", place=str(path), mend="make the plan again")
    if path.stat().st_size > BYTES_MAX:
        raise LimitError(f"is larger than {BYTES_MAX:,} bytes", place=str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", place=str(path), mend="make the plan again") from None
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        if next(rows, [])[1:] != HEADS:
            heads = ", ".join(HEADS)
            raise InputError(f"its heads are not a name, {heads}", place=f"{path} row 1")
        for line, row in enumerate(rows, start=2):
            yield f"{path} row {line}", row
    except csv.Error as error:
        raise InputError(f"is not CSV: {error}", place=f"{path} line {rows.line_num}") from None


def read_row(row: list[str], places: Places, *, place: str) -> tuple[int, float]:
    """Return where one row of a long table belongs, and its value."""
    if len(row) != 4:
        raise InputError(f"has {len(row)} cells instead of 4", place=place)
    name, item, period, text = row
    if name not in places.items:
        raise InputError(f"'{name}' is not in the plan", place=place)
    if item not in places.items[name]:
        raise InputError(f"'{item}' is not an item of {name}", place=place)
    if period not in places.periods:
        raise InputError(f"'{period}' is not a period of the plan", place=place)
    number = int(places.numbers[name][places.items[name][item], places.periods[period]])
    if number < 0:
        raise InputError(f"{name} says nothing of {item} in {period}", place=place)
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"'{text}' is not a number", place=place) from None
    if not np.isfinite(value):
        raise InputError(f"'{text}' is not a finite number", place=place)
    return number, value
