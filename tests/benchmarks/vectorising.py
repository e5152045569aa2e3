"""What scikit-learn takes to vectorise texts: the floor of what reads a whole corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import seconds

READ = 100_000
"""Of more texts so many are read, and the rest is taken to be as quick."""


def hashed(texts: Sequence[str], words: int) -> float:
    """Seconds of hashing every run of so many words, the vectors as long as scikit-learn makes them."""
    from sklearn.feature_extraction.text import HashingVectorizer

    some = texts[:READ]
    vectors = HashingVectorizer(ngram_range=(words, words), alternate_sign=False, norm=None)
    return seconds(lambda: vectors.transform(some)) * len(texts) / len(some)


def measure(personas: str) -> float:
    """Seconds of TF-IDF over the claims of a personas file."""
    from persona_core.runs import read_personas

    made = read_personas(Path(personas)).personas
    return weighed([claim.text for each in made for _, claim in each.claims()])


def weighed(texts: Sequence[str]) -> float:
    """Seconds of TF-IDF over words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    some = texts[:READ]
    return seconds(lambda: TfidfVectorizer().fit_transform(some)) * len(texts) / len(some)
