"""Scripts of real studies still say whose they are: matched to their own persona among eight."""

import math
import os
from collections import Counter
from pathlib import Path

import anyio
import pytest

from persona_core import SynthesisOptions, generate, load, release
from persona_core.auditing import Auditor
from persona_core.text import content_stems

DATA = Path(os.environ.get("PERSONA_REALDATA", ""))
STUDIES = ("interviews-workforce", "interviews-scientists")
COUNT, GOAL = 8, 0.9
PARTS = ("psychological_profile", "communication_style", "knowledge_boundaries")

pytestmark = pytest.mark.skipif(
    not all((DATA / study).is_dir() for study in STUDIES), reason="no real studies in PERSONA_REALDATA"
)


def words_of(script):
    """What a script says without name, title and demographics."""
    told = script.model_dump()
    values = [value for part in PARTS for value in told[part].values()]
    return " ".join(text for value in values for text in ((value,) if isinstance(value, str) else value))


def vectors(texts, rare):
    """Stems by how often they stand in a text and how few personas have them, at length 1."""
    found = []
    for text in texts:
        counts = {
            stem: (1 + math.log(n)) * rare.get(stem, 0.0) for stem, n in Counter(content_stems(text)).items()
        }
        length = math.sqrt(sum(each**2 for each in counts.values())) or 1.0
        found.append({stem: each / length for stem, each in counts.items()})
    return found


def test_scripts_are_matched_to_their_own_persona():
    """At least nine in ten, and no two scripts are alike."""
    hits = scripts = 0
    for study in STUDIES:
        corpus = load(DATA / study)
        personas = anyio.run(generate, corpus, None, SynthesisOptions(count=COUNT)).personas
        auditor = Auditor(corpus, k=3)
        told = [words_of(release(persona, corpus, auditor=auditor).script) for persona in personas]
        assert len(set(told)) == COUNT
        known = [
            " ".join(
                text
                for _, claim in persona.claims()
                for text in (claim.text, *(one.quote for one in claim.evidence))
            )
            for persona in personas
        ]
        having = Counter(stem for text in known for stem in set(content_stems(text)))
        rare = {stem: math.log(1 + COUNT / n) for stem, n in having.items()}
        theirs = vectors(known, rare)
        for i, ours in enumerate(vectors(told, rare)):
            alike = [sum(weight * each.get(stem, 0.0) for stem, weight in ours.items()) for each in theirs]
            hits += alike.index(max(alike)) == i
            scripts += 1
    assert hits >= GOAL * scripts
