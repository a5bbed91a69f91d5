"""Deriving a plannable economy from a table, with what the table lacks estimated and labelled."""

from counterplan.economy.derive.assumptions import Assumptions, Emission, Wages
from counterplan.economy.derive.national import derive_economy

__all__ = ["Assumptions", "Emission", "Wages", "derive_economy"]
