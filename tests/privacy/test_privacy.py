"""The privacy benchmark, in short: what `make privacy` measures at every size holds at one."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona_core.auditing import Auditor
from privacy import material, measuring

SIZE = 1_000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return material.corpus_of(SIZE, tmp_path_factory.mktemp("study"))


def test_the_material_is_what_the_page_says(corpus) -> None:
    """Three hundred sentences of a kind by rule, sixty and more by hand, none of them in the corpus as it is."""
    both = [measuring.planted(corpus, half) for half in (0, 1)]
    assert len(corpus) == SIZE
    for kind in ("verbatim", "repunctuated", "light"):
        assert all(len(each.kinds()[kind]) >= 300 for each in both)
    rows = material.retold()
    assert len(rows) >= 60
    said = {text for _, text in material.sentences(corpus)}
    assert all(row["source"] in " ".join(said) for row in rows if material.says_something(row["source"]))
    assert not said & {row[kind] for row in rows for kind in ("moderate", "heavy")}


def test_what_is_retold_is_found(corpus) -> None:
    """Of what was kept out of setting thresholds, where 4 % of clean sentences are flagged."""
    clean = material.made_clean(500, seed=97)
    found = measuring.recalls(measuring.Judge(corpus), measuring.planted(corpus, half=1).kinds(), clean)
    at_four = {kind: shares[-1] for kind, shares in found.items()}
    assert at_four["verbatim"] == at_four["repunctuated"] == 1
    assert at_four["light"] >= 0.99
    assert at_four["moderate"] >= 0.9


def test_a_clean_script_is_seldom_refused(corpus) -> None:
    """At most one in fifty of forty sentences that nobody said."""
    drawn = measuring.scripts(material.made_clean(4_000, seed=96), 100, length=40)
    assert measuring.refused(Auditor(corpus).audit, drawn) <= 0.02


def test_the_page_has_every_table() -> None:
    """Each table stands between its markers, filled."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "privacy.md").read_text(encoding="utf-8")
    for name in ("recall", "clean", "scripts", "real"):
        table = page.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
        assert table.count("|") > 6
