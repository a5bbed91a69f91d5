"""Folders that appear whole or not at all, and never over somebody else's files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counterplan.economy.package.descriptor import FILE, parse_descriptor
from counterplan.economy.tables.files import read_bytes
from counterplan.errors import InputError

README = "README.md"


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to write into; it becomes ``path`` when all went well.

    A package that stands there already is replaced, and its README.md kept. After an error
    everything is as before.

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
    mend = "name another folder, or an empty one"
    try:
        descriptor = parse_descriptor(read_bytes(path / FILE))
    except InputError as error:
        thing = "the folder is not empty and holds no data package of an economy"
        raise InputError(thing, place=str(path), mend=mend) from error
    known = {FILE, README, *(resource.path for resource in descriptor.resources)}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if not file.is_dir() and name not in known:
            raise InputError(
                f"the folder holds '{name}', which is no part of its package",
                place=str(path),
                mend=mend,
            )


def _replace(path: Path, fresh: Path, old: Path) -> None:
    if not path.exists():
        fresh.rename(path)
        return
    if (path / README).exists() and not (fresh / README).exists():
        shutil.copy2(path / README, fresh / README)
    path.rename(old)
    try:
        fresh.rename(path)
    except OSError:
        old.rename(path)
        raise
