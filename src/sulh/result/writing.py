"""Write a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sulh.core.errors import SulhError


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then moved there.

    What is no plain file, such as a link or a device, is written to and stays what it is. Raises
    `SulhError` where nothing can be written.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_bytes(content)
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        mend = "choose a folder that exists and that you may write to"
        raise _lost(path, error, mend) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise _lost(path, error, "free some space or choose another place") from error


def _lost(path: Path, error: OSError, mend: str) -> SulhError:
    return SulhError(f"cannot write {path}: {error.strerror}", "the result would be lost", mend)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
