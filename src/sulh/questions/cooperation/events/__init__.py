"""Counts of news events by month, nations and family, from GDELT files of any number."""

from sulh.questions.cooperation.events.counting import Tally
from sulh.questions.cooperation.events.question import events

__all__ = ["Tally", "events"]
