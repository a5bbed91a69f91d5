"""Tables: make-use and input-output tables of real economies, read, checked and balanced."""

from counterplan.economy.tables.axes import (
    Axis,
    Categories,
    FinalKind,
    OtherRows,
    RowKind,
    StatedTotal,
    TotalKind,
)
from counterplan.economy.tables.table import Table

__all__ = [
    "Axis",
    "Categories",
    "FinalKind",
    "OtherRows",
    "RowKind",
    "StatedTotal",
    "Table",
    "TotalKind",
]
