"""Reports on a store: what is in it, what is missing in it, and whether it holds together."""

from sulh.store.reports.check import check
from sulh.store.reports.gaps import gaps
from sulh.store.reports.holdings import sources

__all__ = ["check", "gaps", "sources"]
