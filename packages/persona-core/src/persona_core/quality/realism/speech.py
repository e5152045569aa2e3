"""Words nobody says, and quotes that do not sound said.

Quotes are judged by signs that they were written, never by what is missing from them: dialect, short sentences and another
grammar are speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from persona_core.models.persona import PROSE, Persona
from persona_core.quality.dimension import Deduction
from persona_core.quality.lexicons import plain, within, word_set
from persona_core.quality.substance import information, is_blank
from persona_core.text import words

JARGON, JARGON_QUOTED, JARGON_ABOUT = 12.0, 15.0, 6.0
"""Points for jargon in a claim, in a quote, and in the title, summary or scenario."""
UNSPOKEN = 15.0
"""Points for a quote that was not said by anybody."""
_ROOT = 5
"""Letters that two forms of a word have in common."""
_BULLET = re.compile(r"^\s*(?:[-•*▪–]\s|\d+[.)]\s)")


def deductions(persona: Persona, said: frozenset[str]) -> Iterator[Deduction]:
    """What claims, quotes and texts lose that are worded as nobody would; what participants said is spared."""
    for path, claim in persona.claims():
        if path in said:
            continue
        quoted = path.startswith(("quotes", "headline"))
        if found := jargon(claim.text):
            message = f"nobody says “{found}”: use the participants’ own words"
            yield Deduction(path, message, JARGON_QUOTED if quoted else JARGON)
        elif quoted and (why := unspoken(claim.text, persona.name)):
            yield Deduction(path, f"{why}: quote what a participant said", UNSPOKEN)
    for field in PROSE:
        if found := jargon(getattr(persona, field) or ""):
            yield Deduction(field, f"nobody says “{found}”: use plain words", JARGON_ABOUT)


def jargon(text: str) -> str | None:
    """The words of a slide in it: one that is enough, or two weak ones; None where there are none."""
    plainly = plain(text)
    if found := within("jargon", "strong").search(plainly):
        return found.group()
    weak = {found.group()[:_ROOT]: found.group() for found in within("jargon", "weak").finditer(plainly)}
    return "” and “".join(list(weak.values())[:2]) if len(weak) > 1 else None


def unspoken(text: str, name: str = "") -> str | None:
    """Why a quote does not sound said, in words; None where it may well have been."""
    if is_blank(text):
        return None
    plainly = plain(text).strip("\"' ")
    spoken_of_self = bool(word_set("jargon", "first_person") & {word.lower() for word in words(plainly)})
    if within("jargon", "selling").search(plainly) or within("jargon", "selling_opening").match(plainly):
        return "this sells rather than tells"
    if not spoken_of_self and within("jargon", "about_others").match(plainly):
        return "this speaks about people, nobody speaks in it"
    if not spoken_of_self and _names_itself(plainly, name):
        return "this is told of the persona, not said by it"
    if not spoken_of_self and ((_BULLET.match(text) and len(words(text)) < 8) or _is_abstract(text)):
        return "this is a note, not something that anybody says"
    return None


def _names_itself(plainly: str, name: str) -> bool:
    first = plain(name).split()[:1]
    return (
        bool(first)
        and re.match(
            rf"{re.escape(first[0])}(?:'s)? (?:wants|needs|is|has|likes|feels|prefers|values|uses|loves|often|struggles)\b",
            plainly,
        )
        is not None
    )


def _is_abstract(text: str) -> bool:
    """Whether there is nothing but abstract nouns of slides: `Convenience and reliability`."""
    said = [word.lower() for word in words(text)]
    return len(information(text)) > 0 and set(said) <= word_set("jargon", "abstract")
