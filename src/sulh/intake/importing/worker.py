"""A process that reads files: a line of JSON in for each, a line of JSON out.

Run as ``python -m sulh.intake.importing.worker``. It ends when its parent does.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time

MAX_MEMORY = 8 * 1024**3


def main() -> None:
    """Serve tasks from standard input until it closes."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not mix with the replies
    _limit_memory()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    from sulh.intake.importing.task import Task, read_one

    for line in sys.stdin:
        outcome = read_one(Task(**json.loads(line)))
        replies.write(json.dumps(outcome.to_dict()) + "\n")
        replies.flush()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
