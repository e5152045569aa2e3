"""How long outgoing texts take to audit against a corpus of a million segments, and how much memory it takes."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from persona_core.auditing import Auditor
from persona_core.loading import load
from persona_core.models import Corpus, Persona

HERE = Path(__file__).parent
SENTENCES, GROUP, SMALL = 60, 100, 10_000
GOALS = {
    "index a million segments to audit texts": (40.0, "s"),
    "peak memory of an audit, the corpus included": (1600.0, "MB"),
    "audit 60 sentences of which 30 were said": (0.3, "s"),
    "audit 60 sentences that nobody said": (0.3, "s"),
    "audit 60 sentences against 10,000 segments, start-up included": (4.0, "s"),
    "said sentences of 30 that were not found": (0.0, "sentences"),
}
START = """
import sys
from pathlib import Path
from persona_core.loading import load
from persona_core.auditing import Auditor
Auditor(load(Path(sys.argv[1]))).audit(Path(sys.argv[2]).read_text(encoding="utf-8"))
"""


def verification() -> ModuleType:
    """The benchmark that makes the corpus."""
    spec = importlib.util.spec_from_file_location("benchmark_verification", HERE / "verification.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def clean(count: int, chance: random.Random) -> list[str]:
    """Sentences of words that do not stand in a row anywhere."""
    words = "keeps wants plans calm notes before shared work quiet week often reads short list asks help tools clear data trust".split()
    return [" ".join(chance.sample(words, 12)).capitalize() + "." for _ in range(count)]


def said(corpus: Corpus, count: int, chance: random.Random) -> list[str]:
    """Ten words in a row of some segments that were changed there, so that nobody else says them."""
    found: list[str] = []
    while len(found) < count:
        words = corpus.columns.texts[chance.randrange(len(corpus))].split()
        marked = [i for i, word in enumerate(words) if re.fullmatch(r"[a-z]{4,}\d+", word)]
        if marked and len(words) > 14:
            start = max(0, min(marked[0] - 5, len(words) - 10))
            found.append(" ".join(words[start : start + 10]) + ".")
    return found


def measure(file: Path) -> dict[str, tuple[float, float]]:
    """Every figure but the one with start-up, and its floor."""
    others, chance = verification(), random.Random(0)
    corpus = load(file)
    loaded, auditor = others.peak(), Auditor(corpus)
    persona = Persona(
        id="p", name="Somebody", participants=tuple(each.code for each in corpus.people[:GROUP])
    )
    took_index = others.seconds(
        lambda: auditor.audit("Nobody ever said anything of that kind.", persona=persona)
    )
    planted = said(corpus, SENTENCES // 2, chance)
    mixed = " ".join(planted + clean(SENTENCES // 2, chance))
    unsaid = " ".join(clean(SENTENCES, chance))
    took_mixed = others.seconds(lambda: auditor.audit(mixed, persona=persona))
    took_clean = others.seconds(lambda: auditor.audit(unsaid, persona=persona))
    held = others.peak()
    findings = auditor.audit(mixed, persona=persona).findings
    places = [(mixed.index(each), mixed.index(each) + len(each)) for each in planted]
    lost = sum(
        not any(f.kind == "verbatim" and f.start < end and start < f.end for f in findings)
        for start, end in places
    )
    splitting = others.seconds(lambda: [len(text.split()) for text in corpus.columns.texts])
    scanning = others.seconds(lambda: [planted[0] in text for text in corpus.columns.texts])
    figures = (
        (took_index, splitting),
        (held, loaded),
        (took_mixed, scanning * SENTENCES),
        (took_clean, scanning * SENTENCES),
        from_the_start(file),
        (lost, 0),
    )
    return dict(zip(GOALS, figures, strict=True))


def from_the_start(million: Path) -> tuple[float, float]:
    """Seconds of an audit in a new process against the first `SMALL` rows, and of a process that does nothing."""
    with tempfile.TemporaryDirectory() as folder, million.open(encoding="utf-8") as rows:
        small, text = Path(folder) / "small.csv", Path(folder) / "text.txt"
        small.write_text("".join(next(rows) for _ in range(SMALL + 1)), encoding="utf-8")
        text.write_text(" ".join(clean(SENTENCES, random.Random(1))), encoding="utf-8")
        times = []
        for code in (START, "pass"):
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", code, str(small), str(text)], check=True)
            times.append(time.perf_counter() - begun)
    return times[0], times[1]


def run() -> Iterator[dict[str, Any]]:
    """Measure in a process of its own, so that memory is only what the corpus and its indexes take."""
    data = os.environ.get("PERSONA_REALDATA")
    if not data:
        for name, (goal, unit) in GOALS.items():
            reason = "PERSONA_REALDATA is not set"
            yield {"name": name, "value": None, "unit": unit, "goal": goal, "passed": None, "reason": reason}
        return
    with tempfile.TemporaryDirectory() as folder:
        file = verification().write(Path(folder), Path(data) / "interviews-workforce")
        ran = subprocess.run(
            [sys.executable, __file__, str(file)], check=True, capture_output=True, text=True
        )
    figures = json.loads(ran.stdout)
    for name, (goal, unit) in GOALS.items():
        value, floor = figures[name]
        yield {
            "name": name,
            "value": value,
            "unit": unit,
            "goal": goal,
            "passed": value <= goal,
            "floor": floor,
        }


if __name__ == "__main__":
    json.dump(measure(Path(sys.argv[1])), sys.stdout)
