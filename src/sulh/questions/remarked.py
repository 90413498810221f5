"""What an import doubted or corrected, as notes of the answers whose figures it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import groupby

from sulh.questions.wording import count_of, spans
from sulh.store.checks.remarks import OVERRULED, FigureRemark, bearing_on

_FEW = 3
_LONGEST = 400


def remark_notes(remarks: Sequence[FigureRemark], used: Set[tuple[str, str]]) -> tuple[str, ...]:
    """Return what imports remarked on the figures used, given by month and origin.

    A few are told in full, more of them by number and kind.
    """
    found = bearing_on(remarks, used)
    overruled = [each for each in found if each.code == OVERRULED]
    return (*_overruled(overruled), *_doubted([e for e in found if e.code != OVERRULED]))


def _overruled(remarks: Sequence[FigureRemark]) -> Iterable[str]:
    if len(remarks) > _FEW:
        yield (
            f"In {spans({each.month for each in remarks})} figures of your own differ from a "
            "publisher's and do not count: see sulh gaps --kind remark."
        )
        return
    for each in remarks:
        yield f"{each.month}: {_ended(each.message)}"


def _doubted(remarks: Sequence[FigureRemark]) -> Iterable[str]:
    by_text = sorted(remarks, key=_text)
    said = [(text, [each.month for each in same]) for text, same in groupby(by_text, key=_text)]
    if len(said) > _FEW:
        months = sorted({each.month for each in remarks})
        kinds = Counter(each.code.replace("_", " ") for each in remarks)
        ordered = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
        listed = ", ".join(f"{code} ({number:,})" for code, number in ordered)
        where = spans(months) if len(months) <= _FEW else f"{months[0]} to {months[-1]}"
        yield (
            "The import doubted or corrected figures of "
            f"{count_of(len(months), 'month')} ({where}): {listed}. See sulh gaps --kind remark."
        )
        return
    for (place, message), months in sorted(said, key=lambda each: (each[1], each[0])):
        of = f" ({place})" if place else ""
        yield f"Remark of the import, {spans(months)}{of}: {_ended(message)}"


def _text(remark: FigureRemark) -> tuple[str, str]:
    return remark.place, remark.message


def _ended(message: str) -> str:
    """Return a message that ends as a sentence does, cut if it is very long.

    >>> _ended("the rows do not add up")
    'the rows do not add up.'
    """
    short = message if len(message) <= _LONGEST else f"{message[:_LONGEST]} …"
    return short if short.endswith((".", "…")) else f"{short}."
