"""Sources with who takes part and how they are read: as core loads them, and as a server is sent them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypedDict

from pydantic import ValidationError

from persona_core.errors import ConfigurationError, LoadError
from persona_core.loading import load
from persona_core.loading.consent import register_rows
from persona_core.loading.files import Found
from persona_core.models import Corpus, PersonaSet
from persona_core.models.job import ReadingOptions, register_of
from persona_sdk.sources import Source, files, given

Participants = Sequence[Mapping[str, Any]] | str | Path
"""A participants file: its path, or its rows with `participant` or `file`, any of `group`, `quote_ok`, `withdrawn`."""


class Reading(TypedDict, total=False):
    """How sources are read: the options of the command line. What is not named is as when the personas were made."""

    participant_column: str | None
    columns: Mapping[str, str]
    header_rows: int | Literal["auto"]
    interviewer: Sequence[str]
    participant_label: Sequence[str]
    assume_participant: bool
    skip_unreadable: bool


@dataclass(frozen=True, slots=True)
class Material:
    """What research there is, if any was given."""

    sources: Source | None
    participants: Participants = ()
    options: ReadingOptions = field(default_factory=ReadingOptions)

    def corpus(self, personas: PersonaSet | None = None) -> Corpus | None:
        """Load it as it was read when the personas were made. Raises LoadError that names file and place."""
        if self.sources is None:
            return None
        recorded = None if personas is None else personas.corpus.loading
        register = self._file or register_of(self.rows())
        return load(given(self.sources), self.options.loading(recorded), participants=register)

    def files(self) -> list[Found]:
        """Every file, but for the participants file."""
        return files(self.sources, without=self._file)

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The lines of the participants file."""
        if self._file is None:
            return [] if isinstance(self.participants, str | Path) else self.participants
        try:
            return register_rows(self._file.read_bytes(), str(self._file))
        except OSError as error:
            raise LoadError("cannot be read", path=str(self._file)) from error

    def body(self) -> dict[str, Any]:
        """It as the part of a request."""
        found = [] if self.sources is None else self.files()
        return {
            "sources": [
                {"name": each.name, "content": base64.b64encode(each.read()).decode(), "encoding": "base64"}
                for each in found
            ],
            "participants": [dict(row) for row in self.rows()],
            "options": self.options.model_dump(mode="json", exclude_unset=True),
        }

    @property
    def _file(self) -> Path | None:
        return Path(self.participants) if isinstance(self.participants, str | Path) else None


def material(sources: Source | None, participants: Participants, options: Mapping[str, Any]) -> Material:
    """Check how sources are to be read. Raises ConfigurationError that names what cannot be."""
    try:
        return Material(sources, participants, ReadingOptions.model_validate(options))
    except ValidationError as error:
        raise refused(error) from error


def refused(error: ValidationError) -> ConfigurationError:
    """An argument that cannot be, in a sentence."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return ConfigurationError(f"{place}: {first['msg'].removeprefix('Value error, ')}")
