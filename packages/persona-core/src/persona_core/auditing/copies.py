"""Whose words are a copy of somebody else's: one interview in four files is one person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from weakref import WeakKeyDictionary

from persona_core.models.corpus import NONE, Corpus

_SAME = 0.8
"""Of the one who said less, so much is what the other said, too."""
_LONG, _ENOUGH = 4, 20
"""Words of a text that is compared, and of all of somebody's: short answers are the same by chance."""
_MANY = 30
"""What more people say tells no copy."""
_people: WeakKeyDictionary[Corpus, tuple[int, ...]] = WeakKeyDictionary()
_sources: WeakKeyDictionary[Corpus, tuple[int, ...]] = WeakKeyDictionary()


def people_once(corpus: Corpus) -> tuple[int, ...]:
    """For each participant by number the first one with the same words; itself, as a rule."""
    if corpus not in _people:
        _people[corpus] = _once(corpus.columns.who, len(corpus.people), corpus)
    return _people[corpus]


def sources_once(corpus: Corpus) -> tuple[int, ...]:
    """The same of sources, whoever speaks in them."""
    if corpus not in _sources:
        _sources[corpus] = _once(corpus.columns.source, len(corpus.sources), corpus)
    return _sources[corpus]


def count_once(corpus: Corpus, people: Iterable[int]) -> int:
    """How many people some participants are, those with the same words being one."""
    once = people_once(corpus)
    return len({once[i] for i in people})


def _once(numbers: Sequence[int], count: int, corpus: Corpus) -> tuple[int, ...]:
    """For each of so many numbers the least of those with the same words; one alone is nobody's copy."""
    said = zip(numbers, corpus.columns.texts, strict=True) if count > 1 else ()
    first = _first_with((number, text) for number, text in said if number != NONE)
    return tuple(first.get(i, i) for i in range(count))


def _first_with(said: Iterable[tuple[int, str]]) -> Mapping[int, int]:
    """For each number the least of those with the same words."""
    texts: dict[int, set[int]] = defaultdict(set)
    length: Counter[int] = Counter()
    for who, text in said:
        words = text.casefold().split()
        if len(words) >= _LONG:
            texts[who].add(hash(" ".join(words)))
            length[who] += len(words)
    first: dict[int, int] = {}
    by_texts: dict[frozenset[int], int] = {}
    for who in sorted(texts):
        if length[who] >= _ENOUGH:
            first[who] = by_texts.setdefault(frozenset(texts[who]), who)
    distinct = {who: texts[who] for who in sorted(set(first.values()))}
    nearly = _nearly(distinct)
    return {who: nearly[one] for who, one in first.items()}


def _nearly(texts: Mapping[int, set[int]]) -> dict[int, int]:
    """For each number the least that nearly the same texts lead to."""
    alone: dict[int, int] = {}
    holders: dict[int, list[int]] = {}
    for who, held in texts.items():
        for text in held:
            other = alone.setdefault(text, who)
            if other != who:
                holders.setdefault(text, [other]).append(who)
    shared: Counter[tuple[int, int]] = Counter()
    for several in holders.values():
        if len(several) <= _MANY:
            shared.update(combinations(sorted(several), 2))
    first = {who: who for who in texts}
    for (one, other), count in sorted(shared.items()):
        if count >= _SAME * min(len(texts[one]), len(texts[other])):
            least, more = sorted((_root(first, one), _root(first, other)))
            first[more] = least
    return {who: _root(first, who) for who in texts}


def _root(first: Mapping[int, int], who: int) -> int:
    while first[who] != who:
        who = first[who]
    return who
