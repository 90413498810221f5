"""The report of a simulation: one self-contained page that asks for nothing."""

from __future__ import annotations

from sulh.questions.care.report.page import render

__all__ = ["render"]
