"""Frames: reading single figures out of labelled tables, as plain numbers and texts.

Rows are found by position: a page reads thousands of figures, and lists of labels are slow.
"""

import numpy as np
import pandas as pd


def place(labels: pd.Index, label: object) -> int:
    """Return the position of a label, which must stand there once."""
    found = labels.get_loc(label)
    if not isinstance(found, int):
        raise ValueError(f"'{label}' stands more than once")
    return found


def line(frame: pd.DataFrame, row: object) -> list[float]:
    """Return one row as numbers."""
    values = frame.to_numpy(dtype=np.float64)[place(frame.index, row)]
    return [float(value) for value in values]


def series(frame: pd.DataFrame, row: object) -> pd.Series:
    """Return one row, labelled by the columns."""
    return pd.Series(line(frame, row), index=frame.columns)


def cell(frame: pd.DataFrame, row: object, column: str) -> float:
    """Return one figure."""
    values = frame.to_numpy(dtype=np.float64)
    return float(values[place(frame.index, row), place(frame.columns, column)])


def entry(values: pd.Series, label: str) -> float:
    """Return one figure of a row or column."""
    return float(values.to_numpy(dtype=np.float64)[place(values.index, label)])


def lowest(values: pd.Series) -> tuple[str, float]:
    """Return the label and the figure of the smallest entry."""
    spot = int(np.nanargmin(values.to_numpy(dtype=np.float64)))
    return str(values.index[spot]), float(values.iloc[spot])


def highest(values: pd.Series) -> tuple[str, float]:
    """Return the label and the figure of the largest entry."""
    spot = int(np.nanargmax(values.to_numpy(dtype=np.float64)))
    return str(values.index[spot]), float(values.iloc[spot])


def deepest(frame: pd.DataFrame) -> tuple[str, str, float]:
    """Return row, column and figure of the smallest entry of a table."""
    values = frame.to_numpy(dtype=np.float64)
    row, column = divmod(int(np.nanargmin(values)), values.shape[1])
    return str(frame.index[row]), str(frame.columns[column]), float(values[row, column])


def total(frame: pd.DataFrame) -> float:
    """Return the sum of a table."""
    return float(frame.to_numpy(dtype=np.float64).sum())


def largest_first(values: pd.Series) -> list[str]:
    """Return the labels by falling figure; those with equal figures keep their order."""
    order = np.argsort(-values.to_numpy(dtype=np.float64), kind="stable")
    return [str(values.index[spot]) for spot in order]
