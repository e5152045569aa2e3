"""Measure every figure, print the table, and fail where a goal is missed or one is worse than on the performance page.

    python -m benchmarks.run [--write] [--tiny] [BENCHMARK…]

Without names every benchmark beside this file is run: the modules with `run(sizes)`, which gives their figures. With
`--write` the page gets the new table; with `--tiny` everything is measured on next to nothing, to see that it runs.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import benchmarks
from benchmarks import page
from benchmarks.figures import FULL, TINY, Busy, Figure, Sizes

QUIET = 0.8
"""Share of a processor below which seconds say more of the machine than of the product."""
ORDER = (
    "cli",
    "client",
    "loading",
    "verification",
    "auditing",
    "scale",
    "quality",
    "providers",
    "synthesis",
    "server",
    "webhooks",
    "postgres",
)


def known() -> dict[str, Callable[[Sizes], Iterator[Figure]]]:
    """Every benchmark by name, in the order of the table."""
    names = [each.name for each in pkgutil.iter_modules(benchmarks.__path__)]
    modules = {
        name: importlib.import_module(f"benchmarks.{name}")
        for name in sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
        if name != "run" and not name.startswith("test_")
    }
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def measure(names: Sequence[str], sizes: Sizes) -> list[Figure]:
    """The figures of some benchmarks, or of all; says on standard error how far it is."""
    found: list[Figure] = []
    for name, run in known().items():
        if names and name not in names:
            continue
        begun = time.monotonic()
        for figure in run(sizes):
            found.append(figure)
            print("  ".join(page.cells(figure)), file=sys.stderr, flush=True)
        print(f"{name} took {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return found


def faults(figures: Sequence[Figure], committed: str) -> list[str]:
    """A sentence for each goal that is missed, and for each figure that is worse than the committed one."""
    before, comparable = page.read(committed), page.same_material(committed)
    told = [
        f"missed: {each.name} is {page.cells(each)[1]}, goal {page.cells(each)[2]}"
        for each in figures
        if not each.met
    ]
    for each in figures:
        earlier = before.get(each.name)
        if earlier and (comparable or not each.of_material) and each.worse_than(earlier):
            floors = (
                f", {page.number(each.floors)} floors for {page.number(earlier.floors)}"
                if each.floors and earlier.floors
                else ""
            )
            told.append(
                f"worse: {each.name} is {page.cells(each)[1]}, on the page {page.number(earlier.value)}{floors}"
            )
    return told


def main() -> int:
    """Run, print, write, and say with the exit code whether everything held."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("names", nargs="*", choices=[[], *known()], metavar="BENCHMARK")
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--tiny", action="store_true")
    given = asked.parse_args()
    if given.write and (given.tiny or given.names):
        asked.error("the page is written with every figure at full size, or not at all")
    figures = measure(given.names, TINY if given.tiny else FULL)
    committed = page.PAGE.read_text(encoding="utf-8")
    print("\n".join([page.machine(), "", *page.table([page.cells(each) for each in figures])]))
    found = faults(figures, committed)
    print("\n".join(["", *(found or ["all goals met, nothing worse than on the page"])]))
    if Busy.share() < QUIET:
        print(
            f"\nThe machine was busy: commands had a processor for {Busy.share():.0%} of their time. Seconds say little."
        )
    if given.write:
        page.PAGE.write_text(page.written(committed, figures), encoding="utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
