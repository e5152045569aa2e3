"""The words that may be shown to nobody: those of participants who withdrew, or did not allow to be quoted."""

from __future__ import annotations

from persona_core.models.corpus import Corpus
from persona_core.text import OwnWords

NOT_SHOWN = "words that may not be shown"


def withheld(corpus: Corpus) -> OwnWords:
    """All that participants without consent said, and what only those said who withdrew."""
    silent = {i for i, person in enumerate(corpus.people) if not person.quote_ok}
    said = zip(corpus.columns.who, corpus.columns.texts, strict=True) if silent else ()
    return OwnWords((text for who, text in said if who in silent), hashes=corpus.unsaid)
