"""Participants grouped by what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persona_core.errors import ConfigurationError, GenerationError
from persona_core.models.corpus import Corpus
from persona_core.similarity import Vocabulary, unit_rows
from persona_core.synthesis.candidates import spoken_words
from persona_core.synthesis.topics import topics

_LEAST_STEMS = 3
"""A participant who said less cannot be placed."""
_LARGEST, _SMALLEST = 1.5, 0.6
"""A group's size, in even shares."""
_CROWD = 200
"""From so many participants on, groups need not be even: a cap would only make bland remainders."""
_ROUNDS = 12
_ANSWER_WEIGHT = 0.5
"""What a closed answer counts beside the words of an open one."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups of participants, by their position among the corpus's people."""

    groups: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    """The researcher's own names of the groups; empty where they were found."""
    unplaced: tuple[int, ...]
    own: float = 1.0
    """Mean cosine of a participant with each other one of their group."""
    other: float = 0.0
    """Mean cosine with those of the other groups."""

    @property
    def separation(self) -> float:
        """0–1: how much nearer participants are to their own group than to the others."""
        return max(0.0, (self.own - self.other) / self.own) if self.own > 0 else 0.0


def find_groups(corpus: Corpus, count: int, seed: int) -> Grouping:
    """Group the participants into `count` groups that are balanced and apart, the same for the same seed."""
    said = spoken_words(corpus)
    placeable = [
        i
        for i, stems in enumerate(said)
        if len(stems) >= _LEAST_STEMS or (stems and corpus.people[i].answers)
    ]
    if count > len(placeable):
        raise GenerationError(
            f"{count} personas were asked for, and only {len(placeable)} "
            f"participant{'s' if len(placeable) > 1 else ''} said enough to be grouped: "
            f"ask for at most {len(placeable)} (--count {len(placeable)})"
            if placeable
            else "no participant said enough to be grouped"
        )
    vectors = _with_answers(
        [corpus.people[i].answers for i in placeable],
        vocabulary_of([said[i] for i in placeable]).vectors([said[i] for i in placeable]),
    )
    assigned = partition(vectors, count, seed)
    groups = tuple(
        tuple(placeable[row] for row in range(len(placeable)) if assigned[row] == group)
        for group in range(count)
    )
    order = sorted(range(count), key=lambda group: (-len(groups[group]), groups[group][0]))
    placed = {i for group in groups for i in group}
    own, other = _closeness(vectors, assigned, count)
    return Grouping(
        tuple(groups[group] for group in order),
        (),
        tuple(i for i in range(len(corpus.people)) if i not in placed),
        own,
        other,
    )


def vocabulary_of(said: Sequence[Sequence[str]]) -> Vocabulary:
    """The words that can tell participants apart: said by more than one, and not by everybody."""
    return Vocabulary(said, least=2 if len(said) > 3 else 1, most=0.5 if len(said) > 8 else 0.8)


def partition(vectors: Any, count: int, seed: int) -> list[int]:
    """The group of each row, 0 ≤ group < count, or -1 for one that is like nobody."""
    return _refined(vectors, _assign(_topics(vectors, count, seed), count), count)


def take_groups(corpus: Corpus, by: str) -> Grouping:
    """Take the researcher's own groups: `group` of the participants file, a demographic, or a column."""
    keys = {
        column.name.casefold(): column.key or (column.question or column.name)
        for source in corpus.sources
        for column in source.columns
    }
    key = keys.get(by.casefold(), by)
    values: dict[str, list[int]] = {}
    unplaced = []
    for i, person in enumerate(corpus.people):
        value = (
            person.group
            if by == "group" and person.group
            else person.demographics.get(key) or person.answers.get(key) or ""
        )
        if value:
            values.setdefault(value, []).append(i)
        else:
            unplaced.append(i)
    if not values:
        known = sorted(
            {key for person in corpus.people for key in (*person.demographics, *person.answers)}
            | ({"group"} if any(person.group for person in corpus.people) else set())
        )
        raise ConfigurationError(
            f"no participant has a “{by}” to group by"
            + (f"; there is {', '.join(f'“{key}”' for key in known[:12])}" if known else "")
        )
    if len(values) > 100:
        raise ConfigurationError(
            f"“{by}” has {len(values)} different values; group by something with at most 100"
        )
    names = sorted(values, key=lambda value: (-len(values[value]), value))
    return Grouping(tuple(tuple(values[name]) for name in names), tuple(names), tuple(unplaced))


def _with_answers(given: Sequence[Mapping[str, str]], vectors: Any) -> Any:
    """Put closed answers beside the words."""
    answers = [[f"{question}={answer}" for question, answer in each.items()] for each in given]
    if not any(answers):
        return vectors
    from scipy.sparse import hstack

    closed = Vocabulary(answers, least=2, most=0.7)
    return unit_rows(hstack([vectors, _ANSWER_WEIGHT * closed.vectors(answers)]).tocsr())


def _topics(vectors: Any, count: int, seed: int) -> Any:
    """How much each participant (row) has of each of `count` topics."""
    import numpy as np

    if count == 1 or vectors.shape[1] == 0:
        return np.ones((vectors.shape[0], count))
    fit = min(count, *vectors.shape)
    found = topics(vectors, fit, seed)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    scores = np.zeros((vectors.shape[0], count))
    # Cosine with the topic rather than the factor's own weight: a factor of few loud words else takes everybody.
    scores[:, :fit] = vectors @ (found / lengths).T
    return np.round(scores, 9)


def _refined(vectors: Any, assigned: list[int], count: int) -> list[int]:
    """Move participants to the group whose others they are most like, sizes kept in bounds, until nobody moves."""
    import numpy as np

    for _ in range(_ROUNDS if count > 1 else 0):
        groups = np.array(assigned)
        sums = np.vstack([np.asarray(vectors[groups == group].sum(axis=0)).ravel() for group in range(count)])
        lengths = np.maximum(np.linalg.norm(sums, axis=1), 1e-12)
        scores = np.asarray(vectors @ (sums / lengths[:, None]).T)
        placed = np.flatnonzero(groups >= 0)
        own = groups[placed]
        # Nobody counts towards the group that they are compared with: their vector, of length 1, is taken out of its sum.
        dots = scores[placed, own] * lengths[own]
        rest = np.sqrt(np.maximum(lengths[own] ** 2 - 2 * dots + 1, 1e-12))
        scores[placed, own] = (dots - 1) / rest
        moved = _assign(np.round(scores, 9), count)
        if moved == assigned:
            break
        assigned = moved
    return assigned


def _assign(scores: Any, count: int) -> list[int]:
    """Give each row a group: the best that still has room, those who are surest first; then fill up groups that are too small."""
    rows = len(scores)
    even = rows / count
    largest = rows if rows >= _CROWD else max(1, int(-(-_LARGEST * even // 1)))
    smallest = min(int(even), max(2, round(_SMALLEST * even))) if rows < _CROWD else max(3, int(0.15 * even))
    ranked = (-scores).argsort(axis=1, kind="stable")
    sure = [
        scores[row, ranked[row, 0]] - (scores[row, ranked[row, 1]] if count > 1 else 0) for row in range(rows)
    ]
    assigned = [-1] * rows
    sizes: Counter[int] = Counter()
    for row in sorted(range(rows), key=lambda row: (-sure[row], row)):
        group = next(int(group) for group in ranked[row] if sizes[int(group)] < largest)
        if rows >= _CROWD and scores[row, group] <= 0.02:
            continue  # like nobody: represented by none
        assigned[row] = group
        sizes[group] += 1
    for group in range(count):
        if sizes[group] < smallest:
            _fill(group, smallest, scores, assigned, sizes)
    return assigned


def _fill(group: int, smallest: int, scores: Any, assigned: list[int], sizes: Counter[int]) -> None:
    """Move rows to a group until it is large enough: those who lose least first, from groups that can spare them."""

    def gained(row: int) -> float:
        return float(scores[row, group] - (scores[row, assigned[row]] if assigned[row] >= 0 else 0))

    others = (row for row in range(len(assigned)) if assigned[row] != group)
    for row in sorted(others, key=lambda row: (-gained(row), row)):
        if sizes[group] >= smallest:
            return
        if assigned[row] == -1 or sizes[assigned[row]] > smallest:
            sizes[assigned[row]] -= 1
            assigned[row] = group
            sizes[group] += 1


def _closeness(vectors: Any, assigned: Sequence[int], count: int) -> tuple[float, float]:
    """Mean cosine of a participant with each other one of their group, and with those of the other groups."""
    import numpy as np

    groups = np.array(assigned)
    sizes = np.array([(groups == group).sum() for group in range(count)])
    sums = np.vstack([np.asarray(vectors[groups == group].sum(axis=0)).ravel() for group in range(count)])
    rows = np.flatnonzero(groups >= 0)
    likeness = np.asarray(vectors[rows] @ sums.T)
    mine = likeness[np.arange(len(rows)), groups[rows]]
    alone = np.asarray(vectors[rows].multiply(vectors[rows]).sum(axis=1)).ravel()
    company, outside = sizes[groups[rows]] - 1, sizes.sum() - sizes[groups[rows]]
    own = ((mine - alone)[company > 0] / company[company > 0]).mean() if (company > 0).any() else 0.0
    other = (
        ((likeness.sum(axis=1) - mine)[outside > 0] / outside[outside > 0]).mean()
        if (outside > 0).any()
        else 0.0
    )
    return float(own), float(other)
