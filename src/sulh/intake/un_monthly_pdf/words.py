"""Words of a PDF page with their places, read with two library calls a word."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from sulh.core.errors import RefusedFile

MOST_PAGES = 200
MOST_CHARACTERS = 60_000  # on one page; the densest real page has 4,000

_WORD = re.compile(r"\S+")


class Word(NamedTuple):
    """A word, the origins of its first and last character, its baseline, its place in the stream.

    Points from the lower left corner of the page.
    """

    text: str
    left: float
    right: float
    base: float
    order: int


# The binding declares argument types, and ctypes then converts every argument of every call. A
# prototype without them takes prepared arguments as they are, at a third of the cost; PYFUNCTYPE
# because releasing the interpreter lock for a call of a microsecond costs as much as the call.
_place_of: Any = ctypes.PYFUNCTYPE(None)(
    ctypes.cast(raw.FPDFText_GetCharOrigin, ctypes.c_void_p).value or 0
)

_REFUSE_WHY = "its figures cannot be read"
_REFUSE_MEND = "download the report again from the publisher, and import that copy"


@contextmanager
def opened(data: bytes, name: str) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF, and close it; raise `RefusedFile` for what cannot be opened."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        reason = "is encrypted" if "password" in str(error).lower() else "is a damaged PDF"
        raise RefusedFile(f"{name} {reason} ({error})", _REFUSE_WHY, _REFUSE_MEND) from error
    try:
        yield document
    finally:
        document.close()


def page_words(page: pdfium.PdfPage, name: str, number: int) -> list[Word]:
    """Return the words of a page in the order of its stream; raise `RefusedFile` if too many."""
    textpage = page.get_textpage()
    try:
        text = _text(textpage, name, number)
        count = raw.FPDFText_CountChars(textpage)
        words = _placed(textpage, text, aligned=len(text) == count)
        return _upright(textpage, text, words) if len(text) == count else words
    finally:
        textpage.close()


def _text(textpage: pdfium.PdfTextPage, name: str, number: int) -> str:
    count = raw.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    if count > MOST_CHARACTERS:
        raise RefusedFile(
            f"page {number} of {name} holds {count:,} characters",
            f"a page of a report holds a few thousand, never over {MOST_CHARACTERS:,}",
            _REFUSE_MEND,
        )
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, buffer)
    return bytes(memoryview(buffer)[: max(written - 1, 0)]).decode("utf-16-le", "replace")


def _placed(textpage: pdfium.PdfTextPage, text: str, *, aligned: bool) -> list[Word]:
    """Return the words of ``text`` with their places.

    ``aligned`` says that position in the text and index of the character agree, as they do unless
    the page holds characters that have no text (then the library translates).
    """
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p)
    x, y = ctypes.c_double(), ctypes.c_double()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    place = _place_of
    words: list[Word] = []
    for match in _WORD.finditer(text):
        first, end = match.span()
        last = end - 1
        if not aligned:
            first = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, first), 0)
            last = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, last), 0)
        place(handle, first, to_x, to_y)
        left = right = x.value
        base = y.value
        word = match.group()
        if first != last and word[0] in "0123456789":
            place(handle, last, to_x, to_y)
            right = x.value
        words.append(Word(word, left, right, base, len(words)))
    return words


_SAMPLE = 40  # words looked at to see which way a page is written


def _upright(textpage: pdfium.PdfTextPage, text: str, words: list[Word]) -> list[Word]:
    """Return the words of a page as they stand once it is turned so that lines run to the right.

    Landscape tables are often printed sideways on an upright page.
    """
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p)
    x, y = ctypes.c_double(), ctypes.c_double()
    right = up = 0.0
    for word, match in zip(words[:_SAMPLE], _WORD.finditer(text), strict=False):
        _place_of(handle, match.end() - 1, ctypes.byref(x), ctypes.byref(y))
        right += x.value - word.left
        up += y.value - word.base
    if abs(up) <= abs(right):
        return words
    return [
        _turned(textpage, word, match, 1.0 if up > 0 else -1.0)
        for word, match in zip(words, _WORD.finditer(text), strict=True)
    ]


def _turned(textpage: pdfium.PdfTextPage, word: Word, match: re.Match[str], sign: float) -> Word:
    x, y = ctypes.c_double(), ctypes.c_double()
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p)
    _place_of(handle, match.end() - 1, ctypes.byref(x), ctypes.byref(y))
    last = y.value if word.text[0] in "0123456789" else word.base
    return word._replace(left=sign * word.base, right=sign * last, base=-sign * word.left)
