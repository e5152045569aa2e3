"""Personas files and run folders, read and written."""

from persona_core.runs.contents import (
    Input,
    Manifest,
    Material,
    find_sources,
    find_what_is_left,
    input_of,
    inputs_of,
    read_manifest,
    read_personas,
    to_json,
    versions,
    write_run,
)
from persona_core.runs.folder import (
    JOURNAL,
    journal_of,
    left_over,
    looked_at,
    revised_folder,
    run_folder,
    settle,
)
from persona_core.runs.released import RELEASES, Released, note_release, releases_of, write_releases

__all__ = [
    "JOURNAL",
    "RELEASES",
    "Input",
    "Manifest",
    "Material",
    "Released",
    "find_sources",
    "find_what_is_left",
    "input_of",
    "inputs_of",
    "journal_of",
    "left_over",
    "looked_at",
    "note_release",
    "read_manifest",
    "read_personas",
    "releases_of",
    "revised_folder",
    "run_folder",
    "settle",
    "to_json",
    "versions",
    "write_releases",
    "write_run",
]
