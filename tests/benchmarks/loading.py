"""How long a table of a million answers takes to load, how much memory, and how both grow."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Sizes, alone, exponent, peak, seconds

WORDS = """the and to of I it that a in is for my me we on with not but when so at have they do just all what about get if like can there
ticket tram lift signal morning platform bus app screen paper card price driver change connection night tunnel station waiting phone
usually always never really because before after need want find check miss lose plan hate love trust""".split()
SECONDS, MEGABYTES, EXPONENT = 8.0, 800.0, 1.15


def write(file: Path, rows: int) -> None:
    """A survey of so many answers of about 130 characters, ten a participant."""
    chance = random.Random(rows)
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["participant_id", "What happened?"])
        for n in range(rows):
            table.writerow([f"U{n // 10:06}", " ".join(chance.choices(WORDS, k=26))])


def measure(name: str) -> dict[str, float]:
    """Seconds and peak memory of loading, of parsing the cells alone, and of reading the file alone."""
    from persona_core.loading import load

    file = Path(name)
    loading = seconds(lambda: load(file))
    held = peak()
    return {
        "seconds": loading,
        "megabytes": held,
        "cells": seconds(lambda: _cells(file)),
        "read": seconds(lambda: file.read_text(encoding="utf-8")),
    }


def _cells(file: Path) -> int:
    with file.open(encoding="utf-8", newline="") as stream:
        return sum(len(row) for row in csv.reader(stream))


def run(sizes: Sizes) -> Iterator[Figure]:
    """Measure four sizes in turn, each in a process of its own."""
    size = sizes.segments[-1]
    with tempfile.TemporaryDirectory() as name:
        files = {each: Path(name) / f"{each}.csv" for each in (size // 8, size // 4, size // 2, size)}
        for each, file in files.items():
            write(file, each)
        rounds = [{each: alone("loading", file) for each, file in files.items()} for _ in range(sizes.rounds)]
    found = {
        each: {key: median(one[each][key] for one in rounds) for key in rounds[0][each]} for each in files
    }
    last, taken = found[size], {each: got["seconds"] for each, got in found.items()}
    yield Figure(
        f"load {size:,} segments", last["seconds"], "s", SECONDS,
        floor=last["read"], floor_is=f"reading the file; its cells by `csv` {last['cells']:.1f} s", sizes=taken,
    )  # fmt: skip
    yield Figure(
        f"load {size:,} segments: peak memory", last["megabytes"], "MB", MEGABYTES,
        sizes={each: got["megabytes"] for each, got in found.items()},
    )  # fmt: skip
    yield Figure("load: exponent of its growth", exponent(taken), "", EXPONENT)
