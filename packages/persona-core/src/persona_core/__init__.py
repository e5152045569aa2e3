"""Everything that is true without a network: loading, synthesis, evidence, quality, scripts, rendering."""

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
