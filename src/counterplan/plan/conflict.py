"""Conflict: why a mandate cannot be kept, and the least change that makes it possible."""

from counterplan.errors import InputError
from counterplan.plan.problem import Problem


class ImpossibleMandateError(InputError):
    """No plan keeps the mandate."""


def explain_conflict(problem: Problem) -> str:
    """Say which demands conflict."""
    return f"no plan keeps all {problem.program.row_lower.size} rows"
