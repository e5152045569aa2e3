"""What `--dry-run` shows: who is who, which column is what, what is left out, and what would be made."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from persona_cli import output
from persona_core.loading.files import counted
from persona_core.models import (
    Column,
    ColumnRole,
    Corpus,
    Role,
    Source,
    Speaker,
    SynthesisOptions,
)
from persona_core.rendering.markdown import count, label
from persona_core.text import some_of

_MANY = 12
"""Above so many sources they are shown in groups."""
_SHOWN = 20
_REASONS = 3

_DOES: Mapping[Role, str] = {
    Role.participant: "answers",
    Role.interviewer: "asks",
    Role.unattributed: "cannot be told",
}
_KINDS = {"subtitles": "recording", "transcript": "transcript", "prose": "text", "table": "table"}
_ROLES: Mapping[ColumnRole, str] = {
    ColumnRole.participant: "who takes part",
    ColumnRole.identifier: "identifies people: left out",
    ColumnRole.demographic: "demographic",
    ColumnRole.open_text: "answers in people's own words",
    ColumnRole.transcript: "whole transcripts, cut into turns",
    ColumnRole.speaker: "who speaks",
    ColumnRole.question: "the question asked",
    ColumnRole.other: "other: not quoted",
}


def show(corpus: Corpus, synthesis: SynthesisOptions, folder: Path | None, host: str | None = None) -> None:
    """Print the tables and what would be made, offline or by a model at `host`."""
    output.table(
        ("Source", "Read as", "Segments", "Participants", "Left out"),
        list(_sources(corpus)),
        right=("Segments", "Participants"),
    )
    speakers = list(_speakers(corpus.sources))
    if speakers:
        output.table(("Where", "Speaker", "Taken for", "Why"), speakers, title="Who is who")
    columns = list(_columns(corpus.sources))
    if columns:
        output.table(
            ("Table", "Column", "Taken for", "Filled"),
            columns,
            title="What is in the columns",
            right=("Filled",),
        )
    for line in (*_participants(corpus), _would(corpus, synthesis, folder, host)):
        output.paragraph(line)


def document(corpus: Corpus) -> bytes:
    """The same for a program."""
    people = [
        {"code": p.code, "group": p.group, "quote_ok": p.quote_ok, "demographics": dict(p.demographics)}
        for p in corpus.people
    ]
    found = {
        "sources": [source.model_dump(mode="json") for source in corpus.sources],
        "participants": people,
        "warnings": [notice.model_dump(mode="json") for notice in corpus.notices],
    }
    return (json.dumps(found, indent=2, ensure_ascii=False) + "\n").encode()


def _sources(corpus: Corpus) -> Iterator[tuple[str, ...]]:
    if len(corpus.sources) <= _MANY:
        for source in corpus.sources:
            yield (
                source.name,
                source.kind,
                f"{source.segments:,}",
                str(source.participants),
                counted(source.left_out),
            )
        return
    groups: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in corpus.sources:
        groups[(source.kind, Path(source.name).suffix)].append(source)
    for (kind, suffix), members in groups.items():
        left_out: Counter[str] = Counter()
        for source in members:
            left_out.update(source.left_out)
        pieces, people = (
            sum(source.segments for source in members),
            sum(source.participants for source in members),
        )
        yield (
            count(len(members), f"{suffix or 'suffixless'} file"),
            kind,
            f"{pieces:,}",
            str(people),
            counted(left_out),
        )


def _speakers(sources: Sequence[Source]) -> Iterator[tuple[str, ...]]:
    """Every label and who it is taken for; where there are many sources, those alike together."""
    if len(sources) > _MANY:
        yield from _speakers_in_groups(sources)
        return
    for source in sources:
        for i, speaker in enumerate(source.speakers):
            who = (
                f"{_DOES[speaker.role]}: {speaker.participant}"
                if speaker.participant
                else _DOES[speaker.role]
            )
            yield (
                source.name if i == 0 else "",
                f"{speaker.label} ({count(speaker.turns, 'turn')})",
                who,
                speaker.reason,
            )
        if source.kind != "table" and not source.speakers:
            yield (
                source.name,
                "no labels",
                "one participant" if source.participants else "nobody",
                "a file without speakers is one participant",
            )


def _speakers_in_groups(sources: Sequence[Source]) -> Iterator[tuple[str, ...]]:
    common = Counter(speaker.label for source in sources for speaker in source.speakers)
    groups: dict[tuple[tuple[Role, str], ...], list[Source]] = defaultdict(list)
    for source in sources:
        if source.kind != "table" or source.speakers:
            groups[
                tuple(sorted({(each.role, _kind_of_label(each, common)) for each in source.speakers}))
            ].append(source)
    for cast, members in list(groups.items())[:_MANY]:
        kinds = {source.kind for source in members}
        where = count(len(members), _KINDS.get(kinds.pop(), "source") if len(kinds) == 1 else "source")
        if not cast:
            yield (where, "no labels", "one participant each", "a file without speakers is one participant")
        for i, (role, names) in enumerate(_by_role(cast)):
            reason = _reasons(members, role)
            yield (where if i == 0 else "", names, _DOES[role], reason)
    if len(groups) > _MANY:
        yield (f"{len(groups) - _MANY} more kinds", "", "", "")


def _kind_of_label(speaker: Speaker, common: Counter[str]) -> str:
    """A label that many sources have as it is; others by their pattern, so that P01 and P02 are one kind."""
    return (
        speaker.label
        if common[speaker.label] > 1
        else re.sub(r"\d+", "…", speaker.label)
        if re.search(r"\d", speaker.label)
        else "a name"
    )


def _by_role(cast: Iterable[tuple[Role, str]]) -> Iterator[tuple[Role, str]]:
    names: dict[Role, list[str]] = defaultdict(list)
    for role, name in cast:
        names[role].append(name)
    for role in Role:
        if names[role]:
            yield role, ", ".join(names[role])


def _reasons(members: Sequence[Source], role: Role) -> str:
    speakers = (speaker for source in members for speaker in source.speakers if speaker.role is role)
    found = [reason for reason, _ in Counter(speaker.reason for speaker in speakers).most_common()]
    return "; ".join(found[:_REASONS]) + ("; …" if len(found) > _REASONS else "")


def _columns(sources: Sequence[Source]) -> Iterator[tuple[str, ...]]:
    """The columns of each table; tables with the same ones together."""
    groups: dict[tuple[tuple[str, ColumnRole], ...], list[Source]] = defaultdict(list)
    for source in sources:
        if source.columns:
            groups[tuple((column.name, column.role) for column in source.columns)].append(source)
    for members in groups.values():
        where = members[0].name if len(members) == 1 else f"{members[0].name} and {len(members) - 1} more"
        for i, column in enumerate(members[0].columns):
            yield (
                where if i == 0 else "",
                _heading(column),
                _taken_for(column),
                str(sum(source.columns[i].filled for source in members)),
            )


def _heading(column: Column) -> str:
    return (
        f"{column.name}: {column.question}"
        if column.question and column.question != column.name
        else column.name
    )


def _taken_for(column: Column) -> str:
    return f"{_ROLES[column.role]}: {label(column.key).lower()}" if column.key else _ROLES[column.role]


def _participants(corpus: Corpus) -> Iterator[str]:
    people = sorted(corpus.people, key=lambda person: person.code)
    listed = some_of((f"{each.code} ({each.label})" if each.label else each.code for each in people), _SHOWN)
    yield f"{count(len(people), 'participant')}: {listed}."
    groups = Counter(each.group for each in people if each.group)
    if groups:
        listed = ", ".join(f"{name} ({number})" for name, number in sorted(groups.items()))
        yield f"The researcher's groups: {listed}."
    silent = [each.code for each in people if not each.quote_ok]
    if silent:
        yield f"Did not agree to be quoted, so their words count and are not shown: {', '.join(silent)}."


def _would(corpus: Corpus, synthesis: SynthesisOptions, folder: Path | None, host: str | None) -> str:
    people = count(len(corpus.people), "participant")
    if synthesis.count > len(corpus.people) and not synthesis.group_by:
        return f"Could not make {synthesis.count} personas of {people}: there can be {len(corpus.people)} at most."
    grouped = f"one persona for each value of “{synthesis.group_by}”"
    made = grouped if synthesis.group_by else count(synthesis.count, "persona")
    into = f", into {folder.parent if folder.parent.name == 'persona-runs' else folder}" if folder else ""
    how = "offline" if host is None else f"with a model at {host}"
    left = "Nothing would leave this computer" if host is None else "Nothing has left this computer"
    return f"Would make {made} of {people}, {how}{into}. {left}, and nothing was written."
