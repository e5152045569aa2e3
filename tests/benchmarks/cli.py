"""How long the command takes, start-up included."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import material
from benchmarks.figures import Figure, Interleaved, Sizes, command

PERSONA = Path(sys.executable).with_name("persona")
HELP_FLOORS, TABLE, INTERVIEWS, ONE, AUDIT = 8.0, 3.0, 8.0, 3.0, 4.0
HEAVY = (
    "litellm",
    "sklearn",
    "scipy",
    "numpy",
    "sqlalchemy",
    "uvicorn",
    "pydantic",
    "httpx",
    "rich",
    "anyio",
    "yaml",
)
IMPORTED = f"""
import sys
from persona_cli.main import run
run(["--help"])
sys.exit(sum(name in sys.modules for name in {HEAVY!r}))
"""
VECTORISED = """
import sys
from pathlib import Path
from sklearn.feature_extraction.text import TfidfVectorizer
texts = [path.read_text(encoding="utf-8") for path in Path(sys.argv[1]).iterdir()]
TfidfVectorizer(sublinear_tf=True).fit_transform(line for text in texts for line in text.splitlines())
"""


def run(sizes: Sizes) -> Iterator[Figure]:
    """Measure start-up, a small table, interviews, and what ten thousand segments take to score and to audit against."""
    with tempfile.TemporaryDirectory() as name:
        yield from _starts(Path(name), sizes)
        yield from _made(Path(name), sizes)
        yield from _ten_thousand(Path(name), sizes)


def _starts(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    command([PERSONA, "--help"])
    taken = Interleaved(
        5 * sizes.rounds,
        empty=lambda: command([sys.executable, "-c", ""]),
        shown=lambda: command([PERSONA, "--help"]),
    ).seconds
    yield Figure(
        "persona --help", taken["shown"], "s", HELP_FLOORS,
        floor=taken["empty"], floor_is="an empty Python", in_floors=True,
    )  # fmt: skip
    imported = subprocess.run([sys.executable, "-c", IMPORTED], check=False, stdout=subprocess.DEVNULL)
    yield Figure(f"persona --help: of {len(HEAVY)} heavy libraries, imported", imported.returncode, "", 0)


def _made(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    ten, talks = folder / "ten.csv", material.interviews(folder, sizes.interviews)
    wishes = (
        f"P{n:02},I want the tram to be on time at stop {n} because I hate to wait.\n" for n in range(10)
    )
    ten.write_text("participant,What do you want?\n" + "".join(wishes), encoding="utf-8")
    generate = [PERSONA, "generate", "--out", folder / "run", "--force"]
    taken = Interleaved(
        sizes.rounds,
        empty=lambda: command([sys.executable, "-c", ""]),
        vectorised=lambda: command([sys.executable, "-c", VECTORISED, talks]),
        ten=lambda: command([*generate, ten]),
        talks=lambda: command([*generate, talks]),
    ).seconds
    yield Figure(
        "persona generate, a table of 10 rows", taken["ten"], "s", TABLE,
        floor=taken["empty"], floor_is="an empty Python",
    )  # fmt: skip
    yield Figure(
        f"persona generate, {sizes.interviews} interviews", taken["talks"], "s", INTERVIEWS,
        floor=taken["vectorised"], floor_is="scikit-learn's TF-IDF of them", of_material=True,
    )  # fmt: skip


def _ten_thousand(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    size = sizes.segments[1]
    table = material.table(folder, size)
    personas = material.personas(table, size, count=1)
    text = table.with_suffix(".txt")
    text.write_text(" ".join(material.clean(60, random.Random(1))), encoding="utf-8")
    taken = Interleaved(
        sizes.rounds,
        empty=lambda: command([sys.executable, "-c", ""]),
        score=lambda: command([PERSONA, "score", personas, "--sources", table, "-o", "json"]),
        audit=lambda: command([PERSONA, "audit", text, "--sources", table], allowed=(0, 6)),
    ).seconds
    for name, what, goal in (
        ("score", f"persona score, one persona, {size:,} segments", ONE),
        ("audit", f"persona audit, 60 sentences, {size:,} segments", AUDIT),
    ):
        yield Figure(
            what, taken[name], "s", goal, floor=taken["empty"], floor_is="an empty Python", of_material=True
        )
