"""Grades and sources: where each figure of an economy comes from, and how good it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Grade(StrEnum):
    """How good a figure is."""

    OBSERVED = "observed"
    DERIVED = "derived"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class Provenance:
    """Where the figures of one field of one table come from.

    ``exceptions`` maps a row's key to its own (source, grade) where it differs.
    """

    source: str
    grade: Grade
    licence: str = ""
    exceptions: Mapping[str, tuple[str, Grade]] = field(default_factory=dict)

    def of(self, key: str) -> tuple[str, Grade]:
        """Return the source and grade of one row."""
        return self.exceptions.get(key, (self.source, self.grade))
