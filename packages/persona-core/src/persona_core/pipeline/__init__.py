"""The compositions everyone calls."""

from persona_core.pipeline.generating import generate, stream
from persona_core.pipeline.honouring import honouring
from persona_core.pipeline.releasing import Release, ReleaseOptions, release, release_by_model
from persona_core.pipeline.scoring import given_to_quality, score, vectors_of
from persona_core.pipeline.withdrawing import Withdrawn, revise, withdraw

__all__ = [
    "Release",
    "ReleaseOptions",
    "Withdrawn",
    "generate",
    "given_to_quality",
    "honouring",
    "release",
    "release_by_model",
    "revise",
    "score",
    "stream",
    "vectors_of",
    "withdraw",
]
