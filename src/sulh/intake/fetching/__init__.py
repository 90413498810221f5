"""Get from the publishers the files that the import reads; only when the user asks for it."""

from sulh.intake.fetching.endpoints import Endpoint, available
from sulh.intake.fetching.manner import Manner
from sulh.intake.fetching.report import Fetched, FetchReport, Progress
from sulh.intake.fetching.run import fetch, settings_path
from sulh.intake.fetching.sidecar import OriginFile, origin_of

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
