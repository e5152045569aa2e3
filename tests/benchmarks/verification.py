"""How long quotes take to find in a corpus of a million segments, and how much memory it takes."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from persona_core.loading import load
from persona_core.models import CheckedEvidence, Corpus, Evidence, Role, Tier
from persona_core.verification import Finder

SEGMENTS, QUOTES, QUOTE_WORDS, TURNS_EACH = 1_000_000, 1_000, 10, 20
WORDS = "quickly slowly maybe often rarely tool report client budget garden river window paper yellow music".split()
GOALS = {
    "index a million segments": (40.0, "s"),
    "peak memory, the corpus included": (1600.0, "MB"),
    "look up 1,000 quotes that cite nothing": (1.0, "s"),
    "look up 1,000 quotes that cite a segment": (0.5, "s"),
    "look up 1,000 invented quotes": (5.0, "s"),
    "quotes of 1,000 that were not found": (0.0, "quotes"),
    "invented quotes of 1,000 that were found": (0.0, "quotes"),
}


def write(folder: Path, interviews: Path) -> Path:
    """A survey of a million answers: participants' turns of real interviews, cut, with a word or two changed."""
    corpus = load(interviews)
    turns = [
        text.split() for i, text in enumerate(corpus.columns.texts) if corpus.role(i) is Role.participant
    ]
    turns = [turn for turn in turns if len(turn) > QUOTE_WORDS]
    chance = random.Random(1)
    file = folder / "million.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["participant_id", "comment"])
        for n in range(SEGMENTS):
            turn = chance.choice(turns)
            start = chance.randrange(max(1, len(turn) - 24))
            answer = turn[start : start + 28]
            for _ in range(chance.choice((1, 2))):
                answer[chance.randrange(len(answer))] = (
                    f"{chance.choice(WORDS)}{n if chance.random() < 0.3 else ''}"
                )
            rows.writerow([f"U{n // TURNS_EACH:05}", " ".join(answer)])
    return file


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of some work."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak() -> float:
    """Most memory that this process has held, in MB of a million bytes."""
    return (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    )


def planted(corpus: Corpus, chance: random.Random) -> tuple[int, str]:
    """Ten words in a row of some segment, and its position."""
    while True:
        i = chance.randrange(len(corpus))
        said = corpus.columns.texts[i].split()
        start = chance.randrange(max(1, len(said) - QUOTE_WORDS + 1))
        if len(said) >= QUOTE_WORDS:
            return i, " ".join(said[start : start + QUOTE_WORDS])


def look_up(finder: Finder, quotes: Sequence[Evidence]) -> list[CheckedEvidence]:
    """What a report says of each quote."""
    return [finder.check(quote).evidence for quote in quotes]


def measure(file: Path) -> dict[str, tuple[float, float]]:
    """Every figure and its floor."""
    corpus = load(file)
    loaded, finder, chance = peak(), Finder(corpus), random.Random(0)
    quotes = [planted(corpus, chance) for _ in range(QUOTES)]
    cited = [Evidence(quote=quote, segment=corpus.segment_id(i)) for i, quote in quotes]
    uncited = [Evidence(quote=quote) for _, quote in quotes]
    # The words of ten quotes, shuffled: every word is there, and no sentence.
    bags = [
        [word for _, quote in chance.sample(quotes, QUOTE_WORDS) for word in quote.split()] for _ in quotes
    ]
    invented = [Evidence(quote=" ".join(chance.sample(bag, QUOTE_WORDS))) for bag in bags]

    took_cited = seconds(lambda: look_up(finder, cited))
    took_index = seconds(lambda: look_up(finder, [Evidence(quote="nobody ever said anything of that kind")]))
    took_uncited = seconds(lambda: look_up(finder, uncited))
    took_invented = seconds(lambda: look_up(finder, invented))
    held = peak()
    lost = sum(each.tier is Tier.missing for each in look_up(finder, cited + uncited))
    made_up = sum(each.tier is not Tier.missing for each in look_up(finder, invented))
    splitting = seconds(lambda: [len(text.split()) for text in corpus.columns.texts])
    scanning = seconds(lambda: [quotes[0][1] in text for text in corpus.columns.texts])
    figures = (
        (took_index, splitting),
        (held, loaded),
        (took_uncited, scanning * QUOTES),
        (took_cited, scanning * QUOTES),
        (took_invented, scanning * QUOTES),
        (lost, 0),
        (made_up, 0),
    )
    return dict(zip(GOALS, figures, strict=True))


def run() -> Iterator[dict[str, Any]]:
    """Measure in a process of its own, so that memory is only what the corpus and its index take."""
    data = os.environ.get("PERSONA_REALDATA")
    if not data:
        for name, (goal, unit) in GOALS.items():
            yield {
                "name": name,
                "value": None,
                "unit": unit,
                "goal": goal,
                "passed": None,
                "reason": "PERSONA_REALDATA is not set",
            }
        return
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder), Path(data) / "interviews-workforce")
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
