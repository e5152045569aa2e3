"""A figure, its goal, and what the machine itself takes; and how figures are taken."""

from __future__ import annotations

import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

TESTS = Path(__file__).parents[1]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Writing no bytecode would triple every start."""
WORSE = 1.3
"""How many times as bad as the committed figure one may be."""
NOISE = {"s": 0.05, "ms": 0.1, "MB": 10.0, "s a second": 0.002, "×": 0.05, "": 0.05}
"""By unit, what two runs of the same code differ by on a quiet machine: no figure is worse for as little as that."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much everything is measured on."""

    segments: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    quotes: int = 1_000
    personas: tuple[int, ...] = (3_000, 7_500, 15_000, 30_000)
    interviews: int = 120
    tokens: int = 1_200_000
    calls: int = 500
    jobs: int = 1_000
    streams: int = 100
    deliveries: int = 1_000
    remote: int = 200
    load_seconds: float = 2.0
    """For which a server is asked as much as it answers."""
    idle_seconds: float = 10.0
    """The clock of a process ticks a hundred times a second."""
    rounds: int = 3
    """How often what takes seconds is measured, in turn with its floor; the middle counts."""


FULL = Sizes()
TINY = Sizes(
    segments=(50, 200),
    quotes=20,
    personas=(20, 80),
    interviews=16,
    tokens=2_000,
    calls=50,
    jobs=5,
    streams=3,
    deliveries=20,
    remote=50,
    load_seconds=0.2,
    idle_seconds=0.2,
    rounds=1,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    name: str
    value: float
    unit: str
    goal: float
    least: bool = False
    """The goal is the least it may be, not the most."""
    floor: float | None = None
    """What the machine itself takes, in the same unit, measured in the same run."""
    floor_is: str = ""
    in_floors: bool = False
    """The goal is a number of floors."""
    of_material: bool = False
    """It depends on which interviews there are to measure with."""
    sizes: Mapping[int, float] = field(default_factory=dict)
    """The same at other sizes."""

    def __post_init__(self) -> None:
        """Times of two machines are compared by their floors, so each has one."""
        if self.unit in {"s", "ms", "/s"} and self.floor is None:
            raise ValueError(f"{self.name} is a time without a floor")

    @property
    def floors(self) -> float | None:
        """How many floors it is."""
        return self.value / self.floor if self.floor else None

    @property
    def met(self) -> bool:
        """Whether it reaches its goal."""
        judged = self.floors if self.in_floors else self.value
        assert judged is not None
        return judged >= self.goal if self.least else judged <= self.goal

    def worse_than(self, before: Before) -> bool:
        """Whether it is worse than a committed figure would be on this machine."""
        expected = before.floors * self.floor if before.floors and self.floor else before.value
        lost = expected - self.value if self.least else self.value - expected
        limit = expected / WORSE if self.least else expected * WORSE
        beyond = self.value < limit if self.least else self.value > limit
        return beyond and lost > NOISE.get(self.unit, 0.0)


@dataclass(frozen=True, slots=True)
class Before:
    """What a committed table says of a figure."""

    value: float
    floors: float | None
    goal: str


class Interleaved:
    """Works done in turn, so that a busy minute falls on all of them; `seconds` are the middle ones."""

    def __init__(self, rounds: int, **works: Callable[[], object]) -> None:
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, work in works.items():
                taken[name].append(seconds(work))
        self.seconds: Mapping[str, float] = {name: median(each) for name, each in taken.items()}


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of some work."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak() -> float:
    """Most memory that this process has held, in MB of a million bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # what `getrusage` says begins with the peak of the process that started this one
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))
        assert found
        return int(found[1]) * 1024 / 1e6
    return (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    )


def exponent(taken: Mapping[int, float]) -> float:
    """The slope of a line through sizes and what they take, both as logarithms."""
    logs = [(math.log(size), math.log(each)) for size, each in taken.items()]
    x_mean, y_mean = (sum(column) / len(logs) for column in zip(*logs, strict=True))
    slope = sum((x - x_mean) * (y - y_mean) for x, y in logs) / sum((x - x_mean) ** 2 for x, _ in logs)
    return float(slope)


def alone(module: str, *arguments: object) -> Any:
    """What a benchmark's `measure` gives in a process of its own, so that memory is only its own."""
    code = (
        "import importlib, json, sys\n"
        "measure = importlib.import_module('benchmarks.' + sys.argv[1]).measure\n"
        "json.dump(measure(*map(json.loads, sys.argv[2:])), sys.stdout)"
    )
    told = [json.dumps(str(each) if isinstance(each, Path) else each) for each in arguments]
    ran = subprocess.run(
        [sys.executable, "-c", code, module, *told],
        cwd=TESTS,
        env=ENVIRONMENT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(ran.stdout)


_CHILD = """
import json, resource, subprocess, sys, time
with open(sys.argv[1], "w") as out:
    begun = time.perf_counter()
    code = subprocess.run(sys.argv[2:], stdout=out, stderr=subprocess.DEVNULL).returncode
    took = time.perf_counter() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
scale = 1 if sys.platform == "darwin" else 1024
print(json.dumps([code, took, used.ru_maxrss * scale / 1e6, used.ru_utime + used.ru_stime]))
"""


class Busy:
    """How much of a processor the commands had that want one: less than all of it where the machine was busy."""

    wall = processor = 0.0

    @classmethod
    def share(cls) -> float:
        """From 0 to 1, or a little more for commands of several threads."""
        return cls.processor / cls.wall if cls.wall else 1.0


def command(arguments: Sequence[object], *, allowed: Sequence[int] = (0,)) -> tuple[float, float]:
    """Seconds and peak MB of a command as its user runs it, start-up included; raises where it fails."""
    with tempfile.NamedTemporaryFile() as out:
        told = [sys.executable, "-c", _CHILD, out.name, *map(str, arguments)]
        ran = subprocess.run(told, env=ENVIRONMENT, check=True, capture_output=True, text=True)
        code, took, held, used = json.loads(ran.stdout)
        if code not in allowed:
            raise RuntimeError(f"{' '.join(map(str, arguments))} ended with {code}: {out.read()[-2000:]!r}")
    Busy.wall, Busy.processor = Busy.wall + took, Busy.processor + used
    return float(took), float(held)
