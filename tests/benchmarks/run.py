"""Run every benchmark beside this file, print one table, and fail where a goal is missed.

A benchmark module has `run()`, which yields dicts: `name`, `value`, `unit`, `goal` (the most it may be; None for
a figure without one), `floor` (what the machine itself takes, measured in the same run), `passed` (None where it
was skipped), and, where it was, `reason`.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Result = dict[str, Any]
HERE = Path(__file__).parent
COLUMNS = ("figure", "value", "goal", "floor", "")


def modules(wanted: list[str]) -> Iterator[Any]:
    """Import the benchmark modules, those named or all."""
    for path in sorted(HERE.glob("*.py")):
        if path.name.startswith(("_", "run", "test_")) or (wanted and path.stem not in wanted):
            continue
        spec = importlib.util.spec_from_file_location(f"benchmark_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if hasattr(module, "run"):
            yield module


def cells(result: Result) -> tuple[str, ...]:
    """A result as a row of the table."""
    if result.get("passed") is None and result.get("value") is None:
        return (
            result["name"],
            "–",
            figure(result.get("goal"), result),
            "",
            f"skipped: {result.get('reason', '')}",
        )
    verdict = {True: "ok", False: "MISSED", None: ""}[result.get("passed")]
    floor = result.get("floor")
    return (
        result["name"],
        figure(result["value"], result),
        figure(result.get("goal"), result),
        floor if isinstance(floor, str) else figure(floor, result),
        verdict,
    )


def figure(value: float | None, result: Result) -> str:
    """A number with its unit."""
    return "" if value is None else f"{value:,.3g} {result['unit']}"


def show(rows: list[tuple[str, ...]]) -> None:
    """Print the table."""
    widths = [max(len(row[i]) for row in (COLUMNS, *rows)) for i in range(len(COLUMNS))]
    for row in (COLUMNS, tuple("-" * width for width in widths), *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def main() -> int:
    """Run, print, and say with the exit code whether every goal was met."""
    results: list[Result] = []
    for module in modules(sys.argv[1:]):
        for result in module.run():
            results.append(result)
            sys.stderr.write(f"measured: {result['name']}\n")
    show([cells(result) for result in results])
    missed = [result["name"] for result in results if result.get("passed") is False]
    sys.stdout.write(f"\n{len(missed)} of {len(results)} missed\n" if missed else "\nall goals met\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
