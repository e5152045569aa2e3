"""How long a table of a million answers takes to load, how much memory, and how both grow."""

from __future__ import annotations

import csv
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIZES = (125_000, 250_000, 500_000, 1_000_000)
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


def measure(file: Path) -> dict[str, float]:
    """Seconds and peak memory of loading, and of only reading the cells."""
    from persona_core.loading import load

    begun = time.perf_counter()
    corpus = load(file)
    took = time.perf_counter() - begun
    scale = 1 if sys.platform == "darwin" else 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6
    begun = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as stream:
        cells = sum(len(row) for row in csv.reader(stream))
    assert cells == 2 * (len(corpus) + 1)
    return {"seconds": took, "megabytes": held, "floor": time.perf_counter() - begun}


def run() -> Iterator[dict[str, Any]]:
    """Measure four sizes, each in a process of its own."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            file = Path(name) / f"{size}.csv"
            write(file, size)
            answer = subprocess.run(
                [sys.executable, __file__, str(file)], check=True, capture_output=True, text=True
            )
            found[size] = json.loads(answer.stdout)
            file.unlink()
    last = found[SIZES[-1]]
    logs = [(math.log(size), math.log(each["seconds"])) for size, each in found.items()]
    mean_x, mean_y = (sum(pair[k] for pair in logs) / len(logs) for k in (0, 1))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)
    rows = (
        ("load a million segments", last["seconds"], "s", SECONDS, last["floor"]),
        ("peak memory of loading them", last["megabytes"], "MB", MEGABYTES, 0.0),
        ("growth exponent of loading", slope, "", EXPONENT, 1.0),
    )
    for title, value, unit, goal, floor in rows:
        yield {
            "name": title,
            "value": value,
            "unit": unit,
            "goal": goal,
            "passed": value <= goal,
            "floor": floor,
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))
