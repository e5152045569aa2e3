"""The phrases of the data files as patterns: words as they are, with a few signs a reader can guess.

`(a|b)` is one of several, `x?` may be missing, `word*` is a word with any ending, `...` is up to four words between, and
`{name}` stands for a list under `words` in `words.yaml`. A phrase never begins or ends inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from persona_core.quality.consistency.triggers import triggers
from persona_core.quality.lexicons import parsed

_NAME = re.compile(r"\{([a-z]+)\}")
_DENYING = "(?:not|never|no|nor|hardly|rarely|barely|longer) "
_NEVER = re.compile(r"(?!)")


def data(name: str) -> Any:
    """Read a data file of this package."""
    return parsed(files(__package__).joinpath("data", name))


def fact_rows() -> Mapping[str, Mapping[str, Any]]:
    """The rows of every file of facts, by their names."""
    folder = files(__package__).joinpath("data", "facts")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".yaml"))
    return {name: row for file in names for name, row in data(f"facts/{file}").items()}


@lru_cache(maxsize=1)
def word_lists() -> Mapping[str, tuple[str, ...]]:
    """The lists of `words.yaml`, by their names."""
    return {name: tuple(listed) for name, listed in data("words.yaml").items()}


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all phrases; matches nothing where there are none."""
    written = [_written(phrase) for phrase in phrases]
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(written)})(?!(?<=\w)\w)") if written else _NEVER


@lru_cache(maxsize=100)
def listed(name: str) -> re.Pattern[str]:
    """The pattern of a list of `words.yaml`."""
    return pattern(word_lists()[name])


class Phrase:
    """A phrase of a row, and what a text needs for it."""

    def __init__(self, phrase: str, *, presupposed: bool = False) -> None:
        self._phrase = phrase
        self.needed = triggers([_written(phrase)])
        """Beginnings of words of which a text needs one; nothing where that cannot be told."""
        self.presupposed = presupposed
        """Whether it holds however the sentence goes: who never helps *her kids* has kids."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What matches it; made when a text may hold it, for most texts hold next to none."""
        return pattern([self._phrase])


def _written(phrase: str) -> str:
    named = _NAME.sub(lambda found: f"(?:{'|'.join(word_lists()[found[1]])})", phrase)
    gapped = named.replace(" ... ", " (?:[^\\s,;]+ ){0,4}?").replace(r"(\w+ )", rf"(?:(?!{_DENYING})\w+ )")
    return re.sub(r"(?<=\w)\*", r"[\\w'-]*", gapped)
