"""The one error tree.

    SulhError
    ├── BadMonth            a month that is not YYYY-MM, or a range that ends before it starts
    ├── UnknownName         a nation, operation, group or column that the tables do not hold
    │   └── OutsideItsTime  a state on a day on which it did not exist
    ├── AmbiguousName       a name that fits several, with the candidates
    ├── RefusedFile         a file that cannot be used; nothing of it enters the store
    ├── StoreError
    │   ├── StoreMissing    no store where one was expected
    │   ├── StoreBusy       another process is writing
    │   └── StoreDamaged    a table does not match its manifest
    ├── FactsError          a shipped table breaks its own rules
    ├── NotAnswerable       the data do not hold what the question needs
    ├── FetchFailed         a publisher did not deliver
    └── BadRequest          options that do not fit together

Every error says what was found, why it matters and what to do.
"""

from __future__ import annotations


class SulhError(Exception):
    """An error that a user can act on.

    >>> print(SulhError("found 13 as month", "a month runs from 01 to 12", "write 2020-12"))
    found 13 as month: a month runs from 01 to 12. What to do: write 2020-12.
    """

    def __init__(self, found: str, why: str, mend: str) -> None:
        self.found = found.rstrip(".")
        self.why = why.rstrip(".")
        self.mend = mend.rstrip(".")
        super().__init__(f"{self.found}: {self.why}. What to do: {self.mend}.")

    def __reduce__(self) -> tuple[type[SulhError], tuple[str, str, str]]:
        return type(self), (self.found, self.why, self.mend)


class BadMonth(SulhError):
    """A month that is not YYYY-MM, or a range that ends before it starts."""


class UnknownName(SulhError):
    """A name that the tables do not hold."""


class OutsideItsTime(UnknownName):
    """A state that did not exist on the day asked about, and is no part of one that did."""


class AmbiguousName(SulhError):
    """A name that fits several candidates."""


class RefusedFile(SulhError):
    """A file that cannot be used; nothing of it enters the store."""


class StoreError(SulhError):
    """Something is wrong with a store."""


class StoreMissing(StoreError):
    """No store where one was expected."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""


class StoreDamaged(StoreError):
    """A table in the store does not match its manifest."""


class FactsError(SulhError):
    """A shipped table breaks its own rules."""


class NotAnswerable(SulhError):
    """The data do not hold what the question needs."""


class FetchFailed(SulhError):
    """A publisher did not deliver."""


class BadRequest(SulhError):
    """Options that do not fit together, or a value outside what an option takes."""
