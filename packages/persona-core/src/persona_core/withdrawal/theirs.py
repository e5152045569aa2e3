"""What in a set of personas is somebody's: their quotes, their words in other texts, their files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from persona_core.consent import NOT_SHOWN
from persona_core.errors import ConfigurationError
from persona_core.models.corpus import NONE, Corpus, Role
from persona_core.models.persona import Evidence, PersonaSet
from persona_core.text import OwnWords, runs


class Theirs:
    """Tells what is a participant's, and what of it is nobody else's."""

    def __init__(self, personas: PersonaSet, participant: str, corpus: Corpus | None) -> None:
        """`participant` is a code, or what the data calls them. Raises ConfigurationError where nobody is called that."""
        self.corpus, self._made = corpus, personas
        self.code = code_of(personas, participant, corpus)
        self.segments = _segments(corpus, self.code)
        said, others = _spoken(personas, self.code, self.segments, corpus)
        self.words = OwnWords(said, others)

    @property
    def held_by(self) -> tuple[str, ...]:
        """Codes of others who said half of what they did or more: one interview in two forms, as a rule."""
        corpus, said = self.corpus, defaultdict[str, set[int]](set)
        if corpus is None:
            return ()
        mine = {hash(run) for i in self.segments for run in runs(corpus.columns.texts[i])}
        for i, text in enumerate(corpus.columns.texts):
            code = corpus.participant(i) if i not in self.segments else None
            if code is not None and mine:
                said[code] |= mine.intersection(map(hash, runs(text)))
        return tuple(sorted(code for code, shared in said.items() if 2 * len(shared) >= len(mine) > 0))

    def shown(self, evidence: Evidence) -> str:
        """The words of a quote, unless its participant did not allow to be quoted."""
        person = self.corpus.person(self.code) if self.corpus is not None else None
        return evidence.quote if person is None or person.quote_ok else f"({NOT_SHOWN})"

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources in which they speak."""
        corpus = self.corpus
        spoken = (corpus.sources[corpus.columns.source[i]].name for i in self.segments) if corpus else ()
        return tuple(dict.fromkeys(sorted(spoken)))

    @property
    def labels(self) -> frozenset[str]:
        """By what the data calls them and nobody else who answers, in lower case."""
        return self._called(theirs=True) - self._called(theirs=False)

    def _called(self, *, theirs: bool) -> frozenset[str]:
        """By what the data calls them, or everybody else who answers, in lower case."""
        called = {label for code, label in _speakers(self._made) if (code == self.code) is theirs}
        corpus = self.corpus
        if corpus is not None:
            answers = (i for i in range(len(corpus)) if corpus.participant(i) is not None)
            spoken = {corpus.columns.speaker[i] for i in answers if (i in self.segments) is theirs} - {NONE}
            called |= {corpus.columns.labels[code] for code in spoken}
            called |= {person.label for person in corpus.people if (person.code == self.code) is theirs}
        return frozenset(each.casefold() for each in called if each)

    def has(self, evidence: Evidence) -> bool:
        """Whether a quote is theirs: by its participant, by where it stands, or, where nothing says whose it is, by its words."""
        if evidence.participant == self.code:
            return True
        at = self.corpus.position(evidence.segment) if self.corpus and evidence.segment else None
        if at is not None:
            return at in self.segments
        return evidence.participant is None and self.repeated_in(evidence.quote)

    def repeated_in(self, text: str, beside: tuple[Evidence, ...] = ()) -> bool:
        """Whether a text repeats words that they alone said; `beside` is what else it may take its words from."""
        return self.words.repeated_in(text, (each.quote for each in beside))

    def cleared(self, value: object) -> object:
        """A value of a file without the texts in it that repeat their words or name them; nothing where it is one."""
        if isinstance(value, str):
            return None if value == self.code or self.repeated_in(value) else value
        if isinstance(value, Mapping):
            kept = {key: self.cleared(each) for key, each in value.items() if not self.repeated_in(str(key))}
            return {key: each for key, each in kept.items() if each is not None or value[key] is None}
        if isinstance(value, (list, tuple)):
            return [each for each in map(self.cleared, value) if each is not None]
        return value


def code_of(personas: PersonaSet, participant: str, corpus: Corpus | None) -> str:
    """The code of a participant, or of the one whom the data calls that: the corpus, or the place of a quote.

    Raises ConfigurationError where nobody is called that.
    """
    known = set(personas.codes())
    if corpus is not None:
        known.update(person.code for person in corpus.people)
        called = [person.code for person in corpus.people if person.label and person.label == participant]
        if participant not in known and len(called) == 1:
            return called[0]
    speaking = {code for code, label in _speakers(personas) if label == participant}
    if participant not in known and len(speaking) == 1:
        return speaking.pop()
    if participant not in known:
        gone = any(each.participant == participant for each in personas.withdrawn)
        raise ConfigurationError(
            f"{participant} withdrew from these personas already"
            if gone
            else f"these personas know no participant “{participant}”: {_listed(known)}"
        )
    return participant


def _speakers(personas: PersonaSet) -> Iterator[tuple[str, str]]:
    """Codes, and what the data calls those who are quoted."""
    for each in personas.cited():
        if each.participant and each.locator is not None and each.locator.speaker:
            yield each.participant, each.locator.speaker


def _listed(codes: set[str]) -> str:
    if not codes:
        return "they name none"
    shown = sorted(codes)[:12]
    return f"they know {', '.join(shown)}{' …' if len(codes) > len(shown) else ''}"


def _segments(corpus: Corpus | None, code: str) -> frozenset[int]:
    """The positions of what they said."""
    who = next((i for i, each in enumerate(corpus.people) if each.code == code), NONE) if corpus else NONE
    if corpus is None or who == NONE:
        return frozenset()
    return frozenset(i for i, each in enumerate(corpus.columns.who) if each == who)


def _spoken(
    personas: PersonaSet, code: str, segments: frozenset[int], corpus: Corpus | None
) -> tuple[list[str], list[str]]:
    """What they said and what others did: all of it with a corpus, else what is quoted."""
    if corpus is not None:
        texts = corpus.columns.texts
        said = [texts[i] for i in sorted(segments)]
        answers = (i for i in range(len(texts)) if corpus.role(i) is Role.participant)
        others = [texts[i] for i in answers if i not in segments]
    else:
        said, others = [], []
    for each in personas.cited():
        if each.participant == code:
            said.append(each.quote)
        elif corpus is None or each.participant is not None:
            others.append(each.quote)
    return said, others
