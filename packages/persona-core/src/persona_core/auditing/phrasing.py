"""How likely some words in a row are by chance, as people of a study put words together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from persona_core.shingles import Tokens, tokenise
from persona_core.text import sentence_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Weights = NDArray[np.float64]

_SAMPLE = 20_000
"""Texts that it is learnt from."""
_SCRIPT = 40
"""Sentences of a script that nobody said any of."""
_REFUSED = 0.004
"""Of such scripts, so many may hold somebody's words by chance; a fifth of the goal, since people are more alike than pairs
of words tell."""
_RUN = 6
"""Words of the shortest run that is anybody's own."""


class Phrasing:
    """A word depends on the one before it (Witten–Bell smoothing); what is told of a text leaves that text out."""

    def __init__(self, texts: Sequence[str]) -> None:
        step = max(1, len(texts) // _SAMPLE)
        self._texts = texts[::step][:_SAMPLE]
        self._scale = len(texts) / max(1, len(self._texts))
        self._tokens: Tokens = tokenise(self._texts)

    @cached_property
    def _words(self) -> tuple[NDArray[np.uint64], Numbers, Numbers]:
        """The words, the number of each in the texts, and how often each stands there."""
        import numpy as np

        words, numbers, often = np.unique(self._tokens.hashes, return_inverse=True, return_counts=True)
        return words, numbers.astype(np.int64), often

    @cached_property
    def _pairs(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Pairs of neighbours, how often each is, and for each word how many follow it, and how many different ones."""
        import numpy as np

        words, numbers, _ = self._words
        beside = self._tokens.texts[1:] == self._tokens.texts[:-1]
        pairs, often = np.unique(numbers[:-1][beside] * len(words) + numbers[1:][beside], return_counts=True)
        followed = np.bincount(pairs // len(words), weights=often, minlength=len(words) + 1)
        kinds = np.bincount(pairs // len(words), minlength=len(words) + 1)
        return pairs, often, followed.astype(np.int64), kinds

    def _alone(self, numbers: Numbers) -> Weights:
        """How likely words are, the texts' own occurrence left out."""
        import numpy as np

        often = np.r_[self._words[2], 0]
        alone: Weights = (np.maximum(often[numbers] - 1, 0) + 0.5) / max(1, len(self._tokens.hashes))
        return alone

    def _next(self, before: Numbers, after: Numbers) -> Weights:
        """How likely each word is behind another."""
        import numpy as np

        pairs, often, followed, kinds = self._pairs
        if not len(pairs):
            return self._alone(after)
        wanted = before * len(self._words[0]) + after
        at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        together = np.where(pairs[at] == wanted, often[at] - 1, 0)
        different = np.maximum(kinds[before], 1)
        likely: Weights = (together + different * self._alone(after)) / (
            np.maximum(followed[before] - 1, 0) + different
        )
        return likely

    def _expected(self, numbers: Numbers, size: int) -> Weights:
        """How often each run of so many words is said by chance."""
        import numpy as np

        steps = np.r_[0.0, np.cumsum(np.log(self._next(numbers[:-1], numbers[1:])))]
        first = np.log(self._alone(numbers[: len(numbers) - size + 1]))
        runs = first + steps[size - 1 :] - steps[: len(steps) - size + 1]
        expected: Weights = np.exp(np.minimum(runs, 0)) * len(self._tokens.hashes) * self._scale
        return expected

    def expected(self, words: NDArray[np.uint64]) -> float:
        """How often some words in a row, by their hashes, are said by chance in all of the texts."""
        import numpy as np

        known = self._words[0]
        if not len(known):
            return 0.0
        at = np.minimum(np.searchsorted(known, words), len(known) - 1)
        return float(self._expected(np.where(known[at] == words, at, len(known)), len(words))[0])

    @cached_property
    def limit(self) -> float:
        """Runs that chance gives more often than so are nobody's for sure: else clean scripts would be refused for them."""
        import numpy as np

        texts, numbers = self._tokens.texts, self._words[1]
        if len(numbers) < _RUN:
            return np.inf
        within = texts[_RUN - 1 :] == texts[: len(texts) - _RUN + 1]
        expected = np.sort(self._expected(numbers, _RUN)[within])
        scripts = sum(len(sentence_spans(text)) for text in self._texts) / _SCRIPT
        kept = int(np.searchsorted(np.cumsum(expected), _REFUSED * scripts))
        return float(expected[kept]) if kept < len(expected) else np.inf
