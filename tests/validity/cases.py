"""The clean personas: what a study's material gives, and what an assistant would write of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import anyio
import yaml

from persona_core.loading import load
from persona_core.models import Corpus, SynthesisOptions
from persona_core.models.persona import Persona, PersonaSet
from persona_core.pipeline import generate
from persona_core.reading import parse_personas

HERE = Path(__file__).parent
OWN = {
    "tramline": HERE.parents[1] / "docs" / "examples" / "study",
    "allotments": HERE / "studies" / "allotments",
    "nights": HERE / "studies" / "nights",
    "shops": HERE / "studies" / "shops",
}
COUNTS = {"tramline": (2, 3, 4, 5), "allotments": (2, 3, 4), "nights": (2, 3), "shops": (2, 3)}
REAL = {
    "interviews-workforce": (4, 8),
    "interviews-scientists": (4, 8),
    "survey-notebook-ux/responses.csv": (4,),
    "survey-market/survey-1.csv": (3,),
    "survey-market/survey-2.csv": (3,),
}
FACETS = ("goals", "needs", "pain_points", "behaviours", "motivations", "context")


@dataclass(frozen=True)
class Case:
    """A set of clean personas and the study they were made of."""

    study: str
    maker: str
    corpus: Corpus
    personas: PersonaSet
    own: bool = True
    again: Mapping[str, Persona] = field(default_factory=dict)
    """By id: the same persona told once more by hand, with other words and the same quotes."""

    def key(self, at: int) -> tuple[str, str, str]:
        """Name the persona at that place among all cases."""
        return self.study, self.maker, self.personas.personas[at].id

    def with_persona(self, at: int, persona: Persona) -> PersonaSet:
        """The set with another persona at that place."""
        personas = list(self.personas.personas)
        personas[at] = persona
        return self.personas.model_copy(update={"personas": tuple(personas)})

    def with_more(self, persona: Persona) -> PersonaSet:
        """The set with one persona more."""
        return self.personas.model_copy(update={"personas": (*self.personas.personas, persona)})


@cache
def wordings(name: str) -> Any:
    """A file of wordings."""
    return yaml.safe_load((HERE / "wordings" / f"{name}.yaml").read_text(encoding="utf-8"))


def written(study: str) -> list[dict[str, Any]]:
    """What stands in the file of personas as assistants write them."""
    loaded: list[dict[str, Any]] = yaml.safe_load(
        (HERE / "written" / f"{study}.yaml").read_text(encoding="utf-8")
    )
    return loaded


def plain(persona: Mapping[str, Any], *, again: bool = False, ident: str = "") -> dict[str, Any]:
    """A written persona as an assistant's JSON has it; `again` takes the second wording throughout."""
    second = persona["again"] if again else {}
    found = {key: value for key, value in persona.items() if key not in ("again", *FACETS)}
    found |= dict(second)
    for facet in FACETS:
        if facet in persona:
            found[facet] = [
                {"text": claim[1 if again else 0], "evidence": [{"quote": claim[3], "participant": claim[2]}]}
                for claim in persona[facet]
            ]
    return {"id": ident, **found}


def written_case(study: str, corpus: Corpus) -> Case:
    """The personas of a study as an assistant writes them, with their retellings."""
    given = written(study)
    ids = [f"persona-{number:03d}" for number in range(1, len(given) + 1)]
    first = parse_personas([plain(each, ident=i) for each, i in zip(given, ids, strict=True)])
    second = parse_personas([plain(each, again=True, ident=i) for each, i in zip(given, ids, strict=True)])
    return Case(study, "written", corpus, first, again={each.id: each for each in second.personas})


def extractive(corpus: Corpus, count: int) -> PersonaSet:
    """Personas of a study made offline."""

    async def made() -> PersonaSet:
        return await generate(corpus, None, SynthesisOptions(count=count))

    return anyio.run(made)


def own_cases(*, counts: Mapping[str, Sequence[int]] = COUNTS) -> Iterator[Case]:
    """The cases whose studies are shipped."""
    for study, folder in OWN.items():
        corpus = load(folder)
        yield written_case(study, corpus)
        for count in counts[study]:
            yield Case(study, f"extractive {count}", corpus, extractive(corpus, count))


def real_cases() -> Iterator[Case]:
    """The cases of real research data, where `PERSONA_REALDATA` says it is."""
    folder = os.environ.get("PERSONA_REALDATA")
    for name, counts in REAL.items() if folder else ():
        corpus = load(Path(folder or "") / name)
        for count in counts:
            study = name.removesuffix(".csv").removesuffix("/responses")
            yield Case(study, f"extractive {count}", corpus, extractive(corpus, count), own=False)
