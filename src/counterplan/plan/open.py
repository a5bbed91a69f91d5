"""Opening a scenario: its file, wherever it stands, and the economy that it names.

A packaged scenario is opened by its name, any other by its path. What a scenario calls its
``economy`` is a data package beside the scenario's file (or anywhere, by an absolute path), or
else a packaged economy.
"""

from pathlib import Path

from counterplan.economy.checks import check_economy
from counterplan.economy.economy import Economy
from counterplan.economy.finding import Finding, Severity
from counterplan.economy.package import read_package
from counterplan.errors import InputError, did_you_mean
from counterplan.examples import (
    packaged_economies,
    packaged_economy,
    packaged_scenario,
    packaged_scenarios,
)
from counterplan.plan.overlay import lay_out
from counterplan.plan.scenario import Scenario, read_scenario

PACKAGE_FILE = "datapackage.json"
ENDINGS = (".yaml", ".yml")


def open_scenario(name_or_path: str | Path) -> tuple[Scenario, Economy]:
    """Return a scenario and its economy, which fit each other and whose accounts hold.

    Parameters
    ----------
    name_or_path
        The name of a packaged scenario ("crisis-2014"), or a scenario's file.

    Raises
    ------
    InputError
        Where the scenario or its economy cannot be read, the scenario names what the economy
        does not have, or a check of the economy's base period fails: the first finding, and how
        many more there are.
    """
    scenario, economy = read_both(scenario_file(name_or_path))
    refuse_errors(check_economy(economy), economy=economy.name)
    return scenario, economy


def read_both(file: Path) -> tuple[Scenario, Economy]:
    """Return a scenario and its economy, which fit each other; nothing else is checked.

    Raises
    ------
    InputError
        As :func:`open_scenario`, without the checks of the economy's accounts.
    """
    scenario = read_scenario(file)
    economy = read_package(economy_place(scenario.economy, beside=file.parent, place=str(file)))
    refuse_misfits(scenario, economy, place=str(file))
    return scenario, economy


def scenario_file(name_or_path: str | Path) -> Path:
    """Return the file of a scenario that is given by its path or its packaged name.

    Raises
    ------
    InputError
        Where there is neither such a file nor such a name.
    """
    path = Path(name_or_path)
    if exists(path):
        if path.is_dir():
            raise InputError(
                "is a folder", place=f"scenario '{path}'", mend="name the scenario's YAML file"
            )
        return path
    if path.suffix.lower() in ENDINGS or len(path.parts) > 1:
        raise InputError(
            f"there is no scenario file '{path}'",
            mend=did_you_mean(path.stem, packaged_scenarios()) or "check the path",
        )
    return packaged_scenario(str(name_or_path))


def economy_place(named: str, *, beside: Path, place: str) -> Path:
    """Return the folder, or the zip file, of the economy that a scenario names.

    Parameters
    ----------
    named
        What the scenario calls its economy.
    beside
        The folder that the scenario's file is in: what stands there goes before what is packaged.
    place
        The scenario's file, for the message.

    Raises
    ------
    InputError
        Where there is neither a data package nor a packaged economy of this name.
    """
    path = beside / named
    if named and (exists(path / PACKAGE_FILE) or (exists(path) and path.is_file())):
        return path
    if named in packaged_economies():
        return packaged_economy(named)
    packaged = packaged_economies()
    raise InputError(
        f"there is no economy '{named}': no data package '{path}', and none packaged",
        place=f"{place}, key 'economy'",
        mend=did_you_mean(named, packaged)
        or f"give the path of a folder with {PACKAGE_FILE}, or one of {', '.join(packaged)}",
    )


def refuse_misfits(scenario: Scenario, economy: Economy, *, place: str) -> None:
    """Refuse names and dates that do not fit the economy, with the scenario's file as the place."""
    try:
        lay_out(economy, scenario)
    except InputError as error:
        where = f"{place}, key '{error.place}'" if error.place else place
        raise InputError(error.thing, place=where, mend=error.mend) from None


def exists(path: Path) -> bool:
    """Return whether a file or folder is there; a name that no system can hold is not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def refuse_errors(findings: list[Finding], *, economy: str) -> None:
    """Raise the first error among findings, with the number of the others."""
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if not errors:
        return
    first, more = errors[0], len(errors) - 1
    others = f" (and {more} more: `counterplan check` lists them)" if more else ""
    raise InputError(
        f"{first.thing}{others}", place=f"economy '{economy}', {first.place}", mend=first.mend
    )
