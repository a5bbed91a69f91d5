"""Saving a plan as a folder that anybody can check, and reading it back.

===========================  ==================================================================
file                      what it holds
========================  ==================================================================
``economy/``              the economy, as a data package, exactly as it was planned
``scenario.yaml``         the scenario, with every default written out
``variables.csv``         every variable that is not zero: variable, item, period, value
``valuations.csv``        every raw valuation that is not zero: family, item, period, value
``cases.csv``             for indivisible projects, by case of the proof: the choices it makes
``case_valuations.csv``   the same: its raw valuations
``certificate.json``      what was recomputed, and the SHA-256 of every other file
========================  ==================================================================
"""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from counterplan import __version__
from counterplan.economy.package import read_package, write_package
from counterplan.errors import InputError
from counterplan.plan.case_tables import read_cases, write_cases
from counterplan.plan.certificate import GAP_MAX, PROMISE_MAX, certify
from counterplan.plan.certificate_file import (
    CERTIFICATE,
    FORMAT,
    SEAL,
    as_dictionary,
    read_certificate,
    seal_of,
    written,
)
from counterplan.plan.digests import (
    ECONOMY,
    SCENARIO,
    VALUATIONS,
    VARIABLES,
    altered_files,
    digests,
    seal_differences,
)
from counterplan.plan.family import Family
from counterplan.plan.longtables import (
    column_places,
    read_numbers,
    row_places,
    valuation_rows,
    variable_rows,
    write_numbers,
)
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import assemble
from counterplan.plan.scenario import read_scenario

PROBE_BYTES = 1 << 20
MENDS = {
    errno.ENOSPC: "make room on the disk, or name a folder on another one",
    errno.EDQUOT: "make room on the disk, or name a folder on another one",
    errno.EROFS: "name a folder on a disk that is not read-only",
    errno.ENAMETOOLONG: "give it a shorter name",
}


def save_plan(plan: Plan, folder: Path) -> None:
    """Write a plan; the folder appears whole or not at all.

    Raises
    ------
    InputError
        When the folder holds something that is not a plan, or nothing can be written there.
    """
    folder = folder.resolve()
    refuse_foreign(folder)
    made = missing_parents(folder)
    try:
        with written_to(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name[:40]}-"))
        try:
            with written_to(folder):
                write_parts(plan, work)
                work.chmod(0o755)
                put_in_place(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except BaseException:
        for parent in made:
            with suppress(OSError):
                parent.rmdir()
        raise


def check_writable(folder: Path, *, bytes_least: int = PROBE_BYTES) -> None:
    """Try whether a folder can be written, and leave nothing behind.

    Before the work begins and not after it: a file of ``bytes_least`` is written into a new folder
    beside the place where the folder will stand, and deleted.

    Raises
    ------
    InputError
        Where nothing can be written there.
    """
    folder = folder.resolve()
    there = next(path for path in folder.parents if path.exists())
    with written_to(folder):
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"'{there}' is a file and no folder")
        with tempfile.TemporaryDirectory(dir=there, prefix=f".{folder.name[:40]}-") as probe:
            write_probe(Path(probe) / folder.name, size=bytes_least)


def write_probe(path: Path, *, size: int) -> None:
    """Write a file to the disk and not only to the memory in front of it."""
    with path.open("wb") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())


def missing_parents(folder: Path) -> list[Path]:
    """Return the folders above one that are not there yet, the deepest first."""
    return [path for path in folder.parents if not path.exists()]


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """Turn what a disk says into an error with a place and a mend."""
    try:
        yield
    except OSError as error:
        mend = MENDS.get(error.errno or 0, "name a folder that can be written to")
        raise InputError(
            f"cannot be written: {error.strerror or error}", place=str(folder), mend=mend
        ) from error


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds anything but a plan: writing a plan replaces the whole folder.

    Only a plan that is as it was saved is replaced: anything else may be somebody's work.

    Raises
    ------
    InputError
        Naming a file that no plan wrote, or that was altered since.
    """
    mend = "give an empty or a new folder"
    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' is a file", mend=mend)
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / CERTIFICATE).is_file():
        raise InputError(f"'{folder}' holds files that are not a plan", mend=mend)
    content = read_certificate(folder)
    listed = content.get("files")
    own = {CERTIFICATE, *(listed if isinstance(listed, dict) else ())}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    if there - own:
        raise InputError(
            f"'{folder}' holds '{min(there - own)}', which is no part of the plan there", mend=mend
        )
    for difference in [*seal_differences(content), *altered_files(folder, content)]:
        raise InputError(f"'{folder}' holds no plan as it was saved: {difference}", mend=mend)


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
    write_numbers(folder / VARIABLES, variable_rows(plan.problem, plan.primal), heads=["variable"])
    write_numbers(folder / VALUATIONS, valuation_rows(plan.problem, plan.dual), heads=["family"])
    if plan.cases:
        write_cases(plan.problem, plan.cases, folder)
    content: dict[str, Any] = {
        "format": FORMAT,
        "counterplan": __version__,
        "making": as_written(plan.making),
        "certificate": as_dictionary(plan.certificate),
        "files": digests(folder),
    }
    content[SEAL] = seal_of(content)
    (folder / CERTIFICATE).write_bytes(written(content).encode())


def as_lists(value: object) -> object:
    """Turn tuples into lists for YAML; years stay numbers, which JSON would not leave them."""
    if isinstance(value, dict):
        return {key: as_lists(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_lists(item) for item in value]
    return value


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
    cases = read_cases(problem, folder)
    certificate = certify(
        problem,
        primal=primal,
        dual=dual,
        bound=making.bound,
        cases=cases,
        promise=making.promise,
    )
    return Plan(scenario, problem, primal, dual, certificate, making, cases)


def making_of(content: dict[str, Any], *, place: str) -> Making:
    """Read how the plan was made.

    Raises
    ------
    InputError
        Naming the entry that is missing, unknown or of another kind.
    """
    mend = "make the plan again"
    stated = content.get("making")
    if not isinstance(stated, dict):
        raise InputError("has no readable 'making'", place=place, mend=mend)
    for name in [*MAKING, *stated]:
        fits = MAKING.get(name) or PROMISES.get(name)
        if name not in stated or fits is None or not fits(stated[name]):
            given = f" (given: {stated[name]!r:.60})" if name in stated else ""
            raise InputError(
                f"'making' says nothing readable of '{name}'{given}", place=place, mend=mend
            )
    bound = stated["bound"]
    return Making(
        engine=stated["engine"],
        seconds=float(stated["seconds"]),
        iterations=stated["iterations"],
        bound=None if bound is None else float(bound),
        promise=stated.get(PROMISE),
    )


def as_written(making: Making) -> dict[str, Any]:
    """Return how a plan was made as it is written: a promise only where there is one."""
    written_out = asdict(making)
    if making.promise is None:
        del written_out[PROMISE]
    return written_out


def is_number(value: object) -> bool:
    """Return whether a value read from JSON is a finite number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max


def is_count(value: object) -> bool:
    """Return whether a value read from JSON is a whole number that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_promise(value: object) -> bool:
    """Return whether a value read from JSON is a gap that a plan may promise."""
    return is_number(value) and isinstance(value, float) and GAP_MAX < value <= PROMISE_MAX


PROMISE = "promise"
PROMISES: dict[str, Callable[[object], bool]] = {PROMISE: is_promise}
MAKING: dict[str, Callable[[object], bool]] = {
    "engine": lambda value: isinstance(value, str),
    "seconds": is_number,
    "iterations": is_count,
    "bound": lambda value: value is None or is_number(value),
}
