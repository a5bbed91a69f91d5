"""Folders that appear whole or not at all, and never over somebody else's files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counterplan.economy.package.descriptor import FILE, parse_descriptor
from counterplan.economy.tables.files import read_bytes
from counterplan.errors import InputError


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to write into; it becomes ``path`` when all went well.

    The tables of a package that stands there already are replaced, and the files beside them
    kept. After an error everything is as before.

    Raises
    ------
    InputError
        Where something else stands there, or the place cannot be written to.
    """
    path = path.resolve()
    try:
        _refuse_foreign(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Beside the target, so that the last step is one renaming on one disk.
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as scratch:
            fresh = Path(scratch) / "new"
            fresh.mkdir()
            yield fresh
            _replace(path, fresh, Path(scratch) / "old")
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror or error}",
            place=str(path),
            mend="name a folder that can be written to",
        ) from error


def _refuse_foreign(path: Path) -> None:
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not path.is_dir():
        raise InputError("a file stands there", place=str(path), mend="name a folder")
    try:
        parse_descriptor(read_bytes(path / FILE))
    except InputError as error:
        raise InputError(
            "the folder is not empty and holds no data package of an economy",
            place=str(path),
            mend="name another folder, or an empty one",
        ) from error


def _replace(path: Path, fresh: Path, old: Path) -> None:
    if not path.exists():
        fresh.rename(path)
        return
    _keep_others(path, fresh)
    path.rename(old)
    try:
        fresh.rename(path)
    except OSError:
        old.rename(path)
        raise


def _keep_others(path: Path, fresh: Path) -> None:
    """Copy what is no table of the old package: scenarios, a README, notes."""
    if not (path / FILE).exists():
        return
    descriptor = parse_descriptor(read_bytes(path / FILE))
    replaced = {path / FILE, *(path / resource.path for resource in descriptor.resources)}
    for file in sorted(path.rglob("*")):
        to = fresh / file.relative_to(path)
        if file.is_file() and file not in replaced and not to.exists():
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, to)
