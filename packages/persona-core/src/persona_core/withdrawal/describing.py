"""Title, summary and demographics of a persona, worked out again from those who are left."""

from __future__ import annotations

from array import array
from functools import cached_property
from typing import Any

from persona_core.models.corpus import Columns, Corpus, Person
from persona_core.models.persona import FACETS, Persona, PersonaSet
from persona_core.synthesis import describing
from persona_core.withdrawal.theirs import Theirs

_OURS = frozenset({"extractive", "prompted"})
"""Synthesisers that make titles and summaries of what participants say."""


class Described:
    """Describes personas by what those who are left said: in the corpus, else in the quotes that are left."""

    def __init__(self, personas: PersonaSet, theirs: Theirs) -> None:
        self._made, self._theirs = personas, theirs

    def anew(self, persona: Persona, of: int) -> dict[str, Any]:
        """What of a persona that loses somebody is written anew; `of` are the participants of the study that are left."""
        if self._made.generation.synthesiser not in _OURS:
            return self._cleared(persona)
        talk = self._talk
        group = [i for i, each in enumerate(talk.corpus.people) if each.code in persona.participants]
        others = [i for i, each in enumerate(talk.corpus.people) if each.code and i not in set(group)]
        people = [talk.corpus.people[i] for i in group]
        # What is true of one person says who they are.
        known = describing.demographics(people) if len(people) > 1 else {}
        terms = talk.topics(group, others) if group else []
        named = _researchers_own(persona.title, people)
        claims = {facet: getattr(persona, facet) for facet in FACETS}
        return {
            "title": persona.title if named else describing.title(terms, known, ""),
            "summary": describing.summary(
                len(persona.participants), of, terms, known, claims, alone=not others
            ),
            "demographics": known,
            "scenario": None,
        }

    def _cleared(self, persona: Persona) -> dict[str, Any]:
        """What people or other tools wrote, but for the sentences that repeat their words."""
        own = self._theirs.words
        return {
            "title": own.left_out_of(persona.title),
            "summary": own.left_out_of(persona.summary),
            "scenario": own.left_out_of(persona.scenario or "") or None,
            "demographics": self._theirs.cleared(persona.demographics),
        }

    @cached_property
    def _talk(self) -> describing.Talk:
        corpus = self._theirs.corpus
        if corpus is None:
            return describing.Talk(_of_quotes(self._made, self._theirs))
        left = Corpus(
            corpus.sources,
            # Nobody stands where they stood, so that the others keep their numbers.
            [Person("") if each.code == self._theirs.code else each for each in corpus.people],
            corpus.columns,
        )
        return describing.Talk(left, [i for i in range(len(corpus)) if i not in self._theirs.segments])


def _researchers_own(title: str, people: list[Person]) -> bool:
    """Whether a title is the name of a group, which the researcher gave."""
    values = (
        value
        for each in people
        for value in (each.group, *each.demographics.values(), *each.answers.values())
    )
    return any(value.strip().casefold() == title.casefold() for value in values if value.strip())


def _of_quotes(personas: PersonaSet, theirs: Theirs) -> Corpus:
    """The quotes that are left, as a corpus."""
    codes = sorted({code for each in personas.personas for code in each.participants} - {theirs.code})
    number = {code: i for i, code in enumerate(codes)}
    quoted = (each for persona in personas.personas for each in persona.evidence())
    said = [(number[each.participant], each.quote) for each in quoted if each.participant in number]
    columns = Columns(texts=[quote for _, quote in said], who=array("i", [i for i, _ in said]))
    columns.role = array("b", bytes(len(said)))
    return Corpus((), [Person(code) for code in codes], columns)
