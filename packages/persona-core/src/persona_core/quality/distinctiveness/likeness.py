"""How much of what one persona says another says too: the mean over its claims of the best match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from persona_core.quality.distinctiveness.statements import Statements, unit

ORDINARY, SAME = 0.25, 0.65
"""Likeness up to which two personas are ordinary ones of a study, and from which they are the same."""
_SAME_QUOTE = 0.9
"""Match of two claims that rest on the same quote."""
_SAME_PEOPLE = 0.15
"""By how much the same demographics, and the same participants, each raise a likeness."""
_MATCH = 0.45
"""Least match of two claims that say the same in other words."""
_UNRELATED = 0.25
"""Share of the way from two texts' usual likeness in meaning to the same meaning, up to which they are not alike."""
_PAIRED, _PAIRED_SAME = 0.18, 0.4
"""Likeness in meaning of claims paired off, up to which two personas are ordinary, and from which they are the same."""
_PAIRED_LEAST = 5
"""Claims of each of two personas from which on pairing them off tells anything."""
_GRAM, _COLUMNS, _SAMPLE = 4, 1 << 18, 500


class Likeness:
    """Compares blocks of personas with blocks of personas.

    Claims match by the mean of two cosines, of content stems weighted by their rareness and of character 4-grams; by
    meaning, where an embedder gave vectors; and by a quote that both rest on. Dice and cosine of both were the best of
    the lexical signals for moderate paraphrase, and the mean of best matches tells copies in other words from other
    personas of a study, where one vector for a whole persona does not.
    """

    def __init__(self, said: Statements) -> None:
        self._said = said
        self._usual = usual_meaning(said)

    def block(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[Any, Any, Any]:
        """Compare each row persona with each column persona.

        Gives how much of the row's claims the column says (0–1), how much of the column's the row says, and how many
        claims of the row the column has.
        """
        import numpy as np

        said = self._said
        ours, theirs = _block(said, rows), _block(said, columns)
        matches = self._matches(ours.claims, theirs.claims)
        best = np.maximum.reduceat(matches, theirs.starts, axis=1)
        back = np.maximum.reduceat(matches, ours.starts, axis=0)
        people = self._people(rows, columns)
        paired = self._paired(ours, theirs)
        there = np.add.reduceat(best, ours.starts, axis=0) / ours.sizes[:, None]
        again = np.add.reduceat(back, theirs.starts, axis=1) / theirs.sizes[None, :]
        shared = np.add.reduceat((best >= _MATCH).astype(np.int32), ours.starts, axis=0)
        there, again = np.maximum(there, paired), np.maximum(again, paired)
        return np.minimum(1, there * people).round(4), np.minimum(1, again * people).round(4), shared

    def _paired(self, rows: _Block, columns: _Block) -> Any:
        """How alike personas are by claims that are each other's nearest in meaning, as a likeness; 0 without vectors.

        Personas of one study have claims about the same things; a copy, in whatever words, has a partner for nearly
        each of its claims.
        """
        import numpy as np

        if self._said.vectors is None:
            return np.float32(0)
        meaning = self._said.vectors[rows.claims] @ self._said.vectors[columns.claims].T
        meaning = np.maximum(0, (meaning - self._usual) / (1 - self._usual))
        best = np.repeat(np.maximum.reduceat(meaning, columns.starts, axis=1), columns.sizes, axis=1)
        back = np.repeat(np.maximum.reduceat(meaning, rows.starts, axis=0), rows.sizes, axis=0)
        mutual = np.where((meaning == best) & (meaning == back), meaning, 0)
        sums = np.add.reduceat(np.add.reduceat(mutual, columns.starts, axis=1), rows.starts, axis=0)
        fewest = np.minimum(rows.sizes[:, None], columns.sizes[None, :])
        share = np.where(fewest >= _PAIRED_LEAST, sums / fewest, 0)
        excess = np.clip((share - _PAIRED) / (_PAIRED_SAME - _PAIRED), 0, 1)
        return ORDINARY + (SAME - ORDINARY) * excess

    def _matches(self, ours: Any, theirs: Any) -> Any:
        import numpy as np

        said = self._said
        found = (said.stems[ours] @ said.stems[theirs].T).toarray()
        found += (self._grams(ours) @ self._grams(theirs).T).toarray()
        found /= 2
        if said.quotes.nnz:
            same = (said.quotes[ours] @ said.quotes[theirs].T).toarray() > 0
            np.maximum(found, same * np.float32(_SAME_QUOTE), out=found)
        if said.vectors is not None:
            meaning = (said.vectors[ours] @ said.vectors[theirs].T - self._usual) / (1 - self._usual)
            np.maximum(found, (meaning - _UNRELATED) / (1 - _UNRELATED), out=found)
        return np.minimum(1, found, out=found)

    def _people(self, rows: Sequence[int], columns: Sequence[int]) -> Any:
        """What likeness is multiplied by because the same people seem to be meant."""
        alike = [
            (each[rows] @ each[columns].T).toarray()
            for each in (self._said.demographics, self._said.participants)
        ]
        return 1 + _SAME_PEOPLE * sum(alike)

    def _grams(self, claims: Any) -> Any:
        return gram_rows([self._said.texts[i] for i in claims])


@dataclass(frozen=True, slots=True)
class _Block:
    """The claims of some personas in a row, where each persona's begin there, and how many they are."""

    claims: Any
    starts: Any
    sizes: Any


def _block(said: Statements, personas: Sequence[int]) -> _Block:
    import numpy as np

    sizes = np.array([len(said.claims(persona)) for persona in personas])
    claims = np.concatenate([np.arange(said.bounds[each], said.bounds[each + 1]) for each in personas])
    return _Block(claims, np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)


def gram_rows(texts: Sequence[str]) -> Any:
    """A row of length 1 per text over its character 4-grams, which share 2¹⁸ columns."""
    import numpy as np
    from scipy.sparse import csr_array

    folded = [f" {' '.join(text.casefold().split())}".ljust(_GRAM) for text in texts]
    letters = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    sizes = np.array([len(text) for text in folded])
    codes = np.zeros(len(letters) - _GRAM + 1, dtype=np.uint64)
    for shift in range(_GRAM):
        codes = codes * np.uint64(0x9E3779B97F4A7C15) + letters[shift : shift + len(codes)]
    codes ^= codes >> np.uint64(29)
    row = np.repeat(np.arange(len(texts)), sizes)[: len(codes)]
    left = np.repeat(np.cumsum(sizes), sizes)[: len(codes)] - np.arange(len(codes))
    whole = left >= _GRAM
    column = codes[whole] % np.uint64(_COLUMNS)
    short = len(texts) * _COLUMNS < 1 << 31
    kind = np.dtype(np.int32 if short else np.int64)  # half as wide sorts twice as fast
    cells = np.sort(row[whole].astype(kind) * _COLUMNS + column.astype(kind))
    cells = cells[np.diff(cells, prepend=-1) > 0]
    pointers = np.searchsorted(cells, np.arange(len(texts) + 1) * _COLUMNS)
    data = np.ones(len(cells), dtype=np.float32)
    return unit(csr_array((data, cells % _COLUMNS, pointers), shape=(len(texts), _COLUMNS)))


def usual_meaning(said: Statements) -> float:
    """The median cosine in meaning of claims of different personas, over a sample of 500 claims.

    Embedders differ in what they give to texts that have nothing in common.
    """
    import numpy as np

    if said.vectors is None:
        return 0.0
    owner = np.repeat(np.arange(len(said.personas)), np.diff(said.bounds))
    picked = np.unique(np.linspace(0, len(owner) - 1, min(len(owner), _SAMPLE)).astype(int))
    cosines = said.vectors[picked] @ said.vectors[picked].T
    others = cosines[owner[picked][:, None] != owner[picked][None, :]]
    return min(0.9, float(np.median(others))) if len(others) else 0.0
