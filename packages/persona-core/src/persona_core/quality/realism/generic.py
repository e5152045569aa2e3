"""Goals and pain points that could be anybody's: no object, place, person or occasion in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from persona_core.models.persona import Persona
from persona_core.quality.dimension import Deduction
from persona_core.quality.lexicons import plain, word_set
from persona_core.quality.substance import is_blank, telling_stems
from persona_core.text import STOP_WORDS, words

GOAL, NEED, PAIN = 15.0, 9.0, 8.0
"""Points for each generic goal, each need or motivation, and each pain point or behaviour."""
_SHORTEST = 2
"""Letters; one alone is what an apostrophe or a hyphen left."""
_FACETS = {
    "goals": (GOAL, "goal"),
    "needs": (NEED, "need"),
    "motivations": (NEED, "motivation"),
    "pain_points": (PAIN, "pain point"),
    "behaviours": (PAIN, "behaviour"),
}


def deductions(persona: Persona, said: frozenset[str]) -> Iterator[Deduction]:
    """What generic claims lose; those in participants' words are spared."""
    for facet, (points, called) in _FACETS.items():
        for i, claim in enumerate(getattr(persona, facet)):
            path = f"{facet}[{i}]"
            if path not in said and is_generic(claim.text, complaint=facet not in {"goals", "needs"}):
                message = f"this {called} could be anybody’s: say what exactly, with what, when or for whom"
                yield Deduction(path, message, points)


def is_generic(text: str, *, complaint: bool = False) -> bool:
    """Whether every word that says something is a vague one; a figure, a name or one other word is enough that not."""
    if is_blank(text) or not text.isascii():
        return False
    said = [word for word in words(plain(text)) if telling_stems(word) or word.isdecimal()]
    parts = [part for word in said for part in ([word] if word in _vague() else word.split("-"))]
    return all(_is_vague(part, complaint=complaint) for part in parts)


@lru_cache(maxsize=10_000)
def _is_vague(word: str, *, complaint: bool) -> bool:
    known = _vague() | (word_set("goals", "complaints") if complaint else frozenset())
    return len(word) < _SHORTEST or any(form in known or form in STOP_WORDS for form in _forms(word))


@lru_cache(maxsize=1)
def _vague() -> frozenset[str]:
    return word_set("goals", "vague") | word_set("substance", "filler")


def _forms(word: str) -> list[str]:
    """A word and what it may be a form of: `boosts` and `boosting` of `boost`, `utilised` of `utilise`."""
    forms = [word]
    for ending in ("s", "es", "ed", "d", "ing"):
        if word.endswith(ending):
            bare = word.removesuffix(ending)
            forms += [bare, f"{bare}e"]
    return forms
