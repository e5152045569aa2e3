"""What a model answers with: the shapes whose JSON Schema is sent along, counts included."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

MOST_OBSERVATIONS = 80
"""In one answer."""


class _Answer(BaseModel):
    """Read leniently: what a model adds is passed over."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)


class Quoted(_Answer):
    """Words in a segment."""

    segment: str
    """Alias of the segment, `S12`."""
    quote: str
    """Its words, copied exactly."""


class Archetype(_Answer):
    """A group of participants."""

    label: str
    difference: str
    participants: list[str]
    """Codes as they stand in the data."""
    segments: list[str]
    """Aliases of the segments that say most about it."""


class Observation(_Answer):
    """Something noticed about one participant."""

    kind: Literal["goal", "need", "pain_point", "behaviour", "motivation", "context"]
    statement: str
    segment: str
    quote: str


class Statement(_Answer):
    """A claim and the words it rests on."""

    text: str
    evidence: Annotated[list[Quoted], Field(min_length=1, max_length=3)]
    against: Annotated[list[Quoted], Field(max_length=2)] = []


class Written(_Answer):
    """A persona as a model writes it."""

    title: str
    summary: str
    scenario: str
    headline: Quoted
    goals: Annotated[list[Statement], Field(min_length=2, max_length=5)]
    needs: Annotated[list[Statement], Field(min_length=1, max_length=5)]
    pain_points: Annotated[list[Statement], Field(min_length=2, max_length=5)]
    behaviours: Annotated[list[Statement], Field(min_length=2, max_length=5)]
    motivations: Annotated[list[Statement], Field(min_length=1, max_length=4)]
    context: Annotated[list[Statement], Field(max_length=4)]


class Requoted(Quoted):
    """Better words for a claim."""

    claim: int
    """Number of the claim in the list."""


class Requotes(_Answer):
    """Better words for claims whose quotes were not found."""

    quotes: list[Requoted]


class Observations(_Answer):
    """What was noticed in a batch."""

    observations: Annotated[list[Observation], Field(min_length=1, max_length=MOST_OBSERVATIONS)]


class Proposal(_Answer):
    """The archetypes of a study."""

    archetypes: list[Archetype]


class _Counted(Proposal):
    # The fields' own docstrings are read already; looking for them in the source of a made class takes a tenth of a second.
    model_config = ConfigDict(use_attribute_docstrings=False)


def proposal_of(count: int) -> type[Proposal]:
    """A proposal of exactly so many archetypes."""
    exactly = Annotated[list[Archetype], Field(min_length=count, max_length=count)]
    return create_model("Proposal", __base__=_Counted, archetypes=(exactly, ...))
