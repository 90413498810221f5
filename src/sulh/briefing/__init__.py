"""The document that puts the answers together, in English, French and Arabic."""

from sulh.briefing.case import CaseAsked
from sulh.briefing.compose import compose
from sulh.briefing.writing import write

__all__ = ["CaseAsked", "compose", "write"]
