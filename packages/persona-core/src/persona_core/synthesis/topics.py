"""Topics of participants: a sparse matrix as a product of two small ones without negative numbers.

NMF by coordinate descent (Cichocki and Phan 2009) from a start out of the singular vectors (NNDSVDa: Boutsidis and
Gallopoulos 2008), which a randomised projection finds (Halko, Martinsson and Tropp 2011). It does what
scikit-learn's `NMF(init="nndsvda")` does: importing that takes three times as long as a study of 120 interviews.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_ROUNDS, _SETTLED = 400, 1e-4
"""Most rounds, and the share of the first round's movement that is rest."""
_SPARE = 10
"""Random directions beyond those that are wanted."""
_NOTHING = 1e-6
"""What is less in the start counts for 0."""


def topics(matrix: Any, count: int, seed: int) -> Numbers:
    """Find `count` topics, a row each over the columns of a sparse matrix; `count` is at most its lesser side."""
    import numpy as np

    weights, found = _start(matrix, count, np.random.RandomState(seed))
    first = 0.0
    for each in range(_ROUNDS):
        moved = _descend(weights, found @ found.T, (matrix @ found.T).T)
        moved += _descend(found, weights @ weights.T, (matrix.T @ weights.T).T)
        first = first if each else moved
        if moved <= _SETTLED * first:
            break
    return found


def _descend(factor: Numbers, gram: Numbers, cross: Numbers) -> float:
    """Move each row of a factor once towards its best, in place; give how far all of it was from rest."""
    import numpy as np

    violation = 0.0
    for row, values in enumerate(factor):
        gradient = gram[row] @ factor - cross[row]
        violation += float(np.abs(np.where(values == 0, np.minimum(gradient, 0), gradient)).sum())
        if gram[row, row]:
            factor[row] = np.maximum(values - gradient / gram[row, row], 0)
    return violation


def _start(matrix: Any, count: int, random: np.random.RandomState) -> tuple[Numbers, Numbers]:
    """Both factors to start from, a topic a row: the positive or the negative side of each pair of singular vectors."""
    import numpy as np

    left, sizes, right = _singular(matrix, count, random)
    pairs = [
        _weightier(one, other, first=not n) for n, (one, other) in enumerate(zip(left, right, strict=True))
    ]
    scale = np.sqrt(sizes)[:, None]
    factors = (scale * np.array([pair[0] for pair in pairs]), scale * np.array([pair[1] for pair in pairs]))
    for factor in factors:
        factor[factor < _NOTHING] = 0
        factor[factor == 0] = matrix.mean()
    return factors


def _weightier(one: Numbers, other: Numbers, *, first: bool) -> tuple[Numbers, Numbers]:
    """The side of two vectors that weighs more; the first pair has but one."""
    import numpy as np

    if first:
        return np.abs(one), np.abs(other)
    sides = [(np.maximum(sign * one, 0), np.maximum(sign * other, 0)) for sign in (1, -1)]
    weights = [float(np.linalg.norm(a) * np.linalg.norm(b)) for a, b in sides]
    side = 0 if weights[0] > weights[1] else 1
    (a, b), weight = sides[side], weights[side]
    if not weight:
        return a, b
    return np.sqrt(weight) * a / np.linalg.norm(a), np.sqrt(weight) * b / np.linalg.norm(b)


def _singular(matrix: Any, count: int, random: np.random.RandomState) -> tuple[Numbers, Numbers, Numbers]:
    """The left singular vectors, the values and the right vectors that are largest; a vector a row."""
    import numpy as np

    tall = matrix.T if matrix.shape[0] < matrix.shape[1] else matrix
    basis = random.normal(size=(tall.shape[1], count + _SPARE))
    for _ in range(7 if count < 0.1 * min(matrix.shape) else 4):
        basis = np.linalg.qr(tall @ basis)[0]
        basis = np.linalg.qr(tall.T @ basis)[0]
    basis = np.linalg.qr(tall @ basis)[0]
    turned, sizes, short = np.linalg.svd((tall.T @ basis).T, full_matrices=False)
    long, short = (basis @ turned).T[:count], short[:count]
    return (short, sizes[:count], long) if tall is not matrix else (long, sizes[:count], short)
