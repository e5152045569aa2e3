"""Names that are none, and places of a template that nobody filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from persona_core.models.persona import PROSE, Persona
from persona_core.quality.dimension import Deduction
from persona_core.quality.lexicons import listed, plain, sequence, whole, word_set
from persona_core.quality.substance import (
    is_blank,
    is_blank_value,
    is_nameless,
    made_up_address,
    slot,
    unfilled,
)

PLACEHOLDER, ROLE, NICKNAME = 45.0, 25.0, 12.0
"""Points for a name that stands for none, for a role or product in place of one, and for a role before one."""
UNFILLED, UNFILLED_TEXT, ADDRESS, UNKNOWN = 15.0, 20.0, 10.0, 4.0
"""Points for a claim, a title, summary or scenario, an address for an example, and a value of demographics."""


def deductions(persona: Persona) -> Iterator[Deduction]:
    """What the name loses."""
    name = plain(persona.name)
    if _is_placeholder(name, persona.name):
        message = f"“{persona.name}” stands for no name: give it one that fits the participants"
        yield Deduction("name", message, PLACEHOLDER)
    elif whole("names", "products").fullmatch(name) or _is_role(name):
        message = f"“{persona.name}” is a role or a product, not a name: give it a name, and put the role in the title"
        yield Deduction("name", message, ROLE)
    elif _is_nickname(name):
        message = f"“{persona.name}” puts a role before the name, as a slogan does: leave the name alone"
        yield Deduction("name", message, NICKNAME)


def _is_placeholder(name: str, written: str) -> bool:
    return (
        is_nameless(written)
        or slot(written) is not None
        or bool(whole("names", "stock").fullmatch(name.strip(" .\"'")))
        or bool(_label().fullmatch(name))
    )


def _label() -> re.Pattern[str]:
    """A label with a number or a letter: `Persona 1`, `User A`, `Participant P07`, `P7`."""
    labels = "|".join(listed("names", "labels"))
    return re.compile(
        rf"(?:the )?(?:{labels})s?[ _-]*(?:#|no\.?|number)? ?(?:[a-z]{{0,2}}[ -]?\d+|[a-z]|one|two|three|four|five|i{{2,3}}|iv)"
        r"|[a-z]{1,2}[-_]?\d{1,4}|#?\d+"
    )


def _is_role(name: str) -> bool:
    """Whether every word is one of roles and one of them names what people do; `The …` needs the last one only."""
    parts = name.replace("/", " ").split()
    roles, describing = word_set("names", "roles"), word_set("names", "describing")
    if parts[0] == "the" and len(parts) > 2 and parts[-1] in roles:
        return True
    return any(part in roles for part in parts) and all(part in roles or part in describing for part in parts)


def _is_nickname(name: str) -> bool:
    """Whether it is one as `Marketing Mary`: two words of one initial, the first of them a role or describing one."""
    parts = name.split()
    roles = word_set("names", "roles") | word_set("names", "describing")
    return len(parts) == 2 and parts[0] in roles and parts[0][0] == parts[1][0] and parts[0] not in _GIVEN


_GIVEN = frozenset(
    ["hunter", "young", "old", "tech", "small", "large", "doctor", "reader", "guest", "leader", "major"]
)
"""Of these words those that are names as well."""


def unfilled_deductions(persona: Persona, said: frozenset[str]) -> Iterator[Deduction]:
    """What claims, texts and demographics lose that were left as a template has them.

    Participants' words may have an address, or a place from which a name was taken.
    """
    texts = [(path, claim.text, UNFILLED) for path, claim in persona.claims()]
    texts += [(field, text, UNFILLED_TEXT) for field in PROSE if (text := getattr(persona, field))]
    for path, text, points in texts:
        found = unfilled(text) or (text if is_blank(text) else None)
        if not found and path not in said:
            found = slot(text)
        if found and not _is_cut(found):
            yield Deduction(
                path, f"“{_short(found)}” was never filled in: say what the participants said", points
            )
        elif path not in said and (found := made_up_address(text)):
            yield Deduction(path, f"“{found}” is an address for examples: take it out", ADDRESS)
    yield from _demographics(persona)


def _is_cut(found: str) -> bool:
    """Whether it is a transcriber's note, as `[inaudible]`, or only signs."""
    return found.startswith(("[", "{", "<")) and not (unfilled(found) or slot(found))


def _demographics(persona: Persona) -> Iterator[Deduction]:
    for key, value in persona.demographics.items():
        texts = [each for each in sequence(value) if isinstance(each, str)]
        if address := next(filter(None, map(made_up_address, texts)), None):
            yield Deduction(
                f"demographics.{key}", f"“{address}” is an address for examples: take it out", ADDRESS
            )
        elif texts and all(map(is_blank_value, texts)):
            message = f"“{_short(texts[0])}” says nothing: leave out what is not known"
            yield Deduction(f"demographics.{key}", message, UNKNOWN)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"
