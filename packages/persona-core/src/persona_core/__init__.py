"""Everything that is true without a network: loading, synthesis, evidence, quality, scripts, rendering."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona_core.errors import (
        ConfigurationError,
        CorpusMismatchError,
        GenerationError,
        LeakError,
        LoadError,
        PersonaError,
        RunFolderError,
    )
    from persona_core.loading import load, read_back
    from persona_core.models import (
        Claim,
        Corpus,
        Evidence,
        EvidenceReport,
        LoadingOptions,
        Locator,
        Persona,
        PersonaSet,
        Scorecard,
        Segment,
        Source,
        SynthesisOptions,
        Tier,
    )
    from persona_core.models.script import Script, ScriptFormat
    from persona_core.pipeline import Release, ReleaseOptions, generate, release, score, stream
    from persona_core.runs import read_personas, to_json
    from persona_core.verification import verify

_HOMES = {
    "persona_core.errors": (
        "ConfigurationError",
        "CorpusMismatchError",
        "GenerationError",
        "LeakError",
        "LoadError",
        "PersonaError",
        "RunFolderError",
    ),
    "persona_core.loading": (
        "load",
        "read_back",
    ),
    "persona_core.models": (
        "Claim",
        "Corpus",
        "Evidence",
        "EvidenceReport",
        "LoadingOptions",
        "Locator",
        "Persona",
        "PersonaSet",
        "Scorecard",
        "Segment",
        "Source",
        "SynthesisOptions",
        "Tier",
    ),
    "persona_core.models.script": (
        "Script",
        "ScriptFormat",
    ),
    "persona_core.pipeline": (
        "Release",
        "ReleaseOptions",
        "generate",
        "release",
        "score",
        "stream",
    ),
    "persona_core.runs": (
        "read_personas",
        "to_json",
    ),
    "persona_core.verification": ("verify",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Claim",
    "ConfigurationError",
    "Corpus",
    "CorpusMismatchError",
    "Evidence",
    "EvidenceReport",
    "GenerationError",
    "LeakError",
    "LoadError",
    "LoadingOptions",
    "Locator",
    "Persona",
    "PersonaError",
    "PersonaSet",
    "Release",
    "ReleaseOptions",
    "RunFolderError",
    "Scorecard",
    "Script",
    "ScriptFormat",
    "Segment",
    "Source",
    "SynthesisOptions",
    "Tier",
    "generate",
    "load",
    "read_back",
    "read_personas",
    "release",
    "score",
    "stream",
    "to_json",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is."""
    if name not in _HOME:
        raise AttributeError(f"module 'persona_core' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
