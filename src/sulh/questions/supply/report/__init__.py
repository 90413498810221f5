"""The report of a case of supply."""

from sulh.questions.supply.report.page import render

__all__ = ["render"]
