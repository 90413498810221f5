"""Errors, months, units and origins: what every other part stands on. Standard library only."""
