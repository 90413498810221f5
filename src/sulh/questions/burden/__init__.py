"""Who carries how much of the shared responsibility, by which measure."""

from sulh.questions.burden.concentration import concentration, lorenz
from sulh.questions.burden.measures import burden
from sulh.questions.burden.without import without

__all__ = ["burden", "concentration", "lorenz", "without"]
