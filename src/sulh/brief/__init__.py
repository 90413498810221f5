"""The document that puts the answers together, in English, French and Arabic."""

from sulh.brief.compose import compose
from sulh.brief.writing import write

__all__ = ["compose", "write"]
