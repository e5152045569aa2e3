"""How good personas are: five dimensions, each a pure function, and the score over them."""

from persona_core.quality.comparing import compare
from persona_core.quality.configuration import Configuration, lenient, read_configuration, strict
from persona_core.quality.dimension import Deduction, Dimension, Given, Measure
from persona_core.quality.scorer import DIMENSIONS, score_given, texts

__all__ = [
    "DIMENSIONS",
    "Configuration",
    "Deduction",
    "Dimension",
    "Given",
    "Measure",
    "compare",
    "lenient",
    "read_configuration",
    "score_given",
    "strict",
    "texts",
]
