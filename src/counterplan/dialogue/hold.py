"""Holding a folder: one command at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from counterplan.errors import InputError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let nobody else hold a dialogue meanwhile, where the system can; a process that ends lets go.

    Raises
    ------
    InputError
        Where somebody does.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    number = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # a disk that knows no locks
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(
                    "is being held by another command",
                    place=str(path),
                    mend="wait until it has ended",
                ) from None
        yield
    finally:
        os.close(number)
