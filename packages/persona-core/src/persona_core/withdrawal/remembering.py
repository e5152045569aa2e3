"""What is kept of a corpus whose sources are gone, so that others can withdraw later, too."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from persona_core.models.corpus import NONE, Columns, Corpus, Person, Role, Source


def remembered(corpus: Corpus, leaving_out: str) -> dict[str, Any]:
    """Everybody's words but one participant's, with who and where, ready for JSON."""
    people = [each for each in corpus.people if each.code != leaving_out]
    number = {each.code: i for i, each in enumerate(people)}
    said = [(i, corpus.participant(i)) for i in range(len(corpus))]
    columns = corpus.columns
    theirs = {columns.source[i] for i, code in said if code == leaving_out}
    # A file of theirs alone is no source any more, and its name may be theirs.
    alone = theirs - {columns.source[i] for i, code in said if code in number}
    kept = [i for i in range(len(corpus.sources)) if i not in alone]
    place = {i: at for at, i in enumerate(kept)}
    return {
        "sources": [{"name": corpus.sources[i].name, "sha256": corpus.sources[i].sha256} for i in kept],
        "people": [asdict(each) for each in people],
        "segments": [
            {
                "source": place[columns.source[i]],
                "number": columns.number[i],
                "who": number[code],
                "text": columns.texts[i],
            }
            for i, code in said
            if code in number
        ],
    }


def recalled(kept: Mapping[str, Any], recorded: Mapping[str, Any]) -> Corpus:
    """The corpus that was remembered: participants' words only, and no place within the sources.

    `recorded` is how personas say that their sources are read: who withdrew and files that are none any more are left out.
    """
    gone, only = recorded.get("withdrawn", ()), recorded.get("only")
    sources = [each for each in kept["sources"] if only is None or each["name"] in only]
    people = [each for each in kept["people"] if each["code"] not in gone]
    source = _places(kept["sources"], sources, "name")
    who = _places(kept["people"], people, "code")
    rows = [row for row in kept["segments"] if row["source"] in source and row["who"] in who]
    columns = Columns(texts=[row["text"] for row in rows])
    columns.source = array("i", [source[row["source"]] for row in rows])
    columns.number = array("i", [row["number"] for row in rows])
    columns.who = array("i", [who[row["who"]] for row in rows])
    columns.role = array("b", [list(Role).index(Role.participant)] * len(rows))
    columns.row = columns.start = columns.end = array("i", [0] * len(rows))
    columns.field = columns.question = columns.speaker = array("i", [NONE] * len(rows))
    made = Corpus([Source(**each) for each in sources], [Person(**each) for each in people], columns)
    at = ((made.position(segment), start, end) for segment, start, end in recorded.get("unnamed", ()))
    made.withheld = frozenset(columns.texts[i][start:end].casefold() for i, start, end in at if i is not None)
    return made


def _places(before: list[Any], left: list[Any], key: str) -> dict[int, int]:
    """For each place in a list that is left, its place among those that are."""
    now = {each[key]: i for i, each in enumerate(left)}
    return {i: now[each[key]] for i, each in enumerate(before) if each[key] in now}
