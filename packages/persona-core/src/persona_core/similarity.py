"""Sparse text vectors, and how alike two texts are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from persona_core.text import fold

_SMALL = 2_000_000
"""Numbers, up to which vectors need not be sparse."""


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
        from scipy.sparse import csr_matrix

        data, indices, pointers = self._weighted(documents)
        return unit_rows(csr_matrix((data, indices, pointers), shape=(len(documents), len(self.terms))))

    def rows(self, documents: Sequence[Sequence[str]]) -> Any:
        """The same as `vectors`, in a NumPy array where that is small: importing SciPy takes longer than the work."""
        import numpy as np

        if len(documents) * len(self.terms) > _SMALL:
            return self.vectors(documents)
        data, indices, pointers = self._weighted(documents)
        filled = np.zeros((len(documents), len(self.terms)))
        filled[np.repeat(np.arange(len(documents)), np.diff(pointers)), indices] = data
        lengths = np.linalg.norm(filled, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        return filled / lengths

    def _weighted(self, documents: Sequence[Sequence[str]]) -> tuple[Any, list[int], list[int]]:
        """Weights row after row, their terms, and where each row begins."""
        import numpy as np

        indices: list[int] = []
        values: list[float] = []
        pointers = [0]
        for terms in documents:
            counted = Counter(code for term in terms if (code := self.code.get(term)) is not None)
            indices += counted.keys()
            values += counted.values()
            pointers.append(len(indices))
        data = (1 + np.log(np.array(values, dtype=np.float64))) if values else np.zeros(0)
        return data * self.idf[indices] if values else data, indices, pointers


def cosines(rows: Any, others: Any) -> Any:
    """Cosine of each row with each of the others, as a NumPy array; rows are of unit length, sparse or not."""
    products = rows @ others.T
    return products.toarray() if hasattr(products, "toarray") else products


def unit_rows(matrix: Any) -> Any:
    """Scale the rows of a sparse matrix to length 1; rows of zeros stay."""
    import numpy as np
    from scipy.sparse import diags

    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return (diags(1 / lengths) @ matrix).tocsr()


def char_grams(text: str) -> frozenset[str]:
    """Four characters in a row of the folded text, each once."""
    folded = fold(text).text
    return frozenset(folded[i : i + 4] for i in range(max(1, len(folded) - 3)))


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """How much of the smaller set is in the other, 0–1."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0
