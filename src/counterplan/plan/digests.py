"""Digests: whether every file of a saved plan is as it was saved.

What is compared is copied as it is read, so that nobody can put other bytes in its place between
the comparison and the reading.
"""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from counterplan.errors import InputError, LimitError
from counterplan.plan.case_tables import CASE_VALUATIONS, CHOICES
from counterplan.plan.certificate_file import CERTIFICATE, KEYS, SEAL, seal_of, written
from counterplan.plan.longtables import BYTES_MAX

ECONOMY, SCENARIO = "economy", "scenario.yaml"
VARIABLES, VALUATIONS = "variables.csv", "valuations.csv"
PARTS = (SCENARIO, VARIABLES, VALUATIONS, CHOICES, CASE_VALUATIONS)
CHUNK_BYTES = 1 << 20
NO_LINK, NO_WAIT = getattr(os, "O_NOFOLLOW", 0), getattr(os, "O_NONBLOCK", 0)


def seal_differences(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the keys and the seal of a certificate file."""
    for key in sorted({*content} - {*KEYS}):
        yield f"{CERTIFICATE} has an unknown key '{key:.60}'"
    for key in sorted({*KEYS} - {*content, SEAL}):
        yield f"{CERTIFICATE} lacks the key '{key}'"
    if SEAL not in content:
        yield f"{CERTIFICATE} was altered: it carries no seal"
    elif content[SEAL] != seal_of(content):
        yield f"{CERTIFICATE} was altered: its content does not have the seal that it states"


def form_differences(text: str, content: Mapping[str, Any]) -> Iterator[str]:
    """Yield where a certificate file's text is not the one way to write its content."""
    if text != written(content):
        yield f"{CERTIFICATE} was altered: it is not written as a saved plan's is"


def file_differences(folder: Path, content: Mapping[str, Any], *, copy: Path) -> Iterator[str]:
    """Yield the files that were altered, taken away or added since the plan was saved.

    What the certificate lists is copied into another folder, byte by byte as it is compared.

    Raises
    ------
    InputError
        Where the certificate lists no files, or a file cannot be read.
    """
    stated = content.get("files")
    if not isinstance(stated, dict) or not all(isinstance(v, str) for v in stated.values()):
        raise InputError(
            "lists no files with their digests",
            place=str(folder / CERTIFICATE),
            mend="make the plan again",
        )
    there = things_in(folder)
    for name in sorted({*stated, *there} - {CERTIFICATE}):
        if name not in there:
            yield f"{name} is missing"
        elif name not in stated:
            yield f"{name} is no part of the plan that was saved"
        elif name not in PARTS and not name.startswith(f"{ECONOMY}/"):
            yield f"{name} is no part of any plan"
        elif copied(folder / name, copy / name) != stated[name]:
            yield f"{name} was altered: it is not the file that was saved"


def altered_files(folder: Path, content: Mapping[str, Any]) -> list[str]:
    """Return what :func:`file_differences` finds; nothing stays of the copy."""
    with tempfile.TemporaryDirectory(prefix="counterplan-") as made:
        return list(file_differences(folder, content, copy=Path(made)))


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but the certificate."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != CERTIFICATE)
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths
    }


def things_in(folder: Path) -> list[str]:
    """Return everything below a folder but the folders that hold something."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    )


def copied(path: Path, to: Path) -> str:
    """Copy a file and return the SHA-256 of what was copied.

    Raises
    ------
    InputError
        Where it is a link, or anything but an ordinary file, is too large or cannot be read.
    """
    total, size = hashlib.sha256(), 0
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open_ordinary(path) as file, to.open("wb") as target:
            while chunk := file.read(CHUNK_BYTES):
                size += len(chunk)
                if size > BYTES_MAX:
                    raise LimitError(f"is larger than {BYTES_MAX:,} bytes", place=str(path))
                total.update(chunk)
                target.write(chunk)
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", place=str(path), mend="make it readable"
        ) from None
    return total.hexdigest()


def refuse_link(path: Path) -> None:
    """Refuse a link: what it leads to is no part of the folder.

    Raises
    ------
    InputError
        Where it is one.
    """
    if path.is_symlink():
        raise InputError("is a link", place=str(path), mend="put the file itself there")


def open_ordinary(path: Path) -> BinaryIO:
    """Open a file that is no link, no pipe and no device; the file that is opened is looked at.

    Raises
    ------
    InputError
        Where it is one of these.
    """
    refused = InputError(
        "is a link or no ordinary file", place=str(path), mend="put the file itself there"
    )
    if path.is_symlink() or not path.is_file():
        raise refused
    # Without waiting: a pipe that took the file's place would be waited for without end.
    number = os.open(path, os.O_RDONLY | NO_LINK | NO_WAIT)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise refused
    return os.fdopen(number, "rb")
