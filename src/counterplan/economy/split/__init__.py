"""Splitting an economy into many workplaces with techniques of their own, its totals kept."""

from counterplan.economy.split.request import Request
from counterplan.economy.split.split import split_economy, split_producers

__all__ = ["Request", "split_economy", "split_producers"]
