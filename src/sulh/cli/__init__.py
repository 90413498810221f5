"""The command line: thin, made from the workbench's signatures."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    from sulh.cli.app import run

    sys.exit(run(sys.argv[1:]))


__all__ = ["main"]
