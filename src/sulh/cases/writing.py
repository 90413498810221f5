"""Write the files of a case or of an answer: once all contents are there, each whole or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sulh.core.errors import BadRequest, SulhError
from sulh.result.writing import write_file


def refuse_to_overwrite(folder: Path, names: Iterable[str]) -> None:
    """Raise `BadRequest` if a folder holds one of the files already."""
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise BadRequest(
            f"{folder} holds {', '.join(there)}",
            "an example must not write over a case",
            "name a new folder",
        )


def write_all(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files to a folder once all their contents are there; return their paths."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SulhError(
            f"cannot make the folder {folder}: {error.strerror}",
            "the files would be lost",
            "choose a folder that you may write to",
        ) from error
    for name, content in contents.items():
        write_file(folder / name, content)
    return [folder / name for name in contents]
