"""Values of participants' rows that a text mentions, and how many participants they fit together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from persona_core.auditing.ages import ages_in
from persona_core.auditing.copies import people_once
from persona_core.auditing.disguises import plain
from persona_core.models.corpus import Corpus
from persona_core.text import STOP_WORDS, word_spans

_SAYS_NOTHING = frozenset(
    """
    various mixed unknown given none other others yes no true false n/a na prefer agree disagree neutral never always
    often sometimes rarely daily weekly monthly independent
    """.split()
)
_LONGEST = 8
"""Words of a value that is looked for."""
_TELLING = 2
"""A value of so many words that carry something may say alone who somebody is; one of fewer only together with others."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A value of some participants' rows, by half-open offsets into a text."""

    key: str
    start: int
    end: int
    people: frozenset[int]
    telling: bool = False


class Mentions:
    """What participants' rows hold, found in texts."""

    def __init__(self, corpus: Corpus) -> None:
        people: dict[tuple[str, tuple[str, ...]], set[int]] = defaultdict(set)
        self._ages: dict[str, set[int]] = defaultdict(set)
        for i, person in zip(people_once(corpus), corpus.people, strict=True):
            for key, value in person.demographics.items():
                if "age" in key.lower().split("_") and str(value).strip().isdecimal():
                    self._ages[str(value).strip()].add(i)
                for phrase in _phrases(str(value)):
                    people[key, phrase].add(i)
        self._values: dict[tuple[str, ...], list[tuple[str, frozenset[int]]]] = defaultdict(list)
        for (key, phrase), who in people.items():
            self._values[phrase].append((key, frozenset(who)))

    def few(self, text: str, k: int) -> tuple[int, list[Mention]]:
        """How many participants the mentioned values fit together, and the mentions: none where `k` do, or nobody does."""
        mentions = list(self._find(text))
        fitting: dict[str, frozenset[int]] = {}
        for each in mentions:
            fitting[each.key] = fitting.get(each.key, frozenset()) | each.people
        together = frozenset.intersection(*fitting.values()) if fitting else frozenset()
        if len(fitting) > 1 and 0 < len(together) < k:
            return len(together), mentions
        alone = [each for each in mentions if each.telling and len(fitting[each.key]) < k]
        return min((len(fitting[each.key]) for each in alone), default=0), alone

    def _find(self, text: str) -> Iterator[Mention]:
        for start, end, age in ages_in(text):
            if whose := self._ages.get(age):
                yield Mention("age", start, end, frozenset(whose))
        spans = word_spans(text)
        said = [_word(text[start:end]) for start, end in spans]
        for first in range(len(said)):
            for last in range(first, min(len(said), first + _LONGEST)):
                phrase = tuple(said[first : last + 1])
                for key, people in self._values.get(phrase, ()):
                    yield Mention(key, spans[first][0], spans[last][1], people, _tells(phrase))


def _phrases(value: str) -> Iterator[tuple[str, ...]]:
    """A value, and what stands in it before a bracket or a comma, where they say anything."""
    for part in {value, re.split(r"[(,;/]", value)[0]}:
        bare = plain(part)
        phrase = tuple(_word(bare[start:end]) for start, end in word_spans(bare))
        if 0 < len(phrase) <= _LONGEST and not all(map(_is_idle, phrase)):
            yield phrase


def _word(word: str) -> str:
    return word.casefold().replace("’", "'")


def _is_idle(word: str) -> bool:
    return len(word) < 3 or word.isdecimal() or word in STOP_WORDS or word in _SAYS_NOTHING


def _tells(phrase: tuple[str, ...]) -> bool:
    return sum(not _is_idle(word) for word in phrase) >= _TELLING
