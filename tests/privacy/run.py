"""Measure what the audit finds and what it lets pass, print the tables, and fail where a goal is missed.

With `--write` they are put into `docs/explanation/privacy.md`. `PERSONA_REALDATA` names a folder of real research data;
`--quick` leaves out the embedder and the largest corpora.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import anyio

from persona_core.loading import load
from persona_core.models import Corpus, Role
from persona_core.text import sentence_spans
from persona_providers.minilm import MiniLMEmbedder
from privacy import material, measuring

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "privacy.md"
SIZES, LARGE, EMBEDDED = (300, 1_000, 3_000, 10_000, 30_000, 100_000), 10_000, (300, 1_000)
CLEAN, CLEAN_EMBEDDED, SCRIPTS = 2_000, 400, 400
LENGTH, SEED = 40, 20270707
GOALS = {"verbatim": 1.0, "repunctuated": 1.0, "light": 0.99, "moderate": 0.90}
"""Least recall at 4 % of clean sentences flagged, up to `LARGE` segments."""
MOST_REFUSED = 0.02


def percent(share: float) -> str:
    """A share for a table."""
    return f"{100 * share:.0f}" if share in (0, 1) or share >= 0.1 else f"{100 * share:.1f}"


def row(cells: Sequence[str]) -> str:
    """A line of a table."""
    return "| " + " | ".join(cells) + " |"


def heading(cells: Sequence[str]) -> list[str]:
    """The first two lines of a table."""
    return [row(cells), "|" + "---|" * len(cells)]


class Measured:
    """Lines of tables, and the goals that were missed."""

    def __init__(self) -> None:
        self.recall = heading(
            ["segments", "looked with", "verbatim", "repunctuated", "light", "moderate", "heavy"]
        )
        self.clean = heading(
            ["segments", "clean sentences flagged, %", "clean 40-sentence scripts refused, %"]
        )
        self.scripts = heading(["planted in a script of 1 to 60 sentences", "found, %", "script refused, %"])
        self.missed: list[str] = []

    def size(self, size: int) -> None:
        """Measure a corpus of that size, offline."""
        with tempfile.TemporaryDirectory() as folder:
            corpus = material.corpus_of(size, Path(folder) / "study")
        clean = material.made_clean(CLEAN, seed=SEED)
        judge, kept_out = measuring.Judge(corpus), measuring.planted(corpus, half=1)
        found = measuring.recalls(judge, kept_out.kinds(), clean)
        self._add(size, "words", found)
        audit = measuring.auditing(corpus)
        count = SCRIPTS if size <= LARGE else SCRIPTS // 4
        drawn = measuring.scripts(material.made_clean(count * LENGTH, SEED + 2), count, LENGTH)
        refused = measuring.refused(audit, drawn)
        self.clean.append(row([f"{size:,}", percent(measuring.flagged(judge, clean)), percent(refused)]))
        print(self.clean[-1], file=sys.stderr, flush=True)
        if size <= LARGE and refused > MOST_REFUSED:
            self.missed.append(f"{percent(refused)} % of clean scripts refused at {size:,} segments")
        if size == LARGE:
            for kind, sentences in kept_out.kinds().items():
                shares = measuring.caught(audit, sentences, clean)
                self.scripts.append(row([kind, *map(percent, shares)]))

    def embedded(self, size: int) -> None:
        """The same with MiniLM beside the words, on fewer clean sentences."""
        with tempfile.TemporaryDirectory() as folder:
            corpus = material.corpus_of(size, Path(folder) / "study")
        clean = material.made_clean(CLEAN_EMBEDDED, seed=SEED + 1)
        kinds = {kind: each[:100] for kind, each in measuring.planted(corpus, half=1).kinds().items()}
        group = measuring.Judge(corpus).group
        texts = list(
            dict.fromkeys(
                [*clean, *(each for kind in kinds.values() for each in kind), *group.sentences.texts]
            )
        )
        vectors = dict(zip(texts, anyio.run(MiniLMEmbedder().embed, texts), strict=True))
        found = measuring.recalls(measuring.Judge(corpus, vectors), kinds, clean)
        self._add(size, "words and MiniLM", found)

    def _add(self, size: int, how: str, found: dict[str, tuple[float, ...]]) -> None:
        shares = [
            " / ".join(map(percent, found[kind]))
            for kind in ("verbatim", "repunctuated", "light", "moderate", "heavy")
        ]
        self.recall.append(row([f"{size:,}", how, *shares]))
        print(self.recall[-1], file=sys.stderr, flush=True)
        for kind, goal in GOALS.items():
            if size <= LARGE and found[kind][-1] < goal:
                self.missed.append(f"{kind} {percent(found[kind][-1])} % at {size:,} segments, {how}")


def real(folder: Path) -> Iterator[str]:
    """Real interviews: a fourth of the people are left out, and what they say is clean."""
    corpus = load(folder / "interviews-workforce")
    columns = corpus.columns
    gone = {columns.source[i] for i in range(len(corpus)) if columns.who[i] % 4 == 0}
    kept = _without(folder, corpus, gone)
    clean = [
        text[a:b]
        for i, text in enumerate(columns.texts)
        if columns.source[i] in gone and corpus.role(i) is Role.participant
        for a, b in sentence_spans(text)
        if material.says_something(text[a:b])
    ]
    judge, planted = measuring.Judge(kept), measuring.planted(kept, half=1).kinds()
    kinds = {kind: planted[kind] for kind in ("verbatim", "repunctuated", "light")}
    found = measuring.recalls(judge, kinds, clean)
    yield f"{len(kept):,} segments, {len(clean):,} sentences of {len(gone)} people who were left out. Recall in % where 1 / 2 / 4 % of these are flagged:"
    yield ""
    yield from heading(list(kinds))
    yield row([" / ".join(map(percent, found[kind])) for kind in kinds])
    yield ""
    yield f"As the audit is set it flags {percent(measuring.flagged(judge, clean))} % of them."


def _without(folder: Path, corpus: Corpus, gone: set[int]) -> Corpus:
    with tempfile.TemporaryDirectory() as place:
        for code, source in enumerate(corpus.sources):
            if code not in gone:
                data = (folder / "interviews-workforce" / source.name).read_bytes()
                (Path(place) / source.name).write_bytes(data)
        return load(Path(place))


def put_into(page: str, name: str, lines: Sequence[str]) -> str:
    """Replace what stands between the markers of a name."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return pattern.sub(lambda _: "\n".join([begin, *lines, end]), page)


def main() -> int:
    """Measure, print, write where asked, and say with the exit code whether every goal was met."""
    quick = "--quick" in sys.argv
    measured = Measured()
    for size in SIZES if not quick else SIZES[:4]:
        measured.size(size)
    for size in () if quick else EMBEDDED:
        measured.embedded(size)
    data = os.environ.get("PERSONA_REALDATA")
    tables = {"recall": measured.recall, "clean": measured.clean, "scripts": measured.scripts}
    if data:
        tables["real"] = list(real(Path(data)))
    page = PAGE.read_text(encoding="utf-8")
    for name, lines in tables.items():
        print("\n".join(lines), end="\n\n")
        page = put_into(page, name, lines)
    if "--write" in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
    print("\n".join(measured.missed) or "all goals met")
    return 1 if measured.missed else 0


if __name__ == "__main__":
    sys.exit(main())
