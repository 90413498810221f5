"""Compose the document from the sections that have something to say."""

from __future__ import annotations

from collections.abc import Callable

from sulh.briefing.case import CaseAsked
from sulh.briefing.evidence import Evidence, Subject
from sulh.briefing.expressions import in_words
from sulh.briefing.language import Language, group_name
from sulh.briefing.model import Document, Line, Section, Term, Text, plain
from sulh.briefing.numbering import origins_used, queries_used
from sulh.briefing.sections.appendix import appendix
from sulh.briefing.sections.composition import composition
from sulh.briefing.sections.cooperation import cooperation
from sulh.briefing.sections.gaps import gaps
from sulh.briefing.sections.generation import generation
from sulh.briefing.sections.history import history
from sulh.briefing.sections.losses import losses
from sulh.briefing.sections.overview import overview
from sulh.briefing.sections.responsibility import responsibility
from sulh.briefing.sections.service import service, tasks
from sulh.briefing.sections.shortfall import shortfall
from sulh.briefing.sections.support import support
from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.view import View
from sulh.store.reading import Store

SCOPES = ("un", "peacekeeping", "political")
SECTIONS: tuple[Callable[[Evidence], Section | None], ...] = (
    overview,
    composition,
    service,
    tasks,
    history,
    support,
    losses,
    cooperation,
    responsibility,
    shortfall,
    generation,
    gaps,
    appendix,
)


def compose(
    store: Store,
    subject: str,
    lang: str = "en",
    view: View | None = None,
    case: CaseAsked | None = None,
) -> Document:
    """Return the document on a nation, a group or a list of nations.

    With ``case`` it also says what the subject's pledges fill there, and raises what
    `CaseAsked.planned` does. Raises `sulh.core.errors.BadRequest` for an unknown language or a
    scope beyond the UN's, `UnknownName` for an unknown subject, and `NotAnswerable` if the store
    holds no month of the view.
    """
    language = Language.of(lang)
    view = view or View()
    if view.scope not in SCOPES:
        raise BadRequest(
            f"the scope {view.scope}",
            "the document speaks of United Nations operations; what nations give to others is "
            "known from single facts only",
            f"choose one of {', '.join(SCOPES)}",
        )
    months = [m for m in store.months if (view.from_ or "") <= m <= (view.to or "9999")]
    if not months:
        raise NotAnswerable(
            "no month of contributions in the period",
            "the document rests on them",
            "choose another period, or import reports first",
        )
    evidence = Evidence(store, Subject.of(subject, months[-1]), language, view, case)
    made = (section(evidence) for section in SECTIONS)
    sections = tuple(section for section in made if section is not None)
    return Document(
        lang=lang,
        direction=language.direction,
        title=title(evidence),
        subtitle=_subtitle(evidence),
        sections=sections,
        origins=origins_used(sections, evidence.origins),
        queries=queries_used(sections),
        labels={name: language.word(f"labels.{name}") for name in language.texts["labels"]},
        kind=store.kind,
    )


def title(evidence: Evidence) -> str:
    """Return the title of the document."""
    subject, language = evidence.subject, evidence.language
    if subject.kind == "nation":
        return plain(evidence.say("document.title_nation"))
    name = group_name(language, subject.code, "title") if subject.kind == "group" else None
    if name is None and in_words(language, subject.asked, "of"):
        return plain(evidence.say("document.title_nation"))
    if name is None:
        return language.word("document.title_list", name=Term(subject.asked))
    return language.word("document.title_group", name=name)


def _subtitle(evidence: Evidence) -> Line:
    view, language = evidence.view, evidence.language
    said = language.say(f"document.subtitle_{view.scope}", month=language.month(evidence.latest))
    if evidence.subject.nations_only:
        return said
    return (*said, Text(" "), *language.say(f"document.membership_{view.membership}"))
