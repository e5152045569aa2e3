"""What is kept of a corpus whose sources are gone, so that others can withdraw later, too."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
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
        "people": [[each.code, each.label, dict(each.demographics), each.group] for each in people],
        "segments": [
            [columns.source[i], columns.number[i], number[code], columns.texts[i]]
            for i, code in said
            if code in number
        ],
    }


def recalled(kept: Mapping[str, Any], recorded: Mapping[str, Any]) -> Corpus:
    """The corpus that was remembered: participants' words only, and no place within the sources.

    `recorded` is how personas say that their sources are read: who withdrew and files that are none any more are left out.
    """
    gone, only = recorded.get("withdrawn", ()), recorded.get("only")
    sources = [each for each in kept["sources"] if only is None or each[0] in only]
    people = [each for each in kept["people"] if each[0] not in gone]
    source = _places(kept["sources"], sources)
    who = _places(kept["people"], people)
    rows = [row for row in kept["segments"] if row[0] in source and row[2] in who]
    columns = Columns(texts=[row[3] for row in rows])
    columns.source = array("i", [source[row[0]] for row in rows])
    columns.number = array("i", [row[1] for row in rows])
    columns.who = array("i", [who[row[2]] for row in rows])
    columns.role = array("b", [list(Role).index(Role.participant)] * len(rows))
    columns.row = columns.start = columns.end = array("i", [0] * len(rows))
    columns.field = columns.question = columns.speaker = array("i", [NONE] * len(rows))
    return Corpus(
        [Source(name=name, sha256=sha256) for name, sha256 in sources],
        [Person(code, label, demographics, {}, group) for code, label, demographics, group in people],
        columns,
    )


def _places(before: list[Any], left: list[Any]) -> dict[int, int]:
    """For each place in a list that is left, its place among those that are."""
    now = {each[0]: i for i, each in enumerate(left)}
    return {i: now[each[0]] for i, each in enumerate(before) if each[0] in now}
