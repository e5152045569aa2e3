"""Personas: archetypes made of claims, each resting on evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import ConfigDict

from persona_core.models.corpus import Locator
from persona_core.models.notice import Notice
from persona_core.models.noun import Noun


class Tier(StrEnum):
    """How a quote was found in its segment."""

    exact = "exact"
    normalised = "normalised"
    near = "near"
    missing = "missing"

    @property
    def words(self) -> str:
        """The tier in words for people."""
        return {
            "exact": "word for word",
            "normalised": "word for word, but for punctuation and case",
            "near": "nearly",
            "missing": "not found",
        }[self]


class Evidence(Noun):
    """A claim's link to a segment by a quote."""

    quote: str
    """Words claimed to stand in the segment."""
    segment: str | None = None
    """Id of the segment."""
    tier: Tier | None = None
    """How the quote was found; nothing where nobody looked."""
    arrived_as: Tier | None = None
    """How the quote was found when it came, before it was replaced by the source's words."""
    similarity: float | None = None
    """0–1, of the quote as it came and the words found."""
    participant: str | None = None
    """Code of the participant who said it."""
    locator: Locator | None = None
    """Where the words found stand."""
    extra: Mapping[str, Any] = {}
    """What another tool wrote beside it."""

    @property
    def source(self) -> str:
        """Name of the source that its segment is of; empty where it names none."""
        return (self.segment or "").rpartition("#")[0]


class Support(Noun):
    """How many participants of how many."""

    participants: int
    """How many participants."""
    of: int
    """Of how many."""


class Claim(Noun):
    """One statement in a persona."""

    text: str
    """What it says."""
    origin: Literal["extracted", "model", "researcher"] = "extracted"
    """`extracted`: chosen from participants' own words; `model`: written by a model; `researcher`: by a person."""
    support: Support | None = None
    """How many of the persona's participants say so."""
    evidence: tuple[Evidence, ...] = ()
    """What it rests on."""
    against: tuple[Evidence, ...] = ()
    """What participants of the same persona say that contradicts the claim."""
    extra: Mapping[str, Any] = {}
    """What another tool wrote beside it."""

    @property
    def cited(self) -> tuple[Evidence, ...]:
        """The evidence for it, and then what speaks against it."""
        return (*self.evidence, *self.against)


FACETS = ("goals", "needs", "pain_points", "behaviours", "motivations", "context")
"""The kinds of claims a persona has, in the order they are read."""
PROSE = ("title", "summary", "scenario")
"""What else is said of it in running words."""


class Persona(Noun):
    """An archetype made of claims; never a real person."""

    id: str
    """`persona-001`, …; kept where another tool gave one."""
    name: str
    """A made name; never a participant's."""
    title: str = ""
    """What sets it apart, in a few words."""
    summary: str = ""
    """In a sentence or two."""
    status: Literal["draft", "reviewed", "final"] = "draft"
    """How far people have looked at it."""
    support: Support | None = None
    """Participants behind this persona, of all in the study."""
    participants: tuple[str, ...] = ()
    """Their codes."""
    demographics: Mapping[str, Any] = {}
    """Majority values and ranges of the participants behind it."""
    headline: Claim | None = None
    """One quote that stands for the persona."""
    goals: tuple[Claim, ...] = ()
    """Ends that these people want to reach."""
    needs: tuple[Claim, ...] = ()
    """What they require or wish for."""
    pain_points: tuple[Claim, ...] = ()
    """What troubles them."""
    behaviours: tuple[Claim, ...] = ()
    """What they do."""
    motivations: tuple[Claim, ...] = ()
    """Why."""
    context: tuple[Claim, ...] = ()
    """Where and how they live or work."""
    quotes: tuple[Claim, ...] = ()
    """Further telling quotes."""
    scenario: str | None = None
    """Illustrative, and from a model only."""
    extra: Mapping[str, Any] = {}
    """What another tool wrote beside it."""

    def claims(self) -> Iterator[tuple[str, Claim]]:
        """Give every claim with its path: `headline`, `goals[0]`, …, `quotes[2]`."""
        if self.headline is not None:
            yield "headline", self.headline
        for facet in (*FACETS, "quotes"):
            for i, claim in enumerate(getattr(self, facet)):
                yield f"{facet}[{i}]", claim

    def evidence(self) -> Iterator[Evidence]:
        """Give the evidence for every claim."""
        return (each for _, claim in self.claims() for each in claim.evidence)

    def cited(self) -> Iterator[Evidence]:
        """Give the evidence for every claim, and what speaks against it."""
        return (each for _, claim in self.claims() for each in claim.cited)


class SourceRef(Noun):
    """A source as a personas file names it."""

    name: str
    """Its path relative to what was given, with `/`, or the label that came with it."""
    sha256: str
    """SHA-256 of its bytes, in hexadecimal."""
    segments: int = 0
    """Pieces that it was cut into."""
    participants: int = 0
    """Participants who speak in it."""


class CorpusRef(Noun):
    """The corpus a set of personas was made from."""

    digest: str | None = None
    """`sha256:…` over names and bytes of the sources."""
    sources: tuple[SourceRef, ...] = ()
    """In the order they were read."""
    participants: int = 0
    """How many took part."""
    loading: Mapping[str, Any] = {}
    """Loading options that differ from the default, so that the sources are read the same way again."""


class Usage(Noun):
    """What the model calls took."""

    prompt_tokens: int = 0
    """Tokens that the model read, over all its calls."""
    completion_tokens: int = 0
    """Tokens that it wrote."""
    cost_usd: float | None = 0.0
    """US dollars; nothing where the price is unknown."""


class Generation(Noun):
    """How a set of personas came about."""

    synthesiser: str = "extractive"
    """`extractive`, `prompted`, or `unknown` for other tools."""
    model: str | None = None
    """The model that was asked; nothing where none was."""
    seed: int = 0
    """The same seed and sources give the same personas; with a model, as far as that keeps to it."""
    generated_at: datetime | None = None
    """When the personas were made, in UTC; nothing where another tool did not say."""
    usage: Usage = Usage()
    """Tokens and costs; all 0 where no model was asked."""


class Withdrawal(Noun):
    """What is left of a participant who withdrew after personas were made: this, and nothing else."""

    participant: str
    """The code."""
    at: datetime
    """When they were taken out, in UTC."""


class PersonaSet(Noun):
    """A personas file: the personas of one study, and what they were made from."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, title="Personas")

    schema_version: Literal["1"] = "1"
    corpus: CorpusRef = CorpusRef()
    """What the personas were made from; empty where another tool did not say."""
    generation: Generation = Generation()
    """With what they were made, when, and what that took."""
    warnings: tuple[Notice, ...] = ()
    """What a reader must know: few participants, a single source, …"""
    unrepresented: tuple[str, ...] = ()
    """Codes of participants whom no persona represents."""
    withdrawn: tuple[Withdrawal, ...] = ()
    """Participants who withdrew after the personas were made: nothing here rests on them any more."""
    personas: tuple[Persona, ...] = ()
    extra: Mapping[str, Any] = {}
    """What another tool wrote beside it."""

    def cited(self) -> Iterator[Evidence]:
        """Give the evidence for every claim of every persona, and what speaks against it."""
        return (each for persona in self.personas for each in persona.cited())

    def codes(self) -> frozenset[str]:
        """Codes of all whom the personas stand for or quote, or leave out; not of those who withdrew."""
        named = (code for persona in self.personas for code in persona.participants)
        quoted = (each.participant for each in self.cited() if each.participant)
        return frozenset((*named, *quoted, *self.unrepresented))
