"""The hub's catalogue of data sets: known, and empty of figures."""

from __future__ import annotations

from dataclasses import dataclass

from sulh.intake.base import Document, Flag, Parsed
from sulh.intake.columns import keys_of
from sulh.intake.json_text import looks_like_json, read_json, records_of
from sulh.intake.text import refused

_WANTED = frozenset({"dataset_id", "column_definitions", "update_frequency"})


@dataclass(frozen=True)
class Catalogue:
    """The reply of ``/public/metadata/all``: what there is, not how many."""

    key: str = "un_hub_catalogue"

    def recognises(self, document: Document) -> bool:
        """Return whether the records describe data sets."""
        return looks_like_json(document) and keys_of(document) >= _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return no table and a note that names the data sets."""
        records = records_of(read_json(document))
        if not records:
            raise refused(
                document,
                "a catalogue without data sets",
                "there is nothing to describe",
                "fetch it again",
            )
        names = [str(record.get("Dataset ID")) for record in records]
        message = (
            f"a catalogue of {len(names)} data sets without figures, so nothing enters the store; "
            "fetch the data sets themselves"
        )
        return Parsed(self.key, {}, (Flag("catalogue", message, "note"),))
