"""Findings: what a check says, with its place, its size and a mend."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Attributes
    ----------
    severity
        An *error* means that a plan from these figures would mean nothing, a *warning* that
        they are unusual, a *note* that a reader should know.
    check
        Name of the check.
    place
        What it concerns ("product 'steel'").
    thing
        What is wrong, in words with figures.
    size
        How wrong, as a share of the figure it is measured against; 1 where it has no size.
    mend
        What to do about it.
    """

    severity: Severity
    check: str
    place: str
    thing: str
    size: float
    mend: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}: {self.thing}; {self.mend} [{self.check}]"


def error(check: str, place: str, thing: str, *, mend: str, size: float = 1.0) -> Finding:
    """Make a finding that no plan should be made with."""
    return Finding(Severity.ERROR, check, place, thing, size, mend)


def warning(check: str, place: str, thing: str, *, mend: str, size: float = 1.0) -> Finding:
    """Make a finding that is unusual."""
    return Finding(Severity.WARNING, check, place, thing, size, mend)


def note(check: str, place: str, thing: str, *, mend: str, size: float = 1.0) -> Finding:
    """Make a finding that a reader should know."""
    return Finding(Severity.NOTE, check, place, thing, size, mend)
