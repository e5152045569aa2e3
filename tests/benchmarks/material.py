"""Interviews to measure with, and corpora of any size made of their turns.

`PERSONA_REALDATA` names a folder of real research data; without it the example study is used.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from persona_core.loading import load
from persona_core.models import Role

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"
TURNS_EACH, LONG, CUT = 20, 10, 28
"""Turns of a made participant; words that a turn needs; and at most has."""
WORDS = "quickly slowly maybe often rarely tool report client budget garden river window paper yellow music".split()
CLEAN = """keeps wants plans calm notes before shared work quiet week often reads short list asks help tools clear data
trust""".split()
PERSONAS, CITED = 8, 20


def name() -> str:
    """What is measured with, for the page."""
    return "the turns of 120 real interviews" if os.environ.get("PERSONA_REALDATA") else "the example study"


def interviews(folder: Path, count: int) -> Path:
    """A folder of interviews: the real ones, or so many made of the example study's turns."""
    data = os.environ.get("PERSONA_REALDATA")
    if data:
        return Path(data) / "interviews-workforce"
    chance = random.Random(2)
    place = folder / "interviews"
    place.mkdir(exist_ok=True)
    for n in range(count):
        said = (
            f"Interviewer: How was it, and then?\n\nP{n:03}: {' '.join(_turn(chance, n))}\n\n"
            for _ in range(TURNS_EACH)
        )
        (place / f"{n:03}.md").write_text("".join(said), encoding="utf-8")
    return place


@lru_cache(maxsize=1)
def _turns() -> tuple[tuple[str, ...], ...]:
    data = os.environ.get("PERSONA_REALDATA")
    corpus = load(Path(data) / "interviews-workforce" if data else STUDY)
    said = (text.split() for i, text in enumerate(corpus.columns.texts) if corpus.role(i) is Role.participant)
    return tuple(tuple(turn) for turn in said if len(turn) > LONG)


def _turn(chance: random.Random, n: int) -> list[str]:
    """Somebody's turn, cut, with a word or two changed."""
    turn = chance.choice(_turns())
    start = chance.randrange(max(1, len(turn) - 24))
    answer = list(turn[start : start + CUT])
    for _ in range(chance.choice((1, 2))):
        answer[chance.randrange(len(answer))] = f"{chance.choice(WORDS)}{n if chance.random() < 0.3 else ''}"
    return answer


def table(folder: Path, rows: int) -> Path:
    """A survey of so many answers under made participants."""
    chance = random.Random(1)
    file = folder / f"answers-{rows}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["participant_id", "comment"])
        out.writerows([f"U{n // TURNS_EACH:05}", " ".join(_turn(chance, n))] for n in range(rows))
    return file


def head(file: Path, rows: int) -> Path:
    """The first rows of a table as a table of their own."""
    shorter = file.with_name(f"first-{rows}.csv")
    with file.open(encoding="utf-8") as lines, shorter.open("w", encoding="utf-8") as out:
        out.writelines(islice(lines, rows + 1))
    return shorter


def personas(file: Path, rows: int, count: int = PERSONAS) -> Path:
    """Personas of a made table: of their quotes one in four cites nothing, and one of each persona is invented."""
    chance, people = random.Random(3), [f"U{n:05}" for n in range(-(-rows // TURNS_EACH))]
    cited = _cited(file, rows)
    made = [
        {
            "id": f"persona-{n + 1:03}",
            "name": f"Persona {n + 1}",
            "participants": people[n::count],
            **_claims(file.name, cited[n::PERSONAS], chance),
        }
        for n in range(count)
    ]
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    digest = "sha256:" + hashlib.sha256(f"{sha256} {file.name}".encode()).hexdigest()
    place = file.with_suffix(".json")
    place.write_text(
        json.dumps({"schema_version": "1", "corpus": {"digest": digest}, "personas": made}), encoding="utf-8"
    )
    return place


def _cited(file: Path, rows: int) -> list[tuple[int, str, str]]:
    """Number, participant and words of some answers, from everywhere in a table."""
    every = max(1, rows // (PERSONAS * CITED))
    with file.open(encoding="utf-8", newline="") as stream:
        answers = enumerate(islice(csv.reader(stream), 1, None), 1)
        return [(n, who, text) for n, (who, text) in answers if n % every == 0]


def _claims(
    source: str, cited: Sequence[tuple[int, str, str]], chance: random.Random
) -> dict[str, list[dict[str, Any]]]:
    claims = []
    for i, (row, who, text) in enumerate(cited):
        words = text.split()[:LONG]
        evidence: dict[str, Any] = {"quote": " ".join(words)}
        if i == 1:
            evidence["quote"] = " ".join(chance.sample(words, len(words)))
        elif i % 4:
            evidence.update(segment=f"{source}#{row}", participant=who)
        claims.append({"text": " ".join(words).capitalize(), "origin": "extracted", "evidence": [evidence]})
    return {facet: claims[k::4] for k, facet in enumerate(("goals", "pain_points", "behaviours", "needs"))}


def clean(count: int, chance: random.Random) -> list[str]:
    """Sentences of words that do not stand in a row anywhere."""
    return [" ".join(chance.sample(CLEAN, 12)).capitalize() + "." for _ in range(count)]


def said(texts: Sequence[str], count: int, chance: random.Random) -> Iterator[str]:
    """Ten words in a row of some texts that were changed there, so that nobody else says them."""
    while count:
        words = chance.choice(texts).split()
        marked = [i for i, word in enumerate(words) if re.fullmatch(r"[a-z]{4,}\d+", word)]
        if marked and len(words) > 14:
            start = max(0, min(marked[0] - 5, len(words) - 10))
            count -= 1
            yield " ".join(words[start : start + 10]) + "."
