"""Write the document to a file; the ending decides the format."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from sulh.briefing import fonts
from sulh.briefing.case import CaseAsked
from sulh.briefing.compose import compose
from sulh.briefing.drawings import style_of
from sulh.briefing.language import Language
from sulh.briefing.model import Document
from sulh.core.errors import BadRequest
from sulh.questions.view import View
from sulh.result import charts
from sulh.result.writing import write_file
from sulh.store.reading import Store

ENDINGS = (".html", ".pdf", ".docx")


def write(
    store: Store,
    subject: str,
    path: Path | str,
    lang: str = "en",
    view: View | None = None,
    case: CaseAsked | None = None,
) -> Path:
    """Write the document on ``subject`` to ``path`` and return the path.

    Raises `BadRequest` for an ending other than .html, .pdf or .docx, and what
    `sulh.briefing.compose` raises.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadRequest(
            f"a document named {path.name}",
            "it is written as HTML, PDF or DOCX, by the ending of its name",
            "end the name in .html, .pdf or .docx",
        )
    # The engine that draws starts while the questions are answered.
    engine = Thread(target=charts.warm_up, daemon=True)
    engine.start()
    document = compose(store, subject, lang, view, case)
    engine.join()
    write_file(path, rendered(document, ending))
    return path


def rendered(document: Document, ending: str) -> bytes:
    """Return the document in the format of an ending."""
    language = Language.of(document.lang)
    if ending == ".html":
        from sulh.briefing import html

        return html.render(document, style_of(language)).encode()
    folders = fonts.folders(document.lang)
    if ending == ".pdf":
        from sulh.briefing import pdf

        return pdf.render(document, style_of(language, fonts.family(document.lang), folders))
    from sulh.briefing import word

    return word.render(document, style_of(language, fonts.drawn(document.lang), folders))
