"""Personas as a table for slides and boards: a row for each claim and quote."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from persona_core.consent import NOT_SHOWN
from persona_core.models import Claim, Corpus, Evidence, Persona, PersonaSet
from persona_core.rendering.audience import Audience, Showing, clean
from persona_core.rendering.markdown import HEADINGS, of

COLUMNS = (
    "persona_id",
    "persona",
    "facet",
    "claim",
    "origin",
    "support",
    "stance",
    "quote",
    "participant",
    "tier",
    "segment",
    "place",
)
"""For `share` without the last two, which name sources."""
_FORMULA = re.compile(r"^[\s'\"“”‘’(]*[=+\-@＝＋－＠]")
"""What a spreadsheet might calculate instead of showing."""


def render_table(personas: PersonaSet, *, corpus: Corpus | None = None, audience: Audience = "share") -> str:
    """Render personas as CSV with commas, a row for each quote, and one for a claim without any.

    `stance` is `for` or `against`. A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    showing = Showing(personas, corpus, audience)
    columns = COLUMNS if audience == "team" else COLUMNS[:-2]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(columns)
    for persona in personas.personas:
        writer.writerows([_safe(cell) for cell in row[: len(columns)]] for row in _rows(persona, showing))
    return stream.getvalue()


def _rows(persona: Persona, showing: Showing) -> Iterator[tuple[str, ...]]:
    name = showing.said(persona.name)
    for path, claim in persona.claims():
        facet = path.partition("[")[0]
        head = (showing.said(persona.id), name, HEADINGS.get(facet, "Headline"), *_claim(claim, showing))
        if not claim.evidence:
            yield (*head, "", "", "", "", "", "")
        for stance, each in _both(claim):
            yield (*head, stance, *_quote(each, showing))


def _claim(claim: Claim, showing: Showing) -> tuple[str, ...]:
    text = showing.said(claim.text, claim.evidence) or f"({NOT_SHOWN})"
    return text, claim.origin, of(claim.support)


def _both(claim: Claim) -> Iterator[tuple[str, Evidence]]:
    yield from (("for", each) for each in claim.evidence)
    yield from (("against", each) for each in claim.against)


def _quote(each: Evidence, showing: Showing) -> tuple[str, ...]:
    words = showing.quote(each) or f"({NOT_SHOWN})"
    tier = str(each.tier) if each.tier else ""
    return words, showing.code(each.participant), tier, clean(each.segment or ""), showing.place(each)


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
