"""Write to the disk so that it lasts, and say so in one sentence where it cannot be written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from sulh.core.errors import StoreError


def flush(path: Path) -> None:
    """Make sure that a file's bytes, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():  # some file systems cannot flush a folder
            raise
    finally:
        os.close(handle)


@contextmanager
def as_store_error(root: Path) -> Iterator[None]:
    """Turn a full disk, a read-only folder and the like into a `StoreError` that says so."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StoreError(
            f"cannot write to {root} ({error})",
            "the store was left as it was",
            "free some space or choose a folder that can be written, with --store DIR",
        ) from error
