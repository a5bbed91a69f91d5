"""Files of arrays that are whole or not there: written aside, brought to the disk, then renamed.

Each ends with a seal, the SHA-256 of everything before it, so that damage is found when it is read.
They are NumPy's ``.npz``, which does not mind the seal, and hold no time: the same content is the
same bytes.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from counterplan.errors import InputError, LimitError

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]

PART = ".part"  # the end of the name of a file that is being written
SEAL_BYTES = 65
BYTES_MAX = 4_000_000_000
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile)


def write_aside(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file so that it appears whole, even if the machine stops at any moment."""
    work = path.with_name(f".{path.name}{PART}")
    with work.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(work, path)
    to_disk(path.parent)


def to_disk(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def half_written(folder: Path) -> list[Path]:
    """Return what was being written when it was interrupted."""
    return sorted(path for path in folder.glob(f".*{PART}") if path.is_file())


def write_sealed(path: Path, arrays: Arrays) -> None:
    """Write arrays with their seal."""
    content = BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(content, **named)

    def write(file: BinaryIO) -> None:
        file.write(content.getbuffer())
        file.write(seal_of(content.getbuffer()))

    write_aside(path, write)


def read_sealed(path: Path, *, mend: str) -> dict[str, Array]:
    """Read arrays whose seal is the one they were written with.

    Raises
    ------
    InputError
        Where the file is damaged: with ``mend``.
    """
    try:
        if path.stat().st_size > BYTES_MAX:
            raise LimitError(f"is larger than {BYTES_MAX:,} bytes", place=str(path))
        whole = memoryview(path.read_bytes())
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise InputError(what, place=str(path), mend=mend) from error
    content, seal = whole[:-SEAL_BYTES], whole[-SEAL_BYTES:]
    if seal.tobytes() != seal_of(content):
        raise InputError("is damaged: it does not have its seal", place=str(path), mend=mend)
    try:
        with np.load(BytesIO(content), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except UNREADABLE as error:
        raise InputError("is no file of arrays", place=str(path), mend=mend) from error


def seal_of(content: "bytes | memoryview[int]") -> bytes:
    """Return what stands at the end of a file with some content: its SHA-256 in a line."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n"


def as_bytes(text: str) -> Array:
    """Return a text as an array."""
    return np.frombuffer(text.encode(), dtype=np.uint8)


def as_text(array: Array) -> str:
    """Return the text that an array holds.

    Raises
    ------
    ValueError
        Where it is none.
    """
    return array.tobytes().decode("utf-8")
