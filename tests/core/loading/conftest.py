"""A study: a folder of made-up files, and the corpus they load to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from persona_core.loading import load
from persona_core.models.corpus import Corpus
from persona_core.models.options import LoadingOptions


@dataclass(frozen=True)
class Study:
    folder: Path

    def write(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def load(self, *, participants: Path | None = None, **options: Any) -> Corpus:
        return load(self.folder, LoadingOptions(**options), participants=participants)

    def of(self, name: str, content: str | bytes, **options: Any) -> Corpus:
        """Load a study of one file."""
        return load(self.write(name, content), LoadingOptions(**options))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "study"
    folder.mkdir()
    return Study(folder)


@pytest.fixture
def said() -> Callable[[Corpus], list[tuple[str, str | None, str]]]:
    """Role, participant and words of every segment, in reading order."""
    return lambda corpus: [(segment.role.value, segment.participant, segment.text) for segment in corpus]


@pytest.fixture
def roles() -> Callable[[Corpus], dict[str, str]]:
    """What each column of the first source was taken for."""
    return lambda corpus: {column.name: column.role.value for column in corpus.sources[0].columns}


@pytest.fixture
def codes() -> Callable[[Corpus], set[str]]:
    """The notices' codes."""
    return lambda corpus: {notice.code for notice in corpus.notices}
