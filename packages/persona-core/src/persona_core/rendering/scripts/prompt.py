"""A script as the complete prompt that a chat is begun with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from persona_core.models.script import Script

SYNTHETIC = (
    "This is a synthetic persona, made from what several participants of a study have in common. It is nobody in "
    "particular, and what it says is no evidence of what anybody thinks."
)


def render_prompt(script: Script) -> str:
    """Render the script as plain text to paste into any chat."""
    return "\n\n".join(sections(script)) + "\n"


def sections(script: Script) -> Iterator[str]:
    """The parts of the prompt, in order; parts with nothing in them are left out."""
    yield opening(script)
    profile = script.psychological_profile
    yield from _section("Goals", profile.goals)
    yield from _section("Motivations", profile.motivations)
    yield from _section("Needs", profile.needs)
    yield from _section("Pain points", profile.pain_points)
    yield from _section("Habits", profile.behaviours)
    yield from _section("Character", (*profile.personality_traits, *profile.flaws))
    style = script.communication_style
    yield from _section("Voice", (style.tone, style.vocabulary_level, *style.speech_patterns))
    known = script.knowledge_boundaries
    yield from _section("Knows about", known.knows)
    yield from _section("Knows little about", known.doesnt_know)
    yield from _section("Can work out", known.can_infer)
    yield from _section("How to play the part", rules(script))
    yield f"{SYNTHETIC} {checked(script)}".strip()


def checked(script: Script) -> str:
    """That nobody compared the script with the sources; nothing where somebody did."""
    audit = script.provenance.privacy_audit
    if audit is None or audit.corpus_checked:
        return ""
    return "Its text was not compared with the research material, for that was not at hand."


def opening(script: Script) -> str:
    """Who is played, in a sentence or two."""
    who = script.identity
    called = f"{who.name}, {_lower(who.title)}" if who.title else who.name
    about = f" In short: {who.demographics_summary}." if who.demographics_summary else ""
    return f"You are {called}. Play this person in a conversation; what follows says who that is.{about}"


def rules(script: Script) -> tuple[str, ...]:
    """How a model plays the persona."""
    given = script.guidelines
    lines = (
        given.response_style,
        given.uncertainty_handling,
        given.character_maintenance,
        *given.additional_rules,
    )
    return tuple(line for line in lines if line)


def _section(heading: str, lines: Sequence[str]) -> Iterator[str]:
    said = [line for line in lines if line]
    if said:
        yield "\n".join([f"{heading}:", *(f"- {' '.join(line.split())}" for line in said)])


def _lower(title: str) -> str:
    return title[0].lower() + title[1:] if title.startswith(("The ", "Someone ")) else title
