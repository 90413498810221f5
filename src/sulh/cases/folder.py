"""The folder of a case, before any file of it is read."""

from __future__ import annotations

from pathlib import Path

from sulh.core.errors import RefusedFile


def known_folder(folder: str | Path) -> Path:
    """Return the folder of a case, or raise `RefusedFile` where there is none of that name.

    Without this each file of the case would be listed as missing.
    """
    path = Path(folder)
    if path.is_dir():
        return path
    found = f"{path} is a file" if path.exists() else f"there is no folder {path}"
    raise RefusedFile(
        found,
        "a case is a folder of CSV and TOML files",
        "name the folder of a case; the command `new` writes an example to one",
    )
