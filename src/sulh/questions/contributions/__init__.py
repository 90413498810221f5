"""Who serves where, and since when."""

from sulh.questions.contributions.rank import rank
from sulh.questions.contributions.series import series

__all__ = ["rank", "series"]
