"""Words in a row that stand in the corpus, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona_core.auditing.said import Said
from persona_core.auditing.views import View, views
from persona_core.shingles import Tokens, tokens_of
from persona_core.text import STOP_WORDS, content_stems, fold, is_solo, sentence_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

RUN, RARE_RUN, SOLO_RUN = 6, 4, 12
"""Words in a row that are somebody's own: of any kind, with a rare one among them, letters without spaces."""
COMMON = 3
"""What so many people say is nobody's own."""
_RARE = 2
"""A rare word is said at most so often in at least `_ENOUGH` texts."""
_ENOUGH = 300
_RARE_CONTENT = 3
"""Of four words in a row, so many carry content: else they are a turn of phrase around a rare word."""
_TELLING, _LONG = 2, 9
"""So many different words of content make a run somebody's own, and so many words whatever they are; of others (`to the
point where it`) only a whole sentence of somebody's is."""
_TRIES = 5_000
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
"""What counts for one of the words: `don't` does, though it is indexed as two; `day-to-day` is three."""
_PIECES = frozenset(piece for word in STOP_WORDS for piece in word.split("'"))


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a text, by half-open offsets, that fewer than `COMMON` people say."""

    start: int
    end: int
    words: int
    segment: str | None
    likely: bool = False
    """Whether they may well be chance: people of this study put words together like that."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A text that holds some words, and its segment."""

    text: str
    segment: str | None


def runs_in(text: str, said: Sequence[Said]) -> list[Run]:
    """Find the longest runs that stand in what was said, in the order of the text."""
    found = [run for view in views(text) for run in _runs(view, said)]
    kept: list[Run] = []
    for run in sorted(found, key=lambda run: (run.start, -run.end)):
        if not kept or run.end > kept[-1].end:
            kept.append(run)
    return kept


def _runs(view: View, said: Sequence[Said]) -> Iterator[Run]:
    tokens = tokens_of(view.text)
    rare = _rare_windows(view, tokens, said[0]) if said else set()
    for words, chosen in ((RUN, None), (RARE_RUN, rare)):
        if chosen is not None and not chosen:
            continue
        own = _own_windows(tokens, words, said, chosen)
        for first, last in _joined(own, words):
            start, end = int(tokens.starts[first]), int(tokens.ends[last])
            count = len(_WORD.findall(fold(view.text[start:end]).text))
            if count < words and last - first + 1 < SOLO_RUN:
                continue
            spaced = not any(map(is_solo, view.text[start:end]))
            likely = False
            if (count < _LONG) if spaced else (last - first + 1 < SOLO_RUN):
                holders = (own[i] for i in range(first, last + 1) if i in own)
                if not spaced:
                    continue
                if not _whole(tokens, first, last, holders):
                    if not _tells(view.text[start:end]):
                        continue
                    likely = _likely(said[0], tokens.hashes[first : last + 1])
            yield Run(*view.span(start, end), count, own[first].segment, likely)


def _likely(said: Said, words: Hashes) -> bool:
    """Whether chance gives words too often to say that they are somebody's."""
    return said.phrasing.expected(words) > said.phrasing.limit


def _tells(text: str) -> bool:
    """Whether some words say something."""
    return len(set(content_stems(text))) >= _TELLING


def _whole(tokens: Tokens, first: int, last: int, holders: Iterable[Holder]) -> bool:
    """Whether words hold a whole sentence of one of those texts."""
    run = tokens.hashes[first : last + 1].tobytes()
    for text in {holder.text for holder in holders}:
        for start, end in sentence_spans(text):
            sentence = tokens_of(text[start:end]).hashes
            if RUN <= len(sentence) <= last - first + 1 and sentence.tobytes() in run:
                return True
    return False


def _joined(own: Iterable[int], words: int) -> Iterator[tuple[int, int]]:
    """Join windows that overlap or touch: the first word and the last."""
    first = last = -2
    for i in sorted(own):
        if i > last + 1:
            if last >= 0:
                yield first, last
            first = i
        last = i + words - 1
    if last >= 0:
        yield first, last


def _own_windows(
    tokens: Tokens, words: int, said: Sequence[Said], chosen: set[int] | None
) -> dict[int, Holder]:
    """The windows that somebody says, and fewer than `COMMON` people do, with a text that holds each."""
    held = [each.index.windows(tokens, words) for each in said]
    own: dict[int, Holder] = {}
    for first in sorted(set().union(*held)):
        if chosen is not None and first not in chosen:
            continue
        people: dict[int, Holder] = {}
        for each, windows in zip(said, held, strict=True):
            _count(each, windows.get(first, ()), tokens, first, words, people)
        if 0 < len(people) < COMMON:
            own[first] = next(iter(people.values()))
    return own


def _count(
    said: Said,
    positions: Numbers | Sequence[int],
    tokens: Tokens,
    first: int,
    words: int,
    people: dict[int, Holder],
) -> None:
    """Add those who say a window to `people`, until they are `COMMON`."""
    for position in map(int, positions[:_TRIES]):
        if len(people) >= COMMON:
            return
        person = int(said.who[position])
        if person not in people and said.index.holds(position, tokens, first, words):
            people[person] = Holder(said.index.texts[position], said.segment(position))


def _rare_windows(view: View, tokens: Tokens, said: Said) -> set[int]:
    """The first words of windows that hold a rare word and say something."""
    if len(said.texts) < _ENOUGH:
        return set()
    words = [view.text[a:b] for a, b in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)]
    rare = [0 < said.written.often(word) <= _RARE for word in words]
    content = list(map(_carries, words))
    last = len(content) - RARE_RUN + 1
    return {
        i
        for i in range(last)
        if any(rare[i : i + RARE_RUN]) and sum(content[i : i + RARE_RUN]) >= _RARE_CONTENT
    }


def _carries(word: str) -> bool:
    return len(word) > 1 and word.lower() not in _PIECES
