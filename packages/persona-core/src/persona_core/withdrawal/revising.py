"""Personas without somebody who withdrew: what rested on them alone falls, what others bear out stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from persona_core.models.corpus import Corpus
from persona_core.models.notice import Notice
from persona_core.models.persona import FACETS, Claim, Evidence, Persona, PersonaSet, Support, Withdrawal
from persona_core.synthesis.describing import as_claim, standing
from persona_core.synthesis.noticing import notices_of_personas
from persona_core.text import OwnWords
from persona_core.withdrawal.describing import Described
from persona_core.withdrawal.referring import reference
from persona_core.withdrawal.theirs import Theirs

_SAID_ANEW = frozenset({"few_participants", "dominant_participant", "withdrawn_since"})


@dataclass(frozen=True, slots=True)
class Change:
    """What a withdrawal does to one persona."""

    id: str
    name: str
    quoted: tuple[tuple[str, str], ...]
    """Path of the claim and words of each quote of theirs, which goes."""
    fallen: tuple[tuple[str, str], ...]
    """Path and text of claims that nobody else bears out."""
    lowered: tuple[str, ...]
    """Paths of claims that fewer people bear out."""
    lost: bool
    """Whether nothing or nobody is left of it."""
    participants: tuple[int, int]
    """How many it stands for, before and after."""

    @property
    def quotes(self) -> int:
        """Quotes of theirs that go."""
        return len(self.quoted)


@dataclass(frozen=True, slots=True)
class Revision:
    """Personas without a participant, and what that took."""

    personas: PersonaSet
    participant: str
    segments: int
    """Segments of theirs in the sources; 0 where these were not at hand."""
    changes: tuple[Change, ...]
    """Of every persona that rested on them."""
    words: OwnWords
    """What they said and nobody else did; of what is quoted, where the sources were not at hand."""
    held_by: tuple[str, ...] = ()
    """Codes of others who hold the same words, which therefore stay: one interview in two forms, as a rule."""
    spoken_in: tuple[str, ...] = ()
    """Names of the sources in which they speak."""
    labels: frozenset[str] = frozenset()
    """By what the data calls them alone, in lower case; nothing where the sources were not at hand."""
    dropped: tuple[str, ...] = ()
    """Those of them that are no sources of these personas any more."""

    @property
    def quotes(self) -> int:
        """Quotes of theirs that go."""
        return sum(each.quotes for each in self.changes)


def without(
    personas: PersonaSet,
    participant: str,
    corpus: Corpus | None = None,
    *,
    at: datetime | None = None,
    drop_files: bool = True,
) -> Revision:
    """Take a participant out of a set of personas, and everything that rests on them alone.

    `participant` is a code. With the corpus all their words are known; without it only those that are quoted, and
    demographics, which may be theirs, go. Nothing is chosen anew. `drop_files=False` still counts their own files
    among the sources. Raises ConfigurationError where the personas know no such participant.
    """
    theirs = Theirs(personas, participant, corpus)
    of = max(0, personas.corpus.participants - 1)
    described = Described(personas, theirs)
    kept: list[Persona] = []
    changes: list[Change] = []
    left_alone: list[str] = []
    for persona in personas.personas:
        revised, change = _Reviser(persona, theirs, described, of).revised()
        if change is not None:
            changes.append(change)
        if revised is None:
            left_alone += persona.participants
        else:
            kept.append(revised)
    withdrawn = (*personas.withdrawn, _tombstone(theirs.code, at))
    placed = {code for persona in kept for code in persona.participants}
    unrepresented = dict.fromkeys(
        (*personas.unrepresented, *(each for each in left_alone if each not in placed))
    )
    corpus_left = reference(personas.corpus, theirs, drop_files=drop_files)
    left = {source.name for source in corpus_left.sources}
    dropped = tuple(source.name for source in personas.corpus.sources if source.name not in left)
    made = personas.model_copy(
        update={
            "corpus": corpus_left,
            "warnings": tuple(_warnings(personas, kept, theirs, dropped, len(withdrawn))),
            "unrepresented": tuple(code for code in unrepresented if code != theirs.code),
            "withdrawn": withdrawn,
            "personas": tuple(kept),
            "extra": theirs.cleared(personas.extra),
        }
    )
    return Revision(
        made,
        theirs.code,
        len(theirs.segments),
        tuple(changes),
        theirs.words,
        theirs.held_by,
        theirs.sources,
        theirs.labels,
        dropped,
    )


def _tombstone(code: str, at: datetime | None) -> Withdrawal:
    return Withdrawal(participant=code, at=at or datetime.now(UTC).replace(microsecond=0))


def _warnings(
    personas: PersonaSet, kept: Sequence[Persona], theirs: Theirs, dropped: Sequence[str], withdrawn: int
) -> Iterator[Notice]:
    called = (each.casefold() for each in (theirs.code, *dropped, *theirs.labels))
    named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, called))})(?!\w)")
    for notice in personas.warnings:
        told_anew = notice.code in _SAID_ANEW or named.search(notice.message.casefold())
        if not told_anew and not theirs.repeated_in(notice.message):
            yield notice
    yield from notices_of_personas(kept)
    people = "1 participant" if withdrawn == 1 else f"{withdrawn} participants"
    yield Notice(
        code="withdrawn_since",
        message=f"{people} withdrew after these personas were made: what rested on their words alone was taken out, "
        "and nothing was chosen in its place",
    )


class _Reviser:
    """Revises one persona."""

    def __init__(self, persona: Persona, theirs: Theirs, described: Described, of: int) -> None:
        self.persona, self.theirs, self._described, self._of = persona, theirs, described, of
        self.inside = theirs.code in persona.participants
        self.quoted: list[tuple[str, str]] = []
        self.fallen: list[tuple[str, str]] = []
        self.lowered: list[str] = []

    def revised(self) -> tuple[Persona | None, Change | None]:
        """The persona without them, or nothing; and what was changed, where something was."""
        before = self.persona
        values: dict[str, Any] = {facet: tuple(self._claims(facet)) for facet in (*FACETS, "quotes")}
        values["headline"] = self._headline(values)
        values["participants"] = tuple(code for code in before.participants if code != self.theirs.code)
        values["support"] = self._less(before.support)
        changed = self.inside or any(
            values[name] != getattr(before, name) for name in (*FACETS, "quotes", "headline")
        )
        told = (before.title, before.summary, before.scenario or "", *map(str, before.demographics.values()))
        changed = changed or any(map(self.theirs.repeated_in, told))
        if not changed:
            return before.model_copy(update=self._elsewhere(values["support"])), None
        empty = not any(values[facet] for facet in (*FACETS, "quotes"))
        lost = (self.inside and not values["participants"]) or (empty and any(True for _ in before.claims()))
        revised = before.model_copy(update={**values, "extra": self.theirs.cleared(before.extra)})
        revised = revised.model_copy(update=self._described.anew(revised, self._of))
        stands = len(before.participants), len(values["participants"])
        change = Change(
            before.id,
            before.name,
            tuple(self.quoted),
            tuple(self.fallen),
            tuple(self.lowered),
            lost,
            stands,
        )
        return None if lost else revised, change

    def _elsewhere(self, support: Support | None) -> dict[str, Any]:
        """What changes in a persona that they never were part of: of how many it stands for some."""
        before, extra = self.persona, self.theirs.cleared(self.persona.extra)
        if before.support is None or support is None:
            return {"extra": extra}
        old, new = (standing(each.participants, each.of) for each in (before.support, support))
        return {"support": support, "summary": before.summary.replace(old, new, 1), "extra": extra}

    def _less(self, support: Support | None) -> Support | None:
        """The support of the persona: one fewer in the study, and in the persona where they were of it."""
        if support is None:
            return None
        return Support(participants=max(0, support.participants - self.inside), of=max(0, support.of - 1))

    def _claims(self, facet: str) -> Iterator[Claim]:
        for i, claim in enumerate(getattr(self.persona, facet)):
            path = f"{facet}[{i}]"
            revised = self._claim(path, claim)
            if revised is None:
                self.fallen.append((path, claim.text))
            else:
                yield revised

    def _claim(self, path: str, claim: Claim) -> Claim | None:
        """A claim as others bear it out; nothing where nobody does, or only their words say it."""
        evidence, against = self._others(claim.evidence), self._others(claim.against)
        gone = (each for each in claim.cited if each not in (*evidence, *against))
        self.quoted += [(path, self.theirs.shown(each)) for each in gone]
        if claim.evidence and not evidence:
            return None
        was_theirs = bool(evidence) and claim.origin == "extracted" and self.theirs.has(claim.evidence[0])
        values: dict[str, Any] = {}
        if was_theirs or self.theirs.repeated_in(claim.text, evidence):
            if not evidence:
                return None
            values = {"text": as_claim(evidence[0].quote), "origin": "extracted"}
        support = self._supported(claim, evidence)
        if support and claim.support and support.participants < claim.support.participants:
            self.lowered.append(path)
        return claim.model_copy(
            update={
                **values,
                "support": support,
                "evidence": evidence,
                "against": against,
                "extra": self.theirs.cleared(claim.extra),
            }
        )

    def _others(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        return tuple(each for each in evidence if not self.theirs.has(each))

    def _supported(self, claim: Claim, left: Sequence[Evidence]) -> Support | None:
        """How many bear a claim out: one fewer, unless everybody who was counted is cited and they are not."""
        support = claim.support
        if support is None:
            return None
        cited = {each.participant for each in claim.evidence if each.participant}
        others = {each.participant for each in left if each.participant}
        counted = cited != others or (self.inside and support.participants > len(cited))
        of = max(0, support.of - self.inside)
        return Support(participants=min(of, max(len(others), support.participants - counted)), of=of)

    def _headline(self, left: dict[str, Any]) -> Claim | None:
        """The headline, or in its place the first words that bear out a claim."""
        if self.persona.headline is None:
            return None
        revised = self._claim("headline", self.persona.headline)
        if revised is not None:
            return revised
        claims = [claim for facet in (*FACETS, "quotes") for claim in left[facet] if claim.evidence]
        if not claims:
            return None
        first: Claim = claims[0]
        return first.model_copy(
            update={
                "text": as_claim(first.evidence[0].quote),
                "origin": "extracted",
                "evidence": first.evidence[:1],
                "against": (),
                "support": Support(participants=1, of=first.support.of) if first.support else None,
            }
        )
