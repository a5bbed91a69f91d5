"""The packaged examples: economies, and the scenarios that plan for them.

Every economy is a folder with its data package; every scenario is a YAML file in ``scenarios/``
whose key ``economy`` names one of them.
"""

from importlib.resources import files
from pathlib import Path

from counterplan.errors import InputError, did_you_mean

__all__ = [
    "packaged_economies",
    "packaged_economy",
    "packaged_scenario",
    "packaged_scenarios",
]

PACKAGE_FILE = "datapackage.json"
SCENARIOS, ENDING = "scenarios", ".yaml"


def packaged_economies() -> tuple[str, ...]:
    """Return the names of the packaged economies."""
    return tuple(sorted(file.parent.name for file in _here().glob(f"*/{PACKAGE_FILE}")))


def packaged_scenarios() -> tuple[str, ...]:
    """Return the names of the packaged scenarios."""
    return tuple(sorted(file.stem for file in (_here() / SCENARIOS).glob(f"*{ENDING}")))


def packaged_economy(name: str) -> Path:
    """Return the folder of a packaged economy.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    return _here() / _known(name, packaged_economies(), what="economy")


def packaged_scenario(name: str) -> Path:
    """Return the file of a packaged scenario.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    return _here() / SCENARIOS / f"{_known(name, packaged_scenarios(), what='scenario')}{ENDING}"


def _known(name: str, names: tuple[str, ...], *, what: str) -> str:
    if name in names:
        return name
    raise InputError(
        f"there is no packaged {what} '{name}'",
        mend=did_you_mean(name, names) or f"there are {', '.join(names)}",
    )


def _here() -> Path:
    # setuptools marks the package as not safe to zip, so its data are always files.
    return Path(str(files(__name__)))
