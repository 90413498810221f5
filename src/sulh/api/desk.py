"""What a workbench does with files: import, fetch, write the document, cite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sulh.core.errors import BadRequest

if TYPE_CHECKING:
    from sulh.briefing import CaseAsked
    from sulh.intake.fetching import FetchReport
    from sulh.intake.importing import ImportReport
    from sulh.store.reading import Store

Language = Literal["en", "fr", "ar"]


class Desk:
    """A store and what is done with files around it.

    Parameters
    ----------
    store
        Folder of the store; None takes ``SULH_STORE``, then the user's own store, then the small
        store that the package ships.
    """

    def __init__(self, store: str | Path | None = None) -> None:
        if store is not None and not str(store).strip():
            raise BadRequest(
                "the store '' has no name",
                "an empty path would mean the folder that you happen to be in",
                "name a folder, or leave it out for the default store",
            )
        self._path = None if store is None else Path(store)

    @cached_property
    def store(self) -> Store:
        """Return the store, opened; it stays the version that it was then."""
        from sulh.store.reading import Store

        return Store.open(self._path)

    def import_(
        self, paths: str | Path | Iterable[str | Path], *, drop: Sequence[str] = ()
    ) -> ImportReport:
        """Import files and folders into the store, recognised by their content.

        Returns what became of each file. A file that cannot be used changes nothing. ``drop`` names
        files that the store holds and whose rows are to leave it. The questions asked of this
        workbench afterwards see the new version.
        """
        from sulh.intake.importing import ImportOptions, import_paths

        several = [paths] if isinstance(paths, str | Path) else list(paths)
        report = import_paths(several, self._path, options=ImportOptions(drop=tuple(drop)))
        self.__dict__.pop("store", None)
        return report

    def fetch(self, sources: Sequence[str], folder: str | Path) -> FetchReport:
        """Get the files of ``sources`` from their publishers into ``folder``; imports nothing."""
        from sulh.intake.fetching import fetch

        return fetch(sources, Path(folder))

    def brief(
        self,
        subject: str,
        path: str | Path,
        *,
        lang: Language = "en",
        membership: Literal["dated", "today"] = "dated",
        case: CaseAsked | None = None,
    ) -> Path:
        """Write "The role of … in peacekeeping operations" as .html, .pdf or .docx.

        With ``case`` it also says what the subject's pledges could fill in that case of force
        generation.
        """
        from sulh.briefing import write
        from sulh.questions.view import View

        return write(self.store, subject, path, lang, View(membership=membership), case)

    def cite(self, style: Literal["plain", "bibtex"] = "plain") -> str:
        """Return the citations of everything that the store rests on."""
        from sulh.result.citations import cite

        return cite(self.store.origins(), style)
