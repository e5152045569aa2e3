"""Sparse text vectors, and how alike two texts are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from persona_core.text import fold


class Embedder(Protocol):
    """Anything that turns texts into vectors whose cosine says how alike they are in meaning."""

    model: str
    """The model's name, as reports give it."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Give a vector for each text, in their order, all of the same length."""
        ...


class Vocabulary:
    """Terms with their inverse document frequency, learnt from documents given as lists of terms."""

    def __init__(self, documents: Iterable[Sequence[str]], *, least: int = 1, most: float = 1.0) -> None:
        """Learn from `documents`; terms in fewer than `least` of them, or in more than the share `most`, are left out."""
        import numpy as np

        counts: Counter[str] = Counter()
        size = 0
        for terms in documents:
            counts.update(set(terms))
            size += 1
        kept = sorted(
            term for term, count in counts.items() if count >= least and count <= max(least, most * size)
        )
        self.terms = tuple(kept)
        self.code = {term: i for i, term in enumerate(kept)}
        self.frequency = np.array([counts[term] for term in kept], dtype=np.float64)
        self.idf = np.log((1 + size) / (1 + self.frequency)) + 1

    def vectors(self, documents: Sequence[Sequence[str]]) -> Any:
        """A row of unit length per document: (1 + log tf) · idf; a row of zeros where it has no known term."""
        import numpy as np
        from scipy.sparse import csr_matrix

        indices: list[int] = []
        values: list[float] = []
        pointers = [0]
        for terms in documents:
            counted = Counter(code for term in terms if (code := self.code.get(term)) is not None)
            indices += counted.keys()
            values += counted.values()
            pointers.append(len(indices))
        data = (1 + np.log(np.array(values, dtype=np.float64))) if values else np.zeros(0)
        data = data * self.idf[indices] if values else data
        matrix = csr_matrix((data, indices, pointers), shape=(len(documents), len(self.terms)))
        return unit_rows(matrix)


def unit_rows(matrix: Any) -> Any:
    """Scale the rows of a sparse matrix to length 1; rows of zeros stay."""
    import numpy as np
    from scipy.sparse import diags

    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return (diags(1 / lengths) @ matrix).tocsr()


def char_grams(text: str, size: int = 4) -> frozenset[str]:
    """Character n-grams of the folded text."""
    folded = fold(text).text
    return frozenset(folded[i : i + size] for i in range(max(1, len(folded) - size + 1)))


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """How much of the smaller set is in the other, 0–1."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0
