"""The same persona twice in a set, under another name and told in other words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from persona_core.models.persona import Claim, Persona
from validity.cases import Case, wordings
from validity.corrupt_citations import uncited
from validity.variants import Variant, chance, is_quote, with_claims

NAMES = ("Robin Ashworth", "Alex Thornton", "Sam Whitfield", "Jo Kendrick", "Chris Maddox", "Pat Hollis")
_WORD = re.compile(r"[A-Za-z']+")
_NUMBER = re.compile(r"\d+")
COPIED = "duplicate, word for word"
RETOLD = "duplicate, paraphrased by hand"
RETOLD_BARE = "duplicate, paraphrased by hand, no quotes or participants"
TURNED = "duplicate, paraphrased by synonyms"
TURNED_BARE = "duplicate, paraphrased by synonyms, no quotes or participants"


def copies(case: Case, at: int) -> Iterator[Variant]:
    """The persona put into its set once more: copied, retold by hand where somebody did, or by synonyms."""
    persona = case.personas.personas[at]
    rng = chance(case, at, "copies")
    retold = case.again.get(persona.id) or by_hand(persona, rng)
    told = {COPIED: renamed(persona, rng)}
    if retold is not None:
        told[RETOLD] = retold
        told[RETOLD_BARE] = without_quotes(retold)
    else:
        turned = reworded(renamed(persona, rng), rng)
        told[TURNED] = turned
        told[TURNED_BARE] = without_quotes(turned)
    for kind, copy in told.items():
        copy = copy.model_copy(update={"id": f"{persona.id}-again"})
        yield Variant(kind, "distinctiveness", case.with_more(copy), len(case.personas.personas))


def renamed(persona: Persona, rng: random.Random) -> Persona:
    """Another name and title, and demographics in other words."""
    demographics = {key: _other_words(value) for key, value in persona.demographics.items()}
    return persona.model_copy(
        update={
            "name": rng.choice(NAMES),
            "title": "Another voice of the study",
            "demographics": demographics,
        }
    )


def _other_words(value: Any) -> Any:
    """A number as its neighbour, text with something before it."""
    if isinstance(value, int):
        return value + 1
    text = str(value)
    return f"around {text}" if _NUMBER.search(text) else f"mostly {text[:1].lower()}{text[1:]}"


def without_quotes(persona: Persona) -> Persona:
    """A persona with its statements alone: what else would show where it comes from is gone."""
    return uncited(persona).model_copy(
        update={"quotes": (), "headline": None, "participants": (), "support": None}
    )


def by_hand(persona: Persona, rng: random.Random) -> Persona | None:
    """The persona with every statement retold by hand; None where that was done for fewer than four in five.

    What was not retold is left out. Further quotes and headline stay as said.
    """
    known: dict[str, str] = wordings("retold")
    stated = [claim for path, claim in persona.claims() if not path.startswith(("quotes", "headline"))]
    if sum(claim.text in known for claim in stated) < 0.8 * len(stated):
        return None

    def change(path: str, claim: Claim) -> Claim | None:
        if path.startswith(("quotes", "headline")):
            return claim
        text = known.get(claim.text)
        return claim.model_copy(update={"text": text, "origin": "model"}) if text else None

    return with_claims(renamed(persona, rng), change).model_copy(update={"summary": ""})


def reworded(persona: Persona, rng: random.Random) -> Persona:
    """Every statement with synonyms for the words that have one, and its halves turned round where it has a comma.

    What is nothing but its quote becomes a statement in other words; further quotes and headline stay as said.
    """

    def change(path: str, claim: Claim) -> Claim:
        if path.startswith(("quotes", "headline")):
            return claim
        text = by_synonyms(claim.text, rng)
        return claim.model_copy(
            update={"text": text, "origin": "model" if is_quote(path, claim) else claim.origin}
        )

    return with_claims(persona, change).model_copy(update={"summary": by_synonyms(persona.summary, rng)})


def by_synonyms(text: str, rng: random.Random) -> str:
    """A text with synonyms for four in five of the words that have one."""
    other: dict[str, str] = wordings("synonyms")

    def put(found: re.Match[str]) -> str:
        word = found.group()
        return other[word.lower()] if word.lower() in other and rng.random() < 0.8 else word

    halves = _WORD.sub(put, text.rstrip(".")).split(", ")
    turned = ", ".join([*halves[1:], halves[0][:1].lower() + halves[0][1:]]) if len(halves) > 1 else halves[0]
    return turned[:1].upper() + turned[1:]
