"""Prints how private the scripts of real studies are, and how far one can still tell which persona each is of.

Half of every participant's turns make personas and scripts; the other half, which nothing was made from, tells whose
script is whose, with name, title and demographics removed. Studies: `$PERSONA_REALDATA`, or folders given.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from privacy.utility.measuring import MATCHERS, Measured, measure

from persona_core.loading import load

STUDIES = ("interviews-workforce", "interviews-scientists")
COUNTS = (4, 8, 12)


def studies(given: list[str]) -> list[Path]:
    """The folders given, or the real studies where they are."""
    data = os.environ.get("PERSONA_REALDATA")
    folders = [Path(each) for each in given] or [Path(data) / name for name in STUDIES if data]
    return [folder for folder in folders if folder.exists()]


def line(name: str, count: int, found: list[Measured]) -> str:
    """One row of the table, over both halves."""
    scripts = sum(each.scripts for each in found)
    matched = "  ".join(
        f"{100 * sum(each.matched[matcher] for each in found) / scripts:6.0f} %" for matcher in MATCHERS
    )
    passed = sum(each.passed for each in found)
    return (
        f"{name:24} {count:8} {scripts:8}  {matched}  {max(each.alike for each in found):10.2f} "
        f"{passed:6}/{scripts:<3} {max(each.leakage for each in found):8.3f} "
        f"{100 * sum(each.withheld for each in found) / len(found):8.0f} %"
    )


def main() -> int:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("studies", nargs="*")
    asked.add_argument("--seed", type=int, help="draw the halves instead of taking every other turn")
    given = asked.parse_args()
    folders = studies(given.studies)
    if not folders:
        print("no studies: give folders, or set PERSONA_REALDATA", file=sys.stderr)
        return 2
    heads = "  ".join(f"{'by ' + name:>8}" for name in MATCHERS)
    print(
        f"{'study':24} {'personas':>8} {'scripts':>8}  {heads}  {'most alike':>10} {'passed':>10} {'leakage':>8} {'withheld':>10}"
    )
    for folder in folders:
        corpus = load(folder)
        for count in COUNTS:
            print(
                line(
                    folder.name, count, [measure(corpus, count, which, seed=given.seed) for which in (0, 1)]
                ),
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
