"""Which personas are worth comparing, and how alike those are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persona_core.quality.distinctiveness.likeness import Likeness
from persona_core.quality.distinctiveness.statements import Statements

_ALL = 200
"""Personas, up to which each is compared with each."""
_FREQUENT = 300
"""A feature of more personas than this finds no candidates."""
_WORK = 600
"""Pairs of personas with a feature in common that are looked at, for each persona."""
_LEAST = 0.15
"""Share of the rare features of one of two personas that the other must have for them to be compared."""
_CANDIDATES, _RAREST, _BLOCK, _ROWS = 2, 4, 32, 2000


@dataclass(frozen=True, slots=True)
class Pair:
    """A persona beside another."""

    other: int
    covered: float
    """How much of what the persona says the other says too, 0–1."""
    covers: float
    """How much of what the other says the persona says, 0–1."""
    shared: int
    """How many of the persona's claims the other has, in the same or in other words."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Personas that say the same word for word, and beside each first of them those like it."""

    copies: Sequence[Sequence[int]]
    """Every persona stands in one; those with the same claims, word for word, stand together."""
    pairs: Mapping[int, Sequence[Pair]]
    """By the first of each of `copies`; the most alike first."""


def neighbours(said: Statements) -> Neighbours:
    """Compare each with each, or beyond 200 personas with the two that share most rare words with it.

    What that costs grows with the number of personas, not with its square.
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    for persona in range(len(said.personas)):
        wordings = tuple(sorted(said.wording[claim] for claim in said.claims(persona)))
        groups.setdefault(wordings, []).append(persona)
    copies = list(groups.values())
    firsts = [each[0] for each in copies]
    candidates = _everybody(firsts) if len(firsts) <= _ALL else _candidates(said, firsts)
    return Neighbours(copies, _compared(said, firsts, candidates))


def _everybody(firsts: Sequence[int]) -> dict[int, list[int]]:
    return {each: [other for other in firsts if other != each] for each in firsts}


def _compared(
    said: Statements, firsts: Sequence[int], candidates: Mapping[int, Sequence[int]]
) -> dict[int, list[Pair]]:
    likeness, found = Likeness(said), {}
    for start in range(0, len(firsts), _BLOCK):
        rows = [each for each in firsts[start : start + _BLOCK] if candidates[each]]
        columns = sorted({other for each in rows for other in candidates[each]})
        if rows:
            covered, covers, shared = (each.tolist() for each in likeness.block(rows, columns))
        at = {other: i for i, other in enumerate(columns)}
        for i, each in enumerate(rows):
            pairs = [
                Pair(other, covered[i][at[other]], covers[i][at[other]], shared[i][at[other]])
                for other in candidates[each]
            ]
            found[each] = sorted(pairs, key=lambda pair: (-pair.covered, -pair.covers, pair.other))
    return found


def _candidates(said: Statements, firsts: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {each: [] for each in firsts}
    for row, column in _by_features(_features(said, firsts)):
        found[firsts[row]].append(firsts[column])
    if said.vectors is not None:
        for row, column in _by_meaning(said, firsts):
            if firsts[column] not in found[firsts[row]]:
                found[firsts[row]].append(firsts[column])
    return found


def _features(said: Statements, firsts: Sequence[int]) -> Any:
    """Personas × stems, pairs of a claim's four rarest stems, wordings and quotes; 1 where a persona has one.

    Pairs still tell personas apart where everybody draws on the same few thousand words.
    """
    import numpy as np
    from scipy.sparse import csr_array

    place = np.full(len(said.personas), -1)
    place[firsts] = np.arange(len(firsts))
    owner = place[np.repeat(np.arange(len(said.personas)), np.diff(said.bounds))]
    kinds = (
        _stems(said),
        _stem_pairs(said),
        _cells(said.quotes),
        (np.arange(len(owner)), np.array(said.wording)),
    )
    rows, columns, width = [], [], 0
    for claims, codes in kinds:
        mine = owner[claims] >= 0
        known, column = np.unique(codes[mine], return_inverse=True)
        rows.append(owner[claims[mine]])
        columns.append(column + width)
        width += len(known)
    row, column = np.concatenate(rows), np.concatenate(columns)
    cells = np.sort(
        row * width + column
    )  # np.unique keeps a hash table of them, which takes twice the memory
    cells = cells[np.diff(cells, prepend=-1) > 0]
    pointers = np.searchsorted(cells, np.arange(len(firsts) + 1) * width)
    return csr_array((np.ones(len(cells), np.float32), cells % width, pointers), shape=(len(firsts), width))


def _cells(matrix: Any) -> tuple[Any, Any]:
    """Row and column of what is not 0."""
    import numpy as np

    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices.astype(np.int64)


def _stems(said: Statements) -> tuple[Any, Any]:
    return _cells(said.stems)


def _stem_pairs(said: Statements) -> tuple[Any, Any]:
    """Pairs among the four rarest stems of each claim, as one number each."""
    import numpy as np

    claims, stems = _cells(said.stems)
    counts = np.bincount(stems, minlength=said.stems.shape[1])
    order = np.lexsort((stems, counts[stems], claims))
    claims, stems = claims[order], stems[order]
    rank = np.arange(len(claims)) - np.repeat(said.stems.indptr[:-1], np.diff(said.stems.indptr))
    rows, codes = [], []
    for apart in range(1, _RAREST):
        both = (claims[apart:] == claims[:-apart]) & (rank[apart:] < _RAREST)
        one, other = stems[:-apart][both], stems[apart:][both]
        rows.append(claims[apart:][both])
        codes.append(np.minimum(one, other) * said.stems.shape[1] + np.maximum(one, other))
    return np.concatenate(rows), np.concatenate(codes)


def _by_features(features: Any) -> Iterator[tuple[int, int]]:
    """For each row the rows that share most with it, weighted by rareness, where that is enough of the lighter one."""
    import numpy as np

    counts = np.bincount(features.indices, minlength=features.shape[1])
    telling = features[
        :, np.flatnonzero((counts > 1) & (counts <= _most_frequent(counts, features.shape[0])))
    ]
    counts = np.bincount(telling.indices, minlength=telling.shape[1])
    telling.data = (np.log((1 + features.shape[0]) / (1 + counts[telling.indices]))).astype(np.float32)
    turned = telling.T.tocsr()
    whole = telling.power(2).sum(axis=1)
    for start in range(0, telling.shape[0], _ROWS):
        products = telling[start : start + _ROWS] @ turned
        rows, columns = _cells(products)
        rows += start
        weight = np.minimum(whole[rows], whole[columns])
        enough = (products.data >= _LEAST * weight) & (rows != columns)
        yield from _best(rows[enough], columns[enough], products.data[enough])


def _most_frequent(counts: Any, personas: int) -> int:
    """The most personas that a feature may have, so that all pairs together stay within the work for one persona."""
    import numpy as np

    of_size = np.bincount(np.minimum(counts, _FREQUENT + 1), minlength=_FREQUENT + 2)[: _FREQUENT + 1]
    work = np.cumsum(of_size * np.arange(_FREQUENT + 1) ** 2)
    return max(2, int(np.searchsorted(work, _WORK * personas, side="right")) - 1)


def _best(rows: Any, columns: Any, values: Any) -> Iterator[tuple[int, int]]:
    """Of each row the columns of its greatest values; rows stand one after the other."""
    import numpy as np

    if not len(rows):
        return
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    place = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows)))
    for _ in range(_CANDIDATES):
        at = np.flatnonzero(values == np.maximum.reduceat(values, starts)[place])
        at = at[np.flatnonzero(np.diff(place[at], prepend=-1))]
        at = at[values[at] > 0]
        yield from zip(rows[at].tolist(), columns[at].tolist(), strict=True)
        values[at] = 0


def _by_meaning(said: Statements, firsts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """For each persona those whose claims mean the most alike on the whole; this grows with the square."""
    import numpy as np

    means = np.add.reduceat(said.vectors, said.bounds[:-1], axis=0)[list(firsts)]
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    for start in range(0, len(means), _ROWS):
        products = means[start : start + _ROWS] @ means.T
        products[np.arange(len(products)), np.arange(start, start + len(products))] = -1
        top = np.argpartition(-products, min(_CANDIDATES, products.shape[1] - 1), axis=1)[:, :_CANDIDATES]
        yield from ((start + i, int(j)) for i, row in enumerate(top) for j in row)
