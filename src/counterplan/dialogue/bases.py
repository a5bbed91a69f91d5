"""Bases: which terms each saved file stands on, so that terms that are gone are missed by name.

Every file of answers and of a round names the files of terms that had come into force by then,
with their seals.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from counterplan.dialogue.sealed import SEAL_BYTES, Array, Arrays, as_bytes, as_text, read_sealed
from counterplan.errors import InputError

BASES = "terms"  # the name of the array, and of the folder
MEND = "put it back from a copy, or begin in another folder"


def with_bases(folder: Path, path: Path, arrays: Arrays) -> dict[str, Array]:
    """Return the arrays of a file of a dialogue's folder, with the terms that it stands on."""
    number = path.name[:4]
    there = sorted((folder / BASES).glob("[0-9]*.npz")) if number.isdigit() else []
    names = {one.name: seal_in(one) for one in there if int(one.name.split("-")[0]) <= int(number)}
    return {**arrays, BASES: as_bytes(json.dumps(names))} if names else dict(arrays)


def check_bases(folder: Path, path: Path, arrays: Arrays) -> None:
    """Refuse a file whose terms are gone, or others than it was made under.

    Raises
    ------
    InputError
        Naming the file of terms.
    ValueError
        Where it says so in no way that can be read.
    """
    for name, seal in named(arrays):
        terms = folder / BASES / name
        if not terms.is_file():
            what = f"is missing, and {path.relative_to(folder)} was made under these terms"
            raise InputError(what, place=str(terms), mend=MEND)
        if seal_in(terms) != seal:
            what = f"holds other terms than {path.relative_to(folder)} was made under"
            raise InputError(what, place=str(terms), mend=MEND)


def check_last_bases(folder: Path, rounds: str) -> None:
    """Refuse a folder where terms are gone that its last finished round was held under.

    Raises
    ------
    InputError
        Naming the file of terms, or a round that is damaged.
    """
    for path in sorted((folder / rounds).glob("[0-9]*.npz"))[-1:]:
        arrays = read_sealed(path, mend=MEND)
        try:
            check_bases(folder, path, arrays)
        except ValueError:
            raise InputError("does not fit this dialogue", place=str(path), mend=MEND) from None


def named(arrays: Arrays) -> Iterator[tuple[str, str]]:
    """Yield the files of terms that a file names, with their seals."""
    told = json.loads(as_text(arrays[BASES])) if BASES in arrays else {}
    if not isinstance(told, dict) or not all(Path(name).name == name for name in told):
        raise ValueError
    yield from sorted(told.items())


def seal_in(path: Path) -> str:
    """Return the seal at the end of a file."""
    return path.read_bytes()[-SEAL_BYTES:].decode("utf-8", errors="replace").strip()
