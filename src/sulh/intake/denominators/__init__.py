"""Yearly figures of nations: population, output, armed forces, military expenditure."""

from sulh.intake.base import Source
from sulh.intake.denominators import cow_nmc, gdp, iiss_milper, population, sipri_milex

SOURCES: tuple[Source, ...] = (
    cow_nmc.SOURCE,
    gdp.SOURCE,
    iiss_milper.SOURCE,
    population.SOURCE,
    sipri_milex.SOURCE,
)

__all__ = ["SOURCES"]
