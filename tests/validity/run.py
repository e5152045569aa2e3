"""Measure how well scores tell good personas from bad ones, and print the tables.

With `--write` they are put into `docs/explanation/validity.md`. `PERSONA_REALDATA` names a folder of real research
data; without it the shipped studies alone are measured. `--quick` leaves the embedder out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from persona_core.quality import DIMENSIONS
from persona_providers.minilm import MiniLMEmbedder
from validity.cases import Case, own_cases, real_cases
from validity.fairness import absurd_and_plausible, trait_gaps, written_cases
from validity.helping import help_table
from validity.measuring import clean, corrupted
from validity.table import (
    absurd_lines,
    clean_table,
    contradiction_table,
    control_lines,
    help_lines,
    missed_lines,
    power_table,
    put_into,
    trait_lines,
    wording_lines,
)

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "validity.md"


def helped_cases(cases: Sequence[Case]) -> list[Case]:
    """A part of the cases, small enough for an embedder: every own study twice."""
    return [case for case in cases if case.own and case.maker in ("written", "extractive 3")]


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description="Measure how well scores tell good personas from bad ones.")
    parser.add_argument(
        "--write", action="store_true", help="put the tables into docs/explanation/validity.md"
    )
    parser.add_argument("--quick", action="store_true", help="leave the embedder out")
    wanted = parser.parse_args()
    cases = [*own_cases(), *real_cases()]
    scored = clean(cases)
    bad = list(corrupted(cases))
    embedder = None if wanted.quick else MiniLMEmbedder()
    parts = {
        "Clean personas": clean_table(scored),
        "Faults": power_table(scored, bad),
        "Contradictions": [*contradiction_table(scored, bad), "", *control_lines(scored, bad)],
        "What sources and meaning add": help_lines(help_table(helped_cases(cases), embedder)),
        "An absurd persona": absurd_lines(absurd_and_plausible(cases)),
        "Rare traits": trait_lines(trait_gaps(written_cases())),
        "Measured with": [", ".join(f"{name} {each.version}" for name, each in DIMENSIONS.items())],
    }
    text = "\n\n".join(f"### {title}\n\n" + "\n".join(lines) for title, lines in parts.items())
    print(text)
    print("\nNot noticed:", *missed_lines(scored, bad), sep="\n", file=sys.stderr)
    print("\nWordings noticed:", *wording_lines(scored, bad), sep="\n", file=sys.stderr)
    if wanted.write:
        put_into(PAGE, text)


if __name__ == "__main__":
    main()
