"""What a run was asked to do: loading and synthesis options, the same on the command line, in Python and over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from persona_core.models.noun import Noun


class LoadingOptions(Noun):
    """How sources are read, where the files themselves do not say."""

    participant_column: str | None = None
    """The table column that names the participant; found by name and values where not given."""
    column_roles: Mapping[str, str] = {}
    """What a table's column is for, where it is taken for something else: `open text`, `demographic`, `identifier`, `other`."""
    header_rows: int | Literal["auto"] = "auto"
    """Header rows of tables; `auto` recognises survey exports with two or three. 0 means no header."""
    interviewers: tuple[str, ...] = ()
    """Labels of those who ask; their turns are context and never quoted."""
    participants: tuple[str, ...] = ()
    """Labels of those who answer."""
    answering: tuple[str, ...] = ()
    """Segments whose speakers answer: in place of the label of somebody who withdrew."""
    assume_participant: bool = False
    """Take words whose speaker's role cannot be told for a participant's."""
    skip_unreadable: bool = False
    """Count what cannot be read instead of stopping at it."""
    withdrawn: tuple[str, ...] = ()
    """Codes of participants who withdrew: what they said is not loaded, whatever a participants file says."""
    vacant: tuple[str, ...] = ()
    """Those of them whose own files are not read any more: nobody else is given their code."""
    unasked: tuple[str, ...] = ()
    """Segments in which somebody else, or a question, repeats words of those whose own files are not read any more."""
    unnamed: tuple[tuple[str, int, int], ...] = ()
    """Where others name them: segments and half-open offsets. What stands there is hidden, and stands nowhere else."""
    only: tuple[str, ...] | None = None
    """Names of the sources to read, beside participants files; all where not given."""


class SynthesisOptions(Noun):
    """How personas are made."""

    count: int = Field(default=3, ge=1, le=100)
    """Personas wanted; with `group_by` the groups decide."""
    seed: int = 0
    """The same seed and sources give the same personas."""
    group_by: str | None = None
    """Make one persona per value of this demographic, `group` or column, instead of finding groups."""
