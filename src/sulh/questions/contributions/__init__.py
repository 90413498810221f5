"""Who serves where, and since when."""

from sulh.questions.contributions.elsewhere import known
from sulh.questions.contributions.fatalities import fatalities
from sulh.questions.contributions.mix import mix
from sulh.questions.contributions.nation import nation
from sulh.questions.contributions.operation import operation
from sulh.questions.contributions.rank import rank
from sulh.questions.contributions.series import series
from sulh.questions.contributions.strength import strength_gaps
from sulh.questions.contributions.support_units import support_units
from sulh.questions.contributions.sustain import sustain
from sulh.questions.selection import latest_month

__all__ = [
    "fatalities",
    "known",
    "latest_month",
    "mix",
    "nation",
    "operation",
    "rank",
    "series",
    "strength_gaps",
    "support_units",
    "sustain",
]
