"""Personas out of participants' own words: offline, deterministic, without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anyio.lowlevel

from persona_core.made_names import made_names
from persona_core.models.corpus import Corpus
from persona_core.models.notice import Notice
from persona_core.models.options import SynthesisOptions
from persona_core.models.persona import Generation, Persona, PersonaSet, Support
from persona_core.synthesis import describing
from persona_core.synthesis.candidates import gather, sampling_step
from persona_core.synthesis.extractive.claims import Choice, Chosen
from persona_core.synthesis.grouping import Grouping, find_groups, take_groups
from persona_core.synthesis.language import other_languages
from persona_core.synthesis.noticing import corpus_ref, notices_of, refuse_without_participants

Told = Callable[[str, int, int], None]
_WEAK = 0.12
"""Separation of groups below which they are hardly apart."""


class Extractive:
    """Groups participants by what they say, and chooses claims from their own words."""

    name = "extractive"

    async def synthesise(
        self,
        corpus: Corpus,
        options: SynthesisOptions,
        told: Told | None = None,
        created: Callable[[Persona], None] | None = None,
    ) -> PersonaSet:
        """Make personas; `told` hears a stage, how much is done, and of how much, `created` each persona as it is made.

        Raises GenerationError where more personas are asked for than participants said enough, or nobody may be quoted.
        """
        tell = told or (lambda _stage, _done, _of: None)
        refuse_without_participants(corpus)
        tell("grouping", 0, 1)
        grouping = (
            take_groups(corpus, options.group_by)
            if options.group_by
            else find_groups(corpus, options.count, options.seed)
        )
        tell("grouping", 1, 1)
        await anyio.lowlevel.checkpoint()
        choice = Choice(corpus, gather(corpus))
        talk = describing.Talk(corpus)
        names = made_names(corpus, len(grouping.groups), options.seed)
        personas = []
        for number, group in enumerate(grouping.groups):
            tell("personas", number, len(grouping.groups))
            await anyio.lowlevel.checkpoint()
            chosen = choice.choose(group)
            personas.append(_persona(talk, grouping, number, names[number], chosen))
            if created is not None:
                created(personas[-1])
        tell("personas", len(personas), len(personas))
        return PersonaSet(
            corpus=corpus_ref(corpus),
            generation=Generation(synthesiser=self.name, seed=options.seed),
            warnings=tuple(_notices(corpus, grouping, personas)),
            unrepresented=tuple(corpus.people[i].code for i in grouping.unplaced),
            personas=tuple(personas),
        )


def _persona(talk: describing.Talk, grouping: Grouping, number: int, name: str, chosen: Chosen) -> Persona:
    corpus, group = talk.corpus, grouping.groups[number]
    others = [i for other, members in enumerate(grouping.groups) if other != number for i in members]
    people = [corpus.people[i] for i in group]
    described = describing.demographics(people)
    terms = talk.topics(group, others)
    return Persona(
        id=f"persona-{number + 1:03d}",
        name=name,
        title=describing.title(terms, described, grouping.names[number] if grouping.names else ""),
        summary=describing.summary(
            len(group), len(corpus.people), terms, described, chosen.claims, alone=not others
        ),
        support=Support(participants=len(group), of=len(corpus.people)),
        participants=tuple(sorted(person.code for person in people)),
        demographics=described,
        headline=chosen.headline,
        quotes=tuple(chosen.quotes),
        goals=tuple(chosen.claims["goals"]),
        needs=tuple(chosen.claims["needs"]),
        pain_points=tuple(chosen.claims["pain_points"]),
        behaviours=tuple(chosen.claims["behaviours"]),
        motivations=tuple(chosen.claims["motivations"]),
        context=tuple(chosen.claims["context"]),
    )


def _notices(corpus: Corpus, grouping: Grouping, personas: Sequence[Persona]) -> list[Notice]:
    """What a reader must know of personas made of words alone."""
    found = notices_of(corpus, personas)
    if (step := sampling_step(corpus)) > 1:
        message = f"claims and their support were looked for in every {step}th of {len(corpus):,} segments"
        found.append(Notice(code="sampled", message=message))
    apart = (
        min((len(group) for group in grouping.groups), default=0) > 1
    )  # one person resembles no group of theirs
    if len(personas) > 1 and apart and not grouping.names and grouping.separation < _WEAK:
        found.append(
            Notice(
                code="weak_separation",
                message=f"the groups are hardly apart: participants resemble their own group by {grouping.own:.2f} "
                f"and the other groups by {grouping.other:.2f} (cosine, 0–1); fewer personas may say more",
            )
        )
    if (languages := other_languages(corpus)) is not None:
        found.append(
            Notice(
                code="language_unsupported",
                message=f"{languages}: who speaks it is grouped and quoted, and what kind of claim "
                "a sentence is was not looked for in it",
            )
        )
    return found
