"""The reader: a data package (a folder, or a zip of one) becomes an economy."""

import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from counterplan.economy.economy import Economy
from counterplan.economy.package.assembly import assemble
from counterplan.economy.package.descriptor import (
    FILE,
    SUFFIXES,
    Resource,
    parse_descriptor,
)
from counterplan.economy.package.provenance import provenance_of
from counterplan.economy.package.rows import Rows, empty_rows, parse_rows
from counterplan.economy.package.schema import TABLES, table
from counterplan.economy.package.tables import Tables, check_tables
from counterplan.economy.tables.files import Limits, check_archive, parsed, read_bytes
from counterplan.economy.tables.frames import read_frame
from counterplan.errors import InputError, LimitError

# Tables of a package are narrow and long: a full square of 4,000 products has 16 million rows.
PACKAGE_LIMITS = Limits(rows_max=20_000_000, cells_max=120_000_000)
UNPACK = "if you trust it, unpack it and name the folder"


def read_package(path: Path | str, *, limits: Limits = PACKAGE_LIMITS) -> Economy:
    """Read an economy from its data package.

    Parameters
    ----------
    path
        The folder, its ``datapackage.json``, or a zip file of the folder.
    limits
        What one file, and an archive, may hold.

    Raises
    ------
    InputError, LimitError
        Naming the folder, the file, the row, the thing and the mend. Nothing is repaired.
    """
    path = Path(path)
    if path.name == FILE:
        path = path.parent
    try:
        return _read(path, limits)
    except InputError as error:
        place = placed(path, error.place)
        raise type(error)(error.thing, place=place, mend=error.mend) from error.__cause__


def placed(path: Path, place: str) -> str:
    """Return a place in a package with the package's path in front of it."""
    if not place or place.startswith(str(path)):
        return place or str(path)
    if place == path.name or place.startswith(f"{path.name} "):
        return f"{path.parent / place}"
    return f"{path}: {place}"


def _read(path: Path, limits: Limits) -> Economy:
    try:
        if path.is_dir():
            return _read_folder(path, limits)
        if path.suffix.lower() == ".zip":
            return _read_archive(path, limits)
        there = path.exists()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", place=str(path)) from error
    thing = "is not a data package" if there else "there is no such folder"
    raise InputError(thing, place=str(path), mend=f"name a folder with {FILE} in it, or its zip")


def _read_folder(folder: Path, limits: Limits) -> Economy:
    if not (folder / FILE).exists():
        raise InputError(
            f"there is no {FILE}", place=str(folder), mend="start from a template: counterplan new"
        )
    _refuse_outside(folder, FILE, place=str(folder))
    descriptor = parse_descriptor(read_bytes(folder / FILE, limits=limits))
    files = {one.table: _file_of(folder, one) for one in descriptor.resources}
    _check_files(folder, files, limits)
    found: dict[str, Rows] = {schema.name: empty_rows(schema) for schema in TABLES}
    for name, file in files.items():
        found[name] = parse_rows(table(name), read_frame(file, limits=limits))
    tables = Tables(found)
    check_tables(tables)
    return assemble(tables, descriptor, provenance_of(tables, descriptor))


def _file_of(folder: Path, resource: Resource) -> Path:
    """Return a table's file; a link out of the folder is as little followed as a path."""
    file = folder / PurePosixPath(resource.path)
    place = f"{FILE} resource '{resource.table}'"
    _refuse_outside(folder, resource.path, place=place)
    if not file.exists():
        raise InputError(
            f"there is no file '{resource.path}'",
            place=place,
            mend="put it back, or delete its entry where the table is not needed",
        )
    return file


def _refuse_outside(folder: Path, path: str, *, place: str) -> None:
    """Refuse a link out of the folder, or to itself."""
    try:
        inside = (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise InputError(
            f"the file '{path}' leads out of the package",
            place=place,
            mend="put the file itself into the folder",
        )


def _check_files(folder: Path, files: Mapping[str, Path], limits: Limits) -> None:
    """Refuse tables that stand in the folder and would not be read, and packages too large."""
    for schema in TABLES:
        for suffix in SUFFIXES:
            file = folder / f"{schema.name}{suffix}"
            if file.exists() and file not in files.values():
                raise InputError(
                    f"the file {file.name} is in the folder and not in {FILE}",
                    place=str(folder),
                    mend="list it in resources, or take it away",
                )
    total = sum(file.stat().st_size for file in files.values())
    if total > limits.unpacked_bytes_max:
        raise LimitError(
            f"the tables have {total:,} bytes and the limit is {limits.unpacked_bytes_max:,}",
            place=str(folder),
            mend="check that it is the right folder, or raise Limits.unpacked_bytes_max",
        )


def _read_archive(path: Path, limits: Limits) -> Economy:
    content = read_bytes(path, limits=limits)
    parsed(path, "zip", lambda: zipfile.ZipFile(io.BytesIO(content)).close())
    check_archive(content, path=path, limits=limits, mend=UNPACK)
    with tempfile.TemporaryDirectory(prefix="counterplan-") as made:
        folder = Path(made)
        _unpack(content, folder, path)
        inside = [
            file.parent for file in (folder / FILE, *folder.glob(f"*/{FILE}")) if file.exists()
        ]
        if len(inside) != 1:
            raise InputError(
                f"the archive holds {len(inside)} files {FILE}",
                place=path.name,
                mend="pack one folder, with the file at its top",
            )
        return _read_folder(inside[0], limits)


def _unpack(content: bytes, folder: Path, path: Path) -> None:
    """Write an archive's files below a folder, none outside it.

    A part never unpacks to more than it claims (its reader stops there), and the claims
    were checked before.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            name = PurePosixPath(part.filename)
            if name.is_absolute() or ".." in name.parts or set(part.filename) & set("\\:\0"):
                raise InputError(
                    f"the part '{part.filename[:60]}' leads out of the archive",
                    place=path.name,
                    mend="pack the folder again",
                )
            if part.is_dir():
                continue

            def unpack(part: zipfile.ZipInfo = part, to: Path = folder / name) -> None:
                to.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(part) as source, to.open("wb") as target:
                    shutil.copyfileobj(source, target)

            parsed(path, "zip", unpack)
