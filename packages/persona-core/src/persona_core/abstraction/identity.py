"""Who is played: a made name, a title in the words of many, banded demographics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from persona_core.abstraction.demographics import Who
from persona_core.abstraction.spoken import Spoken
from persona_core.abstraction.terms import Term
from persona_core.made_names import is_free, names_like, words_in
from persona_core.models.corpus import Corpus
from persona_core.models.persona import Persona
from persona_core.models.script import Identity

_taken: WeakKeyDictionary[Corpus, frozenset[str]] = WeakKeyDictionary()
_LIST = re.compile(r"^[^,]+(?:, [^,]+)* and [^,]+$")
"""A bare list of topics is a title for those who made it, not for a character."""


def identity(
    persona: Persona, corpus: Corpus | None, spoken: Spoken, known: Sequence[Term], who: Who, k: int
) -> Identity:
    """Say who is played."""
    return Identity(
        name=name_of(persona, corpus),
        title=title_of(persona, spoken, known, k),
        demographics_summary=who.summary,
        demographics=who.values,
    )


def name_of(persona: Persona, corpus: Corpus | None) -> str:
    """The persona's own name where none of its words stands in what was said; else a made one."""
    taken = _words_of(persona) if corpus is None else _words_in(corpus)
    plain = " ".join(persona.name.split())
    fits = re.fullmatch(r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2}", plain) and len(plain) <= 40
    if fits and is_free(plain, taken):
        return plain
    return names_like(f"{persona.id}:{corpus.digest if corpus else ''}", taken)


def _words_in(corpus: Corpus) -> frozenset[str]:
    if corpus not in _taken:
        _taken[corpus] = words_in(corpus)
    return _taken[corpus]


def _words_of(persona: Persona) -> frozenset[str]:
    """The words of what a persona quotes, and of the codes it names people by."""
    cited = tuple(persona.cited())
    said = (
        *(each.quote for each in cited),
        *(each.participant or "" for each in cited),
        *persona.participants,
    )
    return frozenset(word.casefold() for text in said for word in re.findall(r"[^\W\d_][\w-]*", text))


def title_of(persona: Persona, spoken: Spoken, known: Sequence[Term], k: int) -> str:
    """The persona's own title where at least `k` say every word of it; else one made of what its group speaks of."""
    title = " ".join(persona.title.split())
    if " " in title and not _LIST.match(title) and len(title) <= 60 and spoken.all_said(title, k):
        return title
    deed = next((term for term in known if term.verb), None)
    things = [term.bare for term in known if not term.verb and not (deed and term.stems & deed.stems)]
    if deed:
        return f"Someone who {deed.does}" + (f" and deals with {things[0]}" if things else "")
    return f"Someone who deals with {' and '.join(things[:2])}" if things else ""
