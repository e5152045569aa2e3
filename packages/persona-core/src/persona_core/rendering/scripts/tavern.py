"""Character cards for role-play front ends: version 2 and version 3.

Specifications: github.com/malfoyslastname/character-card-spec-v2 and github.com/kwaroran/character-card-spec-v3.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from persona_core.limits import FEW
from persona_core.models.script import PrivacyAudit, Script
from persona_core.rendering.scripts.card import card_of
from persona_core.rendering.scripts.prompt import SYNTHETIC, checked, rules
from persona_core.text import content_stems, words

_KEYS = 4
"""Words of a fact that call it up in a conversation, at most."""


def render_v2(script: Script) -> str:
    """Render the script as a version 2 card, in JSON."""
    return _json(card_v2(script))


def render_v3(script: Script) -> str:
    """Render the script as a version 3 card, in JSON."""
    return _json(card_v3(script))


def card_v2(script: Script) -> dict[str, Any]:
    """The card; every text is there, empty where there is nothing to say."""
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": _data(script, _entries(script))}


def card_v3(script: Script) -> dict[str, Any]:
    """The same with what version 3 asks for; no dates, which would say when a study was."""
    entries = [{**entry, "use_regex": False} for entry in _entries(script)]
    data = {**_data(script, entries), "group_only_greetings": [], "creation_date": 0, "modification_date": 0}
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}


def _data(script: Script, entries: list[dict[str, Any]]) -> dict[str, Any]:
    who, profile = script.identity, script.psychological_profile
    return {
        "name": who.name,
        "description": _sentences([who.title, who.demographics_summary, *_without_topic(script)]),
        "personality": _sentences([*profile.personality_traits, *profile.motivations, *profile.flaws]),
        "scenario": "{{user}} is a researcher or a designer, and talks with {{char}} about everyday experience.",
        "first_mes": "Hello. What would you like to talk about?",
        "mes_example": "",
        "creator_notes": _notes(script),
        "system_prompt": "{{original}}\n\n" + "\n".join(_playing(script)),
        "post_history_instructions": f"Stay in character as {{{{char}}}}. {SYNTHETIC}",
        "alternate_greetings": [],
        "tags": ["persona", "synthetic"],
        "creator": "Persona",
        "character_version": "1",
        "extensions": {"persona": _provenance(script)},
        "character_book": {"extensions": {}, "entries": entries},
    }


def _playing(script: Script) -> list[str]:
    style, known = script.communication_style, script.knowledge_boundaries
    talk = [style.tone, style.vocabulary_level, *style.speech_patterns]
    lines = [*rules(script), *talk]
    lines += [f"Knows about: {each}" for each in known.knows]
    lines += [f"Knows little about: {each}" for each in known.doesnt_know]
    lines += [f"Can work out: {each}" for each in known.can_infer]
    return [_sentence(line) for line in lines if line]


def _entries(script: Script) -> list[dict[str, Any]]:
    """Goals, needs, pain points and behaviours as facts that come up when their topics do."""
    return [
        {
            "keys": _topics(fact),
            "content": fact,
            "extensions": {},
            "enabled": True,
            "insertion_order": order,
        }
        for order, fact in enumerate(_facts(script))
        if _topics(fact)
    ]


def _facts(script: Script) -> tuple[str, ...]:
    profile = script.psychological_profile
    return (*profile.goals, *profile.needs, *profile.pain_points, *profile.behaviours)


def _without_topic(script: Script) -> list[str]:
    """Facts that no word of a conversation would call up."""
    return [fact for fact in _facts(script) if not _topics(fact)]


def _topics(fact: str) -> list[str]:
    """The words of a fact that carry content, longest first."""
    told = {word.lower() for word in words(fact) if len(word) > 3 and content_stems(word)}
    return sorted(told, key=lambda word: (-len(word), word))[:_KEYS]


def _notes(script: Script) -> str:
    audit, people = script.provenance.privacy_audit, script.provenance.participants
    if people is not None and people < FEW:
        few = f"Fewer than {FEW} participants stand behind it: a hunch, not a finding."
        return f"{_checked(script, audit)} {few}"
    return _checked(script, audit)


def _checked(script: Script, audit: PrivacyAudit | None) -> str:
    if audit is None or not audit.corpus_checked:
        return f"{SYNTHETIC} {checked(script)}".strip()
    leakage = f"leakage {audit.leakage_score:g}, at most {audit.threshold:g} may be"
    return f"{SYNTHETIC} Its text was compared with the research material: {leakage}."


def _provenance(script: Script) -> dict[str, Any]:
    found: dict[str, Any] = card_of(script)["provenance"]
    return found


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(_sentence(part) for part in parts if part)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _json(card: dict[str, Any]) -> str:
    return json.dumps(card, indent=2, ensure_ascii=False) + "\n"
