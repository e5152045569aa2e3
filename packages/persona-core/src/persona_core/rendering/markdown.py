"""Personas as a page that people read: every claim with the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from persona_core.consent import NOT_SHOWN
from persona_core.models import (
    FACETS,
    Claim,
    Corpus,
    CorpusRef,
    Evidence,
    Persona,
    PersonaSet,
    Support,
    Tier,
)
from persona_core.rendering.audience import Audience, Showing, clean, moment
from persona_core.text import words

HEADINGS = {
    "goals": "Goals",
    "needs": "Needs",
    "pain_points": "Pain points",
    "behaviours": "Behaviours",
    "motivations": "Motivations",
    "context": "Context",
    "quotes": "In their words",
}
"""What people call the facets."""

WHAT_THESE_ARE = (
    "These personas sum up what the people in this study said, traced to their own words; they are nobody in "
    "particular, and they measure neither how common something is nor what a market wants."
)

MOST_CODES = 1000
"""Codes that one list shows."""
_SPECIAL = re.compile(r"[\\`*\[\]<>|]|~(?=~)|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_AT_THE_START = re.compile(r"^[#+\-=]")
_LIST_NUMBER = re.compile(r"^(\d+)([.)])")


def render_markdown(
    personas: PersonaSet, *, corpus: Corpus | None = None, audience: Audience = "share"
) -> str:
    """Render a set of personas for people, in Markdown; words from the corpus are escaped.

    For `share`, codes stand for participants and nothing says where words stand; with `corpus`, names and the words
    of those who did not allow to be quoted are left out, too.
    """
    showing = Showing(personas, corpus, audience)
    blocks = ["# Personas", _opening(personas, audience)]
    for persona in personas.personas:
        blocks.extend(_persona(persona, showing))
    blocks.extend(_closing(personas, showing))
    return "\n\n".join(block for block in blocks if block) + "\n"


def escape(text: str) -> str:
    """Escape what Markdown or HTML would read in a text of one line."""
    line = _SPECIAL.sub(r"\\\g<0>", clean(text))
    return _LIST_NUMBER.sub(r"\1\\\2", _AT_THE_START.sub(r"\\\g<0>", line))


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 persona`, `3 personas`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def of(support: Support | None) -> str:
    """`4 of 12`, or nothing."""
    return f"{support.participants} of {support.of}" if support else ""


def is_its_own_quote(claim: Claim) -> bool:
    """Whether a claim is worded as its first quote is, so that showing both would say it twice."""
    return bool(claim.evidence) and _bare(claim.text) == _bare(claim.evidence[0].quote)


def _bare(text: str) -> list[str]:
    return words(text.casefold())


def _opening(personas: PersonaSet, audience: Audience) -> str:
    made = count(len(personas.personas), "persona")
    study = _study(personas.corpus)
    known = "who said them and where" if audience == "team" else "and who said them"
    every = (
        "Every claim stands with the words it rests on" + (", " if audience == "team" else " ") + f"{known}."
    )
    return f"{made} from {study}. {every}" if study else f"{made}. {every}"


def _study(corpus: CorpusRef) -> str:
    parts = []
    if corpus.participants:
        parts.append(count(corpus.participants, "participant"))
    if corpus.sources:
        parts.append(count(len(corpus.sources), "source"))
    return " in ".join(parts)


def _persona(persona: Persona, showing: Showing) -> Iterator[str]:
    beside = tuple(persona.evidence())
    title = showing.said(persona.title)
    yield f"## {escape(showing.said(persona.name))}" + (f" — {escape(title)}" if title else "")
    yield _behind(persona, showing)
    if persona.demographics:
        known = persona.demographics.items()
        yield escape(showing.said(" · ".join(f"{label(key)}: {shown(value)}" for key, value in known)))
    yield escape(showing.said(persona.summary, beside))
    if persona.headline is not None:
        yield _headline(persona.headline, showing)
    for facet in (*FACETS, "quotes"):
        claims: Sequence[Claim] = getattr(persona, facet)
        if claims:
            yield f"### {HEADINGS[facet]}"
            yield "\n".join(_claim(claim, showing) for claim in claims)
    if persona.scenario:
        yield "### Scenario"
        scenario = escape(showing.said(persona.scenario, beside)) or f"({NOT_SHOWN})"
        yield f"Illustrative, written by a model; nobody said this.\n\n{scenario}"


def _behind(persona: Persona, showing: Showing) -> str:
    codes = (
        f" ({', '.join(escape(showing.code(code)) for code in persona.participants)})"
        if 0 < len(persona.participants) <= 12
        else ""
    )
    support = f"{of(persona.support)} participants{codes}" if persona.support else codes.strip(" ()")
    return f"**{support}**" if support else ""


def _headline(claim: Claim, showing: Showing) -> str:
    first = next(iter(claim.evidence), None)
    lines = [f"> {quoted(showing.quote(first) if first else showing.said(claim.text))}"]
    if first is not None and (place := _where(first, showing)):
        lines.append(f">\n> — {place}")
    return "\n".join(lines)


def _claim(claim: Claim, showing: Showing) -> str:
    said = f"said by {of(claim.support)}" if claim.support else ""
    evidence = list(claim.evidence)
    if is_its_own_quote(claim):
        first = evidence.pop(0)
        beside = "; ".join(part for part in (_where(first, showing), said) if part)
        lines = [f"- {quoted(showing.quote(first))} — {beside}"]
    else:
        beside = "; ".join(part for part in (said, worded_by(claim)) if part)
        text = escape(showing.said(claim.text, claim.evidence)) or f"({NOT_SHOWN})"
        lines = [f"- **{text}**" + (f" — {beside}" if beside else "")]
    lines.extend(f"  - {_quote(each, showing)}" for each in evidence)
    lines.extend(f"  - Against: {_quote(each, showing)}" for each in claim.against)
    if not claim.evidence:
        lines.append("  - No quote stands behind this.")
    return "\n".join(lines)


def _quote(evidence: Evidence, showing: Showing) -> str:
    place = _where(evidence, showing)
    found = (
        "" if evidence.tier in {None, Tier.exact} else f" ({evidence.tier.words})" if evidence.tier else ""
    )
    return quoted(showing.quote(evidence)) + (f" — {place}" if place else "") + found


def quoted(text: str) -> str:
    """A quote in quotation marks, escaped."""
    return f"“{escape(text).strip('“”')}”" if text.strip() else f"({NOT_SHOWN})"


def _where(evidence: Evidence, showing: Showing) -> str:
    """Who said it and, for the team, where: `P03, survey.csv#12`; with the time in a recording."""
    parts = [escape(showing.code(evidence.participant))]
    if showing.audience == "team":
        if evidence.segment:
            parts.append(f"`{clean(evidence.segment).replace('`', chr(39))}`")
        locator = evidence.locator
        if locator is not None and locator.time is not None:
            parts.append(f"at {moment(locator.time[0])}")
        elif locator is not None and locator.page:
            parts.append(f"page {locator.page}")
    return ", ".join(part for part in parts if part)


def label(key: str) -> str:
    """A key as people read it: `age_range` is “Age range”."""
    plain = key.replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def shown(value: Any) -> str:
    """A demographic's value as people read it."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(each)}" for key, each in value.items())
    return ", ".join(shown(each) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _closing(personas: PersonaSet, showing: Showing) -> Iterable[str]:
    if left_out := _left_out(personas, showing):
        yield "## Who is not in here"
        yield left_out
    if warnings := showing.warnings(personas):
        yield "## Mind"
        yield "\n".join(f"- {escape(sentence(each))}" for each in warnings)
    yield "---"
    yield f"*{WHAT_THESE_ARE}*"


def _left_out(personas: PersonaSet, showing: Showing) -> str:
    if not personas.unrepresented:
        return "Every participant stands behind a persona." if personas.corpus.participants else ""
    codes = ", ".join(escape(showing.code(code)) for code in personas.unrepresented[:MOST_CODES])
    if len(personas.unrepresented) > MOST_CODES:
        codes += f", and {len(personas.unrepresented) - MOST_CODES:,} more in the personas file"
    are = "is" if len(personas.unrepresented) == 1 else "are"
    return f"{count(len(personas.unrepresented), 'participant')} {are} represented by no persona: {codes}."


def worded_by(claim: Claim) -> str:
    """Who worded a claim, where it is not in participants' own words."""
    return "" if claim.origin == "extracted" else f"worded by a {claim.origin}"


def sentence(text: str) -> str:
    """A message as a sentence: a capital first, a full stop last."""
    plain = text.strip()
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "!", "?", ":")) else ".")
