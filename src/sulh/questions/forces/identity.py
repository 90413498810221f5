"""What makes two cases the same: a digest of everything that a plan is judged by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from sulh.questions.forces.case import Case

_ASIDE = ("name", "doubts")


def digest(case: Case) -> str:
    """Return the SHA-256 of a case; a bound holds for cases of the same digest only.

    Comments, spaces and columns that are left alone do not count, nor does the name of the case.
    """
    counted = {f.name: _plain(getattr(case, f.name)) for f in fields(case) if f.name not in _ASIDE}
    return hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(found) for key, found in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(found) for found in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
