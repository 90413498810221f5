"""Get from the publishers the files that the import reads; only when the user asks for it."""

from sulh.sources.fetching.endpoints import Endpoint, available
from sulh.sources.fetching.manner import Manner
from sulh.sources.fetching.report import Fetched, FetchReport, Progress
from sulh.sources.fetching.run import fetch, settings_path
from sulh.sources.fetching.sidecar import OriginFile, origin_of

__all__ = [
    "Endpoint",
    "FetchReport",
    "Fetched",
    "Manner",
    "OriginFile",
    "Progress",
    "available",
    "fetch",
    "origin_of",
    "settings_path",
]
