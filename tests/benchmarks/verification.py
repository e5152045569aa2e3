"""How long quotes take to find in a corpus of a million segments, and how much memory it takes."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks import material, vectorising
from benchmarks.figures import Figure, Sizes, alone, peak, seconds
from persona_core.loading import load
from persona_core.models import CheckedEvidence, Corpus, Evidence, Tier
from persona_core.verification import Finder

WORDS, MEGABYTES = 10, 1600.0
INDEX, UNCITED, CITED, INVENTED = 40.0, 1.0, 0.5, 5.0
WIDTH = 3
"""Words of the runs that the index holds."""
SCANNED = "`in`, one after the other"


def planted(corpus: Corpus, chance: random.Random) -> tuple[int, str]:
    """Ten words in a row of some segment, and its position."""
    while True:
        i = chance.randrange(len(corpus))
        said = corpus.columns.texts[i].split()
        start = chance.randrange(max(1, len(said) - WORDS + 1))
        if len(said) >= WORDS:
            return i, " ".join(said[start : start + WORDS])


def look_up(finder: Finder, quotes: Sequence[Evidence]) -> list[CheckedEvidence]:
    """What a report says of each quote."""
    return [finder.check(quote).evidence for quote in quotes]


def measure(name: str, count: int) -> dict[str, float]:
    """Seconds of indexing and of looking up so many quotes of each kind, peak memory, mistakes, and floors."""
    corpus = load(Path(name))
    finder, chance = Finder(corpus), random.Random(0)
    quotes = [planted(corpus, chance) for _ in range(count)]
    cited = [Evidence(quote=quote, segment=corpus.segment_id(i)) for i, quote in quotes]
    uncited = [Evidence(quote=quote) for _, quote in quotes]
    # The words of ten quotes, shuffled: every word is there, and no sentence.
    bags = [[word for _, quote in chance.sample(quotes, WORDS) for word in quote.split()] for _ in quotes]
    invented = [Evidence(quote=" ".join(chance.sample(bag, WORDS))) for bag in bags]
    nobody = [Evidence(quote="nobody ever said anything of that kind")]
    texts = corpus.columns.texts
    indexing = seconds(lambda: look_up(finder, nobody))
    found = {
        "index": indexing,
        "cited": _middle(lambda: look_up(Finder(corpus), cited)),
        "uncited": _middle(lambda: look_up(finder, uncited)),
        "invented": _middle(lambda: look_up(finder, invented)),
        "megabytes": peak(),
        "lost": sum(each.tier is Tier.missing for each in look_up(finder, cited + uncited)),
        "made up": sum(each.tier is not Tier.missing for each in look_up(finder, invented)),
        "scanning": _middle(lambda: [quotes[0][1] in text for text in texts]) * count,
    }
    return {**found, "vectorised": vectorising.hashed(texts, WIDTH)}


def _middle(work: Callable[[], object]) -> float:
    return median(seconds(work) for _ in range(3))


def run(sizes: Sizes) -> Iterator[Figure]:
    """Measure in a process of its own, so that memory is only what the corpus and its index take."""
    size, count = sizes.segments[-1], sizes.quotes
    with tempfile.TemporaryDirectory() as folder:
        found = alone("verification", material.table(Path(folder), size), count)
    yield Figure(
        f"index {size:,} segments for quotes", found["index"], "s", INDEX,
        floor=found["vectorised"], floor_is="scikit-learn's hashing of runs of three words", of_material=True,
    )  # fmt: skip
    yield Figure(
        f"index {size:,} segments for quotes: peak memory",
        found["megabytes"],
        "MB",
        MEGABYTES,
        of_material=True,
    )
    for kind, goal, how in (
        ("uncited", UNCITED, "that cite nothing"),
        ("cited", CITED, "that cite a segment"),
        ("invented", INVENTED, "that nobody said"),
    ):
        yield Figure(
            f"look up {count:,} quotes {how}", found[kind], "s", goal,
            floor=found["scanning"], floor_is=SCANNED, of_material=True,
        )  # fmt: skip
    yield Figure(f"of {2 * count:,} quotes, not found", found["lost"], "", 0)
    yield Figure(f"of {count:,} invented quotes, found", found["made up"], "", 0)
