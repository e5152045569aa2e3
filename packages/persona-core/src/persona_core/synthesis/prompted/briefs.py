"""What a persona is to be made of, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from persona_core.errors import PersonaError
from persona_core.models.corpus import Corpus
from persona_core.models.notice import Notice
from persona_core.models.persona import Persona
from persona_core.synthesis import describing
from persona_core.synthesis.grouping import Grouping
from persona_core.synthesis.prompted.answers import Observation
from persona_core.synthesis.prompted.lines import Piece

T = TypeVar("T")
Noted = tuple[Piece, Observation]
"""An observation and what it was made of."""


@dataclass(frozen=True, slots=True)
class Brief:
    """Whom a persona is to be made of."""

    label: str
    difference: str
    people: tuple[int, ...]
    pieces: tuple[Piece, ...] = ()
    """What says most, best first."""
    observations: tuple[Noted, ...] = ()
    """What a first reader noted, best first."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A persona as it came."""

    brief: Brief
    persona: Persona
    claims: int
    """Claims that the model made."""
    unfounded: tuple[str, ...] = ()
    """Those that rested on nothing."""
    unshown: tuple[str, ...] = ()
    """Those that rested on words which may not be shown."""
    notices: tuple[Notice, ...] = ()
    ended: PersonaError | None = None
    """Why nothing more could be asked, where something should have been."""


def briefs_of(corpus: Corpus, grouping: Grouping, segments: Sequence[int] | None = None) -> list[Brief]:
    """A brief for each group, which says what they talk about more than the others: in all they said, or in some segments."""
    briefs, talk = [], describing.Talk(corpus, segments)
    for number, group in enumerate(grouping.groups):
        others = [i for other, members in enumerate(grouping.groups) if other != number for i in members]
        terms = talk.topics(group, others)
        label = grouping.names[number] if grouping.names else describing.title(terms, {}, "")
        more = f"they talk about {', '.join(terms) or 'the same as the others'} more than the others"
        briefs.append(Brief(label, more, tuple(group)))
    return briefs


def by_turns(queues: Iterable[Iterator[T]]) -> Iterator[T]:
    """One of each, then the next of each, so that a cut leaves nobody out."""
    waiting = list(queues)
    while waiting:
        still = []
        for queue in waiting:
            for each in queue:
                yield each
                still.append(queue)
                break
        waiting = still


def in_turn(corpus: Corpus, pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces, one participant after the other."""
    each: dict[int, list[Piece]] = {}
    for piece in pieces:
        each.setdefault(corpus.columns.who[piece.position], []).append(piece)
    return list(by_turns(iter(theirs) for theirs in each.values()))
