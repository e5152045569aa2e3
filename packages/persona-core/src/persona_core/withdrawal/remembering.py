"""What is kept of a corpus whose sources are gone, so that others can withdraw later, too."""

from __future__ import annotations

from array import array
from typing import Any

from persona_core.models.corpus import NONE, Columns, Corpus, Person, Role, Source


def remembered(corpus: Corpus, leaving_out: str) -> dict[str, Any]:
    """Everybody's words but one participant's, with who and where, ready for JSON."""
    people = [each for each in corpus.people if each.code != leaving_out]
    number = {each.code: i for i, each in enumerate(people)}
    said = ((i, corpus.participant(i)) for i in range(len(corpus)))
    columns = corpus.columns
    return {
        "sources": [[each.name, each.sha256] for each in corpus.sources],
        "people": [[each.code, dict(each.demographics), each.group] for each in people],
        "segments": [
            [columns.source[i], columns.number[i], number[code], columns.texts[i]]
            for i, code in said
            if code in number
        ],
    }


def recalled(kept: dict[str, Any]) -> Corpus:
    """The corpus that was remembered: participants' words only, and no place within the sources."""
    rows = kept["segments"]
    columns = Columns(texts=[row[3] for row in rows])
    for name, column in (("source", 0), ("number", 1), ("who", 2)):
        setattr(columns, name, array("i", [row[column] for row in rows]))
    columns.role = array("b", [list(Role).index(Role.participant)] * len(rows))
    columns.row = columns.start = columns.end = array("i", [0] * len(rows))
    columns.field = columns.question = columns.speaker = array("i", [NONE] * len(rows))
    return Corpus(
        [Source(name=name, sha256=sha256) for name, sha256 in kept["sources"]],
        [Person(code, "", demographics, {}, group) for code, demographics, group in kept["people"]],
        columns,
    )
