"""Measure the selection of claims on real data: the precision of facets, and how well groups hold on words they were not made of.

Prints a table and exits with 1 where a goal is missed. `PERSONA_REALDATA` names the folder of the data; `facets.csv` beside this file
holds the labels of sentences that the cues were not made on, as offsets, since the data itself may not be shipped.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from persona_core.loading import load, read_back
from persona_core.models import Corpus, Locator, Role
from persona_core.synthesis.candidates import spoken_words
from persona_core.synthesis.cues import hits
from persona_core.synthesis.grouping import partition, vocabulary_of

FILE = "facets.csv"
FACETS = {
    "goal": "goals",
    "need": "needs",
    "pain_point": "pain_points",
    "behaviour": "behaviours",
    "motivation": "motivations",
    "context": "context",
}
GOALS = {"goals": 0.85}
STUDIES = {"interviews-workforce": 4, "interviews-scientists": 4, "survey-notebook-ux/responses.csv": 4}


def labelled(data: Path) -> list[tuple[str, set[str]]]:
    """The labelled sentences and their facets."""
    found = []
    read: dict[str, bytes] = {}
    for row in csv.DictReader((Path(__file__).parent / FILE).open(encoding="utf-8")):
        raw = read.setdefault(row["file"], (data / row["file"]).read_bytes())
        locator = Locator(
            source=row["file"],
            sha256="",
            row=int(row["row"]) if row["row"] else None,
            field=row["field"] or None,
            parts=((int(row["start"]), int(row["end"])),),
        )
        found.append(
            (
                read_back(locator, raw),
                {FACETS[label] for label in row["labels"].split("|") if label in FACETS},
            )
        )
    return found


def precision(sentences: list[tuple[str, set[str]]]) -> dict[str, tuple[int, int, int]]:
    """For each facet: rightly found, found, and there to be found."""
    right, found, there = Counter[str](), Counter[str](), Counter[str]()
    for sentence, facets in sentences:
        there.update(facets)
        for facet in {hit.facet for hit in hits(sentence)}:
            found[facet] += 1
            right[facet] += facet in facets
    return {facet: (right[facet], found[facet], there[facet]) for facet in FACETS.values()}


def held_out(corpus: Corpus, count: int) -> tuple[float, float, int]:
    """How often the second half of a participant's turns finds the group of the first half; by chance, given the groups' sizes; of how many."""
    order: Counter[int] = Counter()
    half = []
    for i, who in enumerate(corpus.columns.who):
        said = who >= 0 and corpus.role(i) is Role.participant
        half.append(order[who] % 2 if said else -1)
        order[who] += said
    first, second = (spoken_words(corpus, lambda i, side=side: half[i] == side) for side in (0, 1))
    both = [i for i in range(len(corpus.people)) if len(first[i]) >= 3 and len(second[i]) >= 3]
    vocabulary = vocabulary_of([first[i] for i in both])
    vectors = vocabulary.vectors([first[i] for i in both])
    groups = np.array(partition(vectors, count, 0))
    means = np.vstack([np.asarray(vectors[groups == group].mean(axis=0)).ravel() for group in range(count)])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    found = (vocabulary.vectors([second[i] for i in both]) @ means.T).argmax(axis=1)
    placed = groups >= 0
    shares = [(float((groups[placed] == g).mean()), float((found[placed] == g).mean())) for g in range(count)]
    return float((groups[placed] == found[placed]).mean()), sum(a * b for a, b in shares), int(placed.sum())


def main() -> int:
    """Print both tables; 1 where a goal is missed."""
    if not (folder := os.environ.get("PERSONA_REALDATA")):
        print("PERSONA_REALDATA is not set: nothing to measure on")
        return 0
    data, missed = Path(folder), 0
    sentences = labelled(data)
    print(
        f"Facets of {len(sentences)} hand-labelled sentences\n\n{'facet':<14}{'precision':>10}{'right/found':>14}{'recall':>9}   goal"
    )
    for facet, (right, found, there) in precision(sentences).items():
        share = right / found if found else 1.0
        goal = GOALS.get(facet, 0.0)
        missed += share < goal
        print(
            f"{facet:<14}{share:>10.0%}{f'{right}/{found}':>14}{right / there if there else 0:>9.0%}   {f'{goal:.0%}' + (' MISSED' if share < goal else '') if goal else ''}"
        )
    print("\nGroups found from half of each participant's turns, sought by the other half\n")
    print(
        f"{'study':<40}{'groups':>7}{'agreement':>11}{'by chance':>11}{'ratio':>7}{'with these sizes':>18}{'ratio':>7}   goal 2.0"
    )
    for name, count in STUDIES.items():
        agreement, sized, size = held_out(load(data / name), count)
        missed += agreement < 2 / count
        print(
            f"{f'{name} ({size})':<40}{count:>7}{agreement:>11.2f}{1 / count:>11.2f}{agreement * count:>7.1f}"
            f"{sized:>18.2f}{agreement / sized:>7.1f}   {'MISSED' if agreement < 2 / count else ''}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
