"""Counterplan: an open planning engine for economies of many producers."""

__version__ = "0.1.0"
