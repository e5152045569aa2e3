"""A persona out of what a model wrote: each claim with the words it rests on, and none without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from persona_core.models.persona import FACETS, Claim, Evidence, Persona, Support
from persona_core.synthesis import describing
from persona_core.synthesis.prompted.answers import Quoted, Statement, Written
from persona_core.synthesis.prompted.briefs import Brief
from persona_core.synthesis.prompted.sheet import Sheet
from persona_core.text import OwnWords

Found = Mapping[str, Sequence[Evidence]]
"""The evidence of each claim by its path, `goals[0]`, of those who may be quoted and those who may not."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A persona, and the claims that are not in it."""

    persona: Persona
    unfounded: tuple[str, ...]
    """Claims whose quotes do not stand in the sources."""
    unshown: tuple[str, ...]
    """Claims that could only be borne out by words which may not be shown."""


def statements(written: Written) -> Iterator[tuple[str, Statement]]:
    """The claims of a persona as a model wrote it, with their paths."""
    for facet in FACETS:
        for number, statement in enumerate(getattr(written, facet)):
            yield f"{facet}[{number}]", statement


def located(sheet: Sheet, quotes: Sequence[Quoted]) -> tuple[Evidence, ...]:
    """Those of the quotes that stand in the sources."""
    return tuple(hit for each in quotes if (hit := sheet.find(each.segment, each.quote)))


class Composer:
    """Makes one persona of a group."""

    def __init__(self, sheet: Sheet, brief: Brief, withheld: OwnWords) -> None:
        """`withheld` are the words of those who did not allow to be quoted."""
        self.sheet, self.brief, self.withheld = sheet, brief, withheld

    def compose(self, written: Written, found: Found, identifier: str, name: str) -> Composed:
        """Keep what rests on words that may be shown, and list the rest."""
        claims: dict[str, list[Claim]] = {facet: [] for facet in FACETS}
        unfounded, unshown = [], []
        for path, statement in statements(written):
            text = self.sheet.plain(statement.text)
            if not found.get(path):
                unfounded.append(self._listed(text))
            elif self.withheld.repeated_in(text) or not self._shown(found[path]):
                unshown.append(self._listed(text))
            else:
                against = self._shown(located(self.sheet, statement.against))
                claims[path.partition("[")[0]].append(self._claim(text, found[path], against))
        persona = self._persona(written, claims, identifier, name)
        return Composed(persona, tuple(unfounded), tuple(unshown))

    def _persona(
        self, written: Written, claims: Mapping[str, Sequence[Claim]], identifier: str, name: str
    ) -> Persona:
        corpus = self.sheet.corpus
        people = [corpus.people[i] for i in self.brief.people]
        return Persona(
            id=identifier,
            name=name,
            title=self._told(written.title),
            summary=self._told(written.summary),
            scenario=self._told(written.scenario) or None,
            support=Support(participants=len(people), of=len(corpus.people)),
            participants=tuple(sorted(person.code for person in people)),
            demographics=describing.demographics(people),
            headline=self._headline(written.headline, claims),
            goals=tuple(claims["goals"]),
            needs=tuple(claims["needs"]),
            pain_points=tuple(claims["pain_points"]),
            behaviours=tuple(claims["behaviours"]),
            motivations=tuple(claims["motivations"]),
            context=tuple(claims["context"]),
        )

    def _shown(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        return tuple(each for each in evidence if self.sheet.may_be_shown(each))

    def _told(self, text: str) -> str:
        return self.withheld.left_out_of(self.sheet.plain(text))

    def _listed(self, text: str) -> str:
        """A claim as a list of what was left out names it."""
        return "(in words that may not be shown)" if self.withheld.repeated_in(text) else text

    def _claim(self, text: str, evidence: Sequence[Evidence], against: Sequence[Evidence] = ()) -> Claim:
        """A claim that counts everybody who bears it out, and shows those who allowed it."""
        return Claim(
            text=text,
            origin="model",
            support=Support(
                participants=len({each.participant for each in evidence}), of=len(self.brief.people)
            ),
            evidence=self._shown(evidence),
            against=tuple(against),
        )

    def _headline(self, headline: Quoted, claims: Mapping[str, Sequence[Claim]]) -> Claim | None:
        """The model's headline where its words stand there, else the first quote of the first claim."""
        own = self._shown(located(self.sheet, [headline]))
        first = (claim.evidence[0] for facet in FACETS for claim in claims[facet])
        evidence = own[0] if own else next(first, None)
        if evidence is None:
            return None
        said = self._claim(self.sheet.plain(" ".join(evidence.quote.split())), [evidence])
        return said.model_copy(update={"origin": "extracted"})
