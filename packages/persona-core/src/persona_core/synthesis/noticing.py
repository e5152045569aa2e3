"""What a set of personas says of its corpus, however it was made: which it is, and what a reader must know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from persona_core.errors import GenerationError
from persona_core.limits import few
from persona_core.models.corpus import Corpus, Role
from persona_core.models.notice import Notice
from persona_core.models.persona import CorpusRef, Persona, SourceRef

_OF_SOURCES = frozenset(
    {"unattributed", "numbers_per_table", "unreadable", "same_twice", "encoding", "withdrawn"}
)


def corpus_ref(corpus: Corpus) -> CorpusRef:
    """How a personas file names its corpus."""
    return CorpusRef(
        digest=corpus.digest,
        sources=tuple(
            SourceRef(
                name=source.name,
                sha256=source.sha256,
                segments=source.segments,
                participants=source.participants,
            )
            for source in corpus.sources
        ),
        participants=len(corpus.people),
    )


def refuse_without_participants(corpus: Corpus) -> None:
    """Raise GenerationError where no participant speaks, or none may be quoted, and say what to do."""
    roles = Counter(corpus.columns.role)
    said = sum(count for role, count in roles.items() if list(Role)[role] is Role.participant)
    if not said:
        reason = next(
            (notice.message for notice in corpus.notices if notice.code == "unattributed"),
            "these sources hold no participant's words",
        )
        raise GenerationError(f"there is nobody to make personas of: {reason}")
    if not any(corpus.quotable(i) for i in range(len(corpus))):
        raise GenerationError(
            "no participant allowed to be quoted (quote_ok), so no claim could show what it rests on"
        )


def notices_of(corpus: Corpus, personas: Sequence[Persona]) -> list[Notice]:
    """What a reader must know, however the personas were made: of the sources, and of how little some personas rest on."""
    found = [notice for notice in corpus.notices if notice.code in _OF_SOURCES]
    found += notices_of_personas(personas)
    if len(corpus.sources) == 1 and len(corpus.people) <= 1:
        found.append(Notice(code="single_source", message="all of it rests on one source"))
    return found


def notices_of_personas(personas: Sequence[Persona]) -> list[Notice]:
    """How little some personas rest on."""
    return [*few(personas), *_dominant(personas)]


def _dominant(personas: Sequence[Persona]) -> list[Notice]:
    """Personas in which one participant gives more than half of what is quoted, though there are others."""
    found = []
    for persona in personas:
        said = Counter(each.participant for each in persona.evidence())
        if len(persona.participants) >= 3 and said:
            code, times = said.most_common(1)[0]
            if times > 0.5 * said.total():
                found.append(
                    Notice(
                        code="dominant_participant",
                        message=f"{code} gives {times} of the {said.total()} quotes of {persona.name}",
                    )
                )
    return found
