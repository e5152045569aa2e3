"""Everything that is true without a network: loading, synthesis, evidence, quality, scripts, rendering."""

from persona_core.errors import (
    ConfigurationError,
    CorpusMismatchError,
    GenerationError,
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
    Segment,
    Source,
    SynthesisOptions,
    Tier,
)
from persona_core.pipeline import generate, stream
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
    "LoadError",
    "LoadingOptions",
    "Locator",
    "Persona",
    "PersonaError",
    "PersonaSet",
    "RunFolderError",
    "Segment",
    "Source",
    "SynthesisOptions",
    "Tier",
    "generate",
    "load",
    "read_back",
    "read_personas",
    "stream",
    "to_json",
    "verify",
]
