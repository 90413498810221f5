"""Ties between nations: alliances, agreements, diplomats, organisations, votes, arms, training."""

from sulh.intake.base import Source
from sulh.intake.cooperation import (
    atop,
    atop_dyads,
    cow_alliances,
    cow_diplomats,
    cow_igo,
    dcad,
    ideal_points,
    sipri_arms,
    un_votes,
)
from sulh.intake.cooperation.fmtrpt import source as fmtrpt

SOURCES: tuple[Source, ...] = (
    *atop.SOURCES,
    atop_dyads.SOURCE,
    cow_alliances.SOURCE,
    cow_diplomats.SOURCE,
    cow_igo.SOURCE,
    *dcad.SOURCES,
    fmtrpt.SOURCE,
    ideal_points.SOURCE,
    sipri_arms.SOURCE,
    *un_votes.SOURCES,
)

__all__ = ["SOURCES"]
