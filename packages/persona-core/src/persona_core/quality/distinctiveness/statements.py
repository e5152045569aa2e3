"""What personas say, as columns and sparse matrices that can be compared by the thousand."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from persona_core.models.persona import Claim, Persona
from persona_core.text import content_stems, words

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_SAYS = re.compile(r"[^\W_]")


@dataclass(slots=True)
class Statements:
    """The claims of personas in a row, one persona after the other; what stands twice in a persona counts once."""

    personas: tuple[Persona, ...]
    """In an order of their own, the same whatever order they came in; each has a claim."""
    paths: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    wording: list[int] = field(default_factory=list)
    """Claims of the same words, whatever their case and punctuation, have the same number."""
    bounds: list[int] = field(default_factory=lambda: [0])
    """Where each persona's claims begin, and the last ones end."""
    stems: Any = None
    """Claims × stems, idf of each stem among all claims, rows of length 1."""
    quotes: Any = None
    """Claims × quotes that they rest on, 0 or 1."""
    demographics: Any = None
    """Personas × words of demographic values, rows of length 1."""
    participants: Any = None
    """Personas × participants behind them, but those that stand behind all; rows of length 1."""
    vectors: Any = None
    """Claims × dimensions of meaning, rows of length 1 or 0; nothing without an embedder."""

    def claims(self, persona: int) -> range:
        """Which claims are that persona's."""
        return range(self.bounds[persona], self.bounds[persona + 1])


def claims_of(persona: Persona) -> Iterator[tuple[str, Claim]]:
    """Give a persona's claims with their paths, those that say something, the headline last."""
    said = [(path, claim) for path, claim in persona.claims() if _SAYS.search(claim.text)]
    yield from (each for each in said if each[0] != "headline")
    yield from (each for each in said if each[0] == "headline")


def statements(
    personas: Iterable[Persona], vectors: Mapping[str, Sequence[float]] | None = None
) -> Statements:
    """Read the claims of the personas that have any."""
    found = Statements(tuple(sorted((each for each in personas if any(claims_of(each))), key=_place)))
    wordings, quotes, stems = _Codes(), _Table(), _Table()
    for persona in found.personas:
        seen: set[int] = set()
        for path, claim in claims_of(persona):
            bare = _BETWEEN_WORDS.sub(" ", claim.text).strip().casefold()
            wording = wordings.code(bare)
            if wording not in seen:
                seen.add(wording)
                found.paths.append(path)
                found.texts.append(claim.text)
                found.wording.append(wording)
                stems.add(content_stems(claim.text) or bare.split())
                quotes.add(" ".join(each.quote.split()).casefold() for each in claim.evidence if each.quote)
        found.bounds.append(len(found.paths))
    found.stems = unit(stems.matrix(), rare_counts_more=True)
    found.quotes = quotes.matrix()
    _read_people(found)
    if vectors is not None:
        found.vectors = _vectors(found.texts, vectors)
    return found


def _place(persona: Persona) -> tuple[str, str, str]:
    """Where a persona stands among the others, whatever order they came in."""
    said = "" if persona.id else " ".join(claim.text for _, claim in persona.claims())
    return persona.id, persona.name, said


def _read_people(found: Statements) -> None:
    values, participants = _Table(), _Table()
    for persona in found.personas:
        said = (word for value in persona.demographics.values() for word in words(str(value)))
        values.add(word.casefold() for word in said)
        participants.add(persona.participants)
    behind = participants.matrix()
    counts = behind.sum(axis=0)
    found.demographics = unit(values.matrix())
    found.participants = unit(behind[:, (counts < len(found.personas)).nonzero()[0]])


class _Codes:
    """Numbers for texts, in the order they come."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def code(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known))


class _Table:
    """Rows of terms that become a sparse matrix."""

    def __init__(self) -> None:
        self.codes = _Codes()
        self.columns = array("i")
        self.pointers = array("q", [0])

    def add(self, terms: Iterable[str]) -> None:
        self.columns.extend(sorted({self.codes.code(term) for term in terms}))
        self.pointers.append(len(self.columns))

    def matrix(self) -> Any:
        import numpy as np
        from scipy.sparse import csr_array

        data = np.ones(len(self.columns), dtype=np.float32)
        columns = np.frombuffer(self.columns, dtype=np.int32) if self.columns else np.zeros(0, dtype=np.int32)
        shape = (len(self.pointers) - 1, max(1, len(self.codes.known)))
        return csr_array((data, columns, np.array(self.pointers)), shape=shape)


def unit(matrix: Any, *, rare_counts_more: bool = False) -> Any:
    """Scale rows of zeros and ones to length 1, with the inverse document frequency of columns where asked for."""
    import numpy as np

    if rare_counts_more:
        counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
        idf = np.log((1 + matrix.shape[0]) / (1 + counts)) + 1
        matrix.data *= idf[matrix.indices].astype(np.float32)
    sizes = np.diff(matrix.indptr)
    squares = np.bincount(np.repeat(np.arange(len(sizes)), sizes), matrix.data**2, minlength=len(sizes))
    lengths = np.sqrt(squares).astype(np.float32)
    matrix.data /= np.repeat(lengths, sizes)
    return matrix


def _vectors(texts: Sequence[str], vectors: Mapping[str, Sequence[float]]) -> Any:
    import numpy as np

    size = max((len(each) for each in vectors.values()), default=1)
    empty = [0.0] * size
    return np.array([vectors.get(text, empty) for text in texts], dtype=np.float32)
