"""The report of a plan: one self-contained page that asks for nothing and escapes everything."""

from __future__ import annotations

from sulh.questions.forces.report.page import render

__all__ = ["render"]
