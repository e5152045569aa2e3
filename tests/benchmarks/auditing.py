"""How long outgoing texts take to audit against a corpus of a million segments, and how much memory it takes."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import material, vectorising
from benchmarks.figures import Figure, Sizes, alone, peak, seconds
from persona_core.auditing import Auditor
from persona_core.loading import load
from persona_core.models import Persona

SENTENCES, GROUP = 60, 100
INDEX, MEGABYTES, AUDIT = 40.0, 1600.0, 0.3
WIDTH = 3
SCANNED = "`in`, one sentence after the other"


def measure(name: str) -> dict[str, float]:
    """Seconds of indexing and of auditing a script, peak memory, what was not found, and floors."""
    chance, corpus = random.Random(0), load(Path(name))
    auditor, texts = Auditor(corpus), corpus.columns.texts
    persona = Persona(
        id="p", name="Somebody", participants=tuple(each.code for each in corpus.people[:GROUP])
    )
    indexing = seconds(lambda: auditor.audit("Nobody ever said anything of that kind.", persona=persona))
    planted = list(material.said(texts, SENTENCES // 2, chance))
    mixed = " ".join(planted + material.clean(SENTENCES // 2, chance))
    unsaid = " ".join(material.clean(SENTENCES, chance))
    found = {
        "index": indexing,
        "mixed": median(seconds(lambda: auditor.audit(mixed, persona=persona)) for _ in range(3)),
        "clean": median(seconds(lambda: auditor.audit(unsaid, persona=persona)) for _ in range(3)),
        "megabytes": peak(),
    }
    findings = auditor.audit(mixed, persona=persona).findings
    places = [(mixed.index(each), mixed.index(each) + len(each)) for each in planted]
    lost = sum(
        not any(f.kind == "verbatim" and f.start < end and start < f.end for f in findings)
        for start, end in places
    )
    scanning = median(seconds(lambda: [planted[0] in text for text in texts]) for _ in range(3)) * SENTENCES
    return {**found, "lost": lost, "scanning": scanning, "vectorised": vectorising.hashed(texts, WIDTH)}


def run(sizes: Sizes) -> Iterator[Figure]:
    """Measure in a process of its own, so that memory is only what the corpus and its indexes take."""
    size = sizes.segments[-1]
    with tempfile.TemporaryDirectory() as folder:
        found = alone("auditing", material.table(Path(folder), size))
    yield Figure(
        f"index {size:,} segments for audits", found["index"], "s", INDEX,
        floor=found["vectorised"], floor_is="scikit-learn's hashing of runs of three words", of_material=True,
    )  # fmt: skip
    yield Figure(
        f"index {size:,} segments for audits: peak memory",
        found["megabytes"],
        "MB",
        MEGABYTES,
        of_material=True,
    )
    for kind, what in (("mixed", "of which half were said"), ("clean", "that nobody said")):
        yield Figure(
            f"audit {SENTENCES} sentences {what}", found[kind], "s", AUDIT,
            floor=found["scanning"], floor_is=SCANNED, of_material=True,
        )  # fmt: skip
    yield Figure(f"of {SENTENCES // 2} said sentences, not found", found["lost"], "", 0)
