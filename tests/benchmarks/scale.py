"""Commands over corpora of four sizes, up to a million segments: seconds, peak memory, and how both grow."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks import material
from benchmarks.figures import Figure, Sizes, command, exponent, seconds

PERSONA = Path(sys.executable).with_name("persona")
COMMANDS = ("verify", "score", "audit")
SECONDS, MEGABYTES, EXPONENT = 50.0, 2500.0, 1.15
FEW = 20
"""Rows of a table that takes no longer than the start of the command."""
FOUND_FAULT = {"verify": 1, "score": 0, "audit": 6}
"""With what a command ends that found what was planted."""


def run(sizes: Sizes) -> Iterator[Figure]:
    """Each command at each size; what the fewest rows take is its start, and no part of its growth."""
    took: dict[str, dict[int, float]] = {name: {} for name in COMMANDS}
    held: dict[str, dict[int, float]] = {name: {} for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        whole = material.table(Path(folder), sizes.segments[-1])
        for size in (FEW, *sizes.segments):
            file = material.head(whole, size)
            for name, arguments in _commands(file, size).items():
                found = command([PERSONA, name, *arguments], allowed=(0, FOUND_FAULT[name]))
                took[name][size], held[name][size] = found
        read = seconds(lambda: whole.read_text(encoding="utf-8"))
    for name in COMMANDS:
        yield from _figures(name, took[name], held[name], read)


def _commands(file: Path, size: int) -> dict[str, list[object]]:
    personas, text = material.personas(file, size), file.with_suffix(".txt")
    text.write_text(" ".join(material.clean(60, random.Random(4))), encoding="utf-8")
    return {
        "verify": [personas, "--sources", file, "--json"],
        "score": [personas, "--sources", file, "-o", "json"],
        "audit": [text, "--sources", file, "--json"],
    }


def _figures(
    name: str, took: Mapping[int, float], held: Mapping[int, float], read: float
) -> Iterator[Figure]:
    *_, size = took
    whole = f"persona {name}, {size:,} segments"
    yield Figure(
        whole, took[size], "s", SECONDS, floor=read, floor_is="reading the file", of_material=True,
        sizes=took,
    )  # fmt: skip
    yield Figure(f"{whole}: peak memory", held[size], "MB", MEGABYTES, of_material=True, sizes=held)
    grown = {each: max(took[each] - took[FEW], 0.01) for each in took if each != FEW}
    yield Figure(f"persona {name}: exponent of its growth", exponent(grown), "", EXPONENT, of_material=True)
