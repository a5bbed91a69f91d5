"""Economies drawn at random, in balance by construction, to test and to time methods."""

from counterplan.economy.drawn.drawn import draw_economy
from counterplan.economy.drawn.request import Draw

__all__ = ["Draw", "draw_economy"]
