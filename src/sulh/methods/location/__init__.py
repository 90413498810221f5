"""Where to stand facilities: p-median, covering, expected covering, and the hypercube queue."""

from sulh.methods.location.answer import Located
from sulh.methods.location.cover import expected_cover, largest_cover
from sulh.methods.location.few import median_of_few
from sulh.methods.location.hypercube import Hypercube, hypercube
from sulh.methods.location.median import median
from sulh.methods.location.setcover import Cover, cover_all

__all__ = [
    "Cover",
    "Hypercube",
    "Located",
    "cover_all",
    "expected_cover",
    "hypercube",
    "largest_cover",
    "median",
    "median_of_few",
]
