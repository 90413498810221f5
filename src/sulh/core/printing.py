"""Text for a terminal or a document, freed of what these would obey or refuse."""

from __future__ import annotations

import os

_JOINERS = "\u200c\u200d\u200e\u200f"


def printable(text: str) -> str:
    """Return the text with control characters replaced, which a terminal would obey.

    The joiners and marks of direction that Persian, Hindi and Arabic need stay; overrides go.

    >>> printable("Mali\\x1b[2J")
    'Mali\ufffd[2J'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else "\ufffd" for c in text)


def terminal_width() -> int:
    """Return the columns of the terminal; of an output that is none, COLUMNS or 120."""
    try:
        return max(os.get_terminal_size().columns, 60)
    except OSError:
        return int(os.environ.get("COLUMNS", "120"))
