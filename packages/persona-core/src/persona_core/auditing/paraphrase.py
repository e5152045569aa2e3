"""Sentences that say what somebody said, in other words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from persona_core.auditing.chance import Chance, learnt
from persona_core.auditing.said import Said
from persona_core.auditing.sentences import Alike, Sentences
from persona_core.auditing.verbatim import COMMON
from persona_core.models.audit import Severity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embedded = tuple[NDArray[np.int64], NDArray[np.float64], Chance]

Vectors = Mapping[str, Sequence[float]]

_WORDS = Chance(0.34, 0.06)
_MEANING = Chance(0.45, 0.06)
"""Where there are too few sentences to learn from."""
_SAMPLE = 500
"""Sentences that chance is learnt from."""
_ALL = 1_000
"""Up to so many sentences, every one may be re-expressed; of more only those that share words are compared in meaning."""
LEVELS: tuple[tuple[Severity, float], ...] = (("high", 0.0001), ("medium", 0.008), ("low", 0.04))
"""How seldom chance gives as good a match, by severity."""
_SURE, _UNSURE = 0.75, 0.25
"""However the corpus is: a match as good is of high severity; one as bad is none."""
_COMMON, _ABOUT = 0.6, 0.1
"""What `COMMON` people say about as well, and well, is nobody's own."""


@dataclass(frozen=True, slots=True)
class Retold:
    """What a sentence is like."""

    similarity: float
    """0–1: of words, or of meaning where that is more telling."""
    chance: float
    """How likely as good a match is between sentences of different people; 1 for nothing unusual."""
    segment: str | None

    @property
    def severity(self) -> Severity | None:
        """How far above chance; None where it may be chance."""
        if self.similarity < _UNSURE:
            return None
        return next((severity for severity, chance in LEVELS if self.chance <= chance), None)


class Group:
    """The sentences of those whom a persona stands for."""

    def __init__(self, said: Said, positions: Iterable[int]) -> None:
        self.sentences = Sentences(said, positions)
        self._embedded: tuple[Vectors, Embedded] | None = None

    @cached_property
    def _sample(self) -> list[int]:
        size = len(self.sentences)
        return list(range(0, size, max(1, size // _SAMPLE)))[:_SAMPLE]

    @cached_property
    def chance(self) -> Chance:
        """Best matches of words between sentences of different people."""
        bests = []
        for number in self._sample if len(set(self.sentences.who.tolist())) > 1 else ():
            who = int(self.sentences.who[number])
            best = self._best(self.sentences.most_alike(self.sentences.texts[number], apart_from=who))
            bests.append(best.similarity if best else 0.0)
        return learnt(bests, _WORDS)

    def _best(self, alike: Sequence[Alike]) -> Alike | None:
        """The best match, unless so many people say it about as well that it is nobody's own."""
        if not alike:
            return None
        enough = max(_COMMON, alike[0].similarity - _ABOUT)
        people = {int(self.sentences.who[each.sentence]) for each in alike if each.similarity >= enough}
        return alike[0] if len(people) < COMMON else None

    def compare(self, sentence: str, vectors: Vectors) -> Retold:
        """Say what a sentence is like, in words and, where there are vectors, in meaning."""
        found = [self._in_words(sentence)]
        if sentence in vectors:
            found.append(self._in_meaning(vectors[sentence], vectors))
        return min(found, key=lambda each: (each.chance, -each.similarity))

    def _retold(self, best: Alike | None, chance: Chance) -> Retold:
        if best is None:
            return Retold(0.0, 1.0, None)
        likely = 0.0 if best.similarity >= _SURE and chance is not _MEANING else chance.of(best.similarity)
        home = int(self.sentences.home[best.sentence])
        return Retold(min(1.0, best.similarity), likely, self.sentences.said.segment(home))

    def _in_words(self, sentence: str) -> Retold:
        return self._retold(self._best(self.sentences.most_alike(sentence)), self.chance)

    def candidates(self, sentences: Iterable[str]) -> list[str]:
        """The group's sentences that could be what some sentences say: all where they are few."""
        if len(self.sentences) <= _ALL:
            return list(self.sentences.texts)
        numbers = {int(number) for each in sentences for number in self.sentences.candidates(each)[0]}
        return [self.sentences.texts[number] for number in sorted(numbers)]

    def _in_meaning(self, vector: Sequence[float], vectors: Vectors) -> Retold:
        import numpy as np

        numbers, matrix, chance = self._meanings(vectors)
        if not len(numbers):
            return Retold(0.0, 1.0, None)
        cosines = matrix @ _unit(np.asarray([vector]))[0]
        best = int(np.argmax(cosines))
        return self._retold_meaning(int(numbers[best]), float(cosines[best]), chance)

    def _retold_meaning(self, number: int, cosine: float, chance: Chance) -> Retold:
        home = int(self.sentences.home[number])
        return Retold(min(1.0, max(0.0, cosine)), chance.of(cosine), self.sentences.said.segment(home))

    def _meanings(self, vectors: Vectors) -> Embedded:
        """Numbers of the sentences that have vectors, these, and how alike different people's are by chance."""
        import numpy as np

        if self._embedded is not None and self._embedded[0] is vectors:
            return self._embedded[1]
        numbers = np.array([i for i, text in enumerate(self.sentences.texts) if text in vectors], np.int64)
        matrix = _unit(np.asarray([vectors[self.sentences.texts[i]] for i in numbers.tolist()], np.float64))
        who = self.sentences.who[numbers]
        bests = []
        for row in range(0, len(numbers), max(1, len(numbers) // _SAMPLE)):
            others = who != who[row]
            if others.any():
                bests.append(float((matrix[others] @ matrix[row]).max()))
        found = numbers, matrix, learnt(bests, _MEANING)
        self._embedded = vectors, found
        return found


def _unit(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    if not len(matrix):
        return matrix.reshape(0, 0)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    unit: NDArray[np.float64] = matrix / lengths
    return unit
