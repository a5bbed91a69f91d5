"""Movement: what a balancing changed, by how much, the largest first."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.economy.tables.axes import Codes, Floats


@dataclass(frozen=True)
class Moved:
    """One cell that moved, in table units."""

    row: str
    column: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before

    def __str__(self) -> str:
        return (
            f"{self.row}, {self.column}: {self.before:,.6g} to {self.after:,.6g} "
            f"({self.change:+,.6g})"
        )


@dataclass(frozen=True, eq=False)
class Movement:
    """The record of one balancing.

    Attributes
    ----------
    method
        "GRAS" or "weighted least squares".
    rounds
        Rounds that the method took; 1 for a method that solves at once.
    rows, columns
        Labels: "domestic A01", "imported A01", "other VA", "make A01"; codes of the columns.
    before, after
        [rows x columns] table units.
    """

    method: str
    rounds: int
    rows: Codes
    columns: Codes
    before: Floats
    after: Floats

    @property
    def total(self) -> float:
        """The sum of all changes without their signs."""
        return float(np.abs(self.after - self.before).sum())

    def largest(self, count: int = 20) -> list[Moved]:
        """Return the cells that moved most, at most ``count`` of them."""
        change = np.abs(self.after - self.before)
        order = np.argsort(-change, axis=None, kind="stable")[:count]
        places = [np.unravel_index(int(flat), change.shape) for flat in order]
        return [self._moved(int(i), int(j)) for i, j in places if change[i, j] > 0]

    def sign_changes(self) -> list[Moved]:
        """Return the cells that changed their sign: a reason to doubt the totals asked for."""
        changed = np.argwhere(self.before * self.after < 0).tolist()
        return [self._moved(i, j) for i, j in changed]

    def to_frame(self) -> pd.DataFrame:
        """Return every cell that moved, the largest change first."""
        return pd.DataFrame(
            [
                (moved.row, moved.column, moved.before, moved.after, moved.change)
                for moved in self.largest(self.before.size)
            ],
            columns=["row", "column", "before", "after", "change"],
        )

    def _moved(self, i: int, j: int) -> Moved:
        before, after = float(self.before[i, j]), float(self.after[i, j])
        return Moved(self.rows[i], self.columns[j], before, after)

    def __str__(self) -> str:
        head = f"{self.method}: {self.total:,.6g} moved in {self.rounds} rounds"
        return "\n  ".join([head, *map(str, self.largest(10))])
