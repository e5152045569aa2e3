"""Personas files and run folders, read and written."""

from persona_core.runs.contents import (
    Input,
    Manifest,
    Material,
    find_sources,
    input_of,
    inputs_of,
    read_manifest,
    read_personas,
    to_json,
    versions,
    write_run,
)
from persona_core.runs.folder import JOURNAL, journal_of, left_over, run_folder

__all__ = [
    "JOURNAL",
    "Input",
    "Manifest",
    "Material",
    "find_sources",
    "input_of",
    "inputs_of",
    "journal_of",
    "left_over",
    "read_manifest",
    "read_personas",
    "run_folder",
    "to_json",
    "versions",
    "write_run",
]
