"""The command line: thin, made from the workbench's signatures."""

from __future__ import annotations

import gc
import sys

_COLLECT_AFTER = 20_000
"""New objects between collections: Python's 700 would search the libraries' own hundreds of times
while they load, a fifth of a short command's time."""


def main() -> None:
    """Run the command line; what is alive at its end is left to the end of the process."""
    from sulh.cli.app import run

    gc.set_threshold(_COLLECT_AFTER, 10, 10)
    status = run(sys.argv[1:])
    gc.freeze()
    sys.exit(status)


__all__ = ["main"]
