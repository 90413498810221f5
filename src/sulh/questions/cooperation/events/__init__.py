"""Counts of news events by month, nations and family, from files of any number."""

from sulh.questions.cooperation.events.question import events
from sulh.questions.cooperation.events.tally import Tally

__all__ = ["Tally", "events"]
