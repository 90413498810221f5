"""Results: a table with its units, its origins, what is missing and what was assumed."""

from sulh.result.result import Result
from sulh.result.shape import Chart

__all__ = ["Chart", "Result"]
