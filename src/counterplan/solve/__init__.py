"""Numerical engines. They know linear programmes and linear systems, and nothing of economies."""
