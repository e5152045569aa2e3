"""Realism: whether a persona could be of people at all, or is a template, a slide or a joke.

100 less what is lost for placeholders and names that are none (`naming`), goals and pain points that could be anybody's
(`generic`), words nobody says and quotes that nobody said (`speech`), demographics that cannot be (`impossible`, which caps
the overall score), and claims of one shape (`template`). What was said by participants, with their words beside it, is
not judged for its wording.

Only what is in the word lists costs points. A name, a heritage, a disability, a combination or a way of speaking that is
rare is in none of them: rare is not unreal, and nothing here asks how common anything is.

That personas of generic and invented detail mislead: Chapman and Milham, *The Personas' New Clothes* (2006); Salminen et
al., *Persona Perception Scale* (2020), on credibility. The lists and points are ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from persona_core.models.persona import Persona
from persona_core.quality.dimension import Dimension, Given, Measure
from persona_core.quality.realism import generic, impossible, naming, speech, template
from persona_core.quality.realism.said import found_quotes, said_paths


def _measure(given: Given) -> Sequence[Measure]:
    return [
        _measured(persona, said_paths(persona, quotes))
        for persona, quotes in zip(given.personas, found_quotes(given), strict=True)
    ]


def _measured(persona: Persona, said: frozenset[str]) -> Measure:
    vague = [*generic.deductions(persona, said)]
    spared = said | {each.path for each in vague}
    kinds = {
        "placeholders": [*naming.deductions(persona), *naming.unfilled_deductions(persona, said)],
        "generic": vague,
        "wording": [*speech.deductions(persona, spared)],
        "impossible": [*impossible.deductions(persona)],
        "template": [*template.deductions(persona, said)],
    }
    return Measure(
        deductions=tuple(each for found in kinds.values() for each in found),
        details={
            **Counter({kind: len(found) for kind, found in kinds.items()}),
            "claims_in_participants_words": len(said),
        },
    )


DIMENSION = Dimension(name="realism", version="1", measure=_measure)
