"""Classifications: the codes and names of branches that the tables of the package use.

``wiod2016.csv`` holds the 56 branches of the 2016 release of the World Input-Output Database
with the section and the divisions of ISIC Rev. 4 (United Nations, Statistical Papers M 4/Rev.4,
2008) that each covers; NACE Rev. 2 has the same sections and divisions. ``wiod2013.csv`` holds
the 35 branches of the 2013 release with their sections or divisions of NACE Rev. 1.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from counterplan.errors import InputError, did_you_mean

CLASSIFICATIONS = {
    "wiod2016": "ISIC Rev. 4 / NACE Rev. 2, 56 branches",
    "wiod2013": "NACE Rev. 1, 35 branches",
}


@dataclass(frozen=True)
class BranchClass:
    """One branch of a classification.

    ``covers`` holds the divisions (ISIC Rev. 4) or the sections and divisions (NACE Rev. 1).
    """

    code: str
    name: str
    covers: tuple[str, ...]


@cache
def classification(name: str) -> dict[str, BranchClass]:
    """Return the branches of a classification by code, in its own order.

    Raises
    ------
    InputError
        For a name that is not in :data:`CLASSIFICATIONS`.
    """
    if name not in CLASSIFICATIONS:
        raise InputError(
            f"there is no classification '{name}'", mend=did_you_mean(name, CLASSIFICATIONS)
        )
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["code"]: BranchClass(row["code"], row["name"], tuple(row["covers"].split()))
        for row in rows
    }


def branch_names(name: str) -> dict[str, str]:
    """Return the names of a classification's branches by code."""
    return {code: branch.name for code, branch in classification(name).items()}
