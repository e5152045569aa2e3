"""What the participants of a corpus said, counted once, and whom a persona stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from persona_core.abstraction.spoken import Spoken
from persona_core.auditing.copies import people_once
from persona_core.models.corpus import Corpus
from persona_core.models.persona import Persona
from persona_core.naming import names_in

_MOST_TEXTS = 60_000
"""Of more, every so-manieth is counted: that can only keep things out."""
_counted: WeakKeyDictionary[Corpus, Spoken] = WeakKeyDictionary()


def spoken_in(corpus: Corpus) -> Spoken:
    """Count what the participants of a corpus said; done once for each corpus."""
    if corpus not in _counted:
        whose = _whose(corpus)
        step = max(1, len(corpus) // _MOST_TEXTS)
        texts = (
            (whose[who], corpus.columns.texts[i])
            for i in range(0, len(corpus), step)
            if (who := corpus.participant(i))
        )
        _counted[corpus] = Spoken(texts, names_in(corpus))
    return _counted[corpus]


def spoken_by(persona: Persona) -> Spoken:
    """Count what a persona's own evidence says, where there is no corpus; words of nobody known count for nothing."""
    said = {(each.participant, each.quote) for each in persona.cited() if each.participant}
    return Spoken(sorted(said))


def group_of(persona: Persona, corpus: Corpus | None) -> Sequence[str]:
    """The participants whom a persona stands for, as the corpus knows them, copies once; else whom its evidence names."""
    quoted = sorted({each.participant for each in persona.evidence() if each.participant})
    if corpus is None:
        return quoted
    whose = _whose(corpus)
    named = dict.fromkeys(whose[code] for code in persona.participants if code in whose)
    return list(named or dict.fromkeys(whose[code] for code in quoted if code in whose))


def _whose(corpus: Corpus) -> Mapping[str, str]:
    """Whose words each participant's are: of copies, the first one's."""
    people = corpus.people
    return {person.code: people[one].code for person, one in zip(people, people_once(corpus), strict=True)}
