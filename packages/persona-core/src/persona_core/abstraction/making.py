"""A persona to a script, offline: the same persona and corpus give the same script."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from importlib import metadata

from persona_core.abstraction import boundaries, character
from persona_core.abstraction.counted import group_of, spoken_by, spoken_in
from persona_core.abstraction.demographics import coarsened
from persona_core.abstraction.identity import identity
from persona_core.abstraction.manner import compare
from persona_core.abstraction.profile import Teller, Told, by_facet, comes_back_to
from persona_core.errors import ConfigurationError
from persona_core.models.corpus import Corpus
from persona_core.models.persona import Persona
from persona_core.models.script import Provenance, PsychologicalProfile, Script, Withheld

_TOPICS = 90
"""Of what a group speaks of, so much is looked at for what it says of it."""


def abstract(persona: Persona, corpus: Corpus | None, *, k: int = 3, now: datetime | None = None) -> Script:
    """Turn a persona into what may be shared: every term in it was used by at least `k` participants of the corpus.

    Without a corpus those are counted whom the persona's own evidence quotes. `now` is what the script says of when it was
    made. Raises ConfigurationError where `k` is below 1.
    """
    if k < 1:
        raise ConfigurationError(f"k is how many participants have to share a thing, at least 1; not {k}")
    spoken = spoken_in(corpus) if corpus is not None else spoken_by(persona)
    group = group_of(persona, corpus)
    known = boundaries.topics(spoken, group, k)
    compared = compare(spoken.manners, group)
    teller = Teller(spoken, group, k)
    told = teller.tell(persona)
    sentences = [(each.path, each.sentence) for each in told if each.sentence]
    sentences += comes_back_to(known)
    sentences += teller.shared([*spoken.of_group(group, k, own=False)[:_TOPICS], *spoken.tools(k)], told)
    who = coarsened(persona, corpus, k)
    withheld = Withheld(
        claims=sum(not each.sentence for each in told), of=len(told), demographics=who.withheld
    )
    made = identity(persona, corpus, spoken, known, who, k)
    return Script(
        id=persona.id,
        identity=made,
        psychological_profile=PsychologicalProfile(
            **by_facet(sentences),
            personality_traits=character.traits(compared, k),
            flaws=character.flaws(compared, k),
        ),
        communication_style=character.style(compared, k),
        knowledge_boundaries=boundaries.boundaries(spoken, group, known, k),
        guidelines=boundaries.guidelines(made.name, withheld, k, empty=_is_empty(told, known)),
        provenance=Provenance(
            generated_at=now,
            generator_version=metadata.version("persona-core"),
            source_persona_id=persona.id,
            corpus_digest=corpus.digest if corpus is not None else None,
            persona_sha256=persona_sha256(persona),
            k=k,
            participants=len(persona.participants) or None,
            withheld=withheld,
        ),
    )


def _is_empty(told: Sequence[Told], known: Sequence[object]) -> bool:
    return not known and not any(each.sentence for each in told)


def persona_sha256(persona: Persona) -> str:
    """SHA-256 of a persona as JSON with sorted keys and without white space, in hexadecimal."""
    canonical = json.dumps(
        persona.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
