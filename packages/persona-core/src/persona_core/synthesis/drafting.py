"""One persona by a model: asked, verified claim by claim, asked again once for what was not found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from persona_core.asking import add, ask
from persona_core.errors import PersonaError
from persona_core.models.persona import FACETS, Claim, Evidence, Persona, Support, Usage
from persona_core.prompts import fill
from persona_core.provider import Provider
from persona_core.pseudonyms import Pseudonyms
from persona_core.synthesis import describing
from persona_core.synthesis.answers import Quoted, Requotes, Statement, Written
from persona_core.synthesis.planning import tokens
from persona_core.synthesis.sheet import Sheet
from persona_core.verification import Finder

_PERSONA_TOKENS, _REQUOTE_TOKENS = 5000, 2000


@dataclass(frozen=True, slots=True)
class Brief:
    """Whom a persona is to be made of."""

    label: str
    difference: str
    people: tuple[int, ...]
    segments: tuple[int, ...] = ()
    """Positions of the segments that say most, best first."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A persona as it came, and what it took."""

    brief: Brief
    persona: Persona
    usage: Usage
    dropped: tuple[str, ...]
    """Claims that rested on nothing."""
    claims: int
    """Claims that the model made."""


class Drafter:
    """Writes personas of groups of participants."""

    def __init__(
        self,
        provider: Provider,
        finder: Finder,
        pseudonyms: Pseudonyms | None,
        most: int,
        group_tokens: int,
        seed: int,
    ) -> None:
        """`most` is the largest answer the model gives, `group_tokens` the most data that a call may hold."""
        self.provider, self.corpus, self.pseudonyms = provider, finder.corpus, pseudonyms
        self.most, self.group_tokens, self.seed = most, group_tokens, seed
        self.finder = finder

    async def draft(
        self, brief: Brief, identifier: str, name: str, *, unlike: Persona | None = None
    ) -> Draft:
        """Write one persona; `unlike` is one it must not repeat. Raises GenerationError where nothing of it stands."""
        sheet = Sheet(self.corpus, self._segments(brief), self.pseudonyms, self.finder)
        others = (
            f"It must differ from this other persona, which you have written already: “{unlike.title}”. {unlike.summary}\n"
            if unlike
            else ""
        )
        prompt = fill(
            "persona",
            max_tokens=min(_PERSONA_TOKENS, self.most),
            seed=self.seed,
            label=sheet.line(brief.label),
            difference=sheet.line(brief.difference),
            others=others,
            data=sheet.text(),
        )
        asked = await ask(self.provider, prompt, Written)
        found, missing = _located(sheet, asked.value)
        usage = asked.usage
        if missing:
            again, more = await self._requote(sheet, missing)
            usage = add(usage, more)
            found |= again
        dropped = tuple(sheet.plain(statement.text) for path, statement in missing if path not in found)
        persona = self._persona(sheet, brief, asked.value, found, identifier, name)
        return Draft(brief, persona, usage, dropped, len(list(_statements(asked.value))))

    def _segments(self, brief: Brief) -> list[int]:
        """The brief's own segments first, then the rest of the group's, turn about, as far as there is room."""
        columns = self.corpus.columns
        members = set(brief.people)
        rest: dict[int, list[int]] = {person: [] for person in brief.people}
        for i in range(len(self.corpus)):
            if (
                columns.who[i] in members
                and self.corpus.participant(i) is not None
                and i not in brief.segments
            ):
                rest[columns.who[i]].append(i)
        for segments in rest.values():
            segments.sort(key=lambda i: -len(columns.texts[i]))
        ordered = [
            *_by_turns(columns.who, brief.segments),
            *_by_turns(columns.who, [i for turn in _rows(list(rest.values())) for i in turn]),
        ]
        chosen: list[int] = []
        used = 0
        for i in ordered:
            size = tokens(columns.texts[i])
            if chosen and used + size > self.group_tokens:
                continue
            chosen.append(i)
            used += size
        return chosen

    async def _requote(
        self, sheet: Sheet, missing: Sequence[tuple[str, Statement]]
    ) -> tuple[dict[str, tuple[Evidence, ...]], Usage]:
        """Ask once more for the words behind claims whose quotes were not found."""
        listed = "\n".join(f"{number}. {statement.text}" for number, (_, statement) in enumerate(missing, 1))
        prompt = fill(
            "requote",
            max_tokens=min(_REQUOTE_TOKENS, self.most),
            seed=self.seed,
            claims=listed,
            data=sheet.text(),
        )
        try:
            asked = await ask(self.provider, prompt, Requotes)
        except PersonaError:
            return {}, Usage()  # what is not found is dropped, and said
        found: dict[str, tuple[Evidence, ...]] = {}
        for each in asked.value.quotes:
            evidence = sheet.find(each.segment, each.quote)
            if evidence is not None and 1 <= each.claim <= len(missing):
                path = missing[each.claim - 1][0]
                found[path] = (*found.get(path, ()), evidence)
        return found, asked.usage

    def _persona(
        self,
        sheet: Sheet,
        brief: Brief,
        written: Written,
        found: dict[str, tuple[Evidence, ...]],
        identifier: str,
        name: str,
    ) -> Persona:
        people = [self.corpus.people[i] for i in brief.people]
        claims: dict[str, list[Claim]] = {facet: [] for facet in FACETS}
        for path, statement in _statements(written):
            if path in found:
                against = [
                    evidence
                    for each in statement.against
                    if (evidence := sheet.find(each.segment, each.quote))
                ]
                claims[path.partition("[")[0]].append(
                    self._claim(sheet, statement.text, found[path], brief, against)
                )
        return Persona(
            id=identifier,
            name=name,
            title=sheet.plain(written.title),
            summary=sheet.plain(written.summary),
            scenario=sheet.plain(written.scenario) or None,
            support=Support(participants=len(people), of=len(self.corpus.people)),
            participants=tuple(sorted(person.code for person in people)),
            demographics=describing.demographics(people),
            headline=self._headline(sheet, written.headline, claims, brief),
            goals=tuple(claims["goals"]),
            needs=tuple(claims["needs"]),
            pain_points=tuple(claims["pain_points"]),
            behaviours=tuple(claims["behaviours"]),
            motivations=tuple(claims["motivations"]),
            context=tuple(claims["context"]),
        )

    def _claim(
        self,
        sheet: Sheet,
        text: str,
        evidence: Sequence[Evidence],
        brief: Brief,
        against: Sequence[Evidence] = (),
    ) -> Claim:
        speakers = {each.participant for each in evidence}
        return Claim(
            text=sheet.plain(text),
            origin="model",
            support=Support(participants=len(speakers), of=len(brief.people)),
            evidence=tuple(evidence),
            against=tuple(against),
        )

    def _headline(
        self, sheet: Sheet, headline: Quoted, claims: dict[str, list[Claim]], brief: Brief
    ) -> Claim | None:
        """The model's headline where its words stand there, else the first quote of the first claim."""
        evidence = sheet.find(headline.segment, headline.quote)
        if evidence is None:
            evidence = next((claim.evidence[0] for facet in FACETS for claim in claims[facet]), None)
        return (
            self._claim(sheet, " ".join(evidence.quote.split()), [evidence], brief).model_copy(
                update={"origin": "extracted"}
            )
            if evidence
            else None
        )


def _statements(written: Written) -> Iterator[tuple[str, Statement]]:
    for facet in FACETS:
        for number, statement in enumerate(getattr(written, facet)):
            yield f"{facet}[{number}]", statement


def _located(
    sheet: Sheet, written: Written
) -> tuple[dict[str, tuple[Evidence, ...]], list[tuple[str, Statement]]]:
    """The evidence of each claim that has any, and the claims that have none."""
    found, missing = {}, []
    for path, statement in _statements(written):
        evidence = tuple(hit for each in statement.evidence if (hit := sheet.find(each.segment, each.quote)))
        if evidence:
            found[path] = evidence
        else:
            missing.append((path, statement))
    return found, missing


def _by_turns(who: Sequence[int], segments: Sequence[int]) -> list[int]:
    """Segments one participant after the other, so that a cut leaves nobody out."""
    each: dict[int, list[int]] = {}
    for i in segments:
        each.setdefault(who[i], []).append(i)
    return [i for turn in _rows(list(each.values())) for i in turn]


def _rows(columns: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    for place in range(max((len(column) for column in columns), default=0)):
        yield [column[place] for column in columns if place < len(column)]
