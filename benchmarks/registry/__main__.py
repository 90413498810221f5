"""Run the load: ``python -m benchmarks.registry [--agreements N] [--writers N] [--seconds N]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.registry.load import Load, as_text, run
from benchmarks.registry.server import Server, binary


def main() -> int:
    parser = argparse.ArgumentParser(description="Load on the registry, with a server killed.")
    parser.add_argument("--agreements", type=int, default=100_000)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    if binary("postgres") is None:
        print("PostgreSQL is not installed", file=sys.stderr)
        return 2
    load = Load(given.agreements, min(given.writers, 100), min(given.seconds, 600.0))
    with tempfile.TemporaryDirectory(prefix="sulh-pg-", dir="/tmp") as folder:
        server = Server(Path(folder) / "server")
        try:
            report = run(server, server.address, load)
        finally:
            server.stop()
    print(as_text(report))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
