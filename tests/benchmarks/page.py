"""The table of figures: printed, written into the performance page, and read from it again."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks import material
from benchmarks.figures import Before, Busy, Figure

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "performance.md"
COLUMNS = ("figure", "measured", "goal", "floor", "÷ floor", "goal met")
BESIDE = ("scikit-learn", "litellm", "starlette", "uvicorn", "httpx")


def number(value: float) -> str:
    """Three digits that count, and no more."""
    if value and abs(value) < 0.0005:
        return f"{value:.0e}"
    digits = 3 if abs(value) < 0.1 else max(0, 3 - len(str(int(abs(value)))))
    told = f"{value:,.{digits}f}"
    return told.rstrip("0").rstrip(".") if digits else told


def cells(figure: Figure) -> tuple[str, ...]:
    """A figure as a row."""
    bound = ("≥ " if figure.least else "≤ ") if figure.goal else ""
    goal = bound + number(figure.goal) + (" floors" if figure.in_floors else _unit(figure))
    floor = f"{number(figure.floor)}{_unit(figure)}: {figure.floor_is}" if figure.floor is not None else ""
    floors = number(figure.floors) if figure.floors is not None else ""
    return (
        figure.name, number(figure.value) + _unit(figure), goal, floor, floors, "yes" if figure.met else "**no**"
    )  # fmt: skip


def _unit(figure: Figure) -> str:
    return f" {figure.unit}" if figure.unit else ""


def table(rows: Sequence[Sequence[str]], heading: Sequence[str] = COLUMNS) -> list[str]:
    """Lines of a table in Markdown."""
    lines = [heading, ["---"] * len(heading), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def growth(figures: Sequence[Figure]) -> list[str]:
    """What was measured at four sizes."""
    rows = [
        (
            figure.name,
            ", ".join(f"{size:,}: {number(value)}{_unit(figure)}" for size, value in figure.sizes.items()),
        )
        for figure in figures
        if figure.sizes
    ]
    return table(rows, ("figure", "at other sizes"))


def machine() -> str:
    """What it was measured on."""
    memory = psutil.virtual_memory().total / 1e9
    beside = ", ".join(f"{name} {version(name)}" for name in BESIDE)
    return (
        f"Measured on {os.cpu_count()} cores ({_processor()}) with {memory:.0f} GB of memory, "
        f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}; {beside}. "
        f"Corpora were made of {material.name()}. Commands that want one processor had it for "
        f"{min(1.0, Busy.share()):.0%} of their time."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text(encoding="utf-8")) if info.exists() else None
    return found[1].strip() if found else platform.machine()


def written(page: str, figures: Sequence[Figure]) -> str:
    """The page with these figures in it."""
    lines = [machine(), "", *table([cells(each) for each in figures]), "", *growth(figures)]
    begin, end = "<!-- figures -->", "<!-- /figures -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return pattern.sub(lambda _: "\n".join([begin, "", *lines, "", end]), page)


def read(page: str) -> Mapping[str, Before]:
    """The figures of a page, by name."""
    return dict(_rows(page))


def _rows(page: str) -> Iterator[tuple[str, Before]]:
    for line in page.splitlines():
        told = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(told) == len(COLUMNS) and (value := _number(told[1])) is not None:
            yield told[0], Before(value, _number(told[4]), told[2])


def _number(cell: str) -> float | None:
    found = re.match(r"-?[\d,]+(?:\.\d+)?(?:e-?\d+)?", cell)
    return float(found[0].replace(",", "")) if found else None


def same_material(page: str) -> bool:
    """Whether a page was measured with what is measured with here."""
    return f"Corpora were made of {material.name()}." in page
