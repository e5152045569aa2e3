"""Topics and groups: who shares words stands together, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array

from persona_core.similarity import Vocabulary, cosines
from persona_core.synthesis.grouping import partition, vocabulary_of
from persona_core.synthesis.topics import topics

SAID = [
    [f"{topic}{word}" for word in range(each, each + 5)]
    for topic in ("bread", "train", "phone")
    for each in range(4)
]
"""Twelve participants, four of each of three topics, who share words with their neighbours only."""


def test_blocks_are_found() -> None:
    """Who shares words stands in one group, whatever the order."""
    order = np.random.default_rng(4).permutation(len(SAID)).tolist()
    said = [SAID[i] for i in order]
    assigned = partition(vocabulary_of(said).rows(said), 3, 0)
    assert {
        frozenset(i for i, group in zip(order, assigned, strict=True) if group == each) for each in range(3)
    } == {
        frozenset(range(0, 4)),
        frozenset(range(4, 8)),
        frozenset(range(8, 12)),
    }


def test_topics_multiply_to_the_matrix() -> None:
    """A product of small matrices is taken apart again: what is left unexplained is next to nothing."""
    draw = np.random.default_rng(1)
    matrix = draw.random((30, 3)) @ (draw.random((3, 50)) * (draw.random((3, 50)) < 0.4))
    found = topics(csr_matrix(matrix), 3, 0)
    weights = np.linalg.lstsq(found.T, matrix.T, rcond=None)[0]
    assert np.linalg.norm(matrix.T - found.T @ weights) < 0.02 * np.linalg.norm(matrix)


@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (40, 200)])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_topics_have_no_negative_numbers(shape: tuple[int, int], count: int) -> None:
    """Whatever the shape, there are so many rows, none below 0, and the same for the same seed, sparse or not."""
    # scipy before 1.15 does not know it as `rng`
    matrix = random_array(shape, density=0.3, format="csr", random_state=np.random.default_rng(2))
    found = topics(matrix, count, 7)
    assert found.shape == (count, shape[1])
    assert (found >= 0).all()
    assert np.array_equal(found, topics(matrix, count, 7))
    assert np.allclose(found, topics(matrix.toarray(), count, 7))


def test_a_matrix_of_nothing_has_topics_of_nothing() -> None:
    """Without a word in common there is nothing to divide by."""
    assert not topics(csr_matrix((3, 4)), 2, 0).any()


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=1, max_size=8))
def test_rows_are_the_vectors(said: list[list[str]]) -> None:
    """Small vectors differ from sparse ones in nothing but how they are kept, and so do their cosines."""
    vocabulary = Vocabulary(said)
    rows, vectors = vocabulary.rows(said), vocabulary.vectors(said)
    assert np.allclose(rows, vectors.toarray())
    assert np.allclose(cosines(rows, rows), cosines(vectors, vectors))


def test_large_rows_are_sparse() -> None:
    """A thousand participants with words of their own do not fill memory with zeros."""
    said = [[f"{i}-{n}" for n in range(3)] for i in range(1000)]
    assert vocabulary_of(said).rows(said).shape[0] == 1000
    assert hasattr(Vocabulary(said).rows(said), "toarray")
