"""How alike two people's sentences are by chance, learnt from the corpus at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_TAIL = 0.1
"""The upper share of what chance gives that is described by an exponential."""
_LEAST = 30
"""From fewer pairs nothing is learnt."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Best matches between different people: a tenth of them are above `level`, by `scale` on average."""

    level: float
    scale: float

    def of(self, similarity: float) -> float:
        """How likely a match as good is between sentences of different people, 0–`_TAIL`; 1 below the level."""
        if similarity < self.level:
            return 1.0
        return _TAIL * math.exp(-(similarity - self.level) / self.scale)


def learnt(similarities: Sequence[float], otherwise: Chance) -> Chance:
    """Fit the upper tail (peaks over a threshold, exponential excess); `otherwise` where there are too few."""
    if len(similarities) < _LEAST:
        return otherwise
    ordered = sorted(similarities)
    cut = int(len(ordered) * (1 - _TAIL))
    level = ordered[cut]
    excess = [each - level for each in ordered[cut:]]
    return Chance(level, max(0.01, sum(excess) / len(excess)))
