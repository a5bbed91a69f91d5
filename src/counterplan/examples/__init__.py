"""The packaged examples: economies and the scenarios that plan for them.

Each is a folder named like the economy, with its data package, a README.md, and scenarios as
YAML files beside the tables.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.economy.package.descriptor import FILE, parse_descriptor
from counterplan.errors import InputError, did_you_mean

__all__ = [
    "Example",
    "example_economy",
    "example_folder",
    "examples",
    "scenario_path",
]

SCENARIO = ".yaml"


@dataclass(frozen=True)
class Example:
    """A packaged example: ``scenarios`` are the names of its YAML files, without the ending."""

    name: str
    title: str
    folder: Path
    scenarios: tuple[str, ...]


def examples() -> tuple[Example, ...]:
    """Return the packaged examples, by name."""
    return tuple(_example(folder) for folder in sorted(_folders()))


def example_folder(name: str) -> Path:
    """Return the folder of a packaged example.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    for folder in _folders():
        if folder.name == name:
            return folder
    known = sorted(folder.name for folder in _folders())
    raise InputError(
        f"there is no packaged example '{name}'",
        mend=did_you_mean(name, known) or f"the examples are {', '.join(known)}",
    )


def example_economy(name: str) -> Economy:
    """Read the economy of a packaged example."""
    return read_package(example_folder(name))


def scenario_path(name: str) -> Path:
    """Return the file of a packaged scenario by its name, whichever example it belongs to.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    found = {file.stem: file for folder in _folders() for file in _scenarios(folder)}
    if name not in found:
        raise InputError(
            f"there is no packaged scenario '{name}'",
            mend=did_you_mean(name, found) or f"the scenarios are {', '.join(sorted(found))}",
        )
    return found[name]


def _example(folder: Path) -> Example:
    descriptor = parse_descriptor((folder / FILE).read_bytes())
    scenarios = tuple(file.stem for file in _scenarios(folder))
    return Example(folder.name, descriptor.title, folder, scenarios)


def _folders() -> list[Path]:
    # The package is always installed as files: setuptools marks it as not zip-safe.
    here = Path(str(files(__name__)))
    return [folder for folder in here.iterdir() if (folder / FILE).is_file()]


def _scenarios(folder: Path) -> list[Path]:
    return sorted(folder.rglob(f"*{SCENARIO}"))
