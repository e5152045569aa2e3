"""Personas as a page that people read: every claim with the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from persona_core.models import (
    FACETS,
    Claim,
    CorpusRef,
    Evidence,
    Locator,
    Persona,
    PersonaSet,
    Support,
    Tier,
)
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

_SPECIAL = re.compile(r"[\\`*\[\]<>|]|~(?=~)|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal would obey, and what would turn the direction of the words after it."""
_AT_THE_START = re.compile(r"^[#+\-=]")
_LIST_NUMBER = re.compile(r"^(\d+)([.)])")


def render_markdown(personas: PersonaSet) -> str:
    """Render a set of personas for people, in Markdown; words from the corpus are escaped."""
    blocks = ["# Personas", _opening(personas)]
    for persona in personas.personas:
        blocks.extend(_persona(persona))
    blocks.extend(_closing(personas))
    return "\n\n".join(block for block in blocks if block) + "\n"


def escape(text: str) -> str:
    """Escape what Markdown or HTML would read in a text of one line."""
    line = _SPECIAL.sub(r"\\\g<0>", _UNSEEN.sub("", " ".join(text.split())))
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


def _opening(personas: PersonaSet) -> str:
    made = count(len(personas.personas), "persona")
    study = _study(personas.corpus)
    every = "Every claim stands with the words it rests on, who said them and where."
    return f"{made} from {study}. {every}" if study else f"{made}. {every}"


def _study(corpus: CorpusRef) -> str:
    parts = []
    if corpus.participants:
        parts.append(count(corpus.participants, "participant"))
    if corpus.sources:
        parts.append(count(len(corpus.sources), "source"))
    return " in ".join(parts)


def _persona(persona: Persona) -> Iterator[str]:
    yield f"## {escape(persona.name)}" + (f" — {escape(persona.title)}" if persona.title else "")
    yield _behind(persona)
    if persona.demographics:
        known = persona.demographics.items()
        yield escape(" · ".join(f"{label(key)}: {shown(value)}" for key, value in known))
    yield escape(persona.summary)
    if persona.headline is not None:
        yield _headline(persona.headline)
    for facet in (*FACETS, "quotes"):
        claims: Sequence[Claim] = getattr(persona, facet)
        if claims:
            yield f"### {HEADINGS[facet]}"
            yield "\n".join(_claim(claim) for claim in claims)
    if persona.scenario:
        yield "### Scenario"
        yield f"Illustrative, written by a model; nobody said this.\n\n{escape(persona.scenario)}"


def _behind(persona: Persona) -> str:
    codes = (
        f" ({', '.join(escape(code) for code in persona.participants)})"
        if 0 < len(persona.participants) <= 12
        else ""
    )
    support = f"{of(persona.support)} participants{codes}" if persona.support else codes.strip(" ()")
    return f"**{support}**" if support else ""


def _headline(claim: Claim) -> str:
    first = next(iter(claim.evidence), None)
    lines = [f"> {quoted(first.quote if first else claim.text)}"]
    if first is not None and (place := where(first)):
        lines.append(f">\n> — {place}")
    return "\n".join(lines)


def _claim(claim: Claim) -> str:
    said = f"said by {of(claim.support)}" if claim.support else ""
    evidence = list(claim.evidence)
    if is_its_own_quote(claim):
        first = evidence.pop(0)
        lines = [f"- {quoted(first.quote)} — {'; '.join(part for part in (where(first), said) if part)}"]
    else:
        origin = "" if claim.origin == "extracted" else f"worded by a {claim.origin}"
        beside = "; ".join(part for part in (said, origin) if part)
        lines = [f"- **{escape(claim.text)}**" + (f" — {beside}" if beside else "")]
    lines.extend(f"  - {_quote(each)}" for each in evidence)
    lines.extend(f"  - Against: {_quote(each)}" for each in claim.against)
    if not claim.evidence:
        lines.append("  - No quote stands behind this.")
    return "\n".join(lines)


def _quote(evidence: Evidence) -> str:
    place = where(evidence)
    found = (
        "" if evidence.tier in {None, Tier.exact} else f" ({evidence.tier.words})" if evidence.tier else ""
    )
    return quoted(evidence.quote) + (f" — {place}" if place else "") + found


def quoted(text: str) -> str:
    """A quote in quotation marks, escaped."""
    return f"“{escape(text).strip('“”')}”" if text.strip() else "(words that may not be shown)"


def where(evidence: Evidence) -> str:
    """Who said it and where: `P03, survey.csv#12`; with the time in a recording."""
    parts = [escape(evidence.participant) if evidence.participant else ""]
    if evidence.segment:
        parts.append(f"`{_UNSEEN.sub('', evidence.segment).replace('`', chr(39))}`")
    parts.append(_moment(evidence.locator))
    return ", ".join(part for part in parts if part)


def _moment(locator: Locator | None) -> str:
    if locator is None or locator.time is None:
        return f"page {locator.page}" if locator is not None and locator.page else ""
    minutes, seconds = divmod(int(locator.time[0]), 60)
    hours, minutes = divmod(minutes, 60)
    return f"at {hours}:{minutes:02}:{seconds:02}" if hours else f"at {minutes}:{seconds:02}"


def label(key: str) -> str:
    """A key as people read it: `age_range` is “Age range”."""
    plain = key.replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def shown(value: Any) -> str:
    """A demographic's value as people read it."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(each)}" for key, each in value.items())
    return ", ".join(shown(each) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _closing(personas: PersonaSet) -> Iterable[str]:
    yield "## Who is not in here"
    yield _left_out(personas)
    if personas.warnings:
        yield "## Mind"
        yield "\n".join(f"- {escape(sentence(notice.message))}" for notice in personas.warnings)
    yield "---"
    yield f"*{WHAT_THESE_ARE}*"


def _left_out(personas: PersonaSet) -> str:
    if not personas.unrepresented:
        return "Every participant stands behind a persona." if personas.corpus.participants else ""
    codes = ", ".join(escape(code) for code in personas.unrepresented)
    are = "is" if len(personas.unrepresented) == 1 else "are"
    return f"{count(len(personas.unrepresented), 'participant')} {are} represented by no persona: {codes}."


def sentence(text: str) -> str:
    """A message as a sentence: a capital first, a full stop last."""
    plain = text.strip()
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "!", "?", ":")) else ".")
