"""The word lists of completeness and realism, read from `data/`, and their phrases as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from persona_core.text import content_stems

_MARKS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-", "…": "..."}
)


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """The form that phrases are looked for in: lower case, straight marks, single spaces."""
    return " ".join(text.translate(_MARKS).lower().split())


def parsed(file: Traversable) -> Any:
    """Read a file of our data; in C where there is libyaml, which takes a tenth of the time."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way


@lru_cache(maxsize=16)
def _data(name: str) -> Any:
    return parsed(files(__package__).joinpath("data", f"{name}.yaml"))


@lru_cache(maxsize=64)
def listed(name: str, key: str) -> tuple[str, ...]:
    """The entries of a list; where it is written as running words, those."""
    found = _data(name)[key]
    return tuple(found.split() if isinstance(found, str) else found)


@lru_cache(maxsize=64)
def word_set(name: str, key: str) -> frozenset[str]:
    """The words of a list as they are, in lower case."""
    return frozenset(plain(word) for word in listed(name, key))


@lru_cache(maxsize=64)
def stem_set(name: str, key: str) -> frozenset[str]:
    """The stems of the words of a list, of parts of hyphened words too; stop words have none."""
    return frozenset(stem for word in listed(name, key) for stem in content_stems(word))


@lru_cache(maxsize=64)
def whole(name: str, key: str) -> re.Pattern[str]:
    """A pattern that a text matches when the whole of it is one of the phrases (`fullmatch`)."""
    return re.compile(_any(listed(name, key)))


@lru_cache(maxsize=64)
def within(name: str, key: str) -> re.Pattern[str]:
    """A pattern that finds the phrases in a text, never inside a word."""
    return re.compile(rf"(?<![\w'-])(?:{_any(listed(name, key))})(?![\w'])")


@lru_cache(maxsize=64)
def anywhere(name: str, key: str) -> re.Pattern[str]:
    """A pattern of regular expressions, taken as they stand."""
    return re.compile("|".join(f"(?:{each})" for each in listed(name, key)))


def _any(phrases: Iterable[str]) -> str:
    return "|".join(f"(?:{_written(phrase)})" for phrase in phrases)


def _written(phrase: str) -> str:
    """`word*` takes any ending of the word, ` .*` and `.* ` anything between words."""
    return re.sub(r"(?<=[\w)])\*", r"[\\w'-]*", phrase)


def sequence(values: object) -> Sequence[object]:
    """The values inside a value: of a list or an object its own, else itself; nested ones too."""
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list | tuple):
        return [inner for each in values for inner in sequence(each)]
    return [values]
