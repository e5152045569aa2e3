"""Personas and warnings as a terminal shows them."""

from __future__ import annotations

from collections.abc import Iterable

from persona_cli import output
from persona_core.models import Notice, Persona, PersonaSet
from persona_core.rendering.markdown import of, sentence


def personas(made: PersonaSet) -> None:
    """Print who was found: one row for each persona."""
    output.table(
        ("Persona", "Title", "Stands for", "Claims", "In their words"),
        [_row(each) for each in made.personas],
        right=("Claims",),
    )
    if made.unrepresented:
        output.show(f"Represented by none of them: {', '.join(made.unrepresented)}.")
    for persona in made.personas:
        _contradicted(persona)


def _contradicted(persona: Persona) -> None:
    """Say which claims others behind the same persona speak against."""
    paths = [path for path, claim in persona.claims() if claim.against]
    if paths:
        output.paragraph(
            f"Behind {persona.name}, others say otherwise to {', '.join(paths)}: report.html and personas.md show both."
        )


def _row(persona: Persona) -> tuple[str, ...]:
    claims = sum(1 for path, _ in persona.claims() if path != "headline" and not path.startswith("quotes"))
    return (persona.name, persona.title, of(persona.support), str(claims), _headline(persona))


def _headline(persona: Persona) -> str:
    if persona.headline is None:
        return ""
    first = next(iter(persona.headline.evidence), None)
    words = (first.quote if first else persona.headline.text).strip("“”")
    return f"“{words}”" + (f" ({first.participant})" if first and first.participant else "")


def warnings(notices: Iterable[Notice]) -> None:
    """Say what a reader must know, each once."""
    for message in dict.fromkeys(notice.message for notice in notices):
        output.say(f"Note: {sentence(message)}")
