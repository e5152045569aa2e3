"""What the loaders gathered, to a corpus: voices become people, and who withdrew is left out."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence

from persona_core.loading.builder import Builder, Who
from persona_core.loading.codes import Identity
from persona_core.loading.consent import Entry, Register
from persona_core.loading.leaving import without
from persona_core.loading.roles import Cast
from persona_core.models.corpus import NONE, ROLES, Columns, Corpus, Person, Role, Source, Speaker
from persona_core.text import some_of

_WITHDRAWN = -2


def assemble(builder: Builder, found: Cast, register: Register) -> Corpus:
    """Turn voices into people, and leave out those who withdrew."""
    columns = builder.columns
    people, person_of = _people(builder, found, register)
    roles = [ROLES.index(decision.role) for decision in found.decisions]
    columns.role = array("b", [roles[who] for who in columns.who])
    withdrawn = {i for i, person in enumerate(person_of) if person == _WITHDRAWN}
    columns, unsaid = without(builder, found, withdrawn)
    columns.who = array("i", [max(NONE, person_of[who]) for who in columns.who])
    corpus_sources = _sources(builder, found, columns, withdrawn)
    _tell_who_is_unknown(builder, columns, corpus_sources)
    return Corpus(corpus_sources, people, columns, builder.notices, builder.withheld, unsaid)


def _people(builder: Builder, found: Cast, register: Register) -> tuple[list[Person], list[int]]:
    """The participants who said something, and for each voice who it is (-1 nobody, -2 withdrawn)."""
    spoken = set(builder.columns.who)
    voices: dict[Identity, list[int]] = defaultdict(list)
    for i, decision in enumerate(found.decisions):
        if decision.identity is not None:
            voices[decision.identity].append(i)
    person_of = [NONE] * len(builder.whos)
    people: list[Person] = []
    matched: set[int] = set()
    for identity, members in voices.items():
        if spoken.isdisjoint(members):
            continue
        code, label = found.codes[identity], found.labels.get(identity, "")
        files = [builder.sources[builder.whos[i].source].name for i in members] if register.entries else []
        entries = register.of(code, label, files)
        matched |= {id(entry) for entry in entries}
        withdrew = code in builder.options.withdrawn or any(entry.withdrawn for entry in entries)
        for i in members:
            person_of[i] = _WITHDRAWN if withdrew else len(people)
        if not withdrew:
            people.append(_person(code, label, [builder.whos[i] for i in members], entries, register))
    _tell_who_is_not_heard(builder, register, people, matched)
    return people, person_of


def _person(
    code: str, label: str, voices: Sequence[Who], entries: Sequence[Entry], register: Register
) -> Person:
    """A participant out of all their voices and the participants file's lines, of which the strictest holds."""
    demographics: dict[str, str] = {}
    answers: dict[str, str] = {}
    for voice in voices:
        demographics = voice.demographics | demographics
        answers = voice.answers | answers
    for entry in entries:
        demographics |= entry.demographics
    group = next((entry.group for entry in entries if entry.group), "")
    quote_ok = all(entry.quote_ok for entry in entries) if entries else not register.asks_consent
    return Person(code, label, demographics, answers, group, quote_ok)


def _tell_who_is_not_heard(
    builder: Builder, register: Register, people: Sequence[Person], matched: set[int]
) -> None:
    unknown = [entry for entry in register.entries if id(entry) not in matched]
    if len(unknown) > len(builder.options.vacant):
        message = (
            f"the participants file names {_listed(builder, unknown)}, who said nothing in these sources"
        )
        builder.notice("unknown_participants", message)
    silent = sum(not person.quote_ok for person in people)
    if silent:
        have = "has" if silent == 1 else "have"
        builder.notice(
            "not_quoted",
            f"{silent} of {len(people)} participants {have} not allowed to be quoted: their words are not shown",
        )


def _listed(builder: Builder, unknown: Sequence[Entry]) -> str:
    """Who is meant; of those who withdrew, and where some of them are not to be known, the rows only."""
    quiet = bool(builder.options.vacant)
    told = dict.fromkeys(_meant(entry, hidden=quiet or entry.withdrawn) for entry in unknown)
    return ", ".join(list(told)[:8]) + (" …" if len(told) > 8 else "")


def _meant(entry: Entry, *, hidden: bool) -> str:
    name = entry.participant or entry.file
    says_nothing = any(char.isdigit() for char in name) and not entry.file
    return f"somebody in row {entry.row}" if hidden and not says_nothing else name


def _sources(builder: Builder, found: Cast, columns: Columns, withdrawn: set[int]) -> list[Source]:
    segments: Counter[int] = Counter(columns.source)
    said: dict[int, set[int]] = defaultdict(set)
    for source, who, role in zip(columns.source, columns.who, columns.role, strict=True):
        if who >= 0 and ROLES[role] is Role.participant:
            said[source].add(who)
    speakers = _speakers(builder, found, withdrawn)
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


def _speakers(builder: Builder, found: Cast, withdrawn: set[int]) -> dict[int, list[Speaker]]:
    """The labels of each source; for transcripts in cells, the same label once, with all its turns."""
    merged: dict[int, dict[tuple[str, Role], Speaker]] = defaultdict(dict)
    for i, (who, decision) in enumerate(zip(builder.whos, found.decisions, strict=True)):
        if who.kind != "label" or i in withdrawn:
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
        names = some_of((f"“{sources[i].name}”" for i in codes), 3)
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
