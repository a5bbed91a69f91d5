"""A fresh copy of the template, to be broken by each test in its own way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from counterplan.economy.package import read_package, write_template
from counterplan.errors import InputError


def inside(place: str, folder: Path) -> str:
    """Return a place without the path of the package in front of it."""
    return place.removeprefix(f"{folder}: ")


Complaint = Callable[..., InputError]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "package"
    write_template(path)
    return path


@pytest.fixture
def complaint(folder: Path) -> Complaint:
    """Change one text of one file and return the error that reading then raises."""

    def read(file: str, old: str = "", new: str = "") -> InputError:
        if old:
            text = (folder / file).read_text(encoding="utf-8")
            assert text.count(old) >= 1, f"'{old}' is not in {file}"
            (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_package(folder)
        error = caught.value
        assert error.place.startswith(str(folder))
        # What follows the package's path is what the tests are about.
        return type(error)(error.thing, place=inside(error.place, folder), mend=error.mend)

    return read
