"""Read one file: a pure task that any process, here or elsewhere, can run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sulh.core.errors import RefusedFile, StoreError, SulhError
from sulh.intake.base import Document, Parsed, Source
from sulh.intake.importing import bundle
from sulh.intake.importing.collecting import MAX_BYTES, read_bytes
from sulh.intake.importing.recognising import recognise
from sulh.store.keeping import Remark, TidyFile, find_tidy, keep_raw, keep_tidy


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, the store's folder, and the version of the readers.

    ``day`` is that of the import; empty where a file that the store holds is read again.
    """

    path: str
    root: str
    reader: str
    limit: int = MAX_BYTES
    name: str = ""
    day: str = ""

    @property
    def shown(self) -> str:
        """Return the file's name, also where its bytes are read from the store's own copy."""
        return self.name or Path(self.path).name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a file gave: its hash, or why it was refused, and what was found in it.

    ``broken`` is set if not the file but the store was at fault: then nothing can be imported.
    """

    path: str
    sha256: str = ""
    refused: str | None = None
    broken: tuple[str, str, str] | None = field(default=None)
    found: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as plain values."""
        return asdict(self)


def read_one(task: Task, sources: Sequence[Source] | None = None) -> Outcome:
    """Read a file into the store's folder of tidy rows; never raises.

    Bytes that the same reader has read before are not read again.
    """
    path, sha256 = Path(task.path), ""
    try:
        document = _document(path, task)
        sha256 = document.sha256
        read_document(document, task, sources)
    except StoreError as error:
        return Outcome(task.path, sha256, None, (error.found, error.why, error.mend))
    except SulhError as error:
        return Outcome(task.path, sha256, str(error), found=error.found)
    except MemoryError:
        return Outcome(task.path, sha256, f"{path.name} needs more memory than one file may take")
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:300]
        return Outcome(task.path, sha256, f"{path.name} could not be read ({told})")
    return Outcome(task.path, sha256)


def read_document(
    document: Document, task: Task, sources: Sequence[Source] | None = None
) -> TidyFile:
    """Recognise and parse a document and keep its bytes and tidy rows; return what was kept."""
    root = Path(task.root)
    known = find_tidy(root, document.sha256, task.reader)
    if known is not None:
        if known.named_by_file and known.name != document.name:
            raise same_bytes(document.name, known.name)
        keep_raw(root, document.data, document.sha256)
        return known
    if sources is None:
        from sulh.intake.registry import sources as registered

        sources = registered()
    parsed = _parse(document, sources)
    tables = {name: rows for name, rows in parsed.tables.items() if rows.height}
    if not tables and any(flag.severity == "refused" for flag in parsed.flags):
        raise RefusedFile(
            f"{document.name} was recognised as {parsed.source}, but no row of it can be used",
            _worst(parsed.flags),
            "fetch the file again, or report it",
        )
    keep_raw(root, document.data, document.sha256)
    kept = TidyFile(
        sha256=document.sha256,
        name=document.name,
        source=parsed.source,
        reader=task.reader,
        bytes=len(document.data),
        tables={name: rows.height for name, rows in tables.items()},
        months=parsed.months,
        remarks=tuple(
            Remark(flag.code, flag.message, flag.severity, flag.month, flag.page, flag.line)
            for flag in parsed.flags
        ),
        folder=root,
    )
    return keep_tidy(root, kept, tables)


def _document(path: Path, task: Task) -> Document:
    data = read_bytes(path, task.limit)
    mapping = bundle.mapping_of(path)
    if mapping is not None:
        data = bundle.pack(read_bytes(mapping, task.limit), data)
    return Document(task.shown, data, task.day)


def _parse(document: Document, sources: Sequence[Source]) -> Parsed:
    both = bundle.unpack(document)
    if both is None:
        return recognise(document, sources).parse(document)
    from sulh.intake.user import parse_with_mapping

    mapping, table = both
    return parse_with_mapping(table, mapping)


def same_bytes(name: str, other: str) -> RefusedFile:
    """Return the error for one content under two names, where the name says whose it is."""
    return RefusedFile(
        f"{name} has the same bytes as {other}",
        "only the file's name says whose figures these are, and one of the two names is wrong",
        "keep the file with the right name, or fetch both again",
    )


def _worst(flags: Sequence[Any]) -> str:
    refused = [flag.message for flag in flags if flag.severity == "refused"]
    if not refused:
        return "it holds no rows"
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    return f"{refused[0]}{more}"
