"""Results: a table with its units, its origins, what is missing and what was assumed."""

from sulh.result.result import Result

__all__ = ["Result"]
