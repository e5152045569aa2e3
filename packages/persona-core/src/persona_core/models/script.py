"""What lets an LLM play a persona; holds no participant's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from persona_core.models.noun import Noun

MARKER = "SYNTHETIC_PERSONA_SCRIPT"


class Identity(Noun):
    """Who is played."""

    name: str
    """A made name."""
    title: str = ""
    """What sets the persona apart."""
    demographics_summary: str = ""
    """Banded values in one line: `25–34, works in health care`."""
    demographics: Mapping[str, str] = {}
    """Banded values by name."""


class PsychologicalProfile(Noun):
    """What moves them: whole sentences in the third person, none of them a quote."""

    goals: tuple[str, ...] = ()
    """Ends that they want to reach."""
    motivations: tuple[str, ...] = ()
    """Why."""
    pain_points: tuple[str, ...] = ()
    """What troubles them."""
    behaviours: tuple[str, ...] = ()
    """What they do."""
    needs: tuple[str, ...] = ()
    """What they require or wish for."""
    personality_traits: tuple[str, ...] = ()
    """How they come across, from counts over the group's own turns; none where those bear none out."""
    flaws: tuple[str, ...] = ()
    """The same of what is less welcome."""


class CommunicationStyle(Noun):
    """How they talk, from counts over the group's own turns."""

    tone: str = ""
    """In a sentence."""
    vocabulary_level: str = ""
    """In a sentence."""
    speech_patterns: tuple[str, ...] = ()
    """Habits of speech that counts bear out."""


class KnowledgeBoundaries(Noun):
    """What they can talk about."""

    knows: tuple[str, ...] = ()
    """Topics that at least `k` of the group speak of, a few a line."""
    doesnt_know: tuple[str, ...] = ()
    """Topics that only others in the study speak of."""
    can_infer: tuple[str, ...] = ()
    """Topics that lie near what they know."""


class Guidelines(Noun):
    """How a model plays them."""

    response_style: str = ""
    """How long and in what form to answer."""
    uncertainty_handling: str = ""
    """What to say where nothing here covers the question."""
    character_maintenance: str = ""
    """To stay in the part."""
    additional_rules: tuple[str, ...] = ()
    """Further rules, a sentence or two each."""


class PrivacyAudit(Noun):
    """What the audit of a script said, in short."""

    passed: bool
    """Whether it may leave."""
    leakage_score: float
    """0–1."""
    threshold: float
    """The most leakage that passes."""
    corpus_checked: bool = False
    """Whether it was compared with the sources; else only with what the persona itself quotes."""


class Withheld(Noun):
    """How much stayed out so that nobody is recognised."""

    claims: int = 0
    """Claims of the persona that the script has nothing of."""
    of: int = 0
    """Claims that the persona has."""
    demographics: tuple[str, ...] = ()
    """Names of demographics that were left out or made coarser."""


class Provenance(Noun):
    """Where a script comes from: hashes and ids, no words."""

    synthetic_marker: str = MARKER
    """Says that this is nobody."""
    generated_at: datetime | None = None
    """When it was made, in UTC; nothing where the same input is to give the same bytes."""
    generator_version: str = ""
    """Of `persona-core`."""
    source_persona_id: str = ""
    """The persona's id in its personas file."""
    corpus_digest: str | None = None
    """`sha256:…` of the corpus that it was made from; nothing without sources."""
    persona_sha256: str = ""
    """Of the persona that it was made from."""
    k: int = 3
    """At least so many participants said whatever stands here."""
    model: str | None = None
    """Who re-expressed the claims; nothing where no model did."""
    participants: int | None = None
    """How many people the persona stands for, where that is known; fewer than five are a hunch."""
    withheld: Withheld = Withheld()
    """What the persona says and the script does not."""
    privacy_audit: PrivacyAudit | None = None
    """Nothing until it is rendered."""


class Script(Noun):
    """What lets an LLM play a persona."""

    schema_version: Literal["1"] = "1"
    id: str
    """The persona's."""
    identity: Identity
    psychological_profile: PsychologicalProfile = PsychologicalProfile()
    communication_style: CommunicationStyle = CommunicationStyle()
    knowledge_boundaries: KnowledgeBoundaries = KnowledgeBoundaries()
    guidelines: Guidelines = Guidelines()
    provenance: Provenance = Provenance()


class ScriptFormat(StrEnum):
    """The forms that a script can be rendered in."""

    character_card = "character_card"
    system_prompt = "system_prompt"
    jinja2_template = "jinja2_template"
    tavern_v2 = "tavern_v2"
    tavern_v3 = "tavern_v3"
    tavern_png = "tavern_png"
