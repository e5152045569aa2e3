"""What the loaders gathered, to a corpus: voices become people, and who withdrew is left out."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence

from persona_core.loading.builder import Builder
from persona_core.loading.consent import Register
from persona_core.loading.roles import Cast
from persona_core.models.corpus import NONE, ROLES, Columns, Corpus, Person, Role, Source, Speaker

_WITHDRAWN = -2


def assemble(builder: Builder, found: Cast, register: Register) -> Corpus:
    """Turn voices into people, and leave out those who withdrew."""
    columns = builder.columns
    people, person_of = _people(builder, found, register)
    roles = [ROLES.index(decision.role) for decision in found.decisions]
    withdrawn = {i for i, person in enumerate(person_of) if person == _WITHDRAWN}
    columns.role = array("b", [roles[who] for who in columns.who])
    if withdrawn:
        columns = _without(columns, withdrawn, builder, found)
        columns.role = array("b", [roles[who] for who in columns.who])
    columns.who = array("i", [max(NONE, person_of[who]) for who in columns.who])
    corpus_sources = _sources(builder, found, columns, people)
    _tell_who_is_unknown(builder, columns, corpus_sources)
    return Corpus(corpus_sources, people, columns, builder.notices)


def _people(builder: Builder, found: Cast, register: Register) -> tuple[list[Person], list[int]]:
    """The participants who said something, and for each voice who it is (-1 nobody, -2 withdrawn)."""
    spoken = set(builder.columns.who)
    voices: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, decision in enumerate(found.decisions):
        if decision.identity is not None:
            voices[decision.identity].append(i)
    person_of = [NONE] * len(builder.whos)
    people, matched = [], set()
    for identity, members in voices.items():
        if not any(i in spoken for i in members):
            continue
        code, label = found.codes[identity], found.labels.get(identity, "")
        files = [builder.sources[builder.whos[i].source].name for i in members] if register.entries else []
        entry = register.of(code, label, files)
        if entry is not None:
            matched.add(id(entry))
        place = _WITHDRAWN if entry is not None and entry.withdrawn else len(people)
        for i in members:
            person_of[i] = place
        if place == _WITHDRAWN:
            continue
        demographics: dict[str, str] = {}
        answers: dict[str, str] = {}
        for i in members:
            for key, value in builder.whos[i].demographics.items():
                demographics.setdefault(key, value)
            for key, value in builder.whos[i].answers.items():
                answers.setdefault(key, value)
        if entry is not None:
            demographics |= entry.demographics
        people.append(
            Person(
                code,
                label,
                demographics,
                answers,
                entry.group if entry else "",
                entry.quote_ok if entry else not register.entries or _without_consent_column(register),
            )
        )
    unmatched = [entry.participant or entry.file for entry in register.entries if id(entry) not in matched]
    if unmatched:
        builder.notice(
            "unknown_participants",
            f"the participants file names {', '.join(unmatched[:8])}{' …' if len(unmatched) > 8 else ''}, who said nothing in these sources",
        )
    return people, person_of


def _without_consent_column(register: Register) -> bool:
    """Whether a participants file asks nothing about consent; with it, who is not listed has not given any."""
    return all(entry.quote_ok for entry in register.entries)


def _without(columns: Columns, voices: set[int], builder: Builder, found: Cast) -> Columns:
    """Leave out what these voices said, and whole sources in which nobody else answers."""
    left: dict[int, set[int]] = defaultdict(set)
    for source, who in zip(columns.source, columns.who, strict=True):
        left[source].add(who)
    asking = {i for i, decision in enumerate(found.decisions) if decision.role is not Role.participant}
    emptied = {source for source, whos in left.items() if whos & voices and not (whos - voices - asking)}
    keep = [i for i, who in enumerate(columns.who) if who not in voices and columns.source[i] not in emptied]
    builder.notice(
        "withdrawn", f"{len(columns.texts) - len(keep)} segments of participants who withdrew were not loaded"
    )
    kept = Columns(
        texts=[columns.texts[i] for i in keep],
        fields=columns.fields,
        questions=columns.questions,
        labels=columns.labels,
    )
    for name in ("source", "number", "who", "row", "field", "question", "speaker", "start", "end"):
        setattr(kept, name, array("i", [getattr(columns, name)[i] for i in keep]))
    for name in ("parts", "time", "page", "paragraph"):
        sparse = getattr(columns, name)
        setattr(kept, name, {new: sparse[old] for new, old in enumerate(keep) if old in sparse})
    return kept


def _sources(builder: Builder, found: Cast, columns: Columns, people: Sequence[Person]) -> list[Source]:
    segments: Counter[int] = Counter(columns.source)
    said: dict[int, set[int]] = defaultdict(set)
    for source, who, role in zip(columns.source, columns.who, columns.role, strict=True):
        if who >= 0 and ROLES[role] is Role.participant:
            said[source].add(who)
    speakers = _speakers(builder, found)
    return [
        Source(
            name=draft.name,
            sha256=draft.sha256,
            kind=draft.kind,
            segments=segments[i],
            participants=len(said[i]),
            encoding=draft.encoding,
            columns=draft.columns,
            speakers=tuple(speakers.get(i, ())),
            left_out=dict(sorted(draft.left_out.items())),
        )
        for i, draft in enumerate(builder.sources)
    ]


def _speakers(builder: Builder, found: Cast) -> dict[int, list[Speaker]]:
    """The labels of each source; for transcripts in cells, the same label once, with all its turns."""
    merged: dict[int, dict[tuple[str, Role], Speaker]] = defaultdict(dict)
    for who, decision in zip(builder.whos, found.decisions, strict=True):
        if who.kind != "label":
            continue
        key = (who.label, decision.role)
        before = merged[who.source].get(key)
        code = (
            found.codes.get(decision.identity)
            if decision.identity and decision.role is Role.participant
            else None
        )
        merged[who.source][key] = Speaker(
            label=who.label,
            role=decision.role,
            participant=code if before is None else None,
            turns=who.turns + (before.turns if before else 0),
            reason=decision.reason,
        )
    return {source: list(speakers.values()) for source, speakers in merged.items()}


def _tell_who_is_unknown(builder: Builder, columns: Columns, sources: Sequence[Source]) -> None:
    unknown = ROLES.index(Role.unattributed)
    codes = sorted(
        {source for source, role in zip(columns.source, columns.role, strict=True) if role == unknown}
    )
    if codes:
        names = ", ".join(f"“{sources[i].name}”" for i in codes[:3]) + (
            f" and {len(codes) - 3} more" if len(codes) > 3 else ""
        )
        labels = list(
            dict.fromkeys(
                speaker.label
                for i in codes
                for speaker in sources[i].speakers
                if speaker.role is Role.unattributed
            )
        )
        shown = ", ".join(f"“{label}”" for label in labels[:6])
        builder.notice(
            "unattributed",
            f"nobody can tell who asks and who answers in {names}{f' (speakers: {shown})' if shown else ''}: these words help to group and are not quoted. "
            "Name who asks with --interviewer LABEL or who answers with --participant-label LABEL, or take all for participants with --assume-participant",
        )
