"""How long the command takes, start-up included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

PERSONA = Path(sys.executable).with_name("persona")
HELP_GOAL, TABLE_GOAL, WORKFORCE_GOAL = 8.0, 3.0, 8.0
"""Times an empty Python; seconds; seconds."""


def took(arguments: Sequence[object], *, tries: int, folder: Path) -> float:
    """Median wall-clock seconds of a command that succeeds."""
    # Writing no bytecode would triple every start.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds = []
    for _ in range(tries):
        begun = time.perf_counter()
        subprocess.run(
            [str(each) for each in arguments], cwd=folder, env=env, check=True, capture_output=True
        )
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


def result(name: str, value: float, goal: float, floor: float | str, unit: str = "s") -> dict[str, Any]:
    """One row of the table."""
    return {"name": name, "value": value, "unit": unit, "goal": goal, "passed": value <= goal, "floor": floor}


def table(folder: Path) -> Path:
    """A survey of ten rows."""
    file = folder / "ten.csv"
    rows = "".join(
        f"P{n:02},I want the tram to be on time at stop {n} because I hate to wait.\n" for n in range(10)
    )
    file.write_text("participant,What do you want?\n" + rows, encoding="utf-8")
    return file


def run() -> Iterator[dict[str, Any]]:
    """Measure start-up, a small table, and 120 interviews."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        took([PERSONA, "--help"], tries=1, folder=folder)
        empty = took([sys.executable, "-c", ""], tries=15, folder=folder)
        shown = took([PERSONA, "--help"], tries=15, folder=folder)
        said = f"{shown * 1000:.0f} ms against {empty * 1000:.0f} ms"
        yield result("persona --help, in empty Pythons", shown / empty, HELP_GOAL, said, "×")
        generate = [PERSONA, "generate", "--out", "run", "--force"]
        seconds = took([*generate, table(folder)], tries=3, folder=folder)
        yield result("generate from a table of 10 rows", seconds, TABLE_GOAL, empty)
        yield workforce(generate, folder, empty)


def workforce(generate: list[Any], folder: Path, empty: float) -> dict[str, Any]:
    """The 120 interviews of the real data, where they are."""
    name = "generate from 120 workforce interviews"
    data = os.environ.get("PERSONA_REALDATA")
    if not data:
        reason = "PERSONA_REALDATA is not set"
        return {
            "name": name,
            "value": None,
            "unit": "s",
            "goal": WORKFORCE_GOAL,
            "passed": None,
            "reason": reason,
        }
    source = Path(data) / "interviews-workforce"
    return result(name, took([*generate, source], tries=2, folder=folder), WORKFORCE_GOAL, empty)
